"""canvases.*: the bot makes a document, writes it anew, and says who may read it."""

import json
import re
from typing import Any

from bot.sandbox.errors import SlackError
from bot.sandbox.files import add_file
from bot.sandbox.methods.context import Context
from bot.sandbox.records import File

JSON = dict[str, Any]

CONTENT_BYTES = 1_048_576
_OPERATIONS = ("replace", "insert_at_start", "insert_at_end", "rename", "delete")
_TOO_DEEP = re.compile(r"^#{4,} ", re.MULTILINE)


def create(context: Context, args: JSON) -> JSON:
    """A document that nobody sees but the app."""
    content = _markdown(args["document_content"]) if args.get("document_content") else ""
    title = str(args.get("title") or "Untitled")
    app = context.workspace.app.bot_user_id
    canvas = add_file(context.workspace, app, title, content.encode())
    canvas.canvas = canvas.uploaded = True
    return {"canvas_id": canvas.id}


def edit(context: Context, args: JSON) -> JSON:
    """One change a call; `replace` without a section writes the whole of it anew."""
    canvas, (change,) = _canvas(context, args), args["changes"]
    if change.get("operation") not in _OPERATIONS:
        raise SlackError("invalid_arguments", f"operation {change.get('operation')}")
    if change["operation"] != "replace" or change.get("section_id"):
        raise SlackError("canvas_editing_failed", "only the whole can be replaced here")
    canvas.content = _markdown(change.get("document_content")).encode()
    _seen(context, canvas, canvas.readers)
    return {}


def let_in(context: Context, args: JSON) -> JSON:
    """A user must have been sent the canvas before they are given a right to it by themselves."""
    canvas = _canvas(context, args)
    if args["access_level"] == "owner":
        raise SlackError("restricted_action", "the sandbox gives no canvas away")
    for user in _users(context, args):
        room = context.workspace.dm_with(user)
        sent = (p for p in room.posts if p.by_bot and not p.deleted)
        if not any(canvas.id in p.text + json.dumps(p.blocks) for p in sent):
            raise SlackError("failed_to_update_user_ids", f"{user} was not sent the canvas")
        if user not in canvas.readers:
            canvas.readers.append(user)
            _seen(context, canvas, [user])
    return {}


def shut_out(context: Context, args: JSON) -> JSON:
    canvas = _canvas(context, args)
    gone = _users(context, args)
    canvas.readers = [user for user in canvas.readers if user not in gone]
    return {}


def _canvas(context: Context, args: JSON) -> File:
    found = context.workspace.files.get(str(args["canvas_id"]))
    if found is None or not found.canvas:
        raise SlackError("canvas_not_found", str(args["canvas_id"]), ordinary=found is None)
    return found


def _users(context: Context, args: JSON) -> list[str]:
    if bool(args.get("user_ids")) == bool(args.get("channel_ids")):
        raise SlackError("invalid_parameters", "either user_ids or channel_ids")
    if args.get("channel_ids"):
        raise SlackError("channel_not_found", "the sandbox opens a canvas to users only")
    return [context.workspace.user(user).id for user in args["user_ids"]]


def _markdown(content: object) -> str:
    if not isinstance(content, dict) or content.get("type") != "markdown":
        raise SlackError("invalid_arguments", "document_content must be markdown")
    text = str(content.get("markdown") or "")
    if len(text.encode()) > CONTENT_BYTES:
        raise SlackError("canvas_too_large", f"over {CONTENT_BYTES} bytes")
    if _TOO_DEEP.search(text):
        raise SlackError("canvas_creation_failed", "a canvas has three levels of headings")
    return text


def _seen(context: Context, canvas: File, users: list[str]) -> None:
    text = f"{canvas.title}\n{canvas.content.decode()}"
    context.workspace.saw(users, "canvas", text)
    context.workspace.changed.notify_all()


HANDLERS = {
    "canvases.create": create,
    "canvases.edit": edit,
    "canvases.access.set": let_in,
    "canvases.access.delete": shut_out,
}
