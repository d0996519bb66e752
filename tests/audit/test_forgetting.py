"""Somebody is forgotten: no row of any table knows them, and every journal is still whole."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, create_engine, func, insert, select
from sqlalchemy.event import listen

from bot.crash import set_crash
from bot.custody.forgetting import forget_person, forget_workspace, is_known
from bot.delivery.dbos_store import SCHEMA
from bot.desk import Receipt
from bot.roster import stranger
from bot.views.blocks import user_select, users_select
from flows.advance import replay
from flows.audit.forgetting import Forgetting
from flows.confidential.listening_events import PointRaised
from flows.events import Accepted, AnswerGiven, Asked, Event
from flows.handover import Said, Stage
from flows.nudges.reminders import Wishes
from storage import (
    forgetting,
    handovers,
    journal,
    people,
    strays,
    tables,
    taking_out,
    wishes,
    workspaces,
)
from storage.people import Person
from storage.tables import forgotten_workspaces, metadata, outbox
from storage.workspaces import Workspace
from tests.audit.faults import faults
from tests.flows.books import made_row
from tests.flows.make import BORIS, IVAN, LENA, OLGA, party
from tests.make import NOW, default_playbook
from tests.storage.test_books import TEAM, Shelf

NAME = 'Ólga "Ol" Costa'

PLACES = [f"turn.committed:{number}" for number in (1, 2, 4, 7)]


class StoppedError(Exception):
    """The process ended here."""


@pytest.fixture
def shelf(database_url: str) -> Iterator[Shelf]:
    """Three accounts that Ivan hands to Olga; she and others wrote her name all over the place."""
    shelf = Shelf(database_url)
    incoming = party(OLGA).model_copy(update={"name": NAME})
    shelf.begun([made_row(n, incoming=incoming) for n in (1, 2, 3)])
    shelf.books.carry(TEAM, "B1")
    with shelf.database.write() as connection:
        for user, name in ((OLGA, NAME), (IVAN, "Ivan Petrov"), (LENA, "Lena"), (BORIS, "Will")):
            people.keep(connection, Person(TEAM, user, name), 0)
        people.keep_channel(connection, TEAM, OLGA, "D0OLGA")
        chosen = Workspace(team=TEAM, leaders=(LENA, OLGA))
        workspaces.keep(connection, chosen, OLGA, NOW)
        wishes.keep(connection, TEAM, OLGA, Wishes())
        said = Said(source="1.1", text=f"I, {NAME}, said so", by=OLGA)
        strays.keep(connection, TEAM, "D0OLGA", OLGA, said, 1)
        theirs = Said(source="1.2", text=f"Ask <@{OLGA}|ol> or {NAME.upper()}", by=IVAN)
        strays.keep(connection, TEAM, "D0IVAN", IVAN, theirs, 1)
    for number, one in enumerate(shelf.handovers()):
        at = shelf.clock.now()
        words = Said(source=f"1795400000.00000{number}", text=f"{NAME}'s plan, see <@{OLGA}>")
        events: list[Event] = [
            Accepted(at=at, by=OLGA),
            AnswerGiven(at=at, by=IVAN, question="S1", said=words),
            Asked(at=at, by=OLGA, id=f"A{number}", text="Who decides there?"),
        ]
        for act, event in enumerate(events):
            shelf.desk.record(Receipt(TEAM, f"{number}-{act}"), one.id, event)
        point = PointRaised(
            at=at, by=LENA, id="P1", said=f"{NAME} was late", owner=LENA, due=at.date()
        )
        shelf.desk.record_in_vault(Receipt(TEAM, f"v{number}"), one.id, point)
    yield shelf
    set_crash("")
    shelf.database.close()


def texts(shelf: Shelf) -> list[tuple[str, str]]:
    """Every text of every table, with the table; the engine's too."""
    engine = create_engine(shelf.database.url)
    urls = [engine]
    if shelf.database.is_sqlite:
        urls += [create_engine(f"sqlite:///{file}") for file in _engine_files(shelf)]
    found = []
    for database in urls:
        known = MetaData()
        known.reflect(database)
        if not shelf.database.is_sqlite:
            known.reflect(database, schema=SCHEMA)
        with database.connect() as connection:
            for table in known.sorted_tables:
                for row in connection.execute(select(table)):
                    found += [(table.name, value) for value in row if isinstance(value, str)]
        database.dispose()
    return found


