"""What a load balancer asks of a replica, and what it must not be taken out for."""

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import Engine, event, text, update

from bot.clock import READY_PERIODS
from bot.health import Finding, pages
from bot.times import SystemClock
from bot.watch.requests import described
from bot.watch.wellness import FRESH_SECONDS, Looks
from storage.engine import Database
from storage.schema import HEAD
from storage.tables import schema_serves
from tests.wire.stage import Stage, list_leaders, sqlite_url, staged

WRITTEN = "Their CFO dislikes us"
OURS = {"command", "click", "submission", "shortcut", "message", "other"}


class _Ahead(SystemClock):
    """The real clocks, and later on so many seconds ahead of them; or one moment that lasts."""

    ahead = 0.0
    lasts: float | None = None

    def monotonic(self) -> float:
        return (super().monotonic() if self.lasts is None else self.lasts) + self.ahead


def ready(stage: Stage) -> tuple[int, dict[str, Any]]:
    address = stage.house.url.replace("/slack/events", "/readyz")
    try:
        with urlopen(address) as answer:  # noqa: S310
            return answer.status, json.loads(answer.read())
    except HTTPError as error:
        return error.code, json.loads(error.read())


def later(clock: _Ahead) -> None:
    """What was found is not fresh any more."""
    clock.ahead += FRESH_SECONDS


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """Whatever the databases are asked."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield asked
    event.remove(Engine, "before_cursor_execute", note)


def test_a_replica_that_works_is_ready_and_says_since_when(
    tmp_path: Path, statements: list[str]
) -> None:
    clock = _Ahead()
    with staged(sqlite_url(tmp_path), clock) as stage:
        later(clock)
        clock.lasts = SystemClock().monotonic()
        statements.clear()
        status, said = [ready(stage) for _ in range(5)][-1]
        looks = [one for one in statements if "schema_serves" in one]
        clock.lasts = None
    assert (status, said["ready"]) == (200, True)
    # Five probes of five checks within a second are one question.
    assert len(looks) == 1
    found = said["checks"]
    assert {name: sorted(set(one) - {"grade", "says"}) for name, one in found.items()} == {
        "database": ["seconds"],
        "schema": ["needed", "revision"],
        "ticks": ["seconds_since"],
        "engine": ["running", "waiting"],
        "messages": ["dead", "oldest_seconds", "overdue_seconds", "pending", "waiting_for_token"],
    }
    assert set(found["ticks"]["seconds_since"]) >= {"due", "reminders", "delivery"}


def test_a_slack_that_takes_nothing_takes_no_replica_out(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        seen = Event()
        stage.slack.fault(
            "chat.postMessage", "ratelimited", times=10_000, where=lambda _: not seen.is_set()
        )
        list_leaders(stage)
        stage.until(lambda: ready(stage)[1]["checks"]["messages"]["pending"] > 0)
        assert ready(stage)[0] == 200
        seen.set()


def test_a_tick_that_is_late_and_a_schema_that_is_too_new_take_it_out(tmp_path: Path) -> None:
    clock = _Ahead()
    with staged(sqlite_url(tmp_path), clock) as stage:
        clock.ahead += READY_PERIODS * stage.house.settings.lease_seconds / 4 + 1
        status, said = ready(stage)
        assert (status, said["ready"]) == (503, False)
        assert said["checks"]["ticks"]["says"] == "late: delivery"
        migrated(stage, "0999")
        later(clock)
        assert "too new" in ready(stage)[1]["checks"]["schema"]["says"]
        migrated(stage, HEAD)


def migrated(stage: Stage, revision: str) -> None:
    with stage.bot.database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :r"), {"r": revision})
        connection.execute(update(schema_serves).values(oldest=revision))


def test_a_database_that_is_away_takes_it_out_and_leaves_gaps_in_the_figures() -> None:
    looks = Looks(Database("postgresql+psycopg://nobody@127.0.0.1:1/nothing"), SystemClock())

    def check() -> Finding:
        looks.now()
        return Finding()

    status, _, said = pages({"database": check}, CollectorRegistry())["/readyz"]()
    assert status == 503
    assert json.loads(said)["checks"]["database"] == {"grade": "wrong", "says": "StorageBusyError"}


@pytest.mark.parametrize(
    "body",
    [
        {"type": "block_actions", "actions": [{"action_id": WRITTEN}]},
        {"type": "block_actions", "actions": [WRITTEN]},
        {"type": "block_actions", "actions": WRITTEN},
        {"type": "view_submission", "view": {"callback_id": WRITTEN}},
        {"type": "view_submission", "view": WRITTEN},
        {"type": "message_action", "callback_id": WRITTEN},
        {"type": "event_callback", "event": {"type": WRITTEN}},
        {"type": "event_callback", "event": WRITTEN},
        {"type": "event_callback", "event": {"type": "message", "subtype": WRITTEN}},
        {"type": WRITTEN},
        {"type": [WRITTEN]},
        {"command": "/handover", "text": WRITTEN},
        {"command": WRITTEN, "text": [WRITTEN]},
    ],
)
def test_a_request_is_told_in_words_of_ours_whatever_it_says(body: dict[str, Any]) -> None:
    assert not {"Their", "CFO", "their"} & set(" ".join(described(body)).split())
    assert all(word == "" or word in OURS for word in described(body))
