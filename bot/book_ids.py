"""Names that travel through Slack and back where a book is meant; `Ref.h` is the book's id.

For a single account of a book, `Ref.h` is its handover's.
"""

from enum import StrEnum

PREFIX = "book-"
"""What every action and modal of a book begins with, so that they are told apart at once."""


class BookAct(StrEnum):
    """Action ids."""

    SHOW = "book-show"

    # The sitting of whoever hands over.
    GO_ON = "book-go-on"
    NEXT = "book-next"
    CONFIRM = "book-confirm"
    FORMS = "book-forms"
    ONCE = "book-once"
    PASTE = "book-paste"
    HOURS = "book-hours"
    LESS = "book-less"
    MORE = "book-more"
    CHOOSE = "book-choose"
    STOP = "book-stop"


class BookForm(StrEnum):
    """Callback ids of modals."""

    SHOWN = "book-shown"

    # The sitting of whoever hands over.
    FORMS = "book-forms"
    ONCE = "book-once"
    PASTE = "book-paste"
    HOURS = "book-hours"
    CHOOSE = "book-choose"


class BookField(StrEnum):
    """Block ids of inputs."""

    HOURS = "hours"
    ACCOUNT = "account"
    REST = "rest"


def is_of_book(name: str) -> bool:
    """Whether an action or a modal is about a book."""
    return name.startswith(PREFIX)
