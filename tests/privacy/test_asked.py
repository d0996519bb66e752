"""Whoever is asked one thing reads just that; whoever is not told yet is not reached by asking."""

from pathlib import Path

from bot.ids import Act, Ref
from tests.privacy.cast import ACCOUNT, NEVER, Cast, cast
from tests.privacy.forged import click
from tests.privacy.traces import screens
from tests.wire.stage import asked

HIDDEN = ("Ivan", "Lena", "Boris", "Larkspur", "Reassignment", "required answered", "handed over")


def begun(play: Cast) -> None:
    """Olga tells one thing, and does not know the next."""
    asked(play.stage.olga, "top 3").reply("Larkspur is their CEO")
    play.stage.olga.dm().wait("One more detail: Health").click("Green: going well")
    asked(play.stage.olga, "Who are they").click("I don't know")
    play.rest()


def ask(play: Cast) -> None:
    unknown = play.stage.olga.dm().wait("Answered ✓ I don't know")
    unknown.click("Ask somebody")


def test_whoever_is_asked_reads_that_question_and_nothing_else(tmp_path: Path) -> None:
    with cast(tmp_path) as play:
        stage, kim = play.stage, play.kim
        play.prepare()
        begun(play)
        ask(play)
        form = stage.olga.modal()
        form.pick_person("Who could know?", kim)
        assert form.submit().closed
        kim.dm().wait(f"asks about {ACCOUNT}")
        row = stage.stored(ACCOUNT)
        for words in ("list", f"show {ACCOUNT}", f"brief {ACCOUNT}"):
            kim.types(f"/handover {words}")
        kim.opens_home()
        for act in (
            Act.CARD_CONTINUE,
            Act.CARD_BRIEF,
            Act.LIST_SHOW,
            Act.READ_OPEN,
            Act.ACCEPT_YES,
        ):
            click(play, kim, act, Ref(h=row.id))
        for act in (Act.ANSWER_FORM, Act.ASK_SOMEBODY, Act.ANSWER_CHANGE, Act.CARD_PASTE):
            click(play, kim, act, Ref(h=row.id, q="S1"))
        click(play, kim, Act.ASK_RECORD, Ref(h=row.id, a=row.asks[0].id))
        play.rest()
        assert stage.stored(ACCOUNT) == row
        kim.dm().wait(f"asks about {ACCOUNT}").click("Answer")
        answer = kim.modal()
        answer.fill("Your answer", "Dentists, 40 of them")
        assert answer.submit().closed
        stage.olga.dm().wait("Kim Lund answered your question")
        kim.opens_home()
        play.rest()
        seen = "\n".join(screens(play, kim))
        assert [words for words in HIDDEN if words in seen] == []
        assert "Dentists, 40 of them" in seen


def test_whoever_is_asked_does_not_read_what_another_wrote_down(tmp_path: Path) -> None:
    with cast(tmp_path) as play:
        stage, kim = play.stage, play.kim
        play.prepare()
        begun(play)
        ask(play)
        form = stage.olga.modal()
        form.pick_person("Who could know?", kim)
        assert form.submit().closed
        question = kim.dm().wait(f"asks about {ACCOUNT}")
        row = stage.stored(ACCOUNT)
        question.click("Answer")
        late = kim.modal()
        late.fill("Your answer", "Clinics")
        click(play, stage.olga, Act.ASK_RECORD, Ref(h=row.id, a=row.asks[0].id))
        record = stage.olga.modal()
        record.fill("What did they say?", "Larkspur sells to dentists")
        assert record.submit().closed
        assert "answered this already" in late.submit().errors["Your answer"]
        stage.until(lambda: "answered meanwhile" in question.text)
        assert "Larkspur" not in "\n".join(screens(play, kim))
        assert [said.text for said in stage.stored(ACCOUNT).answers["S2"].said] == [
            "Larkspur sells to dentists"
        ]


def test_whoever_is_not_told_is_not_reached_by_asking(tmp_path: Path) -> None:
    with cast(tmp_path) as play:
        stage = play.stage
        play.prepare(incoming=NEVER)
        begun(play)
        ask(play)
        form = stage.olga.modal()
        form.pick_person("Who could know?", stage.ivan)
        assert "pick somebody else" in form.submit().errors["Who could know?"]
        play.rest()
        assert play.heard(stage.ivan) == []
        assert ACCOUNT not in stage.ivan.opens_home().text
