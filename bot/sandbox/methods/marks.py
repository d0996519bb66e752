"""reactions.*, pins.add: marks on messages."""

from typing import Any

from bot.sandbox.errors import SlackError
from bot.sandbox.methods.context import Context
from bot.sandbox.records import Post

JSON = dict[str, Any]


def _post(context: Context, args: JSON) -> Post:
    room = context.workspace.room(args.get("channel") or "")
    return context.workspace.post(room, args.get("timestamp") or "")


def add_reaction(context: Context, args: JSON) -> JSON:
    users = _post(context, args).reactions.setdefault(args["name"], [])
    if context.workspace.app.bot_user_id in users:
        raise SlackError("already_reacted", args["name"], ordinary=True)
    users.append(context.workspace.app.bot_user_id)
    context.workspace.changed.notify_all()
    return {}


def remove_reaction(context: Context, args: JSON) -> JSON:
    reactions = _post(context, args).reactions
    users = reactions.get(args["name"], [])
    if context.workspace.app.bot_user_id not in users:
        raise SlackError("no_reaction", args["name"], ordinary=True)
    users.remove(context.workspace.app.bot_user_id)
    if not users:
        del reactions[args["name"]]
    context.workspace.changed.notify_all()
    return {}


def add_pin(context: Context, args: JSON) -> JSON:
    post = _post(context, args)
    if post.pinned:
        raise SlackError("already_pinned", post.ts, ordinary=True)
    post.pinned = True
    return {}


HANDLERS = {
    "reactions.add": add_reaction,
    "reactions.remove": remove_reaction,
    "pins.add": add_pin,
}
