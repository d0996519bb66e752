"""What Slack would refuse, told before it is sent: by the SDK's models, the schema, and by hand."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

import bot.sandbox
from bot.views.blocks import Message

_RULES = Path(bot.sandbox.__file__).parent / "rules" / "block-kit.schema.json"
_TEXT = 4000
_CONTENT = 13_200
_BLOCKS = 50
_VIEW = 250_000

Json = dict[str, Any]


def check_message(message: Message | None) -> Message:
    """The message, if Slack would take it."""
    assert message is not None
    assert 1 <= len(message.text) <= _TEXT
    assert len(message.blocks) <= _BLOCKS
    assert sum(_content(message.blocks)) <= _CONTENT
    _harmless(message.text)
    for block in message.blocks:
        assert block["type"] != "input"
        _valid(block, "KnownBlock")
    _unique(message.blocks)
    for parsed in Block.parse_all(message.blocks):
        parsed.to_dict()
    return message


def check_view(view: Json) -> Json:
    """The modal or Home view, if Slack would take it."""
    _valid(view, "ModalView" if view["type"] == "modal" else "HomeView")
    if any(block["type"] == "input" for block in view["blocks"]):
        assert view["type"] == "modal"
        assert "submit" in view
    assert len(json.dumps(view)) < _VIEW
    for block in view["blocks"]:
        _valid(block, "KnownBlock")
    _unique(view["blocks"])
    View(**view).to_dict()
    return view


def elements(view: Message | Json) -> list[Json]:
    """Every element that can be pressed, picked or filled in."""
    found: list[Json] = []
    for block in view.blocks if isinstance(view, Message) else view["blocks"]:
        found += [e for e in block.get("elements", []) if "action_id" in e]
        found += [block[key] for key in ("accessory", "element") if key in block]
    return found


def labels(view: Message | Json) -> list[str]:
    """What stands on the buttons."""
    return [e["text"]["text"] for e in elements(view) if e["type"] == "button"]


def press(view: Message | Json, label: str) -> Json:
    """The button with this label."""
    return next(e for e in elements(view) if e["type"] == "button" and e["text"]["text"] == label)


def fields(view: Json) -> dict[str, Json]:
    """The inputs of a modal by block id."""
    return {block["block_id"]: block for block in view["blocks"] if block["type"] == "input"}


def words(view: Message | Json) -> str:
    """Everything that can be read on it."""
    return "\n".join(_texts(view.blocks if isinstance(view, Message) else view["blocks"]))


def _texts(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if node.get("type") in {"plain_text", "mrkdwn"}:
            yield node["text"]
        for value in node.values():
            yield from _texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value)


def _content(node: object) -> Iterator[int]:
    yield from (len(text) for text in _texts(node))


def _harmless(text: str) -> None:
    for control in ("<@", "<!", "<#"):
        assert control not in text


def _unique(blocks: list[Json]) -> None:
    ids = Counter(block["block_id"] for block in blocks if "block_id" in block)
    assert all(count == 1 for count in ids.values()), ids
    for block in blocks:
        acts = Counter(e["action_id"] for e in block.get("elements", []) if "action_id" in e)
        assert all(count == 1 for count in acts.values()), acts
        for text in _texts(block):
            _harmless(text if "mrkdwn" in json.dumps(block) else "")


def _valid(node: Json, definition: str) -> None:
    errors = list(_validator(definition).iter_errors(node))
    assert not errors, [_leaves(error) for error in errors][:3]


def _leaves(error: ValidationError) -> list[str]:
    if not error.context:
        return [f"{list(error.absolute_path)}: {error.message[:200]}"]
    return [leaf for inner in error.context for leaf in _leaves(inner)][-5:]


@cache
def _validator(definition: str) -> Validator:
    schema = json.loads(_RULES.read_text(encoding="utf-8"))
    rules = {
        "maxTextLength": _max_text,
        "minTextLength": _min_text,
        "x-anyRequired": _any_required,
    }
    checks: Callable[[Json], Validator] = extend(Draft202012Validator, rules)  # type: ignore[no-untyped-call]
    return checks({"$ref": f"#/definitions/{definition}", "definitions": schema["definitions"]})


def _max_text(_v: object, most: int, node: object, _schema: object) -> Iterator[ValidationError]:
    if isinstance(node, dict) and len(node.get("text", "")) > most:
        yield ValidationError(f"text longer than {most}")


def _min_text(_v: object, least: int, node: object, _schema: object) -> Iterator[ValidationError]:
    if isinstance(node, dict) and len(node.get("text", "")) < least:
        yield ValidationError(f"text shorter than {least}")


def _any_required(
    _v: object, keys: list[str], node: object, _schema: object
) -> Iterator[ValidationError]:
    if isinstance(node, dict) and not any(key in node for key in keys):
        yield ValidationError(f"one of {keys} is needed")
