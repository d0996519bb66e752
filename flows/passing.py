"""What time itself brings about: for each thing, when it is due and what it makes of the handover.

The next of these moments stands on the handover's row; the sweep finds it there (law 2).
"""

from collections.abc import Callable
from typing import NamedTuple

from flows.customer import sending, sentiment
from flows.end import completing, following_up, kit
from flows.events import TimePassed
from flows.frozen import Moment
from flows.handover import Handover
from flows.often import ANSWERING
from flows.playbook import Playbook
from flows.remembering import unmoved_by
from flows.side_by_side import lead
from flows.staffing import joining
from flows.texts import renewing, wording


class Due(NamedTuple):
    """One thing that time brings about; `at` gives none where it cannot happen (any more)."""

    at: Callable[[Handover, Playbook], Moment | None]
    then: Callable[[Handover, Moment, Playbook], Handover]


_UNDER_WAY = (
    Due(joining.told_next_at, joining.told_by_now),
    Due(joining.silent_at, joining.chased),
    Due(wording.waits_until, wording.waited),
    Due(renewing.backup_due, renewing.backup_asked),
    Due(lead.passes_at, lead.passed),
    Due(sending.silent_until, sending.waited),
    Due(sentiment.silence_at, sentiment.silence_noticed),
    Due(kit.given_at, kit.given),
    Due(completing.pause_ends, completing.pause_ended),
)
_AFTERWARDS = (
    Due(kit.given_at, kit.given),
    Due(following_up.late_at, following_up.late_passed),
)


def time_passed(handover: Handover, event: TimePassed, playbook: Playbook) -> Handover:
    """Everything that is due by now."""
    for due in _awaited(handover):
        moment = due.at(handover, playbook)
        if moment and moment <= event.at:
            handover = due.then(handover, event.at, playbook)
    return handover


@unmoved_by(ANSWERING)
def due_at(handover: Handover, playbook: Playbook) -> Moment | None:
    """The next moment at which time itself brings something about, an example's end included."""
    if not handover.started_at:
        return None
    moments = [due.at(handover, playbook) for due in _awaited(handover)]
    moments.append(joining.erased_at(handover))
    return min((moment for moment in moments if moment), default=None)


def _awaited(handover: Handover) -> tuple[Due, ...]:
    return _AFTERWARDS if completing.is_over(handover) else _UNDER_WAY
