"""Where the accounts of a started book stand, and what may be done with several of them (N9).

Whatever is asked here is asked of handovers as their viewer reads them.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum

from flows.books.book import Book, Order, handover_of, leads_book
from flows.end.completing import is_over
from flows.handover import Acceptance, Handover
from flows.privacy import is_told, leads
from flows.reports.digest import Alarm, make_alarm
from flows.terms import Role


class Verb(StrEnum):
    """What a leader does with several accounts at once."""

    PAUSE = "pause"
    TAKE_UP = "take_up"
    CANCEL = "cancel"
    CHANGE = "change"


_FITS: Mapping[Verb, Callable[[Handover], bool]] = {
    Verb.PAUSE: lambda handover: handover.ending.pause is None,
    Verb.TAKE_UP: lambda handover: handover.ending.pause is not None,
    Verb.CANCEL: lambda handover: not customer_knows(handover),
    Verb.CHANGE: lambda handover: not customer_knows(handover),
}


def customer_knows(handover: Handover) -> bool:
    """Whether the customer had the heads-up: they are owed a word about what changes then."""
    return "heads_up" in handover.schedule.done


def fits(verb: Verb, handover: Handover, viewer: str) -> bool:
    """Whether a viewer may have this done with an account together with others."""
    return _is_open_to(handover, viewer) and _FITS[verb](handover)


def is_alone(verb: Verb, handover: Handover, viewer: str) -> bool:
    """Whether it can be done, but only with this account alone: its customer is to be told."""
    return (
        verb in {Verb.CANCEL, Verb.CHANGE}
        and _is_open_to(handover, viewer)
        and customer_knows(handover)
    )


def untold_in(handovers: Iterable[Handover], viewer: str) -> dict[tuple[Role, str], list[Handover]]:
    """The accounts of which one of their CSMs does not know yet, by part and user, where the viewer
    leads.
    """
    found: dict[tuple[Role, str], list[Handover]] = {}
    for handover in handovers:
        for role in (Role.OUTGOING, Role.INCOMING):
            user = handover.user(role)
            if user and _is_open_to(handover, viewer) and not is_told(handover, role):
                found.setdefault((role, user), []).append(handover)
    return found


def refused_orders(book: Book, viewer: str) -> tuple[Order, ...]:
    """The orders of which something was refused, as far as the viewer may read about it: the start,
    and the last one after it.
    """
    known = [o for o in book.orders if o.refused and (o.by == viewer or leads_book(book, viewer))]
    starts, others = [o for o in known if o.begins], [o for o in known if not o.begins]
    last = [order for order in others if order == book.orders[-1]]
    return (*starts, *last)


def alarm_for(handover: Handover, viewer: str) -> Alarm:
    """What alarms about an account: how the customer seems only for whoever leads (G28)."""
    alarm = make_alarm(handover)
    return alarm if leads(handover, viewer) else Alarm(risks=alarm.risks)


def is_waited_for(handover: Handover) -> bool:
    """Whether nobody has said yet that they take an account over."""
    return handover.acceptance is not Acceptance.ACCEPTED and not is_over(handover)


def keys_of(book: Book) -> dict[str, str]:
    """The key of the row that became a handover, by the handover's id."""
    return {handover_of(book.id, row.key): row.key for row in book.rows}


def _is_open_to(handover: Handover, viewer: str) -> bool:
    return leads(handover, viewer) and not is_over(handover)
