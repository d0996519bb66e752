"""Who of the customer's people knows, has met whoever comes, and was reassured (G17, G30, N5).

Everything is read from the stakeholder records and what was ticked for them; a handover as a viewer
may read it gives that viewer's counts.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from flows.customer.introductions import Channel, Coverage, Introduction, Step, StepTick
from flows.handover import Handover, Record
from flows.knowledge.interview import strictest_segment
from flows.knowledge.ledger import records_of
from flows.often import UNLISTED
from flows.playbook import Playbook
from flows.privacy import sensitive_ones
from flows.remembering import unmoved_by
from flows.terms import RecordKind

_ATOM, _LABEL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+", r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
EMAIL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")
"""An address as mail programs take it everywhere: ASCII, without quotes and comments."""
_LONGEST = 254
_BETWEEN = re.compile(r"[\s<>|:;,()]+")
"""What stands between words, and around an address as Slack stores it."""

KEY_REASSURED, ALL_INTRODUCED = "reassured", "others"
MILESTONES = (KEY_REASSURED, ALL_INTRODUCED)
"""The milestones that stakeholders decide about, where there are any."""

_UNKNOWN = Introduction()
_LAST = 1000


def is_email(text: str) -> bool:
    """Whether a text is one e-mail address and nothing else."""
    return len(text) <= _LONGEST and EMAIL.fullmatch(text) is not None


class Covered(NamedTuple):
    """One stakeholder: how they are to be introduced, and what has been done of it.

    `mail_refused` says that more than a mail is needed to introduce them.
    """

    record: Record
    is_key: bool
    channel: Channel
    email: str
    mail_refused: bool
    introduction: Introduction

    @property
    def name(self) -> str:
        """What they are called, as stored."""
        return next(iter(self.record.details.values()), "")

    @property
    def ticks(self) -> dict[Step, StepTick]:
        """The steps that were taken."""
        return self.introduction.ticks

    @property
    def ways(self) -> tuple[Step, ...]:
        """The steps that may be taken now: nothing before the heads-up (A14)."""
        if Step.HEADS_UP not in self.ticks:
            return (Step.HEADS_UP,)
        return tuple(step for step in Step if step not in self.ticks)


class Count(NamedTuple):
    """How many of how many, and who is missing."""

    done: int
    total: int
    missing: tuple[Covered, ...]


def coverage(handover: Handover, playbook: Playbook) -> tuple[Covered, ...]:
    """Every stakeholder's state, who comes first at first.

    Where nobody said who comes first, key stakeholders do, in the playbook's order of parts. While
    nobody is known to play such a part, everybody counts as key: better one too many.
    """
    records = records_of(handover, RecordKind.STAKEHOLDER)
    parts = playbook.coverage.key
    keys = {record.id for record in _key_ones(records, playbook)}
    found = [_covered(handover, playbook, r, is_key=r.id in keys) for r in records]

    def order(one: Covered) -> tuple[int, int]:
        part = _part(one.record)
        return one.introduction.place or _LAST, parts.index(part) if part in parts else len(parts)

    return tuple(sorted(found, key=order))


def introduced_of(handover: Handover, playbook: Playbook) -> Count:
    """How many stakeholders have been introduced: "4 of 6", and the other two."""
    found = coverage(handover, playbook)
    missing = tuple(one for one in found if Step.INTRODUCED not in one.ticks)
    return Count(len(found) - len(missing), len(found), missing)


def key_missing(handover: Handover, playbook: Playbook, step: Step) -> tuple[Covered, ...]:
    """The key stakeholders with whom a step has not been taken; nobody where all have it."""
    found = coverage(handover, playbook)
    return tuple(one for one in found if one.is_key and step not in one.ticks)


def covered_days(handover: Handover, playbook: Playbook) -> dict[str, date | None]:
    """When each milestone that stakeholders decide about was reached, none while one is missing.

    Nothing where there are no stakeholders. A plan is the same for everybody, so those whom not
    everybody may read of do not count.
    """
    if not records_of(handover, RecordKind.STAKEHOLDER):
        return {}
    return _covered_days(handover, playbook, sensitive_ones(handover, playbook))


@unmoved_by(UNLISTED)
def _covered_days(
    handover: Handover, playbook: Playbook, hidden: frozenset[str]
) -> dict[str, date | None]:
    """The same where what was answered to these questions is hidden."""
    found = records_of(handover, RecordKind.STAKEHOLDER)
    seen = [record for record in found if record.question not in hidden]
    if not seen:
        return {}
    return {
        KEY_REASSURED: _all_by(handover, _key_ones(seen, playbook), Step.REASSURED),
        ALL_INTRODUCED: _all_by(handover, seen, Step.INTRODUCED),
    }


def for_somebody_new(coverage: Coverage) -> Coverage:
    """What is left when another CSM takes over: the plan; everybody is to be told anew."""
    return Coverage(
        people={key: one.model_copy(update={"ticks": {}}) for key, one in coverage.people.items()}
    )


def _all_by(handover: Handover, records: Sequence[Record], step: Step) -> date | None:
    """The day by which all of them had a step."""
    known = handover.coverage.people
    ticks = [known.get(record.id, _UNKNOWN).ticks.get(step) for record in records]
    return max(tick.on for tick in ticks if tick) if all(ticks) else None


def _key_ones(records: Sequence[Record], playbook: Playbook) -> Sequence[Record]:
    """The key ones among stakeholders; all of them while none is known to be one."""
    parts = playbook.coverage.key
    return [record for record in records if _part(record) in parts] or records


def _covered(handover: Handover, playbook: Playbook, record: Record, *, is_key: bool) -> Covered:
    rules, segment = playbook.coverage, strictest_segment(handover)
    known = handover.coverage.people.get(record.id, _UNKNOWN)
    refused = is_key and segment in rules.no_mail and known.by_mail is None
    usual = rules.channels.get(segment, Channel.CALL)
    channel = known.channel or usual
    if refused and channel is Channel.MAIL:
        # Planned while they played another part.
        channel = Channel.CALL
    return Covered(record, is_key, channel, known.email or _address(record), refused, known)


def _part(record: Record) -> str:
    return record.details.get("type", "")


def _address(record: Record) -> str:
    """The first e-mail address in what was noted about somebody."""
    noted = (text for text in record.details.values() if "@" in text)
    found = (word.strip(".") for text in noted for word in _BETWEEN.split(text) if "@" in word)
    return next((word for word in found if is_email(word)), "")
