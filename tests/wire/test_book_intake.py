"""The intake of a book: lists in every form, what can't be taken, who starts it, and undo."""

import pytest

from bot.desk import Receipt
from bot.sandbox import CannotSubmit
from flows.events import Started
from flows.handover import Party, Telling, When
from flows.terms import DateIs, Reason, Role, Segment
from tests.flows.books import made_row
from tests.wire.books import prepare_book
from tests.wire.listing import (
    accounts_stored,
    filled,
    gathered,
    opened,
    paste,
    shown_next,
    upload,
)
from tests.wire.stage import Stage, staged, today

LINES = "Northwind – SMB – Ivan – 120k – 1 March 2027\nContoso – enterprise – Ivan\nFabrikam"
LIST = """Kunde;Segment;New CSM;ARR;Renewal;Owner;S1
Müller & Söhne;SMB;Ivan;1200;2027-03-01;Olga;They sell boats
müller & söhne;SMB;Ivan;;;Ada Admin;
Contoso;SMB;Ivann;oops;;Olga;
=cmd|'/C calc'!A0;;;;;;
"""


def test_each_csm_has_one_message_for_all_their_accounts(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        gathered(stage)
        accounts = opened(stage.lena, stage.olga)
        paste(stage, stage.lena, accounts, LINES)
        assert "2 can be taken over · 1 can't" in accounts.text
        accounts.click("Set the segment of 1")
        form = stage.lena.modal()
        form.choose("Segment of the 1 account without one", "Mid-market")
        assert form.submit().closed
        stage.until(lambda: "3 can be taken over" in accounts.text)
        told = shown_next(accounts)
        assert "Ivan Petrov: 2 accounts" in told.text
        assert "For 1 account nobody is named yet" in told.text
        started = shown_next(told)
        assert "They are told at" in started.text
        stage.rest()
        assert not stage.olga.dm().messages
        assert not stage.ivan.dm().messages
        started.click("Tell them now")
        stage.olga.dm().wait("3 accounts")
        stage.ivan.dm().wait("2 accounts for you")
        stage.rest()
        assert len(stage.olga.dm().messages) == len(stage.ivan.dm().messages) == 1
        assert str(stage.stored("Northwind").arr) == "120000"


def test_a_csv_is_told_apart_its_faults_read_and_its_notes_confirmed(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        gathered(stage)
        accounts = opened(stage.lena, stage.olga)
        columns = upload(stage, stage.lena, accounts, LIST.encode("cp1252"))
        assert columns.value("Kunde") == "Account"
        assert "Like Müller & Söhne" in columns.text
        columns.choose("Owner", "Account")
        assert "already" in columns.submit().errors["Owner"]
        columns.choose("Owner", "Outgoing CSM, to check")
        assert columns.submit().closed
        stage.until(lambda: "4 accounts" in accounts.text)
        unread = shown_next(accounts)
        assert "Accounts owned by somebody else: 1" in unread.text
        assert "Accounts listed twice: 1" in unread.text
        assert "perhaps Ivan Petrov" in unread.text
        assert "4: Contoso" in unread.text
        with pytest.raises(CannotSubmit):
            unread.submit()
        unread.click("Back to the accounts")
        stage.until(lambda: "Say who is who (1)" in accounts.buttons)
        accounts.click("Say who is who (1)")
        who = stage.lena.modal()
        who.pick_person("Who is Ivann?", stage.ivan)
        assert who.submit().closed
        stage.until(lambda: "Say who is who (1)" not in accounts.buttons)
        unread = shown_next(accounts)
        for kind in (
            "accounts listed twice",
            "accounts owned by somebody else",
            "accounts without a segment",
            "values that I can't read",
        ):
            unread.tick(f"I have read this: {kind}")
        told = shown_next(unread)
        assert "Ivan Petrov: 2 accounts" in told.text
        shown_next(told).click("Tell them now")
        stage.olga.dm().wait("2 accounts")
        waiting = stage.stored("Müller &amp; Söhne").prefilled["S1"]
        assert (waiting.known.text, waiting.by) == ("They sell boats", stage.lena.id)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04 a workbook", "Save it as CSV"),
        (b"  \n ", "nothing in this file"),
        (b"Account;Segment\n" + b"Somebody;SMB\n" * 100_000, "500 accounts"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_and_nothing_is_added(
    sqlite_url: str, content: bytes, words: str
) -> None:
    with staged(sqlite_url) as stage:
        gathered(stage)
        accounts = opened(stage.lena, stage.olga)
        said = upload(stage, stage.lena, accounts, content, until=words)
        assert "Nothing was added" in said.text
        said.close()
        assert "no accounts yet" in accounts.text


def test_its_outgoing_csm_prepares_a_book_and_the_leader_starts_it(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        gathered(stage)
        accounts = opened(stage.olga, stage.olga)
        paste(stage, stage.olga, accounts, LINES)
        stage.lena.types("/handover book")
        assert "Northwind" not in stage.lena.modal().text
        stage.lena.modal().close()
        unread = shown_next(accounts)
        unread.tick("I have read this: accounts without a segment")
        told = shown_next(unread)
        assert "Confidential reason" not in told.text
        assert "is asked to start it" in shown_next(told).text
        stage.lena.dm().wait("asks you to start it").click("Open the book")
        told = shown_next(stage.lena.modal())
        told.choose("When: the incoming CSMs", "Not through the bot")
        told.choose("Confidential reason", "Underperforming")
        started = shown_next(told)
        assert "The incoming CSMs: not through me" in started.text
        started.click("Tell them now")
        stage.olga.dm().wait("2 accounts")
        stage.rest()
        assert not stage.ivan.dm().messages
        assert "nderperforming" not in str(stage.slack.seen_by(stage.olga))


def test_a_start_is_taken_back_and_prepared_again(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        gathered(stage)
        accounts = opened(stage.lena, stage.olga)
        paste(stage, stage.lena, accounts, "Northwind – SMB – Ivan\nContoso – SMB")
        shown_next(shown_next(accounts)).close()
        stage.rest()
        assert accounts_stored(stage, "Northwind", "Contoso") == [
            "Northwind: in_flight",
            "Contoso: in_flight",
        ]
        stage.lena.types("/handover book")
        stage.lena.modal().click("Undo")
        stage.rest()
        assert accounts_stored(stage, "Northwind", "Contoso") == [
            "Northwind: discarded",
            "Contoso: discarded",
        ]
        assert stage.lena.dm().wait("The start was taken back").blocks
        stage.lena.modal().click("Prepare it again", times=2)
        stage.until(lambda: "2 can be taken over" in stage.lena.modal().text)
        stage.lena.modal().close()
        assert not stage.olga.dm().messages
        assert not stage.ivan.dm().messages
        stage.lena.types("/handover book")
        assert "2 can be taken over" in stage.lena.modal().text


def test_accounts_are_edited_page_by_page_and_all_are_in_one_message(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        gathered(stage)
        accounts = opened(stage.lena, stage.olga)
        lines = "".join(f"Account {at:02},SMB\n" for at in range(1, 61))
        columns = upload(stage, stage.lena, accounts, f"Account,Segment\n{lines}".encode("utf-16"))
        assert columns.submit().closed
        stage.until(lambda: "60 accounts" in accounts.text)
        accounts.click("Next page")
        stage.until(lambda: "Accounts 41 to 60 of 60" in accounts.text)
        accounts.click("Edit", below="Account 41")
        form = stage.lena.modal()
        form.pick_person("Incoming CSM", stage.olga)
        form.fill("Annual revenue (ARR)", "a lot")
        assert "number" in form.submit().errors["Annual revenue (ARR)"]
        form.fill("Annual revenue (ARR)", "12k")
        form.pick_person("Incoming CSM", stage.ivan)
        assert form.submit().closed
        stage.until(lambda: "to Ivan Petrov · 12,000" in accounts.text)
        accounts.click("Take out", below="Account 42")
        stage.until(lambda: "1 taken out" in accounts.text)
        accounts.click("Put back", below="Account 42")
        stage.until(lambda: "60 can be taken over" in accounts.text)
        assert "Accounts 41 to 60 of 60" in accounts.text
        shown_next(shown_next(accounts)).click("Tell them now")
        stage.olga.dm().wait("60 accounts")
        stage.rest()
        assert len(stage.olga.dm().messages) == len(stage.ivan.dm().messages) == 1


def test_an_account_under_way_is_told_to_whom_it_may_be_known_and_to_nobody_else(
    sqlite_url: str,
) -> None:
    with staged(sqlite_url) as stage:
        gathered(stage)
        stage.start("Contoso")
        _starts_quietly(stage, "Northwind")
        accounts = opened(stage.olga, stage.olga)
        paste(stage, stage.olga, accounts, LINES)
        assert accounts.text.count("being handed over already") == 1
        unread = shown_next(accounts)
        assert "Accounts being handed over already: 1" in unread.text
        assert "2: Contoso" in unread.text
        for kind in ("accounts without a segment", "accounts being handed over already"):
            unread.tick(f"I have read this: {kind}")
        shown_next(shown_next(unread)).close()
        stage.lena.dm().wait("asks you to start it").click("Open the book")
        # Lena knows of Northwind, and that Olga must not.
        assert stage.lena.modal().text.count("being handed over already") == 1
        started = shown_next(shown_next(stage.lena.modal()))
        assert "started: 1 account." in started.text


def _starts_quietly(stage: Stage, account: str) -> None:
    """A handover from Olga of which she is not told."""
    never = Telling(when=When.NEVER)
    start = Started(
        at=stage.bot.clock.now(),
        by=stage.lena.id,
        id="quiet",
        team=stage.slack.team_id,
        playbook=stage.bot.desk.playbooks.name,
        tellings={Role.OUTGOING: never, Role.INCOMING: never},
        today=today(),
        account=account,
        segment=Segment.SMB,
        reason=Reason.REASSIGNMENT,
        outgoing=Party(user=stage.olga.id, name="Olga"),
        incoming=Party(user=stage.ivan.id, name="Ivan"),
        leader=stage.lena.id,
        day=today(),
        day_is=DateIs.SWITCH_BY,
    )
    stage.bot.desk.start(Receipt(stage.slack.team_id, "quiet"), start)


def test_leaders_find_it_in_the_menu_and_at_home_and_others_by_its_command(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        gathered(stage)
        for person, leads in ((stage.lena, True), (stage.ivan, False)):
            person.types("/handover")
            menu = stage.hears(person, "What would you like to do?")
            assert ("Hand over a book" in menu.buttons) is leads
            person.opens_home()
            stage.rest()
            assert ("Hand over a book" in person.home().buttons) is leads
        stage.hears(stage.lena, "What would you like to do?").click("Hand over a book")
        assert stage.lena.modal().title == "Hand over a book"


def test_a_list_that_was_put_aside_is_taken_up_again(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        gathered(stage)
        accounts = opened(stage.lena, stage.olga)
        upload(stage, stage.lena, accounts, b"Account;Segment\nContoso;SMB\n").close()
        stage.until(lambda: "1 line, not added yet" in accounts.text)
        accounts.click("Say what its columns are")
        assert stage.lena.modal("Columns").submit().closed
        stage.until(lambda: "1 can be taken over" in accounts.text)
        assert "not added yet" not in accounts.text


def test_what_somebody_took_over_before_is_picked(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        gathered(stage)
        stage.start("Northwind")
        accounts = opened(stage.lena, stage.ivan)
        accounts.click("Pick accounts I know")
        form = stage.lena.modal("Pick accounts")
        form.choose("Accounts", "Northwind")
        assert form.submit().closed
        stage.until(lambda: "Northwind" in accounts.text)


def test_a_second_book_is_begun_beside_the_first(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        gathered(stage)
        for outgoing in (stage.olga, stage.ivan):
            prepare_book(stage, [made_row(1)], outgoing=outgoing)
        stage.lena.types("/handover book")
        chosen = stage.lena.modal()
        assert "Book of Olga Costa" in chosen.text
        chosen.click("Begin another book")
        stage.until(lambda: "Outgoing CSM" in stage.lena.modal().labels)
        accounts = filled(stage.lena.modal(), stage.ada).submit().modal
        assert accounts is not None
        assert "Book of Ada Admin" in accounts.text
