"""A book that is being put together is not there for anybody but who prepares it."""

from pathlib import Path

from bot.books.ids import BookAct, BookForm
from bot.ids import Ref
from bot.sandbox import Person
from storage import tables
from tests.privacy.cast import Cast, cast
from tests.privacy.forged import Values, click, submit
from tests.privacy.traces import rows, screens
from tests.wire.listing import opened, paste

MADE_UP = "0" * 20
ANYBODYS = {BookAct.BEGIN, BookAct.NEW}
"""What is about no book."""


def pressed(play: Cast, person: Person, book: str) -> list[object]:
    """What every button and every modal answers, and what stands on the person's screen after."""
    ref = Ref(h=book, r="1", v="edit", p="0")
    answers: list[object] = [
        click(play, person, act, ref).status for act in BookAct if act not in ANYBODYS
    ]
    for form in BookForm:
        receipt = submit(play, person, form, ref, values(play))
        answers.append((receipt.status, receipt.body))
    play.rest()
    return answers


def values(play: Cast) -> Values:
    """A whole form of shared fields, and lines."""
    return {
        "text": {"v": {"type": "plain_text_input", "value": "Northwind – SMB"}},
        "outgoing": {"v": {"type": "users_select", "selected_user": play.stage.olga.id}},
        "leader": {"v": {"type": "static_select", "selected_option": {"value": "U1"}}},
        "day": {"v": {"type": "datepicker", "selected_date": "2036-12-01"}},
        "day_is": {"v": {"type": "static_select", "selected_option": {"value": "switch_by"}}},
        "reason": {"v": {"type": "static_select", "selected_option": {"value": "promotion"}}},
        "segment": {"v": {"type": "static_select", "selected_option": {"value": "smb"}}},
        "account": {"v": {"type": "plain_text_input", "value": "Mine"}},
    }


def test_copied_values_of_a_book_are_worth_nothing(tmp_path: Path) -> None:
    with cast(tmp_path) as play:
        stage = play.stage
        accounts = opened(stage.olga, stage.olga)
        paste(stage, stage.olga, accounts, "Northwind – SMB – Ivan Petrov\nContoso – SMB")
        with stage.bot.database.read() as connection:
            book = connection.execute(tables.books.select()).mappings().one()["id"]
        before = [rows(play, table) for table in (tables.books, tables.journal, tables.outbox)]
        for person in (stage.lena, stage.ivan, play.zoe):
            person.types("/handover help")
            play.rest()
            start = screens(play, person)
            real = pressed(play, person, book)
            seen = screens(play, person)[len(start) :]
            made_up = pressed(play, person, MADE_UP)
            assert real == made_up, person.name
            again = screens(play, person)[len(start) + len(seen) :]
            assert seen == again, person.name
            assert seen
            assert not any("Northwind" in one for one in seen)
        after = [rows(play, table) for table in (tables.books, tables.journal, tables.outbox)]
        assert before == after
