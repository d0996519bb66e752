"""What is asked of whom: the model of a playbook and its checks.

A playbook is data. The default one is `playbook.toml` beside this file; a team may bring its own.
Questions carry the ids of the published question set (SN1 ... UP3), so that every line of the two
articles the product stands on can be traced to where it is asked.
"""

import hashlib
import tomllib
from collections.abc import Iterator
from functools import cached_property
from itertools import product
from typing import Annotated, Any

from pydantic import Field, ValidationError, model_validator

from flows.books.rules import BookRules
from flows.customer.introductions import CoverageRules
from flows.end.kits import KitTexts
from flows.errors import PlaybookError
from flows.folding import signs, words
from flows.frozen import Frozen
from flows.nudges.rhythm import Rhythm
from flows.playbook_problems import problems
from flows.schedule.appointments import CallSpec
from flows.schedule.milestones import (
    Milestone,
    Notice,
    Timing,
    downstream,
    usual_days,
)
from flows.terms import THE_THREE, Confidential, Need, PartKind, Reason, RecordKind, Role, Segment
from flows.texts.leak_words import LeakWords
from flows.texts.letter_specs import LetterSpec


class Option(Frozen):
    """One choice: what is stored and what people read."""

    value: str = Field(pattern=r"^[a-z0-9_]+$", max_length=30)
    label: str = Field(min_length=1, max_length=75)


class Part(Frozen):
    """One structured part of an answer, or one field of a record.

    A NUMBER may want the date it was true (`as_of`), PEOPLE are picked from the workspace. What is
    about whoever leaves, not about the account, is asked `once_per_book`.
    """

    key: str = Field(pattern=r"^[a-z_]+$", max_length=30)
    kind: PartKind
    label: str = Field(min_length=1, max_length=100)
    options: tuple[Option, ...] = ()
    required: bool = True
    as_of: bool = False
    once_per_book: bool = False
    hint: str = Field(default="", max_length=150)

    @model_validator(mode="after")
    def _options_belong_to_choices(self) -> "Part":
        if (self.kind is PartKind.CHOICE) != bool(self.options):
            raise ValueError(f"part {self.key}: a choice has options, nothing else has")
        values = [option.value for option in self.options]
        if len(values) != len(set(values)):
            raise ValueError(f"part {self.key}: an option stands twice")
        if self.as_of and self.kind is not PartKind.NUMBER:
            raise ValueError(f"part {self.key}: only a number has an as_of date")
        return self


class Question(Frozen):
    """One thing to be asked.

    Every question takes free text; `parts` are asked besides it, each one tap or one field.
    `text_needed` is false where the parts alone make a whole answer. `records` are the kinds of
    records that answer it. `covers` names the base questions that a joined prompt stands for.
    An answer of fewer than `least` words (0: however few), or of nothing but a link unless
    `link_is_enough`, is asked for one more detail, in the words of `more` where there are any.
    """

    id: str = Field(pattern=r"^[A-Z]{1,3}[0-9]{1,2}$")
    section: str
    text: str = Field(min_length=1, max_length=300)
    help: str = Field(default="", max_length=300)
    asked_of: Role = Role.OUTGOING
    need: dict[Segment, Need]
    reason: Reason | None = None
    confidential: Confidential | None = None
    parts: tuple[Part, ...] = ()
    text_needed: bool = True
    records: tuple[RecordKind, ...] = ()
    at_least: dict[Segment, Annotated[int, Field(ge=1)]] = {}
    covers: tuple[str, ...] = ()
    least: int = Field(default=2, ge=0, le=50)
    link_is_enough: bool = False
    more: str = Field(default="", max_length=200)
    sensitive: bool = False
    after_pack: bool = False
    once_per_book: bool = False
    minutes: float = Field(default=1.5, gt=0, le=30)


class RecordSpec(Frozen):
    """How a kind of record is called and which fields it has; the first field is its title."""

    kind: RecordKind
    one: str
    many: str
    fields: tuple[Part, ...] = Field(min_length=1)


Days = Annotated[int, Field(ge=0)]


class Milestones(Frozen):
    """When things are due, in working days from the start (M1, M2, M3, M11).

    `teach_back` is counted from the day on which the pack was accepted.
    """

    accept: dict[Segment, Days]
    pack: dict[Segment, Days]
    read: dict[Segment, Days]
    switch: dict[Segment, Days]
    teach_back: int = Field(default=2, ge=1)
    silent_incoming_to_leader: int = Field(default=2, ge=1)
    silent_on_reason: int = Field(default=2, ge=1)
    silent_on_approval: int = Field(default=2, ge=1)
    silent_customer: int = Field(default=3, ge=1)
    leader_on_old_contact: int = Field(default=2, ge=1)

    @property
    def named(self) -> dict[str, dict[Segment, int]]:
        """Those that every segment has, in their order."""
        return {
            "accept": self.accept,
            "pack": self.pack,
            "read": self.read,
            "switch": self.switch,
        }


class ShortNotice(Frozen):
    """What is asked of the outgoing side where there is little time (N8), as question ids.

    The `eight` come first, in their order, and alone where there is hardly any time; a little more
    is enough for what the `articles` ask besides. A joined prompt counts as all that it covers.
    """

    eight: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()


