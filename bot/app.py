"""The composition root: everything is built here, once, and tests replace parts of it here."""

import gc
import logging
import os
import secrets
import socket
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from sqlalchemy import Connection

from bot.afterwards import Afterwards
from bot.books.desk import Books
from bot.clock import Tick, Ticker
from bot.crash import give_up, set_crash
from bot.custody.retention import Retention
from bot.delivery.dbos_engine import DbosEngine
from bot.delivery.edits import EditRules, Edits, edit_pace
from bot.delivery.engine import DeliveryEngine, Handle
from bot.delivery.gateway import Gateway, make_client, make_ssl_context
from bot.delivery.heartbeat import Heartbeat
from bot.delivery.pace import Patience, Rate, read_rate
from bot.delivery.port import Loss, Own, Refused, Rendered, Row, Told, Trouble, Turn, at_once
from bot.delivery.service import Delivery
from bot.delivery.tokens import OneToken, Token
from bot.delivery.worker import Parts, Worker
from bot.desk import Desk
from bot.doctor.at_slack import FROM_APP, token_line
from bot.errands import Errands
from bot.health import pages
from bot.installs.granted import Vaults
from bot.installs.granting import Granting
from bot.installs.installs import Installs
from bot.installs.reception import Reception
from bot.lines import Lines
from bot.listeners import register
from bot.nudges.presence import Presence
from bot.nudges.quiet import Quiet, one_of
from bot.nudges.reminding import Reminding
from bot.office import Office
from bot.offices import Homes, Offices, OneHome
from bot.playbooks import Playbooks, playbook_text
from bot.rendering import Renderer
from bot.reports.channels import Channels
from bot.reports.digests import PERIOD_SECONDS, Digests
from bot.roster import Roster, person_of, stranger
from bot.settings import ManyWorkspaces, Settings, many_workspaces
from bot.sweeps import Sweeps
from bot.times import Clock, SystemClock
from bot.watch.requests import WatchedApp
from bot.watch.traces import Traces, open_traces
from bot.watch.watch import Watch
from bot.watch.wellness import Looks, checks, gauge
from bot.wire.web import Door
from flows.effects import Kind
from storage import reminders, schema
from storage.departures import UNINSTALLED
from storage.engine import Database
from storage.outbox import Job
from storage.people import Person

# Below errors Bolt warns of settings that are as they should be, and quotes bodies.
_bolt_log = logging.getLogger("bot.bolt")
_bolt_log.setLevel(logging.ERROR)

_RETENTION_SECONDS = 3600.0
_TOKEN_SECONDS = 300.0
_GC_THRESHOLD = 50_000
_MOST_OF_NAME = 64


