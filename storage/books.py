"""Books: one document each, version-checked, with a journal of its own."""

from sqlalchemy import Connection, bindparam, delete, insert, select, tuple_, update

from flows.books.book import BOOK_SHAPE, Book, BookStage, to_carry
from storage import journal
from storage.handovers import StaleWriteError, Stored
from storage.journal import BOOK, FIRST_LINK, Line
from storage.moments import to_stored
from storage.reading import read
from storage.tables import book_people, books, departures

_LOAD = select(books.c.document, books.c.version, books.c.chain).where(
    books.c.team == bindparam("t"), books.c.id == bindparam("i")
)
_LOAD_LOCKED = _LOAD.with_for_update()
_INSERT = insert(books)
_UPDATE = (
    update(books)
    .where(
        books.c.team == bindparam("t"),
        books.c.id == bindparam("i"),
        books.c.version == bindparam("v"),
    )
    .values(
        stage=bindparam("stage"),
        version=bindparam("version"),
        is_pending=bindparam("is_pending"),
        chain=bindparam("chain"),
        updated_at=bindparam("updated_at"),
        document=bindparam("document"),
    )
)
_OF_PERSON = (
    select(books.c.document)
    .join(
        book_people,
        (book_people.c.team == books.c.team) & (book_people.c.book == books.c.id),
    )
    .where(book_people.c.team == bindparam("t"), book_people.c.person == bindparam("p"))
    .order_by(books.c.updated_at.desc())
)
_PENDING = (
    select(books.c.team, books.c.id)
    .where(
        books.c.is_pending,
        books.c.team.not_in(select(departures.c.team)),
        tuple_(books.c.team, books.c.id) > tuple_(bindparam("t"), bindparam("i")),
    )
    .order_by(books.c.team, books.c.id)
    .limit(bindparam("n"))
)
_JOIN = insert(book_people)
_LEAVE = delete(book_people).where(
    book_people.c.team == bindparam("t"),
    book_people.c.book == bindparam("b"),
    book_people.c.person == bindparam("p"),
)


def load(
    connection: Connection, team: str, book: str, *, lock: bool = False
) -> Stored[Book] | None:
    """A book as it stands; `lock` keeps other writers away until the transaction ends."""
    row = connection.execute(_LOAD_LOCKED if lock else _LOAD, {"t": team, "i": book}).first()
    return row and Stored(read(Book.model_validate_json, row[0]), row[1], row[2])


def add(connection: Connection, book: Book, line: Line) -> None:
    """Store a new book with the first line of its journal."""
    row = _columns(book, line) | {"team": book.team, "id": book.id, "shape": BOOK_SHAPE}
    document = str(row["document"])
    entry = journal.written(BOOK, book.team, book.id, 1, FIRST_LINK, line, document)
    connection.execute(_INSERT, row | {"version": 1, "chain": entry["chain"]})
    _note(connection, entry)
    _people(connection, book, set(), people_of(book))


def save(connection: Connection, before: Stored[Book], after: Book, line: Line) -> None:
    """Store what became of a book. Raises StaleWriteError when it was changed in between."""
    version = before.version + 1
    columns = _columns(after, line)
    where, document = (BOOK, after.team, after.id), str(columns["document"])
    entry = journal.written(*where, version, before.chain, line, document)
    row = columns | {
        "t": after.team,
        "i": after.id,
        "v": before.version,
        "version": version,
        "chain": entry["chain"],
    }
    if connection.execute(_UPDATE, row).rowcount != 1:
        raise StaleWriteError(after.id)
    _note(connection, entry)
    _people(connection, after, people_of(before.value), people_of(after))


def of_person(connection: Connection, team: str, person: str) -> list[Book]:
    """The books that somebody prepares or leads, newest first; who may see them is for flows."""
    rows = connection.execute(_OF_PERSON, {"t": team, "p": person})
    return [read(Book.model_validate_json, row[0]) for row in rows]


def pending(
    connection: Connection, after: tuple[str, str] = ("", ""), most: int = 20
) -> list[tuple[str, str]]:
    """Team and id of the books with something left to be carried out, a piece at a time."""
    here = {"t": after[0], "i": after[1], "n": most}
    return [(row[0], row[1]) for row in connection.execute(_PENDING, here)]


def people_of(book: Book) -> set[str]:
    """In whose lists a book may stand as a whole; a discarded one in nobody's."""
    if book.stage is BookStage.DISCARDED:
        return set()
    leaders = {book.shared.leader, book.shared.backup} if book.shared else set()
    return {user for user in {book.created_by, *leaders} if user}


def _columns(book: Book, line: Line) -> dict[str, object]:
    return {
        "stage": book.stage.value,
        "is_pending": to_carry(book) is not None,
        "updated_at": to_stored(line.event.at),
        "document": book.model_dump_json(exclude_defaults=True),
    }


def _note(connection: Connection, entry: dict[str, str | int]) -> None:
    if not journal.add(connection, entry):
        raise StaleWriteError(entry["handover"])


def _people(connection: Connection, book: Book, before: set[str], after: set[str]) -> None:
    if came := after - before:
        rows = [{"team": book.team, "book": book.id, "person": p} for p in sorted(came)]
        connection.execute(_JOIN, rows)
    for person in before - after:
        connection.execute(_LEAVE, {"t": book.team, "b": book.id, "p": person})
