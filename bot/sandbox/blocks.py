"""Is this Block Kit? The published schema, and the rules that no schema states.

Every check answers with `Fault`s: the rule's name, and words like Slack's own with a JSON pointer.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from jsonschema import Draft7Validator, ValidationError, validators

from bot.sandbox import rulebook

JSON = dict[str, Any]
Slips = Iterator[ValidationError]

BLOCKS_IN = {"message": 50, "modal": 100, "home": 100}
MESSAGE_CONTENT = 13_200  # characters; undocumented, seen in slackapi/bolt-js issue 2509
VIEW_BYTES = 250 * 1024
TABLES = ("table", "data_table")


@dataclass(frozen=True)
class Fault:
    rule: str
    detail: str


def _same_type(
    validator: Any,  # noqa: ANN401 - jsonschema types its validators without `descend`
    branches: list[JSON],
    instance: object,
    _schema: JSON,
) -> Slips:
    """`anyOf` that follows the branch of the instance's own `type`, so the error names the slip."""
    if not isinstance(instance, dict) or "type" not in instance:
        yield from Draft7Validator.VALIDATORS["anyOf"](validator, branches, instance, _schema)
        return
    if instance["type"] in rulebook.unmodelled_blocks():
        return
    fitting = [branch for branch in _leaves(branches) if _const(branch) == instance["type"]]
    if not fitting:
        yield ValidationError(f"unsupported type: {instance['type']}")
        return
    attempts = [list(validator.descend(instance, branch)) for branch in fitting]
    if all(attempts):
        yield from min(attempts, key=len)


def _leaves(branches: list[JSON]) -> Iterator[JSON]:
    definitions = rulebook.block_kit()["definitions"]
    for branch in branches:
        target = definitions[branch["$ref"].rpartition("/")[2]] if "$ref" in branch else branch
        if "anyOf" in target:
            yield from _leaves(target["anyOf"])
        else:
            yield target


def _const(branch: JSON) -> object:
    return branch.get("properties", {}).get("type", {}).get("const")


def _max_text(_v: object, limit: int, instance: object, _s: JSON) -> Slips:
    if isinstance(instance, dict) and len(str(instance.get("text", ""))) > limit:
        yield ValidationError(f"must be less than {limit + 1} characters")


def _min_text(_v: object, limit: int, instance: object, _s: JSON) -> Slips:
    if isinstance(instance, dict) and len(str(instance.get("text", ""))) < limit:
        yield ValidationError(f"must be more than {limit - 1} characters")


def _any_required(_v: object, names: list[str], instance: object, _s: JSON) -> Slips:
    if isinstance(instance, dict) and not any(name in instance for name in names):
        yield ValidationError(f"one of {', '.join(names)} is required")


_Validator = validators.extend(  # type: ignore[no-untyped-call]
    Draft7Validator,
    {
        "anyOf": _same_type,
        "maxTextLength": _max_text,
        "minTextLength": _min_text,
        "x-anyRequired": _any_required,
    },
)


@cache
def _validator(definition: str) -> Draft7Validator:
    definitions = rulebook.block_kit()["definitions"]
    schema = {"$ref": f"#/definitions/{definition}", "definitions": definitions}
    validator: Draft7Validator = _Validator(schema)
    return validator


def _against(definition: str, instance: Any, pointer: str) -> Iterator[Fault]:  # noqa: ANN401
    for error in _validator(definition).iter_errors(instance):
        path = pointer + "".join(f"/{step}" for step in error.absolute_path)
        yield Fault("schema", f"[ERROR] {error.message[:300]} [json-pointer:{path}]")


def faults_in_metadata(metadata: object) -> list[Fault]:
    return list(_against("MessageMetadata", metadata, "/metadata"))


def faults_in_options(answer: JSON) -> list[Fault]:
    """The answer to a block_suggestion: options like those of a menu written out."""
    known = {name: answer[name] for name in ("options", "option_groups") if name in answer}
    if not known:
        return [Fault("options_missing", "[ERROR] neither options nor option_groups")]
    return list(_against("StaticSelect", {"type": "static_select", **known}, ""))


def faults_in_message(blocks: object) -> list[Fault]:
    if not isinstance(blocks, list):
        return [Fault("schema", "[ERROR] blocks must be an array [json-pointer:/blocks]")]
    return list(_faults_in_blocks(blocks, "message", "/blocks"))


