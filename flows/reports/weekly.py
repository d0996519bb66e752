"""A channel's digest: once a week, at an hour of a zone, and which week is its turn (C5).

A week is the calendar's, by ISO, where the channel's zone is. A moment that was missed is made up
for within its week, and skipped with it.
"""

from datetime import date, datetime, time, timedelta

from pydantic import Field

from flows.frozen import Frozen, Moment

_WEEK = timedelta(days=7)


class ChannelDigest(Frozen):
    """When which channel gets its digest; `weekday` 0 is Monday.

    `by` chose it, a Slack id, at the moment `since`: what fell due before is not posted.
    """

    channel: str
    name: str
    weekday: int = Field(ge=0, le=6)
    hour: int = Field(ge=0, le=23)
    zone: str
    by: str
    since: Moment


def next_moment(digest: ChannelDigest, local: datetime) -> datetime:
    """When the next digest comes; `local` is now in the digest's zone."""
    return _at(digest, _latest(digest, local).date() + _WEEK, local)


def week_due(digest: ChannelDigest, local: datetime) -> str:
    """The week whose digest is to stand by now, like "2026-W48"; empty where none is to come."""
    moment = _latest(digest, local)
    if moment < digest.since or week_of(moment.date()) != week_of(local.date()):
        return ""
    return week_of(moment.date())


def week_of(day: date) -> str:
    """The week of a day, as ISO counts."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def first_day(digest: ChannelDigest, week: str) -> date:
    """The day of a week's digest, from which on it looks seven days ahead."""
    year, _, number = week.partition("-W")
    return date.fromisocalendar(int(year), int(number), digest.weekday + 1)


def last_day(first: date) -> date:
    """The last of the days that a digest looks ahead, and on which it is kept up to date."""
    return first + _WEEK - timedelta(days=1)


def _latest(digest: ChannelDigest, local: datetime) -> datetime:
    """The last moment of the week's day and hour that has passed."""
    back = timedelta(days=(local.weekday() - digest.weekday) % 7)
    moment = _at(digest, local.date() - back, local)
    return moment if moment <= local else _at(digest, moment.date() - _WEEK, local)


def _at(digest: ChannelDigest, day: date, local: datetime) -> datetime:
    return datetime.combine(day, time(digest.hour), local.tzinfo)
