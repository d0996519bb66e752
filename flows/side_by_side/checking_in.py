"""Once a week the outgoing CSM is asked how the overlap goes, until somebody else leads (A21, G22).

All who work on the handover see the answer; whoever asks for help is heard by the leader.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from flows.errors import FlowError
from flows.handover import Handover
from flows.playbook import Playbook
from flows.saying import Effect, Kind, Post, Refresh
from flows.side_by_side.check_in_events import CheckedIn
from flows.side_by_side.check_ins import CheckIn

_WEEK = timedelta(days=7)


def next_due(handover: Handover) -> date | None:
    """The day of the next check-in while the pack is with the incoming CSM: a week after the last
    one, so that nobody is asked about a week that has gone by. None once somebody else leads.
    """
    since, leading = handover.reading.accepted_at, handover.leading
    if since is None or leading.switched_at or leading.passed_at:
        return None
    last = max([since, *(said.at for said in handover.check_ins)])
    return last.date() + _WEEK


def checked_in(handover: Handover, event: CheckedIn, _playbook: Playbook) -> Handover:
    """How the week was; the same said twice changes nothing.

    Raises FlowError `no_check_in`, and `missing` with the field.
    """
    known = handover.check_ins
    if event.week == len(known) - 1:
        return handover
    if next_due(handover) is None or event.week != len(known):
        raise FlowError("no_check_in")
    if event.needs_help and not event.help.strip():
        raise FlowError("missing", field="text")
    said = CheckIn(by=event.by, at=event.at, help=event.help.strip())
    return handover.model_copy(update={"check_ins": (*known, said)})


def check_in_effects(before: Handover | None, after: Handover) -> Iterator[Effect]:
    """Whoever asks for help is heard by the leader."""
    if before is None or before.check_ins == after.check_ins:
        return
    if after.check_ins[-1].help:
        yield Post(to=after.leader, kind=Kind.HELP, subject=str(len(after.check_ins) - 1))
    yield Refresh(to=after.leader, kind=Kind.NOTICE)
