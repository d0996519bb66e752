"""The plan as people read it: dated milestones in two tracks, and what speaks against them."""

from collections.abc import Iterator, Mapping

from bot.ids import Act
from bot.views import people
from bot.views.blocks import (
    Block,
    Element,
    Message,
    actions,
    button,
    confirm,
    context,
    cut,
    fitted,
    header,
    section,
)
from bot.views.customer import coverage
from bot.views.dates import day
from bot.views.scene import Scene
from bot.views.schedule import calls
from bot.views.schedule.away import away_button, who_is_away
from bot.views.side_by_side.lead import switch_button
from bot.views.side_by_side.sessions import log_button
from bot.views.slack_text import Surface, one_line
from bot.views.words import counted
from flows.end.completing import is_over
from flows.handover import Answered, Choice, Stage, Warn
from flows.knowledge.interview import asked_at, progress
from flows.privacy import leads, may_read_sensitive
from flows.schedule.milestones import Notice, Track
from flows.schedule.numbering import OverlapRule
from flows.schedule.plan_warnings import PlanWarning, open_warnings, plan_warnings
from flows.schedule.timeline import Plan, Planned, make_plan, may_mark, whose_turn
from flows.terms import Role

TRACKS = {Track.INTERNAL: "Among us", Track.CUSTOMER: "With the customer"}
_OVERLAP = {
    OverlapRule.SEGMENT: "the segment",
    OverlapRule.ARR: "the annual revenue",
    OverlapRule.STAKEHOLDERS: "the number of stakeholders",
}
CHOICES = {
    Choice.BEFORE: "Switch before the renewal is signed",
    Choice.AFTER: "Switch after the renewal is signed",
    Choice.NAMED: "Somebody leads the renewal",
    Choice.GO_ON: "Go on as planned",
    Choice.MOVE: "I move the dates",
    Choice.HELP: "Somebody helps",
}
_LOCKED = "Locked until message and plan are approved."
WITH, WITHOUT = "with", "without"
"""What a click on who takes part in calls carries."""
_CHUNK, _LINE, _TEXT, _WHY = 9, 300, 3600, 120


def build(_subject: str, scene: Scene) -> Message | None:
    """The dated list; nothing before the start."""
    if scene.handover.stage in {Stage.DRAFT, Stage.DISCARDED}:
        return None
    if is_over(scene.handover):
        words = f"{scene.account}: this handover is over, and with it the plan. {scene.lead}."
        return Message(words, [section(words)])
    plan = make_plan(scene.handover, scene.playbook)
    warnings = plan_warnings(scene.handover, scene.playbook, plan)
    head = [scene.lead, summary(plan, short_notice(scene)), *_without(scene)]
    head += [words] if (words := who_is_away(scene)) else []
    title = f"Plan: {people.account(scene.handover, scene.names, Surface.PLAIN)}"
    blocks: list[Block] = [header(title), context(*head)]
    said = [f"Plan: {scene.account}.", *(f"{words}." for words in head)]
    for warning in warnings:
        words = warning_words(scene, warning)
        blocks.append(section(words, _decide(scene, warning)))
        said.append(words)
    notes = calls.lines(scene, plan)
    for track, label in TRACKS.items():
        lines = [_line(scene, m, notes) for m in plan.milestones if m.track is track]
        locked = any(m.locked for m in plan.milestones if m.track is track)
        first = f"*{label}*" + (f"\n_{_LOCKED}_" if locked else "")
        blocks += _chunks(first, lines)
        said += [f"{label}:", *lines]
    blocks += [*_yours(scene, plan), *calls.blocks(scene, plan), *_ways(scene)]
    text = fitted([line.replace("*", "").replace("\n", " ") for line in said], _TEXT)
    return Message(text, blocks)


def _without(scene: Scene) -> list[str]:
    decided = scene.handover.schedule.without_outgoing
    if decided is None:
        return []
    return [f"Customer calls without {scene.outgoing}, decided by {scene.name(decided.by)}"]


def summary(plan: Plan, few: str = "") -> str:
    """How long the plan is, whether there is time for it, and why there is a longer overlap; `few`
    says that less is asked.
    """
    if plan.notice is Notice.FULL:
        words = f"The full plan takes {counted(plan.needed, 'working day')}"
        words = f"{few}. {words}" if few else words
    else:
        left = counted(plan.left, "working day")
        begin = f"{few}; " if few else "Short notice: "
        words = f"{begin}{left} left, the full plan takes {plan.needed}"
    if plan.overlap:
        rules = people.listed([_OVERLAP[rule] for rule in plan.overlap])
        words += f". Longer overlap because of {rules}"
    return words


def short_notice(scene: Scene) -> str:
    """How much less is asked because there is little time; empty where there is enough."""
    if asked_at(scene.handover, scene.playbook) in {Notice.FULL, Notice.SHORT}:
        return ""
    asked = progress(scene.handover, scene.playbook, Role.OUTGOING).required
    return f"Short notice: {counted(asked, 'question')}"


def warning_words(scene: Scene, warning: PlanWarning) -> str:
    """What speaks against the timing, and what the leader decided."""
    about = _about(warning)
    answer = scene.handover.schedule.answered.get(warning.kind)
    leader = people.person(scene.handover.leader, scene.names)
    who = "you decide" if leads(scene.handover, scene.viewer) else f"{leader} decides"
    if answer is None:
        return f"*To decide:* {about}; {who}."
    if warning.again:
        decided = decision(scene, answer)
        return f"*To decide again:* {about}. {decided} The dates are others now; {who}."
    return f"{about}. {decision(scene, answer)}"


