"""Sending for approval and approving for many accounts of a book at once."""

from collections.abc import Callable, Mapping

from bot.books.ids import BookAct
from bot.desk import Receipt
from bot.ids import Ref
from bot.listeners.books.scenes import book_for, book_to, order, turned
from bot.listeners.clicks import about
from bot.listeners.reading import looked_at
from bot.listeners.showing import note_view, open_modal
from bot.office import Office
from bot.payloads import Click
from bot.views.books import approval as book_approval
from bot.views.books import sending as book_sending
from bot.views.books.orders import keyed, unpacked
from flows.errors import FlowError
from flows.events import PiecesApproved, SentForApproval, TakenOutOfGroup
from flows.handover import Handover
from flows.privacy import leads
from flows.tasks import Todo
from flows.who_may import Do


def _send_all(office: Office, click: Click) -> None:
    """Send all drafts that were ready when the button was shown, but for what was sent since."""
    ref = about(click)
    scene = book_to(Do.WORK, office, click.user, ref.h)
    there, wanted = keyed(scene, book_sending.ready(scene)), unpacked(ref.v)
    event = SentForApproval(at=office.desk.clock.now(), by=click.user)
    each = {handover.id: event for row, handover in there.items() if row in wanted}
    if not each:
        raise FlowError("nothing_to_send")
    order(office, scene, (click.user, click.key), each)


def _approve_all(office: Office, click: Click) -> None:
    """Approve the versions that were read, whatever became of them since: what was changed is
    refused account by account, and told on the card.
    """
    ref = about(click)
    scene = book_for(office, click.user, ref.h)
    wanted = book_approval.read_versions(ref.n)
    led = keyed(scene, (h for h in scene.handovers if leads(h, click.user)))
    now = office.desk.clock.now()
    each = {
        led[row].id: PiecesApproved(at=now, by=click.user, pieces=pieces)
        for row, pieces in wanted.items()
        if row in led
    }
    if not each:
        raise FlowError("not_found")
    order(office, scene, (click.user, click.key), each)


def _apart(office: Office, click: Click) -> None:
    """Decide on one account by itself, on a card of its own."""
    event = TakenOutOfGroup(at=office.desk.clock.now(), by=click.user)
    office.desk.record(Receipt(click.team, click.key), _account(office, click).id, event)


def _read(office: Office, click: Click) -> None:
    """The whole card of one account, with all that can be decided on it."""
    found = _account(office, click)
    ref = Ref(h=found.id, v=Todo.APPROVE, r=str(found.letters.round))
    open_modal(office, click, note_view(looked_at(office, click.user, ref), ref))


def _account(office: Office, click: Click) -> Handover:
    ref = about(click)
    scene = book_for(office, click.user, ref.h)
    found = keyed(scene, scene.handovers).get(ref.v)
    if found is None:
        raise FlowError("not_found")
    return found


def _page(office: Office, click: Click) -> None:
    ref = about(click)
    scene = book_for(office, click.user, ref.h)
    turned(office, click, "To be approved", book_approval.page(scene, ref.p, int(ref.v)))


CLICKS: Mapping[str, Callable[[Office, Click], None]] = {
    BookAct.SEND_ALL: _send_all,
    BookAct.APPROVE_ALL: _approve_all,
    BookAct.APPROVE_READ: _read,
    BookAct.APPROVE_APART: _apart,
    BookAct.APPROVE_PAGE: _page,
}
