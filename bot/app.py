"""The composition root: everything is built here, once, and tests replace parts of it here."""

import gc
import logging
import os
import secrets
import socket
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from sqlalchemy import Connection

from bot.clock import Tick, Ticker
from bot.crash import give_up, set_crash
from bot.delivery.dbos_engine import DbosEngine
from bot.delivery.edits import Edits, edit_pace
from bot.delivery.engine import DeliveryEngine, Handle
from bot.delivery.gateway import Gateway, make_ssl_context
from bot.delivery.heartbeat import Heartbeat
from bot.delivery.pace import Patience, Rate, read_rate
from bot.delivery.port import Loss, Refused, Row, Told
from bot.delivery.service import Delivery
from bot.delivery.worker import Parts, Worker
from bot.desk import Desk
from bot.errands import Errands
from bot.health import Check, pages
from bot.listeners import register
from bot.office import Office
from bot.playbooks import Playbooks, playbook_text
from bot.presence import Presence
from bot.reminding import Reminding
from bot.rendering import Renderer
from bot.roster import Roster, person_of, stranger
from bot.settings import Settings
from bot.sweeps import Sweeps
from bot.times import Clock, SystemClock
from bot.web import Door
from flows.effects import Kind
from flows.errors import FlowError
from storage import schema, undelivered
from storage.engine import Database
from storage.moments import to_stored
from storage.outbox import Job
from storage.people import Person

log = logging.getLogger(__name__)

# Below errors Bolt warns of settings that are as they should be, and quotes bodies.
_bolt_log = logging.getLogger("bot.bolt")
_bolt_log.setLevel(logging.ERROR)

DRAIN_SECONDS = 20.0
LEASE_SECONDS = 20.0
_RETENTION_SECONDS = 3600.0
_SOON_THREADS = 4
_GC_THRESHOLD = 50_000


class StartError(Exception):
    """The bot cannot start; the text is one clear line."""


@dataclass(frozen=True, slots=True)
class Me:
    """Who the bot is in its workspace, as auth.test says."""

    team: str
    bot_id: str
    user: str


