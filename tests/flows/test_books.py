"""A book: who may prepare it, what keeps an account out, how it starts and what it orders."""

from datetime import timedelta

import pytest

from flows import events
from flows.books import events as e
from flows.books.book import (
    BookStage,
    can_be_taken,
    handover_of,
    may_prepare,
    row_of,
    seen_in,
    started_rows,
    to_carry,
    unacknowledged,
)
from flows.books.keeping import can_be_undone, started_of
from flows.books.rows import MOST_ROWS, Fault, Row, faults
from flows.books.sheets import read_table
from flows.errors import FlowError
from flows.events import CLOCK
from flows.handover import Stage
from flows.saying import Kind, Post
from flows.terms import Confidential, Role
from tests.flows.books import BookStory, made_row, made_shared
from tests.flows.make import BORIS, IVAN, KIM, LENA, MONDAY, NEVER, NOW, OLGA, Story, party


def test_a_book_is_its_makers_alone_until_its_leader_is_asked_to_start_it() -> None:
    story = BookStory(made_row(1), by=IVAN)
    assert may_prepare(story.book, IVAN)
    assert not may_prepare(story.book, LENA)
    assert story.refuses(LENA, e.RowsPut, rows=("1",), out=True) == "not_found"
    story.does(IVAN, e.LeaderAsked)
    assert may_prepare(story.book, LENA)
    assert may_prepare(story.book, BORIS)
    assert not may_prepare(story.book, KIM)


def test_none_of_its_csms_starts_a_book() -> None:
    story = BookStory(made_row(1, incoming=party(OLGA)), by=IVAN)
    assert story.refuses(IVAN, e.BookBegun, **begun()) == "leader_starts"
    story.does(IVAN, e.LeaderAsked)
    assert story.begins(LENA).stage is BookStage.STARTED


def begun(order: str = "O1") -> dict[str, object]:
    return {"order": order, "today": MONDAY.date(), "tellings": {Role.OUTGOING: NOW}}


def test_rows_keep_their_keys_and_a_new_one_never_gets_an_old_one() -> None:
    story = BookStory(made_row(1), made_row(2))
    story.does(LENA, e.RowsRead, rows=(made_row(9, account="Third"),))
    assert [row.key for row in story.book.rows] == ["1", "2", "3"]
    story.does(LENA, e.RowsRead, rows=(made_row(1, account="Fourth"),), instead=True)
    assert [(row.key, row.account) for row in story.book.rows] == [("4", "Fourth")]


def test_a_book_holds_so_many_accounts() -> None:
    story = BookStory(*(made_row(number) for number in range(1, MOST_ROWS + 1)))
    assert len(can_be_taken(story.book)) == MOST_ROWS
    assert story.refuses(LENA, e.RowsRead, rows=(made_row(1),)) == "too_many_rows"


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (made_row(2, account=""), Fault.NO_ACCOUNT),
        (made_row(2, segment=None), Fault.NO_SEGMENT),
        (made_row(2, account="ACCOUNT  1"), Fault.TWICE),
        (made_row(2, incoming=party(IVAN)), Fault.SAME_PERSON),
        (made_row(2, marks=[Fault.IN_FLIGHT]), Fault.IN_FLIGHT),
        (made_row(2, marks=[Fault.OTHER_OWNER]), Fault.OTHER_OWNER),
    ],
)
def test_what_cannot_be_taken_over_stays_out_once_somebody_read_why(row: Row, fault: Fault) -> None:
    story = BookStory(made_row(1), row)
    assert list(unacknowledged(story.book)) == [fault]
    assert story.refuses(LENA, e.BookBegun, **begun()) == "faults_unread"
    story.does(LENA, e.FaultsAcknowledged, kinds=(fault,))
    assert started_rows(story.begins()) == (story.book.rows[0],)


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (made_row(2, incoming_typed="Olgaa"), Fault.UNKNOWN_INCOMING),
        (made_row(2, marks=[Fault.UNREADABLE_VALUE]), Fault.UNREADABLE_VALUE),
    ],
)
def test_an_account_goes_along_without_a_value_that_nobody_can_read(row: Row, fault: Fault) -> None:
    story = BookStory(made_row(1), row)
    assert list(unacknowledged(story.book)) == [fault]
    story.does(LENA, e.FaultsAcknowledged, kinds=(fault,))
    assert len(started_rows(story.begins())) == 2


def test_more_of_a_kind_than_was_read_about_is_read_about_again() -> None:
    story = BookStory(made_row(1), made_row(2, segment=None))
    story.does(LENA, e.FaultsAcknowledged, kinds=(Fault.NO_SEGMENT,))
    assert not unacknowledged(story.book)
    story.does(LENA, e.RowsRead, rows=(made_row(3, segment=None),))
    assert [row.key for row in unacknowledged(story.book)[Fault.NO_SEGMENT]] == ["2", "3"]


