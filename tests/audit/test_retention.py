"""Nothing grows without bound: every table has a rule, which README tells and the ticks keep."""

import base64
import binascii
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, Table, create_engine, func, insert, select

from bot.custody.retention import Retention
from bot.desk import Desk, Receipt
from bot.playbooks import Playbooks, playbook_text
from flows.effects import Kind
from flows.events import Discarded
from storage import disturbances, install_states, tables, undelivered
from storage.engine import Database
from storage.moments import to_stored
from tests.audit.faults import faults
from tests.clock.test_sweeps import forget_jobs
from tests.clocks import HandClock
from tests.docs.test_readme import table as told_in_readme
from tests.make import LENA, NOW, make_started
from tests.storage.test_apart import their_row
from tests.wire.stage import list_leaders, question, staged

DAY = 24 * 3600 * 1_000_000
HANDOVERS = "handovers: documents, vault, journal, and what follows from them"
WORKSPACE = "settings, their journal, people, wishes, playbooks"
WEEK = (
    "replies that found their place, edits of messages that never came,"
    " how often somebody was disturbed"
)
TOLD = {
    HANDOVERS: (
        *("handovers", "vaults", "journal", "participants", "tasks", "reminders", "absences"),
        *("gaps", "digest_lines", "digest_readers", "canvases", "canvas_readers"),
    ),
    "books": ("books", "book_people"),
    "receipts of what Slack delivered": ("receipts",),
    "orders of messages, which hold no text": ("outbox",),
    "where other messages stand, like agendas and digests": ("posts",),
    WEEK: ("strays", "corrections", "disturbances"),
    "messages on their way into a pack": ("messages",),
    "installations under way": ("install_states",),
    WORKSPACE: ("workspaces", "people", "wishes", "playbooks"),
    "tokens": ("installations", "org_teams"),
    "all of a workspace that took the bot out": ("departures",),
    "whom the bot is forgetting": ("forgettings",),
    "which processes serve": ("replicas",),
    "that a workspace was forgotten: a digest of its id": ("forgotten_workspaces",),
}
NO_DATA = {"schema_serves"}


def test_every_table_has_a_rule_that_readme_tells() -> None:
    rows = told_in_readme("Audit and data protection")
    assert set(TOLD) <= set(rows)
    ruled = [name for names in TOLD.values() for name in names]
    assert sorted(ruled) == sorted(set(tables.metadata.tables) - NO_DATA)


AGES: list[tuple[Table, dict[str, Any], float]] = [
    # What is as old as this is just kept, and a day later it is not.
    (tables.receipts, {"at": 0}, 7),
    (tables.strays, {"at": 0, "handover": "H1"}, 7),
    (tables.strays, {"at": 0, "handover": None}, 90),
    (tables.corrections, {"at": 0}, 7),
    (tables.disturbances, {"at": 0}, 7),
    (tables.messages, {"at": 0}, 1),
    (tables.posts, {"handover": ""}, 90),
    (tables.outbox, {"done_at": 0, "state": "done"}, 30),
    (tables.install_states, {"expires_at": 0}, 0),
]


@pytest.mark.parametrize(
    ("table", "what", "days"), AGES, ids=[f"{table.name}-{days}" for table, _, days in AGES]
)
def test_what_is_too_old_goes_and_no_sooner(
    sqlite_url: str, table: Table, what: dict[str, Any], days: float
) -> None:
    database, clock = Database(sqlite_url), HandClock(NOW)
    now = to_stored(NOW)

    def left(age: float) -> int:
        moment = now - int(age * DAY)
        row = their_row(table) | {
            name: moment if name.endswith("at") else value for name, value in what.items()
        }
        if table is tables.posts:
            row["ts"] = f"{moment / 1_000_000:.6f}"
        if "team" not in table.c:
            row.pop("team")
        with database.write() as connection:
            connection.execute(table.delete())
            connection.execute(insert(table).values(row))
        Retention(database, clock).tidy()
        with database.write() as connection:
            undelivered.forget(connection, now - 30 * DAY)
            install_states.forget(connection, now)
        with database.read() as connection:
            return len(connection.execute(select(table)).all())

    assert left(days - 0.01) == 1
    assert left(days + 0.01) == 0
    database.close()


