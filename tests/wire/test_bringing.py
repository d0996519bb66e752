"""A file given to the bot opens for nobody else by itself, so it is brought to who may read it."""

from pathlib import Path

from bot.ids import Act, Ref
from bot.sandbox import Message, Person
from bot.views.taking_over.bringing import MOST_BYTES
from flows import events as e
from flows.handover import Party
from flows.knowledge.ledger import documents
from tests.privacy.cast import cast
from tests.privacy.forged import click
from tests.wire.stage import Stage, asked, list_leaders, sqlite_url, staged
from tests.wire.test_brief import record
from tests.wire.test_receiving import nearly_ready, read

NAME, CONTENT = "Success plan.pdf", b"%PDF-1.7 of Northwind"


def given(stage: Stage, content: bytes = CONTENT, but: str = "S3") -> Message:
    """Olga uploads a file in her thread; the pack that Ivan reads, where it is listed."""
    nearly_ready(stage, but)
    asked(stage.olga, "What do they use our product for").reply("See this", files=[(NAME, content)])
    page = read(stage, stage.ivan.dm().wait("The knowledge pack for Northwind is ready"))
    while "Bring me this file" not in page.buttons:
        page.click("Next page")
        stage.rest()
    return page


def brought(stage: Stage, person: Person) -> list[bytes]:
    """What the bot has put into somebody's conversation."""
    files = [f for f in stage.slack.files if f.owner == "Handover" and person.name in f.visible_to]
    return [file.content for file in files if file.name == NAME]


def test_a_file_is_brought_to_who_reads_the_pack(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        page = given(stage)
        (original,) = stage.slack.files
        assert "Ivan Petrov" not in original.visible_to
        page.click("Bring me this file")
        stage.hears(stage.ivan, "The file comes in a moment")
        stage.rest(later=True)
        assert brought(stage, stage.ivan) == [CONTENT]
        assert brought(stage, stage.olga) == brought(stage, stage.lena) == []
        (shown,) = (m for m in stage.ivan.dm().every_message if m.files)
        assert shown.is_reply
        page.click("It opens", below=NAME)
        stage.until(lambda: "Opens ✓" in page.text)
        page.click("Bring me this file", times=2)
        stage.rest(later=True)
        assert set(brought(stage, stage.ivan)) == {CONTENT}


def test_an_upload_whose_answer_is_lost_is_one_file(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path), HANDOVER_SLACK_TIMEOUT=1) as stage:
        page = given(stage)
        stage.slack.fault("files.info", "ratelimited", seconds=0.1)
        stage.slack.fault("files.completeUploadExternal", "lost_after")
        stage.slack.duplicate_deliveries = True
        page.click("Bring me this file")
        stage.rest(later=True)
        assert brought(stage, stage.ivan) == [CONTENT]


def test_what_cannot_be_brought_is_told_with_who_can_help(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        page = given(stage, b"x" * (MOST_BYTES + 1))
        page.click("Bring me this file")
        told = stage.ivan.dm().wait(f"I can't bring you {NAME}")
        assert "It is larger than 20 MB. Ask Olga Costa to share it with you." in told.text
        stage.slack.fault("files.info", "file_not_found")
        page.click("Bring me this file")
        told = stage.ivan.dm().wait(f"I can't bring you {NAME}", since=told)
        assert "not in Slack any more. Ask Olga Costa to upload it again." in told.text
        stage.slack.fault("files.info", "http_500")
        page.click("Bring me this file")
        stage.ivan.dm().wait("Please try again in a while")
        stage.rest(later=True)
        assert brought(stage, stage.ivan) == []


def test_who_takes_over_no_longer_gets_nothing_that_was_ordered(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        page = given(stage)
        stage.slack.fault("files.getUploadURLExternal", "ratelimited", seconds=0.5)
        page.click("Bring me this file")
        stage.hears(stage.ivan, "The file comes in a moment")
        kim = Party(user=stage.slack.person("Kim Novak").id, name="Kim Novak")
        now = stage.bot.clock.now()
        record(stage, e.IncomingNamed(at=now, by=stage.lena.id, incoming=kim))
        stage.rest(later=True)
        assert brought(stage, stage.ivan) == []


def test_a_stranger_and_who_may_not_read_it_get_nothing(tmp_path: Path) -> None:
    with cast(tmp_path) as play:
        stage = play.stage
        list_leaders(stage)
        given(stage)
        row = stage.stored()
        (file,) = (d.file.id for d in documents(row) if d.file)
        about = Ref(h=row.id, v=file)
        assert click(play, play.zoe, Act.FILE_BRING, about).status == 200
        stage.hears(play.zoe, "or it is not yours")
        made_up = Ref(h=row.id, v="F0000000000")
        assert click(play, stage.ivan, Act.FILE_BRING, made_up).status == 200
        stage.hears(stage.ivan, "not in the pack any more")
        stage.rest(later=True)
        assert [file.name for file in stage.slack.files] == [NAME]