def test_a_row_that_is_taken_out_has_no_faults_and_makes_none() -> None:
    story = BookStory(made_row(1), made_row(2, account="Account 1"))
    story.does(LENA, e.RowsPut, rows=("1",), out=True)
    assert not faults(story.book.rows, story.book.outgoing)
    assert [row.key for row in can_be_taken(story.book)] == ["2"]


def test_whoever_leads_the_book_takes_none_of_its_accounts() -> None:
    story = BookStory(made_row(1))
    assert story.refuses(LENA, e.SharedOut, incoming={"1": party(LENA)}) == "leader_is_csm"
    assert story.refuses(LENA, e.SharedOut, incoming={"1": party(IVAN)}) == "same_person"
    assert story.refuses(LENA, e.SharedOut, incoming={"7": party(OLGA)}) == "not_found"
    assert story.named("1", to=party(OLGA)).rows[0].incoming == party(OLGA)


def test_a_start_makes_every_account_a_handover_with_the_same_id_however_often() -> None:
    story = BookStory(made_row(1, incoming=party(OLGA)), made_row(2))
    book = story.begins(confidential=Confidential.UNANNOUNCED)
    order = to_carry(book)
    assert order is not None
    first = started_of(book, order, book.rows[0], MONDAY, "p")
    assert first.id == handover_of("B1", "1") != handover_of("B1", "2")
    assert row_of(book, first.id) == book.rows[0]
    assert (first.book, first.by, first.account) == ("B1", LENA, "Account 1")
    assert (first.outgoing, first.incoming, first.leader) == (party(IVAN), party(OLGA), LENA)
    with pytest.raises(FlowError, match="no_segment"):
        started_of(book, order, made_row(2, segment=None), MONDAY, "p")


def test_a_carried_order_tells_what_was_refused_and_forgets_the_confidential_reason() -> None:
    story = BookStory(made_row(1), made_row(2))
    story.begins(confidential=Confidential.UNANNOUNCED)
    assert story.refuses(LENA, e.Carried, order="O1") == "not_found"
    book = story.does(CLOCK, e.Carried, order="O1", refused={"2": "date_past"})
    assert to_carry(book) is None
    assert [row.key for row in started_rows(book)] == ["1"]
    assert "unannounced" not in book.model_dump_json()
    assert story.does(CLOCK, e.Carried, order="O1", refused={}) is book


def test_a_start_is_undone_until_the_first_person_is_told() -> None:
    story = BookStory(made_row(1))
    assert story.refuses(LENA, e.BookUndone, order="O2") == "not_started"
    story.begins()
    story.does(CLOCK, e.Carried, order="O1")
    assert story.refuses(OLGA, e.BookUndone, order="O2") == "not_found"
    undone = story.does(LENA, e.BookUndone, order="O2")
    assert undone.stage is BookStage.UNDONE
    order = to_carry(undone)
    assert order is not None
    assert isinstance(order.event, events.StartUndone)
    assert started_rows(undone) == ()
    assert story.does(LENA, e.BookUndone, order="O3") is undone


def test_what_was_told_is_not_taken_back() -> None:
    story = BookStory(made_row(1))
    story.begins()
    story.at += timedelta(hours=1)
    assert story.refuses(LENA, e.BookUndone, order="O2") == "already_told"


def test_an_order_is_one_thing_for_many_and_is_given_once() -> None:
    story = BookStory(made_row(1), made_row(2))
    accept = story.event(events.Accepted, OLGA)
    assert story.refuses(OLGA, e.Ordered, order="O2", rows=("1",), event=accept) == "not_found"
    story.begins()
    story.does(CLOCK, e.Carried, order="O1")
    book = story.does(OLGA, e.Ordered, order="O2", rows=("1", "2"), event=accept)
    order = to_carry(book)
    assert order is not None
    told = order.event_for("1", MONDAY)
    assert told == accept.model_copy(update={"at": MONDAY, "by": OLGA})
    assert story.does(OLGA, e.Ordered, order="O2", rows=("1",), event=accept) is book
    assert story.refuses(OLGA, e.Ordered, order="O3", rows=("9",), event=accept) == "not_found"


def test_a_book_that_was_never_started_is_discarded() -> None:
    story = BookStory(made_row(1))
    assert story.does(LENA, e.BookDiscarded).stage is BookStage.DISCARDED
    assert story.refuses(LENA, e.BookBegun, **begun()) == "not_found"


