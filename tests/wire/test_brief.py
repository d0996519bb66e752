"""The brief and its formats, as people get them."""

from pathlib import Path

import pytest

from bot.desk import Receipt
from bot.sandbox import Message, Person
from bot.sandbox.errors import NothingThere
from bot.sandbox.reading import readable
from flows import events as e
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
        change = e.NoneDeclared(at=stage.bot.clock.now(), by=stage.olga.id, question="S1")
        stage.bot.desk.record(Receipt(stage.stored().team, "change"), stage.stored().id, change)
        message.choose(GET_IT_AS, "Customer copy, Markdown")
        newer = FORMATS["Customer copy, Markdown"].format(seq + 1)
        arrives(stage, stage.lena, newer)
        stage.until(lambda: f"Version {seq + 1}" in message.text)
        assert f"Version {seq + 1}" in content(stage, newer)


def test_an_order_that_comes_twice_is_one_file(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        told(stage)
        stage.slack.duplicate_deliveries = True
        message = brief(stage, stage.olga)
        message.choose(GET_IT_AS, "CSV, for a spreadsheet")
        stage.until(lambda: files(stage, stage.olga)[-1].endswith(".csv"))
        stage.slack.idle()
        kinds = [Path(name).suffix for name in files(stage, stage.olga)]
        assert kinds == [".docx", ".csv"]


def test_a_file_that_may_have_been_shared_is_not_shared_again(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path), HANDOVER_SLACK_TIMEOUT=1) as stage:
        told(stage)
        message = brief(stage, stage.olga)
        stage.slack.fault("files.completeUploadExternal", "lost_after")
        message.choose(GET_IT_AS, "JSON, for other software")
        stage.until(lambda: files(stage, stage.olga)[-1].endswith(".json"))
        stage.slack.idle(quiet=1.5)
        shown = [m for m in stage.olga.dm().messages for name in m.files if name.endswith(".json")]
        assert len(shown) == 1


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


def test_a_pack_beyond_all_measure_stays_within_slacks_limits(tmp_path: Path) -> None:
    """200 records and 100 documents: every surface shows what fits, the files have it all."""
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start(segment="Enterprise")
        stage.settle(stage.olga)
        book, row = default_playbook(), stage.stored()
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
            stage.bot.desk.record(Receipt(row.team, f"r{number}"), row.id, added)
        stage.slack.idle()
        message = brief(stage, stage.lena)
        seq = stage.stored().seq
        for label, name in FORMATS.items():
            message.choose(GET_IT_AS, label)
            arrives(stage, stage.lena, name.format(seq))
        for name in list(FORMATS.values())[:4]:
            text = content(stage, name.format(seq))
            assert all(f"{kind} {number}." in text for number, kind in enumerate(wanted)), name
        assert "and 1" in message.text
