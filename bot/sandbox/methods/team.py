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
        "is_enterprise_install": bool(workspace.app.org),
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


def oauth_access(context: Context, args: JSON) -> JSON:
    """The end of "Add to Slack": a code is exchanged for the bot's token."""
    app = context.workspace.app
    if args.get("client_id") != app.client_id:
        raise SlackError("invalid_client_id", str(args.get("client_id")))
    if args.get("client_secret") != app.client_secret:
        raise SlackError("bad_client_secret", "not the secret of this app")
    if "grant_type" in args:
        return _refreshed(context, args)
    code = str(args.get("code"))
    if code not in app.install_codes:
        raise SlackError("invalid_code", "unknown or used", ordinary=True)
    by = app.install_codes.pop(code)
    app.installed = True
    return _granted(context) | {"authed_user": {"id": by}}


def _refreshed(context: Context, args: JSON) -> JSON:
    """The next tokens for a refresh token, which is good for one exchange."""
    app = context.workspace.app
    if args["grant_type"] != "refresh_token":
        raise SlackError("invalid_grant_type", str(args["grant_type"]))
    if not app.installed:
        raise SlackError("invalid_refresh_token", "the app was uninstalled", ordinary=True)
    if not app.refresh_token or args.get("refresh_token") != app.refresh_token:
        raise SlackError("invalid_refresh_token", "unknown, or used before")
    return _granted(context)


def _granted(context: Context) -> JSON:
    """The next tokens and what they are for: a workspace, or an organisation."""
    workspace, app = context.workspace, context.workspace.app
    return app.grant() | {
        "scope": ",".join(sorted(app.scopes)),
        "bot_user_id": app.bot_user_id,
        "app_id": app.id,
        "team": None if app.org else {"id": workspace.team_id, "name": workspace.team_name},
        "enterprise": app.enterprise,
        "is_enterprise_install": bool(app.org),
    }


HANDLERS = {
    "oauth.v2.access": oauth_access,
    "auth.test": auth_test,
    "api.test": api_test,
    "team.info": info,
    "apps.connections.open": connections_open,
}
