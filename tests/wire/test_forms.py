"""A section as a form, and pasting what there is; commands and Home."""

import json
from pathlib import Path

from bot.sandbox.reading import readable
from tests.wire.knocking import knock, last_payload
from tests.wire.stage import Stage, asked, list_leaders, question, sqlite_url, staged

OK = 200


def test_a_section_as_a_form_and_a_paste(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        card = stage.start(segment="Mid-market")
        question(stage.olga, "1 of 32")
        card.click("Fill this section as a form")
        form = stage.olga.modal("Fill this section")
        form.fill("What are the top 3 things to know about this account?", "One, two, three")
        form.fill("Yearly revenue (ARR)", "lots")
        assert "number" in form.submit().errors["Yearly revenue (ARR)"]
        form.fill("Yearly revenue (ARR)", "48k")
        assert form.submit().closed
        asked(stage.olga, "How healthy is the account")
        assert stage.stored().answers["SN3"].given["arr"].values == ("48000",)
        card.click("Paste what you have")
        form = stage.olga.modal("Paste what you have")
        assert form.submit().errors["Paste what you have"] == "Please fill this in."
        form.fill("Paste what you have", "All my *notes* & <things>")
        form.upload("Or add files", "old.md", b"# old")
        assert form.submit().closed
        stage.olga.dm().wait("Unsorted: 1 piece")
        stage.settle(stage.olga, "SN2")
        stage.until(lambda: "Show the brief" in card.buttons)
        card.click("Show the brief")
        stage.until(lambda: any(f.name.endswith(".docx") for f in stage.slack.files[1:]))
        text = readable(stage.slack.files[-1].content)
        assert "notes" in text
        assert "old.md" in text
        assert "unfinished" in text


def test_what_was_changed_before_it_is_sent_again_counts(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        card = stage.start(segment="Mid-market")
        card.click("Fill this section as a form")
        form = stage.olga.modal("Fill this section")
        form.fill("What are the top 3 things to know about this account?", "One, two, three")
        assert form.submit().closed
        before = stage.stored()
        # The answer to the first submission was lost, so the modal stayed open.
        again = last_payload(stage)
        assert knock(stage, again) == OK
        assert stage.stored() == before
        again["view"]["state"]["values"]["SN1:text"]["v"]["value"] = "Four"
        assert knock(stage, again) == OK
        assert [said.text for said in stage.stored().answers["SN1"].said] == ["Four"]


def test_commands_and_home(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        assert "Please name the leaders" in stage.ada.opens_home().text
        list_leaders(stage)
        stage.start()
        stage.start("Northwind Spain")
        olga, ada = stage.olga, stage.ada
        assert "Your handovers: 2" in olga.types("/handover list").text
        assert "Several handovers fit" in olga.types("/handover show north").text
        assert "From: Olga Costa" in olga.types("/handover show NORTHWIND").text
        assert "fifth answer" in olga.types("/handover brief northwind").text
        for word in ("show", "brief"):
            mine = olga.types(f"/handover {word} Nowhere").text
            assert mine == ada.types(f"/handover {word} Northwind").text
            assert mine == ada.types(f"/handover {word}").text
        assert "I help to hand" in olga.types("/handover frobnicate").text
        assert "Settings" not in olga.types("/handover").text
        assert "Settings" in ada.types("/handover").text
        stage.slack.ephemerals(olga)[-1].click("How it works")
        stage.hears(olga, "I help to hand")
        _home(stage)


def _home(stage: Stage) -> None:
    ivan = stage.ivan
    home = ivan.opens_home()
    assert home.buttons.count("Accept handover") == 2
    home.click("Show Northwind")
    shown = ivan.modal("Handover")
    shown.click("Accept handover")
    stage.until(lambda: "Ivan Petrov (accepted)" in shown.text)
    shown.click("Paste what you have")
    assert ivan.modal("Paste what you have") is not None
    ivan.modal().close()
    shown.close()
    home = ivan.opens_home()
    stage.until(lambda: ivan.home().buttons.count("Accept handover") == 1)
    ivan.home().click("Accept handover")
    stage.until(lambda: "Accept handover" not in ivan.home().buttons)
    home = ivan.home()
    home.click("Continue")
    lena = stage.lena.opens_home()
    lena.click("Open Leader's checks")
    assert stage.lena.modal("Leader's checks").submit().closed
    stage.until(lambda: stage.lena.home().buttons.count("Open Leader's checks") == 1)


def test_what_was_typed_for_a_question_of_somebody_else_is_not_dropped_in_silence(
    tmp_path: Path,
) -> None:
    """As when somebody else's part was given to them while their form stood open."""
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        card = stage.start(segment="Mid-market")
        stage.ivan.dm().wait("take Northwind over").click("Accept handover")
        question(stage.ivan, "1 of 1")
        card.click("Fill this section as a form")
        form = stage.olga.modal("Fill this section")
        form.fill("What are the top 3 things to know about this account?", "One, two, three")
        assert form.submit().closed
        sent = last_payload(stage)
        sent["user"]["id"] = stage.ivan.id
        answer = stage.slack._world.interactions._courier.interact("interactive", sent)
        assert json.loads(answer.body)["errors"] == {
            "SN1:text": "Nothing is open for you here. Thank you!"
        }
