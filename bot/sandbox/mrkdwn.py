"""Slack's markup turned into what a person reads, and what a person types turned into markup."""

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime

NameOf = Callable[[str], str]
"""User or channel id -> the name that Slack's client shows."""

_ANGLE = re.compile(r"<([^<>\n]+)>")
_EMPHASIS = [
    re.compile(rf"(?<![\w{mark}]){mark}(?=\S)([^\n]+?)(?<=\S){mark}(?![\w{mark}])")
    for mark in (r"\*", "_", "~", "`")
]
_DATE_WORDS = {
    "{date_num}": "%Y-%m-%d",
    "{date}": "%B %d, %Y",
    "{date_long}": "%A, %B %d, %Y",
    "{date_short}": "%b %d, %Y",
    "{date_pretty}": "%B %d, %Y",
    "{date_long_pretty}": "%A, %B %d, %Y",
    "{date_short_pretty}": "%b %d, %Y",
    "{time}": "%H:%M",
    "{time_secs}": "%H:%M:%S",
}
_MARKDOWN_LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")
_TYPED_URL = re.compile(r"https?://[^\s<>|]+")


def as_read(text: str, name_of: NameOf) -> str:
    """Mrkdwn as a reader sees it: names for mentions, labels for links, no marks."""
    text = text.replace("```", "")
    for emphasis in _EMPHASIS:
        text = emphasis.sub(r"\1", text)
    return html.unescape(_ANGLE.sub(lambda match: _angle(match[1], name_of), text))


def _angle(inside: str, name_of: NameOf) -> str:
    target, _, label = inside.partition("|")
    if target.startswith("@"):
        return f"@{name_of(target[1:])}"
    if target.startswith("#"):
        return f"#{label or name_of(target[1:])}"
    if target.startswith("!date^"):
        return _date(target, label)
    if target.startswith("!"):
        return label or f"@{target[1:]}"
    return label or target.removeprefix("mailto:")


def _date(target: str, fallback: str) -> str:
    """`!date^1392734382^Posted {date_num}` in UTC; the fallback if it is not well formed."""
    _, _, rest = target.partition("^")
    seconds, _, words = rest.partition("^")
    words = words.partition("^")[0]
    if not seconds.isdigit():
        return fallback
    moment = datetime.fromtimestamp(int(seconds), UTC)
    for word, pattern in _DATE_WORDS.items():
        words = words.replace(word, moment.strftime(pattern))
    return words


def markdown_as_read(text: str) -> str:
    """Standard markdown (the `markdown` block) without its marks."""
    text = _MARKDOWN_LINK.sub(r"\1", text)
    text = re.sub(r"^#{1,6} ", "", text, flags=re.MULTILINE)
    return re.sub(r"\*\*|__|`", "", text)


def as_sent(typed: str, ids_by_name: dict[str, str]) -> str:
    """What Slack's client sends for typed text: escaped, links marked, @Name a mention."""
    text = typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = _TYPED_URL.sub(r"<\g<0>>", text)
    for name in sorted(ids_by_name, key=len, reverse=True):
        text = text.replace(f"@{name}", f"<@{ids_by_name[name]}>")
    return text


def rich_elements(sent: str) -> list[dict[str, str]]:
    """The same message as elements of a rich text section: text, links, mentions."""
    elements: list[dict[str, str]] = []
    for place, piece in enumerate(_ANGLE.split(sent)):
        if place % 2 == 0:
            if piece:
                elements.append({"type": "text", "text": html.unescape(piece)})
        elif piece.startswith("@"):
            elements.append({"type": "user", "user_id": piece[1:]})
        else:
            elements.append({"type": "link", "url": html.unescape(piece)})
    return elements
