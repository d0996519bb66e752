"""What is asked of whom: the model of a playbook and its checks.

A playbook is data. The default one is `playbook.toml` beside this file; a team may bring its own.
Questions carry the ids of the published question set (SN1 ... UP3), so that every line of the two
articles the product stands on can be traced to where it is asked.
"""

import hashlib
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import product
from string import Formatter
from typing import Annotated, Any

from pydantic import Field, ValidationError, model_validator

from flows.books.rules import BookRules
from flows.customer.introductions import CoverageRules
from flows.end.kits import KitTexts
from flows.errors import PlaybookError
from flows.folding import signs, words
from flows.frozen import Frozen
from flows.nudges.rhythm import Rhythm
from flows.schedule.appointments import CallSpec
from flows.schedule.milestones import (
    Milestone,
    Notice,
    Timing,
    Track,
    downstream,
    plan_problems,
    usual_days,
)
from flows.terms import Confidential, Need, PartKind, Reason, RecordKind, Role, Segment
from flows.texts.leak_words import LISTS, LeakWords
from flows.texts.letter_specs import LetterSpec, letter_problems


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


_NAMED = ("accept", "pack", "read", "switch")


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


_ASKED = (Role.OUTGOING, Role.INCOMING, Role.LEADER)
"""Who is asked anything."""


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
        for segment, reason, role in product(Segment, Reason, _ASKED):
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
        named = {key: getattr(self.milestones, key) for key in _NAMED}
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
        problems = list(_problems(self))
        if problems:
            raise PlaybookError(problems)
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


def _problems(playbook: Playbook) -> Iterator[str]:
    yield from (f"section {name} stands {n} times" for name, n in _twice(playbook.sections))
    ids = [question.id for question in playbook.questions]
    yield from (f"question {key} stands {n} times" for key, n in _twice(ids))
    for question in playbook.questions:
        problems = (
            *_own_problems(question, playbook),
            *_covering(question, playbook),
            *_shared(question),
        )
        yield from (f"question {question.id}: {problem}" for problem in problems)
    described = [spec.kind for spec in playbook.records]
    yield from (f"record {kind} stands {n} times" for kind, n in _twice(described))
    for spec in playbook.records:
        title, keys = spec.fields[0], [part.key for part in spec.fields]
        yield from (f"record {spec.kind}: field {k} stands {n} times" for k, n in _twice(keys))
        if title.kind is not PartKind.TEXT or not title.required:
            yield f"record {spec.kind}: the first field is its title, a required text"
    yield from _disorder(playbook.milestones)
    yield from _unworded(playbook.wordings)
    for name, keys in playbook.short_notice:
        yield from (f"short_notice.{name}: no question is called {k}" for k in keys if k not in ids)
    yield from _telling(playbook)
    yield from plan_problems(playbook.plan)
    yield from letter_problems(playbook.letters, (milestone.key for milestone in playbook.plan))
    yield from _strange_parts(playbook)
    yield from _strange_calls(playbook)


def _own_problems(question: Question, playbook: Playbook) -> Iterator[str]:
    if question.section not in playbook.sections:
        yield f"no section is called {question.section!r}"
    yield from (f"its need for {s} is missing" for s in Segment if s not in question.need)
    if question.asked_of not in _ASKED:
        yield f"nothing is asked of the {question.asked_of}"
    if (question.asked_of is Role.LEADER) != bool(question.confidential):
        yield "what is confidential is asked of the leader, and nothing else is"
    if question.reason and question.confidential:
        yield "it belongs to a reason or to a confidential one, not to both"
    for kind in question.records:
        if kind not in playbook.specs:
            yield f"lists {kind}, which [[records]] does not describe"
    if question.at_least and not question.records:
        yield "at_least counts records, and it lists none"
    if not (question.text_needed or question.parts or question.records):
        yield "without text it needs parts or records"
    for key, count in _twice(part.key for part in question.parts):
        yield f"part {key} stands {count} times"


