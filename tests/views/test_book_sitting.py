"""The card, what is offered next and the forms of a sitting, also for five hundred accounts."""

from datetime import timedelta

import pytest

from bot.books.ids import BookAct
from bot.views.books import card as book_card
from bot.views.books import forms as book_forms
from bot.views.books import next as book_next
from bot.views.books.scene import BookScene
from bot.views.rows import Row
from flows import events as e
from flows.advance import advance
from flows.books.book import Book
from flows.books.once import asked_once
from flows.handover import Given, Handover, Known
from flows.terms import Segment
from tests.make import IVAN, LENA, NOW, OLGA, default_playbook, make_handover, name_of
from tests.views.limits import check_message, check_view, elements, labels

LONG = "<!channel> & " + "N" * 180


def handover(number: int, name: str, *, known: bool = False) -> Handover:
    segment = tuple(Segment)[number % 3]
    found = make_handover(account=name, id=f"{number:020}", book="B1", segment=segment)
    if known:
        asked = default_playbook().asked
        keys = {q.id for key, many in asked.items() if key[0] is segment for q in many}
        told = {
            key: Known(text=f"{LONG}\n" * 12, given={"health": Given(values=("red",))})
            for key in sorted(keys)
        }
        event = e.EarlierUsed(at=NOW, by=OLGA, earlier="H0", found=told)
        found = advance(found, event, default_playbook()).handover
    return found


def scene(*found: Handover, viewer: str = OLGA, **change: object) -> BookScene:
    book = Book(id="B1", team="T1", created_by=LENA, created_at=NOW)
    usual = {
        "book": book.model_copy(update=change),
        "rows": tuple(Row(one, default_playbook()) for one in found),
        "playbooks": {},
        "viewer": viewer,
        "names": name_of,
        "now": NOW + timedelta(hours=1),
    }
    return BookScene(**usual)  # type: ignore[arg-type]


def many(count: int) -> BookScene:
    return scene(*(handover(n, f"{LONG} {n}", known=n < 3) for n in range(count)))


@pytest.mark.parametrize("count", [1, 2, 27, 500])
def test_every_surface_is_within_the_limits(count: int) -> None:
    shown = many(count)
    card = check_message(book_card.build("", shown))
    assert f"Your book: {count} account" in card.text
    check_message(book_next.build(shown.handovers[0].id, shown))
    check_view(book_forms.choose_form(shown.accounts, shown))
    check_view(book_forms.hours_form(shown))
    check_view(book_forms.paste_form(shown))
    asked = asked_once(shown.accounts)
    check_view(book_forms.once_form(asked, {}, shown.handovers[0], shown))


def test_what_does_not_fit_is_said_with_one_button() -> None:
    tight = scene(*(handover(n, f"Account {n}") for n in range(20)), hours_a_day=0.5)
    card = check_message(book_card.build("", tight))
    assert "hours needed, 6 hours left before your last day" in card.text.replace("*", "")
    [label] = [text for text in labels(card) if text.startswith("Ask only the essentials")]
    pressed = next(one for one in elements(card) if one.get("action_id") == BookAct.LESS)
    assert f'"v":"{label.split()[-2]}"' in pressed["value"]
    wide = check_message(book_card.build("", scene(handover(1, "One"), hours_a_day=12.0)))
    assert not [text for text in labels(wide) if "essentials" in text]


def test_the_card_is_only_for_who_answers() -> None:
    found = handover(1, "One")
    assert book_card.build("", scene(found, viewer=LENA)) is None
    assert book_card.build("", scene(found, viewer=IVAN)) is None


def test_only_the_newest_offer_has_buttons() -> None:
    one, two = handover(1, "One"), handover(2, "Two")
    newest = check_message(book_next.build(one.id, scene(one, two)))
    assert "Stop for today" in labels(newest)
    shown = scene(one, two)
    older = BookScene(**(vars(shown) | {"gone_on": True}))
    past = check_message(book_next.build(one.id, older))
    assert labels(past) == []
    assert past.text == "One is complete. Thank you!"
