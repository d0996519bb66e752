"""Reports as they are sent: what is counted, from what is true and what their reader may know."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time
from threading import Event

from sqlalchemy import Connection

from bot.delivery.port import FileToSend, Rendered, Row
from bot.desk import Desk
from bot.exports.report_picture import report_picture
from bot.exports.report_rows import report_csv
from bot.roster import Roster
from bot.views.blocks import Message
from bot.views.reports.report import lesson_message, nothing_message, own_message, report_message
from flows.effects import Kind
from flows.handover import Handover
from flows.reports.lessons import Lesson, lessons
from flows.reports.outcome import Outcome, Period, last_days, outcome_of
from flows.reports.report import By, Report, is_own, make_report, own_groups, reports_on
from storage import gaps, reports, workspaces
from storage.moments import to_stored

OWN = "own"
"""The subject of a report, "90:segment" or "90:own": its days, and how its picture is grouped."""

_NOTHING, _BREATH = Event(), 0.0001
"""Seconds between two handovers, in which clicks that wait to be answered get their turn."""


def report(desk: Desk, roster: Roster, row: Row) -> Rendered | None:
    """One of the messages of a report; nothing for whoever may not have it any more."""
    length, _, grouped = row.subject.partition(":")
    days, today = int(length), desk.clock.now().astimezone(UTC).date()
    period = last_days(days, today)
    with desk.database.read() as connection:
        per_person = workspaces.find(connection, row.team).per_person
        counts = is_own if grouped == OWN else reports_on
        outcomes = list(_outcomes(connection, desk, row, period, counts))
        learned = open_lessons(connection, desk, row.team)
    if grouped == OWN:
        return _own(outcomes, row, days) if per_person else None
    by, found = By(grouped), make_report(outcomes, period, per_person=per_person)
    if found is None:
        return _said(nothing_message(days, by)) if row.kind == Kind.REPORT else None
    names = roster.names({outcome.leader for outcome in outcomes} | _csms(outcomes))
    match row.kind:
        case Kind.REPORT_PICTURE:
            drawn = report_picture(found, by, names)
            file = FileToSend(drawn.name, drawn.content, drawn.alt)
            return Rendered(Message(drawn.title, []), 0, thread=False, file=file)
        case Kind.REPORT_ROWS:
            content = report_csv(outcomes, names, per_person=per_person)
            return _rows(found, content)
        case _:
            message = report_message(found, by, learned, names, desk.playbooks.current)
            return _said(message)


def lesson(desk: Desk, roster: Roster, row: Row, *, posting: bool) -> Rendered | None:
    """A proposal to require a question; nothing to post where it is noted or followed."""
    with desk.database.read() as connection:
        open_ones = open_lessons(connection, desk, row.team)
    known = next((one for one in open_ones if one.question == row.subject), None)
    if posting and known is None:
        return None
    playbook = desk.playbooks.current
    return _said(lesson_message(known, row.subject, roster.names(), playbook))


def _outcomes(
    connection: Connection,
    desk: Desk,
    row: Row,
    period: Period,
    counts: Callable[[Handover, str], bool],
) -> Iterator[Outcome]:
    team, person = row.team, row.person
    late = reports.late(connection, team, person, period.last)
    since = to_stored(datetime.combine(period.first, time(0), UTC))
    for handover in reports.touched(connection, team, person, since):
        _NOTHING.wait(_BREATH)
        if counts(handover, person):
            playbook = desk.playbooks.of(connection, handover)
            outcome = outcome_of(handover, playbook, period, late.get(handover.id, 0))
            if outcome:
                yield outcome


def open_lessons(connection: Connection, desk: Desk, team: str) -> tuple[Lesson, ...]:
    """What follow-ups have taught a workspace and nobody has noted."""
    noted = workspaces.find(connection, team).noted
    return lessons(gaps.of_team(connection, team), desk.playbooks.current, noted)


def _own(outcomes: list[Outcome], row: Row, days: int) -> Rendered:
    return _said(own_message(*own_groups(outcomes, row.person), days))


def _rows(found: Report, content: bytes) -> Rendered:
    name = f"handovers-{found.period.first.isoformat()}-to-{found.period.last.isoformat()}.csv"
    title = "The handovers of this report, a row each"
    return Rendered(Message(title, []), 0, thread=False, file=FileToSend(name, content))


def _said(message: Message) -> Rendered:
    return Rendered(message, 0, thread=False)


def _csms(outcomes: list[Outcome]) -> set[str]:
    parties = (party for o in outcomes for party in (o.outgoing, o.incoming) if party)
    return {party.user for party in parties if party.user}
