"""What the customers of several accounts of a book are told, decided on together (C3, N9).

Accounts with the same reason and segment get the same texts but for their facts, so a leader reads
the template once and of each account what is its own. Whatever a person put in other words is read
by itself. Every version, right and delay is that of the single handover.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from flows.handover import Handover
from flows.happened import CLOCK
from flows.playbook import Playbook
from flows.privacy import leads, shared
from flows.terms import RecordKind
from flows.texts.composing import facts_of, letter_specs, missing
from flows.texts.letter_specs import Element, LetterSpec, Paragraph
from flows.texts.letters import slot, slots_in
from flows.texts.pieces import asked_to_approve, customer_days, has_others, has_own, pending

_V = TypeVar("_V")
_NAMES = ("account", "outgoing", "incoming")
Rows = Sequence[tuple[Handover, Playbook]]


class Own(NamedTuple):
    """What one account does not share with the others: the facts and days in its texts by name, and
    the people whom the customer has. `without` are the facts that others have and that are not
    known of it, so that paragraphs are left out; `worded` are the texts that a person put in other
    words; `lacks` says of each text what should be in it and is not.
    """

    facts: Mapping[str, str]
    days: Mapping[str, date]
    people: tuple[str, ...]
    without: tuple[str, ...]
    worded: tuple[LetterSpec, ...]
    lacks: Mapping[str, tuple[Element, ...]]


class Same(NamedTuple):
    """What several accounts are told alike: every text with the paragraphs that stand in any of
    them, and the facts and days that are the same in all.
    """

    texts: tuple[tuple[LetterSpec, tuple[Paragraph, ...]], ...]
    facts: Mapping[str, str]
    days: Mapping[str, date]
    own: Mapping[str, Own]


def in_group(handover: Handover) -> bool:
    """Whether its texts are decided on together with those of other accounts of its book.

    That is so for the first card of all that was sent for approval, unless a leader took the
    account out, or nobody but whoever sent it could approve.
    """
    letters = handover.letters
    first = letters.round == 1 and not letters.apart
    return bool(handover.book) and first and has_others(handover, letters.asked_by)


def group_of(handover: Handover) -> str:
    """The name of its group in its book."""
    return f"{handover.reason.value}-{handover.segment.value}"


def to_decide(handovers: Iterable[Handover], group: str, viewer: str) -> list[Handover]:
    """The accounts of a group for which somebody is asked for their word."""
    return [
        handover
        for handover in handovers
        if in_group(handover)
        and group_of(handover) == group
        and pending(handover)
        and leads(handover, viewer)
        and viewer in asked_to_approve(handover)
        and not has_own(handover, viewer, pending(handover))
    ]


def in_common(rows: Rows) -> Same:
    """What the accounts of a group are told alike, and what is each one's own, by handover."""
    known = {handover.id: facts_of(handover, playbook) for handover, playbook in rows}
    days = {handover.id: customer_days(handover, playbook) for handover, playbook in rows}
    texts = _texts(rows, known)
    named = {name for _, paragraphs in texts for part in paragraphs for name in part.facts}
    words = {key: _unnamed(facts, named) for key, facts in known.items()}
    told = {key: _told_days(found, named, rows) for key, found in days.items()}
    facts_alike, days_alike = _alike(words.values()), _alike(told.values())
    own = {
        handover.id: Own(
            facts=_others(words[handover.id], facts_alike),
            days=_others(told[handover.id], days_alike),
            people=_people(handover, playbook),
            without=tuple(sorted(named - known[handover.id].keys())),
            worded=_worded(handover, playbook),
            lacks=_lacks(handover, playbook, known[handover.id]),
        )
        for handover, playbook in rows
    }
    return Same(texts, facts_alike, days_alike, own)


def _texts(
    rows: Rows, known: Mapping[str, Mapping[str, str]]
) -> tuple[tuple[LetterSpec, tuple[Paragraph, ...]], ...]:
    """Every text that waits, with the paragraphs that stand in any account's, in their order."""
    found: dict[str, LetterSpec] = {}
    standing: dict[str, set[str]] = {}
    for handover, playbook in rows:
        facts = known[handover.id].keys()
        for spec in _waiting(handover, playbook):
            found.setdefault(spec.key, spec)
            standing.setdefault(spec.key, set()).update(
                part.text
                for part in spec.paragraphs
                if (not part.reasons or handover.reason in part.reasons) and part.facts <= facts
            )
    return tuple(
        (spec, tuple(part for part in spec.paragraphs if part.text in standing[key]))
        for key, spec in found.items()
    )


def _waiting(handover: Handover, playbook: Playbook) -> list[LetterSpec]:
    waits = pending(handover)
    return [spec for spec in letter_specs(handover, playbook) if spec.key in waits]


def _unnamed(facts: Mapping[str, str], named: set[str]) -> dict[str, str]:
    """The facts in words that are `named`; in the reason, names are slots, so that one which names
    other people each time is still the same.
    """
    reason = facts.get("reason", "")
    for name in _NAMES:
        if name in facts:
            reason = reason.replace(facts[name], slot(name))
    found = {name: text for name, text in facts.items() if name in named and not slots_in(text)}
    in_reason = {name: facts[name] for name in slots_in(reason) & facts.keys()}
    return found | in_reason | ({"reason": reason} if "reason" in found else {})


def _told_days(days: Mapping[str, date], named: set[str], rows: Rows) -> dict[str, date]:
    """The days that are named in a text or stand in the plan for the customer."""
    plans = {key for handover, _ in rows for key in _planned(handover)}
    return {key: day for key, day in days.items() if key in named | plans}


def _planned(handover: Handover) -> Iterable[str]:
    return handover.letters.plan[-1].days if handover.letters.plan else ()


def _alike(found: Iterable[Mapping[str, _V]]) -> dict[str, _V]:
    """What stands under the same name everywhere, and is the same."""
    every = list(found)
    first = every[0] if every else {}
    return {
        name: value
        for name, value in first.items()
        if all(name in other and other[name] == value for other in every)
    }


def _others(found: Mapping[str, _V], alike: Mapping[str, _V]) -> dict[str, _V]:
    return {name: value for name, value in found.items() if name not in alike}


def _people(handover: Handover, playbook: Playbook) -> tuple[str, ...]:
    """The customer's people, as everybody on the handover knows them."""
    return tuple(
        next(iter(record.details.values()), "")
        for record in handover.records
        if record.kind is RecordKind.STAKEHOLDER and shared(handover, playbook, record)
    )


def _worded(handover: Handover, playbook: Playbook) -> tuple[LetterSpec, ...]:
    drafts = handover.letters.drafts
    return tuple(spec for spec in _waiting(handover, playbook) if drafts[spec.key][-1].by != CLOCK)


def _lacks(
    handover: Handover, playbook: Playbook, facts: Mapping[str, str]
) -> dict[str, tuple[Element, ...]]:
    """What should be in a text and is not, by the title of the text."""
    drafts = handover.letters.drafts
    found = {
        spec.title: tuple(missing(handover, spec, drafts[spec.key][-1].text, facts))
        for spec in _waiting(handover, playbook)
    }
    return {title: lacks for title, lacks in found.items() if lacks}
