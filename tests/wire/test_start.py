from flows.handover import Acceptance
from tests.wire.stage import list_leaders, question, staged


def test_a_start_reaches_all_three(database_url: str) -> None:
    with staged(database_url) as stage:
        list_leaders(stage)
        card = stage.start()
        assert "0 of 12 required answered" in card.text
        assert "top 3 things" in question(stage.olga, "1 of 12").text
        assert "Olga Costa" in stage.lena.dm().wait("Handover: Northwind").text
        stage.ivan.dm().wait("take Northwind over").click("Accept handover")
        stage.lena.dm().wait("Ivan Petrov (accepted)")
        assert stage.stored().acceptance is Acceptance.ACCEPTED
        assert "Which experience of yours" in question(stage.ivan, "1 of 1").text


def test_an_interview_goes_on_after_a_restart(database_url: str) -> None:
    with staged(database_url) as stage:
        list_leaders(stage)
        stage.start()
        question(stage.olga, "1 of 12").reply("They love us")
        stage.olga.dm().wait("One more detail: Health")
        stage.house.restart()
        question(stage.olga, "1 of 12").click("Green: going well")
        question(stage.olga, "2 of 12").reply("Dentists")
        assert [said.text for said in stage.stored().answers["S1"].said] == ["They love us"]
