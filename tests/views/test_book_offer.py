"""The offer of a book: whole where it is short, and within Slack's limits at 500 accounts."""

from hypothesis import given
from hypothesis import strategies as st

from bot.views.books import offer as book_offer
from bot.views.books import orders as book_orders
from flows import events as e
from flows.handover import Acceptance
from tests.flows.make import LENA, OLGA, ZOE, Story, party
from tests.views.books import book_of, made_handovers, scene_of_book
from tests.views.limits import check_message, elements, words


def test_five_hundred_accounts_fit_and_come_up_as_they_are_answered() -> None:
    offered = made_handovers(500)
    scene = scene_of_book(offered, OLGA)
    message = check_message(book_offer.build("", scene))
    assert "500 accounts for you" in message.text
    assert "485 more wait for your answer" in words(message)
    answers = [each for each in elements(message) if each["text"]["text"] == "Accept handover"]
    assert len(answers) == 15
    every = next(each for each in elements(message) if each["text"]["text"] == "Accept all 500")
    assert "1500 hours" in every["confirm"]["text"]["text"]
    last = check_message(book_offer.page(scene, 99))
    assert "Page 13 of 13" in last.text


def test_what_was_answered_is_told_in_one_line_each() -> None:
    taken = Acceptance.ACCEPTED
    offered = [h.model_copy(update={"acceptance": taken}) for h in made_handovers(500)]
    message = check_message(book_offer.build("", scene_of_book(offered, OLGA)))
    assert "You take over: 500 (Account 1, " in message.text
    assert "Continue with Account 1" in words(message)


def test_nothing_is_offered_to_others() -> None:
    scene = scene_of_book(made_handovers(2), ZOE)
    assert book_offer.build("", scene) is None
    assert book_offer.page(scene, 0) is None


def test_whoever_declined_reads_that_somebody_else_takes_it() -> None:
    story = Story(book="B1", account="Account 1")
    story.does(OLGA, e.Declined)
    story.does(LENA, e.IncomingNamed, incoming=party(ZOE))
    assert story.handover.declined_by == (OLGA,)
    scene = scene_of_book([], OLGA, passed_on=("Account 1",))
    message = check_message(book_offer.build("", scene))
    assert "somebody else takes over now: 1 (Account 1)" in message.text


@given(st.sets(st.integers(1, 999)))
def test_rows_are_the_same_when_they_are_read_again(numbers: set[int]) -> None:
    rows = {str(number) for number in numbers}
    assert book_orders.unpacked(book_orders.packed(rows)) == rows


def test_a_refusal_is_told_by_account_as_long_as_it_waits() -> None:
    offered = made_handovers(3)
    book = book_of(offered, by=OLGA, event=e.Accepted, refused={"2": "not_yours"})
    message = check_message(book_offer.build("", scene_of_book(offered, OLGA, book)))
    assert "This did not work:" in message.text
    assert "Account 2: it is not with you any more" in message.text
