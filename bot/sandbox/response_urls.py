"""The bot answers through a response URL: a whisper, a message for all, or a changed original."""

import time
from typing import Any

from bot.sandbox import messages
from bot.sandbox.arguments import flag
from bot.sandbox.errors import SlackError
from bot.sandbox.methods import chat
from bot.sandbox.methods.context import Context
from bot.sandbox.records import Post, Version
from bot.sandbox.tickets import ResponseUrl

JSON = dict[str, Any]


def respond(context: Context, key: str, body: JSON) -> None:
    """Raises SlackError; call with the lock held."""
    url = context.tickets.respond(key, time.monotonic())
    context.check_message("response_url", body)
    if flag(body, "delete_original"):
        _remove(context, _original(url))
    elif flag(body, "replace_original"):
        _replace(context, _original(url), body)
    elif body.get("response_type") == "in_channel":
        chat.publish(context, context.workspace.rooms[url.room], _content(body))
    else:
        chat.whisper(context, context.workspace.rooms[url.room], url.user, _content(body))


def _content(body: JSON) -> JSON:
    message = chat.message_arguments(body)
    if not message:
        raise SlackError("no_text", "neither text nor blocks")
    return message


def _original(url: ResponseUrl) -> Post:
    if url.post is None:
        raise SlackError("no_original", "a command has no message to change")
    return url.post


def _remove(context: Context, post: Post) -> None:
    if post.ephemeral_to is not None:
        post.deleted = True
        context.workspace.changed.notify_all()
    else:
        messages.remove(context.workspace, context.workspace.rooms[post.channel], post)


def _replace(context: Context, post: Post, body: JSON) -> None:
    workspace = context.workspace
    version = Version(
        str(body.get("text") or ""), messages.with_ids(workspace, body.get("blocks") or [])
    )
    if post.ephemeral_to is None:
        room = workspace.rooms[post.channel]
        messages.revise(workspace, room, post, version, metadata=post.metadata)
        return
    post.history.append(Version(post.text, post.blocks))
    post.text, post.blocks = version.text, version.blocks
    text = messages.as_text(workspace, post, everything=True)
    workspace.saw([post.ephemeral_to], "ephemeral", text)
    workspace.changed.notify_all()
