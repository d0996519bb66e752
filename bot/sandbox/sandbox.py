"""The pocket Slack as its users hold it: start it, fill it with people, look at what happened."""

import time
from collections.abc import Callable, Sequence
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

from bot.sandbox.app import App
from bot.sandbox.conversation import Conversation
from bot.sandbox.courier import Courier
from bot.sandbox.errors import NothingThere
from bot.sandbox.evidence import Evidence
from bot.sandbox.faults import Faults, Planted, Where
from bot.sandbox.interactions import Interactions
from bot.sandbox.journal import Journal
from bot.sandbox.methods.context import Context
from bot.sandbox.payloads import Payloads
from bot.sandbox.people import user_json
from bot.sandbox.person import Person
from bot.sandbox.records import Kind, User
from bot.sandbox.server import Server
from bot.sandbox.socket_mode import SocketMode
from bot.sandbox.tickets import Tickets
from bot.sandbox.transport import ACK_SECONDS, HttpTransport, Receipt, Transport
from bot.sandbox.web_api import WebApi
from bot.sandbox.workspace import Workspace
from bot.sandbox.world import PATIENCE_SECONDS, World

JSON = dict[str, Any]

POST_BURST = (5, 5.0)


class Sandbox(Evidence):
    """One workspace with one installed app, listening on 127.0.0.1 from the start.

    `speed` shortens what only takes patience (event retries, the posting pace); an ack and a
    trigger id have their `ack_seconds` by the real clock: three with Slack, more where the machine
    has to do many things at once. `delayed_events` is Slack's option to go on sending an
    event every hour for a day. Leave the `with` block (or `close`) to stop it. `team` is the
    workspace's id and name; one that stands `beside` another has its own people and app, and the
    same address. Their ids are counted alike, so that one who takes them for each other is found.
    `now` (seconds since 1970) dates messages and events; what is handed out for brief use expires
    by the real clock. `org` is the id and name of an organisation that the workspace belongs to and
    that installs the app for it: its people have ids that begin with W.
    """

    def __init__(
        self,
        *,
        manifest: JSON,
        bot_token: str,
        app_token: str,
        signing_secret: str,
        speed: float = 60.0,
        port: int = 0,
        post_burst: tuple[int, float] = POST_BURST,
        patience: float = PATIENCE_SECONDS,
        ack_seconds: float = ACK_SECONDS,
        delayed_events: bool = False,
        installed: bool = True,
        team: tuple[str, str] = ("T0SANDBOX01", "Sandbox"),
        beside: "Sandbox | None" = None,
        org: tuple[str, str] | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.app = App(manifest, bot_token, app_token, signing_secret, installed=installed, org=org)
        self._workspace = Workspace(self.app, *team, now)
        self._journal = Journal()
        self._faults = Faults()
        self._courier = Courier(self._journal, self._faults, speed, delayed=delayed_events)
        tickets = Tickets(self._workspace, ack_seconds)
        self._ack_seconds = ack_seconds
        self._payloads = Payloads(self._workspace, tickets)
        self._context = Context(self._workspace, tickets, self._journal, self._socket_url)
        pace = (post_burst[0], post_burst[1] / speed)
        api = WebApi(self._context, self._journal, self._faults, pace)
        self._is_guest = beside is not None
        self.server: Server = beside.server if beside else Server(port)
        self.server.add(api, self._context)
        self._workspace.public_url = self.server.url
        self._workspace.send_event = self._send_event
        interactions = Interactions(self._context, self._courier, self._payloads)
        self._socket: SocketMode | None = None
        super().__init__(World(self._workspace, interactions, self._journal, patience))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._courier.close()
        if self._socket is not None:
            self._socket.close()
        if not self._is_guest:
            self.server.close()

    @property
    def api_url(self) -> str:
        return f"{self.server.url}/api/"

    @property
    def team_id(self) -> str:
        return self._workspace.team_id

    @property
    def bot_user_id(self) -> str:
        return self.app.bot_user_id

    @property
    def client_id(self) -> str:
        return self.app.client_id

    @property
    def client_secret(self) -> str:
        return self.app.client_secret

    def connect_http(self, url: str) -> None:
        """Deliver to this address from now on (`/slack/events` is added to a bare host)."""
        self.connect(HttpTransport(url, self.app.signing_secret, self._ack_seconds))

    def connect(self, transport: Transport) -> None:
        """Deliver by this way from now on."""
        self._courier.transport = transport

    def verify_url(self) -> Receipt:
        """The url_verification challenge that Slack sends when the address is entered."""
        token = self.app.verification_token
        payload = {"type": "url_verification", "token": token, "challenge": "sandbox-challenge"}
        return self._courier.interact("events_api", payload)

    def wait_connected(self, connections: int = 1) -> None:
        """Until the bot has this many Socket Mode connections."""
        socket = self._socket_mode()
        if not socket.wait_connected(connections, self._world.patience):
            raise NothingThere(f"the bot has not opened {connections} connection(s)")

    def disconnect(self, reason: str) -> None:
        """Ask all Socket Mode connections to go: warning, refresh_requested, link_disabled."""
        self._socket_mode().disconnect(reason)

    def drop_sockets(self) -> None:
        """Cut all Socket Mode connections without a word."""
        self._socket_mode().drop()

    def blurt(self, text: str) -> None:
        """Say this on a socket, whether or not it is anything that Slack would say."""
        self._socket_mode().blurt(text)

    def acked(self, envelope_id: str) -> bool:
        """Whether the bot took an envelope."""
        return envelope_id in self._socket_mode().acked

    def _socket_mode(self) -> SocketMode:
        with self._workspace.changed:
            if self._socket is None:
                self._socket = SocketMode(self.app.id, self._journal, self._ack_seconds)
            return self._socket

    def _socket_url(self) -> str:
        """A bot that asks for a socket gets its deliveries there from now on."""
        socket = self._socket_mode()
        self._courier.transport = socket
        return socket.open_url()

    def _send_event(self, name: str, event: JSON) -> None:
        if self.app.installed and self.app.hears(name):
            self._courier.event(self._payloads.event(event))

    def person(
        self,
        name: str,
        *,
        tz: str = "Europe/Lisbon",
        admin: bool = False,
        owner: bool = False,
        deleted: bool = False,
        guest: bool = False,
        single_channel_guest: bool = False,
        bot: bool = False,
        stranger: bool = False,
        email: str | None = None,
    ) -> Person:
        """A new member; the bot hears of it. A stranger belongs to another workspace."""
        with self._workspace.changed:
            user = User(
                id=self._workspace.ids.new("W" if self.app.org else "U"),
                name=name,
                tz=tz,
                admin=admin,
                owner=owner,
                deleted=deleted,
                guest=guest or single_channel_guest,
                single_channel_guest=single_channel_guest,
                bot=bot,
                stranger=stranger,
                email=email,
            )
            self._workspace.users[user.id] = user
            if not (user.stranger or user.deleted):
                event = {"type": "team_join", "user": user_json(self._workspace, user)}
                self._send_event("team_join", event)
        return Person(self._world, user)

    def update_person(self, person: Person, **facts: object) -> None:
        """Change a member (`deleted=True`, `tz=…`); the bot hears of it as Slack tells it."""
        with self._workspace.changed:
            for name, value in facts.items():
                if not hasattr(person.user, name):
                    raise TypeError(f"a user has no {name!r}")
                setattr(person.user, name, value)
            person.user.updated = int(self._workspace.now())
            moment = self._workspace.ids.ts()
            user = user_json(self._workspace, person.user)
            event = {"type": "user_change", "user": user, "cache_ts": int(float(moment))}
            self._send_event("user_change", event | {"event_ts": moment})
            self._workspace.changed.notify_all()

    def channel(
        self,
        name: str,
        members: Sequence[Person] = (),
        *,
        private: bool = False,
        external: bool = False,
        bot_in: bool = True,
    ) -> Conversation:
        """A new channel, seen with the eyes of its first member."""
        with self._workspace.changed:
            ids = [person.id for person in members] + [self.bot_user_id] * bot_in
            kind: Kind = "group" if private else "channel"
            room = self._workspace.add_room(kind, name, ids, external=external)
        viewer = members[0].user if members else self._workspace.users[self.bot_user_id]
        return Conversation(self._world, viewer, room)

    def update_channel(self, channel: Conversation, **facts: object) -> None:
        """Change a channel (`external=True`, `archived=True`); the bot hears nothing of it."""
        with self._workspace.changed:
            room = self._workspace.rooms[channel.id]
            for name, value in facts.items():
                if not hasattr(room, name):
                    raise TypeError(f"a channel has no {name!r}")
                setattr(room, name, value)
            self._workspace.changed.notify_all()

    def join(self, channel: Conversation, person: Person) -> None:
        """Somebody comes into a channel."""
        with self._workspace.changed:
            self._workspace.rooms[channel.id].members.append(person.id)

    def install_code(self, by: Person | None = None) -> str:
        """What Slack's consent page hands to the redirect URL; good for one oauth.v2.access."""
        with self._workspace.changed:
            code = f"{self._workspace.ids.new('code')}.{self.team_id}"
            self.app.install_codes[code] = by.id if by else next(iter(self._workspace.users))
            return code

    def consent(self, address: str, by: Person, *, allow: bool = True) -> str:
        """Somebody is on Slack's consent page; the address that their browser is sent to next."""
        asked = urlsplit(address)
        given = {name: values[0] for name, values in parse_qs(asked.query).items()}
        base = f"{asked.scheme}://{asked.netloc}"
        if (base, asked.path) != (self.server.url, "/oauth/v2/authorize"):
            self._world.journal.blame("authorize", "not_slack", address)
        if given.get("client_id") != self.app.client_id:
            self._world.journal.blame("authorize", "invalid_client_id", address)
        if set(given.get("scope", "").split(",")) != self.app.scopes:
            self._world.journal.blame("authorize", "scopes_of_the_manifest", address)
        answer = {"code": self.install_code(by)} if allow else {"error": "access_denied"}
        back = answer | ({"state": given["state"]} if "state" in given else {})
        return f"{self.app.redirect_url}?{urlencode(back)}"

    def uninstall(self, *, revoked_first: bool = True) -> None:
        """The app is removed: its tokens die, and it hears of it, in either order."""
        tokens = {"oauth": [], "bot": [self.bot_user_id]}
        events: list[JSON] = [
            {"type": "tokens_revoked", "tokens": tokens},
            {"type": "app_uninstalled"},
        ]
        with self._workspace.changed:
            for event in events if revoked_first else reversed(events):
                self._send_event(event["type"], event)
            self.app.installed = False
            self.app.retire("account_inactive")

    def revoke_access(self) -> None:
        """The organisation takes the app out of this workspace, and the app hears of it."""
        event = {"type": "team_access_revoked", "team_ids": [self.team_id]}
        with self._workspace.changed:
            self._send_event("team_access_revoked", event)

    def announce_departure(self) -> None:
        """An event of an uninstall that was long ago comes late."""
        self._send_event("app_uninstalled", {"type": "app_uninstalled"})

    def revoke_tokens(self, *, bot: bool = True) -> None:
        """The bot's token is revoked, or only one of a person, and the bot hears of it."""
        tokens = {"oauth": [], "bot": [self.bot_user_id]} if bot else {"oauth": ["U1"], "bot": []}
        with self._workspace.changed:
            self._send_event("tokens_revoked", {"type": "tokens_revoked", "tokens": tokens})
            if bot:
                self.app.retire("token_revoked")

    def expire_tokens(self) -> None:
        """Twelve hours pass for the tokens, and for nothing else."""
        with self._workspace.changed:
            self.app.retire("token_expired")

    def fault(
        self,
        method: str,
        kind: str,
        *,
        times: int = 1,
        where: Where | None = None,
        seconds: float = 1.0,
    ) -> None:
        """Let the next `times` calls of a method (that fit `where(args)`) fail.

        `kind`: ratelimited, http_500, lost_before, lost_after, slow, or an error code of Slack's.
        `seconds`: how slow, or what Retry-After says.
        """
        self._faults.plant(Planted(method, kind, times, where, seconds))

    def chaos(self, rate: float, seed: int) -> None:
        """Every call fails with this probability, in an order that the seed decides."""
        self._faults.chaos(rate, seed)

    @property
    def duplicate_deliveries(self) -> bool:
        return self._courier.duplicate

    @duplicate_deliveries.setter
    def duplicate_deliveries(self, on: bool) -> None:
        self._courier.duplicate = on

    @property
    def reorder(self) -> bool:
        return self._courier.reorder

    @reorder.setter
    def reorder(self, on: bool) -> None:
        self._courier.reorder = on
