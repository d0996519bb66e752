"""Deliveries that Slack itself would not send: signed as Slack's are, with other contents."""

import json
import time
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from slack_sdk.signature import SignatureVerifier

from tests.wire.stage import SECRET, Stage

JSON = dict[str, Any]
_FORM = "application/x-www-form-urlencoded"


def knock(stage: Stage, payload: JSON, kind: str = "interactive") -> int:
    """Send this to the bot's address; the status that it answers with."""
    if kind == "events_api":
        return _send(stage, json.dumps(payload), "application/json")
    form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return _send(stage, urlencode(form), _FORM)


def last_payload(stage: Stage, kind: str = "interactive") -> JSON:
    """What Slack delivered last of a kind, to be sent again with changes."""
    found = [delivery.payload for delivery in stage.slack.deliveries if delivery.kind == kind]
    copy: JSON = json.loads(json.dumps(found[-1]))
    return copy


def _send(stage: Stage, body: str, content_type: str) -> int:
    now = str(int(time.time()))  # noqa: TID251 - as Slack stamps it
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=now, body=body)
    headers = {
        "Content-Type": content_type,
        "X-Slack-Request-Timestamp": now,
        "X-Slack-Signature": str(signature),
    }
    request = Request(stage.house.url, body.encode(), headers)  # noqa: S310 - 127.0.0.1
    try:
        with urlopen(request, timeout=5) as answer:  # noqa: S310
            return int(answer.status)
    except HTTPError as error:
        return error.code
