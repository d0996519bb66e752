"""What a client may make of a payload that is not Slack's own: seeded mutations of it."""

import json
from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

from tests.forged.world import FORM, PLAIN, encoded

JSON = dict[str, Any]
Path = tuple[str | int, ...]

_LONG = "x" * 50_000
_STRANGE: tuple[object, ...] = (
    *(None, True, False, 0, -1, 2**31, 2**63, 10**30, 1e308, float("inf"), float("nan"), 0.5),
    *("", " ", "\x00", "a\x00b", "\ud800", "\udfff\ud83d", "👩‍👩‍👧", "\u202eevil", _LONG),
    *("-1", "0", "1e9", "999999999999999999999", "nan", "null", "[]", "{}", '{"h":1}', "[1]"),
    *("0000-00-00", "9999-12-31", "0001-01-01", "2026-02-30", "25:61", "-", ":", "|", "\n"),
    *("<!channel>", "<@U0000X>", "<https://a.example|b>", "' OR 1=1 --", "../../etc/passwd", "%00"),
    *([], {}, [None], [[]], {"": ""}, {"value": None}, [{"value": 1}], {"v": {}}, ["x"] * 200),
)
_UNREAD = frozenset({"blocks", "message", "title", "submit", "close", "authorizations"})
"""Where most of a payload is, and what is mostly left alone: it is our own, sent back to us."""
_DEEP = 60
_SENSELESS_DEPTH = 100_000


def mutated(chance: Random, payload: JSON) -> JSON:
    """A copy with one to three things about it changed."""
    copy: JSON = json.loads(json.dumps(payload))
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        paths = _paths(copy)
        read = [path for path in paths if not _UNREAD.intersection(path)]
        _change(chance, copy, chance.choice(read if read and chance.random() < 0.9 else paths))
    return copy


def garbled(chance: Random, kind: str, payload: JSON) -> tuple[bytes, str]:
    """A body that was damaged on its way, and its content type."""
    body, content_type = encoded(kind, payload)
    return chance.choice(_GARBLINGS)(chance, body, content_type)


def _paths(value: object, path: Path = ()) -> list[Path]:
    """Every place in a payload but its root."""
    found = [path] if path else []
    if isinstance(value, dict):
        for key, inner in value.items():
            found += _paths(inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            found += _paths(inner, (*path, place))
    return found


def _at(payload: Any, path: Path) -> Any:  # noqa: ANN401 - JSON
    for step in path:
        payload = payload[step]
    return payload


def _change(chance: Random, payload: JSON, path: Path) -> None:
    parent, last = _at(payload, path[:-1]), path[-1]
    value = parent[last]
    carried = _carried(value)
    if carried and chance.random() < 0.8:
        _change(chance, carried, chance.choice(_paths(carried)))
        parent[last] = json.dumps(carried)
        return
    match chance.randrange(8):
        case 0:
            del parent[last]
        case 1 if isinstance(parent, dict):
            parent[f"{last}x"] = parent.pop(last)
        case 2:
            parent[last] = [value] if chance.random() < 0.5 else {"v": value}
        case 3:
            for _ in range(_DEEP):
                value = [value] if chance.random() < 0.5 else {"v": value}
            parent[last] = value
        case 4:
            # A copy: what refers to itself is no JSON.
            parent[last] = json.loads(json.dumps(_at(payload, chance.choice(_paths(payload)))))
        case 5 if isinstance(value, str) and value:
            place = chance.randrange(len(value))
            parent[last] = (
                value[:place] + chance.choice(("", "\x00", "é", "0", "}")) + value[place + 1 :]
            )
        case _:
            parent[last] = deepcopy(chance.choice(_STRANGE))


def _carried(value: object) -> JSON:
    """What a button or a modal carries, if it is that."""
    if isinstance(value, str) and value.startswith("{") and len(value) < 10_000:
        try:
            found = json.loads(value)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}
    return {}


Garbling = Callable[[Random, bytes, str], tuple[bytes, str]]


def _cut(chance: Random, body: bytes, content_type: str) -> tuple[bytes, str]:
    return body[: chance.randrange(len(body))], content_type


def _flipped(chance: Random, body: bytes, content_type: str) -> tuple[bytes, str]:
    found = bytearray(body)
    for _ in range(chance.choice((1, 1, 3, 20))):
        found[chance.randrange(len(found))] = chance.randrange(256)
    return bytes(found), content_type


def _wrong_type(chance: Random, body: bytes, _content_type: str) -> tuple[bytes, str]:
    kinds = (
        FORM,
        PLAIN,
        "",
        "text/plain",
        "application/JSON",
        f"{FORM}; charset=utf-16",
        "x" * 500,
    )
    return body, chance.choice((*kinds, "multipart/form-data; boundary=x", "application/json;;"))


def _doubled(_chance: Random, body: bytes, content_type: str) -> tuple[bytes, str]:
    return body + b"&" + body, content_type


def _senseless(chance: Random, _body: bytes, content_type: str) -> tuple[bytes, str]:
    depth = chance.choice((100, 1000, _SENSELESS_DEPTH))
    pieces = (b"[" * depth + b"]" * depth, b'{"a":' * depth + b"1" + b"}" * depth)
    inner = chance.choice(
        (*pieces, b"%zz%", b"", b"payload", b"payload=&payload=", b"null", b"1e999")
    )
    return chance.choice((inner, b"payload=" + inner)), content_type


def _bytes(chance: Random, _body: bytes, content_type: str) -> tuple[bytes, str]:
    return chance.randbytes(chance.choice((1, 10, 1000))), content_type


_GARBLINGS: tuple[Garbling, ...] = (_cut, _flipped, _wrong_type, _doubled, _senseless, _bytes)
