"""The customer's texts as data: who says what, in which paragraphs, and what must be in them.

A paragraph names the facts that it needs in braces; where one of them is missing, the paragraph is
left out and its element is reported as missing. There is no fact but those of `flows.letter_facts`,
so no template can tell a customer anything else. Rows A15, A16, G23, G25-G27.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import cached_property
from string import Formatter

from pydantic import Field

from flows.frozen import Frozen
from flows.terms import Reason, Role, Segment


class Letter(StrEnum):
    """What is said to the customer, in the order in which it is said; the last ones only where
    there is an occasion.
    """

    HEADS_UP = "heads_up"
    CHANGE = "change"
    INTRODUCTION = "introduction"
    HELLO = "hello"
    REASSURANCE = "reassurance"
    TIMELINE = "timeline"
    REPLY = "reply"
    TALK = "talk"


class Occasion(StrEnum):
    """What has to happen before there is such a text: another CSM after the heads-up, a leader's
    word on who asks for the old one (see Outcome), or a customer who wants to talk to a leader.
    """

    CHANGE = "change"
    KEEP = "keep"
    HELPER = "helper"
    CANCEL = "cancel"
    GO_ON = "go_on"
    TALK = "talk"


class Medium(StrEnum):
    """How a text reaches the customer: by mail, or spoken, with a short invitation before it."""

    MAIL = "mail"
    CALL = "call"


class Element(StrEnum):
    """What a text has to contain (A15, G23, G25-G27)."""

    THANKS = "thanks"
    REASON = "reason"
    WHO = "who"
    CHANGE = "change"
    HELP = "help"
    MEETING = "meeting"
    CREDENTIALS = "credentials"
    LEAD = "lead"
    DATES = "dates"
    CALL = "call"
    OPEN_ITEMS = "open_items"
    CONTINUITY = "continuity"
    LEADER = "leader"


class Paragraph(Frozen):
    """One paragraph. `words` tell that its element stands where a person wrote it anew and it names
    no fact; `reasons` are those for which it stands, all where none is named. What is `optional` is
    not missed where there is nothing to say.
    """

    text: str = Field(min_length=1, max_length=600)
    element: Element | None = None
    words: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    optional: bool = False

    @cached_property
    def facts(self) -> frozenset[str]:
        """The facts that it names."""
        return frozenset(name for _, name, _, _ in Formatter().parse(self.text) if name)


class LetterSpec(Frozen):
    """One text for the customer, by whom and in which medium.

    `stands_in` is for where the sender cannot be reached any more: then the leader sends it.
    `segments` and `reasons` are those for which there is one, all where none is named. One with an
    `occasion` is there only then. Of what is `answered` somebody asks what the customer said to it.
    """

    key: str = Field(pattern=r"^[a-z_]+$", max_length=30)
    letter: Letter
    medium: Medium = Medium.MAIL
    title: str = Field(min_length=1, max_length=60)
    subject: str = Field(min_length=1, max_length=100)
    sender: Role
    stands_in: bool = False
    segments: tuple[Segment, ...] = ()
    reasons: tuple[Reason, ...] = ()
    occasion: Occasion | None = None
    answered: bool = True
    paragraphs: tuple[Paragraph, ...] = Field(min_length=1)

    def is_for(self, segment: Segment, reason: Reason) -> bool:
        """Whether customers of this segment get it when their CSM changes for this reason."""
        either = not (self.segments or self.reasons)
        return either or segment in self.segments or reason in self.reasons


FACTS = frozenset(
    {"account", "outgoing", "incoming", "reason", "credentials", "stays", "changes", "instead"}
    | {"interim", "interim_until"}
    | {"items", "customer", "leader", "reachable", "last_day", "kept", "talk"}
)
"""What a template may name besides the milestones of the plan, which stand for their days."""

MARKS = {
    Letter.HEADS_UP: "heads_up",
    Letter.INTRODUCTION: "introduction",
    Letter.HELLO: "hello",
}
"""The milestone that is done once such a text was sent (A14)."""

AGREED = "agreed"
"""The milestone that is done once the customer agreed to the plan (G26)."""

AGREED_BY = frozenset({Letter.INTRODUCTION, Letter.TIMELINE})
"""The texts with the plan in them: who is fine with one agrees to it."""


def marked_by_texts(
    letters: Iterable[LetterSpec], segment: Segment, reason: Reason
) -> frozenset[str]:
    """The milestones that are done by what becomes of the texts: nobody else marks them."""
    there = {spec.letter for spec in letters if spec.is_for(segment, reason)}
    found = {key for letter, key in MARKS.items() if letter in there}
    return frozenset(found | {AGREED} if there & AGREED_BY else found)


def letter_problems(letters: Iterable[LetterSpec], milestones: Iterable[str]) -> Iterator[str]:
    """What does not hold together, a line each."""
    known, keys = FACTS | set(milestones), set[str]()
    for spec in letters:
        if spec.key in keys:
            yield f"letter {spec.key}: stands twice"
        keys.add(spec.key)
        if spec.sender not in {Role.OUTGOING, Role.INCOMING, Role.LEADER}:
            yield f"letter {spec.key}: nothing is sent by the {spec.sender}"
        for paragraph in spec.paragraphs:
            for fact in sorted(_named(paragraph) - known):
                yield f"letter {spec.key}: {fact!r} is no fact that a customer may be told"


def _named(paragraph: Paragraph) -> frozenset[str]:
    try:
        return paragraph.facts
    except ValueError:
        return frozenset({"{"})
