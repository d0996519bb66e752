"""Digests on the stage: time passes and the bot looks what is to be posted; and many lines."""

from datetime import timedelta

from sqlalchemy import insert

from bot.sandbox import Message
from bot.sandbox.conversation import Conversation
from flows.reports.digest import Line, Phase, Step, Who, is_listed, make_alarm, make_line, readers
from storage import digests, handovers
from storage.digests import Made
from storage.engine import Database
from storage.journal import Line as Entry
from storage.tables import people
from tests.make import IVAN, LENA, NOW, OLGA, default_playbook, make_handover, make_started
from tests.wire.week import Week

TODAY = NOW.date()
CHOSEN = "gets the digest"
HEAD = "Handovers, week from"


def posted(play: Week, days: int, clock: str) -> None:
    """Time passes, and the bot sees to the digests."""
    play.clock.goes_to(days, clock)
    sees(play)


def sees(play: Week) -> None:
    """The bot looks once, and says what there is to say."""
    play.stage.bot.ticker.run("digests")
    play.stage.rest(later=True)


def posts_in(channel: Conversation) -> list[Message]:
    """The digests that were ever posted in a channel, the oldest first."""
    return [m for m in channel.messages if HEAD in [*m.edit_history, m.text][0]]


def line(number: int = 0, **changes: object) -> Line:
    """A line of a handover under way, with steps this week and later."""
    known: dict[str, object] = {
        "id": f"H{number}",
        "account": f"Account {number:04}",
        "phase": list(Phase)[number % 4],
        "lead": Who(user=OLGA if number % 2 else IVAN),
        "until": TODAY + timedelta(days=number % 40),
        "steps": tuple(
            Step(title=title, day=TODAY + timedelta(days=number % 12 + ahead))
            for ahead, title in enumerate(("Internal handover call", "Introduction", "Lead switch"))
        ),
        "owed": {TODAY - timedelta(days=2): number % 3, TODAY + timedelta(days=2): 2},
    }
    return Line.model_validate(known | changes)


def store_under_way(database: Database, team: str, count: int, leader: str = LENA) -> None:
    """Handovers that were started, with their lines, as they stand after a sweep."""
    book = default_playbook()
    started = make_handover(team=team, leader=leader)
    entry = Entry(make_started(team=team, leader=leader), "salt")
    made = make_line(started, book)
    assert made
    with database.write() as connection:
        for number in range(count):
            name = f"Account {number:04}"
            change = {"id": f"D{number:05}", "account": name}
            handover = started.model_copy(update=change)
            handovers.add(connection, handover, book, entry)
            digests.begin(connection, None, handover)
            own = made.model_copy(update=change)
            known = {"listed": is_listed(handover, book), "readers": readers(handover)}
            told = Made(handover.id, 1, own, make_alarm(handover), **known)  # type: ignore[arg-type]
            digests.keep(connection, team, told)


def store_people(database: Database, team: str) -> None:
    """Everybody whom those lines name."""
    rows = [
        {
            "team": team,
            "user": user,
            "name": user.title(),
            "tz": "UTC",
            "home_team": team,
            "is_admin": False,
            "is_bot": False,
            "is_guest": False,
            "is_stranger": False,
            "is_gone": False,
            "updated_at": 0,
        }
        for user in (OLGA, IVAN, LENA)
    ]
    with database.write() as connection:
        connection.execute(insert(people), rows)
