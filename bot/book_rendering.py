"""What a message about a book says, made from what is true when it is sent.

Nobody is shown more of a book than the handovers that they may know of.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.delivery.port import Rendered, Row
from bot.desk import Desk
from bot.roster import Roster
from bot.times import in_zone
from bot.views import book_card, book_next, book_notice, book_offer, rows
from bot.views.blocks import Message
from bot.views.book_scene import BookScene
from flows.books import Book, BookStage, leads_book, may_prepare, seen_in
from flows.handover import Handover
from flows.privacy import as_read_by
from flows.saying import Kind
from storage import books, handovers, posts

Named = Callable[[Handover], frozenset[str]]
"""Everybody whose name may stand in what is shown of a handover."""

_VIEWS: Mapping[Kind, Callable[[str, BookScene], Message | None]] = {
    Kind.BOOK_CARD: book_card.build,
    Kind.BOOK_OFFER: book_offer.build,
    Kind.BOOK_NOTICE: book_notice.build,
    Kind.BOOK_NEXT: book_next.build,
}
_IN_THREAD = frozenset({Kind.BOOK_NEXT})


def book_message(desk: Desk, roster: Roster, row: Row, named: Named) -> Rendered | None:
    """What to say of a book; none where its reader may know nothing of it, or nothing is left."""
    scene = book_scene(desk, roster, (row.team, row.handover, row.person), named)
    build = _VIEWS.get(Kind(row.kind))
    if scene and row.kind == Kind.BOOK_NEXT:
        scene = replace(scene, gone_on=_gone_on(desk, row))
    message = build(row.subject, scene) if scene and build else None
    if scene is None or message is None:
        return None
    return Rendered(message, scene.book.seq, thread=Kind(row.kind) in _IN_THREAD)


def _gone_on(desk: Desk, row: Row) -> bool:
    """Whether a newer message of its kind stands already."""
    with desk.database.read() as connection:
        newest = posts.newest(connection, row.team, row.handover, row.person, row.kind)
        own = posts.standing(connection, row.team, row.handover, row.person, row.kind, row.subject)
    return bool(newest and own and newest.ts != own.ts)


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
        seen = seen_in(handovers.of_book(connection, team, key), viewer)
        undone = book.stage is BookStage.UNDONE and leads_book(book, viewer)
        if not (seen or undone or may_prepare(book, viewer)):
            return None
        kept = {h.playbook: desk.playbooks.of(connection, h) for h in seen}
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
    )


def people_of(book: Book) -> set[str]:
    """Everybody whose name may stand in what is shown of a book before it is started."""
    shared = book.shared
    users = {book.created_by, *(row.incoming.user for row in book.rows if row.incoming)}
    if shared:
        users |= {shared.outgoing.user, shared.leader, shared.backup}
    return {user for user in users if user}
