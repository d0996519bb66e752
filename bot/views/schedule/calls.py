"""The calls of a plan as people read them: their time, their invitation, and the modal for both."""

from collections.abc import Iterator
from datetime import datetime, time

from bot.ids import Act, Field, Form
from bot.times import zone_named
from bot.views.blocks import (
    Block,
    Choice,
    actions,
    button,
    context,
    field,
    modal,
    section,
    select,
    time_picker,
)
from bot.views.dates import day
from bot.views.scene import Scene
from bot.views.slack_text import Surface, one_line
from bot.views.state import Values, picked_option, picked_time
from flows.privacy import may_read_sensitive
from flows.schedule.appointments import Appointment
from flows.schedule.calls import Call, calls, is_stale
from flows.schedule.timeline import Plan

_MINUTES = (15, 30, 45, 60, 90, 120)
_FETCH = "invitation: fetch the update"
_FETCH_OFF = "invitation: fetch the cancellation"


def lines(scene: Scene, plan: Plan) -> dict[str, str]:
    """What a plan's line adds for a call, by milestone: its time, and what became of the reader's
    invitation.
    """
    return {
        call.key: words
        for call in calls(scene.handover, scene.playbook, plan)
        if (words := " · ".join(_words(scene, call)))
    }


def blocks(scene: Scene, plan: Plan) -> Iterator[Block]:
    """The calls to come, each with what the reader can do for it."""
    if not may_read_sensitive(scene.handover, scene.viewer):
        return
    for call in calls(scene.handover, scene.playbook, plan):
        stale = is_stale(scene.handover, call, scene.viewer)
        if call.milestone is None and not stale:
            continue
        title = title_of(scene, call, Surface.MRKDWN)
        pieces = [f"*{title}*, {day(call.appointment.day)}", *_words(scene, call)]
        yield section(" · ".join(pieces))
        yield from _ways(scene, call)


def title_of(scene: Scene, call: Call, surface: Surface) -> str:
    """What a call is called in the plan, also once it was dropped from it."""
    specs = {milestone.key: milestone.title for milestone in scene.playbook.plan}
    title = call.milestone.title if call.milestone else specs[call.key]
    return one_line(title, surface, scene.names)


def time_form(scene: Scene, call: Call, zone: str) -> Block:
    """When a call begins on its day, in the reader's zone, and how long it takes."""
    known = call.appointment
    local = _local(known, scene)
    begins = f"{local:%H:%M}" if known.start and local.date() == known.day else ""
    offered = sorted({*_MINUTES, known.minutes})
    lengths = [Choice(str(minutes), f"{minutes} minutes") for minutes in offered]
    title = title_of(scene, call, Surface.MRKDWN)
    blocks: list[Block] = [
        section(f"*{title}*, {day(known.day)}"),
        field(
            Field.AT,
            "Begins at",
            time_picker(begins),
            hint=f"In your time zone, {zone}. Empty: all day.",
            optional=True,
        ),
        field(Field.MINUTES, "How long", select(lengths, str(known.minutes))),
        context("For another day press Set date below the plan."),
    ]
    ref = scene.ref(r=call.key)
    return modal(Form.CALL_TIME, "Set a time", blocks, submit="Set the time", carried=ref)


def read_time(values: Values) -> tuple[time | None, int]:
    """The time of day, none for all day, and the minutes."""
    picked = picked_time(values, Field.AT)
    begins = time.fromisoformat(picked) if picked else None
    return begins, int(picked_option(values, Field.MINUTES))


def _words(scene: Scene, call: Call) -> Iterator[str]:
    known = call.appointment
    if call.milestone is None:
        yield "not in the plan any more"
    elif known.start:
        local = _local(known, scene)
        on = f"{day(local.date())} " if local.date() != known.day else ""
        yield f"at {on}{local:%H:%M}, {known.minutes} minutes"
    elif call.time:
        yield "all day"
    if is_stale(scene.handover, call, scene.viewer):
        yield _FETCH if call.milestone else _FETCH_OFF


def _local(known: Appointment, scene: Scene) -> datetime:
    """When a call begins, in the reader's zone."""
    begins = datetime.combine(known.day, known.start or time(), zone_named(known.zone))
    return begins.astimezone(scene.now.tzinfo)


def _ways(scene: Scene, call: Call) -> list[Block]:
    title, ref = title_of(scene, call, Surface.PLAIN), scene.ref(r=call.key)
    label = "Change the time" if call.time else "Set a time"
    when = button(label, Act.CALL_TIME.of(call.key), ref, about=title)
    file = button("Invitation (.ics)", Act.CALL_FILE.of(call.key), ref, about=title)
    locked = call.milestone is not None and call.milestone.locked
    return actions([when if call.milestone else None, None if locked else file])
