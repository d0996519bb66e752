"""One Web API call from arrival to answer: read, check, fault, pace, handle, write down."""

import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from bot.sandbox import arguments, response_urls, rulebook
from bot.sandbox.errors import SlackError
from bot.sandbox.faults import Faults, Planted
from bot.sandbox.journal import Call, Journal
from bot.sandbox.methods import HANDLERS
from bot.sandbox.methods.context import Context

JSON = dict[str, Any]
Work = Callable[[], JSON]
"""What a call does, giving the answer without `ok`; raises SlackError."""


@dataclass(frozen=True)
class Request:
    """What came over the wire. `token` is None where the request carries none."""

    method: str
    token: str | None
    args: JSON
    as_json: bool = False
    slip: SlackError | None = None


@dataclass(frozen=True)
class Answer:
    """What goes back; `lost` = drop the connection instead, `delay` seconds before it."""

    body: JSON
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    lost: bool = False
    delay: float = 0.0


class WebApi:
    """Checks are in the order Slack makes them: method, token, scope, arguments, state."""

    def __init__(
        self, context: Context, journal: Journal, faults: Faults, pace: tuple[int, float]
    ) -> None:
        self._context = context
        self._journal = journal
        self._faults = faults
        self._burst, self._window = pace
        self._posts: dict[str, deque[float]] = defaultdict(deque)

    def handle(self, request: Request) -> Answer:
        return self._recorded(request.method, request.args, lambda: self._result(request))

    def respond(self, key: str, args: JSON) -> Answer:
        """One use of a response URL; faults and the journal know it as `response_url`."""

        def work() -> JSON:
            response_urls.respond(self._context, key, args)
            return {}

        return self._recorded("response_url", args, work)

    def _recorded(self, method: str, args: JSON, work: Work) -> Answer:
        began, wall = time.monotonic(), time.time()
        self._journal.begin()
        try:
            answer = self._answer(method, args, work)
            seconds = time.monotonic() - began
            call = Call(method, args, answer.body, answer.status, wall, seconds)
            self._journal.calls.append(call)
            return answer
        finally:
            self._journal.end()

    def _answer(self, method: str, args: JSON, work: Work) -> Answer:
        fault = self._faults.strike(method, args)
        if fault is not None and fault.kind not in ("lost_after", "slow"):
            return _faulty(fault)
        scopes = {"X-OAuth-Scopes": ",".join(sorted(self._context.workspace.app.scopes))}
        answer = self._throttle(method, args) or Answer(self._handled(method, work), headers=scopes)
        if fault is None:
            return answer
        delay = fault.seconds if fault.kind == "slow" else 0.0
        return replace(answer, lost=fault.kind == "lost_after", delay=delay)

    def _throttle(self, method: str, args: JSON) -> Answer | None:
        """chat.postMessage: a burst a channel, then 429 until the window has moved on."""
        if method != "chat.postMessage":
            return None
        now = time.monotonic()
        with self._context.workspace.changed:
            recent = self._posts[str(args.get("channel"))]
            while recent and recent[0] <= now - self._window:
                recent.popleft()
            if len(recent) < self._burst:
                recent.append(now)
                return None
            wait = max(1, round(recent[0] + self._window - now))
        body: JSON = {"ok": False, "error": "ratelimited"}
        call = Call(method, args, body, 429, time.time(), 0.0)
        self._journal.throttled.append(call)
        return Answer(body, 429, {"Retry-After": str(wait)})

    def _handled(self, method: str, work: Work) -> JSON:
        try:
            with self._context.workspace.changed:
                return {"ok": True} | work()
        except SlackError as error:
            if not error.ordinary:
                self._journal.blame(method, error.rule, str(error))
            messages = {"messages": error.detail.split("; ")} if error.detail else {}
            refusal: JSON = {"ok": False, "error": error.code, "response_metadata": messages}
            return refusal | error.extra
        except Exception as bug:
            # Else a slip of the sandbox would look to the bot, and to its tests, like a lost line.
            self._journal.blame(method, "sandbox_bug", repr(bug))
            raise

    def _result(self, request: Request) -> JSON:
        method = rulebook.methods().get(request.method)
        if method is None:
            raise SlackError("unknown_method", request.method)
        self._check_token(method, request.token)
        if request.slip is not None:
            raise request.slip
        if request.as_json and not method.takes_json:
            raise SlackError("invalid_post_type", f"{method.name} takes no JSON body")
        args = arguments.unfold(request.args)
        arguments.check(method, args)
        handler = HANDLERS.get(method.name)
        return handler(self._context, args) if handler else {}

    def _check_token(self, method: rulebook.Method, token: str | None) -> None:
        app = self._context.workspace.app
        if not method.needs_token:
            return
        if not token:
            raise SlackError("not_authed", "no token in header or body")
        if not app.installed and app.knows(token):
            raise SlackError("account_inactive", "the app was uninstalled", ordinary=True)
        if token in app.over:
            raise SlackError(app.over[token], "a token of before", ordinary=True)
        if not (app.works(token) or token == app.app_token):
            raise SlackError("invalid_auth", "neither the bot's token nor the app's")
        is_apps = method.name.startswith("apps.connections.")
        if is_apps != (token == app.app_token) or not method.open_to_bots:
            raise SlackError("not_allowed_token_type", f"{token[:4]} for {method.name}")
        if method.bot_scopes and not app.scopes.intersection(method.bot_scopes):
            raise self._context.missing_scope(method.bot_scopes)


def _faulty(fault: Planted) -> Answer:
    """The answer of a planted fault; the request is not handled."""
    match fault.kind:
        case "ratelimited":
            headers = {"Retry-After": str(max(1, round(fault.seconds)))}
            return Answer({"ok": False, "error": "ratelimited"}, 429, headers)
        case "http_500":
            return Answer({"ok": False, "error": "internal_error"}, 500)
        case "lost_before":
            return Answer({}, lost=True)
        case code:
            return Answer({"ok": False, "error": code})
