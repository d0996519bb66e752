"""Tells from how a call to Slack ended whether it was surely done, surely not, or may have been."""

import http.client
import socket
from collections.abc import Callable, Mapping
from typing import Any
from urllib.error import HTTPError, URLError

from slack_sdk.errors import SlackApiError, SlackClientError

from bot.delivery.port import Ambiguous, Limited, Refused, Told, Trouble
from storage.outbox import SHUT_OUT

OK = 200
_SOON = 5.0
_TRY_TOKEN_AGAIN = 60.0

# Slack's words for "something broke on our side": whether it was done is not said.
_UNCLEAR = frozenset(
    {"fatal_error", "internal_error", "request_timeout", "service_unavailable", "unknown_error"}
)
_LIMITED = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
_TOO_MANY = 429
_BROKEN = 500


def outcome(call: Callable[[], Told | Trouble]) -> Told | Trouble:
    """What became of a call. Only what is surely undone is Limited or Refused."""
    try:
        return call()
    except SlackApiError as error:
        answer = error.response
        code = str(answer.get("error") or "unknown_error")
        return trouble(answer.status_code, code, answer.headers)
    except HTTPError as error:
        return trouble(error.code, "upload", dict(error.headers))
    except URLError as error:
        if isinstance(error.reason, ConnectionRefusedError | socket.gaierror):
            return Limited(_SOON)
        return Ambiguous(type(error.reason).__name__)
    except (OSError, http.client.HTTPException, SlackClientError, ValueError, KeyError) as error:
        return Ambiguous(type(error).__name__)


def trouble(status: int, code: str, headers: Mapping[str, Any]) -> Trouble:
    """What an answer says that is not a plain yes; `code` is Slack's word, or a text."""
    if status == _TOO_MANY or code in _LIMITED:
        return Limited(_seconds(headers))
    if code in SHUT_OUT:
        return Limited(_TRY_TOKEN_AGAIN, code)
    if status >= _BROKEN or code in _UNCLEAR or " " in code:
        return Ambiguous(f"{status} {code}"[:80])
    return Refused(code)


def _seconds(headers: Mapping[str, Any]) -> float:
    value = {name.lower(): headers[name] for name in headers}.get("retry-after", _SOON)
    try:
        return max(float(value[0] if isinstance(value, list) else value), 0.0)
    except ValueError:
        return _SOON
