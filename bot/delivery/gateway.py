"""The only place that calls Slack's Web API: one workspace's client, with outcomes as values.

slack_sdk's own retries are off: they would post a message twice when an answer is lost. No call
raises for what Slack or the network does; see `bot.delivery.port` for the outcomes.
"""

import hashlib
import hmac
import logging
import ssl
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, cast
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse
from slack_sdk.webhook import WebhookClient

from bot.crash import crash_point
from bot.delivery.fetching import TOO_LARGE, fetch
from bot.delivery.outcomes import OK, outcome, trouble
from bot.delivery.port import (
    Absent,
    Ambiguous,
    FileToSend,
    Json,
    Landed,
    Limited,
    Message,
    Refused,
    Told,
    Trouble,
)
from bot.delivery.tokens import Token
from bot.watch.watch import Watch
from storage.outbox import SHUT_OUT

TIMEOUT_SECONDS = 10
OPENING_SECONDS = 2.5
"""How long a modal may take to open: its trigger, and whoever pressed, wait three seconds."""
EVENT_TYPE = "handover_message"
_PAGE, _PEOPLE = 100, 200
_MOST_PAGES = 20

_PLACES = ("channels", "groups", "ims", "shares")

_log = logging.getLogger(__name__)
# What the SDK would log are failures that are handled here, and request bodies.
_quiet = logging.getLogger("bot.delivery.slack_sdk")
_quiet.setLevel(logging.CRITICAL)


@cache
def make_ssl_context() -> ssl.SSLContext:
    """One for the whole process: to load the certificates anew for every call costs 25 ms."""
    return ssl.create_default_context()


