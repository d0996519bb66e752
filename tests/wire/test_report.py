"""How handovers went, in figures: for leaders, and only for them."""

import csv
import io
from pathlib import Path

from bot.desk import Receipt
from bot.sandbox import Message, Person
from bot.sandbox.files import Upload
from flows import events as e
from flows.confidential.vault import ChecksFilled
from flows.customer.moods import Feeling
from flows.end.completing import open_points
from flows.end.endings import Gap
from flows.end.following_up import follow_ups
from tests.flows.make import PLAYBOOK
from tests.wire.stage import Stage, list_leaders, record, sqlite_url, staged

COMING = "The report comes in a moment, in your messages with me."


def report(stage: Stage, words: str = "Report: ") -> Message:
    """Lena asks for it where she is."""
    stage.lena.types("/handover report")
    assert stage.told(stage.lena) == COMING
    return stage.lena.dm().wait(words)


def files(stage: Stage, suffix: str) -> list[Upload]:
    """What came as files, oldest first."""
    return [file for file in stage.slack.files if file.name.endswith(suffix)]


def misses(stage: Stage, account: str, question: str) -> None:
    """A whole handover goes by, and weeks later its customer misses something."""
    stage.start(account)
    stage.settle(stage.olga, account=account)
    handover = stage.stored(account)

    def does(by: Person, kind: type[e.Happened], /, **known: object) -> None:
        nonlocal handover
        event = e.EVENTS.validate_python(
            kind.model_validate({"at": stage.bot.clock.now(), "by": by.id} | known)
        )
        receipt = Receipt(handover.team, f"{handover.id}-{handover.seq}")
        handover = stage.bot.desk.record(receipt, handover.id, event).handover

    does(stage.ivan, e.Accepted)
    for point in open_points(handover, PLAYBOOK):
        does(stage.lena, e.PointWaived, what=point.what, why="It is a small account")
    for person in (stage.olga, stage.ivan):
        does(person, e.Signed)
    checked = ChecksFilled(at=stage.bot.clock.now(), by=stage.lena.id)
    receipt = Receipt(handover.team, f"{handover.id}-checked")
    stage.bot.desk.record_in_vault(receipt, handover.id, checked)
    does(stage.lena, e.Completed)
    found = {"explained_again": True, "gaps": (Gap(question=question),), "well": False}
    does(stage.lena, e.FollowedUp, key=next(iter(follow_ups(handover, PLAYBOOK))), **found)


def test_a_leader_gets_picture_words_and_rows(database_url: str) -> None:
    with staged(database_url) as stage:
        list_leaders(stage)
        stage.start()
        record(stage, stage.ivan, e.Accepted)
        record(stage, stage.ivan, e.MoodGiven, round="sentiment_1", feeling=Feeling.WORSE)
        stage.rest()
        told = report(stage)
        stage.rest()
        assert "1 handover that you lead: 1 under way, 0 complete, 0 called off" in told.text
        assert "worse 1 (100 %)" in told.text
        (picture,), (rows,) = files(stage, ".png"), files(stage, ".csv")
        assert picture.content.startswith(b"\x89PNG")
        assert "All (1 handover): pack accepted none yet" in picture.alt
        said = [m for m in stage.lena.dm().messages if m.files or m == told]
        assert [m.files for m in said] == [[picture.name], [], [rows.name]]
        (row,) = csv.DictReader(io.StringIO(rows.content.decode("utf-8-sig")))
        assert (row["Account"], row["Worse"], row["Leader"]) == ("Northwind", "1", "Lena Berg")
        assert "Outgoing CSM" not in row
        told.click("Last 365 days")
        stage.hears(stage.lena, COMING)
        stage.rest()
        again = stage.lena.dm().wait("Report: ", since=told)
        assert "Last 90 days" in again.buttons
        assert [len(files(stage, suffix)) for suffix in (".png", ".csv")] == [2, 2]


def test_home_and_menu_have_it_for_leaders_only(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start()
        stage.rest()
        for person, leads in ((stage.lena, True), (stage.olga, False)):
            person.types("/handover")
            assert ("My report" in stage.slack.ephemerals(person)[-1].buttons) == leads
            assert ("My report" in person.opens_home().buttons) == leads
        stage.lena.home().click("My report")
        stage.lena.modal().close()
        stage.lena.dm().wait("Report: ")


def test_whoever_leads_nothing_hears_so_where_they_typed(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start()
        stage.rest()
        people = (stage.olga, stage.ivan, stage.ada)
        before = [len(person.dm().every_message) for person in people]
        for person in people:
            person.types("/handover report")
            assert stage.told(person).startswith("The report is for whoever leads handovers.")
        stage.rest()
        assert [len(person.dm().every_message) for person in people] == before
        assert not stage.slack.files


def test_a_leader_of_nothing_yet_reads_so(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        nothing = report(stage, "nothing to count yet")
        assert "in the last 90 days" in nothing.text
        stage.rest()
        assert not stage.slack.files
        nothing.click("Last 30 days")
        stage.lena.dm().wait("in the last 30 days")


def test_an_admin_has_figures_per_csm_and_each_csm_reads_their_own(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start()
        stage.rest()
        stage.ada.types("/handover settings")
        form = stage.ada.modal()
        form.tick("Figures per CSM in reports")
        assert form.submit().closed
        told = report(stage)
        assert "Olga Costa: 1 handover" in told.text
        stage.olga.types("/handover report")
        assert stage.told(stage.olga) == COMING
        own = stage.olga.dm().wait("Your own figures")
        assert "Handing over: 1 handover" in own.text
        assert "Ivan" not in own.text
        stage.rest()
        assert "Olga Costa" in files(stage, ".csv")[-1].content.decode()
        assert len(files(stage, ".csv")) == 1


def test_three_gaps_at_one_question_propose_to_ask_it(database_url: str) -> None:
    """Row N15: told once to whoever may change settings, until somebody notes it."""
    with staged(database_url) as stage:
        list_leaders(stage)
        for account in ("Northwind", "Contoso", "Fabrikam"):
            assert stage.ada.dm().find("In 3 handovers") is None
            misses(stage, account, "TH3")
        stage.rest()
        lesson = stage.ada.dm().wait("In 3 handovers the customer had to explain again")
        assert 'need = { smb = "required"' in lesson.text
        assert stage.lena.dm().find("In 3 handovers") is None
        before = report(stage)
        assert "TH3" in before.text
        lesson.click("Noted")
        stage.hears(stage.ada, "Noted.")
        stage.until(lambda: "is noted" in lesson.text)
        stage.lena.types("/handover report")
        after = stage.lena.dm().wait("Report: ", since=before)
        assert "My proposal" in before.text
        assert "My proposal" not in after.text
