"""A text for a customer that names another account is stopped, and tells of nothing quiet."""

from decimal import Decimal
from itertools import count

import pytest

from bot.desk import Desk, Receipt
from bot.playbooks import Playbooks, playbook_text
from flows import events as e
from flows.advance import start
from flows.handover import Handover, Telling, When, Wording
from flows.terms import Role
from flows.texts.leaks import LeakError
from storage import handovers
from storage.engine import Database
from storage.journal import Line
from tests.clock.test_sweeps import forget_jobs
from tests.clocks import HandClock
from tests.make import IVAN, KIM, LENA, NOW, OLGA, make_handover, make_started, make_vault

QUIET = {Role.OUTGOING: Telling(when=When.NEVER), Role.INCOMING: Telling(when=When.NEVER)}


@pytest.fixture
def desk(database_url: str) -> Desk:
    numbers = count(1)
    books = Playbooks(playbook_text(None))
    clock = HandClock(NOW)
    return Desk(Database(database_url), books, clock, lambda: f"{next(numbers):020}", forget_jobs)


def keep(desk: Desk, handover: Handover) -> None:
    line = Line(make_started(id=handover.id), "salt")
    with desk.database.write() as connection:
        desk.playbooks.keep(connection, handover.team)
        handovers.add(connection, handover, desk.playbooks.current, line)
        handovers.add_vault(connection, make_vault(handover=handover.id), line)


def other(desk: Desk, number: int, account: str, **changes: object) -> None:
    """Another account that is handed over."""
    event = make_started(id=f"O{number}", account=account, playbook=desk.playbooks.name, **changes)
    keep(desk, start(event, desk.playbooks.current).handover)


def northwind(desk: Desk) -> None:
    """Olga and Ivan are to agree on what Northwind is told."""
    row = make_handover([e.Accepted(at=NOW, by=IVAN)], account="Northwind Ltd")
    wording = Wording(text="A first text", by=e.CLOCK, at=NOW)
    keep(desk, row.model_copy(update={"wording": wording, "playbook": desk.playbooks.name}))


def types(desk: Desk, by: str, text: str) -> list[str]:
    """What is found in a text, or nothing where it is taken."""
    event = e.ReasonWorded(at=NOW, by=by, text=text)
    try:
        desk.record(Receipt("T1", f"{by}-{text}"), "H1", event)
    except LeakError as error:
        return [leak.words for leak in error.leaks]
    return []


def test_an_announced_account_is_found_by_everybody(desk: Desk) -> None:
    northwind(desk)
    other(desk, 1, "Contoso GmbH")
    other(desk, 2, "Müller &amp; Söhne", arr=Decimal(1))
    other(desk, 3, "Northwind")
    for by in (OLGA, IVAN, LENA):
        assert types(desk, by, f"{by} did so with CONTOSO, too") == ["CONTOSO"]
        assert types(desk, by, f"{by} did so with Muller &amp; Sohne") == ["Muller &amp; Sohne"]
        assert types(desk, by, f"{by} will be with Northwind") == []
    desk.database.close()


def test_a_quiet_one_is_found_only_by_who_knows_of_it(desk: Desk) -> None:
    """Kim leads it; nobody of its CSMs knows. To the others its name is a word like any other."""
    northwind(desk)
    other(desk, 1, "Contoso", leader=KIM, by=KIM, tellings=QUIET)
    other(desk, 2, "Fabrikam", by=LENA, tellings=QUIET)
    other(desk, 3, "Tailspin", by=LENA, draft=True)
    for account, known in (("Contoso", []), ("Fabrikam", ["Fabrikam"]), ("Tailspin", ["Tailspin"])):
        for by in (OLGA, IVAN):
            assert types(desk, by, f"{by} knows {account}") == []
        assert types(desk, LENA, f"I know {account}") == known
    desk.database.close()


def test_an_example_is_no_account(desk: Desk) -> None:
    northwind(desk)
    row = make_handover(id="O1", account="Contoso")
    keep(desk, row.model_copy(update={"example": True}))
    assert types(desk, LENA, "I know Contoso") == []
    desk.database.close()


def test_a_draft_that_is_renamed_is_found_by_its_new_name(desk: Desk) -> None:
    northwind(desk)
    other(desk, 1, "Contoso", by=LENA, draft=True)
    form = make_started(account="Fabrikam", by=LENA).model_dump(
        include=set(e.FormFilled.model_fields)
    )
    desk.record(Receipt("T1", "again"), "O1", e.Redrafted.model_validate(form))
    assert types(desk, LENA, "I know Contoso") == []
    assert types(desk, LENA, "I know Fabrikam") == ["Fabrikam"]
    desk.database.close()
