"""What the start form says, held against what is known: all that is wrong is found at once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from bot.ids import Draft, Field
from bot.office import Office
from bot.times import today_in
from bot.views.slack_text import from_form
from flows.books.book import Shared
from flows.errors import FlowError, FormError
from flows.handover import Party, Stage
from flows.knowledge.ledger import checked_value
from flows.playbook import Part
from flows.privacy import may_know
from flows.staffing.joining import day_faults, people_faults
from flows.terms import Confidential, DateIs, PartKind, Reason
from flows.who_may import Do, granted
from storage import handovers
from storage.people import Person

LONGEST_NAME = 200
ARR = Part(key="arr", kind=PartKind.NUMBER, label="Annual revenue (ARR)")

Met = Mapping[str, Person]


def filled_in(
    office: Office,
    user: str,
    draft: Draft,
    *,
    stood: Confidential | None = None,
    more: Iterable[FlowError] = (),
) -> dict[str, Any]:
    """The form as the fields of an event, by who fills it in (`user`).

    People and leaders are looked at as they are stored now. `stood` is the confidential reason of a
    stored draft, `more` what else is wrong. Raises FormError with everything, each at its field.
    """
    office.roster.refresh()
    wanted = {user, draft.outgoing, draft.incoming, draft.leader, draft.backup} - {""}
    met = office.roster.meet(wanted)
    today = today_where(office, user)
    day, day_is = date.fromisoformat(draft.day), DateIs(draft.day_is)
    outgoing, incoming = _outgoing(draft, met), _party(met, draft.incoming)
    faults = [
        *_name_faults(draft.account, Field.ACCOUNT),
        *more,
        *_person_faults(draft, met),
        *_leader_faults(office, user, draft.leader),
        *_confidential_faults(office, user, draft, stood),
        *people_faults(outgoing, incoming, draft.leader, draft.backup or None),
        *day_faults(day, day_is, today),
        *_number_faults(draft.arr),
    ]
    if faults:
        raise FormError(faults)
    return {
        "today": today,
        "account": from_form(draft.account),
        "segment": draft.segment,
        "reason": draft.reason,
        "outgoing": outgoing,
        "incoming": incoming,
        "leader": draft.leader,
        "backup": draft.backup or None,
        "day": day,
        "day_is": day_is,
        "arr": Decimal(checked_value(ARR, draft.arr)) if draft.arr else None,
        "renewal": date.fromisoformat(draft.renewal) if draft.renewal else None,
        "crm_link": draft.crm_link,
    }


def shared_in(office: Office, user: str, draft: Draft) -> Shared:
    """What all accounts of a book have in common, as its form says it.

    Raises FormError as `filled_in` does.
    """
    office.roster.refresh()
    met = office.roster.meet({user, draft.outgoing, draft.leader, draft.backup} - {""})
    outgoing, day, day_is = (
        _outgoing(draft, met),
        date.fromisoformat(draft.day),
        DateIs(draft.day_is),
    )
    backup = draft.backup or None
    faults = [
        *_person_faults(draft, met),
        *_leader_faults(office, user, draft.leader),
        *people_faults(outgoing, None, draft.leader, backup),
        *day_faults(day, day_is, today_where(office, user)),
    ]
    if faults or outgoing is None:
        raise FormError(faults)
    return Shared(
        outgoing=outgoing,
        reason=Reason(draft.reason),
        day=day,
        day_is=day_is,
        leader=draft.leader,
        backup=backup,
    )


def today_where(office: Office, user: str) -> date:
    """The calendar day where somebody is."""
    person = office.roster.known(user)
    return today_in(office.desk.clock.now(), person.tz if person else "")


def in_flight(office: Office, user: str, draft: Draft) -> Iterator[FlowError]:
    """That a handover of this account is under way, as far as whoever starts one may know.

    One that they may not know of stays hidden: the start goes on, and that one's leader is told.
    """
    with office.desk.database.read() as connection:
        same = handovers.of_account(connection, office.team, from_form(draft.account))
    real = (row for row in same if row.stage is Stage.IN_FLIGHT and not row.example)
    if any(may_know(row, user) for row in real):
        yield FlowError("in_flight", field=Field.ACCOUNT)


def _outgoing(draft: Draft, met: Met) -> Party | None:
    """A typed name counts instead of a picked person."""
    if draft.outgoing_name:
        name = from_form(draft.outgoing_name)[:LONGEST_NAME]
        return Party(user=None, name=name)
    return _party(met, draft.outgoing)


def _party(met: Met, user: str) -> Party | None:
    person = met.get(user)
    return Party(user=user, name=person.name, gone=person.is_gone) if person else None


def _name_faults(typed: str, field: Field) -> Iterator[FlowError]:
    """A name is kept in its stored form, in which `&` takes five characters."""
    stored = from_form(typed)
    if not stored:
        yield FlowError("missing", field=field)
    elif len(stored) > LONGEST_NAME:
        yield FlowError("too_long", field=field)


def _person_faults(draft: Draft, met: Met) -> Iterator[FlowError]:
    """Everybody is a full member who may take part; only the outgoing CSM may be gone."""
    if draft.outgoing_name:
        yield from _name_faults(draft.outgoing_name, Field.OUTGOING_NAME)
    elif not draft.outgoing:
        yield FlowError("outgoing_missing", field=Field.OUTGOING)
    else:
        person = met.get(draft.outgoing)
        there = person and replace(person, is_gone=False)
        yield from colleague_faults(there, Field.OUTGOING)
    for field, user in (
        (Field.INCOMING, draft.incoming),
        (Field.LEADER, draft.leader),
        (Field.BACKUP, draft.backup),
    ):
        if user:
            yield from colleague_faults(met.get(user), field)


def colleague_faults(person: Person | None, field: str) -> Iterator[FlowError]:
    if person is None:
        yield FlowError("try_again", field=field)
    elif not person.is_colleague:
        yield FlowError("not_a_colleague", field=field)


def _leader_faults(office: Office, user: str, leader: str) -> Iterator[FlowError]:
    """Listed leaders only; with none listed yet an admin, or whoever an admin names."""
    roster = office.roster
    may_name = not roster.leaders and (roster.is_admin(user) or roster.is_admin(leader))
    if leader not in roster.leaders and not may_name:
        yield FlowError("not_a_leader", field=Field.LEADER)


def _confidential_faults(
    office: Office, user: str, draft: Draft, stood: Confidential | None
) -> Iterator[FlowError]:
    """A leader's word alone makes it confidential, and not where the leader hands over or takes."""
    if not draft.confidential:
        return
    if draft.confidential != stood and not granted(
        Do.CONFIDE, office.roster.parts(user), theirs=True
    ):
        yield FlowError("not_yours", field=Field.CONFIDENTIAL)
    elif user in {draft.incoming, "" if draft.outgoing_name else draft.outgoing}:
        yield FlowError("confidential_csm", field=Field.CONFIDENTIAL)


def _number_faults(typed: str) -> Iterator[FlowError]:
    try:
        checked_value(ARR, typed or "0")
    except FlowError as fault:
        yield fault
