"""The copy for the customer, as Word and Markdown: made of safe facts, it can say nothing else."""

from collections.abc import Iterator
from datetime import date

from bot.exports.word_page import Cell, Page, words
from bot.views import people
from bot.views.dates import day
from bot.views.slack_text import Names, Surface, escaped, one_line
from flows.frozen import Moment
from flows.texts.safe_facts import CustomerText, SafeFacts, SafePerson

_PLAIN, _MARKDOWN = Surface.PLAIN, Surface.MARKDOWN
_TITLE = "Your contact with us"
_DATES, _ITEMS = "Dates", "What is open between us"
_NO_DAY = "No date agreed yet"


def customer_word(facts: SafeFacts, names: Names, made_at: Moment) -> bytes:
    """The file's bytes."""
    account, made = _text(facts.account, _PLAIN), day(made_at.date())
    version = f"Version {facts.version}, {made}"
    page = Page(f"{account}: {_TITLE.lower()}", version, made_at)
    page.running(account, version, version)
    page.say(words(_TITLE), "Overline")
    page.say(words(account), "Title")
    page.say(words(version), "Status")
    for line in _contact(facts, names, _PLAIN):
        page.say(words(line), "Subtitle")
    if dates := list(_dates(facts, names, _PLAIN)):
        page.heading(_DATES, 1)
        rows = [[_cell(day(at)), _cell(what)] for at, what in dates]
        page.table(("Day", "What"), rows, "Dates that were agreed", (1, 3))
    if facts.items:
        page.heading(_ITEMS, 1)
        rows = [
            [_cell(_text(item.what, _PLAIN)), _cell(day(item.due) if item.due else _NO_DAY)]
            for item in facts.items
        ]
        page.table(("What", "Agreed for"), rows, _ITEMS, (3, 1))
    return page.bytes()


def customer_markdown(facts: SafeFacts, names: Names, made_at: Moment) -> str:
    """The file's text."""
    pieces = [
        f"# {_text(facts.account, _MARKDOWN)}",
        f"Version {facts.version}, {day(made_at.date())}",
        *_contact(facts, names, _MARKDOWN),
    ]
    if dates := list(_dates(facts, names, _MARKDOWN)):
        listed = (f"- **{day(at)}**: {what}" for at, what in dates)
        pieces += [f"## {_DATES}", "\n".join(listed)]
    if facts.items:
        lines = (
            f"- {_text(item.what, _MARKDOWN)} ({day(item.due) if item.due else _NO_DAY})"
            for item in facts.items
        )
        pieces += [f"## {_ITEMS}", "\n".join(lines)]
    return "\n\n".join(pieces) + "\n"


def _contact(facts: SafeFacts, names: Names, surface: Surface) -> Iterator[str]:
    """Who their contact is, and what comes after."""
    contact = _person(facts.contact, names, surface)
    if facts.until is None:
        yield f"{contact} is your contact."
        return
    yield f"{contact} is your contact until {day(facts.until)}."
    if facts.successor:
        yield f"After that it is {_person(facts.successor, names, surface)}."
    else:
        yield "We will tell you in good time who comes after that."


def _dates(facts: SafeFacts, names: Names, surface: Surface) -> Iterator[tuple[date, str]]:
    """Every day that was agreed, in their order."""
    found = [(item.due, _text(item.what, surface)) for item in facts.items if item.due]
    if facts.until and facts.successor:
        whose = _person(facts.contact, names, surface), _person(facts.successor, names, surface)
        found.append((facts.until, f"{whose[0]} hands over to {whose[1]}"))
    yield from sorted(found)


def _person(who: SafePerson, names: Names, surface: Surface) -> str:
    if who.user:
        return people.person(who.user, names, surface)
    return one_line(who.name, surface, names)


def _text(text: CustomerText, surface: Surface) -> str:
    return one_line(escaped(text.words), surface, lambda user: user)


def _cell(text: str) -> Cell:
    return Cell((words(text),))
