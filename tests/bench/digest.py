"""The digest of what is under way beside very many handovers that are over, on both databases."""

import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from bot.delivery.port import Rendered, Row, Told, Trouble
from bot.desk import Desk
from bot.playbooks import Playbooks, playbook_text
from bot.reports.channels import Channels
from bot.reports.digests import PERIOD_SECONDS, Digests
from bot.roster import Roster
from flows.effects import Kind
from flows.reports.weekly import ChannelDigest, week_of
from storage import workspaces
from storage.engine import Database
from storage.workspaces import Workspace
from tests.bench.clicks import still
from tests.bench.figures import Figure, ms, percentile, spread
from tests.bench.sweep import forget
from tests.clocks import HandClock
from tests.databases import Postgresql, Sqlite, engine_of, postgresql_server
from tests.digests import store_people, store_under_way
from tests.make import LENA

UNDER_WAY, BESIDE, TIMES, CHANGED = 200, 100_000, 200, 10
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
_TEAM, _CHANNEL = "T1", "C1"
_OVER = """
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :rows)
    INSERT INTO handovers (team, id, account, account_key, name_key, stage, version, due_at,
                           playbook, answered, required, short, shape, chain, updated_at, document)
    SELECT :team, 'S' || i, 'Account ' || i, 'account ' || i, 'account ' || i, 'complete', 40,
           NULL, 'P1', 28, 44, 0, 1, 'chain', i, '{}' FROM n
    """
_OUTRUN = "UPDATE handovers SET version = version + 1, chain = version || '+' WHERE id < :before"


class Nowhere:
    """Nothing is sent from here."""

    def channel_info(self, channel: str) -> Told | Trouble:
        return Told({"channel": {"id": channel}})

    def channel_members(self, channel: str, cursor: str = "") -> Told | Trouble:
        return Told({"members": ()})

    def users_info(self, user: str) -> Told | Trouble:
        return Told({"user": {"id": user}})


def figures(folder: Path) -> Iterator[Figure]:
    """The post of a channel, one's own digest, and the sweep once a minute."""
    place = folder / "digest"
    place.mkdir()
    yield from _figures("SQLite", Sqlite(folder).make(place))
    with postgresql_server("bench") as server:
        databases = Postgresql(server)
        with databases.make() as url:
            yield from _figures("PostgreSQL", url)
        databases.close()


def _figures(where: str, url: str) -> Iterator[Figure]:
    _crowd(url)
    database, clock = Database(url), HandClock(NOW)
    store_people(database, _TEAM)
    store_under_way(database, _TEAM, UNDER_WAY)
    roster = Roster(_TEAM, database, clock, lambda _user: None)
    desk = Desk(database, Playbooks(playbook_text(None)), clock, lambda: "x", forget)
    with database.write() as connection:
        desk.playbooks.keep(connection, _TEAM)
        connection.execute(text("UPDATE playbooks SET hash = 'P1'"))
        chosen = Workspace(team=_TEAM, digests=(_digest(),))
        workspaces.keep(connection, chosen, "U0LENA", clock.now())
    channels = Channels(_TEAM, Nowhere(), roster, clock)
    digests = Digests(desk, roster, channels, _TEAM, forget)
    row = Row(_TEAM, "", _CHANNEL, Kind.DIGEST, week_of(NOW.date()), _CHANNEL)

    def post() -> None:
        made = digests.posted(row, posting=True)
        assert isinstance(made, Rendered)
        assert f"*{UNDER_WAY}* under way" in str(made.message.blocks)

    still()
    built = _times(post)
    own = _times(lambda: digests.own(LENA, NOW.date()))
    swept = _times(digests.sweep)
    taken = []
    for _ in range(TIMES // CHANGED):
        with database.write() as connection:
            connection.execute(text(_OUTRUN), {"before": f"D{CHANGED:05}"})
        taken.append(_timed(digests.take_up))
    database.close()
    beside = f"{UNDER_WAY} under way beside {BESIDE:,} others, {where}"
    for name, found in (("digest of", built), ("leader's own digest of", own)):
        usual = statistics.median(found)
        figure = f"{name} {beside}", "median ≤ 25 ms", f"{ms(usual)} ms"
        yield Figure(*figure, usual <= 0.025, spread(found))
    yield Figure(
        f"sweep of a digest that says the same, every {PERIOD_SECONDS:.0f} s, {beside}",
        "for the record",
        f"p99 {ms(percentile(swept, 0.99))} ms",
        met=True,
        details=spread(swept),
    )
    yield Figure(
        f"{CHANGED} lines made anew, {beside}",
        "for the record",
        f"p99 {ms(percentile(taken, 0.99))} ms",
        met=True,
        details=spread(taken),
    )


def _digest() -> ChannelDigest:
    when = {"weekday": 0, "hour": 9, "zone": "UTC", "by": LENA, "since": NOW}
    return ChannelDigest.model_validate({"channel": _CHANNEL, "name": "handovers"} | when)


def _crowd(url: str) -> None:
    """By an engine of its own, for the bot's gives up sooner."""
    engine = engine_of(url)
    with engine.begin() as connection:
        connection.execute(text(_OVER), {"team": _TEAM, "rows": BESIDE})
        connection.execute(text("ANALYZE"))
    engine.dispose()


def _times(work: Callable[[], object]) -> list[float]:
    return [_timed(work) for _ in range(TIMES)]


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
