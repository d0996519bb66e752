"""The bot in one thread, before a Slack that only writes down what it is told.

Deliveries go to the listeners as Bolt hands them over; nothing is sent, for no engine runs.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

from slack_sdk import WebClient
from typing_extensions import override

from bot.afterwards import Afterwards, Do, quietly
from bot.app import Bot
from bot.delivery.gateway import Gateway, make_ssl_context
from bot.delivery.port import Message, Told, Trouble
from bot.delivery.tokens import OneToken
from bot.listeners import Listeners, failed
from bot.office import Office
from bot.settings import Settings
from flows.handover import Handover
from storage import handovers
from storage.people import Person
from tests.clocks import HandClock
from tests.databases import sqlite
from tests.simulation.lanes import Lanes

TEAM = "T1"
Json = dict[str, Any]


class Mirror(Gateway):
    """Writes down every call, and says yes."""

    def __init__(self) -> None:
        super().__init__(OneToken("xoxb"), "http://127.0.0.1:9/", b"secret", make_ssl_context(), 1)
        self.calls: list[tuple[str, Any]] = []

    @override
    def respond(self, response_url: str, message: Message, *, replace: bool) -> Told | Trouble:
        self.calls.append(("respond", (message.text, message.blocks, replace)))
        return Told({})

    @override
    def _passed(self, client: WebClient, method: str, given: Json) -> Told | Trouble:
        self.calls.append((method, given))
        return Told({"team_id": TEAM, "channel": {"id": "D1"}, "permalink": "https://x.slack.com"})


class AtOnce(Afterwards):
    """What could wait happens at once."""

    @override
    def soon(self, team: str, do: Do, once: str = "", lane: str = "") -> None:
        quietly(do)


class House:
    """The listeners of one workspace, and what stands behind them."""

    def __init__(self, folder: Path) -> None:
        url = sqlite().make(folder)
        known = {
            "SLACK_BOT_TOKEN": "xoxb",
            "SLACK_SIGNING_SECRET": "secret",
            "DATABASE_URL": url,
            "HANDOVER_POST_RATE": "0",
        }
        self.slack, self.clock = Mirror(), HandClock()
        self.bot = Bot(
            Settings.model_validate(known),
            clock=self.clock,
            gateway=self.slack,
            engine=lambda handle: Lanes(handle, self.clock),
        )
        self.bot.afterwards = AtOnce()
        self.listeners = Listeners(self.bot.offices)
        self._file = sqlite3.connect(folder / "handover.db", isolation_level=None)
        self._kept = sqlite3.connect(":memory:")
        self._count = 0

    @property
    def office(self) -> Office:
        office = self.bot.offices.of(TEAM)
        assert office is not None
        return office

    def meet(self, user: str, **known: bool) -> None:
        made: Json = known
        self.office.roster.learn(Person(team=TEAM, user=user, name=user.title(), **made))

    def changed(self, user: str, **facts: object) -> list[object]:
        """Slack tells that somebody's profile changed."""
        event = {"user": {"id": user, "team_id": TEAM, "name": user} | facts}
        return self.told("person_changed", {"team_id": TEAM, "event": event})

    def stored(self, handover: str) -> Handover:
        """A handover as it stands."""
        with self.bot.database.read() as connection:
            found = handovers.load(connection, TEAM, handover)
        assert found is not None
        return found.value

    def accounts_of(self, book: str) -> list[Handover]:
        with self.bot.database.read() as connection:
            return list(handovers.of_book(connection, TEAM, book))

    def copy(self) -> sqlite3.Connection:
        """Everything as it stands now, for `restore`."""
        kept = sqlite3.connect(":memory:")
        self._file.backup(kept)
        return kept

    def keep(self) -> None:
        """What stands now is what `restore` brings back."""
        self._kept = self.copy()

    def restore(self, kept: sqlite3.Connection | None = None) -> None:
        (kept or self._kept).backup(self._file)
        self.office.roster.refresh()

    def writes(self) -> int:
        """A number that is another one after every change to any table."""
        return int(self._file.execute("PRAGMA data_version").fetchone()[0])

    def told(self, listener: str, body: Json) -> list[Any]:
        """Deliver; everything that Slack was told because of it."""
        said: list[Any] = []
        self.slack.calls = []

        def ack(*given: object, **named: object) -> None:
            if given or named:
                said.append((given, named))

        try:
            getattr(self.listeners, listener)(body, ack)
        except Exception as error:
            status = failed(error).status
            if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise
            said.append((status, type(error).__name__))
        return [*said, *self.slack.calls]

    def command(self, user: str, text: str) -> list[Any]:
        body = {"team_id": TEAM, "user_id": user, "trigger_id": self._new("t"), "text": text}
        return self.told("command", body)

    def click(self, user: str, action: str, value: str, **more: object) -> list[Any]:
        acted = {"action_id": action, "action_ts": self._new("a"), "block_id": value} | more
        body = self._interaction(user) | {
            "type": "block_actions",
            "container": {"message_ts": "1.1", "channel_id": "D1"},
            "state": {"values": {}},
            "response_url": "https://hooks.slack.com/x",
            "actions": [acted if "type" in more else acted | {"value": value}],
        }
        return self.told("click", body)

    def click_in_view(self, user: str, action: str, value: str, view: Json) -> list[Any]:
        body = self._interaction(user) | {
            "type": "block_actions",
            "container": {"view_id": "V1"},
            "view": view,
            "actions": [{"action_id": action, "action_ts": self._new("a"), "value": value}],
        }
        return self.told("click", body)

    def submit(self, user: str, form: str, metadata: str, values: Json) -> list[Any]:
        view = {
            "id": self._new("V"),
            "type": "modal",
            "callback_id": form,
            "private_metadata": metadata,
            "hash": "1",
            "state": {"values": values},
            "blocks": [{"type": "input", "block_id": name} for name in values],
        }
        return self.told("submission", self._interaction(user) | {"view": view})

    def shortcut(self, user: str, callback: str) -> list[Any]:
        body = self._interaction(user) | {
            "callback_id": callback,
            "channel": {"id": "C1"},
            "message": {"ts": "1.5", "text": "Look", "user": user},
            "response_url": "https://hooks.slack.com/x",
        }
        return self.told("shortcut", body)

    def home(self, user: str) -> list[Any]:
        event = {"type": "app_home_opened", "user": user, "tab": "home"}
        return self.told("home_opened", self._event(event))

    def message(self, user: str, **event: object) -> list[Any]:
        known = {"type": "message", "channel": "D1", "channel_type": "im", "user": user}
        return self.told("message", self._event(known | {"ts": "2.5", "text": "Hello"} | event))

    def _event(self, event: Json) -> Json:
        return {"team_id": TEAM, "event_id": self._new("E"), "event": event}

    def _interaction(self, user: str) -> Json:
        return {
            "team": {"id": TEAM, "domain": "x"},
            "user": {"id": user, "team_id": TEAM},
            "trigger_id": self._new("t"),
        }

    def _new(self, kind: str) -> str:
        self._count += 1
        return f"{kind}{self._count}"

    def close(self) -> None:
        self._file.close()
        self._kept.close()
        self.bot.stop(0)


@contextmanager
def open_house(folder: Path) -> Iterator[House]:
    house = House(folder)
    try:
        yield house
    finally:
        house.close()
