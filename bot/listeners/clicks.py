"""Buttons, menus and pickers: what each of them means.

A click either says that something happened (an event), or opens a modal. What it is about comes
from its value, who may do it from the stored handover.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.ids import SENSITIVE, Act, Ref, act
from bot.payloads import Click
from flows import events as e
from flows.handover import Given
from flows.terms import Role

Happens = Callable[[Click, Ref, datetime], e.Event]


def _question(event: Callable[..., e.Event]) -> Happens:
    return lambda click, ref, at: event(at=at, by=click.user, question=ref.q)


def _plain(event: Callable[..., e.Event]) -> Happens:
    return lambda click, _ref, at: event(at=at, by=click.user)


def _value(click: Click, ref: Ref, at: datetime) -> e.Event:
    values = (ref.v,) if ref.v else click.chosen
    return e.ValueGiven(
        at=at, by=click.user, question=ref.q, part=ref.p, given=Given(values=values)
    )


def _moved(click: Click, ref: Ref, at: datetime) -> e.Event:
    return e.SaidMoved(at=at, by=click.user, source=ref.v, question=ref.q)


def _marked(click: Click, ref: Ref, at: datetime) -> e.Event:
    sensitive = ref.v == SENSITIVE
    return e.MarkedSensitive(at=at, by=click.user, question=ref.q, sensitive=sensitive)


def _removed(click: Click, ref: Ref, at: datetime) -> e.Event:
    return e.RecordRemoved(at=at, by=click.user, id=ref.r)


def _told(click: Click, ref: Ref, at: datetime) -> e.Event:
    return e.Told(at=at, by=click.user, role=Role(ref.v))


EVENTS: Mapping[str, Happens] = {
    Act.ANSWER_NONE: _question(e.NoneDeclared),
    Act.ANSWER_UNKNOWN: _question(e.UnknownDeclared),
    Act.ANSWER_SKIP: _question(e.Skipped),
    Act.ANSWER_LATER: _question(e.PutOff),
    Act.ANSWER_BACK: _question(e.SteppedBack),
    Act.ANSWER_CHANGE: _question(e.ChangeWished),
    Act.ANSWER_KEEP: _question(e.AnswerKept),
    Act.ANSWER_MOVE: _moved,
    Act.ANSWER_MENU: _marked,
    Act.ANSWER_CHOICE: _value,
    Act.ANSWER_CONFIRM: _value,
    Act.ANSWER_DATE: _value,
    Act.ANSWER_PEOPLE: _value,
    Act.RECORD_REMOVE: _removed,
    Act.RECORD_DONE: _question(e.AddingDone),
    Act.CARD_CONTINUE: _plain(e.Resumed),
    Act.CLOSING_DONE: _plain(e.InterviewFinished),
    Act.ACCEPT_YES: _plain(e.Accepted),
    Act.TELL_NOW: _told,
}
"""What a click that says something records."""


def event_of(click: Click, at: datetime) -> tuple[Ref, e.Event] | None:
    """What a click records, and about which handover; none if it records nothing by itself."""
    happens = EVENTS.get(act(click.action))
    if happens is None:
        return None
    ref = about(click)
    return ref, happens(click, ref, at)


def about(click: Click) -> Ref:
    """What a click is about: a button says it in its value, a menu in its option, a picker in its
    block. Raises pydantic's ValidationError for what is not ours.
    """
    picked = click.chosen[0] if click.chosen and click.chosen[0].startswith("{") else ""
    return Ref.load(click.value or picked or click.block)
