"""Handovers, vaults and their journal as they are stored, on both databases."""

import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest
from sqlalchemy import text

from flows.advance import advance, replay, start
from flows.confidential.listening_events import PointRaised
from flows.confidential.vault import Vault, VaultOpened, advance_vault, open_vault
from flows.events import (
    Accepted,
    AnswerGiven,
    AskAnswered,
    Asked,
    Event,
    MessageAdded,
    PackAnswered,
)
from flows.handover import Handover, Quoted, Said
from flows.taking_over.passages import passages
from flows.taking_over.search import search
from flows.terms import Confidential
from storage import handovers, journal
from storage.engine import Database, StorageBusyError
from storage.handovers import StaleWriteError
from storage.journal import Line
from storage.prepared import together
from tests.audit.faults import faults
from tests.make import IVAN, LENA, NOW, OLGA, default_playbook, make_started

TEAM, ID = "T1", "H1"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()


def begin(database: Database, team: str = TEAM, account: str = "Northwind") -> Handover:
    event = make_started(team=team, account=account)
    made = start(event, default_playbook()).handover
    with database.write() as connection:
        handovers.add(connection, made, default_playbook(), Line(event, "salt-1"))
    return made


def happens(database: Database, event: Event, team: str = TEAM) -> Handover:
    with database.write() as connection:
        before = handovers.load(connection, team, ID, lock=True)
        assert before is not None
        after = advance(before.value, event, default_playbook()).handover
        with together(connection) as block:
            handovers.save(block, before, after, default_playbook(), Line(event, "salt-2"))
    return after


def reply(words: str, ts: str = "1795400000.000001") -> AnswerGiven:
    said = Said(source=ts, text=words)
    return AnswerGiven(at=NOW, by=OLGA, question="S1", said=said)


def stored(database: Database, team: str = TEAM) -> Handover:
    """As the database has it: another replica remembers nothing of what was written."""
    replica = Database(database.url.render_as_string(hide_password=False))
    with replica.read() as connection:
        found = handovers.load(connection, team, ID)
    replica.close()
    assert found is not None
    return found.value


def is_whole(database: Database) -> bool:
    return not faults(database)


def change_journal(database: Database, statement: str) -> None:
    with database.write() as connection:
        connection.execute(text(statement))


def test_what_is_stored_is_what_comes_back(database: Database) -> None:
    begin(database)
    after = happens(database, reply("Ana decides <@U1> & so on\n\u202e ☂"))
    assert stored(database) == after


def test_the_journal_tells_the_stored_state(database: Database) -> None:
    begin(database)
    happens(database, reply("Ana decides"))
    after = happens(database, Accepted(at=NOW, by=IVAN))
    with database.read() as connection:
        events = journal.events_of(connection, TEAM, ID)
    assert replay(events, default_playbook()) == after


def test_what_joined_the_pack_is_found_in_what_is_stored_and_told_by_the_journal(
    database: Database,
) -> None:
    begin(database)
    quoted = Quoted(author="U0ZOE", at=NOW, link="https://a.slack.com/archives/C1/p1")
    happens(database, reply("L\u00e9a decides \u2602"))
    happens(database, PackAnswered(at=NOW, by=IVAN, id="F1", text="Who decides?", about="S1"))
    happens(database, Asked(at=NOW, by=IVAN, id="A1", text="Zebra?", knock=True, about="S1"))
    happens(
        database, AskAnswered(at=NOW, by=OLGA, ask="A1", said=Said(source="form", text="Striped"))
    )
    happens(database, MessageAdded(at=NOW, by=IVAN, id="M1", text="Okapi", quoted=quoted))
    kept = stored(database)
    known = passages(kept, default_playbook(), IVAN)
    for question, key in (("lea", "S1"), ("zebra", "A1"), ("striped", "A1"), ("okapi", "M1")):
        assert [one.key for one in search(known, question, str)] == [key]
    with database.read() as connection:
        assert replay(journal.events_of(connection, TEAM, ID), default_playbook()) == kept


def test_the_slower_of_two_writers_writes_nothing(database: Database) -> None:
    begin(database)
    with database.read() as connection:
        early = handovers.load(connection, TEAM, ID)
    assert early is not None
    first = happens(database, reply("first"))
    late = advance(early.value, reply("second"), default_playbook()).handover
    line = Line(reply("second"), "salt-3")
    with (
        pytest.raises(StaleWriteError),
        database.write() as connection,
        together(connection) as block,
    ):
        handovers.save(block, early, late, default_playbook(), line)
    assert stored(database) == first
    assert is_whole(database)


