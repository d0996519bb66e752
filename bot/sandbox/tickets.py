"""What Slack hands out for brief use: trigger ids (3 s, once), response URLs (30 min, 5 uses)."""

import time
from dataclasses import dataclass

from bot.sandbox.errors import SlackError
from bot.sandbox.records import Post
from bot.sandbox.workspace import Workspace

TRIGGER_SECONDS = 3.0
RESPONSE_SECONDS = 30 * 60.0
RESPONSE_USES = 5


@dataclass
class Trigger:
    """The right to open a modal for one person, given out with something they did."""

    user: str
    in_modal: bool
    until: float
    used: bool = False


@dataclass
class ResponseUrl:
    """The right to answer one command or click; `post` is the message that was clicked."""

    user: str
    room: str
    post: Post | None
    until: float
    uses: int = 0


class Tickets:
    """All that were given out; the clock is the monotonic one. `seconds` is a trigger's life."""

    def __init__(self, workspace: Workspace, seconds: float = TRIGGER_SECONDS) -> None:
        self._workspace = workspace
        self.seconds = seconds
        self._triggers: dict[str, Trigger] = {}
        self._urls: dict[str, ResponseUrl] = {}

    def trigger(self, user_id: str, *, in_modal: bool = False) -> str:
        trigger_id = f"{self._workspace.ids.new('')}.{self._workspace.ids.new('x')}"
        until = time.monotonic() + self.seconds
        self._triggers[trigger_id] = Trigger(user_id, in_modal, until)
        return trigger_id

    def redeem(self, trigger_id: object, now: float) -> Trigger:
        """The one use of a trigger id."""
        trigger = self._triggers.get(str(trigger_id))
        if trigger is None:
            raise SlackError("invalid_trigger_id", f"never given out: {trigger_id}")
        if trigger.used:
            raise SlackError("exchanged_trigger_id", "a trigger_id opens one modal")
        if now > trigger.until:
            raise SlackError("expired_trigger_id", f"older than {self.seconds:g} seconds")
        trigger.used = True
        return trigger

    def response_url(self, user_id: str, room_id: str, post: Post | None) -> str:
        key = self._workspace.ids.new("R")
        until = time.monotonic() + RESPONSE_SECONDS
        self._urls[key] = ResponseUrl(user_id, room_id, post, until)
        return f"{self._workspace.public_url}/response/{self._workspace.team_id}/{key}"

    def respond(self, key: str, now: float) -> ResponseUrl:
        """One use of a response URL."""
        url = self._urls.get(key)
        if url is None:
            raise SlackError("invalid_url", f"never given out: {key}")
        if now > url.until:
            raise SlackError("expired_url", "older than 30 minutes")
        if url.uses >= RESPONSE_USES:
            raise SlackError("used_url", f"used more than {RESPONSE_USES} times")
        url.uses += 1
        return url
