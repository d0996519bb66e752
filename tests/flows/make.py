"""Makes handovers for tests and plays what happens to them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib.resources import files
from typing import Any

import pytest

from flows import events as e
from flows.advance import advance, start
from flows.effects import Effect, Kind, Post
from flows.errors import FlowError
from flows.handover import Answer, Given, Handover, Interview, Party, Said, Telling, When
from flows.knowledge.interview import fewest_records, missing_parts
from flows.playbook import Part, Playbook, Question, read_playbook
from flows.terms import DateIs, PartKind, Reason, Role, Segment

PLAYBOOK = read_playbook(files("flows").joinpath("playbook.toml").read_text(encoding="utf-8"))

IVAN, OLGA, LENA, BORIS, KIM, ZOE = ("UIVAN", "UOLGA", "ULENA", "UBORIS", "UKIM", "UZOE")
"""Outgoing and incoming CSM, leader, backup, another CSM and a stranger."""

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NOW = Telling(when=When.NOW)
NEVER = Telling(when=When.NEVER)
TOLD = {Role.OUTGOING: NOW, Role.INCOMING: NOW}


def later(days: float) -> Telling:
    return Telling(when=When.LATER, at=MONDAY + timedelta(days=days))


def party(user: str | None, name: str = "") -> Party:
    return Party(user=user, name=name or (user or "somebody").removeprefix("U").title())


def made_form(**change: object) -> dict[str, object]:
    """What the form of `made_start` says, with changes."""
    said = made_start().model_dump()
    names = set(e.FormFilled.model_fields) - set(e.Happened.model_fields)
    return {name: said[name] for name in names} | change


def made_start(**change: object) -> e.Started:
    """The start of an SMB handover from Ivan to Olga, led by Lena; Ivan started it."""
    usual: dict[str, object] = {
        "at": MONDAY,
        "by": IVAN,
        "id": "H1",
        "team": "T1",
        "playbook": "p",
        "today": MONDAY.date(),
        "account": "Northwind",
        "segment": Segment.SMB,
        "reason": Reason.REASSIGNMENT,
        "outgoing": party(IVAN),
        "incoming": party(OLGA),
        "leader": LENA,
        "backup": BORIS,
        "day": date(2026, 12, 18),
        "day_is": DateIs.SWITCH_BY,
        "arr": Decimal("48000.50"),
        "tellings": TOLD,
    }
    return e.Started.model_validate(usual | change)


class Story:
    """A handover and what has happened to it so far."""

    def __init__(self, playbook: Playbook = PLAYBOOK, **change: object) -> None:
        self.playbook = playbook
        self.at = MONDAY
        self.messages = 0
        first = made_start(**change)
        step = start(first, playbook)
        self.journal: list[e.Event] = [first]
        self.handover: Handover = step.handover
        self.effects: tuple[Effect, ...] = step.effects

    def event(self, kind: type[e.Happened], by: str, /, **fields: object) -> Any:  # noqa: ANN401 - any event
        return kind.model_validate({"at": self.at, "by": by} | fields)

    def does(self, by: str, kind: type[e.Happened], /, **fields: object) -> tuple[Effect, ...]:
        """Somebody does something; a minute passes."""
        self.at += timedelta(minutes=1)
        event = self.event(kind, by, **fields)
        step = advance(self.handover, event, self.playbook)
        self.journal.append(event)
        self.handover, self.effects = step.handover, step.effects
        return step.effects

    def refuses(self, by: str, kind: type[e.Happened], /, **fields: object) -> str:
        """Somebody tries something that is refused; gives the code."""
        before = self.handover.model_dump_json()
        with pytest.raises(FlowError) as refused:
            self.does(by, kind, **fields)
        assert self.handover.model_dump_json() == before
        return refused.value.code

    def ignores(self, by: str, kind: type[e.Happened], /, **fields: object) -> None:
        """Somebody does something that changes nothing and asks for nothing."""
        before = self.handover
        assert self.does(by, kind, **fields) == ()
        assert self.handover is before

    def waits(self, **time: float) -> tuple[Effect, ...]:
        """Time passes, and the clock says so."""
        self.at += timedelta(**time)
        return self.does(e.CLOCK, e.TimePassed)

    def says(self, by: str, text: str, question: str = "", **fields: object) -> str:
        """Somebody replies, by default to the question that is open; gives the message's ts."""
        self.messages += 1
        source = f"1795400000.{self.messages:06}"
        said = Said.model_validate({"source": source, "text": text} | fields)
        self.does(by, e.AnswerGiven, question=question or self.open(by), said=said)
        return said.source

    def gives(self, by: str, part: str, *values: str, question: str = "") -> None:
        self.does(
            by,
            e.ValueGiven,
            question=question or self.open(by),
            part=part,
            given=Given(values=values),
        )

    def interview(self, by: str) -> Interview:
        return self.handover.interviews[by]

    def open(self, by: str) -> str:
        """The question that stands open for somebody."""
        current = self.interview(by).current
        assert current, f"no question is open for {by}"
        return current

    def answer(self, question: str) -> Answer:
        return self.handover.answers[question]

    def texts(self, question: str) -> list[str]:
        found = self.handover.answers.get(question)
        return [said.text for said in found.said] if found else []

    def titles(self, question: str) -> list[str]:
        """The titles of the records of a question."""
        found = [r for r in self.handover.records if r.question == question]
        return [next(iter(record.details.values())) for record in found]

    def answers(self, by: str, question: str = "") -> None:
        """Somebody answers the open question (or another one) fully."""
        key = question or self.open(by)
        found = self.playbook.by_id[key]
        missing = missing_parts(found, self.handover.answers.get(key))
        for part in missing:
            self.gives(by, part.key, fitting(part), question=key)
        if found.text_needed or found.records or not missing:
            self.says(by, self.words(found), question=key)

    def words(self, question: Question) -> str:
        count = fewest_records(self.handover, question) if question.records else 1
        return "\n".join(f"{question.id} line {number}" for number in range(1, count + 1))

    def answers_everything(self, by: str) -> list[str]:
        """Somebody answers until no question is open; gives the questions in order."""
        put = []
        while key := self.interview(by).current:
            put.append(key)
            self.answers(by)
        return put


def fitting(part: Part) -> str:
    """A value that fits a part."""
    match part.kind:
        case PartKind.CHOICE:
            return part.options[0].value
        case PartKind.DATE:
            return "2026-12-18"
        case PartKind.NUMBER:
            return "48k"
        case PartKind.PEOPLE:
            return KIM
        case PartKind.TEXT | PartKind.LINK:
            return "https://docs.example.com/chart"


def posts(effects: tuple[Effect, ...], to: str = "") -> list[Kind | tuple[Kind, str]]:
    """What is posted, to somebody or to all: the kind, with its subject where it has one."""
    return [
        (effect.kind, effect.subject) if effect.subject else effect.kind
        for effect in effects
        if isinstance(effect, Post) and effect.to == (to or effect.to)
    ]
