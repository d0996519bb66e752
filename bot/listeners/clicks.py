"""Buttons, menus and pickers: what each of them means.

A click either says that something happened (an event), or opens a modal. What it is about comes
from its value, who may do it from the stored handover.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.ids import Act, Ref, act
from bot.payloads import Click
from bot.views.schedule.plan import WITHOUT
from bot.views.taking_over.items import DECIDED, DONE
from flows import events as e
from flows.customer.introductions import Step
from flows.customer.moods import Feeling
from flows.customer.sent import Says
from flows.end.kits import KitItem
from flows.handover import Essential, Given, Topic
from flows.side_by_side.leading import Went
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


def _removed(click: Click, ref: Ref, at: datetime) -> e.Event:
    return e.RecordRemoved(at=at, by=click.user, id=ref.r)


def _told(click: Click, ref: Ref, at: datetime) -> e.Event:
    return e.Told(at=at, by=click.user, role=Role(ref.v))


def _confirmed(click: Click, ref: Ref, at: datetime) -> e.Event:
    return e.PrefillConfirmed(at=at, by=click.user, questions=(ref.q,))


def _accepted_items(click: Click, ref: Ref, at: datetime) -> e.Event:
    return e.ItemsAccepted(at=at, by=click.user, ids=ref.n)


def _item(event: Callable[..., e.Event], **known: object) -> Happens:
    return lambda click, ref, at: event(at=at, by=click.user, id=ref.r, **known)


def _reopened(click: Click, ref: Ref, at: datetime) -> e.Event:
    meant = {DONE: True, DECIDED: False}.get(ref.v)
    return e.ItemReopened(at=at, by=click.user, id=ref.r, done=meant)


def _ticked(*, opens: bool) -> Happens:
    return lambda click, ref, at: e.LinksTicked(at=at, by=click.user, keys=ref.n, opens=opens)


def _waived(click: Click, ref: Ref, at: datetime) -> e.Event:
    return e.LinkWaived(at=at, by=click.user, key=ref.v)


def _found(click: Click, _ref: Ref, at: datetime) -> e.Event:
    return e.EssentialsTicked(at=at, by=click.user, found=tuple(map(Essential, click.chosen)))


def _turned(click: Click, ref: Ref, at: datetime) -> e.Event:
    return e.PageTurned(at=at, by=click.user, page=int(ref.v))


def _right(click: Click, ref: Ref, at: datetime) -> e.Event:
    return e.TaughtMarked(at=at, by=click.user, topic=Topic(ref.v))


def _versioned(event: Callable[..., e.Event]) -> Happens:
    return lambda click, ref, at: event(at=at, by=click.user, version=int(ref.v))


def _milestone_done(click: Click, ref: Ref, at: datetime) -> e.Event:
    return e.MilestoneDone(at=at, by=click.user, key=ref.r)


def _milestone_reopened(click: Click, ref: Ref, at: datetime) -> e.Event:
    return e.MilestoneReopened(at=at, by=click.user, key=ref.r)


def _calls_arranged(click: Click, ref: Ref, at: datetime) -> e.Event:
    return e.CallsArranged(at=at, by=click.user, without_outgoing=ref.v == WITHOUT)


def _taken_back(click: Click, ref: Ref, at: datetime) -> e.Event:
    return e.TickTakenBack(at=at, by=click.user, id=ref.r, step=Step(ref.v))


def _fetched(click: Click, ref: Ref, at: datetime) -> e.Event:
    return e.InvitationFetched(at=at, by=click.user, key=ref.r)


def _sending_taken_back(click: Click, ref: Ref, at: datetime) -> e.Event:
    return e.SendingTakenBack(at=at, by=click.user, key=ref.p, marks=int(ref.v))


def _customer(says: Says) -> Happens:
    return lambda click, ref, at: e.CustomerAnswered(
        at=at, by=click.user, key=ref.p, marks=int(ref.v), says=says
    )


def _debriefed(click: Click, ref: Ref, at: datetime) -> e.Event:
    return e.SessionDebriefed(at=at, by=click.user, session=ref.r, went=Went(ref.v))


def _felt(click: Click, ref: Ref, at: datetime) -> e.Event:
    return e.MoodGiven(at=at, by=click.user, round=ref.r, feeling=Feeling(ref.v))


def _red_done(click: Click, ref: Ref, at: datetime) -> e.Event:
    return e.ActionDone(at=at, by=click.user, round=ref.r)


def _rhythm(click: Click, ref: Ref, at: datetime) -> e.Event:
    return e.RhythmSet(at=at, by=click.user, days=int(ref.v))


def _kit_done(click: Click, ref: Ref, at: datetime) -> e.Event:
    return e.KitTicked(at=at, by=click.user, item=KitItem(ref.r))


def _cared(click: Click, ref: Ref, at: datetime) -> e.Event:
    return e.AftercareDone(at=at, by=click.user, number=int(ref.r))


def _well(click: Click, ref: Ref, at: datetime) -> e.Event:
    return e.CheckedIn(at=at, by=click.user, week=int(ref.r))


EVENTS: Mapping[str, Happens] = {
    Act.ANSWER_NONE: _question(e.NoneDeclared),
    Act.ANSWER_UNKNOWN: _question(e.UnknownDeclared),
    Act.ANSWER_SKIP: _question(e.Skipped),
    Act.ANSWER_LATER: _question(e.PutOff),
    Act.ANSWER_BACK: _question(e.SteppedBack),
    Act.ANSWER_CHANGE: _question(e.ChangeWished),
    Act.ANSWER_KEEP: _question(e.AnswerKept),
    Act.ANSWER_MOVE: _moved,
    Act.ANSWER_CHOICE: _value,
    Act.ANSWER_CONFIRM: _value,
    Act.ANSWER_DATE: _value,
    Act.ANSWER_PEOPLE: _value,
    Act.PREFILL_CONFIRM: _confirmed,
    Act.RECORD_REMOVE: _removed,
    Act.RECORD_DONE: _question(e.AddingDone),
    Act.CARD_CONTINUE: _plain(e.Resumed),
    Act.CLOSING_DONE: _plain(e.InterviewFinished),
    Act.ACCEPT_YES: _plain(e.Accepted),
    Act.TELL_NOW: _told,
    Act.READ_TURN: _turned,
    Act.ITEM_ACCEPT: _accepted_items,
    Act.ITEM_DONE: _item(e.ItemDone),
    Act.ITEM_REOPEN: _reopened,
    Act.PROPOSAL_AGREE: _item(e.ProposalSettled, agreed=True),
    Act.LINK_OPENS: _ticked(opens=True),
    Act.LINK_BROKEN: _ticked(opens=False),
    Act.LINK_WAIVE: _waived,
    Act.ESSENTIALS: _found,
    Act.PACK_ACCEPT: _plain(e.PackAccepted),
    Act.TAUGHT_RIGHT: _right,
    Act.TAUGHT_SEEN: _plain(e.TaughtSeen),
    Act.REASON_AGREE: _versioned(e.ReasonAgreed),
    Act.PLAN_DONE: _milestone_done,
    Act.PLAN_UNDO: _milestone_reopened,
    Act.PLAN_CALLS: _calls_arranged,
    Act.COVER_BACK: _taken_back,
    Act.CALL_FILE: _fetched,
    Act.LETTER_BACK: _sending_taken_back,
    Act.CUSTOMER_FINE: _customer(Says.FINE),
    Act.CUSTOMER_NAME: _customer(Says.ASKS_FOR),
    Act.CUSTOMER_SILENT: _customer(Says.NO_REPLY),
    Act.DEBRIEF_SAY: _debriefed,
    Act.READY_AGAIN: _plain(e.ReadinessAsked),
    Act.MOOD_GIVE: _felt,
    Act.RED_DONE: _red_done,
    Act.RHYTHM_SET: _rhythm,
    Act.TAKE_UP: _plain(e.HandoverTakenUp),
    Act.CARE_DONE: _cared,
    Act.KIT_DONE: _kit_done,
    Act.CHECK_IN_WELL: _well,
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
