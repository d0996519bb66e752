"""The modal in which a book is put together: who hands over, and its accounts as a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.books.ids import BookAct, BookForm
from bot.ids import Draft, Ref
from bot.views import people
from bot.views.blocks import (
    Block,
    Choice,
    Element,
    actions,
    button,
    confirm,
    context,
    divider,
    modal,
    overflow,
    section,
)
from bot.views.books.sharing import share_button
from bot.views.dates import day
from bot.views.slack_text import Names, Surface, one_line, to_form
from bot.views.staffing.start_form import (
    backup_field,
    day_fields,
    leader_field,
    outgoing_fields,
    reason_field,
)
from bot.views.words import SEGMENTS, counted, number
from flows.books.book import Book, can_be_taken
from flows.books.rows import LEFT_OUT, Fault, Row, faults

TITLE = "Hand over a book"
PAGE = 40
_NAME = 80
FAULTS = {
    Fault.NO_ACCOUNT: "no name of an account",
    Fault.NO_SEGMENT: "no segment",
    Fault.TWICE: "listed twice",
    Fault.IN_FLIGHT: "being handed over already",
    Fault.OTHER_OWNER: "owned by somebody else",
    Fault.UNKNOWN_INCOMING: "nobody I know takes it over",
    Fault.SAME_PERSON: "to go to whoever hands it over",
    Fault.UNREADABLE_VALUE: "a value that I can't read",
}
"""What is wrong with a line, after its account or its number."""


@dataclass(frozen=True)
class Edge:
    """Who may be picked as a leader: those listed, or anybody while an admin names them."""

    leaders: tuple[str, ...]
    name_leaders: bool


def shared_form(draft: Draft, names: Names, edge: Edge, ref: Ref) -> Block:
    """What all accounts have in common; `ref.h` is the book once there is one."""
    blocks = [
        context("What all accounts have in common. Nobody is told before you start the book."),
        *outgoing_fields(draft),
        reason_field(draft),
        leader_field(draft, names, edge.leaders, name_leaders=edge.name_leaders),
        backup_field(draft),
        *day_fields(draft),
    ]
    return modal(BookForm.SHARED, TITLE, blocks, submit="Next: accounts", carried=ref)


def draft_of(book: Book, names: Names) -> Draft:
    """What a book has in common, as its form shows it."""
    shared = book.shared
    if shared is None:
        return Draft()
    outgoing = shared.outgoing
    return Draft(
        outgoing=outgoing.user or "",
        outgoing_name="" if outgoing.user else to_form(outgoing.name, names),
        reason=shared.reason,
        leader=shared.leader,
        backup=shared.backup or "",
        day=shared.day.isoformat(),
        day_is=shared.day_is,
    )


def chooser(books: Sequence[Book], names: Names) -> Block:
    """The books that somebody can go on with."""
    blocks = [section("You have more than one book under way. Which one?")]
    for book in books[:PAGE]:
        go_on = button("Go on", BookAct.OPEN, Ref(h=book.id), about=_whose(book, names))
        blocks.append(section(f"*{_whose(book, names)}*: {_size(book)}", go_on))
    blocks += actions([button("Begin another book", BookAct.NEW)])
    return modal(BookForm.CHOOSE, TITLE, blocks, close="Close")


def accounts_view(book: Book, names: Names, page: int = 0) -> Block:
    """The accounts of a book, one page of them, with what can be done; counts come first."""
    pages = max(1, -(-len(book.rows) // PAGE))
    page = min(max(page, 0), pages - 1)
    ref = Ref(h=book.id, p=str(page))
    shown = book.rows[page * PAGE : (page + 1) * PAGE]
    wrong = _wrong(book)
    blocks = [
        section(f"*{_whose(book, names)}*: {_size(book)}\n{_summary(book)}".strip()),
        *_ways_in(book, names, ref),
        *actions(_act_buttons(book, ref)),
        *([divider()] if shown else []),
        *(_row(row, wrong.get(row.key, ()), names, ref) for row in shown),
        *_turning(page, pages, len(book.rows), ref),
    ]
    return modal(BookForm.ACCOUNTS, TITLE, blocks, submit="Next", close="Close", carried=ref)


def account(row: Row, names: Names, surface: Surface = Surface.MRKDWN) -> str:
    """The account of a row, on one line."""
    return one_line(row.account, surface, names, _NAME) or f"line {row.line}"


def _whose(book: Book, names: Names) -> str:
    return f"Book of {people.party(book.outgoing, names)}" if book.outgoing else "Book"


def _size(book: Book) -> str:
    return counted(len(book.rows), "account") if book.rows else "no accounts yet"


def _summary(book: Book) -> str:
    """What can be taken over, of which size, and for how many somebody is named."""
    if not book.rows:
        return "How shall I learn of them?"
    taken = can_be_taken(book)
    out = sum(row.out for row in book.rows)
    named = sum(row.incoming is not None for row in taken)
    sizes = [
        f"{count} {label}"
        for segment, label in SEGMENTS.items()
        if (count := sum(row.segment is segment for row in taken))
    ]
    words = [
        f"{len(taken)} can be taken over",
        f"{len(book.rows) - len(taken) - out} can't",
        f"{out} taken out" if out else "",
        ", ".join(sizes),
        f"somebody is named for {named}",
    ]
    return " · ".join(filter(None, words))


def _ways_in(book: Book, names: Names, ref: Ref) -> list[Block]:
    waiting: list[Block] = []
    if book.sheet:
        name = one_line(book.sheet.name, Surface.MRKDWN, names, _NAME) or "Your list"
        words = f"{name}: {counted(len(book.sheet.lines), 'line')}, not added yet."
        waiting = [section(words, button("Say what its columns are", BookAct.SHEET, ref))]
    ways = [
        button("Paste lines", BookAct.PASTE, ref, "" if book.rows else "primary"),
        button("Upload a CSV", BookAct.UPLOAD, ref),
        button("Pick accounts I know", BookAct.PICK, ref),
    ]
    return [*waiting, *actions(ways)]


def _act_buttons(book: Book, ref: Ref) -> list[Element | None]:
    lacking = sum(row.segment is None and not row.out for row in book.rows)
    unknown = {row.incoming_typed for row in book.rows if row.incoming_typed and not row.incoming}
    sure = confirm("Discard the book?", "All that is listed here goes. Nobody is told.", "Discard")
    discard = button("Discard the book", BookAct.DISCARD, ref, "danger") | {"confirm": sure}
    return [
        button(f"Set the segment of {lacking}", BookAct.SEGMENT, ref) if lacking else None,
        button(f"Say who is who ({len(unknown)})", BookAct.WHO, ref) if unknown else None,
        share_button(book, ref),
        button("Change people and date", BookAct.SHARED, ref),
        discard,
    ]


def _row(row: Row, wrong: Sequence[Fault], names: Names, ref: Ref) -> Block:
    name = account(row, names)
    parts = [
        SEGMENTS[row.segment] if row.segment else "",
        f"to {people.party(row.incoming, names)}" if row.incoming else "",
        number(str(row.arr)) if row.arr is not None else "",
        f"renews {day(row.renewal)}" if row.renewal else "",
    ]
    words = " · ".join([f"~{name}~" if row.out else f"*{name}*", *filter(None, parts)])
    if row.out:
        words = f"{words}\n_Taken out_"
    elif wrong:
        left_out = "Not taken over: " if LEFT_OUT.intersection(wrong) else ""
        words = f"{words}\n_{left_out}{', '.join(FAULTS[fault] for fault in wrong)}_"

    def choice(what: str, label: str) -> Choice:
        return Choice(ref.model_copy(update={"r": row.key, "v": what}).dump(), label)

    put = choice("in", "Put back") if row.out else choice("out", "Take out")
    return section(words, overflow(BookAct.ROW, [choice("edit", "Edit"), put]))


def _turning(page: int, pages: int, rows: int, ref: Ref) -> list[Block]:
    if pages == 1:
        return []

    def turn(label: str, to: int) -> Element:
        return button(label, f"{BookAct.PAGE}:{to}", ref.model_copy(update={"p": str(to)}))

    first, last = page * PAGE + 1, min(rows, (page + 1) * PAGE)
    return [
        context(f"Accounts {first} to {last} of {rows}"),
        *actions(
            [
                turn("Previous page", page - 1) if page else None,
                turn("Next page", page + 1) if page + 1 < pages else None,
            ]
        ),
    ]


def _wrong(book: Book) -> Mapping[str, list[Fault]]:
    found: dict[str, list[Fault]] = {}
    for fault, rows in faults(book.rows, book.outgoing).items():
        for row in rows:
            found.setdefault(row.key, []).append(fault)
    return found
