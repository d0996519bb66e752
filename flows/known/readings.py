"""Words read back as values: labels, choices, days and numbers as people write them."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from flows.errors import FlowError
from flows.handover import Given
from flows.knowledge.ledger import checked_value
from flows.playbook import Part
from flows.terms import PartKind

_AS_OF = re.compile(r"\s*\(as of (?P<day>[^()]+)\)$", re.IGNORECASE)
_DAY = re.compile(r"(?:[a-z]{3,9},? )?(\d{1,2})\.? ([a-z]{3})[a-z]*,? (\d{4})", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LINK = re.compile(r"<(https?://[^|>\s]+)(?:\|[^>]*)?>|^(https?://\S+)$")
_BLANKS = re.compile(r"\s+")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def folded(text: str) -> str:
    """A heading or label as it is compared: without case, numbering, marks and doubled blanks."""
    for entity, plain in _ENTITIES:
        text = text.replace(entity, plain)
    text = re.sub(r"^\s*(?:\d{1,2}[.)]\s+)?", "", text).replace("’", "'")
    return _BLANKS.sub(" ", text.strip(" \t\n*_:#")).casefold()


def after_label(text: str, label: str) -> str | None:
    """What stands behind a label, as in "Health: Green" or "In writing? Yes"; none if it does not.

    A label alone is followed by nothing.
    """
    wanted, told = label.casefold(), text.lstrip("*_ ").replace("’", "'")
    for entity, plain in _ENTITIES:
        wanted = wanted.replace(plain, entity) if plain != "&" else wanted
    if not told.casefold().startswith(wanted):
        return None
    rest = told[len(wanted) :].lstrip("*_")
    asks = label.endswith("?")
    if rest.startswith(":") or (asks and rest[:1] in {"", " "}):
        return rest.lstrip(":*_ ").strip()
    return None


def labelled_part(text: str, parts: Iterable[Part]) -> tuple[Part, str] | None:
    """The part whose label a line begins with, and what it says; the longest label wins."""
    for part in sorted(parts, key=lambda part: -len(part.label)):
        said = after_label(text, part.label)
        if said:
            return part, said
    return None


def read_given(part: Part, words: str, people: Mapping[str, str]) -> Given | None:
    """A structured part as a brief writes it, with the day it was true; none if it says nothing.

    `people` are Slack ids by folded name.
    """
    told = _AS_OF.search(words)
    as_of = read_day(told["day"]) if told else None
    text = words[: told.start()] if told and as_of else words
    if part.kind is PartKind.PEOPLE:
        names = [folded(name).removeprefix("@") for name in text.split(",")]
        users = tuple(people[name] for name in names if name in people)
        return Given(values=users) if users and len(users) == len(names) else None
    value = read_value(part, text)
    return Given(values=(value,), as_of=as_of if part.as_of else None) if value else None


def read_value(part: Part, words: str) -> str:
    """One value in its canonical form; empty where the words are none."""
    match part.kind:
        case PartKind.CHOICE:
            return _choice(part, folded(words))
        case PartKind.DATE:
            day = read_day(words)
            return day.isoformat() if day else ""
        case PartKind.LINK:
            found = _LINK.search(words.strip())
            return (found[1] or found[2]) if found else ""
        case PartKind.NUMBER:
            try:
                return checked_value(part, words.strip())
            except FlowError:
                return ""
        case PartKind.PEOPLE:
            return ""
        case PartKind.TEXT:
            return words.strip()


def read_day(words: str) -> date | None:
    """A calendar day: ISO, or as "Tue 8 Dec 2026", "8 December 2026"."""
    text = words.strip()
    found = _DAY.fullmatch(text)
    try:
        if found:
            month = _MONTHS.index(found[2].lower()) + 1
            return date(int(found[3]), month, int(found[1]))
        return date.fromisoformat(text)
    except ValueError:
        return None


def _choice(part: Part, words: str) -> str:
    """The option that is meant: its label, its value, or the label's first words alone."""
    for option in part.options:
        label = folded(option.label)
        if words in (label, option.value, option.value.replace("_", " "), label.partition(":")[0]):
            return option.value
    return ""
