"""The whole examination, from the settings to what waits to be said."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from bot.delivery.gateway import Gateway, make_ssl_context
from bot.delivery.port import Told
from bot.delivery.tokens import OneToken
from bot.doctor import at_slack, stored
from bot.doctor.lines import Line, folded, look, well, wrong
from bot.playbooks import Playbooks, playbook_text
from bot.settings import Settings, SettingsError, many_workspaces, read_settings
from bot.times import Clock
from flows.errors import PlaybookError
from storage import installations, workspaces
from storage.engine import Database
from storage.moments import to_stored
from storage.seal import Seal, SealError

_AT_ONCE = 8
_README = "see the settings in README.md"
_FROM_ADMIN = "have an admin install it again"
_FROM_REPLICAS = "it has expired: `handover serve` renews it, or says why it cannot"


def examine(clock: Clock) -> Iterator[Line]:
    """Every check as it comes. What cannot be looked at because of an earlier fault is left out."""
    try:
        settings = read_settings()
    except SettingsError as error:
        yield wrong("settings", str(error), _README)
        return
    yield well("settings", "all are readable")
    try:
        Playbooks(playbook_text(settings.playbook))
    except PlaybookError as error:
        first, *others = error.problems
        says = f"{first} (and {len(others)} more)" if others else first
        yield wrong("playbook", says, f"run `handover playbook check {settings.playbook}`")
    else:
        yield well("playbook", "it can be read")
    database = Database(settings.database_url)
    try:
        yield from _examined(settings, database, clock)
    finally:
        database.close()


def _examined(settings: Settings, database: Database, clock: Clock) -> Iterator[Line]:
    usable = True
    for line in stored.database_lines(database):
        usable = usable and line.grade != "wrong"
        yield line
    if usable:
        yield stored.engine_line(database)
        yield from stored.running_lines(
            database, clock.now(), timedelta(seconds=settings.lease_seconds)
        )
    if settings.slack_app_token:
        token = settings.slack_app_token.get_secret_value()
        yield at_slack.socket_line(settings.slack_api_url, token, settings.slack_timeout)
    if settings.slack_bot_token:
        token = settings.slack_bot_token.get_secret_value()
        patient = _Patient("", token, at_slack.FROM_APP)
        yield from _at_slack(settings, database if usable else None, clock, patient)
    elif usable:
        yield from _everywhere(settings, database, clock)


@dataclass(frozen=True, slots=True)
class _Patient:
    """One installation; `owner` is empty where there is only one."""

    owner: str
    token: str
    remedy: str


def _everywhere(settings: Settings, database: Database, clock: Clock) -> Iterator[Line]:
    many = many_workspaces(settings)
    if many is None:
        return
    yield stored.key_line(database, many.seal)
    patients = _patients(database, many.seal, to_stored(clock.now()))
    if not patients:
        yield look("token", "no workspace has installed it", "an admin opens /slack/install")
        return

    def one(patient: _Patient) -> list[Line]:
        return list(_at_slack(settings, database, clock, patient))

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        lines = [line for found in pool.map(one, patients) for line in found]
    yield from _once(lines)


def _once(lines: list[Line]) -> Iterator[Line]:
    """The machine has one clock, whoever is asked."""
    clocks = [line for line in lines if line.check == "clock"]
    yield from (replace(line, where="") for line in clocks[:1])
    yield from folded(line for line in lines if line.check != "clock")


def _patients(database: Database, seal: Seal, now: int) -> list[_Patient]:
    """Every installation whose token can be opened; the keys' line tells of the others."""
    found: list[_Patient] = []
    with database.read() as connection:
        for owner in installations.owners(connection):
            try:
                one = installations.find(connection, seal, owner)
            except SealError:
                continue
            if one:
                is_over = one.tokens.refresh and (one.tokens.expires_at or now) < now
                remedy = _FROM_REPLICAS if is_over else _FROM_ADMIN
                found.append(_Patient(owner, one.tokens.token, remedy))
    return found


def _at_slack(
    settings: Settings, database: Database | None, clock: Clock, patient: _Patient
) -> Iterator[Line]:
    here = partial(replace, where=patient.owner)
    slack = Gateway(
        OneToken(patient.token),
        settings.slack_api_url,
        b"",
        make_ssl_context(),
        timeout=int(settings.slack_timeout),
    )
    sent = clock.now()
    answer = slack.auth_test()
    received = clock.now()
    yield here(at_slack.token_line(answer, patient.remedy))
    if not isinstance(answer, Told):
        return
    yield here(at_slack.clock_line(answer, sent, received))
    yield here(at_slack.scopes_line(answer))
    if database is None:
        return
    with database.read() as connection:
        teams = installations.teams_of(connection, patient.owner or str(answer.data["team_id"]))
        chosen = [workspaces.find(connection, team) for team in teams]
    for workspace in chosen:
        yield from map(here, at_slack.channel_lines(slack, workspace))
        yield from map(here, at_slack.leader_lines(slack, workspace))
