"""What a person can do on anything with blocks: click, choose, pick a date, pick a person."""

from abc import ABC, abstractmethod
from datetime import date
from typing import TYPE_CHECKING, Any

from bot.sandbox import finder
from bot.sandbox.blocks import elements_of
from bot.sandbox.elements import KINDS, starting_value, value_of, with_value
from bot.sandbox.errors import NothingThere
from bot.sandbox.finder import Found
from bot.sandbox.interactions import Reply
from bot.sandbox.records import User
from bot.sandbox.screen import words
from bot.sandbox.world import World, at_once

if TYPE_CHECKING:
    from bot.sandbox.conversation import Conversation
    from bot.sandbox.person import Person

JSON = dict[str, Any]

SILENT = Reply(0)


class Surface(ABC):
    """Blocks in front of one person. Subclasses know where they come from and where acts go."""

    def __init__(self, world: World, viewer: User) -> None:
        self._world = world
        self._viewer = viewer

    @property
    @abstractmethod
    def text(self) -> str:
        """Everything that can be read here."""

    @property
    @abstractmethod
    def blocks(self) -> list[JSON]: ...

    @property
    @abstractmethod
    def _where(self) -> str:
        """What a reader would call this place."""

    @abstractmethod
    def _send(self, action: JSON) -> Reply:
        """Tell the bot of an act."""

    def _put(self, found: Found, entry: JSON) -> Reply:
        """A field has a new value: outside modals the bot hears of it at once."""
        return self._send(finder.changed(found, entry, self._world.moment()))

    @property
    def buttons(self) -> list[str]:
        return [label for label, _ in finder.buttons(self.blocks, self._world.named)]

    def click(self, label: str, *, confirm: bool = True, times: int = 1, below: str = "") -> Reply:
        """Press the button with exactly this label; `times` > 1: that often at the same moment.

        Of several with this label it is the first one, or the first one at or below a text.
        """
        blocks = finder.below(self.blocks, below, self._world.named) if below else self.blocks
        found = finder.button(blocks, label, self._world.named)
        if "confirm" in found.element and not confirm:
            return SILENT
        self._world.journal.show("click", self._viewer.name, self._where, label)
        if times == 1:
            return self._send(finder.pressed(found, self._world.moment()))
        at_once(lambda: self._send(finder.pressed(found, self._world.moment())), times)
        return SILENT

    def choose(self, name: str, *labels: str) -> Reply:
        """Choose the option(s) with these labels in the menu or radio group of this name."""
        found = self._field(name, "a menu", ("selected_option", "selected_options"))
        options = [self._option(found, label) for label in labels]
        many = KINDS[found.element["type"]].many
        self._show_choice(name, ", ".join(labels))
        return self._put(found, with_value(found.element, options if many else options[0]))

    def pick_person(self, name: str, *persons: "Person") -> Reply:
        """Choose these persons in a user (or conversation) menu."""
        keys = (
            "selected_user",
            "selected_users",
            "selected_conversation",
            "selected_conversations",
        )
        found = self._field(name, "a menu of people", keys)
        ids = [person.id for person in persons]
        gone = [person.name for person in persons if person.user.deleted]
        if gone:
            raise NothingThere(f"{name!r} does not offer {gone}: deactivated")
        names = ", ".join(person.name for person in persons)
        self._show_choice(name, names)
        many = KINDS[found.element["type"]].many
        return self._put(found, with_value(found.element, ids if many else ids[0]))

    def pick_channel(self, name: str, *channels: "Conversation") -> Reply:
        """Choose these channels in a channel or conversation menu."""
        keys = (
            "selected_channel",
            "selected_channels",
            "selected_conversation",
            "selected_conversations",
        )
        found = self._field(name, "a menu of channels", keys)
        ids = [channel.id for channel in channels]
        self._show_choice(name, ", ".join(self._world.named(some_id) for some_id in ids))
        many = KINDS[found.element["type"]].many
        return self._put(found, with_value(found.element, ids if many else ids[0]))

    def pick_date(self, name: str, day: date) -> Reply:
        found = self._field(name, "a date", ("selected_date",))
        self._show_choice(name, day.isoformat())
        return self._put(found, with_value(found.element, day.isoformat()))

    def tick(self, option: str, *, on: bool = True) -> Reply:
        """Tick (or with on=False untick) the checkbox with this label, wherever it is."""
        for block in self.blocks:
            for element in elements_of(block):
                if element.get("type") == "checkboxes" and self._offers(element, option):
                    shown = f"({'x' if on else ' '}) {option}"
                    self._world.journal.show("choose", self._viewer.name, self._where, shown)
                    return self._tick(Found(block, element), option, on=on)
        raise NothingThere(f"no checkbox {option!r} on:\n{self.text}")

    def _offers(self, element: JSON, label: str) -> bool:
        return any(words(o["text"], self._world.named) == label for o in element["options"])

    def _tick(self, found: Found, label: str, *, on: bool) -> Reply:
        chosen = self._option(found, label)
        others = [o for o in value_of(self._entry(found)) or [] if o["value"] != chosen["value"]]
        return self._put(found, with_value(found.element, [*others, chosen] if on else others))

    def _entry(self, found: Found) -> JSON:
        """What stands in a field now (an entry of `state.values`)."""
        return starting_value(found.element)

    def _show_choice(self, name: str, choice: str) -> None:
        self._world.journal.show("choose", self._viewer.name, self._where, f"{name}: {choice}")

    def _field(self, name: str, what: str, keys: tuple[str, ...]) -> Found:
        found = finder.field(self.blocks, name, self._world.named)
        if KINDS[found.element["type"]].value not in keys:
            raise NothingThere(f"{name!r} is not {what} but a {found.element['type']}")
        return found

    def _option(self, found: Found, label: str) -> JSON:
        return finder.option_of(found.element, label, self._world.named)