class Gateway:
    """One workspace's Slack."""

    def __init__(
        self,
        token: Token,
        base_url: str,
        secret: bytes,
        context: ssl.SSLContext,
        timeout: int = TIMEOUT_SECONDS,
        watch: Watch | None = None,
    ) -> None:
        self._watch = watch or Watch()
        self._token = token
        self._secret = secret
        self._context = context
        self._timeout = timeout
        self._is_taken: bool | None = None
        self._client = make_client(base_url, context, timeout)
        self._opener = make_client(base_url, context, min(timeout, OPENING_SECONDS))

    def post(
        self, channel: str, message: Message, thread_ts: str | None, key: str
    ) -> Landed | Trouble:
        """Post a new message that carries `key`, by which `find_by_key` can tell if it landed."""
        payload = {"event_type": EVENT_TYPE, "event_payload": {"key": self._hidden(key)}}
        return _landed(
            self._call(
                "chat.postMessage",
                _said(message)
                | {"channel": channel, "metadata": payload}
                | ({"thread_ts": thread_ts} if thread_ts else {})
                | {"unfurl_links": False, "unfurl_media": False},
            )
        )

    def update(self, channel: str, ts: str, message: Message) -> Landed | Trouble:
        """Make a standing message say something else; harmless when done twice."""
        return _landed(self._call("chat.update", _said(message) | {"channel": channel, "ts": ts}))

    def tell(
        self,
        channel: str,
        user: str,
        words: str,
        thread_ts: str | None = None,
        blocks: Sequence[Json] = (),
    ) -> Told | Trouble:
        """Show something to one user only, until they reload; nobody can look for it later."""
        given: Json = ({"thread_ts": thread_ts} if thread_ts else {}) | (
            {"blocks": list(blocks)} if blocks else {}
        )
        arguments = {"channel": channel, "user": user, "text": words}
        return self._call("chat.postEphemeral", arguments | given)

    def respond(self, response_url: str, message: Message, *, replace: bool) -> Told | Trouble:
        """Answer a command or click through the address that came with it."""
        client = WebhookClient(
            response_url,
            timeout=self._timeout,
            ssl=self._context,
            logger=_quiet,
            retry_handlers=[],
        )
        client.proxy = self._client.proxy

        body = _said(message) | {"replace_original": replace}

        def send() -> Told | Trouble:
            answer = client.send_dict(body)
            if answer.status_code == OK:
                return Told({})
            return trouble(answer.status_code, answer.body[:80], answer.headers)

        return self._watch.asked("response_url", lambda: outcome(send))

    def auth_test(self) -> Told | Trouble:
        """Whose token this is: team, bot and user."""
        return self._call("auth.test", {})

    def open_dm(self, user: str) -> Told | Trouble:
        """The direct conversation with a user, opened if need be."""
        return self._call("conversations.open", {"users": user})

    def find_by_key(
        self, channel: str, thread_ts: str | None, oldest: float, key: str
    ) -> Landed | Absent | Trouble:
        """Look for a message by its key: in its thread, or at the top level of the conversation.

        `oldest` is in seconds since 1970. Ambiguous when there is too much to look through.
        """
        hidden = self._hidden(key)
        method = "conversations.replies" if thread_ts else "conversations.history"
        arguments: Json = {
            "channel": channel,
            "oldest": f"{oldest:.6f}",
            "inclusive": True,
            "include_all_metadata": True,
            "limit": _PAGE,
        } | ({"ts": thread_ts} if thread_ts else {})
        for _ in range(_MOST_PAGES):
            answer = self._ask(method, arguments)
            if not isinstance(answer, Told):
                return answer
            for message in answer.data.get("messages", ()):
                if _key_of(message) == hidden:
                    return Landed(message["ts"])
            cursor = (answer.data.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return Absent()
            arguments = arguments | {"cursor": cursor}
        return Ambiguous("too many messages to look through")

    def permalink(self, channel: str, ts: str) -> Told | Trouble:
        """Where a message stands, under "permalink"; refused where the bot cannot look."""
        return self._ask("chat.getPermalink", {"channel": channel, "message_ts": ts})

    def users_info(self, user: str) -> Told | Trouble:
        """What Slack says of a user, under "user"."""
        return self._ask("users.info", {"user": user})

    def dnd_info(self, user: str, team: str) -> Told | Trouble:
        """When a user wants no notifications, "dnd_enabled" and moments in seconds since 1970.

        An organisation's token has to say of which workspace the user is.
        """
        return self._ask("dnd.info", {"user": user, "team_id": team})

    def channel_info(self, channel: str) -> Told | Trouble:
        """What Slack says of a conversation, under "channel"; refused where the bot sees none."""
        return self._look("conversations.info", {"channel": channel})

    def channel_members(self, channel: str, cursor: str = "") -> Told | Trouble:
        """A page of who is in a conversation, ids under "members"."""
        more = {"cursor": cursor} if cursor else {}
        return self._look("conversations.members", {"channel": channel, "limit": _PEOPLE} | more)

    def upload(self, file: FileToSend) -> Told | Trouble:
        """Bring a file to Slack, where nobody sees it yet; its id is under "file_id"."""
        size = {"filename": file.name, "length": len(file.content)}
        alt = {"alt_txt": file.alt} if file.alt else {}
        announced = self._ask("files.getUploadURLExternal", size | alt)
        if not isinstance(announced, Told):
            return announced
        url = str(announced.data["upload_url"])

        def send() -> Told | Trouble:
            if not url.startswith(("https://", "http://")):
                return Refused("upload_url")
            request = Request(url, data=file.content, method="POST")  # noqa: S310 - checked above
            with urlopen(request, timeout=self._timeout, context=self._context):  # noqa: S310
                return Told(announced.data)

        return self._watch.asked("upload_url", lambda: outcome(send))

    def share(
        self, channel: str, thread_ts: str | None, file_id: str, title: str
    ) -> Landed | Trouble:
        """Show an uploaded file in a conversation or thread; Landed carries the file's id.

        The message that shows it cannot carry a key, so `find_shared` tells whether it was shared.
        """
        arguments: Json = {"files": [{"id": file_id, "title": title}], "channel_id": channel}
        given = {"thread_ts": thread_ts} if thread_ts else {}
        answer = self._call("files.completeUploadExternal", arguments | given)
        return Landed(file_id) if isinstance(answer, Told) else answer

    def find_shared(self, file_id: str) -> Landed | Absent | Trouble:
        """Whether an uploaded file was shared anywhere."""
        answer = self._ask("files.info", {"file": file_id})
        match answer:
            case Told(data):
                file = data.get("file") or {}
                shared = any(file.get(places) for places in _PLACES)
                return Landed(file_id) if shared else Absent()
            case Refused("file_not_found"):
                return Absent()
            case _:
                return answer

    def create_canvas(self, title: str, markdown: str) -> Told | Trouble:
        """Make a document that nobody can read yet; its id is under "canvas_id"."""
        return self._call(
            "canvases.create", {"title": title, "document_content": _document(markdown)}
        )

    def write_canvas(self, canvas: str, markdown: str) -> Told | Trouble:
        """Write the whole of a document anew; harmless when done twice."""
        change = {"operation": "replace", "document_content": _document(markdown)}
        return self._call("canvases.edit", {"canvas_id": canvas, "changes": [change]})

    def open_canvas(self, canvas: str, user: str) -> Told | Trouble:
        """Let a user read a document whose address they have been sent."""
        access = {"canvas_id": canvas, "access_level": "read", "user_ids": [user]}
        return self._call("canvases.access.set", access)

    def close_canvas(self, canvas: str, user: str) -> Told | Trouble:
        """Let a user read a document no longer."""
        return self._call("canvases.access.delete", {"canvas_id": canvas, "user_ids": [user]})

    def file_address(self, file_id: str) -> Told | Trouble:
        """Where a file or canvas is opened, under "file" and there "permalink"."""
        return self._ask("files.info", {"file": file_id})

    def fetch_file(self, file_id: str, most: int) -> Told | Trouble:
        """The bytes of a file that was given to the bot, under "content", from Slack alone.

        Refused with `file_too_large` for more than `most` bytes, `file_elsewhere` where Slack only
        knows of a file that others keep.
        """
        answer = self._ask("files.info", {"file": file_id})
        if not isinstance(answer, Told):
            return answer
        file = answer.data.get("file") or {}
        if int(file.get("size") or 0) > most:
            return Refused(TOO_LARGE)
        url = str(file.get("url_private_download") or file.get("url_private") or "")
        token, base_url = self._token.now(), self._client.base_url
        return self._watch.asked(
            "url_private", lambda: fetch(url, token, base_url, self._context, self._timeout, most)
        )

    def views_open(self, trigger_id: str, view: Json) -> Told | Trouble:
        """Open a modal; the trigger lives for 3 seconds."""
        return self._open("views.open", {"trigger_id": trigger_id, "view": view})

    def views_push(self, trigger_id: str, view: Json) -> Told | Trouble:
        """Open a modal on top of another."""
        return self._open("views.push", {"trigger_id": trigger_id, "view": view})

    def views_update(self, view_id: str, view: Json, hash_: str | None = None) -> Told | Trouble:
        """Change an open modal; with `hash_` only if nobody changed it since."""
        given = {"hash": hash_} if hash_ else {}
        return self._call("views.update", {"view_id": view_id, "view": view} | given)

    def views_publish(self, user: str, view: Json) -> Told | Trouble:
        """Set a user's Home tab."""
        return self._call("views.publish", {"user_id": user, "view": view})

    def _call(self, method: str, arguments: Json) -> Told | Trouble:
        return self._passed(self._client, method, {"json": arguments})

    def _open(self, method: str, arguments: Json) -> Told | Trouble:
        """On the way to an ack, which Slack waits for."""
        return self._passed(self._opener, method, {"json": arguments})

    def _ask(self, method: str, arguments: Json) -> Told | Trouble:
        """Methods that read take a form, not all of them JSON."""
        return self._passed(self._client, method, {"params": arguments})

    def _look(self, method: str, arguments: Json) -> Told | Trouble:
        """Read something on the way to an ack."""
        return self._passed(self._opener, method, {"params": arguments})

    def _passed(self, client: WebClient, method: str, given: Json) -> Told | Trouble:
        token = self._token.now()
        answer = self._watch.asked(method, lambda: call(client, method, token, given))
        # Whatever Slack says of the token, it did nothing else.
        if isinstance(answer, Limited) and answer.why in SHUT_OUT:
            other = self._token.instead(token, answer.why)
            if other:
                answer = self._watch.asked(method, lambda: call(client, method, other, given))
        self._tell_of_token(answer)
        crash_point(f"slack.{method}")
        return answer

    def _tell_of_token(self, answer: Told | Trouble) -> None:
        """One line when Slack no longer takes the token, and one when it takes it again."""
        if isinstance(answer, Limited) and answer.why in SHUT_OUT:
            if self._is_taken:
                _log.error(
                    "Slack no longer takes the token (%s): run `handover doctor`", answer.why
                )
            self._is_taken = False
        elif isinstance(answer, Told):
            if self._is_taken is False:
                _log.info("Slack takes the token again")
            self._is_taken = True

    def _hidden(self, key: str) -> str:
        """Metadata can be read by any app of the workspace, so it says nothing."""
        return hmac.new(self._secret, key.encode(), hashlib.sha256).hexdigest()


def make_client(base_url: str, context: ssl.SSLContext, timeout: float) -> WebClient:
    """A client without a token of its own; each call brings one."""
    client = WebClient(
        base_url=base_url,
        # It is handed to the socket as it is.
        timeout=cast("int", timeout),
        ssl=context,
        logger=_quiet,
        retry_handlers=[],
    )
    if urlsplit(base_url).hostname in {"127.0.0.1", "localhost", "::1"}:
        client.proxy = None
    return client


def call(client: WebClient, method: str, token: str, given: Json) -> Told | Trouble:
    """One call with a token; `given` are its arguments as the client takes them."""
    headers = {"Authorization": f"Bearer {token}"}
    return outcome(lambda: _told(client.api_call(method, headers=headers, **given)))


def _document(markdown: str) -> Json:
    return {"type": "markdown", "markdown": markdown}


def _said(message: Message) -> Json:
    blocks: Sequence[Json] = message.blocks
    return {"text": message.text, "blocks": list(blocks)}


def _told(response: SlackResponse) -> Told:
    return Told(cast("Mapping[str, Any]", response.data), response.headers)


def _key_of(message: Json) -> str | None:
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    return payload.get("key") if metadata.get("event_type") == EVENT_TYPE else None


def _landed(answer: Told | Trouble) -> Landed | Trouble:
    return Landed(answer.data["ts"]) if isinstance(answer, Told) else answer
