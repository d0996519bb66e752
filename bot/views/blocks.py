"""Block Kit, piece by piece: plain dicts, cut to Slack's limits where a limit forces it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.ids import VALUE, Carried

_USER = re.compile(r"[UW][A-Z0-9]+")
"""Slack takes a form only with people that it knows, and whoever was forgotten has an alias."""

Block = dict[str, Any]
Element = dict[str, Any]
Style = Literal["", "primary", "danger"]

SECTION = 3000
HEADER = 150
LABEL = 75
TITLE = 24
INPUT = 3000
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
OPTIONS = 100
CONFIRM_TITLE, CONFIRM_TEXT, CONFIRM_ANSWER = 100, 300, 30


@dataclass(frozen=True)
class Message:
    """A message: `text` says to a screen reader or a notification what the blocks say."""

    text: str
    blocks: list[Block]


@dataclass(frozen=True)
class Choice:
    """One option of a menu; `note` is the small line below it."""

    value: str
    label: str
    note: str = ""


def cut(text: str, limit: int) -> str:
    """At most `limit` characters of a text without markup."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def fitted(lines: Sequence[str], limit: int) -> str:
    """As many whole lines as fit, and how many are left; every line is shorter than the limit."""
    room = limit - len("and 1000 more\n")
    for number, line in enumerate(lines):
        room -= len(line) + 1
        if room < 0:
            return "\n".join([*lines[:number], f"and {len(lines) - number} more"])
    return "\n".join(lines)


def plain(text: str, limit: int = LABEL) -> Element:
    return {"type": "plain_text", "text": cut(text, limit) or "…", "emoji": True}


