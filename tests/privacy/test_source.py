"""Whoever only helps to answer reads the account's name, and what they wrote themselves."""

from pathlib import Path

from tests.privacy.cast import ACCOUNT, cast
from tests.privacy.traces import screens
from tests.wire.stage import asked


def test_somebody_else_is_asked_and_reads_nothing_else(tmp_path: Path) -> None:
    with cast(tmp_path) as play:
        stage, kim = play.stage, play.kim
        play.prepare()
        stage.ivan.dm().wait("take Northwind over").click("Accept handover")
        stage.slack.update_person(stage.olga, deleted=True)
        asked(stage.lena, "top 3").reply("Larkspur is their CEO")
        play.rest()
        card = stage.lena.dm().wait(f"Knowledge pack: {ACCOUNT}")
        card.click("Ask somebody else")
        form = stage.lena.modal()
        form.pick_person("Who knows this account?", stage.ivan)
        assert "have a part" in form.submit().errors["Who knows this account?"]
        form.pick_person("Who knows this account?", kim)
        assert form.submit().closed
        stage.until(lambda: "Kim Lund is asked as well" in card.text)
        helps = kim.dm().wait(f"Questions about {ACCOUNT}")
        assert sorted(helps.buttons) == ["Continue", "Paste what you have"]
        first = asked(kim, "Who are they")
        first.reply("Dentists, 40 of them")
        asked(kim, "What do they use")
        stage.until(lambda: "1 of 12 required answered" in card.text)
        assert [said.by for said in stage.stored().answers["S2"].said] == [kim.id]
        for words in ("list", f"show {ACCOUNT}", f"brief {ACCOUNT}"):
            kim.types(f"/handover {words}")
        home = kim.opens_home()
        play.rest()
        assert f"{ACCOUNT}:" in home.text
        seen = "\n".join(screens(play, kim))
        for hidden in ("Ivan", "Olga", "Larkspur", "Boris", "Reassignment", "required answered"):
            assert hidden not in seen
        assert "Dentists, 40 of them" in seen
