"""Names that travel through Slack and back where a book is meant; `Ref.h` is the book's id.

For a single account of a book, `Ref.h` is its handover's.
"""

from enum import StrEnum

PREFIX = "book-"
"""What every action and modal of a book begins with, so that they are told apart at once."""


class BookAct(StrEnum):
    """Action ids."""

    SHOW = "book-show"
    BEGIN = "book-begin"
    NEW = "book-new"
    OPEN = "book-open"
    SHARED = "book-shared"
    ACCOUNTS = "book-accounts"
    PAGE = "book-page"
    PASTE = "book-paste"
    UPLOAD = "book-upload"
    SHEET = "book-sheet"
    PICK = "book-pick"
    ROW = "book-row"
    SEGMENT = "book-segment"
    WHO = "book-who"
    DISCARD = "book-discard"
    UNDO = "book-undo"
    TELL = "book-tell"
    AGAIN = "book-again"
    OFFER_ALL = "book-offer-all"
    OFFER_PAGE = "book-offer-page"
    APPROVE_ALL = "book-approve-all"
    APPROVE_PAGE = "book-approve-page"
    APPROVE_READ = "book-approve-read"
    APPROVE_APART = "book-approve-apart"
    SEND_ALL = "book-send-all"
    SHARE_OPEN = "book-share-open"
    SHARE_PAGE = "book-share-page"
    SHARE_ROW = "book-share-row"

    # The sitting of whoever hands over.
    GO_ON = "book-go-on"
    NEXT = "book-next"
    CONFIRM = "book-confirm"
    FORMS = "book-forms"
    ONCE = "book-once"
    NOTES = "book-notes"
    HOURS = "book-hours"
    LESS = "book-less"
    MORE = "book-more"
    CHOOSE = "book-choose"
    STOP = "book-stop"

    # What a leader does with several accounts, and the table as a file.
    SEVERAL = "book-several"
    TELL_ONE = "book-tell-one"
    BACKUP = "book-backup"
    ROWS = "book-rows"

    def of(self, suffix: str) -> str:
        """The action id with a suffix that makes it unique in its block."""
        return f"{self.value}:{suffix}"


class BookForm(StrEnum):
    """Callback ids of modals."""

    SHOWN = "book-shown"
    CHOOSE = "book-choose"
    SHARED = "book-shared"
    ACCOUNTS = "book-accounts"
    PASTE = "book-paste"
    UPLOAD = "book-upload"
    READING = "book-reading"
    SHEET = "book-sheet"
    PICK = "book-pick"
    ROW = "book-row"
    SEGMENT = "book-segment"
    WHO = "book-who"
    FAULTS = "book-faults"
    START = "book-start"
    BEGUN = "book-begun"
    SHARE = "book-share"
    SKILLS = "book-skills"
    SHARES = "book-shares"

    # The sitting of whoever hands over.
    FORMS = "book-forms"
    ONCE = "book-once"
    NOTES = "book-notes"
    HOURS = "book-hours"
    WHICH = "book-which"

    # What a leader does with several accounts.
    SEVERAL = "book-several"
    SURE = "book-sure"
    BACKUP = "book-backup"


class BookField(StrEnum):
    """Block ids of inputs; a number or a kind after ":" where there are several."""

    INSTEAD = "book-instead"
    COLUMN = "book-column"
    KNOWN = "book-known"
    FAULT = "book-fault"
    WHO = "book-who"
    SKILLS = "book-skills"
    HOURS = "hours"
    ACCOUNT = "account"
    REST = "rest"

    def of(self, suffix: object) -> str:
        """The block id with what tells it apart."""
        return f"{self.value}:{suffix}"


def is_of_book(name: str) -> bool:
    """Whether an action or a modal is about a book."""
    return name.startswith(PREFIX)
