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


def dnd_info(context: Context, args: JSON) -> JSON:
    """Of others Slack tells only the next time, or the one that runs; never what they snooze."""
    workspace = context.workspace
    if workspace.app.org and args.get("team_id") != workspace.team_id:
        raise SlackError("missing_argument", "an organisation's token has to name the workspace")
    user = workspace.user(args.get("user") or workspace.app.bot_user_id)
    return {
        "dnd_enabled": bool(user.dnd_until),
        "next_dnd_start_ts": user.dnd_from or 1,
        "next_dnd_end_ts": user.dnd_until or 1,
    }


HANDLERS = {
    "users.info": info,
    "users.list": list_users,
    "users.lookupByEmail": lookup_by_email,
    "dnd.info": dnd_info,
}
