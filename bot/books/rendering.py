"""What a message about a book says, made from what is true when it is sent.

Nobody is shown more of a book than the handovers that they may know of.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from bot.delivery.port import FileToSend, Rendered, Row
from bot.desk import Desk
from bot.exports.book_rows import book_csv
from bot.roster import Roster
from bot.times import in_zone
from bot.views import rows
from bot.views.blocks import Message
from bot.views.books import approval as book_approval
from bot.views.books import card as book_card
from bot.views.books import next as book_next
from bot.views.books import notice as book_notice
from bot.views.books import offer as book_offer
from bot.views.books.scene import BookScene
from bot.workload import under_way
from flows.books.book import Book, BookStage, leads_book, may_prepare, seen_in
from flows.handover import Handover
from flows.privacy import as_read_by, leads
from flows.saying import Kind
from flows.terms import Role
from storage import books, handovers, posts, tasks

Named = Callable[[Handover], frozenset[str]]
"""Everybody whose name may stand in what is shown of a handover."""

_VIEWS: Mapping[Kind, Callable[[str, BookScene], Message | None]] = {
    Kind.BOOK_CARD: book_card.build,
    Kind.BOOK_OFFER: book_offer.build,
    Kind.BOOK_NOTICE: book_notice.build,
    Kind.BOOK_NEXT: book_next.build,
    Kind.BOOK_APPROVAL: book_approval.build,
}
_IN_THREAD = frozenset({Kind.BOOK_NEXT})


def book_message(
    desk: Desk, roster: Roster, row: Row, named: Named, *, posting: bool
) -> Rendered | None:
    """What to say of a book; none where its reader may know nothing of it, or nothing is left.

    An offer that stands says once more when nothing in it is with its reader any more.
    """
    scene = book_scene(desk, roster, (row.team, row.handover, row.person), named)
    build = _VIEWS.get(Kind(row.kind))
    if scene and row.kind == Kind.BOOK_NEXT:
        scene = replace(scene, gone_on=_gone_on(desk, row))
    message = build(row.subject, scene) if scene and build else None
    if message is None and row.kind == Kind.BOOK_OFFER and not posting:
        return Rendered(book_offer.gone(), scene.book.seq if scene else 0, thread=False)
    if scene is None or message is None:
        return None
    return Rendered(message, scene.book.seq, thread=Kind(row.kind) in _IN_THREAD)


def _gone_on(desk: Desk, row: Row) -> bool:
    """Whether a newer message of its kind stands already."""
    with desk.database.read() as connection:
        newest = posts.newest(connection, row.team, row.handover, row.person, row.kind)
        own = posts.standing(connection, row.team, row.handover, row.person, row.kind, row.subject)
    return bool(newest and own and newest.ts != own.ts)


def book_file(desk: Desk, roster: Roster, row: Row, named: Named) -> Rendered | None:
    """The accounts that somebody may know of as a file; none where there are none."""
    scene = book_scene(desk, roster, (row.team, row.handover, row.person), named)
    if scene is None or not scene.rows:
        return None
    file = FileToSend(f"book-{scene.now.date().isoformat()}.csv", book_csv(scene))
    title = f"Book of {scene.plain_outgoing}, a row for each account"
    return Rendered(Message(title, []), scene.book.seq, thread=False, file=file)


def book_scene(
    desk: Desk, roster: Roster, about: tuple[str, str, str], named: Named
) -> BookScene | None:
    """A book (by team and id) as somebody sees it; none for whoever may know nothing of it.

    Before it is started that is who prepares it, afterwards who may know of one of its accounts;
    where the start was taken back, its leaders.
    """
    team, key, viewer = about
    with desk.database.read() as connection:
        stored = books.load(connection, team, key)
        if stored is None:
            return None
        book = stored.value
        every = handovers.of_book(connection, team, key)
        seen = seen_in(every, viewer)
        undone = book.stage is BookStage.UNDONE and leads_book(book, viewer)
        if not (seen or undone or may_prepare(book, viewer)):
            return None
        kept = {h.playbook: desk.playbooks.of(connection, h) for h in seen}
        takes = any(h.user(Role.INCOMING) == viewer for h in seen)
        ours = {h.id for h in every}
        others = len(under_way(connection, team, viewer, ours)) if takes else 0
        owed = tasks.of_book(connection, team, key) if seen else []
    users = {user for handover in seen for user in named(handover)} | people_of(book)
    reader = roster.known(viewer)
    read = (rows.Row(as_read_by(h, kept[h.playbook], viewer), kept[h.playbook]) for h in seen)
    return BookScene(
        book=book,
        rows=tuple(read),
        playbooks=kept,
        viewer=viewer,
        names=roster.names(users | {viewer}),
        now=in_zone(desk.clock.now(), reader.tz if reader else ""),
        others=others,
        passed_on=tuple(_passed_on(every, viewer)),
        owed=tuple(_owed_as_seen(owed, seen, viewer)),
    )


def _passed_on(every: Iterable[Handover], viewer: str) -> Iterator[str]:
    """The accounts that somebody declined and that are with somebody else since."""
    for handover in every:
        if viewer in handover.declined_by and handover.user(Role.INCOMING) != viewer:
            yield handover.account


def _owed_as_seen(
    owed: Iterable[tasks.BookTask], seen: Iterable[Handover], viewer: str
) -> Iterator[tasks.BookTask]:
    """What somebody has to do themselves, and what others have where they lead."""
    led = {handover.id: leads(handover, viewer) for handover in seen}
    for task in owed:
        others = led.get(task.handover, False) and not task.close
        if task.handover in led and (task.owner == viewer or others):
            yield task


def people_of(book: Book) -> set[str]:
    """Everybody whose name may stand in what is shown of a book before it is started."""
    shared = book.shared
    named: set[str | None] = {row.incoming.user for row in book.rows if row.incoming}
    named |= {book.created_by, *(one.user for one in book.sharing.candidates)}
    if shared:
        named |= {shared.outgoing.user, shared.leader, shared.backup}
    return {user for user in named if user}