def faults_in_view(view: object, surfaces: tuple[str, ...]) -> list[Fault]:
    """`surfaces`: the view types that the calling method takes."""
    kind = view.get("type") if isinstance(view, dict) else None
    if not isinstance(view, dict) or kind not in surfaces:
        return [Fault("view_type", f"[ERROR] must be one of {surfaces} [json-pointer:/view/type]")]
    definition = "ModalView" if kind == "modal" else "HomeView"
    faults = list(_against(definition, {**view, "blocks": []}, "/view"))
    blocks = view.get("blocks")
    if not isinstance(blocks, list):
        return [*faults, Fault("schema", "[ERROR] missing field: blocks [json-pointer:/view]")]
    faults += _faults_in_blocks(blocks, str(kind), "/view/blocks")
    if kind == "modal" and "submit" not in view and any(b.get("type") == "input" for b in blocks):
        faults.append(Fault("submit_missing", "[ERROR] a modal with input blocks needs `submit`"))
    return faults


def view_too_large(view: object) -> bool:
    return len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES


def _faults_in_blocks(blocks: list[Any], surface: str, pointer: str) -> Iterator[Fault]:
    if len(blocks) > BLOCKS_IN[surface]:
        limit = BLOCKS_IN[surface]
        yield Fault("too_many_blocks", f"[ERROR] no more than {limit} items allowed [{pointer}]")
    for place, block in enumerate(blocks):
        here = f"{pointer}/{place}"
        yield from _against("KnownBlock", block, here)
        if isinstance(block, dict):
            yield from _misplaced(block, surface, here)
            yield from _repeated_action_ids(block, here)
    good = [block for block in blocks if isinstance(block, dict)]
    yield from _repeated_block_ids(good, pointer)
    yield from _once_only(good, surface, pointer)
    if surface == "message" and content_length(good) > MESSAGE_CONTENT:
        yield Fault("msg_blocks_too_long", f"[ERROR] more than {MESSAGE_CONTENT} characters")


def _misplaced(block: JSON, surface: str, pointer: str) -> Iterator[Fault]:
    allowed = rulebook.surfaces().get(str(block.get("type")))
    if allowed is not None and surface not in allowed:
        yield Fault("surface", f"[ERROR] {block['type']} not allowed in a {surface} [{pointer}]")


def _repeated_block_ids(blocks: list[JSON], pointer: str) -> Iterator[Fault]:
    ids = Counter(block["block_id"] for block in blocks if block.get("block_id"))
    for block_id in (name for name, times in ids.items() if times > 1):
        yield Fault("duplicate_block_id", f"[ERROR] block_id {block_id} already exists [{pointer}]")


def _repeated_action_ids(block: JSON, pointer: str) -> Iterator[Fault]:
    ids = Counter(e["action_id"] for e in elements_of(block) if e.get("action_id"))
    for action_id in (name for name, times in ids.items() if times > 1):
        yield Fault("duplicate_action_id", f"[ERROR] action_id {action_id} exists [{pointer}]")


def _once_only(blocks: list[JSON], surface: str, pointer: str) -> Iterator[Fault]:
    if surface == "message" and sum(block.get("type") in TABLES for block in blocks) > 1:
        yield Fault("only_one_table_allowed", f"[ERROR] only one table a message [{pointer}]")
    focused = [e for block in blocks for e in elements_of(block) if e.get("focus_on_load")]
    if len(focused) > 1:
        yield Fault("focus_on_load", f"[ERROR] only one element may have focus_on_load [{pointer}]")


def elements_of(block: JSON) -> list[JSON]:
    """What a person can act on in a block, in reading order."""
    found = [*block.get("elements", ()), *block.get("actions", ())]
    found += [block[name] for name in ("accessory", "element") if name in block]
    return [item for item in found if isinstance(item, dict)]


def content_length(node: object) -> int:
    """Characters a person can read in these blocks; ids and values do not count."""
    if isinstance(node, list):
        return sum(content_length(item) for item in node)
    if not isinstance(node, dict):
        return 0
    own = len(node["text"]) if isinstance(node.get("text"), str) else 0
    return own + sum(content_length(value) for value in node.values())
