"""One bot that two workspaces can install, and the browsers of the people who do.

Users, channels, messages and windows have the same ids in both.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from urllib.parse import urlsplit

from cryptography.fernet import Fernet

from bot.manifest import manifest
from bot.sandbox import Person, Sandbox
from bot.times import Clock
from storage import departures, installations
from tests.wire.stage import ACK_SECONDS, APP_TOKEN, SECRET, House, Stage, people_of, settings_for

KEY = Fernet.generate_key().decode()


@dataclass(frozen=True)
class Page:
    """What a browser shows; `goes_to` is where it is sent next."""

    status: int
    text: str
    goes_to: str
    headers: dict[str, str]


@dataclass
class Browser:
    """Follows links to the bot, and keeps its cookies as browsers do."""

    house: House
    cookies: dict[str, str] = field(default_factory=dict)

    def opens(self, address: str) -> Page:
        asked, host = urlsplit(address), urlsplit(self.house.url).netloc
        connection = HTTPConnection(host, timeout=10)
        kept = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        path = f"{asked.path}?{asked.query}" if asked.query else asked.path
        connection.request("GET", path, headers={"Cookie": kept} if kept else {})
        answer = connection.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        text = answer.read().decode()
        connection.close()
        if "set-cookie" in headers:
            self._keep(headers["set-cookie"])
        return Page(answer.status, text, headers.get("location", ""), headers)

    def begins(self) -> str:
        """The page of Slack's that an install link leads to."""
        page = self.opens("/slack/install")
        assert page.status == 302, page
        return page.goes_to

    def _keep(self, told: str) -> None:
        pair, *rules = told.split("; ")
        assert {"HttpOnly", "Secure", "SameSite=Lax", "Path=/"} <= set(rules)
        name, _, value = pair.partition("=")
        assert name.startswith("__Host-")
        self.cookies[name] = value


@dataclass
class Houses:
    """Two workspaces and the one bot."""

    house: House
    acme: Stage
    beta: Stage

    def browser(self) -> Browser:
        return Browser(self.house)

    def install(self, stage: Stage, by: Person | None = None) -> Page:
        """An admin installs the bot with a browser of their own."""
        browser = self.browser()
        back = stage.slack.consent(browser.begins(), by or stage.ada)
        return browser.opens(back)

    def installed(self) -> list[str]:
        with self.house.bot.database.read() as connection:
            return installations.live_teams(connection)

    def is_gone(self, stage: Stage) -> bool:
        with self.house.bot.database.read() as connection:
            return departures.is_gone(connection, stage.slack.team_id)

    def exchanges(self, stage: Stage) -> int:
        """How often tokens were asked for."""
        return sum(call.method == "oauth.v2.access" for call in stage.slack.journal)


def many_settings(**changes: object) -> dict[str, object]:
    """What an operator sets besides, for many workspaces."""
    known: dict[str, object] = {
        "SLACK_BOT_TOKEN": None,
        "SLACK_CLIENT_ID": "1111111111.2222222222",
        "SLACK_CLIENT_SECRET": "sandbox-client-secret",
        "HANDOVER_ENCRYPTION_KEYS": KEY,
    }
    return known | changes


def _slack(
    name: str, number: int, beside: Sandbox | None = None, org: tuple[str, str] | None = None
) -> Sandbox:
    return Sandbox(
        manifest=manifest(many=True),
        bot_token=f"xoxb-{number}-sandbox",
        app_token=APP_TOKEN,
        signing_secret=SECRET,
        post_burst=(1000, 1.0),
        installed=False,
        team=(f"T0SANDBOX0{number}", name),
        beside=beside,
        org=org,
        ack_seconds=ACK_SECONDS,
    )


@contextmanager
def houses(
    url: str, clock: Clock | None = None, org: tuple[str, str] | None = None, **changes: object
) -> Iterator[Houses]:
    """The bot on a new database; nobody has installed it yet. `org` is Acme's organisation."""
    with _slack("Acme & Sons", 1, org=org) as first, _slack("Beta", 2, beside=first) as second:
        house = House(first, settings_for(first, url, **many_settings(**changes)), clock)
        second.connect_http(house.url)
        try:
            one, two = (Stage(slack, **people_of(slack), house=house) for slack in (first, second))
            yield Houses(house, one, two)
            for slack in (first, second):
                slack.idle(0.05)
        finally:
            house.end()
        for slack in (first, second):
            slack.assert_clean()
