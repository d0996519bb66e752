"""The stage of the wire tests: a sandbox workspace, the real bot over HTTP, and three persons.

The persons act by what they see. Leaving the stage asserts that the bot broke no rule of Slack's.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from threading import Event
from typing import TypedDict

from sqlalchemy import select

from bot.app import Bot
from bot.desk import Receipt
from bot.manifest import manifest
from bot.sandbox import Message, ModalScreen, Person, Sandbox
from bot.settings import Settings
from bot.times import Clock, SystemClock
from bot.wire.http_server import HttpServer
from bot.wire.socket_mode import SocketLine
from flows.events import EVENTS, Happened, UnknownDeclared
from flows.handover import Handover
from flows.knowledge.interview import is_answered, put_to
from storage import posts, tables, undelivered
from storage.moments import to_stored
from tests.databases import POLL_SECONDS, sqlite

ACK_SECONDS = 20.0
"""How long an answer may take: Slack's three seconds are for machines that do one thing at a time.
"""
SECRET, TOKEN, APP_TOKEN = "shhh-very-secret", "xoxb-1-sandbox", "xapp-1-sandbox"


def settings_for(slack: Sandbox, url: str, **changes: object) -> Settings:
    known: dict[str, object] = {
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": url,
        "HANDOVER_POST_RATE": "0",
        "HANDOVER_QUIET": "off",
        "HANDOVER_POST_MARGIN": 0.2,
        "HANDOVER_POLL_SECONDS": POLL_SECONDS,
    }
    return Settings.model_validate(known | changes)


class House:
    """The bot's process: it can be ended and begun again on the same database."""

    def __init__(
        self,
        slack: Sandbox,
        settings: Settings,
        clock: Clock | None = None,
        *,
        socket: bool = False,
        ping_seconds: float = 0.1,
    ) -> None:
        self._slack = slack
        self._socket = socket
        self._ping_seconds = ping_seconds
        self._line: SocketLine | None = None
        self.settings = settings
        self._clock = clock
        self.bot = self._begin()

    def _begin(self) -> Bot:
        bot = Bot(self.settings, clock=self._clock)
        self._server = HttpServer(bot.door, 0, "127.0.0.1")
        self._server.start()
        bot.start()
        if self._socket:
            self._line = SocketLine(bot, APP_TOKEN, ping_seconds=self._ping_seconds)
            self._line.start()
            self._slack.wait_connected()
        else:
            self._slack.connect_http(self.url)
        return bot

    @property
    def url(self) -> str:
        """Where Slack delivers to."""
        return f"http://127.0.0.1:{self._server.port}/slack/events"

    def rest(self, *, later: bool = False) -> None:
        """Until the bot has done what came and said all that is due, or also what is due later."""
        seen = -1
        while seen != self._happenings() or self._has_to_say(later=later):
            Event().wait(POLL_SECONDS)
            self._slack.idle(POLL_SECONDS)
            seen = self._happenings()
            assert self.bot.afterwards.rest(30)

    def _happenings(self) -> int:
        return len(self._slack.journal) + len(self._slack.deliveries)

    def _has_to_say(self, *, later: bool) -> bool:
        now = to_stored(self.bot.clock.now())
        with self.bot.database.read() as connection:
            due = (undelivered.oldest_undelivered(connection), posts.next_edit(connection))
        if any(moment is not None and (later or moment <= now) for moment in due):
            return True
        # Asked last: whatever has been taken in hand is due only when its hand has let go of it.
        return self.bot.delivery.running() > 0

    def end(self) -> None:
        self.rest()
        if self._line:
            self._line.stop()
        self._server.stop(2, linger_seconds=0)
        self.bot.stop(2)

    def begin(self) -> None:
        """Begin again after `end`."""
        self.bot = self._begin()

    def restart(self) -> None:
        self.end()
        self.begin()


@dataclass
class Cast:
    """Who plays in a workspace, and what they do again and again."""

    slack: Sandbox
    olga: Person
    ivan: Person
    lena: Person
    ada: Person

    def told(self, person: Person) -> str:
        """The last thing that only this person was shown."""
        shown = self.slack.ephemerals(person)
        return shown[-1].text if shown else ""

    def until(self, ready: Callable[[], object]) -> None:
        """Wait until something is so on somebody's screen, or stored."""
        self.olga.dm().wait_until(ready)

    def hears(self, person: Person, words: str) -> Message:
        """Wait until a whisper to this person reads so."""

        def whisper() -> Message | None:
            shown = reversed(self.slack.ephemerals(person))
            return next((message for message in shown if words in message.text), None)

        found = person.dm().wait_until(whisper, f"a whisper {words!r}, not {self.told(person)!r}")
        assert isinstance(found, Message)
        return found

    def form(self, account: str = "Northwind", **words: str) -> ModalScreen:
        """Olga fills the start form; `words` replace what she chooses."""
        self.olga.types(f"/handover start {account}")
        return self.fill(self.olga.modal(), **words)

    def fill(self, form: ModalScreen, **words: str) -> ModalScreen:
        form.pick_person("Incoming CSM", self.ivan)
        form.choose("Segment", words.get("segment", "SMB"))
        form.choose("Reason", words.get("reason", "Balancing workload"))
        form.choose("Leader", "Lena Berg")
        form.pick_date("Date", today() + timedelta(days=25))
        form.choose("The date is", words.get("day_is", "Switch by"))
        return form

    def start(self, account: str = "Northwind", **words: str) -> Message:
        """Olga starts a handover; her card."""
        result = self.form(account, **words).submit()
        assert result.modal is not None, result
        assert result.modal.submit().closed
        return self.olga.dm().wait(f"Knowledge pack: {account}")


