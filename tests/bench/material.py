"""What the benchmark clicks on: handovers half answered, their messages, and clicks as Slack sends.

Everything is the same in every run: the databases that are compared hold the same rows.
"""

import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, urlencode

from slack_sdk.signature import SignatureVerifier
from sqlalchemy import Connection, insert

from bot.ids import VALUE, Act, Form, Ref, text_field
from bot.times import SystemClock
from flows.advance import advance
from flows.effects import Kind
from flows.events import NoneDeclared
from flows.handover import Handover
from flows.tasks import all_tasks
from flows.terms import Segment
from storage import handovers, people, tasks
from storage.engine import Database
from storage.journal import HANDOVER, Line
from storage.moments import to_stored
from storage.people import Person
from storage.prepared import together
from storage.tables import posts
from tests.make import (
    NOW,
    OLGA,
    answers,
    default_playbook,
    make_handover,
    make_started,
    make_vault,
)

BODY_BYTES = 7_000
ANSWERED = 28
CLICKS_EACH = 12
_TEXT = "What was agreed, by whom, and what is still open. " * 6
_CHANNEL = "D0OLGA"

Environ = dict[str, Any]
"""One request as a WSGI server hands it over."""


@dataclass(frozen=True)
class Workload:
    """Handovers to click on, each several times, one question after another."""

    team: str
    playbook: str
    handovers: int

    @property
    def clicks(self) -> int:
        return self.handovers * CLICKS_EACH


def half_answered(work: Workload, number: int) -> Handover:
    """An enterprise handover with a document of 15 KB and questions still open."""
    started = make_handover(id=f"H{number:04}", team=work.team, segment=Segment.ENTERPRISE)
    handover = started.model_copy(update={"playbook": work.playbook})
    book = default_playbook()
    for minute in range(ANSWERED):
        current = handover.interviews[OLGA].current or ""
        for event in answers(book.by_id[current], OLGA, minute, _TEXT):
            handover = advance(handover, event, book).handover
    return handover


def fill(database: Database, work: Workload) -> int:
    """Store the workload; the size of one stored document."""
    person = Person(team=work.team, user=OLGA, name="Olga", home_team=work.team)
    size = 0
    with database.write() as connection:
        people.keep(connection, person, to_stored(NOW))
        for number in range(work.handovers):
            handover = half_answered(work, number)
            put_away(connection, handover)
            size = len(handover.model_dump_json(exclude_defaults=True))
    return size


def put_away(connection: Connection, handover: Handover) -> None:
    """Store a handover with what stands in Slack of it."""
    book = default_playbook()
    line = Line(make_started(id=handover.id, team=handover.team), "salt")
    handovers.add(connection, handover, book, line)
    handovers.add_vault(connection, make_vault(handover=handover.id, team=handover.team), line)
    owed = all_tasks(handover, book)
    with together(connection) as block:
        tasks.sync(block, handover.team, handover.id, HANDOVER, owed, 0)
    connection.execute(insert(posts), list(_messages(handover)))


def _messages(handover: Handover) -> Iterator[dict[str, object]]:
    """What stands in Slack: the card, and every question that was put."""
    asked = handover.interviews[OLGA].asked
    standing = [(Kind.CARD, ""), *((Kind.QUESTION, key) for key in dict.fromkeys(asked))]
    for place, (kind, subject) in enumerate(standing):
        yield {
            "team": handover.team,
            "key": f"{handover.id}:{place}",
            "handover": handover.id,
            "person": OLGA,
            "kind": kind.value,
            "subject": subject,
            "channel": _CHANNEL,
            "ts": f"17{handover.id[1:]}00.{place:06}",
            "thread_ts": f"17{handover.id[1:]}00.000000",
            "shown": 1,
            "edit_after": 0,
            "place": 0,
        }


def clicks(work: Workload, secret: str) -> list[Environ]:
    """A signed delivery each: None on the open question, handover after handover, then again."""
    book = default_playbook()
    rows = [half_answered(work, number) for number in range(work.handovers)]
    found = []
    for place in range(work.clicks):
        row = rows[place % work.handovers]
        question = row.interviews[OLGA].current or ""
        found.append(_delivery(_body(row, question, place), secret))
        event = NoneDeclared(at=NOW, by=OLGA, question=question)
        rows[place % work.handovers] = advance(row, event, book).handover
    return found


def coming(handover: Handover) -> Iterator[str]:
    """The next CLICKS_EACH questions of a handover where each is answered with None."""
    for _ in range(CLICKS_EACH):
        question = handover.interviews[OLGA].current or ""
        yield question
        event = NoneDeclared(at=NOW, by=OLGA, question=question)
        handover = advance(handover, event, default_playbook()).handover


