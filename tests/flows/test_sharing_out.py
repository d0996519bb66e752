"""Who takes what of a book: everybody gets their share, and every account somebody, or a reason."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from flows.books import events as e
from flows.books.rows import Row
from flows.books.rules import BookRules
from flows.books.sharing_out import (
    Candidate,
    Caution,
    Known,
    Load,
    Week,
    Why,
    both_away,
    cautions,
    counted_from,
    hours_of,
    loads_after,
    overloaded,
    propose,
    weeks_off,
)
from flows.schedule.calendars import Absence
from flows.terms import Segment
from tests.flows.books import BookStory, made_row
from tests.flows.make import BORIS, IVAN, KIM, LENA, OLGA, ZOE, party

RULES = BookRules()
TODAY = date(2026, 11, 23)
SKILLS = ("German", "French")


def candidate(user: str, *skills: str) -> Candidate:
    return Candidate(user=user, name=user.title(), skills=frozenset(skills))


def known(
    earlier: Mapping[str, int] | None = None, off: Mapping[str, frozenset[Week]] | None = None
) -> Known:
    return Known(TODAY, IVAN, earlier or {}, off or {})


some_rows = st.lists(
    st.tuples(
        st.sampled_from(Segment),
        st.sets(st.sampled_from(SKILLS)),
        st.one_of(st.none(), st.integers(0, 10**6)),
    ),
    max_size=40,
).map(
    lambda found: [
        made_row(n, segment=segment, skills=sorted(skills), arr=arr)
        for n, (segment, skills, arr) in enumerate(found, start=1)
    ]
)
some_people = st.dictionaries(
    st.sampled_from([OLGA, KIM, ZOE, "UNEW"]), st.sets(st.sampled_from(SKILLS)), max_size=4
).map(lambda found: [candidate(user, *skills) for user, skills in found.items()])
some_loads = st.dictionaries(
    st.sampled_from([OLGA, KIM, ZOE]),
    st.builds(
        Load,
        st.integers(0, 9),
        st.floats(0, 200),
        st.integers(0, 9),
        st.decimals(0, 10**6, places=2),
    ),
)


@given(some_rows, some_people, some_loads)
def test_every_account_gets_somebody_who_knows_what_it_takes_or_a_reason(
    rows: list[Row], people: list[Candidate], loads: dict[str, Load]
) -> None:
    found = propose(rows, people, loads, RULES)
    assert list(found) == [row.key for row in rows]
    for row in rows:
        share = found[row.key]
        assert share.why
        able = [one for one in people if set(row.skills) <= one.skills]
        if share.to:
            assert share.to in able
        else:
            assert not able
            assert share.why == ((Why.NOBODY_KNOWS if people else Why.NOBODY_THERE),)
    assert propose(rows, reversed(people), loads, RULES) == found


@given(some_rows, some_people.filter(bool), some_loads)
def test_whoever_got_something_has_hardly_more_to_do_than_anybody(
    rows: list[Row], people: list[Candidate], loads: dict[str, Load]
) -> None:
    rows = [row.model_copy(update={"skills": ()}) for row in rows]
    found = propose(rows, people, loads, RULES)
    given = {share.to.user for share in found.values() if share.to}
    taken = [
        row.model_copy(update={"incoming": party(share.to.user)})
        for row in rows
        if (share := found[row.key]).to
    ]
    before = {one.user: loads.get(one.user, Load()) for one in people}
    after = loads_after(taken, before, RULES)
    least = min(load.hours for load in after.values())
    most = max((hours_of(row, RULES) for row in rows), default=0)
    assert all(after[user].hours <= least + most + 1e-6 for user in given)


def test_who_has_least_and_speaks_it_is_proposed_and_it_is_said_why() -> None:
    rows = [made_row(1, skills=("German",)), made_row(2), made_row(3, skills=("Dutch",))]
    people = [candidate(OLGA, "german"), candidate(KIM)]
    found = propose(rows, people, {OLGA: Load(open=2, hours=6)}, RULES)
    assert found["1"].to == people[0]
    assert found["1"].why == (Why.SKILLED, Why.ONLY_ONE)
    assert found["2"].to == people[1]
    assert found["2"].why == (Why.FEWEST,)
    assert found["3"].to is None


def test_more_hours_than_most_is_warned_of() -> None:
    loads = {OLGA: Load(hours=40), KIM: Load(hours=20), ZOE: Load(hours=20)}
    assert overloaded(loads, RULES) == [OLGA]
    assert overloaded({OLGA: Load(hours=40)}, RULES) == []
    assert loads_after([made_row(1, arr=10, incoming=party(KIM))], loads, RULES)[KIM] == Load(
        1, 23, 1, Decimal(10)
    )


def test_a_renewal_soon_a_third_csm_and_both_away_are_cautions() -> None:
    week = date(2026, 12, 21).isocalendar()[:2]
    off = {IVAN: frozenset({week}), OLGA: frozenset({week})}
    soon = made_row(1, renewal="2027-01-22", incoming=party(OLGA))
    assert cautions(soon, known(earlier={"1": 1}, off=off), RULES) == list(Caution)
    late = made_row(1, renewal="2027-01-23", incoming=party(KIM))
    assert cautions(late, known(off=off), RULES) == []
    assert cautions(made_row(1, renewal="2026-11-22"), known(), RULES) == []
    assert both_away(known(off=off), None) == []
    assert counted_from(TODAY, RULES) == date(2024, 11, 23)


def test_a_week_is_off_where_most_of_it_is() -> None:
    trip = Absence(first=date(2026, 12, 23), last=date(2026, 12, 24))
    christmas = {date(2026, 12, 25)}
    found = weeks_off(TODAY, date(2027, 1, 31), [trip], christmas)
    assert found == {(2026, 52)}
    assert weeks_off(TODAY, date(2027, 1, 31), [trip], ()) == frozenset()


def test_a_book_keeps_who_was_thought_of_and_why_until_it_is_changed_by_hand() -> None:
    story = BookStory(made_row(1), made_row(2))
    people = (candidate(OLGA, "German"),)
    taken = {"1": party(OLGA), "2": party(OLGA)}
    why = {"1": (Why.FEWEST,), "2": (Why.FEWEST,)}
    story.does(LENA, e.SharedOut, incoming=taken, candidates=people, why=why)
    book = story.named("2", to=party(KIM))
    assert book.sharing.candidates == people
    assert book.sharing.why == {"1": (Why.FEWEST,)}
    for wrong in (IVAN, LENA, BORIS):
        assert story.refuses(LENA, e.SharedOut, incoming={"1": party(wrong)})