class Playbook(Frozen):
    """A whole playbook, checked. Each is read once, so as a key one only equals itself."""

    __hash__ = object.__hash__

    version: int = 1
    sections: tuple[str, ...] = Field(min_length=1)
    questions: tuple[Question, ...] = Field(min_length=1)
    records: tuple[RecordSpec, ...]
    milestones: Milestones
    wordings: dict[Reason, str]
    timing: Timing = Timing()
    short_notice: ShortNotice = ShortNotice()
    coverage: CoverageRules = CoverageRules()
    calls: dict[str, CallSpec] = {}
    reminders: Rhythm = Rhythm()
    books: BookRules = BookRules()
    plan: tuple[Milestone, ...] = Field(min_length=1)
    letters: tuple[LetterSpec, ...] = ()
    kit: KitTexts = KitTexts()
    leaks: LeakWords

    @cached_property
    def by_id(self) -> dict[str, Question]:
        """Every question by its id."""
        return {question.id: question for question in self.questions}

    @cached_property
    def specs(self) -> dict[RecordKind, RecordSpec]:
        """Every record's description by its kind."""
        return {spec.kind: spec for spec in self.records}

    @cached_property
    def joined(self) -> dict[Segment, frozenset[str]]:
        """Per segment, the base questions that a joined prompt asks in their stead."""
        return {
            segment: frozenset(
                covered
                for question in self.questions
                if question.need.get(segment) is Need.REQUIRED
                for covered in question.covers
            )
            for segment in Segment
        }

    @cached_property
    def asked(self) -> dict[tuple[Segment, Reason, Role, Notice, Need], tuple[Question, ...]]:
        """What the CSMs are asked, in order; every answer looks this up several times."""
        found = {}
        for segment, reason, role in product(Segment, Reason, THE_THREE):
            own = [
                question
                for question in self.questions
                if question.asked_of is role
                and question.confidential is None
                and question.reason in (None, reason)
                and question.id not in self.joined[segment]
            ]
            for notice, need in product(Notice, Need):
                order = (
                    own
                    if notice is Notice.FULL
                    else sorted(own, key=lambda question: self._urgency[question.id])
                )
                found[segment, reason, role, notice, need] = tuple(
                    question for question in order if self._need(question, segment, notice) is need
                )
        return found

    @cached_property
    def _urgency(self) -> dict[str, int]:
        """How early each question comes where there is little time."""
        eight = self.short_notice.eight
        return {
            question.id: min(
                (eight.index(key) for key in (question.id, *question.covers) if key in eight),
                default=len(eight),
            )
            for question in self.questions
        }

    def _need(self, question: Question, segment: Segment, notice: Notice) -> Need:
        """How much a question is needed: with little time less is, and the eight are always.

        Who takes the account over has all their time.
        """
        usual, short = question.need[segment], self.short_notice
        all_of_it = notice in {Notice.FULL, Notice.SHORT} or question.asked_of is Role.INCOMING
        if all_of_it or usual is Need.LEFT_OUT or not short.eight:
            return usual
        if self._urgency[question.id] < len(short.eight):
            return Need.REQUIRED
        in_articles = not {question.id, *question.covers}.isdisjoint(short.articles)
        return usual if notice is Notice.ARTICLES and in_articles else Need.OFFERED

    @cached_property
    def usual_days(self) -> dict[tuple[Segment, Reason, bool], dict[str, int]]:
        """The full plan by segment, reason and whether there is a longer overlap."""
        named = self.milestones.named
        return {
            (segment, reason, overlap): usual_days(
                self.plan, segment, reason, overlap=overlap, named=named
            )
            for segment, reason, overlap in product(Segment, Reason, (False, True))
        }

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The folded words of everything that the playbook itself says, which are no secret."""
        return frozenset(word.text for text in _said(self) for word in words(signs(text)))

    @cached_property
    def seen_by_customer(self) -> frozenset[str]:
        """The milestones from the heads-up on."""
        return downstream(self.plan, "heads_up")

    @model_validator(mode="after")
    def _holds_together(self) -> "Playbook":
        if found := list(problems(self)):
            raise PlaybookError(found)
        return self


def read_playbook(text: str) -> Playbook:
    """Read a playbook from TOML text.

    Raises PlaybookError with a readable line per problem, each naming the place.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PlaybookError([f"not TOML: {error}"]) from error
    try:
        return Playbook.model_validate(raw)
    except ValidationError as error:
        problems = [f"{_place(raw, p['loc'])}: {p['msg']}" for p in error.errors()]
        raise PlaybookError(problems) from error


def fingerprint(text: str) -> str:
    """Name a playbook by its content; a handover keeps the one that it was started with."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _place(raw: Any, steps: tuple[int | str, ...]) -> str:  # noqa: ANN401 - whatever TOML holds
    """Where a problem is; what stands in a list is called by its own name where it has one."""
    names = []
    for step in steps:
        listed = isinstance(raw, list)
        raw = raw[step] if listed else raw.get(step) if isinstance(raw, dict) else None
        known = raw if listed and isinstance(raw, dict) else {}
        own = [known[key] for key in ("id", "key", "value", "kind") if known.get(key)]
        names.append(str(own[0] if own else step))
    return ".".join(names)


def _said(playbook: Playbook) -> Iterator[str]:
    """Everything that people read of a playbook."""
    yield from playbook.sections
    yield from playbook.wordings.values()
    yield from (milestone.title for milestone in playbook.plan)
    for question in playbook.questions:
        yield from (question.text, question.help, question.more)
    for spec in playbook.records:
        yield from (spec.one, spec.many)
    fields = [part for question in playbook.questions for part in question.parts]
    for part in [*fields, *(part for spec in playbook.records for part in spec.fields)]:
        yield from (part.label, part.hint, *(option.label for option in part.options))
