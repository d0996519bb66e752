"""Everybody tries everything: each button, modal, word, shortcut and message, against the table.

Who may not, changes nothing in any table and is answered as for something that does not exist; who
may, gets through.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, get_args

import pytest

from bot.books.ids import BookAct
from bot.ids import Act, Ref
from bot.listeners import Listeners, clicks, commands, doors, modals
from bot.listeners.acts import _OTHERS, _QUIET
from bot.listeners.books import booking
from bot.payloads import Click
from bot.views.errors import say
from flows import events as e
from flows.books import events as b
from flows.books.book import book_parts
from flows.books.keeping import BOOK_RIGHTS
from flows.confidential.vault import VAULT_RIGHTS, VaultEvent
from flows.parts import Part, parts
from flows.rights import RIGHTS
from flows.who_may import TABLE, Do, granted
from tests.clocks import HandClock
from tests.rights.house import TEAM, open_house
from tests.rights.walking import (
    ABOUT,
    ADA,
    BOOK_STAGES,
    BORIS,
    GIA,
    IVAN,
    KIM,
    LENA,
    LUKE,
    MADE_UP,
    MAX,
    MEMBERS,
    OLGA,
    OUTSIDERS,
    SAM,
    THEIRS,
    USUAL,
    Try,
    Walk,
    about,
    begin,
    begin_book,
    refused,
)


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    with open_house(tmp_path_factory.mktemp("walk")) as house:
        known = begin(house)
        house.keep()
        yield Walk(house, known)


PEOPLE = {
    "whole": (*MEMBERS, GIA),
    "apart": (OLGA, LENA, SAM, MAX),
    "sent": (IVAN, OLGA, LENA, MAX),
}
LATER = {
    "sent": {"click piece-read"},
    "undone": {"click book-again"},
    "sent book": {"click book-approve-page", "click book-approve-read", "click book-approve-apart"},
}
"""Where there is nothing new to try but this."""


class Met(NamedTuple):
    """The names of what worked for somebody who may, and of what was tried by one who may not."""

    through: set[str]
    refused: set[str]

    def one_way(self, tries: Iterable[tuple[str, Do, Try]]) -> set[str]:
        """What was compared with the table in one direction only. What every member may is refused
        to outsiders, who try it all below.
        """
        names = {name: Part.MEMBER in TABLE[do] for name, do, _tried in tries}
        asked = {name for name, of_all in names.items() if not of_all}
        return (names.keys() - self.through) | (asked - self.refused)


@pytest.mark.timeout(240)
def test_everybody_tries_everything(walk: Walk) -> None:
    faults, met = list[str](), Met(set(), set())
    for which in PEOPLE:
        for name, do, tried in walk.tries():
            if name in LATER.get(which, {name}):
                found = _tried_by_all(walk, which, (name, do, tried), met)
                faults += [f"{which}: {name}: {words}" for words in found]
    assert not faults, "\n".join(faults)
    assert met.one_way(walk.tries()) == set()


def _tried_by_all(walk: Walk, which: str, what: tuple[str, Do, Try], met: Met) -> Iterator[str]:
    """What the table does not say."""
    house, handover, (name, do, tried) = walk.house, walk.known[which], what
    people = PEOPLE[which]
    nothing_there = {who: walk.nothing_there(who, tried) for who in {MAX, GIA} & {*people}}
    for user in people:
        theirs, before = walk.parts[user, handover], house.writes()
        said = tried(user, handover)
        changed = house.writes() != before
        if granted(do, theirs) and refused(said) and name not in THEIRS:
            yield f"{user} may, and is refused {said!r:.90}"
        if not granted(do, theirs, theirs=True):
            met.refused.add(name)
            if changed:
                yield f"{user} may not, and changed something"
            elif about(said, handover) != nothing_there.get(user, nothing_there[MAX]):
                yield f"{user} may not, and can tell {said!r:.90}"
        elif not refused(said):
            met.through.add(name)
        if changed:
            house.restore()


@pytest.mark.timeout(240)
def test_everybody_tries_everything_with_a_book(walk: Walk) -> None:
    faults, met = list[str](), Met(set(), set())
    for stage in BOOK_STAGES:
        book = stage.encode().hex()[:20].ljust(20, "0")
        begin_book(walk.house, book, stage)
        faults += [f"{stage}: {words}" for words in _tried_with_book(walk, book, stage, met)]
        walk.house.restore()
    assert not faults, "\n".join(faults)
    assert met.one_way(walk.tries(of_book=True)) == set()


def _tried_with_book(walk: Walk, book: str, stage: str, met: Met) -> Iterator[str]:
    house = walk.house
    found, accounts = house.bot.books.find(TEAM, book), house.accounts_of(book)
    walk.accounts = {book: accounts[0].id} if accounts else {}
    kept, only = house.copy(), LATER.get("sent book" if stage == "sent" else stage)
    for name, do, tried in walk.tries(of_book=True):
        if only and name not in only:
            continue
        nothing_there = about(tried(MAX, MADE_UP), MADE_UP)
        house.restore(kept)
        for user in (IVAN, OLGA, LENA, BORIS, KIM, LUKE, ADA, MAX):
            theirs = book_parts(found, user).union(*(parts(h, user) for h in accounts))
            theirs |= house.office.roster.parts(user)
            before = house.writes()
            said = tried(user, book)
            changed = house.writes() != before
            if not granted(do, theirs, theirs=True):
                met.refused.add(name)
                if changed or about(said, book) != nothing_there:
                    yield f"{name}: {user} may not {said!r:.90}"
            elif not refused(said):
                met.through.add(name)
            if changed:
                house.restore(kept)


def test_outsiders_get_nowhere(walk: Walk) -> None:
    """Guests who are not admitted, strangers from Slack Connect, bots, and who is switched off."""
    house, handover = walk.house, walk.known["whole"]
    before = house.writes()
    for name, _do, tried in (*walk.tries(), *walk.tries(of_book=True)):
        for user in OUTSIDERS:
            said = tried(user, handover)
            assert not said or say("not_a_member") in repr(said), (name, user, said)
            assert len(said) <= 1
    for user in OUTSIDERS:
        for event in WRITTEN:
            assert house.message(**{"user": user} | event) == []
    assert house.writes() == before


WRITTEN: tuple[dict[str, Any], ...] = (
    {"text": "Hello"},
    {"text": "Hello", "thread_ts": "1.1"},
    {
        "subtype": "message_changed",
        "message": {"user": "UGUS", "ts": "9.1", "text": "y", "edited": {"ts": "9.9"}},
    },
    {"subtype": "message_deleted", "deleted_ts": "9.1", "previous_message": {"user": "UGUS"}},
)


def test_everything_stands_in_exactly_one_row() -> None:
    assert set(doors.CLICKS) == {str(one) for one in (*Act, *BookAct)}
    pressed = {*clicks.EVENTS, *_OTHERS, *modals.OPENERS, *_QUIET, *booking.CLICKS}
    assert {str(one) for one in pressed} - {"v"} == set(doors.CLICKS)
    submitted = {*modals.SUBMISSIONS, *booking.SUBMISSIONS}
    assert {str(one) for one in submitted} == set(doors.SUBMISSIONS)
    assert set(doors.WORDS) == set(commands.WORDS)
    assert {name for name in vars(Listeners) if not name.startswith("_")} == LISTENERS
    assert set(RIGHTS) == set(get_args(e.Event))
    assert set(BOOK_RIGHTS) == set(get_args(b.BookEvent))
    assert set(VAULT_RIGHTS) == set(get_args(VaultEvent))
    assert set(TABLE) == set(Do)


LISTENERS = {
    *("command", "click", "submission", "shortcut", "message", "home_opened"),
    # What Slack tells of people, and nobody does.
    "person_changed",
}


def test_a_button_stands_in_the_row_of_what_it_records() -> None:
    for name, happens in clicks.EVENTS.items():
        ref = Ref(h="H", **(USUAL | ABOUT.get(name, {})))
        pressed = Click(team=TEAM, user=MAX, key="k", trigger="t", action=name)
        event = happens(pressed, ref, HandClock().now())
        assert RIGHTS[type(event)].do is doors.CLICKS[name], name
