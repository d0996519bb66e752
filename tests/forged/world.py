"""A bot without a network, several handovers on its way, and its door to be knocked at.

Handovers are brought as far as a test wants them by the events of the simulation; what the bot says
is kept by a stand-in for Slack, and nothing is waited for.
"""

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from io import BytesIO
from itertools import count
from random import Random
from typing import Any
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier
from typing_extensions import override

from bot.app import Bot
from bot.delivery.port import FileToSend, Landed, Message, Refused, Told, Trouble
from bot.desk import Receipt
from flows.books.book import Shared
from flows.books.events import BookBegun, BookEvent, BookOpened, RowsRead, SharedSet
from flows.books.rows import Row
from flows.errors import FlowError
from flows.handover import Handover, Telling
from flows.tasks import Todo
from flows.terms import DateIs, Reason, Role, Segment
from storage import handovers, tables, workspaces
from storage.tasks import of_person
from storage.workspaces import Workspace
from tests.clocks import HandClock
from tests.make import NOW
from tests.simulation.company import BEGINS, TEAM, Member, staff
from tests.simulation.hand import GivenUpError, Hand
from tests.simulation.house import House
from tests.simulation.post_office import Letter, PostOffice
from tests.simulation.starts import Wanted, start
from tests.simulation.ways import WAYS

JSON = dict[str, Any]

FORM, PLAIN = "application/x-www-form-urlencoded", "application/json"
GUEST, STRANGER, ELSEWHERE = "U0GUEST", "U0STRANGER", "T0ELSEWHERE"
BOOKS = ("0b0000000000000000a1", "0b0000000000000000a2")
"""One that is being put together, and one that is under way."""
_SECRET = "secret"
_ROUND = timedelta(hours=5)


class Slate(PostOffice):
    """Notes what the bot says to whom, and lets it do what it likes."""

    def __init__(self, clock: HandClock, members: Mapping[str, Member]) -> None:
        super().__init__(clock, members, faults=False)
        self.told: list[tuple[str, str]] = []
        self.shown: list[tuple[str, JSON]] = []
        self.homes: dict[str, JSON] = {}
        self._edits: dict[tuple[str, str], list[JSON]] = {}

    def standing(self) -> list[Letter]:
        """Every message as it reads now."""
        return [
            replace(letter, blocks=self._edits.get((letter.channel, letter.ts), letter.blocks))
            for letter in self.letters
        ]

    @override
    def update(self, channel: str, ts: str, message: Message) -> Landed | Trouble:
        self._edits[channel, ts] = list(message.blocks)
        return super().update(channel, ts, message)

    @override
    def users_info(self, user: str) -> Told | Trouble:
        if user == GUEST:
            known = {"id": user, "team_id": TEAM, "is_restricted": True, "tz": "UTC"}
            return Told({"user": known | {"profile": {"display_name": "Gil Guest"}}})
        return super().users_info(user)

    @override
    def tell(
        self, channel: str, user: str, words: str, thread_ts: str | None = None, blocks: Any = ()
    ) -> Told | Trouble:
        self.told.append((user, words))
        return Told({})

    @override
    def respond(self, response_url: str, message: Message, *, replace: bool) -> Told | Trouble:
        self.told.append((response_url, message.text))
        return Told({})

    @override
    def views_open(self, trigger_id: str, view: JSON) -> Told | Trouble:
        self.shown.append((trigger_id, view))
        return Told({"view": {"id": f"V{len(self.shown)}"}})

    @override
    def views_push(self, trigger_id: str, view: JSON) -> Told | Trouble:
        return self.views_open(trigger_id, view)

    @override
    def views_update(self, view_id: str, view: JSON, hash_: str | None = None) -> Told | Trouble:
        self.shown.append((view_id, view))
        return Told({"view": {"id": view_id}})

    @override
    def views_publish(self, user: str, view: JSON) -> Told | Trouble:
        self.homes[user] = view
        self.shown.append((user, view))
        return Told({})

    @override
    def permalink(self, channel: str, ts: str) -> Told | Trouble:
        return Told({"permalink": f"https://example.slack.com/archives/{channel}/p{ts}"})

    @override
    def create_canvas(self, title: str, markdown: str) -> Told | Trouble:
        return Refused("canvas_disabled_user_team")

    @override
    def fetch_file(self, file_id: str, most: int) -> Told | Trouble:
        return Refused("file_not_found")

    @override
    def find_shared(self, file_id: str) -> Landed | Trouble:
        return Landed(file_id)

    @override
    def upload(self, file: FileToSend) -> Told | Trouble:
        return Told({"file_id": "F1"})


