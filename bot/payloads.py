"""Slack's payloads as typed inputs: only what the bot reads, each checked once where it comes in.

Whatever is not what Slack sends raises MalformedError; unknown fields are Slack's to add.
"""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict

from flows.handover import File, Quoted, Said

P = TypeVar("P")
_LINK = re.compile(r"<(https?://[^|>\s]+)(?:\|[^>]*)?>")


class MalformedError(Exception):
    """What came is nothing that Slack sends."""


class Payload(BaseModel):
    """What every payload has: whose it is. `key` names the delivery for its receipt."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    team: str
    user: str
    key: str


class Command(Payload):
    """A slash command: the word after it and the rest of the line."""

    trigger: str
    word: str
    rest: str


class Click(Payload):
    """One act on a message, a modal or Home.

    `value` is a button's value, `block` the id of the block it stands in (pickers have no value),
    `chosen` what was picked: option values, users or a date.
    """

    trigger: str
    action: str
    value: str = ""
    block: str = ""
    chosen: tuple[str, ...] = ()
    channel: str = ""
    ts: str = ""
    thread: str = ""
    response_url: str = ""
    view: dict[str, Any] | None = None
    state: dict[str, Any] = {}


class Submission(Payload):
    """A modal was submitted; `makes` is the id of what it makes, however often it is submitted."""

    trigger: str
    callback: str
    view_id: str
    metadata: str
    values: dict[str, Any]
    view: dict[str, Any]

    @property
    def makes(self) -> str:
        return key_of("modal", self.view_id)[:20]

    @property
    def inputs(self) -> list[str]:
        """The block ids of the modal's inputs: only there can Slack show an error."""
        return [b["block_id"] for b in self.view["blocks"] if b["type"] == "input"]


class Reply(Payload):
    """A message that a person wrote to the bot."""

    channel: str
    thread: str | None
    said: Said


class Edit(Payload):
    """A message of a person was edited; `edited` is the edit's ts."""

    channel: str
    ts: str
    thread: str | None
    text: str
    edited: str
    links: tuple[str, ...] = ()


class Deletion(Payload):
    """A message of a person was deleted."""

    channel: str
    ts: str
    thread: str | None


class Shortcut(Payload):
    """Somebody chose the shortcut on a message: what it says, and where it stands."""

    trigger: str
    callback: str
    response_url: str
    channel: str
    ts: str
    text: str
    files: tuple[File, ...]
    quoted: Quoted


class Opened(Payload):
    """Somebody looks at the app; `tab` says at which part of it."""

    tab: str


def read(parse: Callable[[dict[str, Any]], P], body: dict[str, Any]) -> P:
    """What a body says, by one of the functions below. Raises MalformedError.

    The message that a click stands in is our own, and nothing is read from it.
    """
    skipped = "message" if body.get("type") == "block_actions" else ""
    given = {key: storable(value) for key, value in body.items() if key != skipped}
    try:
        return parse(given)
    except (LookupError, TypeError, AttributeError, ValueError, ArithmeticError) as error:
        raise MalformedError(type(error).__name__) from error


def command(body: dict[str, Any]) -> Command:
    """A slash command's form."""
    word, _, rest = str(body.get("text", "")).strip().partition(" ")
    return Command(
        team=body["team_id"],
        user=body["user_id"],
        key=key_of("command", body["trigger_id"]),
        trigger=body["trigger_id"],
        word=word.casefold(),
        rest=rest.strip(),
    )


def click(body: dict[str, Any]) -> Click:
    """A block_actions payload; Slack sends one action at a time."""
    action = body["actions"][0]
    container = body.get("container") or {}
    view = body.get("view")
    where = container.get("message_ts") or container.get("view_id") or ""
    return Click(
        team=_team(body),
        user=body["user"]["id"],
        key=key_of(
            "click",
            where,
            action["action_id"],
            action.get("action_ts", ""),
            str(body["user"]["id"]),
        ),
        trigger=body.get("trigger_id", ""),
        action=action["action_id"],
        value=action.get("value") or "",
        block=action.get("block_id", ""),
        chosen=_chosen(action),
        channel=container.get("channel_id", ""),
        ts=container.get("message_ts", ""),
        thread=container.get("thread_ts") or "",
        response_url=body.get("response_url") or "",
        view=view,
        state=(body.get("state") or (view or {}).get("state") or {}).get("values", {}),
    )


def submission(body: dict[str, Any]) -> Submission:
    """A view_submission payload."""
    view = body["view"]
    return Submission(
        team=_team(body),
        user=body["user"]["id"],
        # What was changed before it was submitted again is another delivery, not a repeat.
        key=key_of("submission", view["id"], json.dumps(view["state"]["values"], sort_keys=True)),
        trigger=body.get("trigger_id", ""),
        callback=view["callback_id"],
        view_id=view["id"],
        metadata=view.get("private_metadata", ""),
        values=view["state"]["values"],
        view=view,
    )


class Departure(BaseModel):
    """An owner took the bot out, at seconds since 1970; or revoked the tokens of some `bots`.

    `teams` are the workspaces that an organisation took it out of, none for all.
    """

    model_config = ConfigDict(frozen=True)

    owner: str
    at: int
    bots: tuple[str, ...] | None = None
    teams: tuple[str, ...] | None = None


