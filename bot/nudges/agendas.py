"""What stands in a person's agenda of a day, from what is true now."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from bot.delivery.port import Rendered, Row
from bot.desk import Desk
from bot.nudges.reminding import hours_of
from bot.reports.digests import Digests, named_in
from bot.roster import Roster
from bot.times import in_zone
from bot.views import rows
from bot.views.nudges.agenda import Agenda, Item, agenda_message
from flows.handover import Handover
from flows.nudges.reminders import OPTIONAL, About, Hours, is_to_decide
from flows.playbook import Playbook
from flows.privacy import as_read_by, leads, may_know, may_open_vault, may_take_part
from flows.staffing.reassigning import who_could
from flows.tasks import Task, Todo, all_tasks
from storage import absences, handovers, reminders, wishes
from storage.reminders import Listed
from storage.tasks import OwnTask

Named = Callable[[Handover], frozenset[str]]
"""Everybody whose name may stand in what is shown of a handover."""


@dataclass(frozen=True, slots=True)
class _Known:
    """A handover as stored, and what is owed on it by key."""

    handover: Handover
    playbook: Playbook
    tasks: dict[str, Task]


def agenda(
    desk: Desk, roster: Roster, digests: Digests, row: Row, named: Named, *, posting: bool
) -> Rendered | None:
    """The agenda of the day that is the row's subject; nothing to post outside the reader's hours,
    or where nothing is left in it: what was not told is told another day. The first one of a week
    opens with the week of what its reader leads.

    Its version is how many tasks stand in it, as stored.
    """
    reader, rhythm = roster.known(row.person), desk.playbooks.current.reminders
    now = in_zone(desk.clock.now(), reader.tz if reader else "")
    with desk.database.read() as connection:
        wanted = wishes.find(connection, row.team, row.person)
        away = absences.ahead(connection, row.team, [row.person], now.date())
        listed = reminders.listed(connection, row.team, row.person, row.subject)
        known = {one.handover: None for one in listed}
        found = {key: _known(connection, desk, row.team, key) for key in known}
    hours = hours_of(reader, wanted, away.get(row.person, ()), rhythm, now.date())
    if posting and not (now.date().isoformat() == row.subject and hours.fits(now)):
        return None
    items: dict[About, list[Item]] = {About.OWN: [], About.OTHERS: []}
    for one in listed:
        if item := _item(one, found[one.handover], row.person, now.date(), hours):
            items[About(one.about)].append(item)
    own, others = _by_book(items[About.OWN]), items[About.OTHERS]
    day = date.fromisoformat(row.subject)
    week = digests.leads(row.person, day)
    if posting and not (own or others or week):
        return None
    users = {user for item in (*own, *others) for user in named(item.row.handover)}
    users |= named_in(week) | {row.person} | {item.owner for item in others}
    names = roster.names(users)
    told = Agenda(row.person, day, own, others, rhythm, week)
    message = agenda_message(told, names, now)
    return Rendered(message, len(listed), thread=False)


def _by_book(own: Sequence[Item]) -> list[Item]:
    """The open questions of many accounts of a book are one thing to do: to go on with the book."""
    counts = Counter(item.row.handover.book for item in own if _is_of_sitting(item))
    found: list[Item] = []
    for item in own:
        count = counts.pop(item.row.handover.book, 0) if _is_of_sitting(item) else None
        if count is None:
            found.append(item)
        elif count:
            found.append(replace(item, in_book=count, can_wait=False))
    return found


def _is_of_sitting(item: Item) -> bool:
    return bool(item.row.handover.book) and item.task.todo == Todo.ANSWER_QUESTIONS


def _known(connection: Connection, desk: Desk, team: str, handover: str) -> _Known | None:
    stored = handovers.load(connection, team, handover)
    if stored is None:
        return None
    playbook = desk.playbooks.of(connection, stored.value)
    owed = {task.key: task for task in all_tasks(stored.value, playbook)}
    return _Known(stored.value, playbook, owed)


def _item(one: Listed, known: _Known | None, person: str, today: date, hours: Hours) -> Item | None:
    """A task as it stands in the agenda, none where its reader may not know of it any more."""
    if known is None or not _may_see(one, known, person):
        return None
    handover, playbook = known.handover, known.playbook
    task, own = known.tasks.get(one.key), one.about == About.OWN
    return Item(
        row=rows.Row(as_read_by(handover, playbook, person), playbook),
        task=OwnTask(one.handover, handover.account, one.todo, one.subject, one.due),
        key=one.key,
        owner=task.owner if task else person,
        can_wait=own and (one.todo in OPTIONAL or one.snoozed < hours.rhythm.snoozes),
        to_decide=not own and is_to_decide(date.fromisoformat(one.due), today, hours),
        could=task is not None and bool(who_could(handover, task)),
    )


def _may_see(one: Listed, known: _Known, person: str) -> bool:
    handover, task = known.handover, known.tasks.get(one.key)
    if one.todo == Todo.LEADERS_CHECKS:
        return may_open_vault(handover, person)
    if task is None:
        return False
    if one.about == About.OWN:
        return task.owner == person and may_take_part(handover, person)
    return leads(handover, person) and may_know(handover, person)
