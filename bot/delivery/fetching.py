"""A file's bytes from Slack's own file hosts; the token goes to no other address."""

import ssl
import time
from email.message import Message
from typing import IO
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, ProxyHandler, Request, build_opener

from bot.delivery.outcomes import outcome
from bot.delivery.port import Refused, Told, Trouble

_SLACK = ".slack.com"
_PIECE = 65_536
_WHOLE_SECONDS = 30.0
ELSEWHERE, TOO_LARGE, NOT_THE_FILE = "file_elsewhere", "file_too_large", "not_the_file"


class _NoRedirects(HTTPRedirectHandler):
    """Slack serves files itself; whoever sends us on is not asked."""

    def redirect_request(
        self,
        req: Request,  # noqa: ARG002
        fp: IO[bytes],  # noqa: ARG002
        code: int,  # noqa: ARG002
        msg: str,  # noqa: ARG002
        headers: Message,  # noqa: ARG002
        newurl: str,  # noqa: ARG002
    ) -> None:
        return None


def is_slacks(url: str, api: str) -> bool:
    """Whether an address is one of Slack's own hosts, or the host that `api` is on."""
    try:
        asked, known = urlsplit(url), urlsplit(api)
        same = (asked.scheme, asked.hostname, asked.port) == (
            known.scheme,
            known.hostname,
            known.port,
        )
        slacks = (asked.hostname or "").endswith(_SLACK) and asked.port in (None, 443)
    except ValueError:
        return False
    if asked.username is not None or asked.password is not None:
        return False
    return same or (asked.scheme == "https" and slacks)


def fetch(
    url: str, token: str, api: str, context: ssl.SSLContext, timeout: float, most: int
) -> Told | Trouble:
    """The bytes under "content". Refused for another host, for more than `most`, for a web page
    in the place of the file, and for what comes too slowly.
    """
    if not is_slacks(url, api):
        return Refused(ELSEWHERE)
    handlers = [_NoRedirects(), HTTPSHandler(context=context)]
    if urlsplit(url).hostname in {"127.0.0.1", "localhost", "::1"}:
        handlers.append(ProxyHandler({}))
    opener = build_opener(*handlers)
    # Its address has been checked above.
    request = Request(url, headers={"Authorization": f"Bearer {token}"})  # noqa: S310

    def read() -> Told | Trouble:
        until, content = time.monotonic() + _WHOLE_SECONDS, bytearray()
        with opener.open(request, timeout=timeout) as answer:
            if answer.headers.get_content_type() == "text/html":
                return Refused(NOT_THE_FILE)
            while piece := answer.read1(_PIECE):
                content += piece
                if len(content) > most:
                    return Refused(TOO_LARGE)
                if time.monotonic() > until:
                    return Refused(NOT_THE_FILE)
        return Told({"content": bytes(content)})

    return outcome(read)
