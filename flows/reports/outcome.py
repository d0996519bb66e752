"""What came of one handover within some days: the few facts that a report counts (A2, G11).

Nothing of what people wrote is in it, nothing of the vault, and no reason but the visible one.
"""

from datetime import date, timedelta

from flows.customer.moods import Colour, Feeling
from flows.customer.sentiment import rounds
from flows.end.completing import is_over
from flows.frozen import Frozen, Moment
from flows.handover import Handover, Party, Stage
from flows.knowledge.interview import progress
from flows.playbook import Playbook
from flows.side_by_side.lead import lead_now
from flows.terms import Reason, Role, Segment


class Period(Frozen):
    """Calendar days in UTC, both included."""

    first: date
    last: date

    def has(self, at: Moment) -> bool:
        """Whether a moment lies in it."""
        return self.first <= at.date() <= self.last


class Outcome(Frozen):
    """One handover as a report counts it: what happened in the period, and how it stands.

    `to_pack` and `to_lead` are the calendar days from the start until the pack was accepted and the
    incoming CSM led alone, where that came about in the period (G11). `more` are the questions in
    whose answers one more detail was asked for, `asked` those that questions were about which the
    pack did not answer (empty where nobody knows), `found` how many it did; `gaps` what should have
    told what a customer had to explain again. `went_well` has an entry for each follow-up.
    `overdue` tasks are those that are late now.
    """

    handover: str
    account: str
    segment: Segment
    reason: Reason
    leader: str
    outgoing: Party
    incoming: Party | None
    stage: Stage
    started: date
    ended: date | None = None
    to_pack: int | None = None
    to_lead: int | None = None
    answered: int = 0
    required: int = 0
    more: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    found: int = 0
    feelings: tuple[Feeling, ...] = ()
    reds: int = 0
    overdue: int = 0
    went_well: tuple[bool, ...] = ()
    gaps: tuple[str, ...] = ()
    waived: int = 0
    rating: int | None = None


def last_days(days: int, today: date) -> Period:
    """So many days, of which today is the last."""
    return Period(first=today - timedelta(days=days - 1), last=today)


def is_within(handover: Handover, period: Period) -> bool:
    """Whether it was under way in a period, or a follow-up was made in it; never an example."""
    if handover.example or handover.started_at is None or handover.stage is Stage.DISCARDED:
        return False
    if handover.started_at.date() > period.last:
        return False
    ended = _ended(handover)
    if ended is None or ended.date() >= period.first:
        return True
    return any(period.has(visit.at) for visit in handover.ending.visits)


def outcome_of(
    handover: Handover, playbook: Playbook, period: Period, overdue: int = 0
) -> Outcome | None:
    """What a report counts of a handover; none where nothing of it lies in the period.

    `overdue` is how many of its tasks are late, which only whoever keeps them knows.
    """
    began, ended = handover.started_at, _ended(handover)
    if began is None or not is_within(handover, period):
        return None
    done = progress(handover, playbook, Role.OUTGOING)
    ending, answers = handover.ending, handover.answers
    visits = [visit for visit in ending.visits if period.has(visit.at)]
    asked = [ask for ask in handover.asks if ask.knock and period.has(ask.at)]
    checks = [check for check in handover.moods.checks if period.has(check.at)]
    heard = {check.round for check in checks}
    return Outcome(
        handover=handover.id,
        account=handover.account,
        segment=handover.segment,
        reason=handover.reason,
        leader=handover.leader,
        outgoing=handover.outgoing,
        incoming=handover.incoming,
        stage=handover.stage,
        started=began.date(),
        ended=ended.date() if ended else None,
        to_pack=_days_until(began, handover.reading.accepted_at, period),
        to_lead=_days_until(began, _led_alone_at(handover), period),
        answered=done.answered,
        required=done.required,
        more=tuple(k for k in handover.follow_ups if k in answers and period.has(answers[k].at)),
        asked=tuple(ask.about for ask in asked),
        found=sum(period.has(found.at) for found in handover.found),
        feelings=tuple(check.feeling for check in checks),
        reds=sum(r.colour is Colour.RED and r.key in heard for r in rounds(handover)),
        overdue=overdue,
        went_well=tuple(visit.well for visit in visits),
        gaps=tuple(sorted({gap.question for visit in visits for gap in visit.gaps})),
        waived=sum(period.has(word.at) for word in ending.waived.values()),
        rating=ending.rating if _signed_in(handover, period) else None,
    )


def _ended(handover: Handover) -> Moment | None:
    ended = handover.ending.completed or handover.ending.cancelled
    return ended.at if ended and is_over(handover) else None


def _led_alone_at(handover: Handover) -> Moment | None:
    """Since when the incoming CSM leads; none where somebody else does."""
    incoming, spans = handover.incoming, handover.leading.spans
    if incoming is None or not spans or spans[-1].who != incoming.key:
        return None
    return spans[-1].since if lead_now(handover)[0] == incoming.key else None


def _days_until(began: Moment, at: Moment | None, period: Period) -> int | None:
    return (at.date() - began.date()).days if at and period.has(at) else None


def _signed_in(handover: Handover, period: Period) -> bool:
    """Whether the incoming CSM, whose rating it is, signed in a period."""
    incoming = handover.incoming
    signature = handover.ending.signed.get(incoming.key) if incoming else None
    return signature is not None and period.has(signature.at)
