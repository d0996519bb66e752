"""How a payload reaches the bot: over HTTP, signed. The other way is `socket_mode`."""

import hashlib
import hmac
import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPException, HTTPResponse
from typing import Any, Literal, Protocol
from urllib.parse import urlencode, urlsplit

JSON = dict[str, Any]
Answer = HTTPResponse | urllib.error.HTTPError
Kind = Literal["slash_commands", "interactive", "events_api"]

ACK_SECONDS = 3.0


@dataclass(frozen=True)
class Parcel:
    """One payload on its way; `retry` is (number, reason) of an event that is sent again."""

    kind: Kind
    payload: JSON
    retry: tuple[int, str] | None = None

    @property
    def type(self) -> str:
        """The payload's own type, for reports: `view_submission`, `message`, `/command`."""
        inner: JSON = self.payload.get("event", {})
        return str(self.payload.get("command") or inner.get("type") or self.payload.get("type"))


@dataclass(frozen=True)
class Receipt:
    """How the bot answered; `reason` is Slack's word for a failure ("" = it answered 2xx)."""

    status: int
    body: str = ""
    reason: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    sent_headers: dict[str, str] = field(default_factory=dict)


class Transport(Protocol):
    def send(self, parcel: Parcel) -> Receipt: ...


class HttpTransport:
    """Signed POSTs to the app's one request URL."""

    def __init__(self, url: str, signing_secret: str, ack_seconds: float = ACK_SECONDS) -> None:
        self._ack_seconds = ack_seconds
        self._url = url if urlsplit(url).path.strip("/") else url.rstrip("/") + "/slack/events"
        self._secret = signing_secret.encode()
        # No proxy of the environment stands between the bot and its Slack.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def send(self, parcel: Parcel) -> Receipt:
        body, content_type = _encoded(parcel)
        headers = self._signed(body) | {"Content-Type": content_type}
        if parcel.retry is not None:
            number, reason = parcel.retry
            headers |= {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}
        request = urllib.request.Request(self._url, data=body, headers=headers)  # noqa: S310
        try:
            with self._answer(request) as answer:
                status, text = answer.status or 0, answer.read().decode(errors="replace")
                reason = "http_error" if isinstance(answer, urllib.error.HTTPError) else ""
                return Receipt(status, text, reason, _lower(answer.headers), headers)
        except TimeoutError as late:
            return Receipt(0, str(late), "http_timeout", {}, headers)
        except (OSError, HTTPException) as failure:
            # HTTPException: it died in the middle of its answer.
            timed_out = isinstance(getattr(failure, "reason", None), TimeoutError)
            reason = "http_timeout" if timed_out else "connection_failed"
            return Receipt(0, str(failure), reason, {}, headers)

    def _answer(self, request: urllib.request.Request) -> Answer:
        try:
            found: Answer = self._opener.open(request, timeout=self._ack_seconds)
        except urllib.error.HTTPError as refusal:
            return refusal
        return found

    def _signed(self, body: bytes) -> dict[str, str]:
        timestamp = str(int(time.time()))
        base = f"v0:{timestamp}:".encode() + body
        signature = "v0=" + hmac.new(self._secret, base, hashlib.sha256).hexdigest()
        return {
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        }


def _lower(headers: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _encoded(parcel: Parcel) -> tuple[bytes, str]:
    form = "application/x-www-form-urlencoded"
    match parcel.kind:
        case "slash_commands":
            return urlencode(parcel.payload).encode(), form
        case "interactive":
            return urlencode({"payload": json.dumps(parcel.payload)}).encode(), form
        case "events_api":
            return json.dumps(parcel.payload).encode(), "application/json"