class StartError(Exception):
    """The bot cannot start; the text is one clear line."""


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
        traces: Traces | None = None,
    ) -> None:
        set_crash(settings.crash_at)
        self.settings = settings
        self.clock = clock or SystemClock()
        self.watch = Watch(traces=traces or open_traces(settings.otlp_endpoint))
        self.database = Database(settings.database_url, self.watch.transaction)
        self._check_schema()
        many = many_workspaces(settings)
        self._secret = settings.slack_signing_secret.get_secret_value()
        self.desk = Desk(
            self.database,
            Playbooks(playbook_text(settings.playbook)),
            self.clock,
            new_id,
            self._committed,
        )
        self.errands = Errands(self.database, self.clock, self._committed)
        self.books = Books(self.desk, new_id, self._committed)
        granting = self._make_granting(many) if many else None
        self.installs = self._make_installs(many, granting) if many and granting else None
        self.homes: Homes = self.installs or self._one_home(gateway)
        self.lookups = Lines("lookup")
        self.offices = Offices(self.homes, self._furnish)
        self.delivery = self._make_delivery(engine)
        self.afterwards = Afterwards()
        self.ticker = self._make_ticker(die)
        self.app = self._bolt()
        looks = Looks(self.database, self.clock)
        self.checks = checks(looks, self.delivery, self.ticker)
        metrics = self.watch.metrics
        gauge(metrics, looks, self.delivery, self.ticker, self.offices.count)
        visits = (
            Reception(self.database, self.clock, granting, self.installs).visits
            if granting and self.installs
            else {}
        )
        shown = pages(self.checks, metrics.registry)
        self.door = Door(
            self.app, self.afterwards, self._secret, shown, visits, self.watch.turned_away
        )

    def start(self) -> None:
        """Begin to deliver and to tick."""
        if self.installs:
            self.installs.check()
            self.ticker.run("tokens")
        self.ticker.run("roster")
        self.delivery.start()
        for name in ("delivery", "due"):
            self.ticker.run(name)
        self.ticker.start()
        # What lives from here on lives long: a full collection would only walk over it.
        gc.collect()
        gc.freeze()
        gc.set_threshold(_GC_THRESHOLD, 20, 20)

    def stop(self, drain_seconds: float) -> None:
        """Let what is under way finish, then end every thread."""
        until = self.clock.monotonic() + drain_seconds
        self.ticker.stop()
        self.afterwards.stop()
        self.delivery.stop(max(until - self.clock.monotonic(), 0.0))
        self.lookups.stop()
        self.database.close()
        self.watch.traces.close()

    def _make_delivery(self, other: Callable[[Handle], DeliveryEngine] | None) -> Delivery:
        settings = self.settings
        # A replica that comes back under its old name takes up its own work at once.
        named = settings.replica or f"{socket.gethostname()}-{os.getpid()}"
        # A name of a machine may be as long as our column; what differs stands at its end.
        replica = "single" if self.database.is_sqlite else named[-_MOST_OF_NAME:]
        rate, patience = read_rate(settings.post_rate), _patience(settings)
        worker = Worker(
            Parts(
                database=self.database,
                clock=self.clock,
                render=self._first,
                slack_of=self.offices.gateway,
                replica=replica,
                patience=patience,
                changed=lambda: self._committed((), marked=True),
                landed=self._landed,
                on_loss=self._lost,
                turn_of=self._turn if settings.quiet == "on" else at_once,
                barred=self._barred,
                watch=self.watch,
            )
        )
        engine = other(worker.deliver) if other else self._dbos(replica, rate, worker)
        beat = Heartbeat(self.database, self.clock, engine, replica, settings.lease_seconds)
        edits = Edits(
            self.database,
            self.clock,
            self._again,
            self.offices.gateway,
            edit_pace(rate),
            patience,
            EditRules(one_of, self._barred, lambda: beat.among, self.watch),
        )
        return Delivery(self.database, self.clock, engine, edits, beat, settings.lease_seconds)

    def _dbos(self, replica: str, rate: Rate | None, worker: Worker) -> DbosEngine:
        return DbosEngine(
            self.settings.database_url,
            replica,
            rate,
            self.clock,
            worker.deliver,
            self.settings.lease_seconds,
            poll_seconds=self.settings.poll_seconds,
        )

    def _one_home(self, other: Gateway | None) -> OneHome:
        token = self.settings.slack_bot_token
        one = OneToken(token.get_secret_value() if token else "")
        gateway = other or self._make_gateway(one)
        return OneHome(_team_of(gateway.auth_test()), gateway)

    def _make_granting(self, many: ManyWorkspaces) -> Granting:
        settings = self.settings
        return Granting(
            settings.slack_api_url,
            many.client_id,
            many.client_secret,
            make_ssl_context(),
            timeout=int(settings.slack_timeout),
        )

    def _make_installs(self, many: ManyWorkspaces, granting: Granting) -> Installs:
        vaults = Vaults(self.database, many.seal, granting, self.clock)
        kept = timedelta(days=self.settings.purge_days)
        return Installs(vaults, self._make_gateway, self._back, self._left, kept)

    def _retention(self) -> Retention:
        days = self.settings.keep_closed_days
        return Retention(self.database, self.clock, timedelta(days=days) if days else None)

    def _back(self, team: str) -> None:
        self.delivery.resume(team)

    def _left(self, team: str) -> None:
        self.offices.close(team)

    def _make_gateway(self, token: Token) -> Gateway:
        settings = self.settings
        return Gateway(
            token,
            settings.slack_api_url,
            self._secret.encode(),
            make_ssl_context(),
            timeout=int(settings.slack_timeout),
            watch=self.watch,
        )

    def _furnish(self, team: str, gateway: Gateway) -> Office:
        """The office of a workspace, with what is remembered of its people."""
        ask = partial(_ask, gateway, team)
        roster = Roster(team, self.database, self.clock, ask, self.lookups)
        roster.refresh()
        presence = Presence(team, gateway, roster, self.clock)
        reminding = Reminding(
            self.database,
            self.desk.playbooks,
            self.clock,
            roster,
            presence,
            team,
            self._committed,
        )
        channels = Channels(team, gateway, roster, self.clock)
        return Office(
            self.desk,
            self.errands,
            roster,
            gateway,
            reminding,
            presence,
            self.books,
            Digests(self.desk, roster, channels, team, self._committed),
            channels,
            team,
            partial(self.afterwards.soon, team),
        )

    def _make_ticker(self, die: Callable[[str], None] | None) -> Ticker:
        sweeps, period = Sweeps(self.desk), self.settings.tick_seconds

        def got_on(name: str) -> Callable[[], None]:
            return lambda: self.ticker.got_on(name)

        def everywhere(name: str, do: Callable[[Office], object]) -> Callable[[], object]:
            return partial(self.offices.everywhere, do, got_on(name))

        ticks = [
            Tick("due", period, partial(sweeps.due, got_on("due"))),
            Tick("books", period, partial(self.books.sweep, got_on("books"))),
            Tick("reminders", period, everywhere("reminders", lambda o: o.reminding.sweep())),
            Tick(
                "digests",
                max(period, PERIOD_SECONDS),
                everywhere("digests", lambda o: o.digests.sweep()),
            ),
            Tick("delivery", min(period, self.settings.lease_seconds / 4), self.delivery.tick),
            Tick("roster", period, everywhere("roster", lambda o: o.roster.refresh())),
            Tick("checkpoint", period, sweeps.checkpoint),
            Tick("receipts", _RETENTION_SECONDS, self._retention().tidy),
            Tick("tidy", _RETENTION_SECONDS, self.delivery.tidy),
        ]
        if self.installs:
            ticks += [
                Tick("tokens", _TOKEN_SECONDS, partial(self.installs.renew, got_on("tokens"))),
                Tick("departures", _RETENTION_SECONDS, self.installs.tidy),
            ]
        by_name = {tick.name: tick for tick in ticks}
        return Ticker(self.clock, by_name, die or give_up, self.delivery.stepped_back, self.watch)

    def _first(self, row: Row) -> Rendered | None:
        office = self.offices.of(row.team)
        return self._renderer(office).first(row) if office else None

    def _again(self, row: Row) -> Rendered | None:
        office = self.offices.of(row.team)
        return self._renderer(office).again(row) if office else None

    def _renderer(self, office: Office) -> Renderer:
        return Renderer(self.desk, office.roster, office.digests)

    def _barred(self, team: str, channel: str) -> Trouble | None:
        office = self.offices.of(team)
        return office.digests.may_stand(channel) if office else Refused(UNINSTALLED)

    def _turn(self, row: Row, key: str, *, in_words: bool) -> Turn:
        office = self.offices.of(row.team)
        if office is None:
            return Own()
        known = (self.database, self.desk.playbooks, self.clock, office.roster, office.presence)
        return Quiet(*known).turn(row, key, in_words=in_words)

    def _landed(self, connection: Connection, row: Row, ts: str) -> tuple[Job, ...]:
        if row.kind == Kind.AGENDA:
            reminders.landed(connection, row.team, row.person, row.subject)
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
        # Seeing these, Bolt would turn on an installation of its own, with tokens in plain files.
        for name in ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"):
            os.environ.pop(name, None)  # noqa: TID251
        app = WatchedApp(
            self.watch,
            client=make_client(
                self.settings.slack_api_url, make_ssl_context(), self.settings.slack_timeout
            ),
            logger=_bolt_log,
            authorize=_authorize,
            process_before_response=True,
            # The door has verified the signature before anything was parsed.
            request_verification_enabled=False,
            ssl_check_enabled=False,
            attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )
        register(app, self.offices, self.installs.hear if self.installs else None)
        return app

    def _check_schema(self) -> None:
        with self.database.read() as connection:
            fault = schema.fault(connection)
        if fault:
            raise StartError(fault)


def _authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    """Bolt gets no token: whose a delivery is, and whether the bot is there, the offices know."""
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)


def _team_of(answer: Told | Trouble) -> str:
    """Whose token it is, as auth.test says. Raises StartError."""
    if isinstance(answer, Told):
        return str(answer.data["team_id"])
    found = token_line(answer, FROM_APP)
    raise StartError(f"SLACK_BOT_TOKEN: {found.says}: {found.todo}")


def _ask(gateway: Gateway, team: str, user: str) -> Person | None:
    """Somebody from Slack: a stranger where it shows nobody, none where it is silent."""
    match gateway.users_info(user):
        case Told(data):
            return person_of(team, data["user"])
        case Refused():
            return stranger(team, user)
        case _:
            return None


def _patience(settings: Settings) -> Patience:
    timeout = settings.slack_timeout
    return Patience(
        timeout=timeout, margin=settings.post_margin, guard=timeout / 2, glance=timeout / 5
    )
