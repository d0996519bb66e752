"""What a sending means for the stakeholders whom it reached: heads-up, introduced, reassured (G17).

A person's own ticks and those that come of a text are the same ones, by the same rules.
"""

from flows.customer.coverage_events import StakeholderTicked, TickTakenBack
from flows.customer.covering import stakeholder_ticked, tick_taken_back
from flows.customer.introductions import Channel, Introduction, Step
from flows.customer.sent import Sent, Way
from flows.errors import FlowError
from flows.frozen import Moment
from flows.handover import Handover
from flows.playbook import Playbook
from flows.texts.letter_specs import Letter

STEPS = {
    Letter.HEADS_UP: Step.HEADS_UP,
    Letter.INTRODUCTION: Step.INTRODUCED,
    Letter.REASSURANCE: Step.REASSURED,
}
"""The step that a text is for whoever it reached."""
_CHANNELS = {
    Way.MAIL: Channel.MAIL,
    Way.CHANNEL: Channel.MAIL,
    Way.CALL: Channel.CALL,
    Way.MEETING: Channel.MEETING,
}
WRITTEN = frozenset(way for way, channel in _CHANNELS.items() if channel is Channel.MAIL)
"""The ways on which nobody talks."""
_FIELDS = {"on": "on", "why": "why", "channel": "way"}
_UNKNOWN = Introduction()


def ticked(handover: Handover, playbook: Playbook, sent: Sent) -> Handover:
    """Everybody whom a text reached had its step; who had it before keeps the day.

    A heads-up that names nobody was for all of them. Raises FlowError as `stakeholder_ticked` does,
    with the field of the sending, `to` where it has none.
    """
    step = STEPS.get(sent.letter)
    if step is None:
        return handover
    for key in sent.to:
        if step is not Step.HEADS_UP:
            handover = _told(handover, playbook, key, sent.at)
        handover = _tick(handover, playbook, key, step, sent)
    return handover


def unticked(handover: Handover, playbook: Playbook, sent: Sent) -> Handover:
    """What came of a sending that is taken back. Raises FlowError `ticked_since`."""
    step = STEPS.get(sent.letter)
    for key in sent.to:
        tick = _known(handover, key).ticks.get(step) if step else None
        if step and tick and (tick.by, tick.on) == (sent.by, sent.on):
            event = TickTakenBack(at=sent.at, by=sent.by, id=key, step=step)
            handover = tick_taken_back(handover, event, playbook)
    return handover


def may_be_written_to(handover: Handover, keys: tuple[str, ...]) -> bool:
    """Whether a leader has said of each of these that a mail is enough (A18)."""
    return bool(keys) and all(_known(handover, key).by_mail for key in keys)


def _told(handover: Handover, playbook: Playbook, key: str, before: Moment) -> Handover:
    """Somebody knows by a heads-up that was sent to nobody by name."""
    if Step.HEADS_UP in _known(handover, key).ticks:
        return handover
    to_all = [s for s in handover.sending.of(Letter.HEADS_UP) if not s.to and s.at <= before]
    return _tick(handover, playbook, key, Step.HEADS_UP, to_all[0]) if to_all else handover


def _tick(handover: Handover, playbook: Playbook, key: str, step: Step, sent: Sent) -> Handover:
    event = StakeholderTicked(
        at=sent.at,
        by=sent.by,
        id=key,
        step=step,
        on=sent.on,
        channel=_CHANNELS[sent.way],
        why=sent.why,
    )
    try:
        return stakeholder_ticked(handover, event, playbook)
    except FlowError as error:
        raise FlowError(error.code, field=_FIELDS.get(error.field, "to")) from error


def _known(handover: Handover, key: str) -> Introduction:
    return handover.coverage.people.get(key, _UNKNOWN)
