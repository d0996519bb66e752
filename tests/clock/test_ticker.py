"""The ticks' watchdog: clocks that jump, ticks that hang, ticks that fail."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast

import pytest

from bot.clock import DEAD_PERIODS, DEAD_SECONDS, READY_PERIODS, Tick, Ticker
from bot.delivery.gateway import Gateway
from bot.office import Office
from bot.offices import Offices
from storage.engine import StorageBusyError
from tests.clocks import HandClock

PERIOD = 3600.0


class Diary:
    """What the ticker did, in order."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def note(self, line: str) -> Callable[[], None]:
        return lambda: self.lines.append(line)


@contextmanager
def ticking(
    clock: HandClock, diary: Diary, work: Callable[[], object], period: float = PERIOD
) -> Iterator[Ticker]:
    """One tick an hour, so that only the test makes anything happen."""
    ticks = {"sweep": Tick("sweep", period, work)}
    ticker = Ticker(clock, ticks, diary.lines.append, diary.note("stepped back"))
    ticker.start()
    try:
        yield ticker
    finally:
        ticker.stop()


def test_a_step_back_starts_the_ticks_afresh_and_is_told() -> None:
    clock, diary = HandClock(), Diary()
    with ticking(clock, diary, diary.note("swept")) as ticker:
        before = ticker._scheduler
        clock.jump(-86_400)
        assert ticker.look()
        assert ticker._scheduler is not before
        assert diary.lines == ["stepped back"]
        # What was under way may have been stored by the old time meanwhile.
        assert ticker.look()
        assert ticker.look()
        assert diary.lines == ["stepped back"] * 2


def test_a_step_back_is_told_again_until_it_was_heard() -> None:
    clock, diary = HandClock(), Diary()
    with ticking(clock, diary, diary.note("swept")) as ticker:
        heard = ticker.stepped_back

        def be_away() -> None:
            ticker.stepped_back = heard
            raise StorageBusyError("away")

        ticker.stepped_back = be_away
        clock.jump(-86_400)
        assert ticker.look()
        assert diary.lines == []
        assert ticker.look()
        assert ticker.look()
        assert diary.lines == ["stepped back"] * 2


def test_a_step_forward_starts_the_ticks_afresh() -> None:
    clock, diary = HandClock(), Diary()
    with ticking(clock, diary, diary.note("swept")) as ticker:
        before = ticker._scheduler
        clock.jump(86_400)
        assert ticker.look()
        assert ticker._scheduler is not before
        assert diary.lines == []


def test_time_that_passes_is_no_jump() -> None:
    clock, diary = HandClock(), Diary()
    with ticking(clock, diary, diary.note("swept")) as ticker:
        before = ticker._scheduler
        clock.advance(PERIOD)
        assert ticker.look()
        assert ticker._scheduler is before


def test_a_tick_that_hangs_is_seen_and_then_ends_the_process() -> None:
    clock, diary = HandClock(), Diary()
    with ticking(clock, diary, diary.note("swept")) as ticker:
        clock.advance(READY_PERIODS * PERIOD)
        assert ticker.late() == []
        clock.advance(1)
        assert ticker.late() == ["sweep"]
        assert ticker.look()
        clock.advance((DEAD_PERIODS - READY_PERIODS) * PERIOD)
        assert not ticker.look()
        assert diary.lines == [f"no success for {DEAD_PERIODS} periods: sweep"]


def test_a_tick_in_short_periods_is_waited_for_a_minute() -> None:
    clock, diary = HandClock(), Diary()

    def be_away() -> None:
        raise StorageBusyError("away")

    with ticking(clock, diary, be_away, period=0.5) as ticker:
        clock.advance(DEAD_SECONDS)
        assert ticker.late() == ["sweep"]
        assert ticker.look()
        clock.advance(1)
        assert not ticker.look()


def test_a_tick_that_fails_is_logged_and_counts_as_late(caplog: pytest.LogCaptureFixture) -> None:
    clock, diary = HandClock(), Diary()

    def fail() -> None:
        raise RuntimeError("away")

    with ticking(clock, diary, fail) as ticker:
        clock.advance(READY_PERIODS * PERIOD + 1)
        ticker.run("sweep")
        assert ticker.late() == ["sweep"]
    assert "tick sweep failed" in caplog.text


def test_a_tick_without_a_database_is_told_in_a_line(caplog: pytest.LogCaptureFixture) -> None:
    clock, diary = HandClock(), Diary()

    def wait() -> None:
        raise StorageBusyError("away")

    with ticking(clock, diary, wait) as ticker:
        clock.advance(READY_PERIODS * PERIOD + 1)
        ticker.run("sweep")
        assert ticker.late() == ["sweep"]
    assert [(r.levelname, r.exc_info) for r in caplog.records] == [("WARNING", None)]


def test_a_tick_that_succeeds_is_not_late() -> None:
    clock, diary = HandClock(), Diary()
    with ticking(clock, diary, diary.note("swept")) as ticker:
        clock.advance(DEAD_PERIODS * PERIOD + 1)
        ticker.run("sweep")
        assert ticker.late() == []
        assert ticker.look()
        assert diary.lines == ["swept"]


class Everybody:
    """So many workspaces that one round of them takes far longer than a tick's period."""

    def teams(self) -> list[str]:
        return [f"T{number}" for number in range(2 * DEAD_PERIODS)]

    def gateway(self, team: str, org: str | None = None, sent: int | None = None) -> Gateway:
        return cast("Gateway", team)


def test_a_tick_that_waits_for_a_silent_slack_in_many_workspaces_is_not_late() -> None:
    clock, diary = HandClock(), Diary()
    offices = Offices(Everybody(), lambda team, _gateway: cast("Office", team))
    seen: list[tuple[list[str], bool]] = []

    def wait(_office: Office) -> None:
        clock.advance(PERIOD)
        seen.append((ticker.late(), ticker.look()))

    def work() -> None:
        offices.everywhere(wait, lambda: ticker.got_on("sweep"))

    with ticking(clock, diary, work) as ticker:
        ticker.run("sweep")
    assert seen == [([], True)] * 2 * DEAD_PERIODS
    assert diary.lines == []


def test_a_sweep_that_takes_long_leaves_off_when_the_process_ends() -> None:
    clock, diary, begun = HandClock(), Diary(), threading.Event()

    def work() -> None:
        while True:
            begun.set()
            ticker.got_on("sweep")

    with ticking(clock, diary, work) as ticker:
        sweep = threading.Thread(target=ticker.run, args=("sweep",), daemon=True)
        sweep.start()
        assert begun.wait(30)
    sweep.join(30)
    assert not sweep.is_alive()
    assert diary.lines == []
