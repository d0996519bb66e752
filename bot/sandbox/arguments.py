"""The arguments of a Web API call: read from form or JSON, checked against the method's facts."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl

from bot.sandbox.blocks import Fault
from bot.sandbox.errors import SlackError
from bot.sandbox.rulebook import Method

JSON = dict[str, Any]

# Arguments that are JSON text in a form; Slack's name for text that is no JSON.
JSON_TEXT = {
    "blocks": "invalid_blocks_format",
    "attachments": "invalid_attachments",
    "metadata": "invalid_metadata_format",
    "view": "invalid_arguments",
    "files": "invalid_arguments",
    "unfurls": "invalid_unfurls_format",
}
TRUE = ("1", "true", True, 1)
FALSE = ("0", "false", False, 0)


def read_form(text: str) -> JSON:
    return dict(parse_qsl(text, keep_blank_values=True))


def read_json(text: str) -> JSON:
    try:
        loaded = json.loads(text)
    except ValueError as slip:
        raise SlackError("invalid_json", str(slip)) from None
    if not isinstance(loaded, dict):
        raise SlackError("json_not_object", f"a {type(loaded).__name__}")
    return loaded


def unfold(args: JSON) -> JSON:
    """The same arguments with JSON text parsed."""
    return {name: _unfolded(name, value) for name, value in args.items()}


def _unfolded(name: str, value: object) -> object:
    if name not in JSON_TEXT or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as slip:
        raise SlackError(JSON_TEXT[name], f"{name}: {slip}", rule="json_text") from None


def check(method: Method, args: JSON) -> None:
    """Required, unknown, type, enum, limits; all faults at once, as Slack reports them."""
    faults = list(_faults(method, args))
    if faults:
        details = "; ".join(fault.detail for fault in faults)
        raise SlackError("invalid_arguments", details, rule=faults[0].rule)


def _faults(method: Method, args: JSON) -> Iterator[Fault]:
    for name in method.required:
        if args.get(name) in (None, ""):
            yield Fault("missing_argument", f"[ERROR] missing required field: {name}")
    for name, value in args.items():
        if name not in method.args:
            yield Fault("unknown_argument", f"[ERROR] unknown argument: {name}")
        elif value is not None:
            yield from _wrong(name, value, method.args[name])


def _wrong(name: str, value: object, facts: JSON) -> Iterator[Fault]:
    types = facts.get("types", [])
    if types and name not in JSON_TEXT and not any(_IS[kind](value) for kind in types):
        yield Fault("argument_type", f"[ERROR] {name} must be {' or '.join(types)}")
        return
    if "enum" in facts and value not in facts["enum"]:
        yield Fault("argument_enum", f"[ERROR] {name} must be one of {facts['enum']}")
    for fact, size in _SIZES.items():
        if fact in facts and not _fits(fact, size(value), facts[fact]):
            yield Fault("argument_limit", f"[ERROR] {name}: {fact} is {facts[fact]}")


def _fits(fact: str, size: float | None, limit: float) -> bool:
    if size is None:
        return True
    return size >= limit if fact.startswith("min") else size <= limit


def _number(value: object) -> float | None:
    try:
        return float(str(value))
    except ValueError:
        return None


def _is_list(value: object) -> bool:
    return isinstance(value, list | str)


_IS: dict[str, Callable[[object], bool]] = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: value in TRUE or value in FALSE,
    "integer": lambda value: (_number(value) or 0.0).is_integer() and _number(value) is not None,
    "number": lambda value: _number(value) is not None,
    "array": _is_list,
    "object": lambda value: isinstance(value, dict | str),
    "null": lambda value: value is None,
}
_SIZES: dict[str, Callable[[object], float | None]] = {
    "min": _number,
    "max": _number,
    "min_length": lambda value: len(value) if isinstance(value, str) else None,
    "max_length": lambda value: len(value) if isinstance(value, str) else None,
    "min_items": lambda value: len(value) if isinstance(value, list) else None,
    "max_items": lambda value: len(value) if isinstance(value, list) else None,
}


def flag(args: JSON, name: str) -> bool:
    """A yes-or-no argument, absent = no."""
    return args.get(name) in TRUE
