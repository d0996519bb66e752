"""What Slack sends an app: commands, interactions, events, with the keys of the real ones."""

from typing import Any

from bot.sandbox import messages, views
from bot.sandbox.records import Post, Room, User, View
from bot.sandbox.tickets import Tickets
from bot.sandbox.workspace import Workspace

JSON = dict[str, Any]


class Payloads:
    """Builds payloads from the present state; each gets its own trigger id and response URL."""

    def __init__(self, workspace: Workspace, tickets: Tickets) -> None:
        self._workspace = workspace
        self._tickets = tickets

    def _base(self, kind: str, user: User, *, in_modal: bool) -> JSON:
        workspace = self._workspace
        return {
            "type": kind,
            "team": {"id": workspace.team_id, "domain": workspace.team_domain},
            "user": {
                "id": user.id,
                "username": user.handle,
                "name": user.handle,
                "team_id": workspace.team_id,
            },
            "api_app_id": workspace.app.id,
            "token": workspace.app.verification_token,
            "enterprise": workspace.app.enterprise,
            "is_enterprise_install": bool(workspace.app.org),
            "trigger_id": self._tickets.trigger(user.id, in_modal=in_modal),
        }

    def command(self, user: User, command: str, text: str, room: Room) -> JSON:
        """A slash command: flat, all values are text."""
        workspace = self._workspace
        return {
            "token": workspace.app.verification_token,
            "team_id": workspace.team_id,
            "team_domain": workspace.team_domain,
            "channel_id": room.id,
            "channel_name": room.name,
            "user_id": user.id,
            "user_name": user.handle,
            "command": command,
            "text": text,
            "api_app_id": workspace.app.id,
            "is_enterprise_install": "true" if workspace.app.org else "false",
            **_of_org(workspace),
            "response_url": self._tickets.response_url(user.id, room.id, None),
            "trigger_id": self._tickets.trigger(user.id),
        }

    def message_action(self, user: User, post: Post, action: JSON, state: JSON) -> JSON:
        """A click on a message."""
        workspace = self._workspace
        room = workspace.rooms[post.channel]
        container: JSON = {
            "type": "message",
            "message_ts": post.ts,
            "channel_id": room.id,
            "is_ephemeral": post.ephemeral_to is not None,
        }
        if post.thread_ts:
            container["thread_ts"] = post.thread_ts
        payload = self._base("block_actions", user, in_modal=False) | {
            "container": container,
            "channel": {"id": room.id, "name": room.name},
            "state": {"values": state},
            "response_url": self._tickets.response_url(user.id, room.id, post),
            "actions": [action],
        }
        if post.ephemeral_to is None:
            payload["message"] = messages.as_json(workspace, post)
        return payload

    def message_shortcut(self, user: User, post: Post, callback_id: str) -> JSON:
        """A shortcut in the menu of a message. Its response URL can change no message."""
        workspace = self._workspace
        room = workspace.rooms[post.channel]
        payload = self._base("message_action", user, in_modal=False)
        del payload["api_app_id"]
        return payload | {
            "user": {"id": user.id, "name": user.handle},
            "callback_id": callback_id,
            "action_ts": workspace.ids.ts(),
            "message_ts": post.ts,
            "message": messages.as_json(workspace, post),
            "channel": {"id": room.id, "name": room.name},
            "response_url": self._tickets.response_url(user.id, room.id, None),
        }

    def view_action(self, user: User, view: View, action: JSON) -> JSON:
        """A click in a modal or on the Home tab."""
        payload = self._of_view("block_actions", user, view)
        container = {"type": "view", "view_id": view.id}
        state = payload["view"]["state"]
        return payload | {"container": container, "actions": [action], "state": state}

    def submission(self, user: User, view: View) -> JSON:
        return self._of_view("view_submission", user, view) | {"response_urls": []}

    def closed(self, user: User, view: View, *, cleared: bool) -> JSON:
        payload = self._of_view("view_closed", user, view) | {"is_cleared": cleared}
        del payload["trigger_id"]
        return payload

    def suggestion(self, user: User, view: View, block: JSON, element: JSON, query: str) -> JSON:
        """What a person types into a menu whose options the app supplies."""
        payload = self._of_view("block_suggestion", user, view) | {
            "action_id": element["action_id"],
            "block_id": block["block_id"],
            "value": query,
            "container": {"type": "view", "view_id": view.id},
        }
        del payload["trigger_id"]
        return payload

    def _of_view(self, kind: str, user: User, view: View) -> JSON:
        in_modal = view.payload["type"] == "modal"
        view_json = views.view_json(self._workspace, view)
        return self._base(kind, user, in_modal=in_modal) | {"view": view_json}

    def event(self, event: JSON) -> JSON:
        """The envelope around an event of the Events API; an organisation's has no workspace."""
        workspace = self._workspace
        org = workspace.app.org[0] if workspace.app.org else None
        return {
            "token": workspace.app.verification_token,
            "team_id": workspace.team_id,
            "enterprise_id": org,
            "context_team_id": workspace.team_id,
            "context_enterprise_id": org,
            "api_app_id": workspace.app.id,
            "event": event,
            "type": "event_callback",
            "event_id": workspace.ids.new("Ev"),
            "event_time": int(workspace.now()),
            "authorizations": [
                {
                    "enterprise_id": org,
                    "team_id": None if org else workspace.team_id,
                    "user_id": workspace.app.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": bool(org),
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": workspace.ids.new("4-"),
        }


def _of_org(workspace: Workspace) -> JSON:
    """What a command of an organisation's workspace has besides."""
    org = workspace.app.org
    return {"enterprise_id": org[0], "enterprise_name": org[1]} if org else {}
