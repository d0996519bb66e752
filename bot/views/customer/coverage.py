"""Who of the customer's people knows, has met whoever comes, and was reassured; row by row."""

from collections.abc import Callable, Sequence
from math import ceil

from bot.ids import Act, Ref
from bot.views import people
from bot.views.blocks import (
    Block,
    Element,
    Message,
    actions,
    button,
    context,
    fitted,
    header,
    section,
)
from bot.views.dates import day
from bot.views.scene import Scene
from bot.views.slack_text import Names, Surface, escaped, one_line
from flows.customer.coverage import Covered, coverage, introduced_of
from flows.customer.introductions import Channel, Step
from flows.handover import Handover, Stage
from flows.playbook import Playbook
from flows.privacy import may_read_sensitive
from flows.schedule.timeline import message_approved
from flows.tasks import Todo

CHANNELS = {Channel.CALL: "call", Channel.MAIL: "email", Channel.MEETING: "meeting"}
STEPS = {
    Step.HEADS_UP: "Heads-up given",
    Step.INTRODUCED: "Introduced",
    Step.REASSURED: "Reassured",
}
_MARK = {
    Step.HEADS_UP: "Mark heads-up given",
    Step.INTRODUCED: "Mark introduced",
    Step.REASSURED: "Mark reassured",
}
_TAKE_BACK = {
    Step.HEADS_UP: "Take back: heads-up",
    Step.INTRODUCED: "Take back: introduced",
    Step.REASSURED: "Take back: reassured",
}
_LOCKED = "To be ticked once message and plan are approved: nobody hears of it before."
_PAGE, _NAMES, _NAME, _WHY, _TEXT = 10, 8, 80, 200, 3600


def build(
    subject: str, scene: Scene, approved: Callable[[Handover], bool] = message_approved
) -> Message | None:
    """A page of stakeholders (`subject`, the first one is 1), with what the reader can tick."""
    found = coverage(scene.handover, scene.playbook)
    if scene.handover.stage is not Stage.IN_FLIGHT:
        return None
    pages = max(1, ceil(len(found) / _PAGE))
    page = max(1, min(int(subject) if subject.isdigit() else 1, pages))
    shown = found[(page - 1) * _PAGE : page * _PAGE]
    unlocked = approved(scene.handover)
    title = f"Stakeholders: {people.account(scene.handover, scene.names, Surface.PLAIN)}"
    count = counts(scene.handover, scene.playbook, scene.names, Surface.MRKDWN)
    notes = [
        count or "Nobody is listed yet; they come with the answers about stakeholders.",
        f"Page {page} of {pages}" if pages > 1 else "",
        "" if unlocked or not found else _LOCKED,
    ]
    blocks: list[Block] = [header(title), context(*notes)]
    lines = []
    for number, one in enumerate(shown, (page - 1) * _PAGE + 1):
        text = _row(scene, number, one)
        blocks += [section(text), *actions(_ways(scene, one, unlocked=unlocked))]
        lines.append(text.replace("*", "").replace("\n", ", "))
    blocks += actions([*_plan(scene, shown), *_pages(scene, page, pages)])
    first = f"Stakeholders: {scene.account}."
    return Message(fitted([first, *(note for note in notes if note), *lines], _TEXT), blocks)


def counts(handover: Handover, playbook: Playbook, names: Names, surface: Surface) -> str:
    """How many are introduced, and by name who is not, once somebody is: "4 of 6 introduced".

    Nothing where there is nobody.
    """
    count = introduced_of(handover, playbook)
    if not count.total:
        return ""
    words = f"{count.done} of {count.total} introduced"
    if not (count.done and count.missing):
        return words
    missing = [name_of(one, names, surface) for one in count.missing[:_NAMES]]
    if (left := len(count.missing) - _NAMES) > 0:
        missing.append(f"{left} more")
    return f"{words}; not yet: {people.listed(missing)}"


def line(scene: Scene) -> list[tuple[str, str]]:
    """The counts as label and words; nothing where there is nobody."""
    words = counts(scene.handover, scene.playbook, scene.names, Surface.MRKDWN)
    return [("Stakeholders", words)] if words else []


