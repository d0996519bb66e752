"""An answer by button, in process: everything that the ack waits for, against bare Bolt.

Both are called as a WSGI server calls them, with the same signed deliveries, in turns: what else
the machine does meanwhile hits both. Deliveries to Slack are switched off; between two turns
SQLite's log is put away, as the ticks do it.
"""

import gc
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from slack_bolt import Ack, App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_bolt.authorization import AuthorizeResult

from bot.app import Bot
from bot.listeners import ANYTHING
from bot.manifest import manifest
from bot.sandbox import Sandbox
from storage.engine import Database
from tests.bench.figures import Figure, ms
from tests.bench.material import Environ, Workload, clicks, fill
from tests.bench.raw import Transaction, driver, fsync_seconds, recorded
from tests.databases import Postgresql, Sqlite, postgresql_server
from tests.wire.stage import APP_TOKEN, SECRET, TOKEN, settings_for

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

BLOCK = 12
HANDOVERS = 40
_OF_SQL = 0.8


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds on the wall, and of these on the processor; the rest is the disk and other people."""

    wall: float
    cpu: float


def figures(folder: Path) -> Iterator[Figure]:
    """The ratio on both databases."""
    yield from _figures("SQLite, synchronous=FULL", 0.25, _sqlite_urls(folder), folder)
    with postgresql_server("bench") as server:
        databases = Postgresql(server)
        with databases.make() as one, databases.make() as other, databases.make() as third:
            yield from _figures("PostgreSQL", 0.15, (one, other, third), folder)
        databases.close()


def _figures(where: str, goal: float, urls: Sequence[str], folder: Path) -> Iterator[Figure]:
    recording, measuring, replaying = urls
    with sandbox() as slack:
        with bot_on(recording, slack) as bot:
            work = workload(bot)
            size = fill(bot.database, work)
            deliveries = clicks(work, SECRET)
            with recorded(bot.database._writer) as transactions:
                for delivery in deliveries:
                    call(bot.door, delivery)
        replayed = Database(replaying)
        fill(replayed, work)
        with bot_on(measuring, slack) as bot, driver(replaying) as replay:
            fill(bot.database, work)
            full = clicks(work, SECRET)

            def tidy() -> None:
                bot.database.checkpoint()
                replayed.checkpoint()

            times = _in_turns(bare_bolt(), bot.door, replay, deliveries, full, transactions, tidy)
        replayed.close()
    bare, whole, sql = times
    ratio = statistics.median(b.wall / w.wall for b, w in zip(bare, whole, strict=True))
    yield Figure(
        f"answer by button against bare Bolt, {where}",
        f"≥ {goal}",
        f"{ratio:.2f}",
        ratio >= goal,
        {
            "full ms": ms(statistics.median(took.wall for took in whole)),
            "bare ms": ms(statistics.median(took.wall for took in bare)),
            "full CPU ms": ms(statistics.median(took.cpu for took in whole)),
            "bare CPU ms": ms(statistics.median(took.cpu for took in bare)),
            "its SQL by the driver ms": ms(statistics.median(took.wall for took in sql)),
            "fsync p50 ms": ms(fsync_seconds(folder)),
            "clicks": len(full),
            "body bytes": int(full[0]["CONTENT_LENGTH"]),
            "document bytes": size,
        },
    )
    share = statistics.median(s.wall / w.wall for s, w in zip(sql, whole, strict=True))
    yield Figure(
        f"answer by button against its SQL by the driver alone, {where}",
        f"≥ {_OF_SQL}",
        f"{share:.2f}",
        share >= _OF_SQL,
    )


def _in_turns(
    bare: "WSGIApplication",
    full: "WSGIApplication",
    replay: Callable[[Transaction], None],
    bare_deliveries: Sequence[Environ],
    full_deliveries: Sequence[Environ],
    transactions: Sequence[Transaction],
    tidy: Callable[[], None],
) -> tuple[list[Took], list[Took], list[Took]]:
    """Time a click, block by block: bare, full, and the SQL alone. The first block warms up."""
    times: tuple[list[Took], list[Took], list[Took]] = ([], [], [])
    still()
    for start in range(0, len(full_deliveries), BLOCK):
        block = slice(start, start + BLOCK)
        times[0].append(timed(lambda one: call(bare, one), rewound(bare_deliveries[block])))
        times[1].append(timed(lambda one: call(full, one), full_deliveries[block]))
        times[2].append(timed(replay, transactions[block]))
        tidy()
    return times[0][1:], times[1][1:], times[2][1:]


def timed(do: Callable[[Any], object], what: Sequence[Any]) -> Took:
    """How long each of them took, on average."""
    began, busy = time.perf_counter(), time.thread_time()
    for one in what:
        do(one)
    count = len(what)
    return Took((time.perf_counter() - began) / count, (time.thread_time() - busy) / count)


def rewound(deliveries: Sequence[Environ]) -> Sequence[Environ]:
    """Deliveries whose bodies can be read once more."""
    for delivery in deliveries:
        delivery["wsgi.input"].seek(0)
    return deliveries


def call(site: "WSGIApplication", delivery: Environ) -> None:
    """Hand over one delivery, which must be acknowledged."""
    statuses: list[str] = []

    def start(status: str, *_: object) -> Callable[[bytes], object]:
        statuses.append(status)
        return lambda _: None

    body = site(delivery, start)
    list(body)
    # As a server does when it has written them.
    getattr(body, "close", int)()
    assert statuses == ["200 OK"], statuses


def bare_bolt() -> "WSGIApplication":
    """Bolt as it comes: one listener, which acknowledges."""
    known = AuthorizeResult(
        enterprise_id=None, team_id="T1", bot_token=TOKEN, bot_id="B1", bot_user_id="U1"
    )
    app = App(authorize=lambda: known, signing_secret=SECRET, process_before_response=True)

    def acknowledge(ack: Ack) -> None:
        ack()

    app.action(ANYTHING)(acknowledge)
    return SlackRequestHandler(app)


def still() -> None:
    """As the bot does when it has started: what lives now is not walked over again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@contextmanager
def sandbox() -> Iterator[Sandbox]:
    """A Slack for the bot to introduce itself to."""
    with Sandbox(
        manifest=manifest(), bot_token=TOKEN, app_token=APP_TOKEN, signing_secret=SECRET
    ) as slack:
        yield slack


@contextmanager
def bot_on(url: str, slack: Sandbox) -> Iterator[Bot]:
    """The whole bot, not started: it answers, and delivers nothing."""
    bot = Bot(settings_for(slack, url))
    try:
        yield bot
    finally:
        bot.stop(0)


def workload(bot: Bot) -> Workload:
    """What is clicked on."""
    return Workload(next(iter(bot.homes.teams())), bot.desk.playbooks.name, HANDOVERS)


def _sqlite_urls(folder: Path) -> tuple[str, str, str]:
    template = Sqlite(folder)
    places = [folder / name for name in ("recorded", "measured", "replayed")]
    for place in places:
        place.mkdir()
    one, other, third = (template.make(place) for place in places)
    return one, other, third
