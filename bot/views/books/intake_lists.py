"""The modals in which accounts are listed: typed lines, a file with its columns, known accounts."""

from collections.abc import Sequence

from bot.books.ids import BookField, BookForm
from bot.ids import VALUE, Field, Ref
from bot.views.blocks import (
    OPTIONS,
    Block,
    Choice,
    context,
    field,
    modal,
    multi_select,
    section,
    select,
    text_input,
)
from bot.views.slack_text import Names, Surface, escaped, one_line
from bot.views.state import Values, picked_option, picked_options
from bot.views.words import SEGMENTS, counted
from flows.books.book import Book
from flows.books.intake import Column, answerable
from flows.books.sheets import Sheet
from flows.handover import Handover
from flows.playbook import Playbook

COLUMNS = {
    Column.ACCOUNT: "Account",
    Column.SEGMENT: "Segment",
    Column.INCOMING: "Incoming CSM",
    Column.ARR: "Annual revenue (ARR)",
    Column.RENEWAL: "Renewal date",
    Column.CRM_LINK: "CRM link",
    Column.OWNER: "Outgoing CSM, to check",
    Column.SKILLS: "Skills, like a language",
}
_NONE = "none"
_ADD, _INSTEAD = "add", "instead"
_ROOM = 1000
"""How many options all menus of a modal may have together: it may weigh 250 KB."""
_MOST_KNOWN = 500
_TITLE, _CELL, _EXAMPLES = 60, 40, 3


def paste_form(book: Book, ref: Ref) -> Block:
    """One account a line."""
    blocks = [
        field(
            Field.TEXT,
            "One account a line",
            text_input(multiline=True, placeholder="Northwind – SMB – Ivan – 120k – 1 March 2027"),
            hint="Account – segment – incoming CSM – ARR – renewal. Only the account is needed, and"
            " lines copied from a spreadsheet are fine. For more, paste again or upload a CSV.",
        ),
        *_instead(book),
    ]
    return modal(BookForm.PASTE, "Paste lines", blocks, submit="Add them", carried=ref)


def upload_form(ref: Ref) -> Block:
    """One file."""
    hint = (
        "One account a line, the first line names the columns. Any separator will do. Columns that"
        " answer a question of the playbook are confirmed by the outgoing CSM, not typed again."
    )
    one = {"type": "file_input", "action_id": VALUE, "max_files": 1, "filetypes": ["csv", "txt"]}
    blocks = [field(Field.FILES, "CSV file", one, hint=hint)]
    return modal(BookForm.UPLOAD, "Upload a CSV", blocks, submit="Read it", carried=ref)


def reading_view(name: str, ref: Ref) -> Block:
    """What stands there while a file is fetched."""
    words = f"I am reading {_as_typed(name)}. This takes a moment."
    later = "If nothing comes, close this: /handover book goes on where you were."
    blocks = [section(words), context(later)]
    return modal(BookForm.READING, "Upload a CSV", blocks, close="Close", carried=ref)


def unread_view(words: str, ref: Ref) -> Block:
    """Why a file could not be read."""
    blocks = [section(words), context("Nothing was added. Close this to try another way.")]
    return modal(BookForm.READING, "Upload a CSV", blocks, close="Close", carried=ref)


def sheet_form(book: Book, sheet: Sheet, playbook: Playbook, ref: Ref) -> Block:
    """Which column is what, with the first lines as an example."""
    known = {str(column): label for column, label in COLUMNS.items()}
    asked = {question.id: f"{question.id}: {question.text}" for question in answerable(playbook)}
    room = max(_ROOM // max(1, len(sheet.head)) - len(known) - 1, 1)
    few = dict(list(asked.items())[: min(room, OPTIONS - len(known) - 1)])
    blocks: list[Block] = [
        section(f"*{_as_typed(sheet.name)}*: {counted(len(sheet.lines), 'line')}."),
        context("Is each column what I take it for? Formulas are kept as text."),
    ]
    for at, (title, column) in enumerate(zip(sheet.head, sheet.columns, strict=True)):
        own = {column: asked[column]} if column in asked else {}
        offered = {_NONE: "Leave out", **known, **few, **own}
        choices = [Choice(value, label) for value, label in list(offered.items())[-OPTIONS:]]
        label = " ".join(title.split())[:_TITLE] or f"Column {at + 1}"
        blocks.append(
            field(
                BookField.COLUMN.of(at),
                label,
                select(choices, column or _NONE),
                hint=_examples(sheet, at),
            )
        )
    blocks += _instead(book)
    return modal(BookForm.SHEET, "Columns", blocks, submit="Add them", carried=ref)


def read_columns(values: Values, sheet: Sheet) -> tuple[str, ...]:
    """What each column is, as chosen."""
    picked = (picked_option(values, BookField.COLUMN.of(at)) for at in range(len(sheet.head)))
    return tuple("" if one == _NONE else one for one in picked)


def read_instead(values: Values) -> bool:
    """Whether what is listed takes the place of what stands."""
    return picked_option(values, BookField.INSTEAD) == _INSTEAD


def pick_form(book: Book, known: Sequence[Handover], names: Names, ref: Ref) -> Block:
    """Accounts that the outgoing CSM took over before, a hundred to a menu."""
    blocks: list[Block] = []
    shown = known[:_MOST_KNOWN]
    for number, start in enumerate(range(0, len(shown), OPTIONS)):
        part = shown[start : start + OPTIONS]
        choices = [
            Choice(h.id, one_line(h.account, Surface.PLAIN, names, _TITLE), SEGMENTS[h.segment])
            for h in part
        ]
        label = (
            "Accounts" if len(shown) <= OPTIONS else f"{choices[0].label} to {choices[-1].label}"
        )
        blocks.append(
            field(BookField.KNOWN.of(number), label, multi_select(choices), optional=True)
        )
    if not blocks:
        words = "I know of no account that they took over through me. Paste lines, or upload a CSV."
        return modal(BookForm.SHOWN, "Pick accounts", [section(words)], close="Close")
    blocks += _instead(book)
    return modal(BookForm.PICK, "Pick accounts", blocks, submit="Add them", carried=ref)


def read_known(values: Values) -> set[str]:
    """The ids of the handovers whose accounts were picked."""
    menus = range(_MOST_KNOWN // OPTIONS)
    return {one for at in menus for one in picked_options(values, BookField.KNOWN.of(at))}


def _instead(book: Book) -> list[Block]:
    """Whether to add or to replace, where something stands already."""
    if not book.rows:
        return []
    choices = [
        Choice(_ADD, f"Add to the {counted(len(book.rows), 'account')} listed"),
        Choice(_INSTEAD, "List these instead"),
    ]
    return [field(BookField.INSTEAD, "These accounts", select(choices, _ADD))]


def _examples(sheet: Sheet, at: int) -> str:
    found = [" ".join(line.cells[at].split()) for line in sheet.lines if line.cells[at]]
    shown = [cell if len(cell) <= _CELL else f"{cell[:_CELL]}…" for cell in found[:_EXAMPLES]]
    return f"Like {' · '.join(shown)}" if shown else "Empty"


def _as_typed(name: str) -> str:
    return one_line(escaped(name), Surface.MRKDWN, lambda user: user, 80) or "Your list"
