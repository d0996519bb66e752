"""Thousands of payloads full of secrets, whole and broken, come in: the log holds none of them.

What plays is the real bot behind its real door, at DEBUG, in both formats.
"""

import io
import json
import logging
import os
import sqlite3
import urllib.parse
from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

import pytest
from psycopg import errors as postgresql_errors
from pydantic import TypeAdapter
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from sqlalchemy.exc import IntegrityError

from bot.logs import set_up_logs
from bot.sandbox import Sandbox
from bot.times import SystemClock
from bot.wire.web import Door
from tests.cli.test_logs import _as_before
from tests.wire.stage import SECRET as SIGNING
from tests.wire.stage import TOKEN, list_leaders, question, staged

__all__ = ["_as_before"]

WORD = "Foxglove"
TOKENS = ("xoxb-77-Foxglove", "xoxe.xoxp-1-Foxglove", "xapp-1-A-Foxglove")
TEXTS = {
    *("text", "name", "real_name", "display_name", "user_name", "username", "title", "email"),
    *("channel_name", "team_domain", "domain", "token", "url_private", "permalink", "phone"),
    *("fallback", "preview", "filename", "bot_access_token", "content", "response_url"),
}
"""Fields that hold what people wrote, who they are, or what opens a door."""
Parcel = tuple[str, dict[str, Any]]


def corpus(slack: Sandbox) -> list[Parcel]:
    """Everything that Slack delivered, one of each shape."""
    found: dict[tuple[str, str], Parcel] = {}
    for delivery in slack.deliveries:
        payload: Any = delivery.payload
        shape = json.dumps(_shape(payload), sort_keys=True)
        found.setdefault((delivery.kind, shape), (delivery.kind, payload))
    return [*found.values()]


def _shape(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        acts = {k: v for k, v in value.items() if k in ("action_id", "callback_id", "command")}
        return {k: _shape(v) for k, v in value.items()} | acts
    return [_shape(v) for v in value[:1]] if isinstance(value, list) else type(value).__name__


def planted(value: Any, secret: str, key: str = "") -> Any:  # noqa: ANN401 - JSON
    """A payload in which every text is a secret."""
    if isinstance(value, dict):
        return {k: planted(v, secret, k) for k, v in value.items()}
    if isinstance(value, list):
        return [planted(v, secret, key) for v in value]
    return secret if key in TEXTS and isinstance(value, str) else value


def broken(value: Any, random: Random, secret: str) -> Any:  # noqa: ANN401 - JSON
    """A payload of which one part is missing or something else."""
    part = value
    while isinstance(part, dict | list) and part:
        key = random.choice(list(part) if isinstance(part, dict) else range(len(part)))
        inner: Any = part[key]
        if not isinstance(inner, dict | list) or not inner or random.random() < 0.2:
            instead = [None, secret, [secret], {"a": secret}, 7, {"type": secret}, ""]
            if random.random() < 0.3:
                del part[key]
            else:
                part[key] = random.choice(instead)
            break
        part = inner
    return value


def fresh(payload: dict[str, Any], number: int) -> dict[str, Any]:
    """So that it is not taken for a delivery that was handled before."""
    for key in ("event_id", "trigger_id"):
        if isinstance(payload.get(key), str):
            payload[key] = f"{payload[key]}{number}"
    for act in payload.get("actions") or ():
        if isinstance(act, dict):
            act["action_ts"] = f"{1795400000 + number}.000001"
    return payload


def encoded(kind: str, payload: dict[str, Any]) -> tuple[bytes, str]:
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urllib.parse.urlencode(form).encode(), "application/x-www-form-urlencoded"


def knock(door: Door, content: bytes, kind: str) -> int:
    """The status with which the door answers a signed delivery."""
    moment = str(int(SystemClock().now().timestamp()))
    signature = SignatureVerifier(SIGNING).generate_signature(timestamp=moment, body=content)
    environ: Any = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/slack/events",
        "QUERY_STRING": "",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(content)),
        "HTTP_X_SLACK_REQUEST_TIMESTAMP": moment,
        "HTTP_X_SLACK_SIGNATURE": signature,
        "wsgi.input": io.BytesIO(content),
    }
    answered: list[str] = []
    try:
        body: Any = door(environ, lambda status, *_: answered.append(status))  # type: ignore[arg-type]
        list(body)
        body.close()
    except Exception:
        # As the server does for whatever an app lets through.
        logging.getLogger("waitress").exception("Exception while serving /slack/events")
        return 500
    return int(answered[0].split()[0])


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("form", ["console", "json"])
@pytest.mark.parametrize("many", [250, pytest.param(10_000, marks=pytest.mark.campaign)])
def test_no_payload_puts_a_secret_into_the_log(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, form: str, many: int
) -> None:
    logged = io.StringIO()
    monkeypatch.setattr("sys.stderr", logged)
    set_up_logs("DEBUG", "json" if form == "json" else "console")
    seed = int(os.environ.get("HANDOVER_SEED", "7"))  # noqa: TID251 - a test's own
    with staged(sqlite_url) as play:
        list_leaders(play)
        play.start()
        play.ivan.dm().wait("take Northwind over").click("Accept handover")
        question(play.olga, "1 of 12").reply("They love us", [("notes.txt", b"x")])
        play.olga.types("/handover list")
        play.olga.types("/handover ask Northwind who decides?")
        play.lena._opens("home")
        play.rest()
        known, random, answers = corpus(play.slack), Random(seed), set[int]()  # noqa: S311 - a seed that can be told
        assert len(known) > 10
        for number in range(many):
            kind, payload = random.choice(known)
            secret = f"{WORD}{number} {random.choice(TOKENS)} <@U0{WORD}>"
            sent = fresh(planted(deepcopy(payload), secret), number)
            if random.random() < 0.5:
                sent = broken(sent, random, secret)
            body, sort = encoded(kind, sent)
            if random.random() < 0.1:
                body = body[: random.randrange(len(body))]
            answers.add(knock(play.bot.door, body, sort))
        play.slack.idle(0.2)
        # Whom a broken payload names, Slack does not know.
        play.slack.violations.clear()
    said = logged.getvalue()
    figures = f"{many} payloads of {len(known)} shapes, seed {seed}: answers {sorted(answers)}"
    print(f"{figures}, {len(said.splitlines())} lines")  # noqa: T201 - the campaign's figures
    assert {200, 400} <= answers
    assert said
    assert WORD not in said
    assert TOKEN not in said
    assert "They love us" not in said


