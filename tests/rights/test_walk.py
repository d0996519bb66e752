"""Everybody tries everything: each button, modal, word, shortcut and message, against the table.

Who may not, changes nothing in any table and is answered as for something that does not exist; who
may, gets through.
"""

from collections.abc import Iterator
from typing import Any, get_args

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
from flows.parts import parts
from flows.rights import RIGHTS
from flows.who_may import TABLE, Do, granted
from storage import handovers
from tests.clocks import HandClock
from tests.rights.house import TEAM, open_house
from tests.rights.walking import (
    ABOUT,
    ADA,
    BORIS,
    GIA,
    IVAN,
    KIM,
    LENA,
    LUKE,
    MADE_UP,
    MAX,
    MEMBERS,
    NOT_THERE,
    OLGA,
    OUTSIDERS,
    SAM,
    USUAL,
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


ALL, FEW = (*MEMBERS, GIA), (OLGA, LENA, SAM, MAX)


@pytest.mark.parametrize(("which", "people"), [("whole", ALL), ("apart", FEW)])
def test_everybody_tries_everything(walk: Walk, which: str, people: tuple[str, ...]) -> None:
    house, handover = walk.house, walk.known[which]
    faults = []
    for name, do, tried in walk.tries():
        nothing_there = {who: walk.nothing_there(who, tried) for who in {MAX, GIA} & {*people}}
        for user in people:
            theirs, before = walk.parts[user, handover], house.writes()
            said = tried(user, handover)
            changed = house.writes() != before
            if granted(do, theirs) and refused(said) and name not in NOT_THERE:
                faults.append(f"{name}: {user} may, and is refused {said!r:.90}")
            if not granted(do, theirs, theirs=True):
                if changed:
                    faults.append(f"{name}: {user} may not, and changed something")
                elif about(said, handover) != nothing_there.get(user, nothing_there[MAX]):
                    faults.append(f"{name}: {user} may not, and can tell {said!r:.90}")
            if changed:
                house.restore()
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("started", [False, True])
def test_everybody_tries_everything_with_a_book(walk: Walk, *, started: bool) -> None:
    house, book = walk.house, f"b{started:d}".ljust(20, "0")
    begin_book(house, book, started=started)
    found, faults, through = house.bot.books.find(TEAM, book), [], set()
    with house.bot.database.read() as connection:
        accounts = handovers.of_book(connection, TEAM, book)
    kept = house.copy()
    for name, do, tried in walk.tries(of_book=True):
        nothing_there = about(tried(MAX, MADE_UP), MADE_UP)
        house.restore(kept)
        for user in (IVAN, OLGA, LENA, BORIS, KIM, LUKE, ADA, MAX):
            theirs = book_parts(found, user).union(*(parts(h, user) for h in accounts))
            theirs |= house.office.roster.parts(user)
            before = house.writes()
            said = tried(user, book)
            changed = house.writes() != before
            if not granted(do, theirs, theirs=True):
                if changed or about(said, book) != nothing_there:
                    faults.append(f"{name}: {user} may not {said!r:.90}")
            elif not refused(said):
                through.add(name)
            if changed:
                house.restore(kept)
    house.restore()
    assert not faults, "\n".join(faults)
    assert len(through) > 15


def test_outsiders_get_nowhere(walk: Walk) -> None:
    """Guests who are not admitted, strangers from Slack Connect, bots, and who is switched off."""
    house, handover = walk.house, walk.known["whole"]
    before = house.writes()
    for name, _do, tried in walk.tries():
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
