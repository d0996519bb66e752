"""Text that people typed, made fit to be shown: the one place where it is escaped.

Texts are stored as Slack sent them: `&amp; &lt; &gt;` stand for themselves, everything between
angle brackets is a mention, a link or a date. A text is first read into pieces, then written for a
surface, so that nothing somebody types can become a mention, a heading or a link by itself.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

Names = Callable[[str], str]
"""A Slack user id -> the name to show, unescaped."""


class Surface(StrEnum):
    """Where a text is shown: a mrkdwn object, a plain_text object, or a Markdown file."""

    MRKDWN = "mrkdwn"
    PLAIN = "plain"
    MARKDOWN = "markdown"


@dataclass(frozen=True)
class Piece:
    """A run of text, or a link when there is an address; `broadcast` would call many people."""

    text: str
    address: str = ""
    broadcast: bool = False


_TOKEN = re.compile(r"<([^<>\n]*)>")
_USER = re.compile(r"@([A-Z0-9]+)(?:\|.*)?", re.DOTALL)
_CHANNEL = re.compile(r"#([A-Z0-9]+)(?:\|(.*))?", re.DOTALL)
_BROADCAST = re.compile(r"!(channel|here|everyone)(?:\|.*)?", re.DOTALL)
_SPECIAL = re.compile(r"![^|]*(?:\|(.*))?", re.DOTALL)
_ADDRESS = re.compile(r"((?:https?://|mailto:|tel:)[^|]+)(?:\|(.*))?", re.DOTALL | re.IGNORECASE)
_HTTP = re.compile(r"https?://[^\s<>|\"]+", re.IGNORECASE)
_AFTER_LINK = ".,;:!?)'"
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
"""Control characters, and those that turn the direction of what follows."""
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029\x85]")
_SPECIALS = re.compile(r"([\\`*_\[\]<>|~$])|(&)(?=#?\w+;)|(?<=www)(\.)|(:)(?=//)", re.IGNORECASE)
_LINE_START = re.compile(r"^([ \t]*)(?:([#+=-])|(\d{1,9})([.)]))", re.MULTILINE)
_URL_ESCAPES = {c: f"%{ord(c):02X}" for c in '()<>\\ \t"|`*_[]~'}
_JOINERS = frozenset("\u200d\ufe0f\ufe0e\u20e3")


def render(text: str, surface: Surface, names: Names, limit: int | None = None) -> str:
    """A stored text for a surface, cut with "…" where a limit (>= 1) forces it."""
    clean = cleaned(text)
    if surface is Surface.MARKDOWN:
        clean = re.sub(r"^[ \t]+", "", clean, flags=re.MULTILINE)
    found = list(pieces(clean, names))
    whole = "".join(_written(piece, surface) for piece in found)
    if limit is None or len(whole) <= limit:
        return whole
    return _fitted(found, surface, limit)


def from_form(text: str) -> str:
    """What was typed into a modal, in the form in which Slack's messages are stored."""
    done, pieces = 0, []
    for match in _HTTP.finditer(text):
        address = match[0].rstrip(_AFTER_LINK)
        pieces += [escaped(text[done : match.start()]), f"<{escaped(address)}>"]
        done = match.start() + len(address)
    return "".join([*pieces, escaped(text[done:])])


def escaped(text: str) -> str:
    """A plain text in the stored form, with nothing in it that is more than text."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def to_form(text: str, names: Names) -> str:
    """A stored text as it stands in a modal's field."""
    return render(text, Surface.PLAIN, names)


def one_line(text: str, surface: Surface, names: Names, limit: int | None = None) -> str:
    """A stored text without its line ends: a title, or the head of a longer one."""
    return render(" ".join(text.split()), surface, names, limit)


def link(address: str, surface: Surface, limit: int | None = None) -> str:
    """An address on its own; one that is no web address is shown as text."""
    stored = f"<{escaped(_unescaped(address))}>"
    return render(stored, surface, lambda user: user, limit)


def links_in(text: str) -> tuple[str, ...]:
    """The web addresses in a text as typed or as stored, each once."""
    found = (match.rstrip(_AFTER_LINK) for match in _HTTP.findall(text))
    return tuple(dict.fromkeys(_unescaped(address) for address in found))


