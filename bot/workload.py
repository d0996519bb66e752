"""What somebody has to do: the handovers of theirs, as far as a viewer may know of them."""

from collections.abc import Container, Iterable
from datetime import date
from decimal import Decimal

from sqlalchemy import Connection

from flows.books.rules import BookRules
from flows.books.sharing_out import Load
from flows.handover import Acceptance, Handover, Stage
from flows.privacy import is_announced, may_know
from flows.schedule.calendars import Absence
from flows.terms import Role
from storage import handovers


def under_way(
    connection: Connection, team: str, user: str, but: Container[str] = ()
) -> list[Handover]:
    """Those of which a person is a CSM, without examples and those whose ids are in `but`."""
    return [
        handover
        for handover in handovers.taking_part(connection, team, user)
        if handover.id not in but
        and not handover.example
        and handover.stage is Stage.IN_FLIGHT
        and user in (handover.user(Role.INCOMING), handover.user(Role.OUTGOING))
        and may_know(handover, user)
    ]


def loads(
    connection: Connection, team: str, users: Iterable[str], viewer: str, rules: BookRules
) -> dict[str, Load]:
    """What each of some CSMs has to do, as far as somebody else may know of it."""
    return {user: _load(_known(connection, team, user, viewer), user, rules) for user in users}


def absences(connection: Connection, team: str, user: str, viewer: str) -> list[Absence]:
    """When somebody is away, as they said where the viewer may read it."""
    known = _known(connection, team, user, viewer)
    return [one for handover in known for one in handover.schedule.away.get(user, ())]


def earlier(connection: Connection, team: str, account: str, viewer: str, since: date) -> int:
    """How often an account changed hands since a day, as far as the viewer may know of it."""
    return sum(
        not handover.example
        and handover.acceptance is Acceptance.ACCEPTED
        and handover.stage is not Stage.CANCELLED
        and handover.created_at.date() >= since
        and _tells(handover, viewer)
        for handover in handovers.of_account(connection, team, account)
    )


def _known(connection: Connection, team: str, user: str, viewer: str) -> list[Handover]:
    theirs = handovers.taking_part(connection, team, user)
    return [h for h in theirs if not h.example and _tells(h, viewer)]


def _tells(handover: Handover, viewer: str) -> bool:
    """Whether somebody may hear of it: they know of it, or everybody may."""
    return may_know(handover, viewer) or is_announced(handover)


def _load(known: Iterable[Handover], user: str, rules: BookRules) -> Load:
    csm = [h for h in known if user in (h.user(Role.INCOMING), h.user(Role.OUTGOING))]
    going = [h for h in csm if h.stage is Stage.IN_FLIGHT]
    taken = [
        handover
        for handover in csm
        if handover.user(Role.INCOMING) == user
        and handover.acceptance is Acceptance.ACCEPTED
        and handover.stage is not Stage.CANCELLED
    ]
    return Load(
        open=len(going),
        hours=sum(rules.hours[handover.segment] for handover in going),
        accounts=len(taken),
        revenue=sum((handover.arr or Decimal(0) for handover in taken), Decimal(0)),
    )
