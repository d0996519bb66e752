"""The start form's date is held against the day where the starter is."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.roster import person_of
from bot.times import today_in
from tests.clocks import HandClock
from tests.wire.stage import list_leaders, sqlite_url, staged

SUNDAY_EVENING = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
PAST = {"Date": "This date has passed; pick today or later."}


@pytest.mark.parametrize(
    ("tz", "at", "day", "errors"),
    [
        ("Asia/Tokyo", SUNDAY_EVENING, 22, PAST),
        ("Asia/Tokyo", SUNDAY_EVENING, 23, {}),
        ("Pacific/Honolulu", SUNDAY_EVENING.replace(day=23, hour=5), 22, {}),
        ("Pacific/Honolulu", SUNDAY_EVENING.replace(day=23, hour=5), 21, PAST),
    ],
)
def test_today_is_where_the_starter_is(
    tmp_path: Path, tz: str, at: datetime, day: int, errors: dict[str, str]
) -> None:
    with staged(sqlite_url(tmp_path), HandClock(at)) as stage:
        list_leaders(stage)
        hana = stage.slack.person("Hana Sato", tz=tz)
        hana.types("/handover start Northwind")
        form = stage.fill(hana.modal())
        form.pick_date("Date", date(2026, 11, day))
        assert form.submit().errors == errors


def test_where_nobody_knows_the_zone_the_earliest_day_anywhere_counts() -> None:
    nowhere = person_of("T1", {"id": "U1", "name": "x"})
    assert today_in(SUNDAY_EVENING.replace(day=23, hour=11), nowhere.tz) == date(2026, 11, 22)
    assert today_in(SUNDAY_EVENING, "Mars/Olympus") == date(2026, 11, 22)
    assert today_in(SUNDAY_EVENING, "Asia/Tokyo") == date(2026, 11, 23)
