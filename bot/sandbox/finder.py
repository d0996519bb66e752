"""Finding things by the words on the screen, as a person does; ids never come into it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.sandbox.blocks import elements_of
from bot.sandbox.elements import KINDS, options_of
from bot.sandbox.errors import NothingThere
from bot.sandbox.mrkdwn import NameOf
from bot.sandbox.screen import words

JSON = dict[str, Any]


@dataclass(frozen=True)
class Found:
    """An element in its block, and the option of an overflow menu that was meant, if one was."""

    block: JSON
    element: JSON
    option: JSON | None = None


def buttons(blocks: list[JSON], name_of: NameOf) -> list[tuple[str, Found]]:
    """All buttons and overflow entries with their labels, in reading order."""
    found: list[tuple[str, Found]] = []
    for block in blocks:
        for element in elements_of(block):
            if element.get("type") in ("button", "workflow_button"):
                found.append((words(element["text"], name_of), Found(block, element)))
            elif element.get("type") == "overflow":
                found += [
                    (words(option["text"], name_of), Found(block, element, option))
                    for option in element["options"]
                ]
    return found


def button(blocks: list[JSON], label: str, name_of: NameOf) -> Found:
    every = buttons(blocks, name_of)
    fitting = [found for name, found in every if name == label]
    if not fitting:
        raise NothingThere(f"no button {label!r}; there are {[name for name, _ in every]}")
    return fitting[0]


def below(blocks: list[JSON], text: str, name_of: NameOf) -> list[JSON]:
    """The blocks from the first one on in which a text stands."""
    for number, block in enumerate(blocks):
        shown = block.get("text")
        if isinstance(shown, dict) and text in words(shown, name_of):
            return blocks[number:]
    raise NothingThere(f"no block says {text!r}")


def fields(blocks: list[JSON], name_of: NameOf) -> list[tuple[str, Found]]:
    """All fields and menus; each goes by its label, or its placeholder, or the text beside it."""
    return [
        (name, Found(block, element))
        for block in blocks
        for element in elements_of(block)
        if element.get("type") in KINDS
        for name in _names(block, element, name_of)
    ]


def _names(block: JSON, element: JSON, name_of: NameOf) -> Iterator[str]:
    for text in (block.get("label"), element.get("placeholder"), block.get("text")):
        if isinstance(text, dict):
            yield words(text, name_of)


def field(blocks: list[JSON], name: str, name_of: NameOf) -> Found:
    every = fields(blocks, name_of)
    fitting = [found for known, found in every if known == name]
    if not fitting:
        raise NothingThere(f"no field {name!r}; there are {[known for known, _ in every]}")
    return fitting[0]


def option(options: list[JSON], label: str, name_of: NameOf) -> JSON:
    for candidate in options:
        if words(candidate["text"], name_of) == label:
            return candidate
    labels = [words(candidate["text"], name_of) for candidate in options]
    raise NothingThere(f"no option {label!r}; there are {labels}")


def option_of(element: JSON, label: str, name_of: NameOf) -> JSON:
    return option(options_of(element), label, name_of)


def pressed(found: Found, moment: str) -> JSON:
    """The action of a payload for a clicked button or a chosen overflow entry."""
    action = _action(found, moment)
    if found.option is not None:
        return action | {"selected_option": found.option}
    keys = ("text", "value", "style", "url")
    return action | {key: found.element[key] for key in keys if key in found.element}


def changed(found: Found, entry: JSON, moment: str) -> JSON:
    """The action of a payload for a field with a new value (an entry of `state.values`)."""
    return _action(found, moment) | entry


def _action(found: Found, moment: str) -> JSON:
    return {
        "type": found.element["type"],
        "action_id": found.element["action_id"],
        "block_id": found.block["block_id"],
        "action_ts": moment,
    }
