"""A modal in front of a person: fill in, choose, submit, or close it."""

from dataclasses import dataclass
from datetime import datetime
from datetime import time as day_time
from typing import Any

from typing_extensions import override

from bot.sandbox import finder, views
from bot.sandbox.complaints import complaints
from bot.sandbox.elements import starting_value, value_of, with_value
from bot.sandbox.errors import CannotSubmit, NothingThere
from bot.sandbox.files import add_file, file_json
from bot.sandbox.finder import Found
from bot.sandbox.interactions import Reply
from bot.sandbox.records import User, View
from bot.sandbox.screen import shown_value, words
from bot.sandbox.surface import SILENT, Surface
from bot.sandbox.world import World

JSON = dict[str, Any]


@dataclass(frozen=True)
class SubmitResult:
    """`closed`: this modal is gone. `errors`: label -> text. `modal`: what is on top now."""

    closed: bool
    errors: dict[str, str]
    modal: "ModalScreen | None"


class ModalScreen(Surface):
    """One modal, as it is now: after a views.update the same object shows the new content."""

    def __init__(self, world: World, viewer: User, view: View) -> None:
        super().__init__(world, viewer)
        self._view = view

    @property
    def title(self) -> str:
        return words(self._view.payload.get("title"), self._world.named)

    @property
    @override
    def text(self) -> str:
        with self._world.workspace.changed:
            return views.as_text(self._world.workspace, self._view)

    @property
    @override
    def blocks(self) -> list[JSON]:
        blocks: list[JSON] = self._view.payload["blocks"]
        return blocks

    @property
    @override
    def _where(self) -> str:
        return f"modal {self.title!r}"

    @property
    def is_open(self) -> bool:
        return self._view.open

    @property
    def labels(self) -> list[str]:
        """The labels of the input blocks, in order."""
        named = self._world.named
        return [words(b["label"], named) for b in self.blocks if b["type"] == "input"]

    def fill(self, label: str, text: str) -> None:
        """Type into a text, email or URL field, over what stood there."""
        self._enter(label, text, "a text field", ("value",))

    def number(self, label: str, number: float | str) -> None:
        self._enter(label, str(number), "a number field", ("value",))

    def time(self, label: str, at: day_time) -> None:
        self._enter(label, at.strftime("%H:%M"), "a time", ("selected_time",))

    def moment(self, label: str, at: datetime) -> None:
        self._enter(label, int(at.timestamp()), "a moment", ("selected_date_time",))

    def _enter(self, label: str, value: object, what: str, keys: tuple[str, ...]) -> None:
        found = self._field(label, what, keys)
        self._world.journal.show("fill", self._viewer.name, self._where, f"{label}: {value}")
        self._put(found, with_value(found.element, value))

    def upload(self, label: str, name: str, content: bytes) -> None:
        """Add a file to a file field."""
        found = self._field(label, "a file field", ("files",))
        workspace = self._world.workspace
        with workspace.changed:
            file = add_file(workspace, self._viewer.id, name, content)
            file.shared_in.append(workspace.app.id)
            shown = file_json(workspace, file)
        before = value_of(self._entry(found)) or []
        self._put(found, with_value(found.element, [*before, shown]))

    def value(self, label: str) -> str:
        """What stands in the field now, as it is read."""
        found = finder.field(self.blocks, label, self._world.named)
        return shown_value(self._entry(found), self._world.named)

    @override
    def _entry(self, found: Found) -> JSON:
        state = self._view.state.get(found.block["block_id"], {})
        return state.get(found.element["action_id"]) or starting_value(found.element)

    @override
    def _option(self, found: Found, label: str) -> JSON:
        if not found.element["type"].endswith("external_select"):
            return super()._option(found, label)
        offered = self._world.interactions.options(
            self._viewer, self._view, found.block, found.element, label
        )
        return finder.option(offered, label, self._world.named)

    @override
    def _put(self, found: Found, entry: JSON) -> Reply:
        """Input blocks wait for the submit unless they dispatch; other blocks tell at once."""
        self._must_be_on_top()
        with self._world.workspace.changed:
            state = self._view.state.setdefault(found.block["block_id"], {})
            state[found.element["action_id"]] = entry
        quiet = found.block["type"] == "input" and not found.block.get("dispatch_action")
        return SILENT if quiet else super()._put(found, entry)

    @override
    def _send(self, action: JSON) -> Reply:
        self._must_be_on_top()
        return self._world.interactions.view_action(self._viewer, self._view, action)

    def _must_be_on_top(self) -> None:
        if not self._view.open:
            raise NothingThere(f"the modal {self.title!r} is closed")
        top = self._world.workspace.stacks[self._viewer.id][-1]
        if top is not self._view:
            above = ModalScreen(self._world, self._viewer, top).title
            raise NothingThere(f"the modal {self.title!r} is covered by {above!r}")

    def submit(self) -> SubmitResult:
        """Press the submit button; CannotSubmit where Slack's client would not send it."""
        self._must_be_on_top()
        if not self._view.payload.get("submit"):
            raise NothingThere(f"the modal {self.title!r} has no submit button")
        problems = complaints(self._view, self._world.named)
        if problems:
            raise CannotSubmit("; ".join(f"{label}: {why}" for label, why in problems.items()))
        button = words(self._view.payload["submit"], self._world.named)
        self._world.journal.show("submit", self._viewer.name, self._where, button)
        self._world.interactions.submit(self._viewer, self._view)
        return SubmitResult(not self._view.open, self.errors, top_modal(self._world, self._viewer))

    @property
    def errors(self) -> dict[str, str]:
        """Label -> the words that the bot put under the field."""
        named = self._world.named
        labels = {b["block_id"]: words(b.get("label"), named) for b in self.blocks}
        return {labels[block]: text for block, text in self._view.errors.items()}

    def close(self, *, all_of_them: bool = False) -> None:
        """Cancel; with all_of_them the x in the corner, which closes the modals below too."""
        self._must_be_on_top()
        self._world.journal.show("close", self._viewer.name, self._where)
        self._world.interactions.close(self._viewer, self._view, all_of_them=all_of_them)


def top_modal(world: World, viewer: User) -> ModalScreen | None:
    stack = world.workspace.stacks.get(viewer.id)
    return ModalScreen(world, viewer, stack[-1]) if stack else None
