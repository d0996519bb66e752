"""The bot's Home tab in front of a person."""

from typing import Any

from typing_extensions import override

from bot.sandbox import views
from bot.sandbox.finder import Found
from bot.sandbox.interactions import Reply
from bot.sandbox.records import User, View
from bot.sandbox.surface import Surface
from bot.sandbox.world import World

JSON = dict[str, Any]


class HomeScreen(Surface):
    """The Home tab as it is now."""

    def __init__(self, world: World, viewer: User, view: View) -> None:
        super().__init__(world, viewer)
        self._view = view

    @property
    @override
    def text(self) -> str:
        workspace = self._world.workspace
        with workspace.changed:
            # A Home tab has no title of its own.
            return views.as_text(workspace, self._view)

    @property
    @override
    def blocks(self) -> list[JSON]:
        blocks: list[JSON] = self._view.payload["blocks"]
        return blocks

    @property
    @override
    def _where(self) -> str:
        return "Home tab"

    @override
    def _put(self, found: Found, entry: JSON) -> Reply:
        with self._world.workspace.changed:
            state = self._view.state.setdefault(found.block["block_id"], {})
            state[found.element["action_id"]] = entry
        return super()._put(found, entry)

    @override
    def _send(self, action: JSON) -> Reply:
        return self._world.interactions.view_action(self._viewer, self._view, action)
