"""chat.*: the bot posts, edits, deletes and whispers."""

from typing import Any

from bot.sandbox import messages
from bot.sandbox.errors import SlackError
from bot.sandbox.methods.context import Context
from bot.sandbox.records import Post, Room, Version

JSON = dict[str, Any]

UPDATE_TEXT = 4_000
POST_TEXT = 40_000  # longer is cut off, not refused


def post_message(context: Context, args: JSON) -> JSON:
    workspace = context.workspace
    context.check_message("chat.postMessage", args)
    _need_content(args)
    room = _target(context, args["channel"])
    if args.get("thread_ts"):
        _thread_parent(context, room, args["thread_ts"])
    post = publish(context, room, args)
    message = messages.as_json(workspace, post, metadata=True)
    return {"channel": room.id, "ts": post.ts, "message": message}


def _need_content(args: JSON) -> None:
    if not any(args.get(name) for name in ("text", "blocks", "attachments", "markdown_text")):
        raise SlackError("no_text", "neither text nor blocks")


def publish(context: Context, room: Room, args: JSON) -> Post:
    """The bot's new message in a conversation, once everything about it has been checked."""
    workspace = context.workspace
    post = Post(
        ts=workspace.ids.ts(),
        channel=room.id,
        user=workspace.app.bot_user_id,
        text=str(args.get("text") or args.get("markdown_text") or "")[:POST_TEXT],
        blocks=messages.with_ids(workspace, args.get("blocks") or []),
        attachments=args.get("attachments") or [],
        thread_ts=args.get("thread_ts") or None,
        metadata=args.get("metadata") or None,
        by_bot=True,
    )
    messages.publish(workspace, room, post)
    context.show("post", room, post)
    return post


def _target(context: Context, channel: str) -> Room:
    """A conversation the bot may post to; a user id means the DM with that person."""
    workspace = context.workspace
    if channel in workspace.users:
        user = workspace.users[channel]
        if user.deleted or user.bot:
            raise SlackError("channel_not_found", f"no DM with {user.name}", ordinary=True)
        room = workspace.dm_with(channel)
    else:
        room = workspace.room(channel)
    if room.kind == "im" and not workspace.app.has_messages:
        raise SlackError("messages_tab_disabled", "the manifest turns the Messages tab off")
    if room.archived:
        raise SlackError("is_archived", room.name, ordinary=True)
    public = room.kind == "channel" and "chat:write.public" in workspace.app.scopes
    if workspace.app.bot_user_id not in room.members and not public:
        raise SlackError("not_in_channel", room.name, ordinary=True)
    return room


def _thread_parent(context: Context, room: Room, thread_ts: str) -> None:
    parent = context.workspace.post(room, thread_ts)
    if parent.is_reply:
        raise SlackError("cannot_reply_to_message", f"{thread_ts} is itself a reply")


def update(context: Context, args: JSON) -> JSON:
    """Without `blocks` the old blocks stay; an empty list removes them. So with metadata."""
    workspace = context.workspace
    context.check_message("chat.update", args)
    if len(str(args.get("text") or "")) > UPDATE_TEXT:
        raise SlackError("msg_too_long", f"text over {UPDATE_TEXT} characters")
    _need_content(args)
    room = workspace.room(args["channel"])
    post = _own(context, room, args["ts"], "cant_update_message")
    blocks = args.get("blocks")
    version = Version(
        text=str(args.get("text") or args.get("markdown_text") or post.text),
        blocks=post.blocks if blocks is None else messages.with_ids(workspace, blocks),
    )
    metadata = post.metadata if args.get("metadata") is None else args["metadata"] or None
    messages.revise(workspace, room, post, version, metadata=metadata)
    context.show("edit", room, post)
    message = messages.as_json(workspace, post, metadata=True)
    return {"channel": room.id, "ts": post.ts, "text": post.text, "message": message}


def _own(context: Context, room: Room, ts: str, code: str) -> Post:
    post = context.workspace.post(room, ts)
    if not post.by_bot:
        raise SlackError(code, "not the bot's own message")
    return post


def delete(context: Context, args: JSON) -> JSON:
    room = context.workspace.room(args["channel"])
    post = _own(context, room, args["ts"], "cant_delete_message")
    messages.remove(context.workspace, room, post)
    context.show("delete", room, post)
    return {"channel": room.id, "ts": post.ts}


def post_ephemeral(context: Context, args: JSON) -> JSON:
    workspace = context.workspace
    context.check_message("chat.postEphemeral", args)
    _need_content(args)
    room = workspace.room(args["channel"])
    if args["user"] not in room.members:
        raise SlackError("user_not_in_channel", args["user"], ordinary=True)
    post = whisper(context, room, args["user"], args)
    return {"message_ts": post.ts}


def whisper(context: Context, room: Room, user_id: str, args: JSON) -> Post:
    """A message that only one person sees, and that no history keeps."""
    workspace = context.workspace
    post = Post(
        ts=workspace.ids.ts(),
        channel=room.id,
        user=workspace.app.bot_user_id,
        text=str(args.get("text") or ""),
        blocks=messages.with_ids(workspace, args.get("blocks") or []),
        thread_ts=args.get("thread_ts") or None,
        by_bot=True,
        ephemeral_to=user_id,
    )
    workspace.ephemerals.append(post)
    text = messages.as_text(workspace, post, everything=True)
    workspace.saw([user_id], "ephemeral", text)
    workspace.changed.notify_all()
    name = workspace.users[user_id].name
    context.journal.show("ephemeral", workspace.app.name, f"only {name}", text)
    return post


def get_permalink(context: Context, args: JSON) -> JSON:
    room = context.workspace.room(args["channel"])
    post = context.workspace.post(room, args["message_ts"])
    place = f"{room.id}/p{post.ts.replace('.', '')}"
    thread = f"?thread_ts={post.thread_ts}&cid={room.id}" if post.is_reply else ""
    link = f"https://{context.workspace.team_domain}.slack.com/archives/{place}{thread}"
    return {"channel": room.id, "permalink": link}


def message_arguments(args: JSON) -> JSON:
    """The part of a slash answer or response_url body that makes a message."""
    return {name: args[name] for name in ("text", "blocks", "thread_ts") if args.get(name)}


HANDLERS = {
    "chat.postMessage": post_message,
    "chat.update": update,
    "chat.delete": delete,
    "chat.postEphemeral": post_ephemeral,
    "chat.getPermalink": get_permalink,
}
