"""Slack's rules, read from the data files beside it, with the known corrections applied."""

import json
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class Method:
    """One Web API method: what it takes, and who may call it."""

    name: str
    args: dict[str, dict[str, Any]]
    required: tuple[str, ...]
    bot_scopes: tuple[str, ...]
    open_to_bots: bool
    takes_json: bool
    needs_token: bool


def _load(name: str) -> dict[str, Any]:
    text = files("bot.sandbox.rules").joinpath(name).read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


@cache
def exceptions() -> dict[str, Any]:
    return _load("exceptions.json")


@cache
def methods() -> dict[str, Method]:
    return {name: _method(name, facts) for name, facts in _load("methods.json").items()}


def _method(name: str, facts: dict[str, Any]) -> Method:
    args = dict(facts["args"])
    required = list(facts["required"])
    takes_json = facts["json"] is True
    for line in exceptions()["methods"]:
        if not fnmatch(name, line["method"]):
            continue
        for arg in line.get("allow_args", ()):
            args.setdefault(arg, {})
        for arg in line.get("drop_limit", ()):
            args[arg] = {"types": args.get(arg, {}).get("types", [])}
        required = [arg for arg in required if arg not in line.get("drop_required", ())]
        takes_json = line.get("set", {}).get("json", takes_json)
    scopes = facts["scopes"]
    return Method(
        name=name,
        args=args,
        required=tuple(required),
        bot_scopes=tuple(scopes.get("bot", ())),
        open_to_bots=facts["no_scope"] or "bot" in scopes or not scopes,
        takes_json=takes_json,
        needs_token=facts["token_required"],
    )


@cache
def event_scopes() -> dict[str, list[str]]:
    """Event name -> scopes, any one of which lets an app receive it (none needed if empty)."""
    scopes: dict[str, list[str]] = _load("events.json")
    for line in exceptions()["events"]:
        scopes[line["event"]] = line["scopes"]
    return scopes


@cache
def surfaces() -> dict[str, set[str]]:
    """Block type -> where it may stand: message, modal, home."""
    found = {block: set(facts["surfaces"]) for block, facts in _load("surfaces.json").items()}
    for line in exceptions()["lenient_surfaces"]:
        found[line["block"]].add(line["surface"])
    return found


@cache
def unmodelled_blocks() -> frozenset[str]:
    """Block types that exist but that no schema describes: taken as they come."""
    return frozenset(line["block"] for line in exceptions()["unmodelled_blocks"])


@cache
def block_kit() -> dict[str, Any]:
    """The JSON Schema of blocks, views and metadata, with its corrections."""
    schema = _load("block-kit.schema.json")
    for line in exceptions()["schema"]:
        *path, last = line["at"].split(".")
        node: Any = schema["definitions"]
        for step in path:
            node = node[int(step) if isinstance(node, list) else step]
        node[last] = line["set"]
    # The published type lets any {type, block_id} pass as a block; Slack does not.
    schema["definitions"]["AnyBlock"] = schema["definitions"]["KnownBlock"]
    lengths_kept: dict[str, Any] = _beside_ref(schema)
    return lengths_kept


def _beside_ref(node: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    """Draft 7 ignores what stands beside `$ref`; our length keywords stand exactly there."""
    if isinstance(node, list):
        return [_beside_ref(item) for item in node]
    if not isinstance(node, dict):
        return node
    walked = {key: _beside_ref(value) for key, value in node.items()}
    if "$ref" in walked and len(walked) > 1:
        return {"allOf": [{"$ref": walked.pop("$ref")}, walked]}
    return walked


@cache
def manifest_schema() -> dict[str, Any]:
    return _load("manifest.schema.json")
