"""Where in a stored value people's words may stand, and where only words of ours.

A person may be called as a field, a stage or a question is: what flows knows to be a word of its
own is left as it is, or the value would not be what it was.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Literal, NamedTuple, get_args, get_origin

from pydantic import BaseModel

THINGS = frozenset(
    {
        *("alone", "ask", "asked", "book", "covers", "current", "earlier", "edited", "handover"),
        *("id", "ids", "key", "keys", "later", "milestone", "noted", "order", "part", "picked"),
        *("piece", "playbook", "question", "questions", "round", "rows", "section", "sections"),
        *("session", "since", "source", "team", "ts", "zone"),
    }
)
"""The fields whose texts tell which thing is meant: an id, a question, a milestone. Nobody's name
stands there, but an id may hold somebody's.
"""
BY_THING = frozenset(
    {
        *("after", "answers", "before", "calls", "changes", "days", "details", "done", "drafts"),
        *("each", "fetched", "follow_ups", "found", "given", "issued", "known", "notes", "pieces"),
        *("prefilled", "proposal", "read", "refused", "rulings", "ticks", "times"),
    }
)
"""The fields whose keys do."""
CHOSEN = frozenset({"values", "details", "changes", "proposal"})
"""The fields whose texts may be one of the choices that a form offers."""


class Words(NamedTuple):
    """What is to become of a text that people wrote, of one that names a thing, and of one that
    either was written or chosen.
    """

    text: Callable[[str], str]
    reference: Callable[[str], str]
    chosen: Callable[[str], str]


def reworded(value: Any, typed: object, words: Words) -> Any:  # noqa: ANN401 - whatever JSON holds
    """A JSON value with other words; `typed` is the same as flows reads it, none if it does not."""
    if isinstance(value, str):
        return words.text(value) if typed is None or type(typed) is str else value
    if isinstance(value, list):
        known: list[object] = [None] * len(value)
        if isinstance(typed, tuple | list) and len(typed) == len(value):
            known = list(typed)
        elif isinstance(typed, frozenset):
            # In any order, but all of a kind.
            known = [next(iter(typed), None)] * len(value)
        return [reworded(one, like, words) for one, like in zip(value, known, strict=True)]
    if not isinstance(value, dict):
        return value
    if isinstance(typed, BaseModel):
        after = _model(value, typed, words)
    else:
        after = _pairs(value, typed, words, words.text)
    user = value.get("user")
    if isinstance(user, str) and after.get("user", user) != user and "name" in after:
        # A party is who it is, whatever name stands beside the id.
        after["name"] = after["user"]
    return after


def _model(value: dict[str, Any], typed: BaseModel, words: Words) -> dict[str, Any]:
    ours, after = _ours(type(typed)), dict[str, Any]()
    for name, one in value.items():
        known = getattr(typed, name, None)
        if name in ours:
            after[name] = one
            continue
        meant = words._replace(text=words.chosen) if name in CHOSEN else words
        if name in BY_THING and isinstance(one, dict) and not isinstance(known, BaseModel):
            after[name] = _pairs(one, known, meant, words.reference)
        else:
            meant = words._replace(text=words.reference) if _names_things(name, one) else meant
            after[name] = reworded(one, known, meant)
    return after


def _names_things(name: str, value: object) -> bool:
    """Whether a field tells of things, and not of values with fields of their own."""
    return name in THINGS and (
        isinstance(value, str)
        or (isinstance(value, list) and all(isinstance(one, str) for one in value))
    )


def _pairs(
    value: dict[str, Any], typed: object, words: Words, key: Callable[[str], str]
) -> dict[str, Any]:
    known = dict[str, object]()
    ours = False
    if isinstance(typed, Mapping):
        known = dict(zip(value, typed.values(), strict=False))
        ours = any(type(one) is not str for one in typed)
    return {
        name if ours else key(name): reworded(one, known.get(name), words)
        for name, one in value.items()
    }


@cache
def _ours(model: type[BaseModel]) -> frozenset[str]:
    """The fields that say one of a few words; those of an Enum are told by their value."""
    return frozenset(
        name for name, field in model.model_fields.items() if _is_literal(field.annotation)
    )


def _is_literal(annotation: object) -> bool:
    return get_origin(annotation) is Literal or any(
        _is_literal(part) for part in get_args(annotation)
    )
