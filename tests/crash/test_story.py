"""A start, answers and a brief, while the bot is killed at every named place, one after another.

After each death the bot is started anew. What was acknowledged is there, and every message stands
in Slack exactly once.
"""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import timedelta
from typing import Protocol, TypeVar

import pytest

from bot.manifest import manifest
from bot.sandbox import Message, Person, Sandbox
from flows.advance import replay
from storage import handovers, journal, people, undelivered, workspaces
from storage.engine import Database
from storage.workspaces import Workspace
from tests.audit.faults import faults
from tests.crash.supervisor import Supervisor
from tests.databases import POLL_SECONDS
from tests.make import NOW, default_playbook
from tests.wire.stage import ACK_SECONDS, APP_TOKEN, SECRET, TOKEN, today

START = (
    "slack.auth.test",
    "slack.views.open",
    "slack.users.info",
    "desk.uncommitted",
    "desk.committed",
    "outbox.claimed",
    "slack.conversations.open",
    "outbox.dm_opened",
    "outbox.dm_kept",
    "outbox.stamped",
    "slack.chat.postMessage",
    "slack.conversations.history",
    "outbox.posted",
    "outbox.searched",
    "outbox.recorded",
)
ANSWERS = (
    "outbox.posted",
    "slack.conversations.replies",
    "edit.taken",
    "slack.chat.update",
    "edit.sent",
    "edit.recorded",
    "desk.uncommitted",
    "desk.committed",
)
BRIEF = (
    "slack.files.getUploadURLExternal",
    "outbox.uploaded",
    "slack.files.completeUploadExternal",
)
"""The places in an order in which each part of the story comes by them."""

Plan = Sequence[str]
T = TypeVar("T")


class Insisting(Protocol):
    """Does what a person does who is told that it did not work."""

    def insist(self, act: Callable[[], T]) -> T: ...


_NONES = ("None", "None of these")


@pytest.mark.timeout(500)
def test_killed_everywhere_on_sqlite(sqlite_url: str) -> None:
    _play(sqlite_url, START, ANSWERS, BRIEF)


@pytest.mark.campaign
@pytest.mark.timeout(600)
@pytest.mark.parametrize("_round", range(3))
def test_killed_everywhere_on_both(database_url: str, _round: int) -> None:
    _play(database_url, START, ANSWERS, BRIEF)


@pytest.mark.timeout(500)
def test_killed_at_every_third_place_on_postgresql(postgresql_url: str) -> None:
    _play(postgresql_url, START[3::3], ANSWERS[::3], BRIEF[2:])


def _play(url: str, start: Plan, answers: Plan, brief: Plan) -> None:
    with (
        closing(Database(url)) as database,
        lasting_slack() as slack,
    ):
        olga, ivan, lena = (slack.person(name) for name in ("Olga", "Ivan", "Lena"))
        with database.write() as connection:
            chosen = Workspace(team=slack.team_id, leaders=(lena.id,))
            workspaces.keep(connection, chosen, lena.id, NOW)
            people.keep(connection, people.Person(slack.team_id, lena.id, "Lena"), now=0)
        with Supervisor(slack, environment_of(slack, url), start) as bot:
            start_handover(bot, olga, ivan)
            ivan.dm().wait("Will you take Northwind over")
            lena.dm().wait("Handover: Northwind")
            bot.then(answers)
            said = answer_all(bot, olga)
            ivan.dm().wait("The knowledge pack for Northwind is ready")
            bot.then(brief)
            _brief(bot, olga, slack)
            slack.idle()
            assert bot.left == []
            assert all_is_delivered(database)
        assert_nothing_lost(database, slack, said)
        assert_each_message_once((olga, ivan, lena))
        shared = [file.visible_to for file in slack.files if "Olga" in file.visible_to]
        assert shared == [frozenset({"Handover", "Olga"})]
        slack.assert_clean()


def lasting_slack() -> Sandbox:
    """A Slack that goes on with what it could not deliver for as long as any fault lasts."""
    return Sandbox(
        manifest=manifest(),
        bot_token=TOKEN,
        app_token=APP_TOKEN,
        signing_secret=SECRET,
        # An hour is six seconds here, so that an event outlives any number of deaths.
        speed=600.0,
        delayed_events=True,
        post_burst=(1000, 1.0),
        patience=120.0,
        ack_seconds=ACK_SECONDS,
    )


