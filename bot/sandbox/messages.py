"""Messages appear, change and go away; who may see them sees it, and the bot is told.

Call these with the workspace's lock held. `as_json` is the message object of Slack's API.
"""

import copy
from typing import Any

from bot.sandbox.blocks import elements_of
from bot.sandbox.elements import ACTIONABLE
from bot.sandbox.files import file_json
from bot.sandbox.mrkdwn import as_read
from bot.sandbox.reading import readable
from bot.sandbox.records import Post, Room, Version
from bot.sandbox.screen import Screen
from bot.sandbox.workspace import Workspace

JSON = dict[str, Any]


def with_ids(workspace: Workspace, blocks: list[JSON]) -> list[JSON]:
    """A copy in which every block and element has its id, as Slack fills them in."""
    filled = copy.deepcopy(blocks)
    for block in filled:
        block.setdefault("block_id", workspace.ids.new("b"))
        for element in elements_of(block):
            if element.get("type") in ACTIONABLE:
                element.setdefault("action_id", workspace.ids.new("a"))
    return filled


def name_of(workspace: Workspace, some_id: str) -> str:
    if some_id in workspace.users:
        return workspace.users[some_id].name
    room = workspace.rooms.get(some_id)
    return room.name if room else some_id


def as_text(workspace: Workspace, post: Post, *, everything: bool = False) -> str:
    """A message as it is read: its blocks, or its text where it has none, and its files."""
    return version_as_text(
        workspace, Version(post.text, post.blocks), post.files, everything=everything
    )


def version_as_text(
    workspace: Workspace, version: Version, files: list[str], *, everything: bool = False
) -> str:
    def named(some_id: str) -> str:
        return name_of(workspace, some_id)

    screen = Screen(named, everything=everything)
    body = screen.draw(version.blocks) if version.blocks else as_read(version.text, named)
    if everything and version.blocks:
        # A notification and a screen reader give the text, not the blocks.
        body += "\n" + as_read(version.text, named)
    return "\n".join([body, *(workspace.files[file_id].name for file_id in files)]).strip()


def as_json(workspace: Workspace, post: Post, *, metadata: bool = False) -> JSON:
    """The message as Slack's API gives it to an app."""
    app = workspace.app
    message: JSON = {
        "type": "message",
        "user": post.user,
        "ts": post.ts,
        "text": post.text,
        "team": workspace.team_id,
    }
    if post.by_bot:
        message |= {"bot_id": app.bot_id, "app_id": app.id}
        message["bot_profile"] = {"id": app.bot_id, "app_id": app.id, "name": app.name}
    optional: JSON = {
        "client_msg_id": post.client_msg_id,
        "blocks": copy.deepcopy(post.blocks),
        "attachments": copy.deepcopy(post.attachments),
        "thread_ts": post.thread_ts,
        "edited": post.edited,
        "metadata": post.metadata if metadata else None,
        "files": [file_json(workspace, workspace.files[name]) for name in post.files],
        "reactions": [
            {"name": name, "users": users, "count": len(users)}
            for name, users in post.reactions.items()
        ],
    }
    message |= {key: value for key, value in optional.items() if value}
    if post.files and not post.by_bot:
        message |= {"subtype": "file_share", "upload": False, "display_as_bot": False}
    room = workspace.rooms[post.channel]
    return message | _thread_facts(workspace, room, post)


def _thread_facts(workspace: Workspace, room: Room, post: Post) -> JSON:
    if post.is_reply:
        parent = next((p for p in room.posts if p.ts == post.thread_ts), None)
        return {"parent_user_id": parent.user} if parent else {}
    replies = workspace.thread(room, post.ts)
    if not replies:
        return {}
    return {
        "thread_ts": post.ts,
        "reply_count": len(replies),
        "reply_users": sorted({reply.user for reply in replies}),
        "latest_reply": replies[-1].ts,
    }


def publish(workspace: Workspace, room: Room, post: Post) -> None:
    """A new message: on everybody's screen, and an event for the bot (its own posts too)."""
    room.posts.append(post)
    _seen(workspace, room, post)
    workspace.changed.notify_all()
    _tell(workspace, room, as_json(workspace, post) | {"event_ts": post.ts})


def revise(
    workspace: Workspace, room: Room, post: Post, to: Version, *, metadata: JSON | None
) -> None:
    """An edited message; what it said before stays in its history."""
    before = as_json(workspace, post)
    post.history.append(Version(post.text, post.blocks))
    post.text, post.blocks, post.metadata = to.text, to.blocks, metadata
    post.edited = {"user": post.user, "ts": workspace.ids.ts()}
    _seen(workspace, room, post)
    workspace.changed.notify_all()
    after = as_json(workspace, post) | {"source_team": workspace.team_id}
    _tell(workspace, room, _change("message_changed", post, workspace, before, message=after))


def unfurl(workspace: Workspace, room: Room, post: Post, preview: JSON) -> None:
    """Slack adds a preview of a link: a message_changed without `edited`."""
    before = as_json(workspace, post)
    post.attachments.append(preview)
    workspace.changed.notify_all()
    after = as_json(workspace, post) | {"source_team": workspace.team_id}
    _tell(workspace, room, _change("message_changed", post, workspace, before, message=after))


def remove(workspace: Workspace, room: Room, post: Post) -> None:
    before = as_json(workspace, post)
    post.deleted = True
    workspace.changed.notify_all()
    _tell(workspace, room, _change("message_deleted", post, workspace, before, deleted_ts=post.ts))


def _change(subtype: str, post: Post, workspace: Workspace, before: JSON, **what: object) -> JSON:
    moment = workspace.ids.ts()
    return {
        "type": "message",
        "subtype": subtype,
        "hidden": True,
        "ts": moment,
        "event_ts": moment,
        "channel": post.channel,
        "previous_message": before,
        **what,
    }


def _seen(workspace: Workspace, room: Room, post: Post) -> None:
    text = as_text(workspace, post, everything=True)
    workspace.saw(room.members, workspace.place(room), text)
    for file_id in post.files:
        content = readable(workspace.files[file_id].content)
        workspace.saw(room.members, f"file in {workspace.place(room)}", content)


def _tell(workspace: Workspace, room: Room, event: JSON) -> None:
    if workspace.app.bot_user_id not in room.members:
        return
    place = {"channel": room.id, "channel_type": room.kind}
    workspace.send_event(f"message.{room.family}", place | event)
