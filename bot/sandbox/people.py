"""Users as Slack's API shows them."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.records import User
from bot.sandbox.workspace import Workspace

JSON = dict[str, Any]


def user_json(workspace: Workspace, user: User) -> JSON:
    """The user object; the email address only with the scope for it."""
    offset = datetime.now(UTC).astimezone(ZoneInfo(user.tz)).utcoffset()
    profile: JSON = {
        "real_name": user.name,
        "real_name_normalized": user.name,
        "display_name": user.name,
        "display_name_normalized": user.name,
        "first_name": user.name.partition(" ")[0],
        "last_name": user.name.partition(" ")[2],
        "status_text": user.status,
        "status_emoji": user.status_emoji,
        "status_expiration": user.status_until,
        "team": workspace.team_id,
    }
    if user.email and "users:read.email" in workspace.app.scopes:
        profile["email"] = user.email
    return {
        "id": user.id,
        "team_id": "T0ELSEWHERE1" if user.stranger else workspace.team_id,
        "name": user.handle,
        "deleted": user.deleted,
        "real_name": user.name,
        "tz": user.tz,
        "tz_label": user.tz,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": profile,
        "is_admin": user.admin,
        "is_owner": user.owner,
        "is_primary_owner": False,
        "is_restricted": user.guest,
        "is_ultra_restricted": user.single_channel_guest,
        "is_bot": user.bot,
        "is_app_user": False,
        "is_stranger": user.stranger,
        "is_email_confirmed": True,
        "updated": user.updated,
    }
