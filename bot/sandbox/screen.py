"""Blocks as a person sees them: plain text, one line per visible thing.

Buttons stand in square brackets, fields as `Label: value`. With `everything=True` also what shows
only after a click is written out: the options of menus, and the words of confirmation dialogs.
"""

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from bot.sandbox.elements import KINDS, options_of, starting_value, value_of
from bot.sandbox.mrkdwn import NameOf, as_read, markdown_as_read

JSON = dict[str, Any]
State = dict[str, dict[str, JSON]]


_RICH_PARTS = (
    "rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted",
)  # fmt: skip


def words(text_object: JSON | None, name_of: NameOf) -> str:
    """The text of a composition object as read."""
    if not text_object:
        return ""
    text = str(text_object["text"])
    return as_read(text, name_of) if text_object.get("type") == "mrkdwn" else text


def shown_value(entry: JSON, name_of: NameOf) -> str:
    """What stands in a field: typed text, option labels, names, dates; "" when empty."""
    value = value_of(entry)
    parts = value if isinstance(value, list) else [value] if value is not None else []
    key = KINDS[entry["type"]].value
    return ", ".join(_shown_part(part, key, name_of) for part in parts)


def _shown_part(part: object, key: str, name_of: NameOf) -> str:
    if isinstance(part, dict):
        text = part.get("text")
        return words(text, name_of) if isinstance(text, dict) else str(part.get("name", ""))
    people = ("selected_user", "selected_conversation", "selected_channel")
    return name_of(str(part)) if key.rstrip("s") in people else str(part)


class Screen:
    """Draws blocks for one viewer; `state` are the values a person has put into the fields."""

    def __init__(
        self, name_of: NameOf, state: State | None = None, *, everything: bool = False
    ) -> None:
        self._name_of = name_of
        self._state = state or {}
        self._everything = everything

    def draw(self, blocks: list[JSON]) -> str:
        return "\n".join(line for block in blocks for line in self._block(block) if line)

    def _block(self, block: JSON) -> Iterator[str]:
        if block["type"] in self._DRAW:
            yield from self._DRAW[block["type"]](self, block)

    def _words(self, text_object: JSON | None) -> str:
        return words(text_object, self._name_of)

    def _text(self, block: JSON) -> Iterator[str]:
        yield self._words(block["text"])

    def _section(self, block: JSON) -> Iterator[str]:
        yield self._words(block.get("text"))
        for text in block.get("fields", ()):
            yield self._words(text)
        if "accessory" in block:
            yield from self._element(block["accessory"], block)

    def _context(self, block: JSON) -> Iterator[str]:
        yield " ".join(
            item.get("alt_text", "") if item["type"] == "image" else self._words(item)
            for item in block["elements"]
        )

    def _actions(self, block: JSON) -> Iterator[str]:
        for element in block["elements"]:
            yield from self._element(element, block)

    def _input(self, block: JSON) -> Iterator[str]:
        label = self._words(block["label"]) + (" (optional)" if block.get("optional") else "")
        yield from self._element(block["element"], block, label)
        yield self._words(block.get("hint"))

    def _image(self, block: JSON) -> Iterator[str]:
        yield self._words(block.get("title"))
        yield str(block.get("alt_text", ""))

    def _markdown(self, block: JSON) -> Iterator[str]:
        yield markdown_as_read(block["text"])

    def _rich_text(self, block: JSON) -> Iterator[str]:
        yield "".join(self._rich(element) for element in block["elements"]).strip("\n")

    def _table(self, block: JSON) -> Iterator[str]:
        for row in block["rows"]:
            yield " | ".join(
                "\n".join(self._rich_text(cell)) if cell["type"] == "rich_text" else cell["text"]
                for cell in row
            )

    def _card(self, block: JSON) -> Iterator[str]:
        for part in ("title", "subtitle", "body"):
            yield self._words(block.get(part))
        for button in block.get("actions", ()):
            yield from self._element(button, block)

    def _rich(self, element: JSON) -> str:
        """One piece of rich text; sections end their line, lists have a line for each item."""
        kind = element["type"]
        if kind in ("user", "channel"):
            return f"{'@' if kind == 'user' else '#'}{self._name_of(element[f'{kind}_id'])}"
        if kind in _RICH_PARTS:
            return "".join(self._rich(part) for part in element["elements"]) + "\n"
        plain = {"link": "url", "emoji": "name", "broadcast": "range", "date": "fallback"}
        return str(element.get("text") or element.get(plain.get(kind, ""), ""))

    def _element(self, element: JSON, block: JSON, label: str = "") -> Iterator[str]:
        kind = element["type"]
        if kind == "image":
            yield str(element.get("alt_text", ""))
        elif kind in ("button", "workflow_button"):
            yield f"[{self._words(element['text'])}]"
        elif kind == "overflow":
            yield "[…] " + " / ".join(self._words(option["text"]) for option in options_of(element))
        elif kind in KINDS:
            yield self._field(element, block, label)
        yield from self._behind(element)

    def _field(self, element: JSON, block: JSON, label: str) -> str:
        entry = self._state.get(block.get("block_id", ""), {}).get(element.get("action_id", ""))
        value = shown_value(entry or starting_value(element), self._name_of)
        placeholder = self._words(element.get("placeholder"))
        return f"{label}: {value or placeholder}" if label else f"[{value or placeholder}]"

    def _behind(self, element: JSON) -> Iterator[str]:
        always_open = element["type"] in ("radio_buttons", "checkboxes")
        if self._everything or always_open:
            for option in options_of(element):
                yield f"( ) {self._words(option['text'])}"
                yield self._words(option.get("description"))
        if self._everything and "confirm" in element:
            for part in ("title", "text", "confirm", "deny"):
                yield self._words(element["confirm"].get(part))

    _DRAW: ClassVar[dict[str, Callable[["Screen", JSON], Iterator[str]]]] = {
        "section": _section,
        "header": _text,
        "alert": _text,
        "context": _context,
        "actions": _actions,
        "context_actions": _actions,
        "input": _input,
        "image": _image,
        "markdown": _markdown,
        "rich_text": _rich_text,
        "table": _table,
        "card": _card,
    }