def test_a_handover_that_is_over_goes_by_the_policy_and_is_noted(database_url: str) -> None:
    database, clock = Database(database_url), HandClock(NOW)
    playbooks = Playbooks(playbook_text(None))
    desk = Desk(
        database, playbooks, clock, iter(f"{n:020}" for n in range(10_000)).__next__, forget_jobs
    )
    for name in ("H1", "H2"):
        draft = make_started(id=name, account=name, playbook=playbooks.name, draft=True)
        desk.start(Receipt("T1", name), draft, None)
    desk.record(Receipt("T1", "away"), "H1", Discarded(at=NOW, by=LENA))

    def ids() -> set[str]:
        with database.read() as connection:
            return set(connection.execute(select(tables.handovers.c.id)).scalars())

    clock.advance(timedelta(days=100).total_seconds())
    Retention(database, clock).tidy()
    Retention(database, clock, timedelta(days=101)).tidy()
    assert ids() == {"H1", "H2"}
    Retention(database, clock, timedelta(days=99)).tidy()
    assert ids() == {"H2"}, "what is not over stays, however old"
    with database.read() as connection:
        journal = tables.journal
        types = select(journal.c.type, journal.c.by).where(journal.c.aggregate == "workspace")
        assert connection.execute(types).all() == [("handover_erased", "clock")]
        assert "H1" not in connection.execute(select(journal.c.handover)).scalars().all()
    assert faults(database) == []
    database.close()


def test_all_that_are_over_go_however_many(sqlite_url: str) -> None:
    """More than are looked for at a time, and more than are erased in one transaction."""
    database, clock = Database(sqlite_url), HandClock(NOW)
    row = their_row(tables.handovers) | {"stage": "complete", "due_at": None, "book": None}
    teams = {"T1": 501, "T2": 22}
    with database.write() as connection:
        for team, many in teams.items():
            for n in range(many):
                one = row | {"team": team, "id": f"H{n}", "updated_at": to_stored(NOW)}
                connection.execute(insert(tables.handovers).values(one))
    clock.advance(timedelta(days=10).total_seconds())
    Retention(database, clock, timedelta(days=9)).tidy()
    with database.read() as connection:
        assert connection.execute(select(tables.handovers.c.id)).all() == []
        by_team = select(tables.journal.c.team, func.count()).group_by(tables.journal.c.team)
        assert dict(connection.execute(by_team).all()) == teams
    assert faults(database) == []
    database.close()


def test_orders_and_jobs_hold_no_text_and_no_person_is_named_to_the_engine(sqlite_url: str) -> None:
    said = "Foxglove decides everything there"
    with staged(sqlite_url) as play:
        list_leaders(play)
        play.start()
        play.ivan.dm().wait("take Northwind over").click("Accept handover")
        question(play.olga, "1 of 12").reply(said)
        play.rest()
        url = play.bot.database.url
        people = [play.olga.id, play.ivan.id, play.lena.id]
    files = [
        file for file in Path(str(url.database)).parent.glob("*.db") if file.name != "handover.db"
    ]
    assert files
    engine = [value for file in files for value in texts(f"sqlite:///{file}")]
    assert engine
    assert not [
        value for value in engine if any(sign in value for sign in (said, "Foxglove", *people))
    ]
    names = ("outbox", "posts", "disturbances", "receipts", "tasks", "reminders")
    rows = texts(str(url), names)
    assert Kind.QUESTION.value in rows
    assert not [value for value in rows if "Foxglove" in value or "Northwind" in value]


def texts(url: str, only: tuple[str, ...] = ()) -> list[str]:
    """Every text of some tables, what is packed unpacked."""
    database, known, found = create_engine(url), MetaData(), list[str]()
    known.reflect(database)
    with database.connect() as connection:
        for table in known.sorted_tables:
            if not only or table.name in only:
                for row in connection.execute(select(table)):
                    found += [value for value in row if isinstance(value, str)]
    database.dispose()
    for value in [*found]:
        try:
            found.append(base64.b64decode(value, validate=True).decode("latin-1"))
        except (binascii.Error, ValueError):
            continue
    return found


def test_orders_are_forgotten_in_parts_up_to_the_first_that_is_young(database_url: str) -> None:
    """Nobody looks through those of the last weeks, of which there are millions."""
    database = Database(database_url)
    rows = [
        their_row(tables.outbox)
        | {"id": number, "key": f"K{number}", "created_at": number, "done_at": done, "state": state}
        for number, done, state in (
            *((1, 2, "done"), (2, None, "pending"), (3, 99, "dead"), (4, 5, "dropped")),
            *((5, 50, "done"), (6, 60, "done")),
        )
    ]
    with database.write() as connection:
        connection.execute(insert(tables.outbox), rows)
        goes_on = [undelivered.forget(connection, 50, after, most=2) for after in (0, 2, 4, 6)]
        assert goes_on == [2, 4, 6, None]
        left = connection.execute(select(tables.outbox.c.id)).scalars().all()
        assert sorted(left) == [2, 3, 5, 6]
        assert undelivered.forget(connection, 3, most=2) is None
    database.close()


def test_however_much_there_is_goes_in_parts(database_url: str) -> None:
    database = Database(database_url)
    several = 2500
    row = their_row(tables.disturbances) | {"at": 0}
    with database.write() as connection:
        connection.execute(
            insert(tables.disturbances),
            [row | {"number": n, "key": str(n)} for n in range(several)],
        )
        assert disturbances.forget(connection, 1) < several
    Retention(database, HandClock(NOW)).tidy()
    with database.read() as connection:
        assert connection.execute(select(tables.disturbances)).all() == []
    database.close()
