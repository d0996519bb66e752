"""How ready the incoming CSM feels to lead, and what the leader makes of it."""

from bot.ids import Act, Field, Form
from bot.views import people
from bot.views.blocks import (
    Block,
    Choice,
    Element,
    Message,
    actions,
    button,
    context,
    field,
    modal,
    section,
    select,
    text_input,
)
from bot.views.scene import Scene, quoted
from bot.views.side_by_side.lead import deciders, on_the_way
from bot.views.slack_text import Surface, from_form, to_form
from bot.views.state import Values, picked_option, typed
from flows.privacy import leads, told_user
from flows.side_by_side.lead import has_switched
from flows.side_by_side.overlap import READY, readiness
from flows.terms import Role

_SCORES = {
    1: "1: not at all",
    2: "2: a little",
    3: "3: enough to lead",
    4: "4: well",
    5: "5: completely",
}
_MISSING, _SHORT = 1500, 300


def ready_button(scene: Scene) -> Element | None:
    """Asks the incoming CSM, once they have taken the pack over."""
    if not (is_theirs(scene) and scene.handover.reading.accepted_at):
        return None
    return button("How ready are you?", Act.READY_OPEN, scene.ref())


def is_theirs(scene: Scene) -> bool:
    """Whether the reader is the one who is asked, before they lead."""
    return on_the_way(scene) and scene.viewer == told_user(scene.handover, Role.INCOMING)


def form(scene: Scene) -> Block:
    """From 1 to 5, and what is missing."""
    said = readiness(scene.handover)
    choices = [Choice(str(score), words) for score, words in _SCORES.items()]
    missing = to_form(said.missing, scene.names) if said else ""
    leader = people.person(scene.handover.leader, scene.names, Surface.PLAIN)
    hint = f"Below {READY}, {leader} looks at it with you before the lead switches."
    readers = [people.person(user, scene.names) for user in deciders(scene)]
    ask = f"How ready are you to lead {scene.plain(scene.handover.account, 200)}?"
    blocks: list[Block] = [
        field(Field.CHOICE, ask, select(choices, str(said.score) if said else "", "From 1 to 5")),
        field(
            Field.TEXT,
            "What is missing?",
            text_input(missing, multiline=True, most=2000),
            hint=hint,
            optional=True,
        ),
        context(f"{people.listed(readers)} will read it."),
    ]
    return modal(Form.READY, "How ready are you?", blocks, submit="Save", carried=scene.ref())


def read(values: Values) -> dict[str, object]:
    """The fields of a ReadinessGiven, as they were filled in."""
    return {
        "score": int(picked_option(values, Field.CHOICE)),
        "missing": from_form(typed(values, Field.TEXT)),
    }


def build_not_ready(subject: str, scene: Scene) -> Message | None:
    """To whoever leads: what is missing, with both ways on, and what became of it."""
    said, number = scene.handover.leading.readiness, int(subject) if subject.isdecimal() else 0
    if not (leads(scene.handover, scene.viewer) and 1 <= number <= len(said)):
        return None
    score, missing = said[number - 1].score, scene.typed(said[number - 1].missing, _MISSING)
    first = f"{scene.incoming} does not feel ready to lead {scene.account} yet: {score} of 5."
    after = _since(scene, number)
    ask = "Ask again once it is there, or switch the lead all the same."
    ways = [
        button("Ask again", Act.READY_AGAIN, scene.ref(), "primary"),
        button("Switch lead", Act.SWITCH_OPEN, scene.ref()),
    ]
    blocks = [
        section(f"*{first}*\nWhat is missing:\n{quoted(missing)}"),
        context(after or ask),
        *([] if after else actions(ways)),
    ]
    spoken = missing.replace("\n", " ")
    return Message(f"{first} What is missing: {spoken} {after or ask}", blocks)


def fact(scene: Scene) -> list[tuple[str, str]]:
    """What was said last, as label and words, for whoever said it and whoever leads."""
    said = readiness(scene.handover)
    mine = scene.viewer == told_user(scene.handover, Role.INCOMING)
    if said is None or not (mine or leads(scene.handover, scene.viewer)):
        return []
    missing = scene.typed(" ".join(said.missing.split()), _SHORT)
    return [("Ready to lead", f"{said.score} of 5" + (f", missing: {missing}" if missing else ""))]


def _since(scene: Scene, number: int) -> str:
    """What came after it; empty while the leader is to decide."""
    if has_switched(scene.handover):
        return f"{scene.incoming} leads now."
    if number < len(scene.handover.leading.readiness):
        return f"Since then: {scene.handover.leading.readiness[-1].score} of 5."
    return "" if readiness(scene.handover) else f"{scene.incoming} is asked again."
