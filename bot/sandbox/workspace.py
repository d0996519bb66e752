"""The state of the pocket workspace, behind one lock; whoever changes it wakes all who wait."""

import itertools
import threading
import time
from collections.abc import Callable
from typing import Any

from bot.sandbox.app import App
from bot.sandbox.errors import NothingThere, SlackError
from bot.sandbox.records import File, Kind, Post, Room, Sighting, User, View

JSON = dict[str, Any]
_LOOK_AGAIN_SECONDS = 0.1


class Ids:
    """Ids that look like Slack's, and timestamps that never repeat. Not locked by itself."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._numbers = itertools.count(1)
        self._last_ts = 0
        self._now = now

    def new(self, prefix: str) -> str:
        return f"{prefix}0{next(self._numbers):09d}"

    def ts(self) -> str:
        """Seconds since 1970 with six decimals, as text: Slack's name for a message."""
        self._last_ts = max(self._last_ts + 1, int(self._now() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"


class Workspace:
    """Users, conversations, files and views of one team. Hold `changed` to read or write."""

    def __init__(
        self,
        app: App,
        team_id: str = "T0SANDBOX01",
        team_name: str = "Sandbox",
        now: Callable[[], float] = time.time,
    ) -> None:
        self.app = app
        self.now = now
        self.team_id = team_id
        self.team_name = team_name
        self.team_domain = "sandbox"
        self.changed = threading.Condition(threading.RLock())
        self.ids = Ids(now)
        self.users: dict[str, User] = {}
        self.rooms: dict[str, Room] = {}
        self.files: dict[str, File] = {}
        self.views: dict[str, View] = {}
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.ephemerals: list[Post] = []
        self.sightings: list[Sighting] = []
        self.public_url = ""  # set when the server listens
        self.send_event: Callable[[str, JSON], None] = lambda _name, _event: None
        self.users[app.bot_user_id] = User(app.bot_user_id, app.name, bot=True)

    def wait_for(self, ready: Callable[[], object], patience: float) -> bool:
        """Sleep until `ready()` is true, at most `patience` seconds; true if it came to be."""
        until = time.monotonic() + patience
        with self.changed:
            while not ready():
                rest = until - time.monotonic()
                if rest <= 0:
                    return False
                # What becomes true outside of the workspace is announced by nobody.
                self.changed.wait(min(rest, _LOOK_AGAIN_SECONDS))
        return True

    def user(self, user_id: str) -> User:
        if user_id not in self.users:
            raise SlackError("user_not_found", user_id)
        return self.users[user_id]

    def named(self, name: str) -> User:
        for user in self.users.values():
            if user.name == name:
                return user
        raise NothingThere(f"nobody is called {name!r}; there are {self.names()}")

    def names(self) -> list[str]:
        return [user.name for user in self.users.values()]

    def room(self, room_id: str) -> Room:
        """A conversation that the bot can see; a private one without it does not exist for it."""
        found = self.rooms.get(room_id)
        if found is None:
            raise SlackError("channel_not_found", room_id)
        if found.kind != "channel" and self.app.bot_user_id not in found.members:
            raise SlackError("channel_not_found", room_id, ordinary=True)
        return found

    def add_room(self, kind: Kind, name: str, members: list[str], external: bool = False) -> Room:
        prefix = {"im": "D", "mpim": "G", "channel": "C", "group": "C"}[kind]
        room = Room(self.ids.new(prefix), kind, name, members, external)
        self.rooms[room.id] = room
        return room

    def dm_with(self, user_id: str) -> Room:
        """The conversation of the bot and one person; made on first use."""
        for room in self.rooms.values():
            if room.kind == "im" and user_id in room.members:
                return room
        return self.add_room("im", "directmessage", [user_id, self.app.bot_user_id])

    def place(self, room: Room) -> str:
        """A conversation as a reader would call it."""
        if room.kind != "im":
            return f"#{room.name}"
        names = [self.users[m].name for m in room.members if m != self.app.bot_user_id]
        return f"DM with {', '.join(names)}"

    def post(self, room: Room, ts: str) -> Post:
        """A message by its ts. Never written: the bot's mistake; deleted since: bad luck."""
        for post in room.posts:
            if post.ts == ts:
                if post.deleted:
                    raise SlackError("message_not_found", f"{ts} is deleted", ordinary=True)
                return post
        raise SlackError("message_not_found", f"{ts} in {room.id}")

    def thread(self, room: Room, thread_ts: str) -> list[Post]:
        return [p for p in room.posts if p.thread_ts == thread_ts and p.is_reply and not p.deleted]

    def saw(self, user_ids: list[str], where: str, text: str) -> None:
        """Note that these persons could read this, now."""
        self.sightings += [
            Sighting(user, where, text) for user in user_ids if user != self.app.bot_user_id
        ]
