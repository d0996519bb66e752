"""What somebody clicked in shows what is true now: Home, or the modal that a click stands in."""

from bot.books.ids import BookForm
from bot.ids import Form, Ref
from bot.listeners.books import standing as book_standing
from bot.listeners.reading import looked_at, publish_home
from bot.listeners.showing import change_view, is_in, note_view
from bot.office import Office
from bot.payloads import Click, Submission


def bring_up_to_date(office: Office, click: Click) -> bool:
    """Have it shown anew, soon; whether there is anything that is not edited by itself."""
    view = click.view or {}
    if is_in(click, "home"):
        publish_home(office, click.user)
        return True
    if view.get("callback_id") == BookForm.SHOWN:
        change_view(office, view["id"], lambda: book_standing.anew(office, click.user, view))
        return True
    if view.get("callback_id") != Form.SHOWN or not view.get("private_metadata"):
        return False
    ref = Ref.load(view["private_metadata"])
    change_view(office, view["id"], lambda: note_view(looked_at(office, click.user, ref), ref))
    publish_home(office, click.user)
    return True


def shown_below(click: Click) -> str:
    """Which task the modal that was clicked in is about (a Todo): a form opened on top of it
    carries that as `p`, to bring it up to date with `below_anew`.
    """
    view = click.view or {}
    is_shown = view.get("callback_id") == Form.SHOWN
    return Ref.load(view.get("private_metadata", "")).v if is_shown else ""


def below_anew(office: Office, submission: Submission) -> None:
    """Show what is true now in the modal below a form that was just submitted, if there is one."""
    below, ref = submission.view.get("previous_view_id"), Ref.load(submission.metadata)
    if not below:
        return
    known = Ref(h=ref.h, v=ref.p, r=ref.r if ref.p else "")

    change_view(office, below, lambda: note_view(looked_at(office, submission.user, known), known))
