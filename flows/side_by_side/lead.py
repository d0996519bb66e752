"""Who leads the account: exactly one person at any moment (G27, N3).

The lead follows from the handover; every change of it is kept as a span, so that "who led on that
day?" has one answer. It is never somebody who is gone.
"""

from datetime import UTC, date, datetime, time

from flows.frozen import Moment
from flows.handover import Acceptance, Handover, Stage
from flows.playbook import Playbook
from flows.schedule.renewal import leads_until
from flows.side_by_side.leading import Session, SessionKind, Span
from flows.terms import DateIs

_NOON = time(12, tzinfo=UTC)
LADDER = {SessionKind.SHADOW: "shadow_", SessionKind.REVERSE: "reverse_"}
"""How the milestones of the sessions of a kind are named; a number follows."""


def lead_now(handover: Handover) -> tuple[str, date | None]:
    """Who leads, by name or Slack id, and until when; never somebody who is gone (G27)."""
    outgoing, incoming, leading = handover.outgoing, handover.incoming, handover.leading
    ready = incoming is not None and handover.acceptance is Acceptance.ACCEPTED
    if incoming and not incoming.gone and leading.switched_at:
        return incoming.key, None
    if not outgoing.gone and not leading.passed_at:
        return outgoing.key, leads_until(handover)
    if incoming and ready and not incoming.gone:
        return incoming.key, None
    if interim := handover.changes.interim:
        return interim.user, interim.until
    return handover.leader, None


def led_on(handover: Handover, day: date) -> str:
    """Who led at the end of a day, by name or Slack id; empty before the handover began."""
    end = datetime.combine(day, time.max, UTC)
    before = [span.who for span in handover.leading.spans if span.since <= end]
    return before[-1] if before else ""


def passes_at(handover: Handover, _playbook: Playbook) -> Moment | None:
    """When a leaver's lead passes on, whatever is open: at noon of their last day (decisions).

    Whoever stays passes it on at noon of the day only where somebody is named to lead in between.
    """
    leading = handover.leading
    passes = handover.day_is is DateIs.LAST_DAY or waits_for_somebody(handover)
    leaves = passes and handover.stage is Stage.IN_FLIGHT
    if not leaves or leading.passed_at or leading.switched_at or handover.example:
        return None
    return datetime.combine(handover.day, _NOON)


def waits_for_somebody(handover: Handover) -> bool:
    """Whether somebody leads in between, and nobody has taken over yet."""
    taken = handover.incoming is not None and handover.acceptance is Acceptance.ACCEPTED
    return handover.changes.interim is not None and not taken


def may_lead_again(handover: Handover) -> bool:
    """Whether the outgoing CSM is still there to lead."""
    left = handover.leading.passed_at and handover.day_is is DateIs.LAST_DAY
    return not (handover.outgoing.gone or left)


def passed(handover: Handover, at: Moment, _playbook: Playbook) -> Handover:
    """The last noon of a leaver is over."""
    leading = handover.leading.model_copy(update={"passed_at": at})
    return handover.model_copy(update={"leading": leading})


def with_span(handover: Handover, at: Moment, by: str, why: str = "") -> Handover:
    """The handover with its lead noted, where it is somebody else than before."""
    if handover.stage is not Stage.IN_FLIGHT:
        return handover
    spans, (who, _) = handover.leading.spans, lead_now(handover)
    if spans and spans[-1].who == who:
        return handover
    spans = (*spans, Span(who=who, since=at, by=by, why=why))
    return handover.model_copy(
        update={"leading": handover.leading.model_copy(update={"spans": spans})}
    )


def sessions_held(handover: Handover, kind: SessionKind) -> tuple[Session, ...]:
    """The sessions of a kind, in the order of their days."""
    found = (session for session in handover.leading.sessions if session.kind is kind)
    return tuple(sorted(found, key=lambda session: (session.on, session.id)))


def is_session(key: str) -> bool:
    """Whether a milestone is a session side by side."""
    return key.startswith(tuple(LADDER.values()))


def session_reached(handover: Handover, key: str) -> bool:
    """Whether the sessions held are enough for a milestone such as `reverse_2`."""
    kind = next((kind for kind, name in LADDER.items() if key.startswith(name)), None)
    number = key.rpartition("_")[2]
    return kind is not None and len(sessions_held(handover, kind)) >= int(number)


def has_switched(handover: Handover) -> bool:
    """Whether the incoming CSM leads."""
    return handover.leading.switched_at is not None
