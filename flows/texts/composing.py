"""The customer's texts, composed from their templates and the facts; and what a text still lacks.

Nothing here is stored: a text is composed whenever it is read, until a person edits it or it is
sent for approval. Rows A15, A16, A18, G17, G23, G25-G27.
"""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from flows.handover import Handover
from flows.playbook import Playbook
from flows.privacy import told_user
from flows.schedule.numbering import plan_days
from flows.terms import Role, Segment
from flows.texts.letter_facts import letter_facts
from flows.texts.letter_specs import Element, Letter, LetterSpec, Medium, Paragraph
from flows.texts.letters import slot

_WORD = re.compile(r"\w{3,}")
_LISTED = re.compile(r"\n\n(?=• )")
_ENOUGH = 0.6
"""Of a text that a person rewrote, so many of a fact's words tell that it is still in there."""


class Composed(NamedTuple):
    """One text as it would be sent; `sender` is a Slack id, `there` says of each element that it
    should contain whether it does.
    """

    spec: LetterSpec
    sender: str
    text: str
    there: Mapping[Element, bool]

    @property
    def missing(self) -> tuple[Element, ...]:
        """What it does not contain."""
        return tuple(element for element, there in self.there.items() if not there)


def medium_for(handover: Handover) -> Medium:
    """How this customer is told, unless somebody decides otherwise: only SMB by mail (A18)."""
    return Medium.MAIL if handover.segment is Segment.SMB else Medium.CALL


def letter_specs(handover: Handover, playbook: Playbook) -> tuple[LetterSpec, ...]:
    """The texts that this customer gets, in the order in which they are sent; what was sent stays
    the one that it was.
    """
    usual, occasions = medium_for(handover), handover.sending.occasions
    found = []
    for letter in Letter:
        if sent := handover.sending.newest(letter):
            found += [spec for spec in playbook.letters if spec.key == sent.key]
            continue
        specs = [
            spec
            for spec in playbook.letters
            if _fits(handover, spec, letter)
            and (spec.occasion is None or spec.occasion in occasions)
        ]
        media = {spec.medium for spec in specs}
        medium = usual if usual in media else next(iter(media), usual)
        found += [spec for spec in specs if spec.medium is medium]
    return tuple(found)


def sender(handover: Handover, spec: LetterSpec) -> str:
    """Who sends it: whoever the template names, or the leader where they cannot be reached."""
    return told_user(handover, spec.sender) or handover.leader


def facts_of(handover: Handover, playbook: Playbook) -> dict[str, str]:
    """All facts by name, with a slot for each day of the plan."""
    days = {key: slot(key) for key in plan_days(handover, playbook)}
    return days | letter_facts(handover, playbook)


def composed(handover: Handover, playbook: Playbook) -> tuple[Composed, ...]:
    """Every text for the customer, from the template."""
    facts = facts_of(handover, playbook)
    return tuple(_composed(handover, spec, facts) for spec in letter_specs(handover, playbook))


def missing(
    handover: Handover, spec: LetterSpec, text: str, facts: Mapping[str, str]
) -> list[Element]:
    """The elements that a text should contain and does not, in the template's order."""
    found = elements(handover, spec, text, facts)
    return [element for element, there in found.items() if not there]


def elements(
    handover: Handover, spec: LetterSpec, text: str, facts: Mapping[str, str]
) -> dict[Element, bool]:
    """Whether a text contains each element that it should, in the template's order."""
    wanted: dict[Element, bool] = {}
    for paragraph in spec.paragraphs:
        silent = paragraph.optional and not paragraph.facts <= facts.keys()
        if paragraph.element and _stands(handover, paragraph) and not silent:
            there = _is_in(paragraph, text, facts)
            wanted[paragraph.element] = wanted.get(paragraph.element, False) or there
    return wanted


def joined(paragraphs: Iterable[str]) -> str:
    """Paragraphs as one text; those that are points of a list stand close."""
    return _LISTED.sub("\n", "\n\n".join(paragraphs))


def _composed(handover: Handover, spec: LetterSpec, facts: Mapping[str, str]) -> Composed:
    paragraphs = [
        paragraph.text.format_map(facts)
        for paragraph in spec.paragraphs
        if _stands(handover, paragraph) and paragraph.facts <= facts.keys()
    ]
    text = joined(paragraphs)
    there = elements(handover, spec, text, facts)
    return Composed(spec, sender(handover, spec), text, there)


def _fits(handover: Handover, spec: LetterSpec, letter: Letter) -> bool:
    reachable = bool(told_user(handover, spec.sender)) or spec.sender is Role.LEADER
    return (
        spec.letter is letter
        and spec.stands_in is not reachable
        and spec.is_for(handover.segment, handover.reason)
    )


def _stands(handover: Handover, paragraph: Paragraph) -> bool:
    return not paragraph.reasons or handover.reason in paragraph.reasons


def _is_in(paragraph: Paragraph, text: str, facts: Mapping[str, str]) -> bool:
    if paragraph.facts:
        return all(_tells(text, facts.get(name, "")) for name in paragraph.facts)
    low = text.casefold()
    return any(word in low for word in paragraph.words)


def _tells(text: str, fact: str) -> bool:
    """Whether a fact is in a text, if need be in other words."""
    if not fact:
        return False
    if fact in text:
        return True
    words = {word.casefold() for word in _WORD.findall(fact)}
    said = {word.casefold() for word in _WORD.findall(text)}
    return len(words) > 3 and len(words & said) >= _ENOUGH * len(words)  # noqa: PLR2004