def environment_of(slack: Sandbox, url: str) -> dict[str, str]:
    """What the bot is told of the world."""
    return {
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": url,
        "HANDOVER_POST_RATE": "0",
        "HANDOVER_QUIET": "off",
        "HANDOVER_POST_MARGIN": "0.1",
        "HANDOVER_POLL_SECONDS": str(POLL_SECONDS),
        "HANDOVER_SLACK_TIMEOUT": "1",
        "HANDOVER_TICK_SECONDS": "0.25",
        # What a death has cut off in the engine itself is found by the end of a lease.
        "HANDOVER_LEASE_SECONDS": "10",
        "HANDOVER_REPLICA": "only",
    }


def start_handover(bot: Insisting, olga: Person, ivan: Person) -> Message:
    """The form, again if the bot dies under it; Olga's card."""
    bot.insist(lambda: olga.types("/handover start Northwind"))
    form = olga.modal()
    form.pick_person("Incoming CSM", ivan)
    form.choose("Segment", "SMB")
    form.choose("Reason", "Balancing workload")
    form.choose("Leader", "Lena")
    form.pick_date("Date", today() + timedelta(days=25))
    form.choose("The date is", "Switch by")
    bot.insist(form.submit)
    told = olga.modal("Who is told what")
    bot.insist(told.submit)
    return olga.dm().wait("Knowledge pack: Northwind")


def answer_all(bot: Insisting, olga: Person, most: int = 12) -> list[str]:
    """A reply to every question, and None where it wants more; what was said."""
    said = [f"What I know of number {number}, in enough words." for number in range(1, most + 1)]
    for number, text in enumerate(said, start=1):
        _answer(bot, olga, f"Northwind · {number} of 12", text)
    dm = olga.dm()
    dm.wait(f"{most} of 12 required answered")
    return said


def _answer(bot: Insisting, olga: Person, place: str, text: str) -> None:
    dm = olga.dm()
    question = dm.wait(place)
    question.reply(text)
    dm.wait_until(lambda: text in question.text, f"{text!r} to be shown")
    if _none_of(question):
        bot.insist(lambda: press_none(question))
    dm.wait_until(lambda: "Answered ✓" in question.text, f"{place} to be answered")


def all_is_delivered(database: Database) -> bool:
    """Whether nothing waits to be delivered any more, with time for what was interrupted."""
    look_again = threading.Event()
    for _ in range(1200):
        with database.read() as connection:
            if undelivered.oldest_undelivered(connection) is None:
                return True
        look_again.wait(0.1)
    return False


def press_none(question: Message) -> None:
    """Press it, unless it was recorded after all before the bot died."""
    if label := _none_of(question):
        question.click(label)


def _none_of(question: Message) -> str | None:
    """What None is called here, where it can be pressed."""
    return next((label for label in question.buttons if label in _NONES), None)


def _brief(bot: Insisting, olga: Person, slack: Sandbox) -> None:
    dm = olga.dm()
    bot.insist(lambda: olga.types("/handover brief Northwind"))
    dm.wait("The whole brief is in the file")
    dm.wait_until(lambda: any("Olga" in f.visible_to for f in slack.files), "the file")


def assert_nothing_lost(database: Database, slack: Sandbox, said: list[str]) -> None:
    with database.read() as connection:
        (handover,) = handovers.of_account(connection, slack.team_id, "Northwind")
        events = journal.events_of(connection, slack.team_id, handover.id)
    kept = [piece.text for answer in handover.answers.values() for piece in answer.said]
    assert sorted(kept) == sorted(said)
    assert faults(database) == []
    assert replay(events, default_playbook()) == handover


def assert_each_message_once(everybody: tuple[Person, ...]) -> None:
    said = [m for p in everybody for m in p.dm().every_message if m.author == "Handover"]
    keys = Counter(str(message.metadata) for message in said if not message.files)
    assert [key for key, count in keys.items() if count > 1] == []
