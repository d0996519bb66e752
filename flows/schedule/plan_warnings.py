"""What speaks against the timing of a plan; the leader decides about each (N13, A19).

Only what everybody on the handover may read counts: a warning tells of it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from flows.frozen import Frozen
from flows.handover import Choice, Handover, Record, Warn
from flows.playbook import Playbook
from flows.privacy import is_sensitive, sensitive_ones, shared, told_part, told_parts
from flows.remembering import Latest
from flows.schedule.away import began
from flows.schedule.milestones import Notice
from flows.schedule.renewal import renewal_close_by, switch_bounds
from flows.schedule.timeline import Plan, but_for_answers, make_plan
from flows.taking_over.items import open_items
from flows.terms import DateIs

_USUAL = (Choice.GO_ON, Choice.MOVE)
_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_WORST = "severity_1"
_FORMER_CSMS = "BG7"
_WEEK = 7
_SWITCHING = ("heads_up", "introduction", "switch")
"""The milestones whose timing the customer feels."""


class PlanWarning(Frozen):
    """Something that speaks against the timing. `day` is the day that it is about, `count` a number
    that it tells, `need` what it is held against. What was decided and does not hold any more, is
    to be decided `again`.
    """

    kind: Warn
    day: date | None = None
    count: int = 0
    need: int = 0
    again: bool = False


_latest = Latest[Sequence[PlanWarning]]()


def plan_warnings(
    handover: Handover, playbook: Playbook, plan: Plan | None = None
) -> Sequence[PlanWarning]:
    """Everything that speaks against the timing, answered or not; `plan` if it is known."""
    known = plan or make_plan(handover, playbook)
    made_of = _made_of(handover, playbook, known)
    return _latest.of(handover.id, made_of, lambda: _found(handover, playbook, known))


def _made_of(handover: Handover, playbook: Playbook, plan: Plan) -> tuple[object, ...]:
    """Whatever a warning may hang on: of what people answer, only these facts."""
    return (
        playbook,
        plan,
        told_parts(handover, playbook),
        handover.answers.get(_FORMER_CSMS),
        handover.records,
        sensitive_ones(handover, playbook),
        *but_for_answers(handover),
    )


def _found(handover: Handover, playbook: Playbook, plan: Plan) -> Sequence[PlanWarning]:
    found = (check(handover, playbook, plan) for check in _CHECKS.values())
    return [warning for warning in found if warning]


def open_warnings(
    handover: Handover, playbook: Playbook, plan: Plan | None = None
) -> list[PlanWarning]:
    """What the leader has not decided about."""
    warnings = plan_warnings(handover, playbook, plan)
    answered = handover.schedule.answered
    return [warning for warning in warnings if warning.again or warning.kind not in answered]


def keeps_its_word(handover: Handover, playbook: Playbook, plan: Plan) -> bool:
    """Whether the lead switches before or after the renewal as the leader decided; what has
    happened keeps it, and so does a plan that nothing was decided about.
    """
    (first, last), switch = switch_bounds(handover, playbook), plan.find("switch")
    if switch is None or switch.done:
        return True
    return not ((first and switch.day < first) or (last and switch.day > last))


def choices(handover: Handover, warning: Warn) -> tuple[Choice, ...]:
    """What a leader can decide about a warning; nobody who leaves stays until a renewal."""
    if warning is Warn.RENEWAL:
        leaves = handover.day_is is DateIs.LAST_DAY
        return (Choice.NAMED,) if leaves else (Choice.BEFORE, Choice.AFTER, Choice.NAMED)
    if warning in {Warn.HOURS, Warn.NOTICE}:
        return (Choice.GO_ON, Choice.HELP, Choice.MOVE)
    return _USUAL


def _renewal(handover: Handover, playbook: Playbook, plan: Plan) -> PlanWarning | None:
    day = renewal_close_by(handover, playbook)
    if day is None:
        return None
    again = not keeps_its_word(handover, playbook, plan)
    return PlanWarning(kind=Warn.RENEWAL, day=day, count=(day - began(handover)).days, again=again)


def _quarter_end(_handover: Handover, playbook: Playbook, plan: Plan) -> PlanWarning | None:
    within = timedelta(days=playbook.timing.guard.quarter_end_days)
    for key in _SWITCHING:
        milestone = plan.find(key)
        if milestone and (end := quarter_end(milestone.day)) - milestone.day < within:
            return PlanWarning(kind=Warn.QUARTER_END, day=end)
    return None


def quarter_end(day: date) -> date:
    """The last day of a day's quarter."""
    last = (day.month - 1) // 3 * 3 + 3
    return date(day.year + last // 12, last % 12 + 1, 1) - timedelta(days=1)


def _severe_issue(handover: Handover, playbook: Playbook, _plan: Plan) -> PlanWarning | None:
    def worst(item: Record) -> bool:
        return item.details.get("severity") == _WORST and shared(handover, playbook, item)

    count = sum(worst(item) for item in open_items(handover))
    return PlanWarning(kind=Warn.SEVERE_ISSUE, count=count) if count else None


def _go_live(handover: Handover, playbook: Playbook, plan: Plan) -> PlanWarning | None:
    told, complete = told_part(handover, playbook, "go_live"), plan.find("complete")
    if not told or complete is None:
        return None
    day = date.fromisoformat(told)
    within = plan.start <= day <= complete.day
    return PlanWarning(kind=Warn.GO_LIVE, day=day) if within else None


def _csm_changes(handover: Handover, playbook: Playbook, _plan: Plan) -> PlanWarning | None:
    answer, question = handover.answers.get(_FORMER_CSMS), playbook.by_id.get(_FORMER_CSMS)
    if answer is None or question is None or is_sensitive(question, answer):
        return None
    count = _first_number(" ".join(said.text for said in answer.said))
    most = playbook.timing.guard.csm_changes
    return PlanWarning(kind=Warn.CSM_CHANGES, count=count) if count >= most else None


@lru_cache(maxsize=256)
def _first_number(text: str) -> int:
    """The first number that an answer tells; 0 where it tells none, years are none."""
    words = re.findall(r"[a-z]+|\d+", text.lower())
    numbers = (int(word) if word.isdigit() else _NUMBERS.get(word, 0) for word in words)
    return next((number for number in numbers if 0 < number < 100), 0)  # noqa: PLR2004


def _hours(handover: Handover, playbook: Playbook, plan: Plan) -> PlanWarning | None:
    hours, until = (told_part(handover, playbook, part) for part in ("hours", "until"))
    need = playbook.timing.guard.hours.get(handover.segment, 0)
    switch = plan.find("switch")
    if not hours or switch is None:
        return None
    end = min(switch.day, date.fromisoformat(until)) if until else switch.day
    weeks = Decimal(max(0, (end - plan.start).days + 1)) / _WEEK
    have = int(Decimal(hours) * weeks)
    return PlanWarning(kind=Warn.HOURS, count=have, need=need) if have < need else None


def _notice(_handover: Handover, _playbook: Playbook, plan: Plan) -> PlanWarning | None:
    if plan.notice is Notice.FULL:
        return None
    return PlanWarning(kind=Warn.NOTICE, day=plan.last, count=plan.left, need=plan.needed)


_CHECKS: Mapping[Warn, Callable[[Handover, Playbook, Plan], PlanWarning | None]] = {
    Warn.NOTICE: _notice,
    Warn.RENEWAL: _renewal,
    Warn.SEVERE_ISSUE: _severe_issue,
    Warn.GO_LIVE: _go_live,
    Warn.QUARTER_END: _quarter_end,
    Warn.CSM_CHANGES: _csm_changes,
    Warn.HOURS: _hours,
}
