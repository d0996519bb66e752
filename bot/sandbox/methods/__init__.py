"""The Web API methods with a behaviour of their own; any other known method answers a plain ok."""

from collections.abc import Callable
from typing import Any

from bot.sandbox.methods import canvases, chat, conversations, files, marks, team, users, views
from bot.sandbox.methods.context import Context

Handler = Callable[[Context, dict[str, Any]], dict[str, Any]]

HANDLERS: dict[str, Handler] = {
    **canvases.HANDLERS,
    **chat.HANDLERS,
    **conversations.HANDLERS,
    **files.HANDLERS,
    **marks.HANDLERS,
    **team.HANDLERS,
    **users.HANDLERS,
    **views.HANDLERS,
}