def test_a_start_needs_something_to_take_over_and_a_date_ahead() -> None:
    assert BookStory().refuses(LENA, e.BookBegun, **begun()) == "no_shared"
    story = BookStory(made_row(1))
    story.does(LENA, e.RowsPut, rows=("1",), out=True)
    assert story.refuses(LENA, e.BookBegun, **begun()) == "no_rows"
    late = BookStory(made_row(1), shared=made_shared(day=MONDAY.date() - timedelta(days=4)))
    assert late.refuses(LENA, e.BookBegun, **begun()) == "date_past"
    assert late.refuses(LENA, e.SharedSet, shared=made_shared(leader=IVAN)) == "leader_is_csm"


def posts(story: Story) -> set[tuple[str, Kind]]:
    return {(effect.to, effect.kind) for effect in story.effects if isinstance(effect, Post)}


def test_an_account_of_a_book_has_the_books_messages_in_place_of_its_own() -> None:
    story = Story(book="B1")
    assert posts(story) == {
        (IVAN, Kind.BOOK_CARD),
        (OLGA, Kind.BOOK_OFFER),
        (LENA, Kind.BOOK_NOTICE),
    }
    assert story.handover.interviews[IVAN].resting


def test_an_account_waits_until_it_is_wanted_and_the_next_is_offered_after_it() -> None:
    story = Story(book="B1")
    asked = story.does(IVAN, events.Resumed)
    assert [effect.kind for effect in asked if isinstance(effect, Post)] == [Kind.QUESTION]
    story.answers_everything(IVAN)
    assert (IVAN, Kind.BOOK_NEXT) in posts(story)


def test_who_is_named_later_has_a_message_for_that_account() -> None:
    story = Story(book="B1")
    story.does(OLGA, events.Declined)
    story.does(LENA, events.IncomingNamed, incoming=party(KIM))
    assert (KIM, Kind.ACCEPT) in posts(story)


def test_a_start_that_nobody_heard_of_is_taken_back_whole() -> None:
    story = Story(by=LENA, book="B1", tellings={Role.OUTGOING: NEVER, Role.INCOMING: NEVER})
    assert story.refuses(IVAN, events.StartUndone) == "not_yours"
    story.does(LENA, events.StartUndone)
    assert story.handover.stage is Stage.DISCARDED
    assert story.handover.started_at is None
    assert not seen_in([story.handover], LENA)
    told = Story(by=LENA)
    assert told.refuses(LENA, events.StartUndone) == "already_told"


def test_of_an_account_listed_twice_the_one_that_is_not_somebody_elses_counts() -> None:
    other = made_row(1, account="Northwind", marks=[Fault.OTHER_OWNER])
    story = BookStory(other, made_row(2, account="Northwind"), made_row(3, account="northwind"))
    assert [row.key for row in can_be_taken(story.book)] == ["2"]
    assert [row.key for row in faults(story.book.rows, None)[Fault.TWICE]] == ["3"]


def test_a_start_is_not_undone_while_people_are_being_told() -> None:
    story = BookStory(made_row(1))
    story.begins()
    story.at = MONDAY + timedelta(minutes=29)
    assert not can_be_undone(story.book, story.at + timedelta(seconds=45))
    assert can_be_undone(story.book, story.at)
    story.does(LENA, e.Ordered, order="O2", rows=("1",), event=told(Role.OUTGOING))
    assert story.refuses(LENA, e.BookUndone, order="O3") == "already_told"


def told(role: Role) -> events.Told:
    return events.Told(at=MONDAY, by=LENA, role=role)


def test_a_list_waits_until_it_is_said_what_its_columns_are() -> None:
    story = BookStory(made_row(1), by=LENA)
    sheet = read_table("Account;Segment\nNorthwind;SMB", "list.csv")
    assert story.does(LENA, e.SheetGiven, sheet=sheet).sheet == sheet
    assert story.does(LENA, e.RowsRead, rows=(made_row(1),)).sheet is None
    assert story.refuses(OLGA, e.SheetGiven, sheet=sheet) == "not_found"


def test_what_was_listed_of_an_account_waits_for_the_outgoing_csm_to_confirm() -> None:
    row = made_row(1, notes={"S1": "They sell boats", "X9": "Lost and found"})
    book = BookStory(row).begins()
    order = to_carry(book)
    assert order is not None
    known = started_of(book, order, row, MONDAY, "p").known
    story = Story(by=LENA, book="B1", known=known)
    assert (LENA, Kind.IMPORT) not in posts(story)
    assert story.handover.prefilled["S1"].by == LENA
    assert [piece.text for piece in story.handover.unsorted] == ["Lost and found"]
    story.does(IVAN, events.Resumed)
    assert (LENA, Kind.IMPORT) not in posts(story)
    story.does(IVAN, events.PrefillConfirmed, questions=("S1",))
    answer = story.handover.answers["S1"]
    assert (answer.by, [said.text for said in answer.said]) == (IVAN, ["They sell boats"])
