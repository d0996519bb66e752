"""Where a reply goes: in a thread, outside them, and before its question is known to stand."""

from pathlib import Path

from sqlalchemy import update

from storage import handovers, tables
from tests.wire.stage import asked, list_leaders, question, sqlite_url, staged


def test_a_reply_outside_the_threads(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.olga.says("hello?")
        stage.hears(stage.olga, "/handover shows what I can do")
        stage.start()
        question(stage.olga, "1 of 12")
        stage.olga.says("They love us")
        stage.olga.dm().wait("One more detail: Health")
        stage.start("Contoso")
        question(stage.olga, "1 of 12", "Contoso")
        stage.olga.says("They love <!channel> too")
        which = stage.olga.dm().wait("Which account is this about?")
        assert sorted(which.buttons) == ["Contoso", "Northwind"]
        which.click("Contoso", times=2)
        stage.olga.dm().wait("Added to Contoso")
        texts = [said.text for said in stage.stored("Contoso").answers["S1"].said]
        assert texts == ["They love &lt;!channel&gt; too"]
        assert len(stage.stored().answers["S1"].said) == 1
        stage.lena.dm().wait("Handover: Contoso").reply("thanks")
        stage.hears(stage.lena, "/handover shows what I can do")


def test_a_reply_is_for_the_question_that_stood_when_it_was_sent(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start()
        first = question(stage.olga, "1 of 12")
        first.reply("They love us")
        stage.olga.dm().wait("One more detail")
        # The answer to the post of the second question is lost: it stands, unknown to the bot.
        stage.slack.fault("chat.postMessage", "lost_after", where=lambda args: "thread_ts" in args)
        first.click("Green: going well")
        second = question(stage.olga, "2 of 12")
        second.reply("Dentists")
        third = asked(stage.olga, "What do they use")
        answers = stage.stored().answers
        assert [said.text for said in answers["S1"].said] == ["They love us"]
        assert [said.text for said in answers["S2"].said] == ["Dentists"]
        assert len([m for m in stage.olga.dm().every_message if "· 2 of 12 ·" in m.text]) == 1
        third.reply("Tickets", [("notes.txt", b"x")])
        asked(stage.olga, "technical events")
        assert stage.stored().answers["S3"].said[0].files[0].name == "notes.txt"


def test_an_edit_that_is_refused_is_told_to_its_author(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start()
        stage.slack.update_person(stage.olga, deleted=True)
        reply = question(stage.lena, "1 of 12").reply("They love us")
        stage.lena.dm().wait("One more detail")
        row = stage.stored().id
        # The outgoing CSM is back: Lena knows of it still, and is asked nothing.
        with stage.bot.database.write() as connection:
            stored = handovers.load(connection, stage.slack.team_id, row)
            assert stored
            back = stored.value.outgoing.model_copy(update={"gone": False})
            document = stored.value.model_copy(update={"outgoing": back}).model_dump_json()
            connection.execute(update(tables.handovers).values(document=document, chain=""))
        reply.edit("They hate us")
        stage.hears(stage.lena, "find")
        assert [said.text for said in stage.stored().answers["S1"].said] == ["They love us"]


def test_what_is_said_of_one_account_is_no_answer_about_another(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        stage.ada.types("/handover settings")
        form = stage.ada.modal()
        form.pick_person("Leaders", stage.lena, stage.ada)
        assert form.submit().closed
        stage.start()
        notice = stage.lena.dm().wait("Handover: Northwind")
        stage.lena.types("/handover start Contoso")
        form = stage.fill(stage.lena.modal())
        form.choose("Leader", "Ada Admin")
        told = form.submit().modal
        assert told
        assert told.submit().closed
        question(stage.lena, "1 of 12", "Contoso")
        notice.reply("Between us: Olga has to go")
        stage.hears(stage.lena, "/handover shows what I can do")
        assert stage.stored("Contoso").answers == {}
