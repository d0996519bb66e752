"""Makes books for tests and plays what happens to them."""

from datetime import date, timedelta
from typing import Any

import pytest

from flows.books import events as e
from flows.books.book import Book, Shared
from flows.books.keeping import advance_book, open_book
from flows.books.rows import Row
from flows.errors import FlowError
from flows.handover import Party, Telling, When
from flows.happened import Happened
from flows.terms import DateIs, Reason, Role, Segment
from tests.flows.make import BORIS, IVAN, LENA, MONDAY, party

LAST_DAY = date(2026, 12, 18)
SOON = Telling(when=When.LATER, at=MONDAY + timedelta(minutes=30))
TOLD_SOON = {Role.OUTGOING: SOON, Role.INCOMING: SOON}


def made_row(number: int = 1, **change: object) -> Row:
    """An SMB account without anybody to take it over yet."""
    usual: dict[str, object] = {
        "key": str(number),
        "line": number,
        "account": f"Account {number}",
        "segment": Segment.SMB,
    }
    return Row.model_validate(usual | change)


def made_shared(**change: object) -> Shared:
    """Ivan leaves; Lena leads, with Boris as her backup."""
    usual: dict[str, object] = {
        "outgoing": party(IVAN),
        "reason": Reason.ATTRITION,
        "day": LAST_DAY,
        "day_is": DateIs.LAST_DAY,
        "leader": LENA,
        "backup": BORIS,
    }
    return Shared.model_validate(usual | change)


class BookStory:
    """A book, opened by Lena, and what has happened to it so far."""

    def __init__(self, *rows: Row, by: str = LENA, shared: Shared | None = None) -> None:
        self.at = MONDAY
        first = e.BookOpened(at=MONDAY, by=by, id="B1", team="T1")
        self.journal: list[Happened] = [first]
        self.book: Book = open_book(first)
        if rows:
            self.does(by, e.SharedSet, shared=shared or made_shared())
            self.does(by, e.RowsRead, rows=rows)

    def event(self, kind: type[Happened], by: str, /, **fields: object) -> Any:  # noqa: ANN401 - any event
        return kind.model_validate({"at": self.at, "by": by} | fields)

    def does(self, by: str, kind: type[Happened], /, **fields: object) -> Book:
        """Somebody does something; a minute passes."""
        self.at += timedelta(minutes=1)
        event = self.event(kind, by, **fields)
        self.book = advance_book(self.book, event)
        self.journal.append(event)
        return self.book

    def refuses(self, by: str, kind: type[Happened], /, **fields: object) -> str:
        """Somebody tries something that is refused; gives the code."""
        before = self.book
        with pytest.raises(FlowError) as refused:
            self.does(by, kind, **fields)
        assert self.book is before
        return refused.value.code

    def begins(self, by: str = LENA, **change: object) -> Book:
        """The book is started; people are told in half an hour unless it is said otherwise."""
        usual = {"order": "O1", "today": self.at.date(), "tellings": TOLD_SOON}
        return self.does(by, e.BookBegun, **(usual | change))

    def named(self, *keys: str, to: Party | None) -> Book:
        """Somebody is to take these accounts over."""
        return self.does(LENA, e.SharedOut, incoming=dict.fromkeys(keys, to))
