"""A book after its start: one thread for whoever hands over, one offer for whoever takes over."""

from flows import events as e
from flows.handover import Acceptance, Party
from storage import undelivered
from tests.flows.books import made_row
from tests.wire.books import begin_book
from tests.wire.stage import list_leaders, record, staged


def test_two_accounts_in_one_thread(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        ivan = Party(user=stage.ivan.id, name="Ivan")
        rows = [
            made_row(1, account="Northwind", incoming=ivan),
            made_row(2, account="Contoso", incoming=ivan),
        ]
        begin_book(stage, rows)
        card = stage.olga.dm().wait("Your book: 2 accounts")
        offer = stage.ivan.dm().wait("2 accounts for you")
        card.click("Continue with Contoso")
        stage.until(lambda: card.thread)
        card.reply("They are fine and like us.")
        stage.until(lambda: stage.stored("Contoso").answers)
        assert not stage.stored("Northwind").answers
        offer.click("Accept handover", below="Northwind")
        stage.until(lambda: "You take over: 1 (Northwind)" in offer.text)
        assert stage.stored("Northwind").acceptance is Acceptance.ACCEPTED
        assert stage.stored("Contoso").acceptance is Acceptance.WAITING
        stage.rest()
        assert len(stage.olga.dm().messages) == len(stage.ivan.dm().messages) == 1


def test_who_came_to_one_account_later_is_not_led_through_a_book_that_is_not_theirs(
    sqlite_url: str,
) -> None:
    with staged(sqlite_url) as stage:
        list_leaders(stage)
        kim = stage.slack.person("Kim Lund")
        rows = [
            made_row(n, account=account, incoming=Party(user=stage.ivan.id, name="Ivan"))
            for n, account in ((1, "Northwind"), (2, "Contoso"))
        ]
        begin_book(stage, rows)
        stage.ivan.dm().wait("2 accounts for you")
        named = Party(user=kim.id, name="Kim Lund")
        record(stage, stage.lena, e.IncomingNamed, incoming=named, no_text_because="Not told yet.")
        kim.dm().wait("take Northwind over").click("Accept handover")
        stage.until(lambda: kim.id in stage.stored().interviews)
        stage.rest()
        stage.settle(kim)
        stage.rest()
        assert stage.stored().interviews[kim.id].current is None
        with stage.bot.database.read() as connection:
            assert undelivered.dead_letters(connection, stage.slack.team_id) == []
