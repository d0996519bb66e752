"""The customer's mood: rounds of checks, what they add up to, and the alarm when all is silent.

Worse, two signals, or two CSMs of different minds make a round amber; an escalation, talk of a
competitor, or worse twice make it red. Red goes to the leader the same day and stays until there is
an action with a date. Rows G28, G29, N7.
"""

from datetime import timedelta
from typing import NamedTuple

from flows.customer.mood_events import ActionDone, ActionTaken, MoodGiven, RhythmSet, Touched
from flows.customer.moods import Action, Check, Colour, Feeling, Signal, Touch
from flows.errors import FlowError
from flows.frozen import Moment
from flows.handover import Handover
from flows.playbook import Playbook
from flows.privacy import told_user
from flows.terms import Role

ROUND = "sentiment_"
"""How the milestones that ask are named; a number follows."""
_RED = frozenset({Signal.ESCALATION, Signal.COMPETITOR})
_MANY, _TWICE = 2, 2
_SILENCE = 1.5
"""After so many times the usual rhythm without a touch, everybody is told (N7)."""


class Round(NamedTuple):
    """One round of checks, what it says, and what is done about it."""

    key: str
    colour: Colour
    checks: tuple[Check, ...]
    action: Action | None


def rounds(handover: Handover) -> tuple[Round, ...]:
    """Every round that somebody answered, oldest first: the trend."""
    checks = handover.moods.checks
    keys = dict.fromkeys(check.round for check in checks)
    actions = {action.round: action for action in handover.moods.actions}
    found = []
    for key in keys:
        until = [check for check in checks if check.round <= key]
        own = tuple(check for check in checks if check.round == key)
        found.append(Round(key, _colour(own, until), own, actions.get(key)))
    return tuple(sorted(found, key=lambda each: each.key))


def colour_now(handover: Handover) -> Colour | None:
    """What the newest round says; none before the first one."""
    found = rounds(handover)
    return found[-1].colour if found else None


def red_without_action(handover: Handover) -> tuple[Round, ...]:
    """The red rounds about which nothing is planned yet."""
    return tuple(r for r in rounds(handover) if r.colour is Colour.RED and r.action is None)


def is_round(key: str) -> bool:
    """Whether a milestone is a round of checks."""
    return key.startswith(ROUND)


def check_of(handover: Handover, key: str, user: str) -> Check | None:
    """What somebody said in a round; none before they did."""
    checks = handover.moods.checks
    return next((c for c in checks if (c.round, c.by) == (key, user)), None)


def still_to_say(handover: Handover, key: str, owners: tuple[str, ...]) -> list[str]:
    """Who has not answered in a round."""
    said = {check.by for check in handover.moods.checks if check.round == key}
    return [user for user in owners if user not in said]


def round_done(handover: Handover, key: str) -> bool:
    """Whether both CSMs, as far as they are there, have answered in a round."""
    said = {check.by for check in handover.moods.checks if check.round == key}
    roles = (Role.OUTGOING, Role.INCOMING)
    there = {user for role in roles if (user := told_user(handover, role))}
    return bool(said) and there <= said


def silent_since(handover: Handover) -> Moment | None:
    """When somebody was in touch last, or since when a touch was to be expected."""
    touched = max((touch.at for touch in handover.moods.touches), default=None)
    since = handover.moods.rhythm_since
    return max(touched, since) if touched and since else touched or since


def silence_at(handover: Handover, _playbook: Playbook) -> Moment | None:
    """When it has been silent for too long; none without a rhythm, or once that was told."""
    moods, since = handover.moods, silent_since(handover)
    if moods.rhythm is None or since is None or moods.alarmed_at:
        return None
    return since + timedelta(days=moods.rhythm * _SILENCE)


def silence_noticed(handover: Handover, at: Moment, _playbook: Playbook) -> Handover:
    """It has been silent for too long."""
    return _moods(handover, alarmed_at=at)


def mood_given(handover: Handover, event: MoodGiven, playbook: Playbook) -> Handover:
    """How the customer seems. Raises FlowError `no_such_round`."""
    if not is_round(event.round) or event.round not in {m.key for m in playbook.plan}:
        raise FlowError("no_such_round")
    known = check_of(handover, event.round, event.by)
    signals = known.signals if event.signals is None and known else event.signals or ()
    note = known.note if event.note is None and known else event.note or ""
    check = Check(
        round=event.round,
        by=event.by,
        at=event.at,
        feeling=event.feeling,
        signals=tuple(dict.fromkeys(signals)),
        note=note.strip(),
    )
    if known and known == check.model_copy(update={"at": known.at}):
        return handover
    others = (
        other
        for other in handover.moods.checks
        if (other.round, other.by) != (event.round, event.by)
    )
    return _moods(handover, checks=(*others, check))


def action_taken(handover: Handover, event: ActionTaken, _playbook: Playbook) -> Handover:
    """What is done about a red round; a later word replaces an earlier one.

    Raises FlowError `no_such_round`, `missing`, `date_past`.
    """
    if all(each.key != event.round for each in rounds(handover)):
        raise FlowError("no_such_round")
    if not event.what.strip():
        raise FlowError("missing", field="text")
    if event.due < event.at.date():
        raise FlowError("date_past", field="day")
    action = Action(
        round=event.round, what=event.what.strip(), due=event.due, by=event.by, at=event.at
    )
    others = (known for known in handover.moods.actions if known.round != event.round)
    return _moods(handover, actions=(*others, action))


def action_done(handover: Handover, event: ActionDone, _playbook: Playbook) -> Handover:
    """It is done; said twice it changes nothing. Raises FlowError `no_such_action`."""
    action = next((a for a in handover.moods.actions if a.round == event.round), None)
    if action is None:
        raise FlowError("no_such_action")
    if action.done_at:
        return handover
    done = action.model_copy(update={"done_at": event.at})
    actions = tuple(done if a.round == event.round else a for a in handover.moods.actions)
    return _moods(handover, actions=actions)


def rhythm_set(handover: Handover, event: RhythmSet, _playbook: Playbook) -> Handover:
    """How often they are usually in touch; from now on silence is noticed."""
    if handover.moods.rhythm == event.days:
        return handover
    return _moods(handover, rhythm=event.days, rhythm_since=event.at, alarmed_at=None)


def touched(handover: Handover, event: Touched, _playbook: Playbook) -> Handover:
    """Somebody was in touch, which ends the silence. Raises FlowError `date_future`."""
    if event.on > event.at.date():
        raise FlowError("date_future", field="day")
    touch = Touch(on=event.on, by=event.by, at=event.at)
    return _moods(handover, touches=(*handover.moods.touches, touch), alarmed_at=None)


def _colour(own: tuple[Check, ...], until: list[Check]) -> Colour:
    signals = {signal for check in own for signal in check.signals}
    feelings = {check.feeling for check in own} - {Feeling.CANNOT_TELL}
    worse = sum(check.feeling is Feeling.WORSE for check in until)
    if signals & _RED or (Feeling.WORSE in feelings and worse >= _TWICE):
        return Colour.RED
    if Feeling.WORSE in feelings or len(signals) >= _MANY or len(feelings) > 1:
        return Colour.AMBER
    return Colour.GREEN


def _moods(handover: Handover, **change: object) -> Handover:
    return handover.model_copy(update={"moods": handover.moods.model_copy(update=change)})
