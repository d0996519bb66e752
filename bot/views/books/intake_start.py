"""The last steps of a book: what cannot be taken over, who is told what, and the start itself."""

from collections.abc import Mapping, Sequence

from bot.books.ids import BookAct, BookField, BookForm
from bot.ids import Draft, Ref
from bot.views import people
from bot.views.blocks import (
    TITLE,
    Block,
    Choice,
    actions,
    button,
    checkboxes,
    confirm,
    context,
    field,
    fitted,
    modal,
    section,
)
from bot.views.books.intake import account
from bot.views.dates import moment
from bot.views.slack_text import Names, Surface, escaped, one_line
from bot.views.staffing.start_form import confidential_fields, when_fields
from bot.views.state import Values, picked_options
from bot.views.words import counted
from flows.books.book import Book, Shared, can_be_taken, leads_book, started_rows
from flows.books.rows import Fault, Row, faults
from flows.frozen import Moment
from flows.handover import Telling, When
from flows.known.namesakes import Directory
from flows.terms import Role

_READ = "read"
_LINES = 1400
_SUGGESTED = 30
"""As many lines as are shown at most; to find out who is meant takes a while."""
_TOLD = {
    Fault.NO_ACCOUNT: ("Lines without an account", "They are left out."),
    Fault.NO_SEGMENT: ("Accounts without a segment", "They are left out until they have one."),
    Fault.TWICE: ("Accounts listed twice", "The first line counts, these are left out."),
    Fault.IN_FLIGHT: ("Accounts being handed over already", "They are left out."),
    Fault.OTHER_OWNER: ("Accounts owned by somebody else", "They are left out."),
    Fault.UNKNOWN_INCOMING: ("Names that I don't know", "Nobody is asked to take these over yet."),
    Fault.SAME_PERSON: ("Accounts to go to whoever hands them over", "They are left out."),
    Fault.UNREADABLE_VALUE: (
        "Values that I can't read",
        "A segment, a revenue, a date, a link or a text that is too long is left away.",
    ),
}


def faults_view(book: Book, names: Names, known: Directory, ref: Ref) -> Block:
    """What cannot be taken over, by kind with its lines; each kind is to be read."""
    found = faults(book.rows, book.outgoing)
    taken = counted(len(can_be_taken(book)), "account")
    blocks: list[Block] = [
        section(f"{taken} can be taken over. Please read what can't, or in part.")
    ]
    for fault, rows in found.items():
        title, then = _TOLD[fault]
        lines = [
            _line(fault, row, names, known if at < _SUGGESTED else None)
            for at, row in enumerate(rows)
        ]
        where = f"{'Line' if len(rows) == 1 else 'Lines'} {ranges([row.line for row in rows])}"
        words = [f"*{title}: {len(rows)}*", then, where, fitted(lines, _LINES)]
        ticked = [_READ] if {row.key for row in rows} <= book.acknowledged.get(fault, set()) else []
        box = checkboxes(
            [Choice(_READ, f"I have read this: {title[0].lower()}{title[1:]}")], ticked
        )
        blocks += [section("\n".join(words)), field(BookField.FAULT.of(fault), title, box)]
    blocks += _back(ref)
    return modal(BookForm.FAULTS, "What can't be taken", blocks, submit="Next", carried=ref)


def read_faults(values: Values, book: Book) -> tuple[Fault, ...]:
    """The kinds that somebody says to have read."""
    standing = faults(book.rows, book.outgoing)
    return tuple(
        fault for fault in standing if _READ in picked_options(values, BookField.FAULT.of(fault))
    )


def ranges(numbers: Sequence[int]) -> str:
    """Numbers as people write them: "3, 7–12, 40"."""
    runs: list[list[int]] = []
    for one in sorted(numbers):
        if runs and one == runs[-1][-1] + 1:
            runs[-1] = [runs[-1][0], one]
        else:
            runs.append([one, one])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in runs)


def start_view(
    book: Book, shared: Shared, names: Names, viewer: str, *, leader_view: bool, ref: Ref
) -> Block:
    """Who is told what; a leader says when. One of its CSMs asks the leader to start it."""
    rows = can_be_taken(book)
    leader = people.person(shared.leader, names)
    asks = viewer in csms(rows, shared)
    blocks: list[Block] = [
        section(
            f"*{counted(len(rows), 'account')}* of {people.party(shared.outgoing, names)}:"
            f" nobody is told before you press {_press(shared, names, asks=asks)}."
        ),
        *_outgoing(shared, names, viewer, leader_view=leader_view),
        *_incoming(rows, names, leader_view=leader_view),
        section(f"*{leader}* leads the handovers and decides where somebody has to."),
    ]
    if asks:
        words = f"You are one of the CSMs, so {leader} says who is told when, and starts it."
        blocks.append(section(words))
    elif leader_view:
        blocks += confidential_fields(Draft())
    blocks += _back(ref)
    submit = _press(shared, names, asks=asks)
    return modal(BookForm.START, "Who is told what", blocks, submit=submit, carried=ref)


def csms(rows: Sequence[Row], shared: Shared) -> set[str]:
    """The two sides of a book, as far as they are on Slack."""
    users = {shared.outgoing.user, *(row.incoming.user for row in rows if row.incoming)}
    return {user for user in users if user}


