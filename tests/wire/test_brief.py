"""The brief and its formats, as people get them."""

from pathlib import Path

import pytest

from bot.desk import Receipt
from bot.sandbox import Message, Person
from bot.sandbox.errors import NothingThere
from bot.sandbox.files import Upload
from bot.sandbox.reading import readable
from flows import events as e
from flows.handover import Party, Said
from flows.terms import RecordKind
from tests.exports.material import HOMES, details
from tests.make import default_playbook
from tests.wire.stage import Stage, list_leaders, sqlite_url, staged

GET_IT_AS = "Get it as…"
FORMATS = {
    "Word": "northwind-brief-v{}.docx",
    "Markdown": "northwind-brief-v{}.md",
    "CSV, for a spreadsheet": "northwind-brief-v{}.csv",
    "JSON, for other software": "northwind-brief-v{}.json",
    "Customer copy, Word": "northwind-customer-v{}.docx",
    "Customer copy, Markdown": "northwind-customer-v{}.md",
}


def told(stage: Stage) -> None:
    """A handover with all of Olga's answers."""
    list_leaders(stage)
    stage.start()
    stage.ivan.dm().wait("take Northwind over").click("Accept handover")
    stage.settle(stage.olga)


def brief(stage: Stage, person: Person) -> Message:
    """A new brief, with its file."""
    before = files(stage, person)
    person.types("/handover brief Northwind")
    stage.until(lambda: len(files(stage, person)) > len(before))
    return next(m for m in reversed(person.dm().messages) if m.text.startswith("Brief: Northwind"))


def files(stage: Stage, person: Person) -> list[str]:
    """The files that a person was given by the bot, oldest first."""
    return [f.name for f in stage.slack.files if person.name in f.visible_to]


def record(stage: Stage, event: e.Event) -> None:
    """Something happens, without a word in Slack."""
    row = stage.stored()
    stage.bot.desk.record(Receipt(row.team, f"event-{row.seq}"), row.id, event)


def says(stage: Stage, question: str, text: str) -> None:
    """Olga answers a question."""
    said = Said(source=f"1795400001.{stage.stored().seq:06}", text=text)
    at = stage.bot.clock.now()
    record(stage, e.AnswerGiven(at=at, by=stage.olga.id, question=question, said=said))


def arrives(stage: Stage, person: Person, name: str) -> None:
    """Wait until the newest file of a person is called so."""
    stage.until(lambda: files(stage, person)[-1] == name)


def content(stage: Stage, name: str) -> str:
    return readable(next(f.content for f in reversed(stage.slack.files) if f.name == name))


def test_word_by_itself_and_the_rest_by_the_menu(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        told(stage)
        message = brief(stage, stage.lena)
        seq = stage.stored().seq
        assert files(stage, stage.lena) == [FORMATS["Word"].format(seq)]
        for label, name in FORMATS.items():
            message.choose(GET_IT_AS, label)
            arrives(stage, stage.lena, name.format(seq))
            assert str(seq) in content(stage, name.format(seq)), name
        # The same choice once more is a new order, as after an edit.
        says(stage, "S1", "Renewal in March")
        message.choose(GET_IT_AS, "Customer copy, Markdown")
        newer = FORMATS["Customer copy, Markdown"].format(seq + 1)
        arrives(stage, stage.lena, newer)
        stage.until(lambda: f"Version {seq + 1}" in message.text)
        assert f"Version {seq + 1}" in content(stage, newer)


def test_an_order_that_comes_twice_or_is_not_answered_is_one_file(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path), HANDOVER_SLACK_TIMEOUT=1) as stage:
        told(stage)
        stage.slack.duplicate_deliveries = True
        message = brief(stage, stage.olga)
        stage.slack.fault("files.completeUploadExternal", "lost_after")
        message.choose(GET_IT_AS, "CSV, for a spreadsheet")
        stage.until(lambda: files(stage, stage.olga)[-1].endswith(".csv"))
        stage.rest(later=True)
        shown = [Path(name).suffix for m in stage.olga.dm().messages for name in m.files]
        assert shown == [".docx", ".csv"]