def decision(scene: Scene, answer: Answered) -> str:
    """What was decided, by whom and why."""
    who = f" ({people.party(answer.person, scene.names)})" if answer.person else ""
    why = one_line(answer.why, Surface.MRKDWN, scene.names, _WHY)
    return f"Decided by {scene.name(answer.by)}: {CHOICES[answer.choice].lower()}{who}. {why}"


def title_of(scene: Scene, milestone: Planned) -> str:
    """A milestone's name, which a team may have written itself."""
    return scene.typed(milestone.title)


def may_change(scene: Scene) -> bool:
    """Whether the reader may set dates: the two CSMs, the leader and the backup."""
    return may_read_sensitive(scene.handover, scene.viewer)


def _about(warning: PlanWarning) -> str:
    on = day(warning.day) if warning.day else ""
    match warning.kind:
        case Warn.RENEWAL:
            return f"The renewal is on {on}, {counted(warning.count, 'day')} after the start"
        case Warn.QUARTER_END:
            return f"The customer hears of it in the last days of a quarter, which ends on {on}"
        case Warn.SEVERE_ISSUE:
            return f"{counted(warning.count, 'severity 1 issue')} open"
        case Warn.GO_LIVE:
            return f"They go live on {on}, before the handover is complete"
        case Warn.CSM_CHANGES:
            return f"They have had {warning.count} CSMs in the last 24 months"
        case Warn.HOURS:
            return f"The outgoing CSM has about {warning.count} hours; it takes {warning.need}"
        case Warn.NOTICE:
            return (
                f"There are {counted(warning.count, 'working day')}; "
                f"the full plan takes {warning.need}, so this is a shorter one"
            )


def _decide(scene: Scene, warning: PlanWarning) -> Block | None:
    if not leads(scene.handover, scene.viewer):
        return None
    ref, about = scene.ref(r=warning.kind), _about(warning)
    if warning.kind in scene.handover.schedule.answered and not warning.again:
        return button("Decide again", Act.PLAN_WARNING, ref, about=about)
    return button("Decide", Act.PLAN_WARNING, ref, "primary", about=about)


def _line(scene: Scene, milestone: Planned, notes: Mapping[str, str]) -> str:
    """A milestone with its day, who acts, and what became of it."""
    words = f"{day(milestone.day)} · *{title_of(scene, milestone)}*"
    if milestone.waived:
        return cut(f"{words} · waived", _LINE)
    if milestone.done:
        done = f" on {day(milestone.done_on)}" if milestone.done_on else ""
        return cut(f"{words} · done{done}", _LINE)
    who = people.listed([scene.name(owner) for owner in milestone.owners])
    words += f" · {who}"
    if note := notes.get(milestone.key):
        words += f" · {note}"
    if milestone.day < scene.now.date() and not milestone.locked:
        words += " · was due"
    if milestone.move:
        why = one_line(milestone.move.why, Surface.MRKDWN, scene.names, _WHY)
        words += f" · moved by {scene.name(milestone.move.by)}" + (f": {why}" if why else "")
    return words


def _chunks(first: str, lines: list[str]) -> Iterator[Block]:
    for number in range(0, len(lines), _CHUNK):
        part = lines[number : number + _CHUNK]
        yield section("\n".join([first, *part] if number == 0 else part))


def _yours(scene: Scene, plan: Plan) -> Iterator[Block]:
    """What the reader can mark as done now, and what was marked and they can take back."""
    for milestone in whose_turn(plan, scene.playbook):
        if may_mark(scene.handover, milestone, scene.viewer):
            ref = scene.ref(r=milestone.key)
            title = title_of(scene, milestone)
            mark = button("Mark done", Act.PLAN_DONE.of(milestone.key), ref, about=title)
            yield section(f"{title}, by {day(milestone.day)}", mark)

    for key, done in scene.handover.schedule.done.items():
        marked = plan.find(key)
        own = done.by == scene.viewer or leads(scene.handover, scene.viewer)
        if marked and own and not marked.by_text:
            title, by = title_of(scene, marked), scene.name(done.by)
            back = button("Undo", Act.PLAN_UNDO.of(key), scene.ref(r=key), about=title)
            yield section(f"{title}, marked as done by {by}", back)


def _ways(scene: Scene) -> list[Block]:
    if not may_change(scene):
        return []
    move = button("Set date", Act.PLAN_MOVE, scene.ref())
    known = coverage.show_button(scene)
    lead_on = [log_button(scene), switch_button(scene)]
    return actions([move, known, away_button(scene), _calls(scene), *lead_on])


def _calls(scene: Scene) -> Element | None:
    """For leaders: whether the outgoing CSM talks to the customer."""
    if not leads(scene.handover, scene.viewer):
        return None
    name = people.party(scene.handover.outgoing, scene.names, Surface.PLAIN)
    if scene.handover.schedule.without_outgoing:
        return button(f"Customer calls with {name} again", Act.PLAN_CALLS, scene.ref(v=WITH))
    sure = confirm(
        "Without them?",
        f"{name}'s steps with the customer pass to the leader; sessions side by side are dropped.",
        "Yes",
    )
    label = f"Customer calls without {name}"
    return button(label, Act.PLAN_CALLS, scene.ref(v=WITHOUT)) | {"confirm": sure}


def plan_line(scene: Scene) -> tuple[str, str]:
    """The plan in one line: its next day, and how much is to be decided."""
    plan = make_plan(scene.handover, scene.playbook)
    left = len(open_warnings(scene.handover, scene.playbook, plan))
    switch = plan.find("switch")
    words = f"the lead switches on {day(switch.day)}" if switch else "under way"
    if few := short_notice(scene):
        words = f"{few.lower()}, {words}"
    elif plan.notice is not Notice.FULL:
        words = f"short notice, {words}"
    return "Plan", f"{words}; {counted(left, 'point')} to decide" if left else words
