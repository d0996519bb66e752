"""conversations.*: open a DM, look around, read back."""

from typing import Any

from bot.sandbox import messages
from bot.sandbox.arguments import flag
from bot.sandbox.errors import SlackError
from bot.sandbox.methods.context import Context
from bot.sandbox.records import Post, Room
from bot.sandbox.workspace import Workspace

JSON = dict[str, Any]

PAGE = 100
LARGEST_PAGE = 999
MPIM_PEOPLE = 8


def open_conversation(context: Context, args: JSON) -> JSON:
    workspace = context.workspace
    if args.get("channel"):
        return {"channel": _brief(workspace.room(args["channel"]), args)}
    wanted = args.get("users") or ""
    users = wanted if isinstance(wanted, list) else [u for u in wanted.split(",") if u]
    if not users:
        raise SlackError("users_list_not_supplied", "neither channel nor users")
    if len(users) > MPIM_PEOPLE:
        raise SlackError("too_many_users", f"{len(users)} users")
    for user_id in users:
        user = workspace.user(user_id)
        if user.deleted:
            raise SlackError("user_disabled", user.name, ordinary=True)
        if user.bot:
            raise SlackError("cannot_dm_bot", user.name, ordinary=True)
    context.need_scope("im:write" if len(users) == 1 else "mpim:write")
    room = workspace.dm_with(users[0]) if len(users) == 1 else _group(workspace, users)
    return {"channel": _brief(room, args)}


def _group(workspace: Workspace, users: list[str]) -> Room:
    members = [*users, workspace.app.bot_user_id]
    for room in workspace.rooms.values():
        if room.kind == "mpim" and set(room.members) == set(members):
            return room
    name = "mpdm-" + "--".join(workspace.users[user].handle for user in users)
    return workspace.add_room("mpim", name, members)


def _brief(room: Room, args: JSON) -> JSON:
    return room_json(room) if flag(args, "return_im") else {"id": room.id}


def room_json(room: Room) -> JSON:
    """The conversation object of Slack's API."""
    return {
        "id": room.id,
        "name": room.name,
        "is_channel": room.kind == "channel",
        "is_group": room.kind == "group",
        "is_im": room.kind == "im",
        "is_mpim": room.kind == "mpim",
        "is_private": room.kind != "channel",
        "is_archived": room.archived,
        "is_ext_shared": room.external,
        "is_pending_ext_shared": room.invited,
        "is_shared": room.external or room.org_shared,
        "is_org_shared": room.org_shared,
    }


def info(context: Context, args: JSON) -> JSON:
    room = context.room_for(args["channel"], "read")
    found = room_json(room) | {"is_member": context.workspace.app.bot_user_id in room.members}
    if flag(args, "include_num_members"):
        found["num_members"] = len(room.members)
    if room.kind == "im":
        found["user"] = next(m for m in room.members if m != context.workspace.app.bot_user_id)
    return {"channel": found}


def members(context: Context, args: JSON) -> JSON:
    room = context.room_for(args["channel"], "read")
    page, cursor = paged(room.members, args)
    return {"members": page, "response_metadata": {"next_cursor": cursor}}


_KINDS = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}


def list_conversations(context: Context, args: JSON) -> JSON:
    workspace = context.workspace
    wanted = str(args.get("types") or "public_channel").split(",")
    if not set(wanted) <= set(_KINDS):
        raise SlackError("invalid_types", ",".join(wanted))
    kinds = {_KINDS[name] for name in wanted}
    found = [
        room
        for room in workspace.rooms.values()
        if room.kind in kinds
        and (room.kind == "channel" or workspace.app.bot_user_id in room.members)
        and not (room.archived and flag(args, "exclude_archived"))
    ]
    for family in {room.family for room in found}:
        context.need_scope(f"{family}:read")
    shown = [room_json(room) | {"num_members": len(room.members)} for room in found]
    page, cursor = paged(shown, args)
    return {"channels": page, "response_metadata": {"next_cursor": cursor}}


def history(context: Context, args: JSON) -> JSON:
    """Top-level messages, newest first."""
    room = _readable(context, args["channel"])
    posts = [p for p in room.posts if not p.is_reply and not p.deleted and _within(p, args)]
    return _messages(context, list(reversed(posts)), args)


def replies(context: Context, args: JSON) -> JSON:
    """A thread, its first message first, then the oldest reply first."""
    room = _readable(context, args["channel"])
    try:
        parent = context.workspace.post(room, args["ts"])
    except SlackError as error:
        raise SlackError("thread_not_found", error.detail, ordinary=error.ordinary) from error
    thread = context.workspace.thread(room, parent.thread_ts or parent.ts)
    return _messages(context, [parent, *(p for p in thread if _within(p, args))], args)


def _readable(context: Context, room_id: str) -> Room:
    room = context.room_for(room_id, "history")
    if context.workspace.app.bot_user_id not in room.members:
        raise SlackError("not_in_channel", room.name, ordinary=True)
    return room


def _within(post: Post, args: JSON) -> bool:
    ts, inclusive = float(post.ts), flag(args, "inclusive")
    oldest = float(args.get("oldest") or 0)
    latest = float(args.get("latest") or "inf")
    return oldest <= ts <= latest if inclusive else oldest < ts < latest


def _messages(context: Context, posts: list[Post], args: JSON) -> JSON:
    page, cursor = paged(posts, args)
    metadata = flag(args, "include_all_metadata")
    found = [messages.as_json(context.workspace, post, metadata=metadata) for post in page]
    answer: JSON = {"messages": found, "has_more": bool(cursor)}
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


def paged(items: list[Any], args: JSON) -> tuple[list[Any], str]:
    """One page and the cursor of the next ("" at the end)."""
    limit = int(float(args.get("limit") or PAGE))
    if not 1 <= limit <= LARGEST_PAGE + 1:
        raise SlackError("invalid_limit", str(limit))
    cursor = str(args.get("cursor") or "")
    digits = cursor.removeprefix("next:")
    if cursor and not (cursor.startswith("next:") and digits.isdigit()):
        raise SlackError("invalid_cursor", cursor)
    start = int(digits or 0)
    end = start + limit
    return items[start:end], f"next:{end}" if end < len(items) else ""


HANDLERS = {
    "conversations.open": open_conversation,
    "conversations.info": info,
    "conversations.members": members,
    "conversations.list": list_conversations,
    "conversations.history": history,
    "conversations.replies": replies,
}