def _pydantic() -> None:
    TypeAdapter(int).validate_python(WORD)


def _json() -> None:
    json.loads(f'{{"{WORD}"')


def _key() -> None:
    dict[str, str]()[WORD]


def _slack() -> None:
    raise SlackApiError(WORD, {"ok": False, "error": WORD})  # type: ignore[no-untyped-call]


def _sqlite() -> None:
    sqlite3.connect(":memory:").execute(f"SELECT {WORD}")


def _postgresql() -> None:
    raise postgresql_errors.UniqueViolation(f"Key (name)=({WORD}) already exists")


def _sqlalchemy() -> None:
    raise IntegrityError(f"INSERT {WORD}", {"a": WORD}, ValueError(WORD))


def _unicode() -> None:
    (WORD.encode() + b"\xff").decode()


FAILURES = (_pydantic, _json, _key, _slack, _sqlite, _postgresql, _sqlalchemy, _unicode)


@pytest.fixture(params=["console", "json"])
def logged(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    set_up_logs("DEBUG", request.param)
    return stream


@pytest.mark.parametrize("fails", FAILURES, ids=lambda one: one.__name__)
@pytest.mark.filterwarnings("ignore:unclosed database")
def test_no_librarys_exception_is_quoted(logged: io.StringIO, fails: Callable[[], None]) -> None:
    for name in ("bot.listeners", "slack_bolt.App", "sqlalchemy.pool", "dbos"):
        log = logging.getLogger(name)
        try:
            try:
                fails()
            except Exception as error:
                raise RuntimeError(WORD) from error
        except RuntimeError:
            log.exception("it failed")
        try:
            fails()
        except Exception:
            log.exception("it failed")
    assert "it failed" in logged.getvalue()
    assert WORD not in logged.getvalue()