def test_writers_at_the_same_moment_all_get_their_turn(database: Database) -> None:
    begin(database)
    names = [f"1795400000.{number:06}" for number in range(1, 13)]

    def write(ts: str) -> None:
        while True:
            # Slack sends again what found no turn in time.
            with suppress(StorageBusyError):
                happens(database, reply(f"line {ts}", ts))
                return

    writers = [threading.Thread(target=write, args=(ts,)) for ts in names]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [said.source for said in stored(database).answers["S1"].said] == names
    assert is_whole(database)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET payload = replace(payload, 'Ana', 'Bea') WHERE seq = 2",
        "UPDATE journal SET \"by\" = 'U0SOMEONE' WHERE seq = 2",
        "UPDATE journal SET at = at + 1 WHERE seq = 1",
        "DELETE FROM journal WHERE seq = 2",
    ],
)
def test_a_line_that_was_tampered_with_breaks_the_chain(database: Database, statement: str) -> None:
    begin(database)
    happens(database, reply("Ana decides"))
    happens(database, Accepted(at=NOW, by=IVAN))
    assert is_whole(database)
    change_journal(database, statement)
    assert not is_whole(database)


def test_a_line_that_was_erased_leaves_the_chain_whole(database: Database) -> None:
    begin(database)
    happens(database, reply("Ana decides"))
    change_journal(database, "UPDATE journal SET payload = NULL WHERE seq = 2")
    assert is_whole(database)


def test_two_workspaces_with_the_same_ids_never_meet(database: Database) -> None:
    begin(database)
    begin(database, team="T2", account="Southwind")
    happens(database, reply("of the second"), team="T2")
    assert stored(database).answers == {}
    with database.read() as connection:
        assert [h.account for h in handovers.taking_part(connection, TEAM, OLGA)] == ["Northwind"]
        assert handovers.of_account(connection, TEAM, "Southwind") == []
        assert [h.team for h in handovers.of_account(connection, "T2", " SOUTHWIND ")] == ["T2"]


def test_a_message_is_found_where_it_was_taken_for_something(database: Database) -> None:
    begin(database)
    said = reply("Ana decides")
    happens(database, said)
    with database.read() as connection:
        ts = said.said.source
        assert handovers.mentioning(connection, TEAM, OLGA, ts) == [ID]
        assert handovers.mentioning(connection, TEAM, OLGA, ts[:-1]) == []
        assert handovers.mentioning(connection, TEAM, "U0OTHER", ts) == []


def test_a_vault_is_a_document_of_its_own(database: Database) -> None:
    made = begin(database)
    opened = VaultOpened(
        at=NOW, by=LENA, handover=ID, team=TEAM, confidential=Confidential.UNDERPERFORMING
    )
    vault = Vault(handover=ID, team=TEAM, confidential=Confidential.UNDERPERFORMING, seq=1)
    with database.write() as connection:
        handovers.add_vault(connection, vault, Line(opened, "salt"))
    with database.read() as connection:
        found = handovers.load_vault(connection, TEAM, ID)
    assert found is not None
    assert found.value == vault
    assert stored(database) == made


def test_a_vault_keeps_every_point_beside_an_untouched_handover(database: Database) -> None:
    made = begin(database)
    opened = VaultOpened(at=NOW, by=LENA, handover=ID, team=TEAM)
    vault = open_vault(opened, made, default_playbook()).vault
    with database.write() as connection:
        handovers.add_vault(connection, vault, Line(opened, "salt"))
    said = [f"Nobody calls back, \x01{number} 🙁 <@U1>" for number in range(30)]
    for number, words in enumerate(said):
        raised = PointRaised(
            at=NOW, by=LENA, id=f"P{number}", said=words, owner=LENA, due=NOW.date()
        )
        with database.write() as connection:
            before = handovers.load_vault(connection, TEAM, ID, lock=True)
            assert before
            after = advance_vault(before.value, made, raised, default_playbook()).vault
            handovers.save_vault(connection, before, after, Line(raised, "salt"))
    with database.read() as connection:
        kept = handovers.load_vault(connection, TEAM, ID)
        assert len(journal.vault_events_of(connection, TEAM, ID)) == 1 + len(said)
    assert kept
    assert [point.said for point in kept.value.listening.points] == said
    assert stored(database) == made


def test_an_erased_handover_leaves_nothing_behind_and_others_alone(database: Database) -> None:
    begin(database)
    begin(database, team="T2")
    happens(database, reply("A word"))
    with database.write() as connection:
        handovers.erase(connection, TEAM, ID)
    with database.read() as connection:
        assert handovers.load(connection, TEAM, ID) is None
        assert handovers.taking_part(connection, TEAM, OLGA) == []
        assert journal.events_of(connection, TEAM, ID) == []
    assert stored(database, "T2").account == "Northwind"
