"""A book after its start: one thread for whoever hands over, one offer for whoever takes over."""

from flows.handover import Acceptance, Party
from tests.flows.books import made_row
from tests.wire.books import begin_book
from tests.wire.stage import staged


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
