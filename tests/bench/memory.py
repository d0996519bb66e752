"""What a process holds after many interactions: in a process of its own, through the door.

`python -m tests.bench.memory FOLDER COUNT` is that process; it prints what it held on the way.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import count, islice
from pathlib import Path

from sqlalchemy import text

from bot.app import Bot
from bot.delivery.dbos_engine import DbosEngine
from tests.bench.clicks import bot_on, call, sandbox, still, workload
from tests.bench.figures import Figure
from tests.bench.idle import resident_bytes
from tests.bench.material import (
    CLICKS_EACH,
    Environ,
    answering,
    coming,
    fill,
    half_answered,
    put_away,
)
from tests.wire.stage import SECRET, sqlite_url

FEW = 10_000
_MORE = 1.05
_TIDY = 240


def figures(folder: Path, many: int) -> Iterator[Figure]:
    """What is held after `many` interactions, against after FEW."""
    run = (sys.executable, "-m", "tests.bench.memory", str(folder), str(many))
    told = subprocess.run(run, check=True, capture_output=True, text=True).stdout
    held: dict[str, float] = json.loads(told.splitlines()[-1])
    few, most = held[str(FEW)], held[str(many)]
    yield Figure(
        f"memory after {many:,} interactions against after {FEW:,}",
        f"≤ {_MORE}",
        f"{most / few:.3f}",
        most / few <= _MORE,
        {f"MB after {number}": megabytes for number, megabytes in held.items()},
    )


def main(folder: Path, many: int) -> None:
    """Answer, handover after handover, and look at this process ten times."""
    looks, held = {FEW, *range(many // 10, many + 1, many // 10)}, dict[int, float]()
    with sandbox() as slack, bot_on(sqlite_url(folder), slack) as bot:
        still()
        for number, delivery in enumerate(islice(_deliveries(bot), many), start=1):
            call(bot.door, delivery)
            if number % _TIDY == 0:
                bot.database.checkpoint()
                _take_over(bot)
            if number in looks:
                held[number] = round(resident_bytes("self") / 1e6, 1)
        with bot.database.read() as connection:
            lines = connection.execute(text("SELECT count(*) FROM journal")).scalar() or 0
        assert lines >= many, lines
    sys.stdout.write(json.dumps(held) + "\n")


def _take_over(bot: Bot) -> None:
    """What the engine would have taken over by now: it does not run here, and would keep it."""
    engine = bot.delivery._engine
    assert isinstance(engine, DbosEngine)
    while not engine._told.empty():
        engine._told.get()


def _deliveries(bot: Bot) -> Iterator[Environ]:
    """Clicks on one handover after the other, each made when it is wanted."""
    work = workload(bot)
    fill(bot.database, replace(work, handovers=0))
    first = half_answered(work, 0)
    asked = list(coming(first))
    for number in count():
        handover = first.model_copy(update={"id": f"H{number:04}"})
        with bot.database.write() as connection:
            put_away(connection, handover)
        yield from answering(handover, asked, SECRET, number * CLICKS_EACH)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
