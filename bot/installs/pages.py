"""What whoever installs the bot reads in their browser: plain, kind, and nothing inside out."""

from dataclasses import dataclass
from html import escape
from http import HTTPStatus
from urllib.parse import urlencode

INSTALL, BACK = "/slack/install", "/slack/oauth_redirect"
_HEADERS = (
    ("content-type", "text/html; charset=utf-8"),
    ("cache-control", "no-store"),
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a browser gets."""

    status: HTTPStatus
    headers: tuple[tuple[str, str], ...]
    body: str = ""


def installed(name: str, app: str, team: str) -> Answer:
    """The bot is there; `team` may be an organisation's id."""
    there = urlencode({"app": app, "team": team})
    return _page(
        HTTPStatus.OK,
        f"Handover is now in {name}",
        "Type /handover anywhere in Slack to begin. An admin names the leaders with"
        " /handover settings.",
        ("Open Slack", f"https://slack.com/app_redirect?{there}"),
    )


def declined() -> Answer:
    """Somebody changed their mind on Slack's page."""
    return _page(
        HTTPStatus.OK,
        "Nothing was installed",
        "You chose not to add Handover, and nothing has changed. You can come back any time.",
        ("Add Handover to Slack", INSTALL),
    )


def stale() -> Answer:
    """The way here did not begin in this browser, or a while ago, or was gone to its end before."""
    return _page(
        HTTPStatus.BAD_REQUEST,
        "Please begin once more",
        "This page was open for too long, was used before, or was begun in another browser."
        " Nothing was installed this time.",
        ("Add Handover to Slack", INSTALL),
    )


def failed() -> Answer:
    """Slack or we could not do it."""
    return _page(
        HTTPStatus.BAD_GATEWAY,
        "That did not work",
        "Slack and Handover could not finish this together. Nothing was installed."
        " Please try again in a minute.",
        ("Add Handover to Slack", INSTALL),
    )


def busy() -> Answer:
    """The database is away."""
    return _page(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Please try again in a minute",
        "Handover is busy just now. Nothing was installed.",
        ("Add Handover to Slack", INSTALL),
    )


def to_slack(address: str, cookie: str) -> Answer:
    """Off to Slack's page, with a cookie by which the browser is known when it comes back."""
    return Answer(
        HTTPStatus.FOUND,
        (("location", address), ("set-cookie", cookie), ("cache-control", "no-store")),
    )


def _page(status: HTTPStatus, title: str, words: str, link: tuple[str, str]) -> Answer:
    name, address = map(escape, link)
    body = (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title></head>\n<body><main><h1>{escape(title)}</h1>"
        f'<p>{escape(words)}</p><p><a href="{address}">{name}</a></p></main></body></html>\n'
    )
    return Answer(status, _HEADERS, body)
