"""Bolt's app, watched: every delivery of Slack's passes here, over HTTP and over the socket."""

from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse
from typing_extensions import override

from bot.books.ids import BookAct, BookForm
from bot.ids import ADD_MESSAGE, Act, Form, act
from bot.listeners.commands import WORDS
from bot.manifest import LEAVING
from bot.watch.watch import Watch

_EVENTS = {
    "message": "message",
    "app_home_opened": "home",
    "user_change": "person",
    **dict.fromkeys(LEAVING, "departure"),
}
_SUBTYPES = frozenset({"file_share", "message_changed", "message_deleted"})
OTHER = "other"
_NAMES = frozenset({*Act, *Form, *BookAct, *BookForm, ADD_MESSAGE, *WORDS})


class WatchedApp(App):
    """Tells `watch` of everything that is delivered."""

    def __init__(self, watch: Watch, **known: Any) -> None:  # noqa: ANN401 - Bolt's own options
        super().__init__(**known)
        self._watch = watch

    @override
    def dispatch(self, req: BoltRequest) -> BoltResponse:
        with self._watch.request(*described(req.body)) as request:
            response = super().dispatch(req)
            request.status = response.status
        return response


def described(body: dict[str, Any]) -> tuple[str, str]:
    """The kind of a payload and what is done, in names of ours alone: the rest may be anything."""
    if "command" in body:
        word, *_ = [*str(body.get("text", ""))[:40].split(), ""]
        return "command", _ours(word.lower())
    sent = body.get("type")
    if sent == "event_callback":
        what = _EVENTS.get(_inner(body, "event", "type"), OTHER)
        return what, _which(body["event"]) if what == "message" else ""
    if sent == "block_actions":
        actions = body.get("actions")
        first = actions[0] if isinstance(actions, list) and actions else {}
        return "click", _ours(act(_inner({"first": first}, "first", "action_id")))
    if sent == "view_submission":
        return "submission", _ours(_inner(body, "view", "callback_id"))
    if sent == "message_action":
        return "shortcut", _ours(str(body.get("callback_id")))
    return OTHER, ""


def _which(event: dict[str, Any]) -> str:
    """What came of a message; most are the bot's own, which Slack delivers too."""
    subtype = str(event.get("subtype", ""))
    return "by a bot" if "bot_id" in event else subtype if subtype in _SUBTYPES else ""


def _inner(body: dict[str, Any], part: str, name: str) -> str:
    found = body.get(part)
    return str(found.get(name)) if isinstance(found, dict) else ""


def _ours(name: str) -> str:
    return name if name in _NAMES else OTHER
