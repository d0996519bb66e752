"""Where a book stands, on everybody's screen; and a leader who rests, stops or tells many."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.books.ids import BookAct
from bot.ids import Ref
from bot.listeners.books.booking import handle_book_click
from bot.payloads import Click
from bot.sandbox import Message, Person
from flows.books.rows import Row
from flows.books.standing import Verb
from flows.errors import FlowError
from flows.handover import Acceptance, Party, Telling, When
from flows.handover import Stage as Far
from flows.terms import Role
from tests.flows.books import made_row
from tests.wire.books import begin_book
from tests.wire.stage import Stage, sqlite_url, staged, today

NAMES = ("Northwind", "Contoso", "Fabrikam", "Tailspin")


def rows(stage: Stage) -> list[Row]:
    """Four accounts for Ivan; everybody has looked at Home before."""
    for person in (stage.olga, stage.ivan, stage.lena):
        person.opens_home()
    ivan = Party(user=stage.ivan.id, name="Ivan")
    return [made_row(n, account=name, incoming=ivan) for n, name in enumerate(NAMES, start=1)]


def book_of(stage: Stage, person: Person) -> Message:
    """What somebody is shown who asks for the book."""
    person.types("/handover book")
    return stage.hears(person, "Book of Olga Costa")


def test_each_finds_the_book_and_what_waits_for_them(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        nothing = stage.ivan.types("/handover book").text
        begin_book(stage, rows(stage))
        stage.ivan.dm().wait("4 accounts for you")
        stage.ivan.opens_home()
        stage.until(lambda: "book: 4 accounts, 0 accepted" in stage.ivan.home().text)
        stage.ivan.home().click("Accept: 4 accounts")
        offer = stage.ivan.modal("Book")
        offer.click("Accept handover", below="Contoso")
        stage.until(lambda: stage.stored("Contoso").acceptance is Acceptance.ACCEPTED)
        stage.until(lambda: "You take over" in stage.ivan.modal("Book").text)
        stage.ivan.modal().close()
        shown = book_of(stage, stage.ivan)
        assert "4 accounts, 1 accepted" in shown.text
        assert "Pause accounts" not in shown.buttons
        shown.click("Not accepted")
        left = stage.hears(stage.ivan, "Not accepted, page 1 of 1")
        assert "Contoso" not in left.text
        assert "Olga Costa's book: 4 accounts" in stage.olga.types("/handover list").text
        assert stage.ada.types("/handover book").text == nothing


def test_a_leader_rests_some_takes_them_up_and_stops_the_rest(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        begin_book(stage, rows(stage))
        stage.lena.dm().wait("Book of Olga Costa: 4 accounts").click("Show the book")
        book = stage.hears(stage.lena, "All accounts, page 1 of 1")
        book.click("Pause accounts")
        form = stage.lena.modal("Pause accounts")
        form.choose("Which accounts?", "Only those that I pick below")
        assert form.submit().errors["Accounts"].startswith("Pick at least one")
        form.choose("Accounts", "Contoso", "Fabrikam")
        form.submit()
        sure = stage.lena.modal("Pause accounts")
        assert "2 accounts" in sure.text
        assert "Northwind" not in sure.text
        sure.fill("Why do they rest?", "Their CEO is away.")
        sure.pick_date("Until when?", today())
        assert sure.submit().errors == {"Until when?": "This date has passed; pick today or later."}
        sure.pick_date("Until when?", today() + timedelta(days=9))
        sure.submit()
        assert "2 accounts paused." in stage.lena.modal("Book").text
        stage.lena.modal().close()
        assert stage.stored("Contoso").ending.pause
        assert not stage.stored("Northwind").ending.pause

        book_of(stage, stage.lena).click("Take up again")
        stage.lena.modal().choose("Which accounts?", "All of them: 2 accounts")
        stage.lena.modal().submit()
        stage.lena.modal().submit()
        assert "2 accounts taken up again." in stage.lena.modal("Book").text
        stage.lena.modal().close()
        assert not stage.stored("Contoso").ending.pause


def test_a_book_that_nobody_knows_of_is_told_as_a_whole(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        later = Telling(when=When.LATER, at=stage.bot.clock.now() + timedelta(days=30))
        begin_book(stage, rows(stage), told={Role.OUTGOING: later, Role.INCOMING: later})
        notice = stage.lena.dm().wait("Book of Olga Costa: 4 accounts")
        assert "Undo the start" in notice.buttons
        silent = stage.ivan.types("/handover book").text
        notice.click("Tell Olga Costa now")
        stage.hears(stage.lena, "4 accounts: told.")
        stage.olga.dm().wait("Your book: 4 accounts")
        stage.until(lambda: "Tell Olga Costa now" not in notice.buttons)
        assert "Undo the start" not in notice.buttons
        assert stage.ivan.types("/handover book").text == silent
        assert "Book of Olga Costa" in book_of(stage, stage.olga).text


def test_a_start_is_taken_back_before_anybody_is_told(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        later = Telling(when=When.LATER, at=stage.bot.clock.now() + timedelta(days=30))
        begin_book(stage, rows(stage), told={Role.OUTGOING: later, Role.INCOMING: later})
        stage.lena.dm().wait("Book of Olga Costa: 4 accounts").click("Undo the start")
        stage.until(lambda: all(stage.stored(n).stage is Far.DISCARDED for n in NAMES))
        stage.lena.dm().wait("The start was taken back")
        stage.rest()
        assert not stage.olga.dm().messages


def test_the_table_comes_as_a_file_to_whoever_asks(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        begin_book(stage, rows(stage))
        stage.ivan.dm().wait("4 accounts for you")
        book_of(stage, stage.ivan).click("Send me this as CSV")
        (name,) = stage.ivan.dm().wait(".csv").files
        # The day is Ivan's, who may be a day ahead.
        assert name in {f"book-{(today() + timedelta(days=n)).isoformat()}.csv" for n in (0, 1)}


def test_a_leader_names_somebody_else_for_some(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        kim = stage.slack.person("Kim Lund", tz="Europe/Berlin")
        begin_book(stage, rows(stage))
        stage.ivan.dm().wait("4 accounts for you")
        book_of(stage, stage.lena).click("Change incoming CSM")
        form = stage.lena.modal("Change incoming CSM")
        form.choose("Which accounts?", "Only those that I pick below")
        form.choose("Accounts", "Contoso", "Tailspin")
        form.submit()
        sure = stage.lena.modal("Change incoming CSM")
        sure.pick_person("Who takes them over?", stage.olga)
        sure.submit()
        refused = stage.lena.modal("Book").text
        assert "Not done for 2 accounts" in refused
        assert "Outgoing and incoming CSM are the same person" in refused
        stage.lena.modal().close()
        assert "Not done for 2 accounts" in book_of(stage, stage.lena).text
        assert "Not done" not in book_of(stage, stage.olga).text

        book_of(stage, stage.lena).click("Change incoming CSM")
        form = stage.lena.modal("Change incoming CSM")
        form.choose("Which accounts?", "Only those that I pick below")
        form.choose("Accounts", "Contoso", "Tailspin")
        form.submit()
        sure = stage.lena.modal("Change incoming CSM")
        sure.pick_person("Who takes them over?", kim)
        sure.submit()
        assert "The incoming CSM of 2 accounts is changed." in stage.lena.modal("Book").text
        stage.lena.modal().close()
        kim.dm().wait("Will you take Contoso over from Olga Costa?")
        assert "Contoso" not in book_of(stage, stage.ivan).text


def test_a_leader_cancels_a_whole_stage(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        begin_book(stage, rows(stage))
        stage.ivan.dm().wait("4 accounts for you")
        book_of(stage, stage.lena).click("Cancel accounts")
        form = stage.lena.modal("Cancel accounts")
        form.choose("Which accounts?", "Knowledge pack under way: 4")
        form.submit()
        sure = stage.lena.modal("Cancel accounts")
        assert "This cannot be undone" in sure.text
        sure.fill("Why are they cancelled?", "They all stay.")
        sure.submit()
        assert "4 accounts cancelled." in stage.lena.modal("Book").text
        stage.lena.modal().close()
        assert {stage.stored(name).stage for name in NAMES} == {Far.CANCELLED}


def test_a_leader_names_a_backup_for_the_whole_book(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        boris = stage.slack.person("Boris Meier", tz="Europe/Berlin")
        stage.ada.types("/handover settings")
        form = stage.ada.modal()
        form.pick_person("Leaders", stage.lena, boris)
        assert form.submit().closed
        begin_book(stage, rows(stage))
        notice = stage.lena.dm().wait("Book of Olga Costa: 4 accounts")
        notice.click("Name a backup")
        form = stage.lena.modal("Name a backup")
        form.choose("Who approves in your place?", "Boris Meier")
        form.submit()
        assert "The backup of 4 accounts is named." in stage.lena.modal("Book").text
        stage.lena.modal().close()
        assert {stage.stored(name).backup for name in NAMES} == {boris.id}
        stage.until(lambda: "Name a backup" not in notice.buttons)
        assert "Pause accounts" in book_of(stage, boris).buttons


def test_nobody_else_does_what_a_leader_does(tmp_path: Path) -> None:
    """A button of somebody else's screen is no right."""
    with staged(sqlite_url(tmp_path)) as stage:
        book = begin_book(stage, rows(stage))
        stage.ivan.dm().wait("4 accounts for you")
        office = stage.bot.offices.of(stage.slack.team_id)
        assert office
        for action in (BookAct.SEVERAL, BookAct.TELL_ONE, BookAct.BACKUP):
            ref = Ref(h=book, v=Role.INCOMING if action is BookAct.TELL_ONE else Verb.CANCEL)
            click = Click(
                team=stage.slack.team_id,
                user=stage.ivan.id,
                key=f"forged-{action}",
                action=action,
                value=ref.dump(),
                trigger="",
                channel="",
            )
            with pytest.raises(FlowError, match="not_yours"):
                handle_book_click(office, click)
        stranger = Click(
            team=stage.slack.team_id,
            user=stage.ada.id,
            key="forged-show",
            action=BookAct.SHOW,
            value=Ref(h=book).dump(),
            trigger="",
            channel="",
        )
        with pytest.raises(FlowError, match="not_found"):
            handle_book_click(office, stranger)


