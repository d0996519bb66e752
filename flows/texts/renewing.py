"""What follows for the customer's texts once they were sent for approval.

Composed texts follow their facts, the plan its days, and the leaders get a new card where something
waits again. Whether that is so is settled after every event, so that none can forget it.
"""

from collections.abc import Iterator
from datetime import datetime, time

from flows.end.completing import is_over
from flows.frozen import Moment
from flows.handover import Handover
from flows.happened import CLOCK
from flows.playbook import Playbook
from flows.schedule.away import away
from flows.schedule.workdays import add_workdays, workdays_after
from flows.texts.composing import Composed, composed, facts_of, missing
from flows.texts.letter_specs import Element, Letter
from flows.texts.letters import Letters, PlanVersion, Remark, Version
from flows.texts.pieces import customer_days, is_being_agreed, pending, wanted

MAKE_TEXTS = (
    *("wording", "outgoing", "incoming", "acceptance", "leader", "answers", "records"),
    *("sending", "changes"),
)
MAKE_DAYS = (*MAKE_TEXTS, "schedule", "tellings", "arr", "renewal", "day", "day_is")


def settled(before: Handover, after: Handover, at: Moment, playbook: Playbook) -> Handover:
    """What follows for texts that were sent for approval: new versions, and the leaders' next card.

    A composed text follows its facts; one that a person wrote stays, and goes back to them where
    the reason in it is no longer the agreed one. Nothing is to be approved of what is over.
    """
    if after.letters.asked_at is None or is_over(after):
        return after
    anew = before.letters.asked_at is None or is_over(before)
    if anew or differs(before, after, MAKE_TEXTS):
        after = _with_new_texts(after, playbook, at)
    if anew or differs(before, after, MAKE_DAYS):
        after = _with_new_days(after, playbook, at)
    after = _opened(after, at)
    return after if pending(before) else _next_round(after, at)


def for_somebody_new(handover: Handover) -> Letters:
    """What is left when another CSM takes over: nothing that names the former one (decisions), but
    for the heads-up that the customer has.
    """
    kept = {sent.key for sent in handover.sending.of(Letter.HEADS_UP)}
    drafts = {key: text for key, text in handover.letters.drafts.items() if key in kept}
    return Letters(alone=handover.letters.alone, drafts=drafts)


def backup_due(handover: Handover, playbook: Playbook) -> Moment | None:
    """When the backup is asked too, because the leader has not decided, or will be away for longer
    than a day; none where that is over.
    """
    letters = handover.letters
    since = letters.round_at
    if since is None or letters.backup_asked_at or not handover.backup or not pending(handover):
        return None
    late = workdays_after(since, playbook.milestones.silent_on_approval)
    return min([late, *_leaves(handover, since)])


def _leaves(handover: Handover, since: Moment) -> Iterator[Moment]:
    """When the leader leaves for longer than a day, now or later."""
    for absence in handover.schedule.away.get(handover.leader, ()):
        day = max(absence.first, since.date())
        back = away(handover, handover.leader, day) if day <= absence.last else None
        if back and back > add_workdays(day, 1):
            yield max(since, datetime.combine(day, time(), since.tzinfo))


def backup_asked(handover: Handover, at: Moment, _playbook: Playbook) -> Handover:
    """The leader's time to decide is over."""
    return _with(handover, handover.letters.model_copy(update={"backup_asked_at": at}))


def differs(before: Handover, after: Handover, names: tuple[str, ...]) -> bool:
    """Whether any of these fields is another one."""
    # What an event leaves alone is the very same object, so nothing is compared in depth.
    return any(getattr(before, name) is not getattr(after, name) for name in names)


def _with_new_texts(handover: Handover, playbook: Playbook, at: Moment) -> Handover:
    sending, known = handover.sending, handover.letters.drafts
    # What the customer has read stays as it is; only what is still to be said follows its facts.
    drafts = {key: text for key, text in known.items() if sending.by_key(key)}
    for text in composed(handover, playbook):
        if not sending.newest(text.spec.letter):
            versions = known.get(text.spec.key, ())
            newest = _renewed(handover, playbook, text, versions, at)
            drafts[text.spec.key] = (*versions, newest) if newest else versions
    if drafts == known:
        return handover
    return _with(handover, handover.letters.model_copy(update={"drafts": drafts}))


def _renewed(
    handover: Handover,
    playbook: Playbook,
    text: Composed,
    versions: tuple[Version, ...],
    at: Moment,
) -> Version | None:
    """The next version of a text, where the facts ask for one."""
    if not versions:
        return Version(number=1, text=text.text, by=CLOCK, at=at)
    newest = versions[-1]
    number = newest.number + 1
    if newest.by == CLOCK:
        changed = newest.text != text.text
        return Version(number=number, text=text.text, by=CLOCK, at=at) if changed else None
    lacks = missing(handover, text.spec, newest.text, facts_of(handover, playbook))
    if newest.wanted or Element.REASON not in lacks:
        return None
    wanted = Remark(by=CLOCK, at=at, text="")
    return newest.model_copy(update={"number": number, "approved": None, "wanted": wanted})


def _with_new_days(handover: Handover, playbook: Playbook, at: Moment) -> Handover:
    versions, days = handover.letters.plan, customer_days(handover, playbook)
    if versions and versions[-1].days == days:
        return handover
    number = versions[-1].number + 1 if versions else 1
    plan = (*versions, PlanVersion(number=number, days=days, at=at))
    return _with(handover, handover.letters.model_copy(update={"plan": plan}))


def _opened(handover: Handover, at: Moment) -> Handover:
    """Nothing waits any more and nothing is to be changed: the customer may hear of it."""
    letters = handover.letters
    waits = is_being_agreed(handover) or pending(handover) or wanted(handover)
    if letters.asked_at is None or letters.opened_at or waits:
        return handover
    return _with(handover, letters.model_copy(update={"opened_at": at}))


def _next_round(handover: Handover, at: Moment) -> Handover:
    """A new card for the leaders, where something waits."""
    if not pending(handover):
        return handover
    letters = handover.letters
    back = away(handover, handover.leader, at.date())
    # Whoever is away for longer than a day is not waited for (decisions, "The customer").
    late = handover.backup and back and back > add_workdays(at.date(), 1)
    change = {"rounds": (*letters.rounds, at), "backup_asked_at": at if late else None}
    return _with(handover, letters.model_copy(update=change))


def _with(handover: Handover, letters: Letters) -> Handover:
    return handover.model_copy(update={"letters": letters})
