"""What any version has stored can be read: documents and journals, kept here as they were."""

from pathlib import Path

import pytest
from sqlalchemy import Table, update

from flows.confidential.vault import VaultOpened, open_vault
from flows.handover import DOCUMENT_VERSION
from storage import handovers, journal, tables
from storage.engine import Database
from storage.journal import Line
from tests.make import NOW, OLGA, default_playbook
from tests.storage import samples
from tests.storage.test_handovers import ID, TEAM, begin

VERSIONS = sorted(samples.FOLDER.glob("v*"))


def test_this_version_keeps_its_samples() -> None:
    assert samples.FOLDER / f"v{DOCUMENT_VERSION}" in VERSIONS


@pytest.mark.parametrize("folder", VERSIONS, ids=lambda folder: folder.name)
def test_what_was_stored_can_be_read(folder: Path, database_url: str) -> None:
    shape = int(folder.name.removeprefix("v"))
    database = Database(database_url)
    made = begin(database)
    opening = VaultOpened(at=NOW, by=OLGA, handover=ID, team=TEAM)
    vault = open_vault(opening, made, default_playbook()).vault
    with database.write() as connection:
        handovers.add_vault(connection, vault, Line(opening, "salt"))

        def keep(table: Table, name: str) -> None:
            old = (folder / name).read_text(encoding="utf-8")
            connection.execute(update(table).values(document=old, shape=shape))

        keep(tables.handovers, samples.HANDOVER)
        keep(tables.vaults, samples.VAULT)
        for aggregate, name in (
            (journal.HANDOVER, samples.EVENTS),
            (journal.VAULT, samples.VAULT_EVENTS),
        ):
            for seq, payload in enumerate(_lines(folder, name), start=2):
                row = journal.written(aggregate, TEAM, ID, seq, "", Line(opening, "salt"))
                journal.add(connection, row | {"payload": payload, "shape": shape})
    with database.read() as connection:
        stored = handovers.load(connection, TEAM, ID)
        assert stored
        assert len(stored.value.answers) > 5
        kept_vault = handovers.load_vault(connection, TEAM, ID)
        assert kept_vault
        assert kept_vault.value.listening.points
        events = journal.events_of(connection, TEAM, ID)
        assert len(events) == 1 + len(_lines(folder, samples.EVENTS))
        kept = journal.vault_events_of(connection, TEAM, ID)
        assert len(kept) == 1 + len(_lines(folder, samples.VAULT_EVENTS))
    database.close()


def _lines(folder: Path, name: str) -> list[str]:
    return (folder / name).read_text(encoding="utf-8").splitlines()
