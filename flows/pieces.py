"""What is to be approved about the customer's side: the reason, every text and the plan (C3).

Read from the handover as it stands: where each of them is on its way, who wrote it, who approves.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from flows.composing import composed, facts_of, letter_specs, missing, sender
from flows.errors import FlowError
from flows.handover import Handover
from flows.letter_facts import own_days
from flows.letter_specs import Element, LetterSpec
from flows.letters import (
    PLAN,
    REASON,
    Approval,
    PieceState,
    PlanVersion,
    Remark,
    Version,
)
from flows.milestones import Track
from flows.playbook import Playbook
from flows.privacy import leads, may_know, outgoing_or_leader
from flows.timeline import make_plan
from flows.wording import still_to_agree


class Piece(NamedTuple):
    """One thing to be approved. `author` is a Slack id; `before` the text of the version that was
    approved or sent last, to show the difference to; `missing` what the text should contain.
    """

    key: str
    state: PieceState
    version: int
    author: str
    spec: LetterSpec | None = None
    text: str = ""
    before: str = ""
    missing: tuple[Element, ...] = ()
    approved: Approval | None = None
    wanted: Remark | None = None


def pieces(handover: Handover, playbook: Playbook) -> tuple[Piece, ...]:
    """The reason, every text and the plan, as they stand."""
    facts = facts_of(handover, playbook)
    found = [_reason(handover), *_texts(handover, playbook, facts), _plan(handover)]
    return tuple(piece for piece in found if piece)


def pending(handover: Handover) -> dict[str, int]:
    """What waits for a leader's word, by key, with its version; without looking at any text."""
    letters = handover.letters
    if letters.asked_at is None:
        return {}
    words = handover.wording
    waits = words is not None and not (words.approved_at or words.wanted)
    found = {REASON: words.version} if words and waits else {}
    newest = {key: versions[-1] for key, versions in letters.drafts.items() if versions}
    waiting = {key: version for key, version in newest.items() if _waits(version)}
    found |= {key: version.number for key, version in waiting.items()}
    if letters.plan and _waits(letters.plan[-1]):
        found[PLAN] = letters.plan[-1].number
    return found


def approvers(handover: Handover) -> list[str]:
    """Who may approve: the leader and the backup, as far as they are no CSM of the handover."""
    named = dict.fromkeys([handover.leader, *([handover.backup] if handover.backup else [])])
    return [user for user in named if leads(handover, user)]


def asked_to_approve(handover: Handover) -> list[str]:
    """Who is asked for approval now: the leader, and the backup once they are needed.

    Whoever sent the texts is not asked where somebody else can be.
    """
    first, *others = approvers(handover) or [handover.leader]
    late = handover.letters.backup_asked_at is not None
    if others and handover.letters.asked_by == first:
        return others
    return [first, *others] if late else [first]


def first_sender(handover: Handover) -> str:
    """Who sends everything for approval: the outgoing CSM, unless nothing is heard of them."""
    first = outgoing_or_leader(handover)
    return handover.leader if first in still_to_agree(handover) else first


def author(handover: Handover, playbook: Playbook, key: str) -> str:
    """Who is asked to change a piece: whoever wrote it, as long as they are there."""
    if key == PLAN:
        return _there(handover, handover.letters.asked_by)
    if key == REASON:
        return _there(handover, handover.wording.by if handover.wording else "")
    versions = handover.letters.drafts.get(key, ())
    if versions and may_know(handover, versions[-1].by):
        return versions[-1].by
    spec = next((spec for spec in letter_specs(handover, playbook) if spec.key == key), None)
    return sender(handover, spec) if spec else outgoing_or_leader(handover)


def wanted(handover: Handover) -> dict[str, tuple[int, Remark]]:
    """What leaders want to be different, by key of the piece, with the version that they read."""
    words, letters = handover.wording, handover.letters
    found = {REASON: (words.version, words.wanted)} if words and words.wanted else {}
    newest = {key: versions[-1] for key, versions in letters.drafts.items() if versions}
    found |= {key: (v.number, v.wanted) for key, v in newest.items() if v.wanted}
    if letters.plan and letters.plan[-1].wanted:
        found[PLAN] = (letters.plan[-1].number, letters.plan[-1].wanted)
    return found


def text_of(handover: Handover, playbook: Playbook, key: str) -> Piece:
    """One text as it stands. Raises FlowError `no_such_letter`."""
    return _found(pieces(handover, playbook), key)


def approved_text(handover: Handover, key: str) -> Version | None:
    """The version that may be sent to the customer; none while the newest is not approved."""
    versions = handover.letters.drafts.get(key, ())
    newest = versions[-1] if versions else None
    return newest if newest and newest.approved else None


def customer_days(handover: Handover, playbook: Playbook) -> dict[str, date]:
    """Every day that the customer may be told: their milestones, and until when who is there."""
    plan = make_plan(handover, playbook)
    days = {m.key: m.day for m in plan.milestones if m.track is Track.CUSTOMER}
    return days | own_days(handover, playbook)


def _reason(handover: Handover) -> Piece | None:
    words = handover.wording
    if words is None:
        return None
    approval = Approval(by=words.approved_by, at=words.approved_at) if words.approved_at else None
    asked = handover.letters.asked_at is not None
    state = PieceState.APPROVED if approval else _before_approval(asked=asked)
    if words.wanted and asked:
        state = PieceState.CHANGES
    author = _there(handover, words.by)
    return Piece(
        REASON,
        state,
        words.version,
        author,
        text=words.text,
        approved=approval,
        wanted=words.wanted,
    )


def _texts(handover: Handover, playbook: Playbook, facts: Mapping[str, str]) -> Iterator[Piece]:
    asked = handover.letters.asked_at is not None
    for text in composed(handover, playbook):
        versions = handover.letters.drafts.get(text.spec.key, ())
        newest = versions[-1] if versions else None
        words = newest.text if newest else text.text
        lacks = tuple(missing(handover, text.spec, words, facts)) if newest else text.missing
        before = next((v.text for v in reversed(versions[:-1])), "")
        yield Piece(
            key=text.spec.key,
            state=_state(newest) if newest and asked else _before_approval(asked=asked),
            version=newest.number if newest else 0,
            author=newest.by if newest and may_know(handover, newest.by) else text.sender,
            spec=text.spec,
            text=words,
            before=before,
            missing=lacks,
            approved=newest.approved if newest else None,
            wanted=newest.wanted if newest else None,
        )


def _there(handover: Handover, user: str) -> str:
    return user if may_know(handover, user) else outgoing_or_leader(handover)


def _plan(handover: Handover) -> Piece | None:
    letters = handover.letters
    if not letters.plan:
        return None
    newest = letters.plan[-1]
    return Piece(
        PLAN,
        _state(newest),
        newest.number,
        _there(handover, letters.asked_by),
        approved=newest.approved,
        wanted=newest.wanted,
    )


def _before_approval(*, asked: bool) -> PieceState:
    return PieceState.WAITING if asked else PieceState.DRAFT


def _state(version: Version | PlanVersion) -> PieceState:
    if version.approved:
        return PieceState.APPROVED
    return PieceState.CHANGES if version.wanted else PieceState.WAITING


def _waits(version: Version | PlanVersion) -> bool:
    return version.approved is None and version.wanted is None


def _found(found: tuple[Piece, ...], key: str) -> Piece:
    piece = next((piece for piece in found if piece.key == key and piece.spec), None)
    if piece is None:
        raise FlowError("no_such_letter")
    return piece
