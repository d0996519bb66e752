"""A list of accounts as it was handed in: a head and lines of cells, whatever parts the cells.

What a cell holds is text and nothing else: a formula is never worked out.
"""

import csv
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

from pydantic import Field

from flows.books.rows import MOST_ROWS
from flows.errors import FlowError
from flows.frozen import Frozen

MOST_COLUMNS = 60
_DELIMITERS = "\t;,|"
_LOOKED_AT, _LOOKED_ACROSS = 20, 300
_SAID_FIRST = re.compile(r"sep=(.)\s*$", re.IGNORECASE)


class Line(Frozen):
    """The cells of one line, as many as the head has; `number` is where it stood, from 1."""

    number: int = Field(ge=1)
    cells: tuple[str, ...]


class Sheet(Frozen):
    """A list whose columns are being told apart.

    `columns` says of each what it is: a Column, a question's id, or nothing.
    """

    name: str = ""
    head: tuple[str, ...]
    lines: tuple[Line, ...]
    columns: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What tells it from another list."""
        text = repr((self.name, self.head, self.lines))
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def read_table(text: str, name: str = "") -> Sheet:
    """A text with one account a line as a sheet whose first line is its head.

    Raises FlowError `no_lines`, `too_many_rows` (known after MOST_ROWS lines, however many follow),
    `not_a_table`.
    """
    lines, skipped = text.split("\n"), 0
    said = _SAID_FIRST.match(lines[0])
    if said:
        lines, skipped = lines[1:], 1
    mark = said[1] if said else delimiter(lines)
    records = _records(lines, mark, skipped)
    head = next(records, None)
    if head is None:
        raise FlowError("no_lines")
    found = list(islice(records, MOST_ROWS + 1))
    if len(found) > MOST_ROWS:
        raise FlowError("too_many_rows")
    return _fitted(name, head, found)


def delimiter(lines: Iterable[str]) -> str:
    """What parts the cells: that which gives the same number of them in most of the first lines."""
    first = [line for line in islice(lines, 4 * _LOOKED_AT) if line.strip()][:_LOOKED_AT]

    def steadiness(mark: str) -> tuple[int, int]:
        try:
            sizes = Counter(len(row) for row in csv.reader(_ended(first), delimiter=mark) if row)
        except csv.Error:
            return (0, 0)
        return max([(times, size) for size, times in sizes.items() if size > 1], default=(0, 0))

    return max(_DELIMITERS, key=steadiness)


def _records(lines: list[str], mark: str, skipped: int) -> Iterator[Line]:
    """Every line that says something, read one after the other."""
    reader = csv.reader(_ended(lines), delimiter=mark)
    before = skipped
    try:
        for row in reader:
            cells = tuple(cell.strip() for cell in row[:_LOOKED_ACROSS])
            if any(cells):
                yield Line(number=before + 1, cells=cells)
            before = skipped + reader.line_num
    except csv.Error as error:
        raise FlowError("not_a_table") from error


def _ended(lines: Iterable[str]) -> Iterator[str]:
    return (f"{line}\n" for line in lines)


def _fitted(name: str, head: Line, lines: list[Line]) -> Sheet:
    """The sheet without columns in which nothing stands; every line as long as the head."""
    width = max(len(line.cells) for line in (head, *lines))
    wide = [(line, (*line.cells, *[""] * (width - len(line.cells)))) for line in (head, *lines)]
    kept = [at for at in range(width) if any(cells[at] for _line, cells in wide)][:MOST_COLUMNS]
    first, *rest = (
        Line(number=line.number, cells=tuple(cells[at] for at in kept)) for line, cells in wide
    )
    return Sheet(name=name, head=first.cells, lines=(first, *rest))
