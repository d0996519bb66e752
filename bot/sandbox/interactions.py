"""A person acts, the bot is told, and its answer takes effect on the person's screen."""

import json
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox import messages, views
from bot.sandbox.blocks import faults_in_options
from bot.sandbox.courier import Courier
from bot.sandbox.elements import options_of
from bot.sandbox.errors import NothingThere, Rejected, SlackError
from bot.sandbox.methods import chat
from bot.sandbox.methods.context import Context
from bot.sandbox.payloads import Payloads
from bot.sandbox.records import Post, Room, User, View
from bot.sandbox.transport import Kind, Receipt

JSON = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """What the person got to read for a command or click; empty if the bot answered silently."""

    status: int
    text: str = ""
    blocks: list[JSON] = field(default_factory=list)


class Interactions:
    """Every kind of act on something the bot has shown. None holds the lock while it waits."""

    def __init__(self, context: Context, courier: Courier, payloads: Payloads) -> None:
        self._context = context
        self._payloads = payloads
        self._workspace = context.workspace
        self._courier = courier

    def command(self, user: User, typed: str, room: Room) -> Reply:
        word, _, text = typed.strip().partition(" ")
        if word not in self._workspace.app.commands:
            there = sorted(self._workspace.app.commands)
            raise NothingThere(f"{word} is not a valid command; the app has {there}")
        self._context.journal.show("command", user.name, self._workspace.place(room), typed)
        with self._workspace.changed:
            payload = self._payloads.command(user, word, text.strip(), room)
        before = len(self._workspace.ephemerals)
        receipt = self._deliver("slash_commands", payload)
        with self._workspace.changed:
            self._answered(user, room, receipt.body)
            return self._reply(user, receipt, before)

    def _answered(self, user: User, room: Room, body: str) -> None:
        """The body of a command's ack: nothing, plain text, or a message."""
        if not body.strip():
            return
        answer = _message_in(body)
        try:
            self._context.check_message("slash_command", answer)
        except SlackError as error:
            self._context.journal.blame("slash_command", error.rule, str(error))
            return
        message = chat.message_arguments(answer)
        if not message:
            return
        if answer.get("response_type") == "in_channel":
            chat.publish(self._context, room, message)
        else:
            chat.whisper(self._context, room, user.id, message)

    def _reply(self, user: User, receipt: Receipt, before: int) -> Reply:
        new = [p for p in self._workspace.ephemerals[before:] if p.ephemeral_to == user.id]
        if not new:
            return Reply(receipt.status)
        post = new[-1]
        return Reply(receipt.status, messages.as_text(self._workspace, post), post.blocks)

    def message_action(self, user: User, post: Post, action: JSON, state: JSON) -> Reply:
        with self._workspace.changed:
            payload = self._payloads.message_action(user, post, action, state)
        return self._act(user, payload)

    def shortcut(self, user: User, post: Post, name: str) -> Reply:
        """A message's menu offers what the manifest names, on whatever everybody there can see."""
        callback_id = self._workspace.app.shortcut(name)
        if not callback_id:
            raise NothingThere(f"no message has a shortcut {name!r}")
        if post.deleted or post.ephemeral_to is not None:
            raise NothingThere("only messages that everybody there sees have shortcuts")
        with self._workspace.changed:
            payload = self._payloads.message_shortcut(user, post, callback_id)
        return self._act(user, payload)

    def view_action(self, user: User, view: View, action: JSON) -> Reply:
        with self._workspace.changed:
            payload = self._payloads.view_action(user, view, action)
        return self._act(user, payload)

    def _act(self, user: User, payload: JSON) -> Reply:
        before = len(self._workspace.ephemerals)
        receipt = self._deliver("interactive", payload)
        with self._workspace.changed:
            return self._reply(user, receipt, before)

    def submit(self, user: User, view: View) -> None:
        """Send the modal; the bot's answer closes it, changes it, or puts errors on it."""
        with self._workspace.changed:
            view.errors = {}
            view.submitted = True
            payload = self._payloads.submission(user, view)
        try:
            receipt = self._deliver("interactive", payload)
        except BaseException:
            self._taken(view)
            raise
        with self._workspace.changed:
            try:
                self._take_submit_answer(view, receipt.body)
            except SlackError as error:
                self._context.journal.blame("view_submission", error.rule, str(error))
                raise Rejected("dispatch_failed", str(error)) from error
            finally:
                self._taken(view)

    def _taken(self, view: View) -> None:
        with self._workspace.changed:
            view.submitted = False
            self._workspace.changed.notify_all()

    def _take_submit_answer(self, view: View, body: str) -> None:
        workspace = self._workspace
        answer = _json_object(body)
        match answer.get("response_action"):
            case None:
                views.close(workspace, view)
            case "clear":
                views.close_all(workspace, view.user)
            case "errors":
                view.errors = self._errors(view, answer)
                shown = "\n".join(view.errors.values())
                workspace.saw([view.user], "modal", shown)
            case "update":
                payload = self._context.check_view(answer.get("view"), "modal")
                views.check_external_id(workspace, payload, view)
                views.replace(workspace, view, payload)
            case "push":
                payload = self._context.check_view(answer.get("view"), "modal")
                views.check_external_id(workspace, payload)
                views.push_modal(workspace, view.user, payload)
            case other:
                raise SlackError("invalid_response_action", str(other))

    def _errors(self, view: View, answer: JSON) -> dict[str, str]:
        errors = answer.get("errors")
        inputs = {b["block_id"] for b in view.payload["blocks"] if b["type"] == "input"}
        if not isinstance(errors, dict) or not errors:
            raise SlackError("invalid_errors", "errors must name at least one block")
        strange = set(errors) - inputs
        if strange:
            raise SlackError("invalid_errors", f"no input blocks: {sorted(strange)}")
        return {block: str(text) for block, text in errors.items()}

    def close(self, user: User, view: View, *, all_of_them: bool = False) -> None:
        """Cancel this modal, or with the x in its corner the whole stack."""
        with self._workspace.changed:
            told = self._workspace.views[view.root] if all_of_them else view
            payload = self._payloads.closed(user, told, cleared=all_of_them)
            if all_of_them or view.payload.get("clear_on_close"):
                views.close_all(self._workspace, user.id)
            else:
                views.close(self._workspace, view)
        if told.payload.get("notify_on_close"):
            self._deliver("interactive", payload)

    def options(self, user: User, view: View, block: JSON, element: JSON, query: str) -> list[JSON]:
        """What the bot offers for the letters typed into an external menu."""
        with self._workspace.changed:
            payload = self._payloads.suggestion(user, view, block, element, query)
        answer = _json_object(self._deliver("interactive", payload).body)
        faults = faults_in_options(answer)
        for fault in faults:
            self._context.journal.blame("block_suggestion", fault.rule, fault.detail)
        return [] if faults else options_of(answer)

    def _deliver(self, kind: Kind, payload: JSON) -> Receipt:
        if kind == "interactive" and not self._workspace.app.interactive:
            raise Rejected("dispatch_failed", "the manifest does not enable interactivity")
        receipt = self._courier.interact(kind, payload)
        if receipt.reason == "http_timeout":
            raise Rejected("operation_timeout", "no answer in time")
        if receipt.reason:
            raise Rejected("dispatch_failed", f"HTTP {receipt.status}: {receipt.body[:500]}")
        return receipt


def _message_in(body: str) -> JSON:
    """The message in a command's ack; what is no JSON object is its text."""
    try:
        answer = json.loads(body)
    except ValueError:
        return {"text": body}
    return answer if isinstance(answer, dict) else {"text": body}


def _json_object(body: str) -> JSON:
    """The JSON object in an ack; nothing if it is empty."""
    if not body.strip():
        return {}
    try:
        answer = json.loads(body)
    except ValueError:
        raise SlackError("invalid_ack", body[:200]) from None
    if not isinstance(answer, dict):
        raise SlackError("invalid_ack", body[:200])
    return answer
