"""A stage on which days pass: a week that begins on a Monday, wherever the real clock stands."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.sandbox import Message, Person
from tests.privacy.cast import MovedClock
from tests.wire.stage import Stage, list_leaders, staged, today

DAY = timedelta(days=1)


class Days(MovedClock):
    """The clock of a week that begins on a Monday, far enough ahead of the real one."""

    def __init__(self) -> None:
        super().__init__()
        start = today() + 3 * DAY
        self.monday = start + (7 - start.weekday()) % 7 * DAY
        self.goes_to(0, "08:00")

    def goes_to(self, days: int, clock: str, zone: str = "UTC") -> datetime:
        """So many days after the Monday, at this time in a zone."""
        there = datetime.combine(self.day(days), time.fromisoformat(clock), ZoneInfo(zone))
        self.pass_by(seconds=(there - self.now()).total_seconds())
        return there

    def day(self, days: int) -> date:
        return self.monday + days * DAY


def agendas(person: Person) -> list[Message]:
    """The agendas that somebody has got, the oldest first."""
    said = person.dm().messages
    return [m for m in said if [*m.edit_history, m.text][0].startswith("Hello")]


def looks(stage: Stage) -> None:
    """The bot looks whom to remind, and once more when that is told."""
    for _ in range(2):
        stage.bot.ticker.run("reminders")
        stage.rest()


class Week:
    """The stage on these days. Everybody is in UTC, where no day is a public holiday."""

    def __init__(self, stage: Stage, clock: Days) -> None:
        self.stage = stage
        self.clock = clock

    def starts(self, *accounts: str) -> None:
        for account in accounts:
            form = self.stage.form(account)
            form.pick_date("Date", self.clock.day(25))
            tellings = form.submit().modal
            assert tellings
            assert tellings.submit().closed
            self.stage.ivan.dm().wait(f"take {account} over")
        self.looks()

    def comes(self, days: int, clock: str, zone: str = "UTC") -> None:
        """Time passes, and the bot looks whom to remind."""
        self.clock.goes_to(days, clock, zone)
        self.looks()

    def delivers(self) -> None:
        """Whatever is due by now is said."""
        self.stage.bot.ticker.run("delivery")
        self.stage.rest()

    def looks(self) -> None:
        looks(self.stage)

    def told(self, person: Person) -> list[Message]:
        """The agendas that somebody has got."""
        return agendas(person)


@contextmanager
def week(url: str, *, quiet: bool = False) -> Iterator[Week]:
    """With `quiet`, what people did not cause keeps to their hours and counts, as in real life."""
    clock = Days()
    with staged(url, clock, HANDOVER_QUIET="on" if quiet else "off") as stage:
        for person in (stage.olga, stage.ivan, stage.lena, stage.ada):
            stage.slack.update_person(person, tz="UTC")
        list_leaders(stage)
        yield Week(stage, clock)
