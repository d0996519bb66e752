"""How long Slack waits for an answer: a command, a button and a submitted form, in process.

One at a time, and ten at once from ten threads of the same process: what each of them waits is
mostly the nine others, so both the wait and the time per interaction stand there.
"""

import statistics
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from sqlalchemy import text

from bot.app import Bot
from tests.bench.clicks import bot_on, call, sandbox, still, workload
from tests.bench.figures import Figure, ms, percentile
from tests.bench.material import Environ, clicks, commands, fill, submissions
from tests.databases import Postgresql, Sqlite, postgresql_server
from tests.wire.stage import SECRET

AT_ONCE = 10
_WARM = 40
_COMMAND_GOAL, _CLICK_GOAL = 10.3 / 5, 33 / 5
"""A fifth of what a public bot of the same stack takes, in milliseconds."""


def figures(folder: Path) -> Iterator[Figure]:
    """Each kind of interaction, on both databases."""
    place = folder / "sqlite"
    place.mkdir()
    yield from _on(Sqlite(folder).make(place), "SQLite")
    with postgresql_server("bench") as server:
        databases = Postgresql(server)
        with databases.make() as url:
            yield from _on(url, "PostgreSQL")
        databases.close()


def _on(url: str, where: str) -> Iterator[Figure]:
    with sandbox() as slack, bot_on(url, slack) as bot:
        work = workload(bot)
        fill(bot.database, work)
        _answers_alone(bot, work.team)
        sent = {
            "`/handover`": (commands(work, SECRET), _COMMAND_GOAL, 1),
            "a submitted form": (submissions(work, SECRET), _CLICK_GOAL, AT_ONCE),
            "an answer by button": (clicks(work, SECRET), _CLICK_GOAL, AT_ONCE),
        }
        still()
        for name, (deliveries, goal, together) in sent.items():
            yield _figure(bot, f"{name}, {where}", deliveries, goal, together)
        with bot.database.read() as connection:
            lines = connection.execute(text("SELECT count(*) FROM journal")).scalar() or 0
        assert lines >= 2 * work.clicks, lines


def _answers_alone(bot: Bot, team: str) -> None:
    """Leave out what is made after an answer, such as Home: Slack is in this process as well."""
    if office := bot.offices.of(team):
        bot.offices._open[team] = replace(office, soon=lambda do, once="", lane="": None)


def _figure(
    bot: Bot, name: str, deliveries: Sequence[Environ], goal: float, together: int
) -> Figure:
    """The first half one at a time, the second half ten at once; `goal` is for `together`."""
    half = len(deliveries) // 2
    for one in deliveries[:_WARM]:
        call(bot.door, one)
    waits = [_wait(bot, one) for one in deliveries[_WARM:half]]
    bot.database.checkpoint()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        began = time.perf_counter()
        crowded = list(pool.map(lambda one: _wait(bot, one), deliveries[half:]))
        each = (time.perf_counter() - began) / len(crowded)
    bot.database.checkpoint()
    alone, at_once = statistics.median(waits), statistics.median(crowded)
    took = ms(alone if together == 1 else at_once)
    return Figure(
        f"{name}, {'one at a time' if together == 1 else f'{AT_ONCE} at once'}",
        f"p50 ≤ {goal:.2f} ms",
        f"{took} ms",
        took <= goal,
        {
            "alone p50 ms": ms(alone),
            "alone p99 ms": ms(percentile(waits, 0.99)),
            f"{AT_ONCE} at once p50 ms": ms(at_once),
            f"{AT_ONCE} at once ms each": ms(each),
            "n": len(deliveries),
        },
    )


def _wait(bot: Bot, delivery: Environ) -> float:
    began = time.perf_counter()
    call(bot.door, delivery)
    return time.perf_counter() - began
