"""A person at Slack's screen: types, reads, clicks. Knows labels and names, never ids."""

from typing import Any

from typing_extensions import override

from bot.sandbox.conversation import Conversation
from bot.sandbox.errors import NothingThere
from bot.sandbox.home import HomeScreen
from bot.sandbox.interactions import Reply
from bot.sandbox.message import Message, Uploads
from bot.sandbox.modal import ModalScreen, top_modal
from bot.sandbox.records import Room, User
from bot.sandbox.views import view_json
from bot.sandbox.world import World

JSON = dict[str, Any]


class Person:
    """A member of the workspace who acts. `user` is the plain record."""

    def __init__(self, world: World, user: User) -> None:
        self._world = world
        self.user = user

    @property
    def id(self) -> str:
        return self.user.id

    @property
    def name(self) -> str:
        return self.user.name

    @override
    def __repr__(self) -> str:
        return f"<Person {self.name}>"

    def types(self, text: str, *, where: Conversation | None = None) -> Reply:
        """Send a slash command, from the DM with the bot or another conversation."""
        room = self._world.workspace.rooms[where.id] if where else self._dm_room()
        return self._world.interactions.command(self.user, text, room)

    def dm(self) -> Conversation:
        """The conversation with the bot."""
        return Conversation(self._world, self.user, self._dm_room())

    def says(self, text: str, files: Uploads = ()) -> Message:
        """Write to the bot, outside any thread."""
        return self.dm().says(text, files)

    def reads(self, channel: Conversation) -> Conversation:
        """The same conversation before this person's eyes: clicks there are this person's."""
        room = self._world.workspace.rooms[channel.id]
        if self.id not in room.members:
            raise NothingThere(f"{self.name} is not in {room.name}")
        return Conversation(self._world, self.user, room)

    def modal(self, title: str | None = None) -> ModalScreen:
        """The topmost modal, once there is one (with this title, if one is given)."""
        found: list[ModalScreen] = []

        def came() -> bool:
            top = top_modal(self._world, self.user)
            found[:] = [top] if top and title in (None, top.title) else []
            return bool(found)

        if not self._world.workspace.wait_for(came, self._world.patience):
            top = top_modal(self._world, self.user)
            there = top.text if top else f"no modal; in the DM:\n{self.dm().dump()}"
            raise NothingThere(f"{self.name} has no modal {title or ''}; there is: {there}")
        return found[0]

    def has_modal(self) -> bool:
        return bool(self._world.workspace.stacks.get(self.id))

    def opens_home(self) -> HomeScreen:
        """Look at the Home tab; returns when the bot has published it anew."""
        before = self._home_hash()
        self._opens("home")
        changed = self._world.workspace.wait_for
        changed(lambda: self._home_hash() != before, self._world.patience)
        return self.home()

    def opens_messages(self) -> None:
        """Look at the Messages tab."""
        self._opens("messages")

    def _opens(self, tab: str) -> None:
        workspace = self._world.workspace
        self._world.journal.show("opens", self.name, tab)
        with workspace.changed:
            room = workspace.dm_with(self.id)
            view = workspace.homes.get(self.id)
            event: JSON = {
                "type": "app_home_opened",
                "user": self.id,
                "channel": room.id,
                "tab": tab,
                "event_ts": workspace.ids.ts(),
            }
            if tab == "home" and view is not None:
                event["view"] = view_json(workspace, view)
            workspace.send_event("app_home_opened", event)

    def home(self) -> HomeScreen:
        """The Home tab as it stands, once there is one."""
        homes = self._world.workspace.homes
        if not self._world.workspace.wait_for(lambda: self.id in homes, self._world.patience):
            raise NothingThere(f"{self.name} sees an empty Home tab")
        return HomeScreen(self._world, self.user, homes[self.id])

    def _home_hash(self) -> str:
        view = self._world.workspace.homes.get(self.id)
        return view.hash if view else ""

    def _dm_room(self) -> Room:
        with self._world.workspace.changed:
            return self._world.workspace.dm_with(self.id)
