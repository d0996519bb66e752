"""What stands in a message about what was ordered for several accounts of a book, or may be."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from bot.views import people
from bot.views.books.scene import BookScene
from bot.views.errors import say
from flows.books.book import Order, rows_by_handover
from flows.handover import Handover
from flows.happened import Happened

_WORDS = {
    "other_words": "changed since you read it; the newer one is below",
    "own_text": "you sent this yourself, so somebody else approves it",
    "leak": "something in it is not for the customer; send it by itself to see what",
    "no_backup": "the leader names a backup first",
    "no_reason": "the agreed reason is missing in a text",
    "missing": "please approve it by itself and say why",
    "not_found": "it is not with you any more",
    "not_yours": "it is not with you any more",
}
"""Refusals in words that name no person or text: of many accounts only the outcome is kept."""


def packed(rows: Iterable[str]) -> str:
    """The keys of rows in a few characters: "1-14,17"."""
    numbers = sorted({int(row) for row in rows})
    runs = groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])
    found = ([number for _, number in run] for _, run in runs)
    return ",".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in found)


def unpacked(text: str) -> frozenset[str]:
    """The keys of rows that were packed. Raises ValueError for what is not ours."""
    found: set[str] = set()
    for run in text.split(",") if text else ():
        first, _, last = run.partition("-")
        found |= {str(number) for number in range(int(first), int(last or first) + 1)}
    return frozenset(found)


def keyed(scene: BookScene, handovers: Iterable[Handover]) -> dict[str, Handover]:
    """Handovers of a book by the key of their row."""
    known = rows_by_handover(scene.book)
    return {known[handover.id].key: handover for handover in handovers if handover.id in known}


def under_way(scene: BookScene, kind: type[Happened]) -> bool:
    """Whether something that the reader ordered is still being carried out."""
    return any(not order.carried for order in _orders(scene, kind))


def refused(scene: BookScene, kind: type[Happened], handovers: Iterable[Handover]) -> list[str]:
    """What did not fit of the reader's last order of a kind, an account a line; only those of
    `handovers`, which are still as they were.
    """
    found = list(_orders(scene, kind))
    if not found:
        return []
    there = keyed(scene, handovers)
    return [
        f"{people.account(there[row], scene.names)}: {_WORDS.get(code) or say(code)}"
        for row, code in found[-1].refused.items()
        if row in there
    ]


def _orders(scene: BookScene, kind: type[Happened]) -> Iterator[Order]:
    for order in scene.book.orders:
        wanted = order.event or next(iter(order.each.values()), None)
        if order.by == scene.viewer and isinstance(wanted, kind):
            yield order
