"""What Slack's own client refuses to submit: empty required fields, wrong lengths and formats."""

import re
from collections.abc import Iterator
from typing import Any

from bot.sandbox.elements import starting_value, value_of
from bot.sandbox.mrkdwn import NameOf
from bot.sandbox.records import View
from bot.sandbox.screen import words

JSON = dict[str, Any]

TEXT_MOST = 3_000


def complaints(view: View, name_of: NameOf) -> dict[str, str]:
    """Label -> what is wrong, for every input block that may not be sent as it is."""
    found: dict[str, str] = {}
    for block in view.payload["blocks"]:
        if block["type"] != "input":
            continue
        element = block["element"]
        entry = view.state.get(block["block_id"], {}).get(element["action_id"])
        for problem in _problems(block, element, value_of(entry or starting_value(element))):
            found.setdefault(words(block["label"], name_of), problem)
    return found


def _problems(block: JSON, element: JSON, value: Any) -> Iterator[str]:  # noqa: ANN401
    if value in (None, "", []):
        if not block.get("optional"):
            yield "please fill in this required field"
        return
    if isinstance(value, list):
        most = element.get("max_selected_items") or element.get("max_files")
        if most and len(value) > most:
            yield f"at most {most}"
    elif element["type"] in _FORMATS:
        yield from _FORMATS[element["type"]](element, str(value))


def _text(element: JSON, value: str) -> Iterator[str]:
    if len(value) < element.get("min_length", 0):
        yield f"at least {element['min_length']} characters"
    if len(value) > element.get("max_length", TEXT_MOST):
        yield f"at most {element.get('max_length', TEXT_MOST)} characters"


def _number(element: JSON, value: str) -> Iterator[str]:
    pattern = r"-?\d+(\.\d+)?" if element["is_decimal_allowed"] else r"-?\d+"
    if not re.fullmatch(pattern, value):
        yield "please enter a number"
        return
    if "min_value" in element and float(value) < float(element["min_value"]):
        yield f"at least {element['min_value']}"
    if "max_value" in element and float(value) > float(element["max_value"]):
        yield f"at most {element['max_value']}"


def _email(_element: JSON, value: str) -> Iterator[str]:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
        yield "please enter an email address"


def _url(_element: JSON, value: str) -> Iterator[str]:
    if not re.fullmatch(r"https?://\S+", value):
        yield "please enter a URL"


_FORMATS = {
    "plain_text_input": _text,
    "number_input": _number,
    "email_text_input": _email,
    "url_text_input": _url,
}
