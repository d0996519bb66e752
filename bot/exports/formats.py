"""In what a brief can be had; the value names the order in the outbox, so it stays what it is."""

from enum import StrEnum


class Format(StrEnum):
    """The ways to have a brief. The last two say to the customer what the customer knows."""

    WORD = "word"
    MARKDOWN = "markdown"
    CSV = "csv"
    JSON = "json"
    CUSTOMER_WORD = "customer_word"
    CUSTOMER_MARKDOWN = "customer_markdown"


CANVAS = "canvas"
"""How the menu calls what is no file but a document in Slack, of one handover and for all on it."""

FOR_US: dict[str, str] = {
    Format.WORD: "Word",
    Format.MARKDOWN: "Markdown",
    Format.CSV: "CSV, for a spreadsheet",
    Format.JSON: "JSON, for other software",
}
FOR_THE_CUSTOMER: dict[str, str] = {
    Format.CUSTOMER_WORD: "Customer copy, Word",
    Format.CUSTOMER_MARKDOWN: "Customer copy, Markdown",
}
SUFFIXES = {
    Format.WORD: "docx",
    Format.MARKDOWN: "md",
    Format.CSV: "csv",
    Format.JSON: "json",
    Format.CUSTOMER_WORD: "docx",
    Format.CUSTOMER_MARKDOWN: "md",
}