class Bot:
    """One bot, whole: `start` it, give `door` to a server or `app` to a socket, `stop` it.

    Tests put their own `gateway` or `engine` in the place of Slack's and DBOS's.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock | None = None,
        new_id: Callable[[], str] = lambda: secrets.token_hex(10),
        die: Callable[[str], None] | None = None,
        gateway: Gateway | None = None,
        engine: Callable[[Handle], DeliveryEngine] | None = None,
    ) -> None:
        set_crash(settings.crash_at)
        self.settings = settings
        self.clock = clock or SystemClock()
        self.database = Database(settings.database_url)
        self._check_schema()
        self.gateway = gateway or _gateway(settings)
        self.me = self._who_am_i()
        self.roster = Roster(self.me.team, self.database, self.clock, self._ask)
        self.desk = Desk(
            self.database,
            Playbooks(playbook_text(settings.playbook)),
            self.clock,
            new_id,
            self._committed,
        )
        self.errands = Errands(self.database, self.clock, self._committed)
        self.reminding = self._make_reminding()
        self.delivery = self._make_delivery(engine)
        self._later = ThreadPoolExecutor(_SOON_THREADS, thread_name_prefix="soon")
        self.office = Office(
            self.desk,
            self.errands,
            self.roster,
            self.gateway,
            self.reminding,
            self.me.team,
            self._soon,
        )
        self.ticker = self._make_ticker(die)
        self.app = self._bolt()
        self.checks = self._checks()
        secret = settings.slack_signing_secret.get_secret_value()
        self.door = Door(self.app, secret, pages(self.checks, self._gauges()))

    def start(self) -> None:
        """Begin to deliver and to tick."""
        self.roster.refresh()
        self.delivery.start()
        for name in ("delivery", "due"):
            self.ticker.run(name)
        self.ticker.start()
        # What lives from here on lives long: a full collection would only walk over it.
        gc.collect()
        gc.freeze()
        gc.set_threshold(_GC_THRESHOLD, 20, 20)

    def stop(self, drain_seconds: float = DRAIN_SECONDS) -> None:
        """Let what is under way finish, then end every thread."""
        self.ticker.stop()
        self._later.shutdown(wait=True, cancel_futures=True)
        self.delivery.stop(drain_seconds)
        self.roster.close()
        self.database.close()

    def _make_delivery(self, other: Callable[[Handle], DeliveryEngine] | None) -> Delivery:
        settings = self.settings
        # A replica that comes back under its old name takes up its own work at once.
        named = settings.replica or f"{socket.gethostname()}-{os.getpid()}"
        replica = "single" if self.database.is_sqlite else named
        rate, patience = read_rate(settings.post_rate), _patience(settings)
        renderer = Renderer(self.desk, self.roster)
        worker = Worker(
            Parts(
                database=self.database,
                clock=self.clock,
                render=renderer.first,
                slack_of=self._slack_of,
                replica=replica,
                patience=patience,
                changed=lambda: self._committed((), marked=True),
                landed=self._landed,
                on_loss=self._lost,
            )
        )
        engine = other(worker.deliver) if other else self._dbos(replica, rate, worker)
        edits = Edits(
            self.database, self.clock, renderer.again, self._slack_of, edit_pace(rate), patience
        )
        beat = Heartbeat(self.database, self.clock, engine, replica, LEASE_SECONDS)
        return Delivery(self.database, self.clock, engine, edits, beat, LEASE_SECONDS)

    def _dbos(self, replica: str, rate: Rate | None, worker: Worker) -> DbosEngine:
        return DbosEngine(
            self.settings.database_url,
            replica,
            rate,
            self.clock,
            worker.deliver,
            poll_seconds=self.settings.poll_seconds,
        )

    def _make_reminding(self) -> Reminding:
        presence = Presence(self.me.team, self.gateway, self.roster, self.clock)
        return Reminding(
            self.database,
            self.desk.playbooks,
            self.clock,
            self.roster,
            presence,
            self.me.team,
            self._committed,
        )

    def _make_ticker(self, die: Callable[[str], None] | None) -> Ticker:
        sweeps, period = Sweeps(self.desk), self.settings.tick_seconds
        ticks = (
            Tick("due", period, sweeps.due),
            Tick("reminders", period, self.reminding.sweep),
            Tick("delivery", min(period, LEASE_SECONDS / 4), self.delivery.tick),
            Tick("roster", period, self.roster.refresh),
            Tick("checkpoint", period, sweeps.checkpoint),
            Tick("receipts", _RETENTION_SECONDS, sweeps.retention),
            Tick("tidy", _RETENTION_SECONDS, self.delivery.tidy),
        )
        by_name = {tick.name: tick for tick in ticks}
        return Ticker(self.clock, by_name, die or give_up, self.delivery.stepped_back)

    def _checks(self) -> dict[str, Check]:
        def database() -> str:
            with self.database.read() as connection:
                found = schema.current(connection)
            return "" if found == schema.HEAD else f"schema {found}"

        def letters() -> str:
            with self.database.read() as connection:
                dead = undelivered.dead_letters(connection, self.me.team)
            return f"{len(dead)} messages could not be delivered" if dead else ""

        def token() -> str:
            with self.database.read() as connection:
                waiting = undelivered.shut_out(connection, self.me.team)
            return ", ".join(f"{count} messages wait: {why}" for why, count in waiting.items())

        return {
            "database": database,
            "delivery": lambda: "" if self.delivery.healthy() else "stopped",
            "ticks": lambda: ", ".join(self.ticker.late()),
            "dead letters": letters,
            "token": token,
        }

    def _gauges(self) -> dict[str, Callable[[], float]]:
        def oldest() -> float:
            with self.database.read() as connection:
                waiting = undelivered.oldest_undelivered(connection)
            now = to_stored(self.clock.now())
            return max(0.0, (now - waiting) / 1_000_000) if waiting else 0.0

        def letters() -> float:
            with self.database.read() as connection:
                return len(undelivered.dead_letters(connection, self.me.team))

        def shut_out() -> float:
            with self.database.read() as connection:
                return sum(undelivered.shut_out(connection, self.me.team).values())

        return {
            "oldest_undelivered_seconds": oldest,
            "dead_letters": letters,
            "waiting_for_token": shut_out,
        }

    def _landed(self, connection: Connection, row: Row, ts: str) -> tuple[Job, ...]:
        if row.kind == Kind.AGENDA:
            self.reminding.landed(connection, row.person, row.subject)
        if row.kind != Kind.QUESTION:
            return ()
        where = (row.team, row.handover)
        return self.desk.question_landed(connection, where, row.person, row.subject, ts)

    def _lost(self, connection: Connection, loss: Loss) -> tuple[Job, ...]:
        if loss.row.kind == Kind.LOSS:
            return ()
        return self.errands.report_loss(connection, loss.row.team, loss.id)

    def _committed(self, jobs: Iterable[Job], *, marked: bool) -> None:
        self.delivery.committed(jobs, marked=marked)

    def _bolt(self) -> App:
        authorized = AuthorizeResult(
            enterprise_id=None,
            team_id=self.me.team,
            bot_token=self.settings.slack_bot_token.get_secret_value(),
            bot_id=self.me.bot_id,
            bot_user_id=self.me.user,
        )
        # Seeing these, Bolt would turn on an installation of its own, with tokens in plain files.
        for name in ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"):
            os.environ.pop(name, None)  # noqa: TID251
        app = App(
            client=self.gateway.client,
            logger=_bolt_log,
            authorize=lambda: authorized,
            process_before_response=True,
            # The door has verified the signature before anything was parsed.
            request_verification_enabled=False,
            ssl_check_enabled=False,
            attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )
        register(app, self.office)
        return app

    def _check_schema(self) -> None:
        with self.database.read() as connection:
            found = schema.current(connection)
        if found != schema.HEAD:
            raise StartError(
                f"the database is at {found or 'nothing'}, this version needs {schema.HEAD}:"
                " run `handover migrate` first"
            )

    def _who_am_i(self) -> Me:
        answer = self.gateway.auth_test()
        if not isinstance(answer, Told):
            raise StartError(f"Slack does not take SLACK_BOT_TOKEN: {answer}")
        data = answer.data
        return Me(str(data["team_id"]), str(data.get("bot_id", "")), str(data["user_id"]))

    def _ask(self, user: str) -> Person | None:
        """Somebody from Slack: a stranger where it shows nobody, none where it is silent."""
        match self.gateway.users_info(user):
            case Told(data):
                return person_of(self.me.team, data["user"])
            case Refused():
                return stranger(self.me.team, user)
            case _:
                return None

    def _slack_of(self, team: str) -> Gateway | None:
        return self.gateway if team == self.me.team else None

    def _soon(self, do: Callable[[], object]) -> None:
        self._later.submit(_quietly, do)


def _gateway(settings: Settings) -> Gateway:
    return Gateway(
        settings.slack_bot_token.get_secret_value(),
        settings.slack_api_url,
        settings.slack_signing_secret.get_secret_value().encode(),
        make_ssl_context(),
        timeout=int(settings.slack_timeout),
    )


def _patience(settings: Settings) -> Patience:
    timeout = settings.slack_timeout
    return Patience(
        timeout=timeout, margin=settings.post_margin, guard=timeout / 2, glance=timeout / 5
    )


def _quietly(do: Callable[[], object]) -> None:
    try:
        do()
    except FlowError as error:
        log.info("not done: %s", error.code)
    except Exception:
        log.exception("something that could wait failed")
