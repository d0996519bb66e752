"""A reply that is faster than our own note of the message that it replies to."""

from tests.flows.books import made_row
from tests.wire.books import begin_book
from tests.wire.stage import list_leaders, staged


def test_a_reply_to_a_question_between_people_waits_until_it_is_known(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        list_leaders(stage)
        stage.start()
        stage.olga.dm().wait("Northwind · 1 of 12")
        stage.rest()
        stage.slack.fault("chat.postMessage", "lost_after")
        stage.ivan.dm().wait("take Northwind over").click("Ask first")
        form = stage.ivan.modal("Ask first")
        form.fill("Your question", "Who is their CFO?")
        assert form.submit().closed
        stage.olga.dm().wait("asks before taking").reply("Ana, since May")
        dm = stage.ivan.dm()
        dm.wait_until(lambda: dm.find("Ana, since May"), "the answer")
        assert stage.stored().answers == {}


def test_a_reply_in_a_books_thread_waits_until_it_is_known_which_account_asks(
    sqlite_url: str,
) -> None:
    with staged(sqlite_url) as stage:
        begin_book(stage, [made_row(1, account="Northwind"), made_row(2, account="Contoso")])
        card = stage.olga.dm().wait("Your book: 2 accounts")
        stage.rest()
        stage.slack.fault("chat.postMessage", "lost_after")
        card.click("Continue with Contoso")
        stage.until(lambda: card.thread)
        card.reply("They are fine and like us.")
        dm = stage.olga.dm()
        dm.wait_until(lambda: stage.stored("Contoso").answers, "the answer")
        assert not stage.stored("Northwind").answers
        assert not dm.find("Which account")