def test_of_several_books_each_is_a_line(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        first = rows(stage)
        begin_book(stage, first[:2])
        begin_book(stage, [row.model_copy(update={"key": "1"}) for row in first[2:3]])
        stage.rest()
        shown = stage.lena.types("/handover book").text
        assert "Olga Costa's book: 2 accounts, 0 accepted" in shown
        assert "Fabrikam: Knowledge pack under way" in shown


def test_what_takes_longer_than_somebody_waits_goes_on_by_itself(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        begin_book(stage, [made_row(n) for n in range(1, 26)])
        stage.lena.opens_home()
        stage.until(lambda: "book: 25 accounts" in stage.lena.home().text)
        stage.lena.home().click("Show the book")
        stage.lena.modal("Book").click("Pause accounts")
        form = stage.lena.modal("Pause accounts")
        form.choose("Which accounts?", "All of them: 25 accounts")
        form.submit()
        sure = stage.lena.modal("Pause accounts")
        sure.fill("Why do they rest?", "Winter.")
        sure.submit()
        assert "I am at it: 25 accounts" in stage.lena.modal("Book").text
        stage.until(lambda: stage.stored("Account 25").ending.pause)
        stage.rest()
        stage.lena.modal().close()
        below = stage.lena.modal("Book")
        stage.until(lambda: "25 paused" in below.text or "25 paused" in stage.lena.modal().text)
