"""What a handover leaves in the database: played from its start to its end, by seed, on both."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, text

from storage.engine import Database
from storage.tables import metadata
from tests.bench.figures import Figure
from tests.databases import Postgresql, Sqlite, postgresql_server
from tests.simulation.simulation import Plan
from tests.simulation.test_simulation import play

HANDOVERS, WEEKS = 6, 26
_SIZE = text("SELECT pg_total_relation_size(CAST(:name AS regclass))")


def figures(folder: Path) -> Iterator[Figure]:
    """Bytes and rows for each handover, with every index, and the messages that it took."""
    place = folder / "sqlite"
    place.mkdir()
    yield _figure("SQLite", Sqlite(folder).make(place))
    with postgresql_server("bench") as server:
        databases = Postgresql(server)
        with databases.make() as url:
            yield _figure("PostgreSQL", url)
        databases.close()


def _figure(where: str, url: str) -> Figure:
    before, _ = _stored(url)
    played = play(Plan(seed=1, handovers=HANDOVERS, weeks=WEEKS), url)
    after, rows = _stored(url)
    kilobytes = (after - before) / HANDOVERS / 1000
    most = {name: round(count / HANDOVERS) for name, count in rows.most_common(8)}
    done = {
        name: round(played.figures[name] / HANDOVERS)
        for name in ("acts", "messages", "edits", "agendas")
    }
    return Figure(
        f"a handover played to its end, {where}",
        "for the record",
        f"{kilobytes:.0f} KB, {rows.total() / HANDOVERS:.0f} rows",
        not played.failures,
        most | done,
    )


def _stored(url: str) -> tuple[int, Counter[str]]:
    """Bytes in all, and rows by table."""
    database = Database(url)
    with database.read() as connection:
        rows = Counter({name: _count(connection, name) for name in metadata.tables})
        size = _bytes(connection)
    database.close()
    return size, rows


def _count(connection: Connection, table: str) -> int:
    return connection.execute(text(f'SELECT count(*) FROM "{table}"')).scalar() or 0  # noqa: S608


def _bytes(connection: Connection) -> int:
    if connection.dialect.name == "postgresql":
        return sum(
            connection.execute(_SIZE, {"name": name}).scalar() or 0 for name in metadata.tables
        )
    used = "SELECT (page_count - freelist_count) * page_size"
    of = "FROM pragma_page_count, pragma_freelist_count, pragma_page_size"
    return connection.execute(text(f"{used} {of}")).scalar() or 0
