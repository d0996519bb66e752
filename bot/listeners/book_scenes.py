"""A book as somebody sees it now, for whoever may know of it."""

from bot.book_rendering import book_scene
from bot.office import Office
from bot.rendering import people_of
from bot.views.book_scene import BookScene
from flows.errors import FlowError


def book_for(office: Office, user: str, book: str) -> BookScene:
    """A book as somebody sees it. Raises FlowError `not_found`."""
    scene = book_scene(office.desk, office.roster, (office.team, book, user), people_of)
    if scene is None:
        raise FlowError("not_found")
    return scene
