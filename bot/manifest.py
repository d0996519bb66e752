"""The Slack app manifest: scopes and events exactly as the code uses them."""

from typing import Any

from bot.ids import ADD_MESSAGE

SCOPES: dict[str, str] = {
    "channels:read": "whether anybody from outside is in a public channel that gets the digest",
    "channels:history": "look there for a digest that may have been posted",
    "groups:read": "the same for a private channel",
    "groups:history": "the same for a private channel",
    "commands": "/handover, and Add to handover on every message",
    "chat:write": "the bot's messages",
    "dnd:read": "nobody is reminded while they want no notifications",
    "im:write": "open a conversation with each participant",
    "im:history": "read replies to the bot, and look for a message that may have been posted",
    "users:read": "names, time zones, statuses, and who is an admin or a guest",
    "files:read": "files that are given as answers",
    "files:write": "the brief as a file",
    "canvases:write": "the brief as a canvas, where the workspace has them",
}
"""Each scope with what needs it."""

EVENTS = ("app_home_opened", "message.im", "user_change")
LEAVING = ("app_uninstalled", "team_access_revoked", "tokens_revoked")
"""What is heard besides, where many workspaces install the bot."""


def manifest(
    address: str = "https://example.com", *, socket: bool = False, many: bool = False
) -> dict[str, Any]:
    """The manifest of an app that listens at `address`, or in Socket Mode.

    With `many`, workspaces install it by themselves, and their tokens expire and are renewed.
    """
    events = EVENTS + (LEAVING if many else ())
    back = {"redirect_urls": [f"{address}/slack/oauth_redirect"]} if many else {}
    url = f"{address}/slack/events"
    reached = {} if socket else {"request_url": url}
    return {
        "display_information": {
            "name": "Handover",
            "description": "Hands customer accounts from one CSM to another, with nothing lost",
            "background_color": "#1d3557",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Handover", "always_online": True},
            "shortcuts": [
                {
                    "name": "Add to handover",
                    "type": "message",
                    "callback_id": ADD_MESSAGE,
                    "description": "Puts this message into the pack of an account",
                }
            ],
            "slash_commands": [
                {
                    "command": "/handover",
                    "description": "Hand a customer account over",
                    "usage_hint": "start | list | show | brief | ask | digest | help",
                    "should_escape": False,
                    **({} if socket else {"url": url}),
                }
            ],
        },
        "oauth_config": {**back, "scopes": {"bot": sorted(SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": sorted(events), **reached},
            "interactivity": {"is_enabled": True, **reached},
            "org_deploy_enabled": many,
            "socket_mode_enabled": socket,
            "token_rotation_enabled": many,
        },
    }
