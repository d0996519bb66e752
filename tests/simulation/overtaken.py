"""Whether a message says what is not so any more: read from the handover, not from the renderer."""

from collections.abc import Callable, Mapping
from typing import Any

from flows.customer.sentiment import red_without_action
from flows.effects import Kind
from flows.end.completing import to_sign
from flows.handover import Acceptance, Handover, Standing
from flows.knowledge.interview import pack_complete
from flows.playbook import Playbook
from flows.taking_over.items import items
from flows.taking_over.reading import broken
from flows.taking_over.teach_back import is_due, unmarked
from flows.texts.pieces import lacks_backup, pending

Holds = Callable[[Handover, Playbook, Any], bool]


def _standing(wanted: Standing) -> Holds:
    def holds(handover: Handover, _playbook: Playbook, row: Any) -> bool:  # noqa: ANN401
        found = [item for item in items(handover) if item.id == row.subject]
        return any(item.decision.standing is wanted for item in found)

    return holds


def _question(handover: Handover, _playbook: Playbook, row: Any) -> bool:  # noqa: ANN401
    interview = handover.interviews.get(row.person)
    return interview is not None and interview.current == row.subject


_HOLDS: Mapping[Kind, Holds] = {
    Kind.QUESTION: _question,
    Kind.PACK_READY: lambda h, p, row: pack_complete(h, p) and not h.reading.accepted_at,
    Kind.DECLINED: lambda h, p, row: h.acceptance is Acceptance.DECLINED,
    Kind.SILENT: lambda h, p, row: h.acceptance is Acceptance.WAITING,
    Kind.PROPOSAL: _standing(Standing.PROPOSED),
    Kind.ITEM_DECLINED: _standing(Standing.DECLINED),
    Kind.LINK_BROKEN: lambda h, p, row: row.subject in {d.key for d in broken(h)},
    Kind.TEACH_BACK: lambda h, p, row: is_due(h),
    Kind.TAUGHT: lambda h, p, row: bool(unmarked(h)),
    Kind.BACKUP: lambda h, p, row: lacks_backup(h),
    Kind.APPROVAL: lambda h, p, row: bool(pending(h)),
    Kind.RED: lambda h, p, row: row.subject in {red.key for red in red_without_action(h)},
    Kind.SILENCE: lambda h, p, row: h.moods.alarmed_at is not None,
    Kind.CONFIRM: lambda h, p, row: not to_sign(h),
    Kind.PAUSED: lambda h, p, row: h.ending.pause is not None,
    Kind.ASK: lambda h, p, row: any(a.id == row.subject and not a.reply for a in h.asks),
}


def is_overtaken(handover: Handover, playbook: Playbook, row: Any) -> bool:  # noqa: ANN401
    """Whether what a message of this kind is about was done, decided or called off meanwhile."""
    holds = _HOLDS.get(Kind(row.kind))
    return holds is not None and not holds(handover, playbook, row)