def test_who_only_started_it_gets_no_copy_for_the_customer(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.ada.types("/handover start Northwind")
        form = stage.fill(stage.ada.modal())
        form.pick_person("Outgoing CSM", stage.olga)
        result = form.submit()
        assert result.modal is not None, result
        assert result.modal.submit().closed
        stage.olga.dm().wait("Knowledge pack: Northwind")
        stage.settle(stage.olga)
        message = brief(stage, stage.ada)
        message.choose(GET_IT_AS, "Markdown")
        stage.until(lambda: files(stage, stage.ada)[-1].endswith(".md"))
        with pytest.raises(NothingThere):
            message.choose(GET_IT_AS, "Customer copy, Word")


CANVAS = "Slack canvas"


def canvases(stage: Stage) -> list[Upload]:
    """The canvases there are, as those who have a right to them see them."""
    return [file for file in stage.slack.files if file.name == "Brief: Northwind"]


def reads(stage: Stage, person: Person) -> None:
    """Wait until somebody may read a canvas."""
    stage.until(lambda: [one for one in canvases(stage) if person.name in one.visible_to])


def test_a_canvas_is_made_once_and_holds_what_all_its_readers_may_read(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start(segment="Enterprise")
        stage.ivan.dm().wait("take Northwind over").click("Accept handover")
        stage.settle(stage.olga)
        says(stage, "CC2", "Larkspur: never mention the merger.")
        message = brief(stage, stage.lena)
        assert "Larkspur" in content(stage, files(stage, stage.lena)[-1])
        message.choose(GET_IT_AS, CANVAS)
        reads(stage, stage.lena)
        assert "as a canvas, version" in stage.lena.dm().wait("the brief as a canvas").text
        says(stage, "SN1", "Renewal in March")
        brief(stage, stage.ivan).choose(GET_IT_AS, CANVAS)
        reads(stage, stage.ivan)
        (canvas,) = canvases(stage)
        assert canvas.visible_to == {"Handover", "Lena Berg", "Ivan Petrov"}
        text = readable(canvas.content)
        assert text.startswith(f"Version {stage.stored().seq}, ")
        assert "## Snapshot" in text
        assert "Renewal in March" in text
        assert "Larkspur" not in text
        assert not [shown for shown in stage.slack.seen_by(stage.olga) if shown.startswith("Brief")]
        # Somebody else takes over: Ivan reads it no longer once it is written anew.
        kim = Party(user=stage.slack.person("Kim Novak").id, name="Kim Novak")
        now = stage.bot.clock.now()
        record(stage, e.IncomingNamed(at=now, by=stage.lena.id, incoming=kim))
        message.choose(GET_IT_AS, CANVAS)
        stage.until(lambda: canvases(stage)[0].visible_to == {"Handover", "Lena Berg"})


def test_where_there_are_no_canvases_the_file_comes_and_the_menu_learns(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        told(stage)
        stage.slack.fault("canvases.create", "free_teams_cannot_create_standalone_canvases")
        message = brief(stage, stage.lena)
        message.choose(GET_IT_AS, CANVAS)
        stage.until(lambda: len(files(stage, stage.lena)) == 2)
        assert files(stage, stage.lena)[1].endswith(".docx")
        again = brief(stage, stage.lena)
        with pytest.raises(NothingThere):
            again.choose(GET_IT_AS, CANVAS)
        assert not canvases(stage)


def test_a_canvas_survives_lost_answers_and_being_deleted(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path), HANDOVER_SLACK_TIMEOUT=1) as stage:
        told(stage)
        message = brief(stage, stage.lena)
        for method in ("canvases.create", "canvases.access.set", "chat.postMessage"):
            stage.rest()
            stage.slack.fault(method, "lost_after")
        message.choose(GET_IT_AS, CANVAS)
        reads(stage, stage.lena)
        stage.rest(later=True)
        (link,) = [m for m in stage.lena.dm().messages if "as a canvas" in m.text]
        assert not link.edited
        stage.slack.fault("canvases.edit", "canvas_not_found")
        known = len(canvases(stage))
        message.choose(GET_IT_AS, CANVAS)
        stage.until(
            lambda: (
                "Lena Berg" in {name for one in canvases(stage)[known:] for name in one.visible_to}
            )
        )


def test_a_canvas_does_not_open_to_who_left_in_the_meantime(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        told(stage)
        message = brief(stage, stage.ivan)
        stage.slack.fault("canvases.access.set", "ratelimited", seconds=2)
        message.choose(GET_IT_AS, CANVAS)
        link = stage.ivan.dm().wait("the brief as a canvas")
        stage.rest()
        kim = Party(user=stage.slack.person("Kim Novak").id, name="Kim Novak")
        now = stage.bot.clock.now()
        record(stage, e.IncomingNamed(at=now, by=stage.lena.id, incoming=kim))
        stage.rest(later=True)
        assert canvases(stage)[0].visible_to == {"Handover"}
        assert not link.edited


def test_a_pack_beyond_all_measure_stays_within_slacks_limits(tmp_path: Path) -> None:
    """200 records and 100 documents: every surface shows what fits, the files have it all."""
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start(segment="Enterprise")
        stage.settle(stage.olga)
        book = default_playbook()
        kinds = [kind for kind in HOMES if kind is not RecordKind.DOCUMENT]
        wanted = [kinds[n % len(kinds)] for n in range(200)] + [RecordKind.DOCUMENT] * 100
        for number, kind in enumerate(wanted):
            added = e.RecordAdded(
                at=stage.bot.clock.now(),
                by=stage.olga.id,
                id=f"X{number}",
                question=HOMES[kind],
                kind=kind,
                details=details(book.specs[kind], number),
            )
            record(stage, added)
        stage.rest()
        message = brief(stage, stage.lena)
        seq = stage.stored().seq
        for label, name in FORMATS.items():
            message.choose(GET_IT_AS, label)
            arrives(stage, stage.lena, name.format(seq))
        for name in list(FORMATS.values())[:4]:
            text = content(stage, name.format(seq))
            assert all(f"{kind} {number}." in text for number, kind in enumerate(wanted)), name
        assert "and 1" in message.text
