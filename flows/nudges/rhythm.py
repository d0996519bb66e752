"""How often and when people are reminded: numbers that a playbook may set."""

from collections.abc import Iterator
from datetime import time
from itertools import chain, count
from typing import Annotated

from pydantic import Field, model_validator

from flows.frozen import Frozen

Days = Annotated[int, Field(ge=1, le=60)]
Minutes = Annotated[int, Field(ge=0, le=120)]


class Rhythm(Frozen):
    """Days are working days of whoever is reminded, hours are those where they are.

    Nobody is reminded before `opens` or from `closes` on. Somebody hears of their own task `before`
    its day (`milestone_before` for a step of the plan), on it, and `after` it. Whoever leads hears
    of what is overdue with others when it is `leader_sees` days late, and is asked to decide when
    it is `leader_decides` late and every `asks_again` days from then on. A task may be put off by
    one of the `snooze` numbers, a required one `snoozes` times. Of what is said because of others,
    whatever comes within `joins` minutes of a message is added to it, and `most` begin one a day.
    """

    opens: time = time(9, 30)
    closes: time = time(16, 30)
    before: Days = 1
    milestone_before: Days = 3
    after: tuple[Days, ...] = (1, 3)
    leader_sees: Days = 3
    leader_decides: Days = 5
    asks_again: Days = 5
    snooze: tuple[Days, ...] = Field(default=(1, 3, 5), min_length=1, max_length=5)
    snoozes: int = Field(default=2, ge=0, le=10)
    joins: Minutes = 10
    most: int = Field(default=3, ge=1, le=20)

    @model_validator(mode="after")
    def _is_in_order(self) -> "Rhythm":
        if self.opens >= self.closes or self.opens.tzinfo or self.closes.tzinfo:
            raise ValueError("reminders open before they close, at plain times of the day")
        if self.leader_sees >= self.leader_decides:
            raise ValueError("the leader sees what is late before deciding about it")
        if any(list(days) != sorted(set(days)) for days in (self.after, self.snooze)):
            raise ValueError("after and snooze are in order, each number once")
        return self

    def own(self, *, milestone: bool) -> Iterator[int]:
        """The days on which somebody hears of their own task, counted from its day."""
        first = self.milestone_before if milestone else self.before
        return chain((-first,), self.on_the_day())

    def on_the_day(self) -> Iterator[int]:
        """The same of what is nothing before its day."""
        return chain((0,), self.after)

    def with_others(self) -> Iterator[int]:
        """The days on which whoever leads hears of somebody else's task; without an end."""
        return chain((self.leader_sees,), count(self.leader_decides, self.asks_again))
