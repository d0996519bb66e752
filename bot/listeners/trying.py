"""Trying the bot out: a handover of a made-up account in which one person plays every part."""

from datetime import timedelta

from bot.desk import Receipt
from bot.listeners.showing import hint
from bot.office import Office
from bot.payloads import Click, key_of
from bot.times import today_in
from bot.views.errors import say
from flows import example
from flows.events import EarlierUsed, Started
from flows.handover import Party, Telling
from flows.schedule.workdays import add_workdays
from flows.terms import DateIs, Reason, Role, Segment
from storage import handovers

_DAYS = 10


def try_example(office: Office, click: Click) -> None:
    """Start an example for whoever asked, one at a time; nobody else ever hears of it."""
    with office.desk.database.read() as connection:
        theirs = handovers.taking_part(connection, office.team, click.user)
    if any(handover.example for handover in theirs):
        hint(office, click, say("example_there"))
        return
    person = office.roster.meet({click.user})[click.user]
    now, key = office.desk.clock.now(), key_of("example", click.key)
    me = Party(user=person.user, name=person.name)
    event = Started(
        at=now,
        by=person.user,
        id=key[:20],
        team=click.team,
        playbook=office.desk.playbooks.name,
        today=today_in(now, person.tz),
        account=example.ACCOUNT,
        segment=Segment.SMB,
        reason=Reason.LOAD_BALANCING,
        outgoing=me,
        incoming=me,
        leader=person.user,
        day=add_workdays((now + timedelta(days=1)).date(), _DAYS),
        day_is=DateIs.SWITCH_BY,
        example=True,
        tellings={Role.OUTGOING: Telling(), Role.INCOMING: Telling()},
    )
    office.desk.start(Receipt(click.team, key), event)
    known = EarlierUsed(at=now, by=person.user, earlier=example.SOURCE, found=example.KNOWN)
    office.desk.record(Receipt(click.team, key_of("known", click.key)), event.id, known)
    if person.is_admin:
        office.errands.note_example(click.team, click.user)
        office.roster.refresh()
    hint(office, click, say("example_coming"))
