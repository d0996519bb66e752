"""The modals of a plan: another day for a milestone, and the leader's word on its timing."""

from datetime import date

from bot.ids import Field, Form
from bot.views.blocks import (
    Block,
    Choice,
    checkboxes,
    context,
    date_picker,
    field,
    modal,
    section,
    select,
    text_input,
    user_select,
)
from bot.views.dates import day
from bot.views.scene import Scene
from bot.views.schedule.plan import CHOICES, warning_words
from bot.views.slack_text import Surface, from_form, one_line
from bot.views.state import (
    Values,
    picked_date,
    picked_option,
    picked_options,
    picked_user,
    typed,
)
from flows import handover as h
from flows.privacy import leads
from flows.schedule.plan_warnings import PlanWarning, choices
from flows.schedule.timeline import make_plan

_INSIST = "insist"
_NAMING = frozenset({h.Choice.NAMED, h.Choice.HELP})


def move_form(scene: Scene) -> Block:
    """Which milestone gets which day, and why."""
    plan = make_plan(scene.handover, scene.playbook)
    moveable = [
        Choice(m.key, f"{one_line(m.title, Surface.PLAIN, scene.names, 50)} · {day(m.day)}")
        for m in plan.milestones
        if not m.done
    ]
    why = text_input(multiline=True, most=1000)
    blocks: list[Block] = [
        field(Field.MILESTONE, "Step", select(moveable, placeholder="Pick a step")),
        field(Field.DAY, "New date", date_picker()),
        field(Field.TEXT, "Why?", why, optional=True, hint="Everybody on the handover reads it."),
        context("What depends on this step moves along."),
    ]
    if leads(scene.handover, scene.viewer):
        box = checkboxes([Choice(_INSIST, "Yes; I say why above")], [])
        label = "Set it even if a distance gets too short?"
        blocks.insert(3, field(Field.INSIST, label, box, optional=True))
    return modal(Form.PLAN_MOVE, "Set date", blocks, submit="Set date", carried=scene.ref())


def read_move(values: Values) -> tuple[str, date | None, str, bool]:
    """Milestone, day (none where nothing was picked), reason, and whether a leader insists."""
    picked = picked_date(values, Field.DAY)
    when = date.fromisoformat(picked) if picked else None
    insists = _INSIST in picked_options(values, Field.INSIST)
    return (
        picked_option(values, Field.MILESTONE),
        when,
        from_form(typed(values, Field.TEXT)),
        insists,
    )


def warning_form(scene: Scene, warning: PlanWarning) -> Block:
    """What the leader decides about something that speaks against the timing."""
    known = choices(scene.handover, warning.kind)
    offered = [Choice(choice.value, CHOICES[choice]) for choice in known]
    only = offered[0].value if len(offered) == 1 else ""
    blocks: list[Block] = [
        section(warning_words(scene, warning)),
        field(Field.CHOICE, "What do you decide?", select(offered, only, "Choose")),
    ]
    if _NAMING.intersection(known):
        who = field(Field.KEEPER, "Who?", user_select(), hint="If somebody does it.", optional=True)
        blocks.append(who)
    hint = "Everybody on the handover reads it."
    blocks.append(field(Field.TEXT, "Why?", text_input(multiline=True, most=1000), hint=hint))
    ref = scene.ref(r=warning.kind)
    return modal(Form.PLAN_WARNING, "Decide", blocks, submit="Decide", carried=ref)


def read_warning(values: Values) -> tuple[h.Choice | None, str, str]:
    """The choice (none where it is nothing of ours), who was picked, and why."""
    picked = picked_option(values, Field.CHOICE)
    choice = h.Choice(picked) if picked in set(h.Choice) else None
    return choice, picked_user(values, Field.KEEPER), from_form(typed(values, Field.TEXT))
