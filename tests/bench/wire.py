"""Over HTTP in the sandbox: how long a person waits for the next question, and many at once."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from bot.desk import Receipt
from bot.sandbox import Message, Person
from flows.handover import Party
from storage import handovers
from tests.bench.figures import Figure, percentile, spread
from tests.make import make_started
from tests.wire.stage import Stage, list_leaders, sqlite_url, staged

ACCOUNTS, ANSWERS_EACH = ("Northwind", "Fabrikam"), 35
PERSONS, ROUNDS = 64, 3
PATIENCE = 30.0
ANSWER = "I don't know"


def figures(folder: Path) -> Iterator[Figure]:
    """Both figures, each on an empty database."""
    for name, figure in (("one", _next_question), ("many", _many_at_once)):
        place = folder / name
        place.mkdir()
        # As operators have it; tests look for work more often.
        with staged(sqlite_url(place), HANDOVER_POLL_SECONDS=0.25) as stage:
            yield figure(stage)


def _next_question(stage: Stage) -> Figure:
    list_leaders(stage)
    waits: list[float] = []
    for account in ACCOUNTS:
        stage.start(account, segment="Enterprise")
        asked = question(stage.olga)
        for place in range(ANSWERS_EACH):
            # People do not answer in step with the engine's poll.
            stage.slack.idle(0.05 + place % 7 * 0.043)
            began = time.perf_counter()
            asked.click(ANSWER)
            asked = question(stage.olga, since=asked)
            waits.append(time.perf_counter() - began)
    half, most = percentile(waits, 0.5), percentile(waits, 0.99)
    return Figure(
        "answer → next question over HTTP, idle",
        "p50 ≤ 0.5 s, p99 ≤ 1.5 s",
        f"p50 {half:.2f} s, p99 {most:.2f} s",
        half <= 0.5 and most <= 1.5,
        spread(waits),
    )


@dataclass(frozen=True)
class Interviewed:
    """Somebody with a handover and its first question in front of them."""

    person: Person
    handover: str


def _many_at_once(stage: Stage) -> Figure:
    people = [interviewed(stage, number) for number in range(PERSONS)]
    asked = [question(one.person) for one in people]
    before = len(stage.slack.deliveries)
    for _ in range(ROUNDS):
        stage.slack.idle()
        at_once(asked)
        pairs = zip(people, asked, strict=True)
        asked = [question(one.person, since=before) for one, before in pairs]
    acks = [d for d in stage.slack.deliveries[before:] if d.kind == "interactive"]
    errors = sum(ack.status != 200 for ack in acks)
    lost = sum(ROUNDS - _answers(stage, one.handover) for one in people)
    most = percentile([ack.seconds for ack in acks], 0.99)
    return Figure(
        f"{PERSONS} persons answering at once over HTTP",
        "p99 of the ack < 1 s, 0 errors, 0 lost",
        f"p99 {most:.2f} s, {errors} errors, {lost} lost",
        most < 1 and not errors and not lost,
        spread([ack.seconds for ack in acks]),
    )


def interviewed(stage: Stage, number: int) -> Interviewed:
    """Somebody new with a handover that has just started."""
    person = stage.slack.person(f"Person {number}")
    office = stage.bot.offices.of(stage.slack.team_id)
    assert office
    office.roster.meet({person.id})
    event = make_started(
        id=f"H{number}",
        by=stage.lena.id,
        team=stage.slack.team_id,
        playbook=stage.bot.desk.playbooks.name,
        account=f"Account {number}",
        outgoing=Party(user=person.id, name=person.name),
        incoming=Party(user=stage.ivan.id, name=stage.ivan.name),
        leader=stage.lena.id,
    )
    stage.bot.desk.start(Receipt(event.team, event.id), event, None)
    return Interviewed(person, event.id)


def at_once(asked: list[Message]) -> None:
    """Everybody answers in the same moment, each in a thread of their own."""
    line = threading.Barrier(len(asked))

    def click(one: Message) -> None:
        line.wait(PATIENCE)
        one.click(ANSWER)

    with ThreadPoolExecutor(len(asked)) as pool:
        list(pool.map(click, asked))


def question(person: Person, since: Message | None = None) -> Message:
    """The open question, once it stands there; with `since` only one that came later."""
    dm = person.dm()

    def newest() -> Message | None:
        found = dm.every_message
        came = found and (since is None or found[-1].ts > since.ts)
        return found[-1] if came and ANSWER in found[-1].buttons else None

    found = dm.wait_until(newest, "a question", PATIENCE)
    assert isinstance(found, Message)
    return found


def _answers(stage: Stage, handover: str) -> int:
    with stage.bot.database.read() as connection:
        stored = handovers.load(connection, stage.slack.team_id, handover)
    return len(stored.value.answers) if stored else 0
