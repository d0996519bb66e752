"""What somebody does with a book that is not theirs changes nothing, and tells nothing."""

from itertools import product
from pathlib import Path

from bot.books.ids import BookAct, BookForm
from bot.ids import Ref
from bot.listeners.books import pasting as book_pasting
from bot.listeners.books import sitting as book_sitting
from flows.books.book import handover_of
from flows.handover import Party
from tests.flows.books import made_row
from tests.privacy.cast import Cast, cast
from tests.privacy.forged import click, submit
from tests.wire.books import begin_book

SITTING = [BookAct(act) for act in (*book_sitting.CLICKS, *book_pasting.CLICKS)]
"""Everything that whoever hands over presses."""


def state(play: Cast) -> list[str]:
    return [play.stage.stored(name).model_dump_json() for name in ("Acme", "Bolt")]


def test_a_copied_button_does_nothing_for_others(tmp_path: Path) -> None:
    with cast(tmp_path) as play:
        ivan = Party(user=play.stage.ivan.id, name="Ivan")
        rows = [made_row(n, account=a, incoming=ivan) for n, a in enumerate(("Acme", "Bolt"), 1)]
        book = begin_book(play.stage, rows)
        play.rest()
        before, somewhere = state(play), handover_of(book, "1")
        for act, about in product(SITTING, (book, somewhere)):
            for person, what in ((play.zoe, about), (play.stage.ivan, about), (play.zoe, "0" * 20)):
                assert click(play, person, act, Ref(h=what, v="1")).status == 200
                play.rest()
                assert not person.has_modal()
                if (act, person) != (BookAct.MORE, play.stage.ivan):
                    assert "I can't find that" in play.stage.told(person), (act, what)
        for form in (BookForm.ONCE, BookForm.NOTES, BookForm.HOURS, BookForm.FORMS):
            for what in (book, somewhere):
                assert submit(play, play.zoe, form, Ref(h=what), {}).status == 200
        play.rest()
        assert state(play) == before
