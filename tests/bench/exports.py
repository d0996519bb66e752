"""How long a brief of a full enterprise pack takes: the value by itself, and its Word document."""

import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bot.exports.files import export
from bot.exports.formats import Format
from flows.taking_over.brief import make_brief
from tests.bench.figures import Figure, ms, spread
from tests.exports.material import full_pack
from tests.make import LENA, NOW, default_playbook, name_of

_ROUNDS = 20
_VALUE, _WORD = 0.150, 0.500


def figures(_folder: Path) -> Iterator[Figure]:
    """The value of the brief, and the document that executives get."""
    book, handover = default_playbook(), full_pack(records=40, documents=0)
    size = f"{len(handover.answers)} answers, {len(handover.records)} records"

    def value() -> object:
        return make_brief(handover, book, LENA, NOW)

    def word() -> object:
        return export(Format.WORD, handover, book, LENA, name_of, NOW)

    for what, work, goal in (("brief", value, _VALUE), ("brief as Word", word, _WORD)):
        taken = [_seconds(work) for _ in range(_ROUNDS)]
        middle = statistics.median(taken)
        yield Figure(
            name=f"{what} of a full enterprise pack, {size}",
            goal=f"≤ {ms(goal):.0f} ms",
            result=f"{ms(middle):.1f} ms",
            met=middle <= goal,
            details=spread(taken),
        )


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
