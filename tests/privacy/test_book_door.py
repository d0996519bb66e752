"""Buttons of an offer, an approval or a proposal do nothing for anybody else."""

from itertools import product
from pathlib import Path

from bot.books.ids import BookAct, BookForm
from bot.ids import Ref
from bot.listeners.books import approving as book_approving
from bot.listeners.books import offering as book_offering
from bot.listeners.books import sharing as book_sharing
from flows.books.book import handover_of
from flows.handover import Party
from tests.flows.books import made_row
from tests.privacy.cast import Cast, cast
from tests.privacy.forged import click, submit
from tests.wire.books import begin_book, prepare_book

CLICKS = (*book_offering.CLICKS, *book_approving.CLICKS, *book_sharing.CLICKS)
PIECES = "reason:1,plan:1=1-2"


def state(play: Cast, *books: str) -> list[str]:
    found = [play.stage.stored(name) for name in ("Acme", "Bolt")]
    team = play.stage.slack.team_id
    orders = [len(play.stage.bot.books.find(team, book).orders) for book in books]
    return [*(one.model_dump_json() for one in found), *map(str, orders)]


def test_a_copied_button_of_a_book_does_nothing_for_others(tmp_path: Path) -> None:
    with cast(tmp_path) as play:
        ivan = Party(user=play.stage.ivan.id, name="Ivan")
        rows = [made_row(n, account=a, incoming=ivan) for n, a in enumerate(("Acme", "Bolt"), 1)]
        begun = begin_book(play.stage, rows)
        prepared = prepare_book(play.stage, [made_row(1, account="Cyan")])
        play.rest()
        before = state(play, begun, prepared)
        abouts = [
            *(
                Ref(h=book, v=value)
                for book, value in product((begun, prepared), ("1-2", "1", "0"))
            ),
            Ref(h=begun, n=(PIECES,)),
            Ref(h=handover_of(begun, "1"), v="1"),
            Ref(h="0" * 20, v="1"),
        ]
        for act, about in product(CLICKS, abouts):
            assert click(play, play.zoe, BookAct(act), about).status == 200
            play.rest()
            assert not play.zoe.has_modal(), (act, about)
            assert "I can't find that" in play.stage.told(play.zoe), (act, about)
        for form, book in product((BookForm.SHARE, BookForm.SKILLS), (begun, prepared)):
            assert submit(play, play.zoe, form, Ref(h=book), {}).status == 200
        play.rest()
        assert state(play, begun, prepared) == before


def test_the_outgoing_csm_answers_and_approves_nothing_for_others(tmp_path: Path) -> None:
    with cast(tmp_path) as play:
        ivan = Party(user=play.stage.ivan.id, name="Ivan")
        rows = [made_row(n, account=a, incoming=ivan) for n, a in enumerate(("Acme", "Bolt"), 1)]
        book = begin_book(play.stage, rows)
        play.rest()
        before = state(play, book)
        for act, about in (
            (BookAct.OFFER_ALL, Ref(h=book, v="1-2")),
            (BookAct.APPROVE_ALL, Ref(h=book, n=(PIECES,))),
            (BookAct.APPROVE_APART, Ref(h=book, v="1")),
            (BookAct.SEND_ALL, Ref(h=book, v="1-2")),
            (BookAct.SHARE_OPEN, Ref(h=book)),
        ):
            assert click(play, play.stage.olga, act, about).status == 200
            play.rest()
            assert not play.stage.olga.has_modal()
        assert state(play, book) == before