def message(body: dict[str, Any]) -> Reply | Edit | Deletion | None:
    """A message event in a DM; none for what no person wrote (bots, joins, unfurls)."""
    event = body["event"]
    team, key = body["team_id"], key_of("event", body["event_id"])
    match event.get("subtype"):
        case None | "file_share" | "thread_broadcast":
            if event.get("bot_id") or "user" not in event:
                return None
            return Reply(
                team=team,
                user=event["user"],
                key=key_of("message", event["channel"], event["client_msg_id"])
                if event.get("client_msg_id")
                else key,
                channel=event["channel"],
                thread=event.get("thread_ts"),
                said=_said(event),
            )
        case "message_changed":
            changed = event["message"]
            if changed.get("bot_id") or "user" not in changed or not changed.get("edited"):
                return None
            return Edit(
                team=team,
                user=changed["user"],
                key=key,
                channel=event["channel"],
                ts=changed["ts"],
                thread=changed.get("thread_ts"),
                text=changed.get("text", ""),
                edited=changed["edited"]["ts"],
                links=links(changed.get("text", "")),
            )
        case "message_deleted":
            previous = event.get("previous_message", {})
            if previous.get("bot_id") or "user" not in previous:
                return None
            return Deletion(
                team=team,
                user=previous["user"],
                key=key,
                channel=event["channel"],
                ts=event["deleted_ts"],
                thread=previous.get("thread_ts"),
            )
        case _:
            return None


def shortcut(body: dict[str, Any]) -> Shortcut:
    """A message_action payload. Where Slack cannot be asked for the address, it is known anyway."""
    message, channel = body["message"], body["channel"]["id"]
    said, profile = _said(message), message.get("bot_profile") or {}
    author = message.get("user") or message.get("username") or profile.get("name") or "an app"
    place = f"{channel}/p{said.source.replace('.', '')}"
    thread = message.get("thread_ts") or said.source
    in_thread = f"?thread_ts={thread}&cid={channel}" if thread != said.source else ""
    domain = (body.get("team") or {}).get("domain")
    address = f"https://{domain}.slack.com/archives/{place}{in_thread}" if domain else ""
    at = datetime.fromtimestamp(float(said.source), UTC)
    return Shortcut(
        team=_team(body),
        user=body["user"]["id"],
        key=key_of("shortcut", body["trigger_id"]),
        trigger=body["trigger_id"],
        callback=body["callback_id"],
        response_url=body["response_url"],
        channel=channel,
        ts=said.source,
        text=said.text,
        files=said.files,
        quoted=Quoted(author=author, at=at, link=address),
    )


def opened(body: dict[str, Any]) -> Opened:
    """An app_home_opened event."""
    event = body["event"]
    return Opened(
        team=body["team_id"],
        user=event["user"],
        key=key_of("event", body["event_id"]),
        tab=event.get("tab") or "",
    )


def departure(body: dict[str, Any]) -> Departure:
    """An app_uninstalled or tokens_revoked event; an organisation's has no workspace.

    A team_access_revoked event is always an organisation's, whatever its envelope says
    (https://docs.slack.dev/reference/events/team_access_revoked).
    """
    event = body["event"]
    tokens, teams = event.get("tokens"), event.get("team_ids")
    owner = org(body) or body.get("team_id") or body["enterprise_id"]
    return Departure(
        owner=owner if teams is None else body["enterprise_id"],
        at=body["event_time"],
        bots=None if tokens is None else tuple(tokens.get("bot") or ()),
        teams=None if teams is None else tuple(teams),
    )


def org(body: dict[str, Any]) -> str | None:
    """The organisation by whose installation a delivery comes, none by the workspace's own."""
    given = body.get("authorizations")
    if isinstance(given, list) and given and isinstance(given[0], dict):
        body = given[0]
    if body.get("is_enterprise_install") not in {True, "true"}:
        return None
    enterprise = body.get("enterprise")
    found = enterprise.get("id") if isinstance(enterprise, dict) else body.get("enterprise_id")
    return found if isinstance(found, str) else None


def sent(body: dict[str, Any]) -> int | None:
    """When an event happened, in seconds since 1970: Slack brings one again for an hour. What
    people press and type comes once, and does not say.
    """
    found = body.get("event_time")
    return found if isinstance(found, int) else None


def links(text: str) -> tuple[str, ...]:
    """The addresses in a text as Slack sends it, each once, in order."""
    return tuple(dict.fromkeys(_LINK.findall(text)))


def storable(given: Any) -> Any:  # noqa: ANN401 - JSON
    """What people gave, with every text in it as every database takes it.

    Without NUL, and with no half of a character.
    """
    match given:
        case str():
            if given.isascii() and "\x00" not in given:
                return given
            whole = given.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            return whole.replace("\x00", "")
        case dict():
            return {key: storable(value) for key, value in given.items()}
        case list():
            return [storable(value) for value in given]
        case _:
            return given


def _said(event: dict[str, Any]) -> Said:
    text = event.get("text", "")
    return Said(
        source=event["ts"],
        text=text,
        links=links(text),
        files=tuple(
            File(
                id=file["id"],
                name=file.get("name") or "file",
                url=file.get("permalink") or file.get("url_private") or "",
                size=file.get("size", 0),
            )
            for file in event.get("files", ())
        ),
    )


def _chosen(action: dict[str, Any]) -> tuple[str, ...]:
    if "selected_option" in action:
        option = action["selected_option"]
        return (option["value"],) if option else ()
    if "selected_options" in action:
        return tuple(option["value"] for option in action["selected_options"])
    many = action.get("selected_users")
    if many is not None:
        return tuple(many)
    one = action.get("selected_user") or action.get("selected_date")
    return (one,) if one else ()


def _team(body: dict[str, Any]) -> str:
    team = body.get("team")
    return str(team["id"] if team else body["user"]["team_id"])


def key_of(*pieces: str) -> str:
    """A receipt's key: 64 hex digits, the same for the same delivery."""
    return hashlib.sha256("|".join(pieces).encode()).hexdigest()
