"""A leader shares a book out: a proposal by load, changed by hand, before anybody is told."""

from pathlib import Path

from bot.sandbox import ModalScreen
from flows.books.book import Book
from tests.flows.books import made_row
from tests.wire.books import prepare_book
from tests.wire.stage import Stage, list_leaders, sqlite_url, staged


def proposed(stage: Stage, *skills: str) -> tuple[str, ModalScreen]:
    """Lena picks Ivan and Zoe for three accounts, one of which asks for something."""
    list_leaders(stage)
    zoe = stage.slack.person("Zoe Zhang", tz="UTC")
    rows = [made_row(1, account="Contoso", skills=skills), made_row(2), made_row(3)]
    book = prepare_book(stage, rows)
    stage.lena.types("/handover book")
    stage.lena.modal().click("Who takes what?")
    form = stage.lena.modal("Who takes what?")
    assert "3 without anybody" in form.text
    form.pick_person("Who could take accounts over?", stage.ivan, zoe)
    return book, form


def stored(stage: Stage, book: str) -> Book:
    return stage.bot.books.find(stage.slack.team_id, book)


def takes(stage: Stage, book: str) -> list[str]:
    return [row.incoming.name if row.incoming else "" for row in stored(stage, book).rows]


def test_a_proposal_is_made_and_changed_by_hand(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        book, form = proposed(stage)
        shown = form.submit().modal
        assert shown is not None
        for words in ("fewest open handovers", "0 → 2 open handovers", "0 → 1 open handovers"):
            assert words in shown.text
        given = takes(stage, book)
        assert sorted(set(given)) == ["Ivan Petrov", "Zoe Zhang"]
        other = "Zoe Zhang" if given[0] == "Ivan Petrov" else "Ivan Petrov"
        shown.choose("Who takes Contoso?", other)
        stage.until(lambda: takes(stage, book) == [other, *given[1:]])
        stage.until(lambda: f"{other} takes it" in stage.lena.modal("Who takes what?").text)
        stage.rest()
        stage.lena.modal("Who takes what?").close()
        assert "somebody is named for 3" in stage.lena.modal().text
        assert stage.ivan.dm().messages == stage.olga.dm().messages == []


def test_whoever_speaks_it_is_proposed(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        book, form = proposed(stage, "German")
        asked = form.submit().modal
        assert asked is not None
        asked.choose("Zoe Zhang knows or speaks", "German")
        shown = asked.submit().modal
        assert shown is not None
        assert "knows German · the only one who does" in shown.text
        assert takes(stage, book)[0] == "Zoe Zhang"
        assert stored(stage, book).sharing.candidates[0].skills | stored(
            stage, book
        ).sharing.candidates[1].skills == {"German"}


def test_the_outgoing_csm_and_a_leader_take_nothing(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        _book, form = proposed(stage)
        form.pick_person("Who could take accounts over?", stage.olga)
        assert "pick somebody else" in str(form.submit().errors)
        form.pick_person("Who could take accounts over?", stage.lena)
        assert "pick somebody else" in str(form.submit().errors)


def test_many_are_shared_out_page_by_page(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        prepare_book(stage, [made_row(number) for number in range(1, 32)])
        stage.lena.types("/handover book")
        stage.lena.modal().click("Who takes what?")
        form = stage.lena.modal("Who takes what?")
        form.pick_person("Who could take accounts over?", stage.ivan)
        shown = form.submit().modal
        assert shown is not None
        assert "Page 1 of 2" in shown.text
        shown.click("Next page")
        stage.until(lambda: "Page 2 of 2" in shown.text)
        assert "Account 31" in shown.text
