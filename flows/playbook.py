"""What is asked of whom: the model of a playbook and its checks.

A playbook is data. The default one is `playbook.toml` beside this file; a team may bring its own.
Questions carry the ids of the published question set (SN1 ... UP3), so that every line of the two
articles the product stands on can be traced to where it is asked.
"""

import hashlib
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cached_property

from pydantic import Field, ValidationError, model_validator

from flows.errors import PlaybookError
from flows.frozen import Frozen
from flows.terms import Confidential, Need, PartKind, Reason, RecordKind, Role, Segment


class Option(Frozen):
    """One choice: what is stored and what people read."""

    value: str = Field(pattern=r"^[a-z0-9_]+$", max_length=30)
    label: str = Field(min_length=1, max_length=75)


class Part(Frozen):
    """One structured part of an answer, or one field of a record.

    A NUMBER may want the date it was true (`as_of`), PEOPLE are picked from the workspace.
    """

    key: str = Field(pattern=r"^[a-z_]+$", max_length=30)
    kind: PartKind
    label: str = Field(min_length=1, max_length=100)
    options: tuple[Option, ...] = ()
    required: bool = True
    as_of: bool = False
    hint: str = Field(default="", max_length=150)

    @model_validator(mode="after")
    def _options_belong_to_choices(self) -> "Part":
        if (self.kind is PartKind.CHOICE) != bool(self.options):
            raise ValueError(f"part {self.key}: a choice has options, nothing else has")
        return self


class Question(Frozen):
    """One thing to be asked.

    Every question takes free text; `parts` are asked besides it, each one tap or one field.
    `text_needed` is false where the parts alone make a whole answer. `records` are the kinds of
    records that answer it. `covers` names the base questions that a joined prompt stands for.
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
    at_least: dict[Segment, int] = {}
    covers: tuple[str, ...] = ()
    sensitive: bool = False
    after_pack: bool = False
    minutes: float = Field(default=1.5, gt=0, le=30)


class RecordSpec(Frozen):
    """How a kind of record is called and which fields it has; the first field is its title."""

    kind: RecordKind
    one: str
    many: str
    fields: tuple[Part, ...] = Field(min_length=1)


class Milestones(Frozen):
    """When things are due, in working days from the start (M1, M2, M11)."""

    accept: dict[Segment, int]
    pack: dict[Segment, int]
    switch: dict[Segment, int]
    silent_incoming_to_leader: int = Field(default=2, ge=1)


class Playbook(Frozen):
    """A whole playbook, checked."""

    version: int = 1
    sections: tuple[str, ...] = Field(min_length=1)
    questions: tuple[Question, ...] = Field(min_length=1)
    records: tuple[RecordSpec, ...]
    milestones: Milestones

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
        return Playbook.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise PlaybookError([f"not TOML: {error}"]) from error
    except ValidationError as error:
        problems = [
            f"{'.'.join(str(step) for step in problem['loc'])}: {problem['msg']}"
            for problem in error.errors()
        ]
        raise PlaybookError(problems) from error


def fingerprint(text: str) -> str:
    """Name a playbook by its content; a handover keeps the one that it was started with."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _problems(playbook: Playbook) -> Iterator[str]:
    ids = Counter(question.id for question in playbook.questions)
    yield from (f"question {key} stands {count} times" for key, count in ids.items() if count > 1)
    described = {spec.kind for spec in playbook.records}
    for question in playbook.questions:
        if question.section not in playbook.sections:
            yield f"question {question.id}: no section is called {question.section!r}"
        for covered in question.covers:
            if covered not in ids:
                yield f"question {question.id} covers {covered}, which does not exist"
        for kind in question.records:
            if kind not in described:
                yield f"question {question.id} lists {kind}, which [[records]] does not describe"
        keys = Counter(part.key for part in question.parts)
        yield from (
            f"question {question.id}: part {key} stands {count} times"
            for key, count in keys.items()
            if count > 1
        )
    for name in ("accept", "pack", "switch"):
        days: dict[Segment, int] = getattr(playbook.milestones, name)
        yield from (f"milestones.{name}: {s} is missing" for s in Segment if s not in days)