@dataclass(frozen=True)
class Answer:
    """What the door answered."""

    status: int
    body: str = ""


@dataclass
class World:
    """The workspace of a test. `houses` are replicas of one bot on one database."""

    url: str
    seed: int
    size: int
    replicas: int = 1
    clock: HandClock = field(default_factory=lambda: HandClock(BEGINS + timedelta(hours=4)))

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)
        self.members = {one.user: one for one in staff(self.seed, self.size, 12)}
        self.slate = Slate(self.clock, self.members)
        self._ids = count(1)
        self.houses = []
        for number in range(self.replicas):
            house = House(self.url, self.clock, self.slate)
            house._salts = count(1 + number * 1_000_000)
            self.houses.append(house)
        self._settle_in()

    @property
    def bot(self) -> Bot:
        return self.houses[0].bot

    def end(self) -> None:
        for house in self.houses:
            house.drop()

    # --- What people do in the meantime

    def start(self, number: int) -> str | None:
        """Somebody starts a handover; its id."""
        wanted = Wanted(number, self.clock.now(), Random(f"{self.seed} start {number}"))
        try:
            return start(self.bot, self.members, wanted, self.new_id(), lambda _user: None)
        except FlowError:
            return None

    def start_books(self) -> None:
        """A leader has begun to put a book together, and another has started one."""
        leader = next(one for one in self.members.values() if one.leads)
        giver, taker = [one for one in self.members.values() if not (one.leads or one.admin)][:2]
        now, today = self.clock.now(), self.clock.now().date()
        shared = Shared(
            outgoing=giver.party,
            reason=Reason.LOAD_BALANCING,
            day=today + timedelta(days=25),
            day_is=DateIs.SWITCH_BY,
            leader=leader.user,
        )
        given = {"segment": Segment.SMB, "incoming": taker.party}
        for book in BOOKS:
            rows = tuple(
                Row(key=f"r{n}", line=n, account=f"Acme {book[-2:]} {n}", **given)
                for n in (1, 2, 3)
            )
            self.bot.books.open(
                Receipt(TEAM, f"{book}-open"),
                BookOpened(at=now, by=leader.user, id=book, team=TEAM),
            )
            told: list[BookEvent] = [
                SharedSet(at=now, by=leader.user, shared=shared),
                RowsRead(at=now, by=leader.user, rows=rows),
            ]
            if book == BOOKS[-1]:
                tellings = {Role.OUTGOING: Telling(), Role.INCOMING: Telling()}
                told.append(
                    BookBegun(at=now, by=leader.user, order="begin", today=today, tellings=tellings)
                )
            for event in told:
                self.bot.books.record(Receipt(TEAM, f"{book}-{event.type}"), book, event)
            self.bot.books.carry(TEAM, book)

    def goes_on(self, rounds: int) -> None:
        """Everybody does some of what is theirs, round by round; two rounds are a working day."""
        for number in range(rounds):
            self.clock.advance(_ROUND.total_seconds() if number % 2 else 19 * 3600)
            while self.clock.now().weekday() > 4:
                self.clock.advance(24 * 3600)
            self.houses[0].bot.ticker.ticks["due"].work()
            for member in self.members.values():
                self._does_some(member)

    def deliver(self) -> None:
        """Everything that is to be said is said, or brought up to date."""
        for house in self.houses:
            house.bot.delivery.reconcile(grace=0)
            house.deliver()
            house.bot.delivery._edits.sweep()

    def all_handovers(self) -> list[Handover]:
        with self.bot.database.read() as connection:
            rows = connection.execute(tables.handovers.select().order_by(tables.handovers.c.id))
            return [Handover.model_validate_json(row["document"]) for row in rows.mappings()]

    def new_id(self) -> str:
        return f"x{next(self._ids):06d}"

    def stored(self, id: str) -> Handover:  # noqa: A002
        with self.bot.database.read() as connection:
            found = handovers.load(connection, TEAM, id)
        assert found is not None
        return found.value

    def _settle_in(self) -> None:
        for house in self.houses:
            for member in self.members.values():
                house.here.roster.learn(member.person())
        leaders = tuple(user for user, member in self.members.items() if member.leads)
        with self.bot.database.write() as connection:
            chosen = Workspace(team=TEAM, leaders=leaders)
            workspaces.keep(connection, chosen, leaders[0], NOW)
        for house in self.houses:
            house.here.roster.refresh()

    def _does_some(self, member: Member) -> None:
        with self.bot.database.read() as connection:
            owed = of_person(connection, TEAM, member.user)
        for task in owed:
            hand = Hand(self.bot, member, task.handover, self._there, self.new_id)
            way = WAYS.get(Todo(task.todo))
            try:
                if way:
                    way(hand, task.subject)
            except (FlowError, GivenUpError):
                continue

    def _there(self) -> list[Member]:
        return [member for member in self.members.values() if not member.admin]

    # --- Who knocks

    def knock(self, kind: str, payload: JSON, replica: int = 0, **headers: str) -> Answer:
        """Deliver a payload as Slack would."""
        return self.post(*encoded(kind, payload), replica, **headers)

    def post(
        self, body: bytes, content_type: str = FORM, replica: int = 0, /, **headers: str
    ) -> Answer:
        """Post these bytes to the door, signed now unless `headers` (as in WSGI) say otherwise."""
        environ: JSON = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/slack/events",
            "QUERY_STRING": "",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "CONTENT_TYPE": content_type,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": BytesIO(body),
        }
        environ |= signed(body) | headers
        found: list[str] = []

        def answers(status: str, _headers: object, _info: object = None) -> Any:  # noqa: ANN401
            found.append(status)

        answer: Any = self.houses[replica].bot.door(environ, answers)
        text = b"".join(answer)
        answer.close()
        return Answer(int(found[0][:3]), text.decode())

    def settled(self) -> None:
        """Until the bots have done what could wait."""
        for house in self.houses:
            assert house.bot.afterwards.rest(30)


def encoded(kind: str, payload: JSON) -> tuple[bytes, str]:
    """The body of a delivery, and its content type."""
    if kind == "events_api":
        return json.dumps(payload).encode(), PLAIN
    form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(form, errors="surrogatepass").encode(), FORM


def signed(body: bytes, stamp: str | None = None) -> dict[str, str]:
    """The headers of Slack's signature, as WSGI names them."""
    verifier = SignatureVerifier(_SECRET)
    moment = stamp or str(int(verifier.clock.now()))
    text = body.decode("utf-8", "replace")
    found = verifier.generate_signature(timestamp=moment, body=text)
    return {"HTTP_X_SLACK_REQUEST_TIMESTAMP": moment, "HTTP_X_SLACK_SIGNATURE": str(found)}


@contextmanager
def world(url: str, seed: int, size: int, rounds: int, replicas: int = 1) -> Iterator[World]:
    """A workspace with so many handovers, started one after another while the others go on."""
    logging.getLogger("bot.delivery.worker").setLevel(logging.ERROR)
    made = World(url, seed, size, replicas)
    try:
        for number in range(1, size + 1):
            made.start(number)
            made.goes_on(rounds // size)
        made.start_books()
        made.deliver()
        yield made
    finally:
        made.end()