def begun_view(
    book: Book,
    names: Names,
    viewer: str,
    when: tuple[Mapping[Role, Telling], Moment],
    *,
    undo: bool,
) -> Block:
    """What was started, and how long it can be taken back. `when` are who is told when, and now
    where the reader is.
    """
    whose = people.party(book.outgoing, names) if book.outgoing else ""
    count, ref = counted(len(started_rows(book)), "account"), Ref(h=book.id)
    blocks: list[Block] = [
        section(f"*{whose}'s book is started: {count}.*"),
        section(_when_told(book, names, *when)),
    ]
    if undo:
        sure = confirm("Take the start back?", "Nobody was told. You can prepare it again.", "Undo")
        waiting = any(telling.when is When.LATER for telling in when[0].values())
        now = leads_book(book, viewer) and waiting
        buttons = [
            button("Undo", BookAct.UNDO, ref, "danger") | {"confirm": sure},
            button("Tell them now", BookAct.TELL, ref) if now else None,
            button("Show the book", BookAct.SHOW, ref),
        ]
        blocks += actions(buttons)
        blocks.append(context("You can close this: /handover book opens it again until then."))
    return modal(BookForm.BEGUN, "Started", blocks, close="Close", carried=ref)


def _when_told(book: Book, names: Names, tellings: Mapping[Role, Telling], now: Moment) -> str:
    """Who is told when, in one sentence where it is the same for both sides."""
    rows = started_rows(book)
    whom = {
        Role.OUTGOING: people.party(book.outgoing, names) if book.outgoing else "",
        Role.INCOMING: "The incoming CSMs" if any(row.incoming for row in rows) else "",
    }
    said = {whom[role]: _told(telling, now) for role, telling in tellings.items() if whom[role]}
    if len(set(said.values())) == 1:
        return f"They are told {next(iter(said.values()))}."
    return "\n".join(f"{who}: {words}." for who, words in said.items())


def _told(telling: Telling, now: Moment) -> str:
    if telling.when is When.NEVER:
        return "not through me"
    if telling.at is None or telling.at <= now:
        return "already" if telling.at else "now"
    at = telling.at.astimezone(now.tzinfo)
    return f"at {at:%H:%M}" if at.date() == now.date() else f"on {moment(at, now)}"


def undone_view(book: Book, names: Names) -> Block:
    """What is said once a start was taken back."""
    whose = people.party(book.outgoing, names) if book.outgoing else ""
    words = f"The start of {whose}'s book is taken back. Nobody was told."
    again = button("Prepare it again", BookAct.AGAIN, Ref(h=book.id), "primary")
    return modal(BookForm.BEGUN, "Taken back", [section(words), *actions([again])], close="Close")


def asked_view(shared: Shared, names: Names) -> Block:
    """What is said once the leader was asked to start a book."""
    leader = people.person(shared.leader, names)
    words = f"{leader} is asked to start it. You can go on changing it with /handover book."
    return modal(BookForm.BEGUN, "Asked", [section(words)], close="Close")


def said_view(words: str) -> Block:
    """A last word."""
    return modal(BookForm.BEGUN, "Hand over a book", [section(words)], close="Close")


def _press(shared: Shared, names: Names, *, asks: bool) -> str:
    if not asks:
        return "Start and tell them"
    first = people.person(shared.leader, names, Surface.PLAIN).split(" ")[0]
    label = f"Ask {first} to start it"
    return label if len(label) <= TITLE else "Ask the leader"


def _outgoing(shared: Shared, names: Names, viewer: str, *, leader_view: bool) -> list[Block]:
    who = people.party(shared.outgoing, names)
    if not shared.outgoing.reachable:
        words = "gets no message; the leader and the incoming CSMs answer the questions."
        return [section(f"*{who}* {words}")]
    words = "gets one message with all accounts, and goes through them at any pace."
    asked = leader_view and shared.outgoing.user != viewer
    plain = people.party(shared.outgoing, names, Surface.PLAIN)
    return [
        section(f"*{who}* {words}"),
        *(when_fields(Role.OUTGOING, plain, Draft()) if asked else []),
    ]


def _incoming(rows: Sequence[Row], names: Names, *, leader_view: bool) -> list[Block]:
    counts: dict[str, int] = {}
    for row in rows:
        if row.incoming:
            who = people.party(row.incoming, names)
            counts[who] = counts.get(who, 0) + 1
    if not counts:
        return [section("Nobody is named yet to take over; the leader names somebody later.")]
    left = len(rows) - sum(counts.values())
    each = [f"• {who}: {counted(count, 'account')}" for who, count in counts.items()]
    words = ["Each *incoming CSM* gets one message and answers for every account:", *each]
    words += [f"For {counted(left, 'account')} nobody is named yet."] if left else []
    shown = when_fields(Role.INCOMING, "the incoming CSMs", Draft()) if leader_view else []
    return [section(fitted(words, 2800)), *shown]


def _line(fault: Fault, row: Row, names: Names, known: Directory | None) -> str:
    """One line, with what is wrong where that is not in the title already."""
    name = f"{row.line}: {account(row, names)}" if row.account else f"{row.line}"
    if fault is Fault.UNKNOWN_INCOMING:
        closest = known.closest(row.incoming_typed) if known else ()
        perhaps = f" (perhaps {escaped(' or '.join(closest))})" if closest else ""
        return f"• {name}, to {_shown(row.incoming_typed, names)}{perhaps}"
    if fault is Fault.OTHER_OWNER:
        return f"• {name}, owner {_shown(row.owner, names)}"
    return f"• {name}"


def _shown(text: str, names: Names) -> str:
    return one_line(text, Surface.MRKDWN, names, 80)


def _back(ref: Ref) -> list[Block]:
    return actions([button("Back to the accounts", BookAct.ACCOUNTS, ref)])