def cleaned(text: str) -> str:
    """The text without control characters and with one kind of line end."""
    return _UNSEEN.sub("", _LINE_ENDS.sub("\n", text))


def pieces(text: str, names: Names) -> Iterator[Piece]:
    """A cleaned stored text as runs and links, for a surface that has links of its own."""
    done = 0
    for match in _TOKEN.finditer(text):
        if match.start() > done:
            yield Piece(_unescaped(text[done : match.start()]))
        yield _token(match[1], names)
        done = match.end()
    if done < len(text):
        yield Piece(_unescaped(text[done:]))


def _token(inner: str, names: Names) -> Piece:
    if match := _USER.fullmatch(inner):
        return Piece("@" + cleaned(names(match[1])))
    if match := _CHANNEL.fullmatch(inner):
        return Piece("#" + (_unescaped(match[2] or "") or match[1]))
    if match := _BROADCAST.fullmatch(inner):
        return Piece("@" + match[1], broadcast=True)
    if match := _SPECIAL.fullmatch(inner):
        label = _unescaped(match[1] or "")
        return Piece(label.removeprefix("@"), broadcast=label.startswith("@"))
    if match := _ADDRESS.fullmatch(inner):
        address = _unescaped(match[1])
        return Piece(_unescaped(match[2] or "") or _shown(address), address)
    return Piece(_unescaped(f"<{inner}>"))


def _shown(address: str) -> str:
    return re.sub(r"^(?:mailto|tel):", "", address, flags=re.IGNORECASE)


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _written(piece: Piece, surface: Surface) -> str:
    escape = _ESCAPES[surface]
    if piece.broadcast:
        name = piece.text.removeprefix("@")
        return escape(f"@{name}" if surface is Surface.PLAIN else f"@\u200b{name}")
    if not piece.address:
        return escape(piece.text)
    if surface is Surface.MARKDOWN:
        return f"[{escape(piece.text)}]({_url(piece.address)})"
    shown = escape(_shown(piece.address))
    if surface is Surface.MRKDWN:
        shown = f"<{escape(piece.address).replace('|', '%7C')}>"
    return shown if piece.text == _shown(piece.address) else f"{escape(piece.text)} ({shown})"


def _fitted(pieces: list[Piece], surface: Surface, limit: int) -> str:
    """As many pieces as fit; only running text is cut inside, a link stays whole or goes."""
    escape, done, room = _ESCAPES[surface], "", limit - 1
    for piece in pieces:
        written = _written(piece, surface)
        if len(done) + len(written) <= room:
            done += written
            continue
        if not piece.address and not piece.broadcast:
            done += escape(piece.text[: _fitting(piece.text, escape, room - len(done))])
        break
    return done.rstrip() + "…"


def _fitting(text: str, escape: Callable[[str], str], room: int) -> int:
    """The length of the longest beginning that fits when escaped and splits no character."""
    low, high = 0, min(len(text), room)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if len(escape(text[:middle])) <= room else (low, middle - 1)
    while 0 < low < len(text) and _joined(text[low - 1], text[low]):
        low -= 1
    return low


def _joined(before: str, after: str) -> bool:
    return (
        after in _JOINERS
        or before == "\u200d"
        or bool(unicodedata.combining(after))
        or "\U0001f3fb" <= after <= "\U0001f3ff"
        or ("\U0001f1e6" <= before <= "\U0001f1ff" and "\U0001f1e6" <= after <= "\U0001f1ff")
    )


def _markdown(text: str) -> str:
    """Text whose Markdown means nothing any more."""
    escaped = _SPECIALS.sub(lambda match: "\\" + match[0], text)
    return _LINE_START.sub(
        lambda m: f"{m[1]}\\{m[2]}" if m[2] else f"{m[1]}{m[3]}\\{m[4]}", escaped
    )


def _url(address: str) -> str:
    return "".join(_URL_ESCAPES.get(char, char) for char in address)


_ESCAPES: dict[Surface, Callable[[str], str]] = {
    Surface.MRKDWN: escaped,
    Surface.PLAIN: str,
    Surface.MARKDOWN: _markdown,
}
