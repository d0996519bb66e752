"""The shortcut "Add to handover": any message joins a pack, with its author, day and address."""

import pytest

from bot.sandbox.errors import NothingThere
from tests.wire.stage import Stage, list_leaders, question, staged

SHORTCUT, TITLE = "Add to handover", "Add to handover"


def started(stage: Stage, *accounts: str) -> None:
    list_leaders(stage)
    for account in accounts or ("Northwind",):
        stage.start(account)


def test_a_message_joins_the_section_it_belongs_to(database_url: str) -> None:
    with staged(database_url) as stage:
        started(stage)
        zoe = stage.slack.person("Zoe Quinn")
        channel = stage.slack.channel("support", [zoe, stage.ivan])
        words = "They threatened to leave & <!here> see https://status.example.com " + "x" * 5000
        message = zoe.reads(channel).says(words, files=[("log.txt", b"1")])
        stage.ivan.reads(channel).wait("They threatened").shortcut(SHORTCUT)
        form = stage.ivan.modal(TITLE)
        assert "They threatened to leave" in form.text
        assert form.value("Account") == "Northwind"
        form.choose("Where it belongs", "Risks: anything")
        form.fill("Note", "Ask their CFO")
        form.submit()
        done = stage.ivan.modal("Handover")
        assert "The message is in the pack of Northwind under “Risks”." in done.text
        (piece,) = stage.stored().unsorted
        assert piece.quoted is not None
        assert piece.quoted.link.endswith(f"/archives/{channel.id}/p{message.ts.replace('.', '')}")
        assert (piece.quoted.author, piece.by) == (zoe.id, stage.ivan.id)
        assert (piece.section, piece.note) == ("Risks", "Ask their CFO")
        assert piece.links == ("https://status.example.com",)
        assert [file.name for file in piece.files] == ["log.txt"]
        assert len(piece.text) > 5000
        answer = stage.olga.types("/handover ask Northwind who threatened to leave?").text
        assert "They threatened to leave" in answer
        assert "Zoe Quinn, " in answer
        assert piece.quoted.link in answer
        assert stage.stored().answers == {}


def test_it_is_shown_in_the_brief_where_it_was_filed(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        started(stage)
        channel = stage.slack.channel("support", [stage.lena])
        for words, place in (("Ana left on Friday", "Risks: anything"), ("Old notes", "")):
            stage.lena.reads(channel).says(words).shortcut(SHORTCUT)
            form = stage.lena.modal(TITLE)
            if place:
                form.choose("Where it belongs", place)
            form.submit()
            stage.lena.modal("Handover").close()
        stage.settle(stage.olga)
        stage.ivan.types("/handover brief Northwind")
        brief = stage.ivan.dm().wait("Brief: Northwind")
        brief.choose("Get it as…", "Markdown")
        head = brief.text
        assert "From Slack: Ana left on Friday" in head
        assert "Pasted and not sorted yet: 1 piece." in head
        stage.until(lambda: any(f.name.endswith(".md") for f in stage.slack.files))
        whole = next(f for f in stage.slack.files if f.name.endswith(".md")).content.decode()
        section = whole.split("## Risks")[1].split("\n## ")[0]
        assert "Ana left on Friday" in section
        assert "Said by Lena Berg on Slack" in section
        assert "added by Lena Berg" in section


def test_several_accounts_and_a_question_to_choose(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        started(stage, "Northwind", "Contoso")
        message = stage.olga.says("Their CTO is new")
        message.shortcut(SHORTCUT)
        form = stage.olga.modal(TITLE)
        form.choose("Account", "Contoso")
        form.choose("Where it belongs", "What have we promised them?")
        form.submit()
        assert "under “What have we promised them?”" in stage.olga.modal("Handover").text
        assert stage.stored("Contoso").unsorted[0].question == "CM1"
        assert stage.stored("Northwind").unsorted == ()


def test_only_who_takes_part_can_add(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        started(stage)
        zoe, gast = stage.slack.person("Zoe Quinn"), stage.slack.person("Gil Guest", guest=True)
        channel = stage.slack.channel("support", [zoe, gast])
        said = zoe.reads(channel).says("Hello")
        said.shortcut(SHORTCUT)
        assert "You take part in no handover" in zoe.modal("Handover").text
        gast.reads(channel).wait("Hello").shortcut(SHORTCUT)
        assert "Northwind" not in gast.modal("Handover").text
        assert stage.stored().unsorted == ()


def test_a_private_channel_without_the_bot_is_no_hindrance(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        started(stage)
        channel = stage.slack.channel("quiet", [stage.ivan], private=True, bot_in=False)
        root = stage.ivan.reads(channel).says("Renewal?")
        reply = root.reply("In March")
        reply.shortcut(SHORTCUT)
        stage.ivan.modal(TITLE).submit()
        stage.until(lambda: stage.stored().unsorted)
        quoted = stage.stored().unsorted[0].quoted
        assert quoted is not None
        assert quoted.link.endswith(f"?thread_ts={root.ts}&cid={channel.id}")


def test_a_form_that_does_not_open_is_told_kindly(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        started(stage)
        message = stage.ivan.says("Keep this")
        stage.slack.fault("views.open", "lost_before")
        message.shortcut(SHORTCUT)
        stage.hears(stage.ivan, "choose Add to handover again")
        message.shortcut(SHORTCUT)
        stage.ivan.modal(TITLE).submit()
        assert "in the pack of Northwind" in stage.ivan.modal("Handover").text


def test_twice_delivered_it_is_added_once(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        started(stage)
        question(stage.olga, "1 of 12")
        message = stage.ivan.says("Keep this")
        stage.slack.duplicate_deliveries = True
        message.shortcut(SHORTCUT)
        stage.ivan.modal(TITLE).submit()
        stage.rest()
        assert len(stage.stored().unsorted) == 1


def test_a_whisper_has_no_shortcut(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        stage.ivan.types("/handover help")
        with pytest.raises(NothingThere):
            stage.slack.ephemerals(stage.ivan)[-1].shortcut(SHORTCUT)
        with pytest.raises(NothingThere):
            stage.ivan.says("x").shortcut("Remove")
        stage.rest()
