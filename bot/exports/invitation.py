"""A call of the plan as an .ics file, to be put into a calendar and sent from there.

The file is METHOD:PUBLISH, as calendars' own exports are. Whoever opens a METHOD:REQUEST is taken
for somebody invited: they could accept it, but not send it, and it would need their address as its
organizer, which Slack does not tell us. Published, a calendar takes it as its owner's own event,
with the guests whose addresses are known, and the owner's calendar sends it. Everybody else is
named in its text. The UID stays, and SEQUENCE grows, so an update finds the event it replaces;
METHOD:CANCEL takes it out again.

What goes to the customer is made of safe facts and of the playbook's words for customers.
"""

import re
import uuid
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from icalendar import Calendar, Event, vCalAddress

from bot.exports.files import Export, slug
from bot.times import zone_named
from bot.views import people
from bot.views.slack_text import Names, Surface, one_line
from flows.frozen import Moment
from flows.handover import Acceptance, Handover
from flows.playbook import Playbook
from flows.schedule.appointments import Appointment
from flows.schedule.calls import Call, find_call, guests
from flows.texts.safe_facts import SafeFacts, plain_line, safe_facts

_PRODUCT = "-//Handover//Handover//EN"
_SOMEBODY = "your new contact"
_ASIDE = re.compile(r"\s*[(\[{,;:|/]|\s+[–—-]\s+")
"""Where a name as it was noted ends, and a remark begins."""


def invitation(
    handover: Handover, playbook: Playbook, viewer: str, key: str, names: Names, at: Moment
) -> Export:
    """A call as it stands now, made at a moment; a cancellation where it was dropped.

    Raises FlowError `no_such_milestone`, and `not_found` or `not_yours` for a viewer who may not
    have it.
    """
    facts = safe_facts(handover, playbook, viewer)
    call = find_call(handover, playbook, key)
    dropped = call.milestone is None
    calendar = Calendar()
    calendar.add("PRODID", _PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", "CANCEL" if dropped else "PUBLISH")
    event = _event(handover, playbook, call, names, at)
    event.add("SUMMARY", _summary(handover, playbook, call, facts, names))
    calendar.add_component(event)
    _add_zone(calendar, call.appointment.day)
    account = people.account(handover, names, Surface.PLAIN)
    what = "cancelled" if dropped else "invitation"
    return Export(
        name=f"{slug(handover.account)}-call-{call.appointment.day.isoformat()}.ics",
        title=f"{account}: {what}, version {call.sequence}",
        content=calendar.to_ical(),
    )


def _event(handover: Handover, playbook: Playbook, call: Call, names: Names, at: Moment) -> Event:
    begins, ends = _span(call.appointment)
    event = Event()
    event.add("UID", uid(handover, call.key))
    event.add("DTSTAMP", at.astimezone(UTC).replace(microsecond=0))
    event.add("DTSTART", begins)
    event.add("DTEND", ends)
    event.add("SEQUENCE", call.sequence)
    event.add("STATUS", "CANCELLED" if call.milestone is None else "CONFIRMED")
    event.add("TRANSP", "OPAQUE" if isinstance(begins, datetime) else "TRANSPARENT")
    invited = _guests(handover, playbook, call)
    ours = [people.person(user, names, Surface.PLAIN) for user in call.appointment.people]
    event.add("DESCRIPTION", f"With {people.listed([*ours, *invited])}.")
    for name, email in invited.items():
        if email:
            event.add("ATTENDEE", vCalAddress.new(email, cn=name, rsvp=True))
    return event


def uid(handover: Handover, key: str) -> str:
    """What names a call in every calendar, always the same, in which nothing can be read."""
    digest = sha256(f"{handover.team}:{handover.id}:{key}".encode()).digest()
    return str(uuid.UUID(bytes=digest[:16]))


def _span(known: Appointment) -> tuple[date, date] | tuple[datetime, datetime]:
    """Its beginning and end: days for all day, else moments in the zone of whoever set the time."""
    if known.start is None:
        return known.day, known.day + timedelta(days=1)
    begins = datetime.combine(known.day, known.start, zone_named(known.zone))
    ends = (begins.astimezone(UTC) + timedelta(minutes=known.minutes)).astimezone(begins.tzinfo)
    return begins, ends


def _summary(
    handover: Handover, playbook: Playbook, call: Call, facts: SafeFacts, names: Names
) -> str:
    account = facts.account.words
    if not call.with_customer:
        titles = {milestone.key: milestone.title for milestone in playbook.plan}
        return f"{account}: {one_line(titles[call.key], Surface.PLAIN, names)}"
    comes, goes = handover.incoming, handover.outgoing
    taken = comes and not comes.gone and handover.acceptance is Acceptance.ACCEPTED
    return call.spec.summary.format(
        account=account,
        outgoing=people.person(handover.leader, names, Surface.PLAIN)
        if goes.gone
        else people.party(goes, names, Surface.PLAIN),
        incoming=people.incoming(handover, names, Surface.PLAIN) if taken else _SOMEBODY,
    )


def _guests(handover: Handover, playbook: Playbook, call: Call) -> dict[str, str]:
    """Whom of the customer's it is for: name -> address, empty where that is not known."""
    found = {}
    for one in guests(handover, playbook, call):
        name = _plain(_ASIDE.split(one.name)[0])
        if name:
            found[name] = one.email
    return found


def _plain(stored: str) -> str:
    line = plain_line(stored)
    return line.words if line else ""


def _add_zone(calendar: Calendar, day: date) -> None:
    """The zone with its changes around the call, for it may be moved by hand."""
    calendar.add_missing_timezones(date(day.year, 1, 1), date(day.year + 1, 12, 31))
    for zone in calendar.timezones:
        # That it holds for these years alone is nothing for people to read.
        zone.pop("COMMENT", None)
