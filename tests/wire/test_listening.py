"""The leader hears an unhappy customer out, and sees to it that each point gets an answer."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.sandbox import Message, ModalScreen, Person
from flows.confidential.vault import Vault
from storage import handovers
from tests.privacy.cast import ACCOUNT, Cast, cast
from tests.wire.stage import today

SAID = "Tourmaline: nobody ever calls us back"
ACTION = "Agree on a weekly call with Joris"


def prepared(play: Cast, confidential: str = "Underperforming") -> Person:
    """Lena leads; Ivan has accepted; Leader's checks are answered where they ask something."""
    play.prepare(confidential=confidential)
    stage = play.stage
    stage.ivan.dm().wait(f"take {ACCOUNT} over").click("Accept handover")
    play.rest()
    return stage.lena


def checks(play: Cast, lena: Person) -> ModalScreen:
    lena.dm().wait("Leader's checks").click("Open Leader's checks")
    return lena.modal("Leader's checks")


def answers(play: Cast, lena: Person, listener: Person) -> ModalScreen:
    """Lena answers what she is asked, and has Kim hear the customer out."""
    form = checks(play, lena)
    for label in form.labels:
        if label.endswith(("complained about?", "check?")):
            form.fill(label, "Two reviews were cancelled.")
    form.pick_person("Who listens", listener)
    form.pick_date("When", today() + timedelta(days=1))
    return form


def points(play: Cast, lena: Person) -> ModalScreen:
    checks(play, lena).click("What the customer said")
    return lena.modal("What the customer said")


def looked(play: Cast, person: Person) -> Message:
    """What this person is shown of the handover."""
    person.types(f"/handover show {ACCOUNT}")
    play.rest()
    return play.stage.slack.ephemerals(person)[-1]


def is_to_look(play: Cast, person: Person) -> bool:
    """Whether Home asks somebody to look at Leader's checks; more it never says."""
    home = person.opens_home()
    play.rest()
    return "look at Leader's checks" in home.text


def vault_of(play: Cast) -> Vault:
    with play.stage.bot.database.read() as connection:
        found = handovers.load_vault(connection, play.stage.slack.team_id, play.stage.stored().id)
    assert found
    return found.value


def adds(play: Cast, shown: ModalScreen, said: str) -> None:
    shown.click("Add point")
    play.stage.until(lambda: shown.title == "Add point")
    shown.fill("What did the customer say?", said)
    result = shown.submit()
    assert not result.errors
    assert shown.title == "What the customer said"


def closes(play: Cast, shown: ModalScreen, point: str) -> None:
    shown.click("Close point", below=point)
    play.rest()


def tells(play: Cast, shown: ModalScreen, point: str) -> None:
    shown.click("Told the customer", below=point)
    play.stage.until(lambda: shown.title == "Told the customer")
    shown.submit()
    assert shown.title == "What the customer said"


def test_the_call_is_held_before_the_introduction(tmp_path: Path) -> None:
    with cast(tmp_path) as play:
        stage, lena = play.stage, prepared(play)
        refused = answers(play, lena, stage.olga)
        assert "the outgoing CSM does not hear them out" in refused.submit().errors["Who listens"]
        refused.close()
        assert answers(play, lena, play.kim).submit().closed
        play.rest()
        # The gate is done and stays so; what is left is on the leader's own list.
        assert "Leader's checks: done" in lena.dm().wait("Leader's checks").text
        assert is_to_look(play, lena)
        shown = points(play, lena)
        assert "Kim Lund on" in shown.text
        assert "Before the introduction on" in shown.text
        shown.click("It was held")
        stage.until(lambda: shown.title == "Listening call")
        # The day after tomorrow is ahead in every zone.
        shown.pick_date("When was it held?", today() + timedelta(days=2))
        assert "still to come" in shown.submit().errors["When was it held?"]
        shown.pick_date("When was it held?", today())
        shown.submit()
        assert "held on" in shown.text
        shown.close(all_of_them=True)
        assert not is_to_look(play, lena)


def test_each_point_is_closed_and_told(tmp_path: Path, database_url: str) -> None:
    with cast(tmp_path, url=database_url) as play:
        stage, lena = play.stage, prepared(play)
        shown = points(play, lena)
        adds(play, shown, SAID)
        # The same words once more are another point.
        adds(play, shown, SAID)
        adds(play, shown, "The export is slow")
        assert "3 points to close" in shown.text
        closes(play, shown, "The export is slow")
        assert "2 points to close and 1 point to tell the customer about" in shown.text
        tells(play, shown, "The export is slow")
        assert "the customer was told on" in shown.text
        shown.click("Open again", below="The export is slow")
        stage.until(lambda: "3 points to close" in shown.text)
        shown.close(all_of_them=True)
        play.rest()
        for person in play.everybody:
            if person is not lena:
                assert "Tourmaline" not in "".join(stage.slack.seen_by(person))
        assert not any("Tourmaline" in message.text for message in lena.dm().every_message)
        kept = vault_of(play).listening.points
        assert [point.said for point in kept] == [SAID, SAID, "The export is slow"]


def test_a_point_is_passed_on_in_other_words(tmp_path: Path, database_url: str) -> None:
    with cast(tmp_path, url=database_url) as play:
        stage, lena = play.stage, prepared(play)
        shown = points(play, lena)
        adds(play, shown, SAID)
        shown.click("Pass on as an action")
        stage.until(lambda: shown.title == "Pass on as an action")
        assert SAID in shown.text
        assert shown.value("What is to be done?") == ""
        shown.fill("What is to be done?", SAID)
        shown.choose("Who does it", "Olga Costa")
        assert "write anew" in shown.submit().errors["What is to be done?"]
        assert stage.stored().records == ()
        shown.fill("What is to be done?", ACTION)
        shown.submit()
        assert f"passed on to Olga Costa: “{ACTION}”" in shown.text
        shown.close(all_of_them=True)
        play.rest()
        stage.olga.dm().wait(f"“{ACTION}”").click("Mark done")
        play.rest()
        shown = points(play, lena)
        assert "done ✓; the customer is to be told" in shown.text
        tells(play, shown, SAID)
        assert "Every point is closed, and the customer knows." in shown.text
        shown.close(all_of_them=True)


