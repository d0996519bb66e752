"""A book is started while the bot is killed in the middle of it: every account once, none twice."""

from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from bot.playbooks import playbook_text
from bot.sandbox import ModalScreen, Person, Sandbox
from flows.events import Started
from flows.handover import Stage
from storage import handovers, journal, people, workspaces
from storage.engine import Database
from storage.workspaces import Workspace
from tests.crash.supervisor import Supervisor
from tests.crash.test_story import all_is_delivered, environment_of, lasting_slack
from tests.make import NOW
from tests.wire.listing import filled

PLAN = ("book.committed", "book.carried_row:2", "desk.committed")
"""In the order in which they come: the preparation, then the start in each of two more lives."""
ACCOUNTS = ("Northwind", "Contoso", "Fabrikam", "Initech", "Globex", "Hooli")


def test_killed_in_the_middle_of_a_start(sqlite_url: str, tmp_path: Path) -> None:
    _play(sqlite_url, tmp_path, PLAN)


@pytest.mark.campaign
@pytest.mark.timeout(300)
def test_killed_again_and_again_on_both(database_url: str, tmp_path: Path) -> None:
    _play(database_url, tmp_path, (*PLAN, "book.carried_row", "desk.committed"))


def _play(database_url: str, tmp_path: Path, plan: Sequence[str]) -> None:
    told_at_once = tmp_path / "playbook.toml"
    text = playbook_text(None).replace("undo_minutes = 2", "undo_minutes = 0")
    told_at_once.write_text(text, encoding="utf-8")
    with (
        closing(Database(database_url)) as database,
        lasting_slack() as slack,
    ):
        olga, ivan, lena = (slack.person(name) for name in ("Olga", "Ivan", "Lena"))
        with database.write() as connection:
            chosen = Workspace(team=slack.team_id, leaders=(lena.id,))
            workspaces.keep(connection, chosen, lena.id, NOW)
            for person in (olga, ivan, lena):
                people.keep(connection, people.Person(slack.team_id, person.id, person.name), now=0)
        environment = environment_of(slack, database_url)
        known = environment | {"HANDOVER_PLAYBOOK": str(told_at_once)}
        with Supervisor(slack, known, plan) as bot:
            _start(bot, lena, olga)
            bot.wait_all_died()
            bot.wait_up()
            olga.dm().wait_until(lambda: _started(database, slack) == 6, "every account")
            ivan.dm().wait("6 accounts")
            olga.dm().wait("6 accounts")
            slack.idle()
            assert all_is_delivered(database)
        _assert_each_once(database, slack)
        for person in (olga, ivan, lena):
            said = [m for m in person.dm().every_message if m.author == "Handover"]
            assert len(said) == 1, person.name
        slack.assert_clean()


def _start(bot: Supervisor, lena: Person, olga: Person) -> None:
    bot.insist(lambda: lena.types("/handover book"))
    form = lena.modal()
    filled(form, olga, leader="Lena")
    bot.insist(form.submit)
    accounts = lena.modal()
    bot.insist(lambda: accounts.click("Paste lines"))
    lines = lena.modal()
    lines.fill("One account a line", "\n".join(f"{one} – SMB – Ivan" for one in ACCOUNTS))
    bot.insist(lines.submit)
    # What comes of the lines is shown after their answer, in the place of whatever stands there.
    olga.dm().wait_until(lambda: "can be taken over" in accounts.text, "the accounts")
    bot.insist(accounts.submit)
    told: ModalScreen = lena.modal("Who is told what")
    bot.insist(told.submit)


def _started(database: Database, slack: Sandbox) -> int:
    with database.read() as connection:
        found = handovers.in_flight_of(connection, slack.team_id, ACCOUNTS)
        return sum(one.stage is Stage.IN_FLIGHT for one in found)


def _assert_each_once(database: Database, slack: Sandbox) -> None:
    with database.read() as connection:
        found = list(handovers.in_flight_of(connection, slack.team_id, ACCOUNTS))
        starts = [
            isinstance(event, Started)
            for one in found
            for event in journal.events_of(connection, slack.team_id, one.id)
        ]
    assert Counter(one.account for one in found) == Counter(ACCOUNTS)
    assert sum(starts) == len(ACCOUNTS)
