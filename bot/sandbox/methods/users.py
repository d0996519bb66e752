"""users.* and dnd.info: who is here."""

from typing import Any

from bot.sandbox.errors import SlackError
from bot.sandbox.methods.context import Context
from bot.sandbox.methods.conversations import paged
from bot.sandbox.people import user_json

JSON = dict[str, Any]


def info(context: Context, args: JSON) -> JSON:
    workspace = context.workspace
    return {"user": user_json(workspace, workspace.user(args["user"]))}


def list_users(context: Context, args: JSON) -> JSON:
    workspace = context.workspace
    users = [user_json(workspace, user) for user in workspace.users.values() if not user.stranger]
    page, cursor = paged(users, args)
    return {"members": page, "response_metadata": {"next_cursor": cursor}}


def lookup_by_email(context: Context, args: JSON) -> JSON:
    workspace = context.workspace
    for user in workspace.users.values():
        if user.email == args["email"] and not user.deleted:
            return {"user": user_json(workspace, user)}
    raise SlackError("users_not_found", args["email"], ordinary=True)


def dnd_info(_context: Context, _args: JSON) -> JSON:
    return {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}


HANDLERS = {
    "users.info": info,
    "users.list": list_users,
    "users.lookupByEmail": lookup_by_email,
    "dnd.info": dnd_info,
}