def show_button(scene: Scene) -> Element | None:
    """Opens the rows; none where there is nobody."""
    if not coverage(scene.handover, scene.playbook):
        return None
    return button("Show the stakeholders", Act.COVER_OPEN, page_ref(scene, 1))


def page_ref(scene: Scene, page: int) -> Ref:
    """Names a page, as what stands in the modal and what leads to it carry it."""
    return scene.ref(v=Todo.COVER, r=str(page))


def may_tick(scene: Scene) -> bool:
    """Whether the reader plans and ticks: the two CSMs, the leader and the backup."""
    return may_read_sensitive(scene.handover, scene.viewer)


def name_of(one: Covered, names: Names, surface: Surface) -> str:
    """What a stakeholder is called, on one line."""
    return one_line(one.name, surface, names, _NAME) or "…"


def role_of(scene: Scene, one: Covered) -> str:
    """What they do and the part they play; nothing where nobody said."""
    spec = scene.playbook.specs[one.record.kind]
    part = next((field for field in spec.fields if field.key == "type"), None)
    value = one.record.details.get("type", "")
    options = part.options if part else ()
    label = next((option.label for option in options if option.value == value), "")
    role = one_line(one.record.details.get("role", ""), Surface.MRKDWN, scene.names, _NAME)
    return " · ".join(words for words in (role, scene.typed(label)) if words)


def _row(scene: Scene, number: int, one: Covered) -> str:
    """A stakeholder in three lines: who, how, and what has been done."""
    name = name_of(one, scene.names, Surface.MRKDWN)
    who = " · ".join(words for words in (f"*{number}. {name}*", role_of(scene, one)) if words)
    email = one_line(escaped(one.email), Surface.MRKDWN, scene.names, _NAME)
    how = " · ".join(words for words in (f"by {CHANNELS[one.channel]}", email) if words)
    if word := one.introduction.by_mail:
        why = one_line(word.why, Surface.MRKDWN, scene.names, _WHY)
        how += f" · email is enough, says {scene.name(word.by)}: {why}"
    done = [
        f"{label} ✓ {day(tick.on)} by {scene.name(tick.by)}, {CHANNELS[tick.channel]}"
        for step, label in STEPS.items()
        if (tick := one.ticks.get(step))
    ]
    missing = [label.lower() for step, label in STEPS.items() if step not in one.ticks]
    still = f"Not yet: {', '.join(missing)}" if missing else ""
    return "\n".join([who, how, " · ".join(words for words in (*done, still) if words)])


def _ways(scene: Scene, one: Covered, *, unlocked: bool) -> list[Element | None]:
    """What the reader can tick, note in detail, and take back."""
    if not may_tick(scene):
        return []
    name = name_of(one, scene.names, Surface.PLAIN)

    def way(label: str, act: Act, step: str = "") -> Element:
        ref = scene.ref(r=one.record.id, v=step)
        return button(label, act.of(step), ref, about=name)

    offered = one.ways if unlocked else ()
    marks = [way(_MARK[step], Act.COVER_TICK, step) for step in offered]
    note = [way("Note day and way", Act.COVER_NOTE)] if offered else []
    newest = next((step for step in reversed(Step) if step in one.ticks), None)
    back = [way(_TAKE_BACK[newest], Act.COVER_BACK, newest)] if newest else []
    return [*marks, *note, *back]


def _plan(scene: Scene, shown: Sequence[Covered]) -> list[Element]:
    if not (shown and may_tick(scene)):
        return []
    ref = scene.ref(r=shown[0].record.id)
    return [button("Plan introductions", Act.COVER_PLAN, ref, "primary")]


def _pages(scene: Scene, page: int, pages: int) -> list[Element]:
    turns = (("Previous page", page - 1), ("Next page", page + 1))
    return [
        button(label, Act.COVER_PAGE.of(str(to)), page_ref(scene, to))
        for label, to in turns
        if 1 <= to <= pages
    ]