def test_where_a_points_owner_leaves_the_leader_is_asked(tmp_path: Path) -> None:
    with cast(tmp_path) as play:
        stage = play.stage
        form = play.leader_form("Underperforming")
        form.click("More")
        play.rest()
        form.pick_person("Backup", play.boris)
        told = form.submit().modal
        assert told is not None
        assert told.submit().closed
        play.rest()
        assert answers(play, stage.lena, play.kim).submit().closed
        shown = points(play, stage.lena)
        shown.click("It was held")
        stage.until(lambda: shown.title == "Listening call")
        shown.tick("The customer wants no such call")
        shown.submit()
        assert "the customer wants none" in shown.text
        shown.click("Add point")
        stage.until(lambda: shown.title == "Add point")
        shown.fill("What did the customer say?", SAID)
        shown.choose("Who sees to it", "Boris Meier")
        shown.submit()
        assert "With Boris Meier" in shown.text
        shown.close(all_of_them=True)
        assert is_to_look(play, play.boris)
        assert not is_to_look(play, stage.lena)
        stage.bot.desk.person_gone(stage.slack.team_id, play.boris.id)
        assert is_to_look(play, stage.lena)


def test_many_points_come_page_by_page(tmp_path: Path) -> None:
    with cast(tmp_path) as play:
        stage, lena = play.stage, prepared(play, "None")
        shown = points(play, lena)
        for number in range(12):
            adds(play, shown, f"Point {number}")
        assert "Page 1 of 2" in shown.text
        shown.click("Next page")
        stage.until(lambda: "Page 2 of 2" in shown.text)
        assert "Point 11" in shown.text
        # What is done on a page comes back to it.
        shown.click("Close point", below="Point 10")
        stage.until(lambda: "Open again" in shown.buttons)
        assert "Page 2 of 2" in shown.text
        shown.click("Change", below="Point 11")
        stage.until(lambda: shown.title == "Change this point")
        assert shown.value("What did the customer say?") == "Point 11"
        shown.fill("What did the customer say?", "Point eleven")
        shown.pick_date("By when", today() - timedelta(days=1))
        assert "has passed" in shown.submit().errors["By when"]
        shown.pick_date("By when", today())
        shown.submit()
        assert "Point eleven" in shown.text
        shown.close(all_of_them=True)


@pytest.mark.parametrize(
    ("confidential", "chosen", "read"),
    [
        ("None", "Nothing", "has nothing to add"),
        ("Underperforming", "Nothing", "has nothing to add"),
        ("None", "That the customer wants to be heard", "wants to be heard"),
        ("Underperforming", "The confidential reason", "Underperforming"),
    ],
)
def test_the_incoming_csm_reads_what_the_leader_chose(
    tmp_path: Path, confidential: str, chosen: str, read: str
) -> None:
    with cast(tmp_path) as play:
        stage, lena = play.stage, prepared(play, confidential)
        checks(play, lena).click("What Ivan Petrov is told")
        form = lena.modal("What they are told")
        form.choose("What may Ivan Petrov know?", chosen)
        assert form.submit().closed
        play.rest()
        told = [m for m in stage.ivan.dm().every_message if "has a word for you" in m.text]
        assert bool(told) == (chosen != "Nothing")
        looked(play, stage.ivan).click("A word from your leader")
        word = stage.ivan.modal("A word from your leader")
        assert read in word.text
        word.close()
        # It stands in that window and nowhere else.
        assert not any("Underperforming" in m.text for m in stage.ivan.dm().every_message)
        assert "A word from your leader" not in looked(play, stage.olga).buttons
        lena.modal().close()


def test_a_leader_gives_an_action_on_any_handover(tmp_path: Path) -> None:
    with cast(tmp_path) as play:
        stage, lena = play.stage, prepared(play, "None")
        lena.dm().wait("Leader's checks").click("Add an action")
        form = lena.modal("Add an action")
        form.fill("What is to be done?", ACTION)
        form.choose("Who does it", "Ivan Petrov")
        assert form.submit().closed
        play.rest()
        message = stage.ivan.dm().wait(f"“{ACTION}”")
        assert "Lena Berg asks you to see to this by" in message.text
        assert f"“{ACTION}”" in stage.ivan.opens_home().text
        message.click("Mark done")
        stage.until(lambda: "Done ✓ (you)" in message.text)
        message.click("Open it again")
        stage.until(lambda: "asks you to see to this" in message.text)


def test_the_leader_leaves_the_outgoing_csm_out_of_customer_calls(tmp_path: Path) -> None:
    with cast(tmp_path) as play:
        stage, lena = play.stage, prepared(play, "None")
        lena.dm().wait("Leader's checks").click("Show the plan")
        plan = lena.dm().wait("Plan: Northwind")
        assert "Heads-up to the customer · Olga Costa" in plan.text
        plan.click("Customer calls without Olga Costa")
        stage.until(lambda: "Heads-up to the customer · you" in plan.text)
        assert "Customer calls without Olga Costa, decided by you" in plan.text
        plan.click("Customer calls with Olga Costa again")
        stage.until(lambda: "Heads-up to the customer · Olga Costa" in plan.text)
