"""What somebody clicked in shows what is true now: Home, or the modal that a click stands in."""

from bot.ids import Form, Ref
from bot.listeners.reading import looked_at, publish_home
from bot.listeners.showing import is_in, note_view
from bot.office import Office
from bot.payloads import Click


def bring_up_to_date(office: Office, click: Click) -> bool:
    """Have it shown anew, soon; whether there is anything that is not edited by itself."""
    view = click.view or {}
    if is_in(click, "home"):
        office.soon(lambda: publish_home(office, click.user))
        return True
    if view.get("callback_id") != Form.SHOWN or not view.get("private_metadata"):
        return False
    ref = Ref.load(view["private_metadata"])

    def update() -> None:
        shown = looked_at(office, click.user, ref)
        office.gateway.views_update(view["id"], note_view(shown, ref))

    office.soon(update)
    if click.user in office.at_home:
        office.soon(lambda: publish_home(office, click.user))
    return True
