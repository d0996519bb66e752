"""What several customers are told goes to the leader, and gets their word, in one act each."""

from pathlib import Path

from bot.sandbox import Message
from flows import events as e
from flows.handover import Party
from flows.schedule.timeline import message_approved
from flows.texts.pieces import approved_text, pending, text_of
from tests.flows.books import made_row
from tests.wire.books import begin_book
from tests.wire.stage import Stage, list_leaders, record_in, sqlite_url, staged

ACCOUNTS = ("Contoso", "Fabrikam", "Northwind")


def drafted(stage: Stage) -> Message:
    """Three packs are accepted and the reason is agreed: Olga's card."""
    list_leaders(stage)
    boris = stage.slack.person("Boris Meier", tz="Europe/Berlin")
    ivan = Party(user=stage.ivan.id, name="Ivan")
    begin_book(
        stage, [made_row(n, account=a, incoming=ivan) for n, a in enumerate(ACCOUNTS, start=1)]
    )
    for account in ACCOUNTS:
        record_in(stage, account, stage.ivan, e.Accepted)
        for person in (stage.ivan, stage.olga):
            stage.settle(person, account=account)
        record_in(stage, account, stage.ivan, e.PackAccepted)
        record_in(stage, account, stage.lena, e.BackupNamed, user=boris.id)
        for person in (stage.ivan, stage.olga):
            record_in(stage, account, person, e.ReasonAgreed, version=1)
    return stage.olga.dm().wait("Your book: 3 accounts")


def sent(stage: Stage) -> Message:
    card = drafted(stage)
    stage.until(lambda: "Send for approval for 3 accounts" in card.buttons)
    card.click("Send for approval for 3 accounts", times=2)
    shown = stage.lena.dm().wait("Please approve: ")
    stage.until(lambda: "Approve for 3 accounts" in shown.buttons)
    return shown


def test_three_accounts_are_sent_and_approved_in_one_act_each(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        card = sent(stage)
        for words in ("[account]", "Contoso", "Fabrikam", "Northwind", "Thank you for the work"):
            assert words in card.text
        assert card.text.count("Thank you for the work") == 1
        card.click("Read", below="Contoso")
        whole = stage.lena.modal()
        assert "Dear [name]" in whole.text
        card.click("Approve for 3 accounts", times=2)
        stage.until(lambda: "Everything here is decided (3 accounts)" in card.text)
        assert all(message_approved(stage.stored(account)) for account in ACCOUNTS)
        stage.rest()
        assert [m for m in stage.lena.dm().messages if "Please approve: " in m.text] == []


def test_drafts_are_told_on_the_card_and_sent_for_the_asking(tmp_path: Path) -> None:
    """Twenty accounts must not mean twenty messages with drafts."""
    with staged(sqlite_url(tmp_path)) as stage:
        card = drafted(stage)
        stage.until(lambda: "Send for approval for 3 accounts" in card.buttons)
        stage.rest()

        def drafts() -> list[Message]:
            return [m for m in stage.olga.dm().messages if "Texts for the customer" in m.text]

        assert drafts() == []
        card.choose("Look at the texts", "Fabrikam")
        stage.olga.dm().wait("Texts for the customer: Fabrikam")
        assert len(drafts()) == 1


def test_what_was_changed_meanwhile_is_refused_and_told(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        card = sent(stage)
        stage.rest()
        handover = stage.stored("Fabrikam")
        with stage.bot.database.read() as connection:
            playbook = stage.bot.desk.playbooks.of(connection, handover)
        text = f"{text_of(handover, playbook, 'hello').text}\n\nSee you!"
        changed = {"key": "hello", "version": 1, "text": text}
        record_in(stage, "Fabrikam", stage.ivan, e.LetterWorded, **changed)
        card.click("Approve for 3 accounts")
        stage.until(lambda: "Fabrikam: changed since you read it" in card.text)
        assert approved_text(stage.stored("Contoso"), "hello")
        assert not approved_text(stage.stored("Fabrikam"), "hello")
        assert "other words in Hello" in card.text
        card.click("Take out", below="Fabrikam")
        alone = stage.lena.dm().wait("Please approve: Fabrikam")
        stage.until(lambda: "Everything here is decided" in card.text)
        alone.click("Approve all")
        stage.until(lambda: not pending(stage.stored("Fabrikam")))


def test_a_list_of_all_is_looked_through(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        card = sent(stage)
        card.click("Show all 3")
        assert "Page 1 of 1" in stage.lena.modal("To be approved").text
