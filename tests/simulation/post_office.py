"""Slack as the simulated bot meets it, at the outermost port: everything that was said, in order.

It lets the bot down now and then: a call is limited, or ends without an answer, landed or not. What
happens to a message follows from its key, so that two runs meet the same trouble.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import blake2b

from typing_extensions import override

from bot.delivery.gateway import Gateway, make_ssl_context
from bot.delivery.port import (
    Absent,
    Ambiguous,
    FileToSend,
    Json,
    Landed,
    Limited,
    Message,
    Refused,
    Told,
    Trouble,
)
from bot.delivery.tokens import OneToken
from bot.times import Clock
from tests.simulation.company import TEAM, Member


@dataclass(frozen=True)
class Letter:
    """One message as it was posted, with its own key."""

    key: str
    channel: str
    thread: str | None
    text: str
    blocks: list[Json] = field(repr=False)
    ts: str = ""
    at: float = 0.0


class PostOffice(Gateway):
    """Keeps what was posted; `posted` hears of each message as it lands."""

    def __init__(self, clock: Clock, members: Mapping[str, Member], *, faults: bool = True) -> None:
        super().__init__(OneToken("xoxb"), "http://127.0.0.1:9/", b"secret", make_ssl_context(), 1)
        self._clock = clock
        self._members = members
        self._faults = faults
        self._tries = Counter[str]()
        self._count = 0
        self.letters: list[Letter] = []
        self.edits = 0
        self.faulty: set[str] = set()
        self.posted: Callable[[Letter], None] = lambda _letter: None
        self.edited: Callable[[str, Message], None] = lambda _channel, _message: None

    @override
    def post(
        self, channel: str, message: Message, thread_ts: str | None, key: str
    ) -> Landed | Trouble:
        self._tries[key] += 1
        draw = blake2b(f"{key} {self._tries[key]}".encode(), digest_size=2).digest()
        luck = int.from_bytes(draw) if self._faults else 999
        if luck % 1000 < 6:
            self.faulty.add(key)
        if luck % 1000 < 2:
            return Limited(20.0)
        if luck % 1000 < 4:
            return Ambiguous("timeout")
        self._count += 1
        # As Slack's own: the time, and what makes it one of its kind.
        ts = f"{self._clock.now().timestamp():.0f}.{self._count % 1_000_000:06d}"
        now = self._clock.now().timestamp()
        letter = Letter(key, channel, thread_ts, message.text, list(message.blocks), ts, now)
        self.letters.append(letter)
        self.posted(letter)
        return Ambiguous("timeout") if luck % 1000 < 6 else Landed(ts)

    @override
    def update(self, channel: str, ts: str, message: Message) -> Landed | Trouble:
        self.edits += 1
        self.edited(channel, message)
        return Landed(ts)

    @override
    def find_by_key(
        self, channel: str, thread_ts: str | None, oldest: float, key: str
    ) -> Landed | Absent | Trouble:
        for letter in reversed(self.letters):
            if letter.at < oldest:
                break
            if (letter.channel, letter.thread, letter.key) == (channel, thread_ts, key):
                return Landed(letter.ts)
        return Absent()

    @override
    def share(
        self, channel: str, thread_ts: str | None, file_id: str, title: str
    ) -> Landed | Trouble:
        self._count += 1
        return Landed(f"{self._clock.now().timestamp():.0f}.{self._count % 1_000_000:06d}")

    @override
    def upload(self, file: FileToSend) -> Told | Trouble:
        return Told({"file_id": f"F{self._count}"})

    @override
    def auth_test(self) -> Told | Trouble:
        return Told({"team_id": TEAM, "bot_id": "B1", "user_id": "UBOT"})

    @override
    def open_dm(self, user: str) -> Told | Trouble:
        return Told({"channel": {"id": f"D{user}"}})

    @override
    def users_info(self, user: str) -> Told | Trouble:
        member = self._members.get(user)
        if member is None:
            return Refused("user_not_found")
        local = member.local(self._clock.now())
        profile: Json = {"display_name": member.name}
        if member.polite and member.is_away(local.date()):
            midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
            end = int((midnight + timedelta(days=1)).timestamp())
            profile |= {"status_emoji": ":palm_tree:", "status_expiration": end}
        told = {"id": user, "team_id": TEAM, "tz": member.tz, "profile": profile}
        return Told({"user": told | {"is_admin": member.admin, "deleted": member.is_gone}})

    @override
    def channel_info(self, channel: str) -> Told | Trouble:
        return Told({"channel": {"id": channel, "name": "handovers", "is_member": True}})

    @override
    def channel_members(self, channel: str, cursor: str = "") -> Told | Trouble:
        return Told({"members": [user for user, one in self._members.items() if one.leads]})

    @override
    def dnd_info(self, user: str, team: str) -> Told | Trouble:
        now = self._clock.now()
        until = self._members[user].quiet_until(now)
        if until is None:
            return Told({"dnd_enabled": False})
        start, end = int(now.timestamp()) - 60, int(until.timestamp())
        told = {"dnd_enabled": True, "next_dnd_start_ts": start, "next_dnd_end_ts": end}
        return Told(told)