def _shared(question: Question) -> Iterator[str]:
    once = question.once_per_book or any(part.once_per_book for part in question.parts)
    if once and question.asked_of is not Role.OUTGOING:
        yield "only what the outgoing CSM is asked is asked once per book"


def _covering(question: Question, playbook: Playbook) -> Iterator[str]:
    for key in question.covers:
        covered = playbook.by_id.get(key)
        if covered is None:
            yield f"covers {key}, which does not exist"
        elif covered is question:
            yield "covers itself"
        elif covered.asked_of is not question.asked_of:
            yield f"covers {key}, which is asked of the {covered.asked_of}"
        for other in playbook.questions[: playbook.questions.index(question)]:
            shared = [s for s in Segment if _joins(question, s) and _joins(other, s)]
            if shared and key in other.covers:
                yield f"covers {key} for {shared[0]}, which {other.id} covers already"


def _joins(question: Question, segment: Segment) -> bool:
    return question.need.get(segment) is Need.REQUIRED


def _strange_calls(playbook: Playbook) -> Iterator[str]:
    """Each call is a milestone; what a customer is invited to says so in words for customers."""
    milestones = {milestone.key: milestone for milestone in playbook.plan}
    for key, call in playbook.calls.items():
        if key not in milestones:
            yield f"calls {key}: no milestone is called so"
        elif (milestones[key].track is Track.CUSTOMER) != bool(call.summary.strip()):
            yield f"calls {key}: with the customer it has a summary, among us it has none"
        if not _blanks(call.summary) <= {"outgoing", "incoming", "account"}:
            yield f"calls {key}: a blank is none of {{outgoing}}, {{incoming}} and {{account}}"


def _blanks(text: str) -> set[str]:
    """The names of a text's blanks; one that is not well formed is called "{"."""
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        return {"{"}


def _unworded(wordings: Mapping[Reason, str]) -> Iterator[str]:
    """A text for every reason, with no other blanks than the two names."""
    for reason in Reason:
        text = wordings.get(reason, "")
        if not text.strip():
            yield f"wordings: {reason} is missing"
            continue
        if not _blanks(text) <= {"outgoing", "incoming"}:
            yield f"wordings: {reason} has a blank that is neither {{outgoing}} nor {{incoming}}"


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


def _telling(playbook: Playbook) -> Iterator[str]:
    """What is proposed to customers has none of the words that they are not to read."""
    texts = [(f"wordings: {reason}", text) for reason, text in playbook.wordings.items()]
    texts += [
        (f"letter {spec.key}", paragraph.text)
        for spec in playbook.letters
        for paragraph in spec.paragraphs
    ]
    for place, text in texts:
        said = words(signs(text))
        for name in LISTS:
            for word in playbook.leaks.found(name, said, ("outgoing", "incoming")):
                yield f"{place} says {word.text!r}, which leaks.{name} lists"


def _strange_parts(playbook: Playbook) -> Iterator[str]:
    """The parts that no stakeholder can play, and yet are named where they are introduced."""
    spec, rules = playbook.specs.get(RecordKind.STAKEHOLDER), playbook.coverage
    fields = spec.fields if spec else ()
    known = {option.value for part in fields if part.key == "type" for option in part.options}
    for name in dict.fromkeys([*rules.key, *rules.sponsors]):
        if known and name not in known:
            yield f"coverage: no stakeholder can be a {name!r}"


def _disorder(milestones: Milestones) -> Iterator[str]:
    plan = {name: getattr(milestones, name) for name in _NAMED}
    for name, days in plan.items():
        yield from (f"milestones.{name}: {s} is missing" for s in Segment if s not in days)
    for segment in Segment:
        order = [days[segment] for days in plan.values() if segment in days]
        if order != sorted(order):
            yield f"milestones: for {segment} they are not in order, {' <= '.join(plan)}"


def _twice(names: Iterable[str]) -> list[tuple[str, int]]:
    return [(name, count) for name, count in Counter(names).items() if count > 1]
