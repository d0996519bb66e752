"""A conversation in front of a person: read it, wait for words, write into it."""

from collections.abc import Callable
from typing import Literal, overload

from bot.sandbox.errors import NothingThere
from bot.sandbox.message import Message, Uploads, say
from bot.sandbox.records import Room, User
from bot.sandbox.world import World


class Conversation:
    """A DM or a channel as one person sees it."""

    def __init__(self, world: World, viewer: User, room: Room) -> None:
        self._world = world
        self._viewer = viewer
        self._room = room

    @property
    def id(self) -> str:
        return self._room.id

    @property
    def messages(self) -> list[Message]:
        """Top-level messages, oldest first."""
        return [message for message in self.every_message if not message.is_reply]

    @property
    def threads(self) -> list[Message]:
        """The top-level messages that have replies."""
        return [message for message in self.messages if message.thread]

    @property
    def every_message(self) -> list[Message]:
        """Top-level messages and replies, oldest first."""
        with self._world.workspace.changed:
            posts = [post for post in self._room.posts if not post.deleted]
        return [Message(self._world, self._viewer, post) for post in posts]

    def find(self, words: str, since: Message | None = None) -> Message | None:
        """The newest message (or reply) that reads so; `since`: only later ones."""
        later = (m for m in reversed(self.every_message) if since is None or m.ts > since.ts)
        return next((message for message in later if words in message.text), None)

    @overload
    def wait(
        self, words: str, *, since: Message | None = ..., gone: Literal[False] = ...
    ) -> Message: ...

    @overload
    def wait(self, words: str, *, since: Message | None = ..., gone: Literal[True]) -> None: ...

    def wait(
        self, words: str, *, since: Message | None = None, gone: bool = False
    ) -> Message | None:
        """Until a message reads so, which is returned; with `gone` until none does any more."""
        if gone:
            self.wait_until(lambda: not self.find(words, since), f"{words!r} to go away")
            return None
        found = self.wait_until(lambda: self.find(words, since), f"{words!r}")
        return found if isinstance(found, Message) else None

    def wait_until(
        self,
        ready: Callable[[], object],
        what: str = "the condition",
        patience: float | None = None,
    ) -> object:
        """Until `ready()` gives something true, which is returned."""
        result: list[object] = []

        def came() -> bool:
            value = ready()
            result[:] = [value]
            return bool(value)

        limit = self._world.patience if patience is None else patience
        if not self._world.workspace.wait_for(came, limit):
            raise NothingThere(f"waited {limit:g} s for {what}; there is:\n{self.dump()}")
        return result[0]

    def dump(self) -> str:
        """The whole conversation as text."""
        lines = [f"{'  ' * m.is_reply}{m.author}: {m.text}" for m in self.every_message]
        return "\n".join(lines) or "(nothing)"

    def says(self, text: str, files: Uploads = ()) -> Message:
        return say(self._world, self._viewer, self._room, text, files, None)
