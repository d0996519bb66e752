"""Accept, ask first and decline; what the incoming CSM is asked; Leader's checks."""

from datetime import timedelta
from pathlib import Path

from bot.custody.forgetting import forget_known
from flows.events import SomebodyAsked
from flows.handover import Acceptance
from storage import people
from tests.wire.stage import (
    Stage,
    asked,
    list_leaders,
    question,
    record,
    sqlite_url,
    staged,
    today,
)


def test_asking_first_and_both_ways_to_answer(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start()
        card = stage.ivan.dm().wait("take Northwind over")
        assert "Other open handovers you have: none" in card.text
        card.click("Ask first")
        form = stage.ivan.modal("Ask first")
        assert "Olga Costa" in form.text
        form.fill("Your question", "   ")
        assert "fill this in" in form.submit().errors["Your question"]
        form.fill("Your question", "Who is <!channel> their CFO?")
        assert form.submit().closed
        ask = stage.olga.dm().wait("asks before taking")
        ask.reply("Ana, since May")
        answered = stage.ivan.dm().wait("answered your question")
        assert "Ana, since May" in answered.text
        stage.until(lambda: "You answered" in ask.text)
        card.click("Ask first")
        form = stage.ivan.modal("Ask first")
        form.fill("Your question", "When do we meet?")
        assert form.submit().closed
        stage.olga.dm().wait("When do we meet?").click("Answer")
        form = stage.olga.modal("Answer")
        form.fill("Your answer", "On Monday")
        assert form.submit().closed
        stage.ivan.dm().wait("On Monday").click("Accept handover")
        stage.ivan.dm().wait("You take Northwind over")
        assert [a.reply for a in stage.stored().asks] == ["Ana, since May", "On Monday"]
        assert len(stage.stored().answers) == 0


def test_a_decline_is_the_leaders_to_settle(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start()
        kim = stage.slack.person("Kim Novak")
        card = stage.ivan.dm().wait("take Northwind over")
        card.click("Decline")
        form = stage.ivan.modal("Decline the handover")
        form.fill("Why?", "Too many renewals in May")
        assert form.submit().closed
        told = stage.lena.dm().wait("can't take Northwind over")
        assert "renewals in May" not in told.text
        stage.ivan.dm().wait("You declined Northwind")
        stage.olga.dm().wait("What you write is read by the new CSM, Lena Berg")
        told.click("See why and name another")
        form = stage.lena.modal("Name the incoming CSM")
        assert "Too many renewals in May" in form.text
        form.pick_person("Incoming CSM", stage.ivan)
        assert "named already" in form.submit().errors["Incoming CSM"]
        form.pick_person("Incoming CSM", stage.olga)
        assert "same person" in form.submit().errors["Incoming CSM"]
        form.pick_person("Incoming CSM", kim)
        assert form.submit().closed
        stage.ivan.dm().wait("Somebody else takes Northwind over")
        kim.dm().wait("take Northwind over").click("Accept handover", times=2)
        stage.lena.dm().wait("Kim Novak (accepted)")
        assert stage.stored().acceptance is Acceptance.ACCEPTED
        for person in (stage.olga, stage.ivan, kim):
            seen = [text for text in stage.slack.seen_by(person) if "renewals in May" in text]
            assert person is stage.ivan or not seen


def test_the_incoming_csms_own_questions_before_and_after_the_pack(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start()
        stage.ivan.dm().wait("take Northwind over").click("Accept handover")
        own = question(stage.ivan, "1 of 1")
        own.reply("Six years with clinics")
        stage.ivan.dm().wait("1 of 1 required answered")
        stage.settle(stage.olga)
        stage.ivan.dm().wait("The knowledge pack for Northwind is ready").click("Show the brief")
        brief = stage.ivan.dm().wait("Client background")
        assert brief is not None
        stage.until(lambda: any(f.name.endswith(".docx") for f in stage.slack.files))
        _leaders_checks(stage)


def _leaders_checks(stage: Stage) -> None:
    stage.lena.dm().wait("Handover: Northwind").click("Open Leader's checks")
    form = stage.lena.modal("Leader's checks")
    assert "may one day ask for what is written here" in form.text
    form.fill("Note", "Only for leaders")
    assert form.submit().closed
    stage.lena.dm().wait("Leader's checks: done")
    for person in (stage.olga, stage.ivan):
        assert not any("Only for leaders" in seen for seen in stage.slack.seen_by(person))


def test_an_outgoing_csm_who_is_switched_off_is_stood_in_for(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start()
        first = question(stage.olga, "1 of 12")
        first.reply("They love us")
        stage.slack.update_person(stage.olga, deleted=True)
        question(stage.lena, "1 of 12").click("Green: going well")
        assert "Who are they" in question(stage.lena, "2 of 12").text
        stage.ivan.dm().wait("take Northwind over").click("Accept handover")
        asked(stage.ivan, "Who are they").reply("Dentists")
        asked(stage.lena, "What do they use")
        stored = stage.stored()
        assert stored.outgoing.gone
        assert [said.text for said in stored.answers["S1"].said] == ["They love us"]
        assert stored.day >= today()


def test_whoever_has_no_part_in_anything_is_not_stored(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        zoe = stage.slack.person("Zoe Quinn")
        for person in (zoe, stage.lena):
            stage.slack.update_person(person, tz="Asia/Tokyo")
        stage.rest()
        with stage.bot.database.read() as connection:
            known = people.find_all(connection, stage.slack.team_id, {zoe.id, stage.lena.id})
        assert {user: person.tz for user, person in known.items()} == {stage.lena.id: "Asia/Tokyo"}


def test_whoever_was_forgotten_is_not_stored_again_from_memory(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        stage.olga.opens_home()
        stage.until(lambda: stage.olga.home().text)
        team = stage.slack.team_id
        # By another process: this one has heard nothing of it.
        forget_known(stage.bot.database, team, stage.olga.id, (), "operator", force=True)
        stage.slack.update_person(stage.olga, deleted=True)
        stage.rest()
        with stage.bot.database.read() as connection:
            assert people.find(connection, team, stage.olga.id) is None


def test_a_leader_admits_a_guest_who_then_answers(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        gil = stage.slack.person("Gil Guest", guest=True)
        stage.start()
        stage.lena.types("/handover show Northwind")
        shown = stage.hears(stage.lena, "Lead now")
        shown.click("Admit guests")
        form = stage.lena.modal("Admit guests")
        form.pick_person("Guests who may answer here", stage.ada)
        assert "guest" in form.submit().errors["Guests who may answer here"]
        form.pick_person("Guests who may answer here", gil)
        assert form.submit().closed
        assert (
            "Lena Berg lets you help with the handover of Northwind" in gil.dm().wait("lets").text
        )
        due = today() + timedelta(days=3)
        asks = {"id": "A1", "question": "S1", "text": "How are they?", "to": gil.id, "due": due}
        record(stage, stage.olga, SomebodyAsked, **asks)
        gil.dm().wait("How are they?").reply("Fine since May")
        stage.until(lambda: "Fine since May" in str(stage.stored().asks))


def test_another_tells_what_the_outgoing_csm_cannot(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start()
        stage.slack.update_person(stage.olga, deleted=True)
        question(stage.lena, "1 of 12")
        stage.lena.types("/handover show Northwind")
        stage.hears(stage.lena, "Lead now").click("Ask somebody else")
        form = stage.lena.modal("Ask somebody else")
        form.pick_person("Who knows this account?", stage.ada)
        assert form.submit().closed
        asked(stage.ada, "What are the top 3 things").reply("They love us")
        stage.until(lambda: "They love us" in str(stage.stored().answers))
