"""What is to be said when the dates or the people of a handover change while it is under way."""

from collections.abc import Iterator

from flows.handover import Handover
from flows.playbook import Playbook
from flows.privacy import everybody
from flows.saying import ROOTS, Effect, Kind, Post, Refresh
from flows.staffing.changing import told_last_day
from flows.terms import Role

_TOLD = frozenset({Role.LEADER, Role.INTERIM})
"""Whose change everybody else hears of by itself; other changes are told by what follows."""


def change_effects(
    before: Handover | None, after: Handover, playbook: Playbook
) -> Iterator[Effect]:
    """Everybody hears of other dates, of another leader and of who leads in between; the leader
    hears of a last working day that is another one than the plan's.
    """
    if before is None or not before.started_at:
        return
    if before.answers is not after.answers or before.changes is not after.changes:
        yield from _last_day(before, after, playbook)
    if before.changes is after.changes:
        return
    yield from _dates(before, after)
    known = len(before.changes.people)
    for number, change in enumerate(after.changes.people[known:], start=known + 1):
        if change.role in _TOLD and change.now:
            for user in sorted(everybody(after) - {change.by}):
                if user != change.now or change.role is Role.INTERIM:
                    yield Post(to=user, kind=Kind.PERSON, subject=str(number))
        yield from _roots(after)
        if change.was and change.role is Role.LEADER:
            for kind in sorted(ROOTS):
                yield Refresh(to=change.was, kind=kind)


def _dates(before: Handover, after: Handover) -> Iterator[Effect]:
    known = len(before.changes.dates)
    new = after.changes.dates[known:]
    for number, change in enumerate(new, start=known + 1):
        if not change.moves:
            continue
        for user in sorted(everybody(after)):
            if user != change.by:
                yield Post(to=user, kind=Kind.DATES, subject=str(number))
            if number > 1:
                yield Refresh(to=user, kind=Kind.DATES, subject=str(number - 1))
        yield from _roots(after)


def _roots(after: Handover) -> Iterator[Effect]:
    for user in sorted(everybody(after)):
        for kind in sorted(ROOTS):
            yield Refresh(to=user, kind=kind)


def _last_day(before: Handover, after: Handover, playbook: Playbook) -> Iterator[Effect]:
    was, now = told_last_day(before, playbook), told_last_day(after, playbook)
    if was and (now is None or now.day != was.day):
        yield Refresh(to=after.leader, kind=Kind.LAST_DAY, subject=was.day.isoformat())
    if now and (was is None or now.day != was.day):
        yield Post(to=after.leader, kind=Kind.LAST_DAY, subject=now.day.isoformat())
