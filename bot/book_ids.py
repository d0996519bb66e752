"""Names that travel through Slack and back where a book is meant; `Ref.h` is the book's id."""

from enum import StrEnum

PREFIX = "book-"
"""What every action and modal of a book begins with, so that they are told apart at once."""


class BookAct(StrEnum):
    """Action ids."""

    SHOW = "book-show"


class BookForm(StrEnum):
    """Callback ids of modals."""

    SHOWN = "book-shown"


def is_of_book(name: str) -> bool:
    """Whether an action or a modal is about a book."""
    return name.startswith(PREFIX)
