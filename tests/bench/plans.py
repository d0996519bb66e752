"""How long a plan takes, and the customer's texts: composing, showing and drawing them."""

import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bot.calendars import days_off
from bot.exports.gantt import plan_picture
from flows.handover import Handover
from flows.schedule.numbering import actors
from flows.schedule.timeline import make_plan
from flows.tasks import all_tasks
from flows.texts.pieces import pieces
from storage.people import Person
from tests.bench.figures import Figure, ms, spread
from tests.exports.material import full_pack
from tests.make import NOW, default_playbook, name_of

_ROUNDS = 30
_PLAN, _TEXTS, _PICTURE, _BYTES = 0.020, 0.020, 0.300, 200_000


def figures(_folder: Path) -> Iterator[Figure]:
    """The plan of a full enterprise pack with everybody's holidays, its tasks, its picture, and
    every text for the customer.
    """
    book, handover = default_playbook(), _with_holidays(full_pack(records=40, documents=0))

    def plan() -> object:
        return make_plan(handover, book), all_tasks(handover, book)

    taken = [_seconds(plan) for _ in range(_ROUNDS)]
    middle = statistics.median(taken)
    yield Figure(
        name="plan of one handover with its tasks",
        goal=f"≤ {ms(_PLAN):.0f} ms",
        result=f"{ms(middle):.2f} ms",
        met=middle <= _PLAN,
        details=spread(taken),
    )

    def texts() -> object:
        return pieces(handover, book), make_plan(handover, book)

    taken = [_seconds(texts) for _ in range(_ROUNDS)]
    middle = statistics.median(taken)
    yield Figure(
        name="all drafts and the plan of one handover",
        goal=f"≤ {ms(_TEXTS):.0f} ms",
        result=f"{ms(middle):.2f} ms",
        met=middle <= _TEXTS,
        details=spread(taken),
    )
    picture = plan_picture(handover, book, name_of, NOW.date())
    size = len(picture.content)
    drawn = [
        _seconds(lambda: plan_picture(handover, book, name_of, NOW.date())) for _ in range(_ROUNDS)
    ]
    middle = statistics.median(drawn)
    yield Figure(
        name="plan as a picture",
        goal=f"≤ {ms(_PICTURE):.0f} ms, < {_BYTES // 1000} KB",
        result=f"{ms(middle):.0f} ms, {size / 1000:.0f} KB",
        met=middle <= _PICTURE and size < _BYTES,
        details=spread(drawn),
    )


def _with_holidays(handover: Handover) -> Handover:
    zones = ("Europe/Berlin", "America/New_York", "Asia/Tokyo")
    off = {
        user: days_off(Person(team="T1", user=user, name=user, tz=zone), NOW.date())
        for user, zone in zip(actors(handover), zones, strict=False)
    }
    schedule = handover.schedule.model_copy(update={"days_off": off})
    return handover.model_copy(update={"schedule": schedule})


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
