"""What an incoming CSM is offered of a book: answered an account at a time, or all at once."""

from pathlib import Path

from bot.sandbox import Message
from flows import events as e
from flows.handover import Acceptance, Party
from flows.terms import Segment
from tests.flows.books import made_row
from tests.wire.books import begin_book
from tests.wire.stage import Stage, record_in, sqlite_url, staged

ACCOUNTS = ("Contoso", "Fabrikam", "Northwind")


def offered(stage: Stage) -> Message:
    """Three of Olga's accounts are offered to Ivan."""
    ivan = Party(user=stage.ivan.id, name="Ivan")
    begin_book(
        stage,
        [
            made_row(1, account="Contoso", incoming=ivan, segment=Segment.ENTERPRISE, arr="70000"),
            made_row(2, account="Fabrikam", incoming=ivan),
            made_row(3, account="Northwind", incoming=ivan),
        ],
    )
    return stage.ivan.dm().wait("3 accounts for you")


def test_all_are_taken_over_at_once_and_questions_wait(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        offer = offered(stage)
        for words in ("about 26 hours for all of them", "no others, 3 with these", "50k–100k"):
            assert words in offer.text
        offer.click("Accept all 3", times=2)
        stage.until(lambda: "You take over: 3 (Contoso, Fabrikam, Northwind)" in offer.text)
        taken = [stage.stored(account).acceptance for account in ACCOUNTS]
        assert taken == [Acceptance.ACCEPTED] * 3
        stage.rest()
        assert len(stage.ivan.dm().messages) == 1
        assert not offer.thread
        offer.click("Continue with Contoso")
        stage.until(lambda: offer.thread)


def test_one_is_declined_and_goes_to_somebody_else(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        offer = offered(stage)
        offer.click("Decline", below="Fabrikam")
        form = stage.ivan.modal()
        form.fill("Why?", "Too much for me")
        assert form.submit().closed
        stage.until(lambda: "names somebody else): 1 (Fabrikam)" in offer.text)
        stage.rest()
        offer.click("Accept all 2")
        stage.until(lambda: "You take over: 2 (Contoso, Northwind)" in offer.text)
        assert stage.stored("Fabrikam").acceptance is Acceptance.DECLINED
        other = stage.slack.person("Zoe Zhang", tz="UTC")
        named = Party(user=other.id, name="Zoe Zhang")
        record_in(stage, "Fabrikam", stage.lena, e.IncomingNamed, incoming=named)
        stage.until(lambda: "somebody else takes over now: 1 (Fabrikam)" in offer.text)
        assert "Zoe" not in offer.text


def test_whoever_has_nothing_left_reads_just_that(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        offer = offered(stage)
        other = stage.slack.person("Zoe Zhang", tz="UTC")
        named = Party(user=other.id, name="Zoe Zhang")
        for account in ACCOUNTS:
            record_in(stage, account, stage.lena, e.IncomingNamed, incoming=named)
        stage.until(lambda: "Nothing is left for you to do" in offer.text)
        assert offer.buttons == []


def test_all_can_be_looked_through(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        offer = offered(stage)
        offer.click("Show all 3 accounts")
        listed = stage.ivan.modal("Your accounts")
        assert "Fabrikam" in listed.text
        listed.click("Show", below="Fabrikam")
        stage.ivan.modal("Handover").click("Accept handover")
        stage.until(lambda: "You take over: 1 (Fabrikam)" in offer.text)
