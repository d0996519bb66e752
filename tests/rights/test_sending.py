"""Who somebody is, is asked once more when something is sent to them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.delivery.port import Row
from flows import events as e
from flows.saying import Kind
from tests.rights.house import TEAM, House, open_house
from tests.rights.walking import GIA, LENA, OLGA, begin, does


def taken_out(house: House, handover: str) -> None:
    does(house, handover, LENA, e.GuestsChosen, guests=[])


def becomes(**known: bool) -> Callable[[House, str], None]:
    return lambda house, _handover: house.meet(GIA, is_guest=True, **known)


@pytest.mark.parametrize(
    "out",
    [
        taken_out,
        pytest.param(becomes(is_gone=True), id="gone"),
        pytest.param(becomes(is_stranger=True), id="stranger"),
    ],
)
def test_a_guest_is_told_as_long_as_they_are_admitted(
    tmp_path: Path, out: Callable[[House, str], None]
) -> None:
    with open_house(tmp_path) as house:
        handover = begin(house)["whole"]
        to_gia = [
            Row(TEAM, handover, GIA, Kind.ASK, "A2"),
            Row(TEAM, handover, GIA, Kind.GUEST, ""),
        ]
        others = [
            Row(TEAM, handover, GIA, kind, "") for kind in Kind if kind not in ("ask", "guest")
        ]
        assert all(house.bot._first(row) for row in to_gia)
        assert not any(house.bot._first(row) for row in others)
        out(house, handover)
        assert not any(house.bot._first(row) for row in to_gia)


def test_a_member_who_became_a_guest_is_told_nothing_any_more(tmp_path: Path) -> None:
    with open_house(tmp_path) as house:
        handover = begin(house)["whole"]
        row = Row(TEAM, handover, OLGA, Kind.PLAN, "")
        assert house.bot._first(row)
        house.meet(OLGA, is_guest=True)
        assert not house.bot._first(row)


def test_a_guest_whose_profile_changes_keeps_their_part_until_switched_off(tmp_path: Path) -> None:
    with open_house(tmp_path) as house:
        handover = begin(house)["whole"]
        house.changed(GIA, is_restricted=True, tz="Europe/Paris")
        assert house.stored(handover).guests.has(GIA)
        assert [ask.to for ask in house.stored(handover).asks][-1] == GIA
        house.changed(GIA, is_restricted=True, deleted=True)
        assert [ask.to for ask in house.stored(handover).asks][-1] == LENA
        assert house.command(GIA, "list") == house.command("UGUS", "list")
