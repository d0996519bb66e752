"""A message in front of a person: read it, click, reply, edit, delete; and how one is written."""

from collections.abc import Sequence
from typing import Any

from typing_extensions import override

from bot.sandbox import finder, messages
from bot.sandbox.errors import NothingThere
from bot.sandbox.files import add_file, share
from bot.sandbox.finder import Found
from bot.sandbox.interactions import Reply
from bot.sandbox.mrkdwn import as_sent, rich_elements
from bot.sandbox.records import Post, Room, User, Version
from bot.sandbox.screen import State
from bot.sandbox.surface import Surface
from bot.sandbox.world import World

JSON = dict[str, Any]
Uploads = Sequence[tuple[str, bytes]]
"""File names with their bytes."""


class Message(Surface):
    """One message, as it is now. Equal to any other view of the same message."""

    def __init__(self, world: World, viewer: User, post: Post) -> None:
        super().__init__(world, viewer)
        self._post = post

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and other._post is self._post

    @override
    def __hash__(self) -> int:
        return hash((self._post.channel, self._post.ts))

    @override
    def __repr__(self) -> str:
        return f"<Message {self.author}: {self.text!r}>"

    @property
    @override
    def text(self) -> str:
        with self._world.workspace.changed:
            return messages.as_text(self._world.workspace, self._post)

    @property
    @override
    def blocks(self) -> list[JSON]:
        return self._post.blocks

    @property
    @override
    def _where(self) -> str:
        return self._world.workspace.place(self._world.workspace.rooms[self._post.channel])

    @property
    def fallback(self) -> str:
        """The top-level text: what a notification shows and a screen reader reads."""
        return self._post.text

    @property
    def author(self) -> str:
        return self._world.named(self._post.user)

    @property
    def ts(self) -> str:
        return self._post.ts

    @property
    def edited(self) -> bool:
        return self._post.edited is not None

    @property
    def is_reply(self) -> bool:
        return self._post.is_reply

    @property
    def gone(self) -> bool:
        return self._post.deleted

    @property
    def metadata(self) -> JSON | None:
        return self._post.metadata

    @property
    def edit_history(self) -> list[str]:
        """What it said before each edit, oldest first."""
        with self._world.workspace.changed:
            return [
                messages.version_as_text(self._world.workspace, version, self._post.files)
                for version in self._post.history
            ]

    @property
    def files(self) -> list[str]:
        return [self._world.workspace.files[name].name for name in self._post.files]

    @property
    def thread(self) -> list["Message"]:
        """The replies, oldest first."""
        with self._world.workspace.changed:
            room = self._world.workspace.rooms[self._post.channel]
            replies = self._world.workspace.thread(room, self._post.ts)
            return [Message(self._world, self._viewer, reply) for reply in replies]

    def reply(self, text: str, files: Uploads = ()) -> "Message":
        """Answer in this message's thread."""
        thread_ts = self._post.thread_ts or self._post.ts
        room = self._world.workspace.rooms[self._post.channel]
        return say(self._world, self._viewer, room, text, files, thread_ts)

    def edit(self, text: str) -> None:
        workspace = self._world.workspace
        self._must_be_mine("edit")
        self._world.journal.show("edit", self._viewer.name, self._where, text)
        with workspace.changed:
            room = workspace.rooms[self._post.channel]
            sent = as_sent(text, _ids_by_name(self._world))
            version = Version(sent, messages.with_ids(workspace, typed_blocks(sent)))
            messages.revise(workspace, room, self._post, version, metadata=None)

    def unfurls(self, title: str) -> None:
        """Slack shows a preview of a link in it, which changes the message but is no edit."""
        workspace = self._world.workspace
        with workspace.changed:
            room = workspace.rooms[self._post.channel]
            messages.unfurl(workspace, room, self._post, {"title": title, "fallback": title})

    def delete(self) -> None:
        workspace = self._world.workspace
        self._must_be_mine("delete")
        self._world.journal.show("delete", self._viewer.name, self._where, self.text)
        with workspace.changed:
            messages.remove(workspace, workspace.rooms[self._post.channel], self._post)

    def shortcut(self, name: str) -> Reply:
        """Choose this shortcut in the menu of the message."""
        self._world.journal.show("shortcut", self._viewer.name, self._where, name)
        return self._world.interactions.shortcut(self._viewer, self._post, name)

    def _must_be_mine(self, what: str) -> None:
        if self._post.user != self._viewer.id:
            raise NothingThere(f"{self._viewer.name} cannot {what} a message of {self.author}")

    @override
    def _send(self, action: JSON) -> Reply:
        if self._post.deleted:
            raise NothingThere("the message is deleted")
        state = self._state()
        return self._world.interactions.message_action(self._viewer, self._post, action, state)

    @override
    def _put(self, found: Found, entry: JSON) -> Reply:
        self._post.choices[self._key(found)] = entry
        return super()._put(found, entry)

    @override
    def _entry(self, found: Found) -> JSON:
        return self._post.choices.get(self._key(found)) or super()._entry(found)

    def _key(self, found: Found) -> tuple[str, str, str]:
        return self._viewer.id, found.block["block_id"], found.element["action_id"]

    def _state(self) -> State:
        """What stands in the menus of the message for this person."""
        state: State = {}
        for _, found in finder.fields(self._post.blocks, self._world.named):
            block_id, action_id = found.block["block_id"], found.element["action_id"]
            state.setdefault(block_id, {})[action_id] = self._entry(found)
        return state


def say(
    world: World, speaker: User, room: Room, text: str, files: Uploads, thread_ts: str | None
) -> Message:
    """A person writes: the text as Slack's client sends it, the files shared with it."""
    workspace = world.workspace
    if room.kind == "im" and not workspace.app.takes_messages:
        raise NothingThere("the app's Messages tab is off or read-only")
    world.journal.show("message", speaker.name, workspace.place(room), text)
    with workspace.changed:
        sent = as_sent(text, _ids_by_name(world))
        uploads = [add_file(workspace, speaker.id, name, content) for name, content in files]
        for file in uploads:
            share(workspace, file, room)
        post = Post(
            ts=workspace.ids.ts(),
            channel=room.id,
            user=speaker.id,
            text=sent,
            blocks=messages.with_ids(workspace, typed_blocks(sent)),
            thread_ts=thread_ts,
            files=[file.id for file in uploads],
            client_msg_id=workspace.ids.new("client-"),
        )
        messages.publish(workspace, room, post)
    return Message(world, speaker, post)


def typed_blocks(sent: str) -> list[JSON]:
    """The rich text block that Slack puts beside a typed message's text."""
    if not sent:
        return []
    section = {"type": "rich_text_section", "elements": rich_elements(sent)}
    return [{"type": "rich_text", "elements": [section]}]


def _ids_by_name(world: World) -> dict[str, str]:
    return {user.name: user.id for user in world.workspace.users.values()}
