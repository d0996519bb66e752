"""What is to be approved about the customer's side: the reason, every text and the plan (C3).

Read from the handover as it stands: where each of them is on its way, who wrote it, who approves.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from flows.errors import FlowError
from flows.handover import Handover
from flows.happened import CLOCK
from flows.knowledge.interview import BRIEF_FROM, answers_so_far
from flows.playbook import Playbook
from flows.privacy import leads, may_know, outgoing_or_leader
from flows.schedule.milestones import Track
from flows.schedule.timeline import make_plan
from flows.texts.composing import composed, elements, facts_of, letter_specs, sender
from flows.texts.letter_facts import own_days
from flows.texts.letter_specs import Element, LetterSpec
from flows.texts.letters import (
    PLAN,
    REASON,
    Approval,
    PieceState,
    PlanVersion,
    Remark,
    Version,
)
from flows.texts.wording import is_ready, still_to_agree


class Piece(NamedTuple):
    """One thing to be approved. `author` is a Slack id; `before` the text that the leaders knew
    last, to show the difference to; `there` says of each element that the text should contain
    whether it does.
    """

    key: str
    state: PieceState
    version: int
    author: str
    spec: LetterSpec | None = None
    text: str = ""
    before: str = ""
    there: Mapping[Element, bool] = MappingProxyType({})
    approved: Approval | None = None
    wanted: Remark | None = None

    @property
    def missing(self) -> tuple[Element, ...]:
        """What the text should contain and does not."""
        return tuple(element for element, there in self.there.items() if not there)


def pieces(handover: Handover, playbook: Playbook) -> tuple[Piece, ...]:
    """The reason, every text and the plan, as they stand."""
    facts = facts_of(handover, playbook)
    found = [_reason(handover), *_texts(handover, playbook, facts), _plan(handover)]
    return tuple(piece for piece in found if piece)


def pending(handover: Handover) -> dict[str, int]:
    """What waits for a leader's word, by key, with its version; without looking at any text.

    Nothing does while the CSMs agree on another reason: every text hangs on it.
    """
    letters = handover.letters
    if letters.asked_at is None or is_being_agreed(handover):
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


def is_being_agreed(handover: Handover) -> bool:
    """Whether the CSMs are still to agree to the reason as it stands now."""
    words = handover.wording
    return words is not None and not (words.approved_at or words.wanted or is_ready(handover))


def lacks_backup(handover: Handover) -> bool:
    """Whether nobody is named to approve in the leader's place, nor said why there is nobody."""
    return not (handover.backup or handover.letters.alone or handover.example)


def drafted(handover: Handover) -> bool:
    """Whether there are drafts to look at, unfinished as they may be."""
    return handover.wording is not None or answers_so_far(handover) >= BRIEF_FROM


def can_be_sent(handover: Handover) -> bool:
    """Whether the reason stands, so that the texts can go to the leader."""
    return is_ready(handover) and handover.letters.asked_at is None


def approved_texts(handover: Handover) -> tuple[int, int]:
    """How many of the texts may be sent to the customer, and how many there are; none before."""
    drafts = [versions[-1] for versions in handover.letters.drafts.values() if versions]
    asked = handover.letters.asked_at is not None
    return sum(bool(text.approved) for text in drafts), len(drafts) if asked else 0


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


def has_own(handover: Handover, user: str, keys: Iterable[str]) -> bool:
    """Whether nobody but this person has looked at one of these: they sent it as it was composed,
    or as they wrote it themselves.
    """
    letters = handover.letters
    if handover.example or letters.asked_by != user:
        return False
    wrote = {key: versions[-1].by for key, versions in letters.drafts.items() if versions}
    return any(wrote.get(key, CLOCK) in (CLOCK, user) for key in keys if key != REASON)


def has_others(handover: Handover, user: str) -> bool:
    """Whether somebody else could approve."""
    return any(other != user for other in approvers(handover))


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
        before=words.before,
        approved=approval,
        wanted=words.wanted,
    )


def _texts(handover: Handover, playbook: Playbook, facts: Mapping[str, str]) -> Iterator[Piece]:
    asked = handover.letters.asked_at is not None
    for text in composed(handover, playbook):
        versions = handover.letters.drafts.get(text.spec.key, ())
        newest = versions[-1] if versions else None
        words = newest.text if newest else text.text
        there = elements(handover, text.spec, words, facts) if newest else text.there
        yield Piece(
            key=text.spec.key,
            state=_state(newest) if newest and asked else _before_approval(asked=asked),
            version=newest.number if newest else 0,
            author=newest.by if newest and may_know(handover, newest.by) else text.sender,
            spec=text.spec,
            text=words,
            before=known.text if (known := _known(handover, versions)) else "",
            there=there,
            approved=newest.approved if newest else None,
            wanted=newest.wanted if newest else None,
        )


def _known(handover: Handover, versions: tuple[Version, ...]) -> Version | None:
    """The version that the leaders knew last: decided on, or as it was first sent to them."""
    sent = handover.letters.asked_at
    older = versions[:-1]
    decided = [v for v in older if v.approved or v.wanted]
    first = [v for v in older if sent and v.at <= sent]
    return max([*decided, *first[-1:]], key=lambda v: v.number, default=None)


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
