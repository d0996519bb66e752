"""auth.test, team.info, apps.connections.open: where am I, and how do I connect."""

from typing import Any

from bot.sandbox.errors import SlackError
from bot.sandbox.methods.context import Context

JSON = dict[str, Any]


def auth_test(context: Context, _args: JSON) -> JSON:
    workspace = context.workspace
    return {
        "url": f"https://{workspace.team_domain}.slack.com/",
        "team": workspace.team_name,
        "user": workspace.users[workspace.app.bot_user_id].handle,
        "team_id": workspace.team_id,
        "user_id": workspace.app.bot_user_id,
        "bot_id": workspace.app.bot_id,
        "is_enterprise_install": False,
    }


def api_test(_context: Context, args: JSON) -> JSON:
    if args.get("error"):
        raise SlackError(str(args["error"]), ordinary=True)
    return {"args": args}


def info(context: Context, _args: JSON) -> JSON:
    workspace = context.workspace
    team = {"id": workspace.team_id, "name": workspace.team_name, "domain": workspace.team_domain}
    return {"team": team | {"email_domain": "", "icon": {"image_default": True}}}


def connections_open(context: Context, _args: JSON) -> JSON:
    if not context.workspace.app.uses_sockets:
        detail = "the manifest does not enable Socket Mode"
        context.journal.blame("apps.connections.open", "socket_mode_off", detail)
    return {"url": context.socket_url()}


HANDLERS = {
    "auth.test": auth_test,
    "api.test": api_test,
    "team.info": info,
    "apps.connections.open": connections_open,
}