def answering(
    handover: Handover, asked: Sequence[str], secret: str, first: int
) -> Iterator[Environ]:
    """A signed delivery each: None on one question of a handover after the other.

    `first` is the number of the first of these clicks among all; no two have the same.
    """
    for place, question in enumerate(asked, first):
        yield _delivery(_body(handover, question, place), secret)


def commands(work: Workload, secret: str) -> list[Environ]:
    """A signed delivery each: `/handover`, for the menu."""
    form = {
        "command": "/handover",
        "text": "",
        "team_id": work.team,
        "user_id": OLGA,
        "user_name": "olga",
        "api_app_id": "A1",
        "token": "old-fashioned",
        "channel_id": _CHANNEL,
        "channel_name": "directmessage",
        "is_enterprise_install": "false",
        "response_url": "https://hooks.slack.com/commands/1",
    }
    return [
        _delivery(urlencode(form | {"trigger_id": f"{place}.trigger"}).encode(), secret)
        for place in range(work.clicks)
    ]


def submissions(work: Workload, secret: str) -> list[Environ]:
    """A signed delivery each: a form that gives a question other words, one after the other."""
    book, rows = default_playbook(), [half_answered(work, 0)]
    open_to = [q for key in rows[0].answers if not (q := book.by_id[key]).parts]
    plain = [question for question in open_to if not question.records]
    found = []
    for place in range(work.clicks):
        question = plain[place % len(plain)]
        handover = rows[0].model_copy(update={"id": f"H{place % work.handovers:04}"})
        found.append(_delivery(_submission(handover, question.id, place), secret))
    return found


def _submission(handover: Handover, question: str, place: int) -> bytes:
    ref = Ref(h=handover.id, q=question).dump()
    field = {VALUE: {"type": "plain_text_input", "value": f"{place}: {_TEXT}"}}
    payload = {
        "type": "view_submission",
        "team": {"id": handover.team, "domain": "sandbox"},
        "user": {"id": OLGA, "username": "olga", "name": "olga", "team_id": handover.team},
        "api_app_id": "A1",
        "token": "old-fashioned",
        "enterprise": None,
        "is_enterprise_install": False,
        "trigger_id": f"{place}.trigger",
        "view": {
            "id": f"V{place}",
            "type": "modal",
            "callback_id": Form.QUESTION,
            "team_id": handover.team,
            "app_id": "A1",
            "hash": "1.h",
            "private_metadata": ref,
            "blocks": [],
            "state": {"values": {text_field(question): field}},
        },
    }
    return b"payload=" + quote_plus(json.dumps(payload)).encode()


def _body(handover: Handover, question: str, place: int) -> bytes:
    """What Slack sends for a click on a message with blocks, of BODY_BYTES or a few more."""
    ref = Ref(h=handover.id, q=question).dump()
    action = {"type": "button", "action_id": Act.ANSWER_NONE, "block_id": ref, "value": ref}
    blocks: list[dict[str, Any]] = [
        {"type": "section", "block_id": ref, "text": {"type": "mrkdwn", "text": f"*{question}*"}}
    ]
    payload: dict[str, Any] = {
        "type": "block_actions",
        "team": {"id": handover.team, "domain": "sandbox"},
        "user": {"id": OLGA, "username": "olga", "name": "olga", "team_id": handover.team},
        "api_app_id": "A1",
        "token": "old-fashioned",
        "enterprise": None,
        "is_enterprise_install": False,
        "trigger_id": f"{place}.trigger",
        "container": {
            "type": "message",
            "message_ts": f"1795000000.{place:06}",
            "channel_id": _CHANNEL,
            "is_ephemeral": False,
        },
        "channel": {"id": _CHANNEL, "name": "directmessage"},
        "message": {"type": "message", "ts": f"1795000000.{place:06}", "blocks": blocks},
        "state": {"values": {}},
        "response_url": f"https://hooks.slack.com/actions/{place}",
        "actions": [action | {"action_ts": f"1795000001.{place:06}"}],
    }
    while len(body := b"payload=" + quote_plus(json.dumps(payload)).encode()) < BODY_BYTES:
        text = {"type": "mrkdwn", "text": f"{len(blocks)}: {_TEXT[:160]}"}
        blocks.append({"type": "section", "block_id": f"b{len(blocks)}", "text": text})
    return body


def _delivery(body: bytes, secret: str) -> Environ:
    stamp = str(int(SystemClock().now().timestamp()))
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/slack/events",
        "QUERY_STRING": "",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_X_SLACK_REQUEST_TIMESTAMP": stamp,
        "HTTP_X_SLACK_SIGNATURE": SignatureVerifier(secret).generate_signature(
            timestamp=stamp, body=body
        ),
        "wsgi.input": io.BytesIO(body),
    }