def _engine_files(shelf: Shelf) -> list[str]:
    own = Path(str(shelf.database.url.database))
    return [str(file) for file in own.parent.glob("*.db") if file != own]


def knows(shelf: Shelf, *signs: str) -> set[str]:
    """The tables in which one of these words stands."""
    return {
        table
        for table, value in texts(shelf)
        if any(sign.casefold() in value.casefold().replace('\\"', '"') for sign in signs)
    }


def forget(shelf: Shelf) -> str:
    return forget_person(shelf.desk, TEAM, OLGA, (), "operator").alias


def test_nothing_stored_knows_them_and_every_journal_is_whole(shelf: Shelf) -> None:
    assert {"handovers", "vaults", "books", "journal", "people", "tasks"} <= knows(
        shelf, OLGA, NAME
    )
    assert faults(shelf.database) == []
    before = {one.id: one for one in shelf.handovers()}
    alias = forget(shelf)
    assert knows(shelf, OLGA, NAME, "D0OLGA") == set()
    assert faults(shelf.database) == []
    for one in shelf.handovers():
        assert one.incoming
        assert (one.incoming.user, one.incoming.name) == (alias, alias)
        assert one.answers["S1"].said[0].text == f"{alias}'s plan, see {alias}"
        assert one.answers["S1"].by == before[one.id].answers["S1"].by == IVAN
        with shelf.database.read() as connection:
            events = journal.events_of(connection, TEAM, one.id)
        # What happened is what would have happened to somebody of that name.
        assert replay(events, default_playbook()) == one
    with shelf.database.read() as connection:
        assert workspaces.find(connection, TEAM).leaders == (LENA,)
        assert people.find(connection, TEAM, BORIS) is not None


def test_whoever_is_stopped_goes_on_under_the_same_alias(shelf: Shelf) -> None:
    stopped = 0

    def stop() -> None:
        raise StoppedError

    for place in PLACES:
        set_crash(place, stop)
        try:
            forget(shelf)
        except StoppedError:
            stopped += 1
            assert faults(shelf.database) == []
    set_crash("")
    assert stopped == len(PLACES)
    forget(shelf)
    assert knows(shelf, OLGA, NAME) == set()
    assert faults(shelf.database) == []
    aliases = {value for _, value in texts(shelf) if value.startswith("Former colleague")}
    assert len({alias[:25] for alias in aliases}) == 1
    assert not is_known(shelf.database, TEAM, OLGA)


def test_two_are_forgotten_one_after_the_other(shelf: Shelf) -> None:
    forget(shelf)
    forget_person(shelf.desk, TEAM, IVAN, ("Vanya",), "operator")
    assert knows(shelf, OLGA, NAME, IVAN, "Ivan Petrov") == set()
    assert faults(shelf.database) == []


def test_a_process_that_remembers_the_handover_notices(shelf: Shelf) -> None:
    (one, *_) = shelf.handovers()
    with shelf.database.read() as connection:
        handovers.load(connection, TEAM, one.id)
    other = Shelf(shelf.database.url.render_as_string(hide_password=False))
    alias = forget(other)
    other.database.close()
    with shelf.database.read() as connection:
        found = handovers.load(connection, TEAM, one.id)
    assert found
    assert found.value.incoming
    assert found.value.incoming.user == alias
    words = Said(source="1795400009.000001", text="One more thing")
    answer = AnswerGiven(at=shelf.clock.now(), by=IVAN, question="S1", said=words)
    shelf.desk.record(Receipt(TEAM, "later"), one.id, answer)
    assert faults(shelf.database) == []


def test_a_name_that_is_also_a_word_goes_only_where_it_stands_alone() -> None:
    who = Forgetting(person="U1", alias="Former", names=("Will", "Will Smith"))
    said = '{"by":"U1","to":"U12","text":"Will Smith will ask U1, <@U1|w>","name":"will"}'
    assert who.stored(said) == (
        '{"by":"Former","to":"U12","text":"Former will ask Former, Former","name":"Former"}'
    )
    assert who.stored('{"a":1.50}') == '{"a":1.50}'


