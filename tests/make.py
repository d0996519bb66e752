"""Handovers for tests, made the way real ones are: by events."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.resources import files

from flows import events as e
from flows.advance import advance, start
from flows.confidential.vault import Vault
from flows.handover import Given, Handover, Party, Said, Telling, When
from flows.playbook import Playbook, Question, read_playbook
from flows.terms import DateIs, PartKind, Reason, RecordKind, Role, Segment

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
AMPLE = date(2027, 2, 26)
"""A last day with time for the full plan, so that all is asked, and in its order."""
OLGA, IVAN, LENA, KIM = "U0OLGA", "U0IVAN", "U0LENA", "U0KIM"
PEOPLE = {OLGA: "Olga", IVAN: "Ivan", LENA: "Lena", KIM: "Kim"}


@cache
def default_playbook() -> Playbook:
    return read_playbook(files("flows").joinpath("playbook.toml").read_text(encoding="utf-8"))


def name_of(user: str) -> str:
    return PEOPLE.get(user, user)


def make_started(**changes: object) -> e.Started:
    """Olga hands Northwind to Ivan; Lena leads."""
    now = Telling(when=When.NOW)
    known: dict[str, object] = {
        "at": NOW,
        "by": LENA,
        "id": "H1",
        "team": "T1",
        "playbook": "P1",
        "today": NOW.date(),
        "account": "Northwind",
        "segment": Segment.SMB,
        "reason": Reason.ATTRITION,
        "outgoing": Party(user=OLGA, name="Olga"),
        "incoming": Party(user=IVAN, name="Ivan"),
        "leader": LENA,
        "day": date(2026, 12, 8),
        "day_is": DateIs.LAST_DAY,
        "tellings": {Role.OUTGOING: now, Role.INCOMING: now},
    }
    return e.Started.model_validate(known | changes)


def make_handover(
    then: Iterable[e.Event] = (), playbook: Playbook | None = None, **changes: object
) -> Handover:
    """A handover that was started, and what happened to it since."""
    book = playbook or default_playbook()
    handover = start(make_started(**changes), book).handover
    for event in then:
        handover = advance(handover, event, book).handover
    return handover


def make_vault(**changes: object) -> Vault:
    return Vault.model_validate({"handover": "H1", "team": "T1"} | changes)


def reply(question: str, text: str, by: str = OLGA, minutes: int = 1) -> e.AnswerGiven:
    """A message in the thread."""
    at = NOW + timedelta(minutes=minutes)
    said = Said(source=f"{at.timestamp():.6f}", text=text)
    return e.AnswerGiven(at=at, by=by, question=question, said=said)


def record(
    kind: RecordKind, question: str, number: int = 1, by: str = OLGA, **details: str
) -> e.RecordAdded:
    at = NOW + timedelta(minutes=number)
    return e.RecordAdded(
        at=at, by=by, id=f"R{number}", question=question, kind=kind, details=details
    )


def answer_all(handover: Handover, user: str = OLGA, text: str = "A line.") -> Handover:
    """Answer whatever is put to somebody until nothing is."""
    book = default_playbook()
    minute = 0
    while key := handover.interviews[user].current:
        minute += 1
        for event in answers(book.by_id[key], user, minute, text):
            handover = advance(handover, event, book).handover
    return handover


def answers(question: Question, user: str, minute: int, text: str) -> list[e.Event]:
    """What answers one question in full: a reply, and every required part."""
    at = NOW + timedelta(minutes=minute)
    typed = "\n".join(["Ana – head of support"] * 5) if question.records else text
    found: list[e.Event] = [
        e.ValueGiven(
            at=at,
            by=user,
            question=question.id,
            part=part.key,
            given=_given(part.kind, part.options[0].value if part.options else ""),
        )
        for part in question.parts
        if part.required
    ]
    return [*found, reply(question.id, typed, user, minute)]


def _given(kind: PartKind, choice: str) -> Given:
    samples = {
        PartKind.CHOICE: choice,
        PartKind.DATE: "2026-12-01",
        PartKind.NUMBER: "60",
        PartKind.PEOPLE: KIM,
        PartKind.LINK: "https://example.com",
        PartKind.TEXT: "text",
    }
    return Given(values=(samples[kind],))
