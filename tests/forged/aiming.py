"""Recorded deliveries, aimed at a handover of another world: as somebody there could send them."""

import json
import re
from itertools import count
from random import Random
from typing import Any

from bot.books.ids import is_of_book
from flows.handover import Handover
from tests.forged.corpus import Sample
from tests.forged.world import BOOKS, ELSEWHERE, GUEST, STRANGER, World
from tests.simulation.company import TEAM

JSON = dict[str, Any]

_ABOUT = re.compile(r'(\\*"h\\*":\\*")[0-9a-f]{20}')
_ID = re.compile(r"\b[0-9a-f]{20}\b")
_USER = re.compile(r"\bU0[0-9A-Z]{6,}\b")
_ROOM = re.compile(r"\bD0[0-9A-Z]{6,}\b")
_TEAM = re.compile(r"\bT0SANDBOX01\b")
_MADE = re.compile(r'"(?:id|r|a)":"([^"]{4,24})"')
_FRESH = count(1)
_ELSEWHERE = 0.02


def actor_of(kind: str, payload: JSON) -> object:
    """Who acts, by what the payload says where Slack says it; whatever stands there."""
    if kind == "slash_commands":
        return payload.get("user_id")
    if kind == "interactive":
        return _inner(payload, "user", "id")
    event = payload.get("event")
    if not isinstance(event, dict):
        return None
    for place in ("message", "previous_message"):
        if isinstance(event.get(place), dict):
            return event[place].get("user")
    return event.get("user")


def _inner(payload: object, *path: str) -> object:
    for step in path:
        payload = payload.get(step) if isinstance(payload, dict) else None
    return payload


def some_actor(chance: Random, world: World, handover: Handover) -> str:
    """Mostly somebody of the handover; else a colleague, or who may do nothing at all."""
    parties = [handover.outgoing.user, handover.incoming and handover.incoming.user]
    inside = [user for user in (*parties, handover.leader, handover.backup) if user]
    draw = chance.random()
    if draw < 0.7 and inside:
        return chance.choice(inside)
    if draw < 0.85:
        return chance.choice(list(world.members))
    return chance.choice((GUEST, STRANGER))


def aimed(
    chance: Random,
    world: World,
    sample: Sample,
    handover: Handover,
    actor: str,
    *,
    elsewhere: bool = True,
) -> JSON:
    """The payload with the ids of this world, sent by `actor`, as a delivery of its own; now
    and then it comes from `elsewhere`.
    """
    text = json.dumps(sample.payload)
    known = sorted(set(_MADE.findall(handover.model_dump_json()))) or [handover.id]
    before = actor_of(sample.kind, sample.payload)
    others: dict[str, str] = {}
    members = list(world.members)

    def user(found: re.Match[str]) -> str:
        if found[0] == before:
            return actor
        return others.setdefault(found[0], chance.choice(members))

    about = chance.choice(BOOKS) if is_of_book(sample.name) else handover.id
    text = _ABOUT.sub(lambda found: found[1] + about, text)
    text = _ID.sub(lambda found: found[0] if found[0] in BOOKS else chance.choice(known), text)
    text = _ROOM.sub(f"D{actor}", _USER.sub(user, text))
    text = _TEAM.sub(ELSEWHERE if elsewhere and chance.random() < _ELSEWHERE else TEAM, text)
    payload: JSON = json.loads(text)
    _freshen(chance, world, payload, actor)
    return payload


def _freshen(chance: Random, world: World, payload: JSON, actor: str) -> None:
    """Whatever names one delivery names this one; messages are some that stand there."""
    number = next(_FRESH)
    fresh = f"{world.clock.now().timestamp():.0f}.{number % 1_000_000:06d}"
    there = [letter for letter in world.slate.letters if letter.channel == f"D{actor}"]
    standing = chance.choice(there).ts if there else fresh
    for name in ("trigger_id", "event_id"):
        if name in payload:
            payload[name] = f"{name}{number}"
    if "response_url" in payload:
        payload["response_url"] = f"https://hooks.slack.com/actions/{number}"
    for action in payload.get("actions", ()):
        action["action_ts"] = fresh
    if payload.get("type") == "view_submission":
        payload["view"]["id"] = f"V{number}"
    _freshen_event(payload.get("event", {}), number, fresh)
    _stands(payload, standing)


def _freshen_event(event: JSON, number: int, fresh: str) -> None:
    if "client_msg_id" in event:
        event["client_msg_id"] = f"message-{number}"
    if "ts" in event:
        event["ts"] = fresh


def _stands(payload: JSON, standing: str) -> None:
    container, event = payload.get("container", {}), payload.get("event", {})
    if "message_ts" in container:
        container["message_ts"] = standing
    for place in (container, event, event.get("message", {}), event.get("previous_message", {})):
        if "thread_ts" in place:
            place["thread_ts"] = standing