def test_a_name_that_is_a_word_of_ours_damages_nothing(shelf: Shelf) -> None:
    """Somebody may be called as a column says what a message is, or a document how far it is."""
    with shelf.database.read() as connection:
        to_others = outbox.c.person != OLGA
        told = select(outbox.c.id, outbox.c.kind)
        before = {tuple(row) for row in connection.execute(told.where(to_others))}
    kinds = tuple({kind for _, kind in before})
    assert kinds
    forget_person(shelf.desk, TEAM, OLGA, kinds, "operator")
    with shelf.database.read() as connection:
        assert before <= {tuple(row) for row in connection.execute(told)}
    ours = ("started", "in_flight", "type", "account", "S1", "clock", "SMB")
    forget_person(shelf.desk, TEAM, BORIS, ours, "operator")
    assert faults(shelf.database) == []
    for one in shelf.handovers():
        assert one.stage is Stage.IN_FLIGHT
        assert "S1" in one.answers
        with shelf.database.read() as connection:
            events = journal.events_of(connection, TEAM, one.id)
        assert replay(events, default_playbook()) == one


def test_no_name_is_not_a_name(shelf: Shelf) -> None:
    """Nor is what people are called whom Slack does not show."""
    with shelf.database.write() as connection:
        people.keep(connection, stranger(TEAM, "U0FAR"), 0)
        who = forgetting.begin(connection, TEAM, "U0FAR", ("", "  ", " Zoe Far "), "operator", NOW)
    assert who.names == ("Zoe Far",)


def test_a_workspace_is_forgotten_whole_and_no_other(shelf: Shelf) -> None:
    with shelf.database.write() as connection:
        for table in metadata.sorted_tables:
            if table.name in ("people", "wishes", "workspaces"):
                rows = connection.execute(select(table)).mappings().all()
                connection.execute(insert(table), [dict(row) | {"team": "T2"} for row in rows])
    forget_workspace(shelf.database, TEAM, "operator", 7)
    with shelf.database.read() as connection:
        left: dict[str, Any] = {}
        for table in metadata.sorted_tables:
            if "team" in table.c:
                teams = select(table.c.team, func.count()).group_by(table.c.team)
                left[table.name] = {row[0]: row[1] for row in connection.execute(teams)}
        (note,) = connection.execute(select(forgotten_workspaces))
    assert {name for name, teams in left.items() if teams} == {"people", "wishes", "workspaces"}
    assert all(set(teams) <= {"T2"} for teams in left.values())
    assert (len(note[0]), *note[1:]) == (64, "operator", 7)
    assert TEAM not in {value for _, value in texts(shelf)}


def test_what_others_write_meanwhile_is_kept(postgresql_url: str) -> None:
    """PostgreSQL lets the bot file a reply between the look at it and its being written anew."""
    shelf = Shelf(postgresql_url)
    with shelf.database.write() as connection:
        said = Said(source="1.2", text=f"Ask <@{OLGA}>", by=IVAN)
        strays.keep(connection, TEAM, "D0IVAN", IVAN, said, 1)
    who = Forgetting(person=OLGA, alias="Former")
    meanwhile = iter([partial(strays.file, team=TEAM, channel="D0IVAN", ts="1.2", handover="H1")])

    def write(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:  # noqa: ANN401
        if statement.startswith("UPDATE strays") and (act := next(meanwhile, None)):
            with shelf.database.write() as other:
                act(other)

    with shelf.database.write() as connection:
        listen(connection, "before_cursor_execute", write)
        while (rows := taking_out.rows_with(connection, TEAM, tables.strays, None, who)).found:
            taking_out.take_out(connection, rows, who)
    with shelf.database.read() as connection:
        kept = strays.find(connection, TEAM, "D0IVAN", "1.2", IVAN)
    assert kept
    assert (kept.handover, kept.said.text) == ("H1", "Ask Former")
    shelf.database.close()


def test_no_form_names_an_alias_to_slack() -> None:
    assert user_select("U0OLGA")["initial_user"] == "U0OLGA"
    assert "initial_user" not in user_select("Former colleague 12")
    assert users_select(["Former colleague 12", "U0IVAN"])["initial_users"] == ["U0IVAN"]