class People(TypedDict):
    olga: Person
    ivan: Person
    lena: Person
    ada: Person


@dataclass
class Stage(Cast):
    """What a test plays on."""

    house: House

    @property
    def bot(self) -> Bot:
        return self.house.bot

    def rest(self, *, later: bool = False) -> None:
        """Until the bot has said everything it had to say, now or also `later`."""
        self.house.rest(later=later)

    def stored(self, account: str = "Northwind") -> Handover:
        """The newest handover of an account as it is stored."""
        return self.all_stored(account)[-1]

    def all_stored(self, account: str = "Northwind") -> list[Handover]:
        """Every handover of an account, oldest first."""
        with self.bot.database.read() as connection:
            # Past whatever the bot remembers.
            found = connection.execute(select(tables.handovers.c.document)).scalars().all()
        parsed = (Handover.model_validate_json(document) for document in found)
        rows = [row for row in parsed if row.account == account]
        return sorted(rows, key=lambda row: row.created_at)

    def settle(self, person: Person, *but: str, account: str = "Northwind") -> None:
        """Arrange that everything but these questions is answered, without a word in Slack."""
        handover = self.stored(account)
        with self.bot.database.read() as connection:
            playbook = self.bot.desk.playbooks.of(connection, handover)
        path = put_to(handover, playbook, person.id)
        asked = [q.id for q in path if q.id not in but and not is_answered(handover, q)]
        for key in sorted(asked, key=lambda key: key == handover.interviews[person.id].current):
            event = UnknownDeclared(at=self.bot.clock.now(), by=person.id, question=key)
            self.bot.desk.record(
                Receipt(handover.team, f"settle-{handover.id}-{key}"), handover.id, event
            )


def record(stage: Stage, by: Person, kind: type[Happened], /, **known: object) -> None:
    """Somebody did this, without a word in Slack."""
    record_in(stage, "Northwind", by, kind, **known)


def record_in(
    stage: Stage, account: str, by: Person, kind: type[Happened], /, **known: object
) -> None:
    """Somebody did this with the handover of an account, without a word in Slack."""
    handover = stage.stored(account)
    event = EVENTS.validate_python(
        kind.model_validate({"at": stage.bot.clock.now(), "by": by.id} | known)
    )
    receipt = Receipt(handover.team, f"recorded-{handover.id}-{handover.seq}")
    stage.bot.desk.record(receipt, handover.id, event)


def assert_remembered_right(bot: Bot) -> None:
    """What the bot remembers of a handover is what is stored."""
    with bot.database.read() as connection:
        recent = connection.get_execution_options()["recent"]
        for row in connection.execute(select(tables.handovers)).mappings():
            known = recent.find(row["team"], row["id"])
            if known and known.link == row["chain"]:
                assert known.handover == Handover.model_validate_json(row["document"])


def today() -> date:
    return SystemClock().now().date()


def people_of(slack: Sandbox) -> People:
    """Everybody, by the name of their part."""
    return {
        "olga": slack.person("Olga Costa", tz="Europe/Lisbon"),
        "ivan": slack.person("Ivan Petrov", tz="Europe/Berlin"),
        "lena": slack.person("Lena Berg", tz="Europe/Berlin"),
        "ada": slack.person("Ada Admin", tz="UTC", admin=True),
    }


@contextmanager
def staged(
    url: str,
    clock: Clock | None = None,
    *,
    socket: bool = False,
    ack_seconds: float = ACK_SECONDS,
    ping_seconds: float = 0.1,
    **changes: object,
) -> Iterator[Stage]:
    """A stage on a new database; with `socket` the bot dials in instead of being called."""
    with Sandbox(
        manifest=manifest(socket=socket),
        bot_token=TOKEN,
        app_token=APP_TOKEN,
        signing_secret=SECRET,
        post_burst=(1000, 1.0),
        ack_seconds=ack_seconds,
    ) as slack:
        people = people_of(slack)
        known = settings_for(slack, url, **changes)
        house = House(slack, known, clock, socket=socket, ping_seconds=ping_seconds)
        try:
            yield Stage(slack, **people, house=house)
            house.rest()
            assert_remembered_right(house.bot)
        finally:
            house.end()
        slack.assert_clean()


def list_leaders(stage: Stage) -> None:
    """Ada, an admin, names Lena as a leader."""
    stage.ada.types("/handover settings")
    form = stage.ada.modal()
    form.pick_person("Leaders", stage.lena)
    assert form.submit().closed


def sqlite_url(folder: Path) -> str:
    """A new database in a folder."""
    return sqlite().make(folder)


def question(person: Person, place: str, account: str = "Northwind") -> Message:
    """The question with this place in this person's interview, like "1 of 12"."""
    return person.dm().wait(f"{account} · {place} ·")


def asked(person: Person, words: str, since: Message | None = None) -> Message:
    """The question that reads so, open to be answered now."""

    def open_one() -> Message | None:
        return next(
            (
                message
                for message in reversed(person.dm().every_message)
                if words in message.text
                and "I don't know" in message.buttons
                and (since is None or message.ts > since.ts)
            ),
            None,
        )

    found = person.dm().wait_until(open_one, f"the question {words!r}")
    assert isinstance(found, Message)
    return found