def mrkdwn(text: str) -> Element:
    """Text with Slack's markup. Verbatim: what people typed is never turned into a mention."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text, HEADER)}


def section(text: str, accessory: Element | None = None, block_id: str = "") -> Block:
    block: Block = {"type": "section", "text": mrkdwn(text)}
    if accessory:
        block["accessory"] = accessory
    if block_id:
        block["block_id"] = block_id
    return block


def context(*texts: str) -> Block:
    return {"type": "context", "elements": [mrkdwn(text) for text in texts if text]}


def divider() -> Block:
    return {"type": "divider"}


def actions(elements: Iterable[Element | None], about: Carried | None = None) -> list[Block]:
    """A row of buttons; nothing when there is none. A menu among them says `about` in its block."""
    found = [element for element in elements if element]
    if not found:
        return []
    named = {"block_id": about.dump()} if about else {}
    return [{"type": "actions", "elements": found} | named]


def group(title: str, *rows: Iterable[Block]) -> list[Block]:
    """Rows of buttons as one, under a title; nothing when there is none."""
    elements = [one for row in rows for block in row for one in block["elements"]]
    return [section(f"*{title}*"), *actions(elements)] if elements else []


def button(
    label: str,
    action: str,
    carried: Carried | None = None,
    style: Style = "",
    *,
    about: str = "",
) -> Element:
    """A button; `about` tells a screen reader which of several like it this one is."""
    element: Element = {"type": "button", "text": plain(label), "action_id": action}
    if about:
        element["accessibility_label"] = cut(f"{label}: {about}", LABEL)
    if carried:
        element["value"] = carried.dump()
    if style:
        element["style"] = style
    return element


def confirm(title: str, question: str, yes: str, no: str = "Keep it") -> Element:
    """The dialog that asks whether somebody means it."""
    return {
        "title": plain(title, CONFIRM_TITLE),
        "text": plain(question, CONFIRM_TEXT),
        "confirm": plain(yes, CONFIRM_ANSWER),
        "deny": plain(no, CONFIRM_ANSWER),
    }


def option(choice: Choice) -> Element:
    found: Element = {"text": plain(choice.label), "value": choice.value}
    if choice.note:
        found["description"] = plain(choice.note)
    return found


def overflow(action: str, choices: Sequence[Choice]) -> Element:
    return {"type": "overflow", "action_id": action, "options": [option(c) for c in choices]}


def select(
    choices: Sequence[Choice], initial: str = "", placeholder: str = "", action: str = VALUE
) -> Element:
    """A menu of one; a value that is not among the choices is not preset."""
    element: Element = {
        "type": "static_select",
        "action_id": action,
        "options": [option(choice) for choice in choices[:OPTIONS]],
    }
    chosen = [choice for choice in choices[:OPTIONS] if initial and choice.value == initial]
    if chosen:
        element["initial_option"] = option(chosen[0])
    return _with_placeholder(element, placeholder)


def grouped_select(groups: Mapping[str, Sequence[Choice]], placeholder: str = "") -> Element:
    """A menu of one whose choices stand under headings."""
    element: Element = {
        "type": "static_select",
        "action_id": VALUE,
        "option_groups": [
            {"label": plain(title), "options": [option(c) for c in choices[:OPTIONS]]}
            for title, choices in list(groups.items())[:OPTIONS]
        ],
    }
    return _with_placeholder(element, placeholder)


def multi_select(choices: Sequence[Choice], placeholder: str = "", action: str = VALUE) -> Element:
    element: Element = {
        "type": "multi_static_select",
        "action_id": action,
        "options": [option(choice) for choice in choices[:OPTIONS]],
    }
    return _with_placeholder(element, placeholder)


def grouped_multi_select(groups: Mapping[str, Sequence[Choice]], placeholder: str = "") -> Element:
    """A menu of several whose choices stand under headings; each heading has at most 100."""
    return grouped_select(groups, placeholder) | {"type": "multi_static_select"}


def checkboxes(choices: Sequence[Choice], initial: Sequence[str], action: str = VALUE) -> Element:
    """Boxes to tick, at most ten."""
    element: Element = {
        "type": "checkboxes",
        "action_id": action,
        "options": [option(choice) for choice in choices],
    }
    chosen = [option(choice) for choice in choices if choice.value in initial]
    if chosen:
        element["initial_options"] = chosen
    return element


def date_picker(initial: str = "", placeholder: str = "", action: str = VALUE) -> Element:
    element: Element = {"type": "datepicker", "action_id": action}
    if initial:
        element["initial_date"] = initial
    return _with_placeholder(element, placeholder)


def time_picker(initial: str = "", action: str = VALUE) -> Element:
    """A time of day; `initial` is like "09:30"."""
    element: Element = {"type": "timepicker", "action_id": action}
    if initial:
        element["initial_time"] = initial
    return element


def moment_picker(initial: int | None = None, action: str = VALUE) -> Element:
    element: Element = {"type": "datetimepicker", "action_id": action}
    if initial is not None:
        element["initial_date_time"] = initial
    return element


def user_select(initial: str = "", placeholder: str = "", action: str = VALUE) -> Element:
    element: Element = {"type": "users_select", "action_id": action}
    if _USER.fullmatch(initial):
        element["initial_user"] = initial
    return _with_placeholder(element, placeholder)


def users_select(initial: Sequence[str], placeholder: str = "", action: str = VALUE) -> Element:
    element: Element = {"type": "multi_users_select", "action_id": action}
    if there := [user for user in initial if _USER.fullmatch(user)]:
        element["initial_users"] = there
    return _with_placeholder(element, placeholder)


def channel_select(initial: str = "") -> Element:
    """A menu of the channels that are not shared with anybody outside."""
    element: Element = {
        "type": "conversations_select",
        "action_id": VALUE,
        "filter": {
            "include": ["public", "private"],
            "exclude_external_shared_channels": True,
            "exclude_bot_users": True,
        },
    }
    if initial:
        element["initial_conversation"] = initial
    return element


def text_input(
    initial: str = "", *, multiline: bool = False, most: int = INPUT, placeholder: str = ""
) -> Element:
    """A field to type in. What does not fit is not preset: a part would overwrite the whole."""
    element: Element = {"type": "plain_text_input", "action_id": VALUE, "max_length": most}
    if multiline:
        element["multiline"] = True
    if initial and len(initial) <= most:
        element["initial_value"] = initial
    return _with_placeholder(element, placeholder)


def url_input(initial: str = "") -> Element:
    element: Element = {"type": "url_text_input", "action_id": VALUE}
    if initial:
        element["initial_value"] = initial
    return element


def file_input() -> Element:
    return {"type": "file_input", "action_id": VALUE, "max_files": 10}


def field(
    block_id: str, label: str, element: Element, *, hint: str = "", optional: bool = False
) -> Block:
    """One input of a modal."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, 2000),
        "element": element,
    }
    if hint:
        block["hint"] = plain(hint, 2000)
    if optional:
        block["optional"] = True
    return block


def modal(
    callback_id: str,
    title: str,
    blocks: Sequence[Block],
    *,
    submit: str = "",
    close: str = "Cancel",
    carried: Carried | None = None,
) -> Block:
    """A modal view; `submit` is left out where there is nothing to send."""
    view: Block = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, TITLE),
        "close": plain(close, TITLE),
        "blocks": list(blocks[:VIEW_BLOCKS]),
    }
    if submit:
        view["submit"] = plain(submit, TITLE)
    if carried:
        view["private_metadata"] = carried.dump()
    return view


def _with_placeholder(element: Element, placeholder: str) -> Element:
    if placeholder:
        element["placeholder"] = plain(placeholder, HEADER)
    return element
