"""What the handlers of Web API methods work with, and the checks they share."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox import blocks as block_kit
from bot.sandbox import messages
from bot.sandbox.errors import SlackError
from bot.sandbox.journal import Journal
from bot.sandbox.records import Post, Room
from bot.sandbox.tickets import Tickets
from bot.sandbox.workspace import Workspace

JSON = dict[str, Any]


@dataclass
class Context:
    """The workspace with what is given out in it; `socket_url` opens a Socket Mode address."""

    workspace: Workspace
    tickets: Tickets
    journal: Journal
    socket_url: Callable[[], str]
    announced: dict[str, int] = field(default_factory=dict)

    def show(self, what: str, room: Room, post: Post) -> None:
        """Report what the bot has done with a message."""
        workspace = self.workspace
        text = messages.as_text(workspace, post)
        self.journal.show(what, workspace.app.name, workspace.place(room), text)

    def missing_scope(self, needed: Iterable[str]) -> SlackError:
        provided = ",".join(sorted(self.workspace.app.scopes))
        error = SlackError("missing_scope", f"needs one of {', '.join(needed)}")
        error.extra = {"needed": ",".join(needed), "provided": provided}
        return error

    def need_scope(self, *scopes: str) -> None:
        if not self.workspace.app.scopes.intersection(scopes):
            raise self.missing_scope(scopes)

    def room_for(self, room_id: str, right: str) -> Room:
        """A conversation, if the app has the right (`read`, `history`) for that kind of it."""
        room = self.workspace.room(room_id)
        self.need_scope(f"{room.family}:{right}")
        return room

    def check_message(self, method: str, args: JSON) -> None:
        """The content of a message: blocks, metadata, length, words for a screen reader."""
        blocks = args.get("blocks")
        if blocks:
            _refuse("invalid_blocks", block_kit.faults_in_message(blocks))
            if not args.get("text"):
                self.journal.blame(method, "text_missing", "blocks without top-level text")
        if args.get("metadata"):
            faults = block_kit.faults_in_metadata(args["metadata"])
            _refuse("invalid_metadata_format", faults)
        if args.get("markdown_text") and (blocks or args.get("text")):
            raise SlackError("markdown_text_conflict", "markdown_text with text or blocks")

    def check_view(self, payload: object, *surfaces: str) -> JSON:
        if block_kit.view_too_large(payload):
            raise SlackError("view_too_large", f"more than {block_kit.VIEW_BYTES} bytes")
        _refuse("invalid_arguments", block_kit.faults_in_view(payload, surfaces))
        if not isinstance(payload, dict):
            raise SlackError("invalid_arguments", "[ERROR] the view must be an object")
        return payload


# Faults that have an error code of their own instead of the method's general one.
_OWN_CODE = {"msg_blocks_too_long", "only_one_table_allowed"}


def _refuse(code: str, faults: list[block_kit.Fault]) -> None:
    if faults:
        rule = faults[0].rule
        details = "; ".join(fault.detail for fault in faults[:10])
        raise SlackError(rule if rule in _OWN_CODE else code, details, rule=rule)
