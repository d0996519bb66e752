"""Handovers that are over, with nothing left to be done about them, and books without any left."""

from sqlalchemy import Connection, bindparam, delete, exists, select

from flows.books.book import BookStage
from flows.handover import Stage
from storage.journal import BOOK
from storage.tables import book_people, books, handovers, journal, outbox, posts, tasks

_THEIRS = (tasks.c.team == handovers.c.team, tasks.c.handover == handovers.c.id)
_OVER = (
    # Spelled out, so that the index of just these is used.
    handovers.c.stage.in_((Stage.COMPLETE.value, Stage.CANCELLED.value, Stage.DISCARDED.value)),
    handovers.c.updated_at < bindparam("before"),
    handovers.c.due_at.is_(None),
    ~exists().where(*_THEIRS),
)
_FIND = (
    select(handovers.c.team, handovers.c.id)
    .where(*_OVER)
    .order_by(handovers.c.updated_at)
    .limit(bindparam("n"))
)
_IS = (
    select(handovers.c.id)
    .where(handovers.c.team == bindparam("t"), handovers.c.id == bindparam("i"), *_OVER)
    .with_for_update()
)
_EMPTY = (
    select(books.c.team, books.c.id)
    .where(
        books.c.updated_at < bindparam("before"),
        books.c.stage != BookStage.PREPARING.value,
        ~books.c.is_pending,
        ~exists().where(handovers.c.team == books.c.team, handovers.c.book == books.c.id),
    )
    .limit(1)
)


def handovers_over(connection: Connection, before: int, most: int) -> list[tuple[str, str]]:
    """Team and id of handovers to which nothing has happened since a stored moment, nor will."""
    found = connection.execute(_FIND, {"before": before, "n": most})
    return [(row[0], row[1]) for row in found]


def is_over(connection: Connection, team: str, handover: str, before: int) -> bool:
    """Whether it is still so; nobody else changes it until the transaction ends."""
    here = {"t": team, "i": handover, "before": before}
    return connection.execute(_IS, here).first() is not None


def erase_book(connection: Connection, before: int) -> bool:
    """Erase one book that has none of its handovers left; whether there was one."""
    found = connection.execute(_EMPTY, {"before": before}).first()
    if found is None:
        return False
    team, book = found
    for table in (posts, outbox):
        connection.execute(delete(table).where(table.c.team == team, table.c.handover == book))
    readers = (book_people.c.team == team, book_people.c.book == book)
    connection.execute(delete(book_people).where(*readers))
    here = (journal.c.team == team, journal.c.aggregate == BOOK, journal.c.handover == book)
    connection.execute(delete(journal).where(*here))
    connection.execute(delete(books).where(books.c.team == team, books.c.id == book))
    return True
