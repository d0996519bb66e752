"""The weekly check-in: what the outgoing CSM says, and what the others read of it."""

from bot.ids import Act, Field, Form, Ref
from bot.views.blocks import (
    Block,
    Element,
    Message,
    actions,
    button,
    context,
    field,
    modal,
    section,
    text_input,
)
from bot.views.dates import day
from bot.views.scene import Scene, quoted
from bot.views.slack_text import Surface, from_form, one_line
from bot.views.state import Values, typed
from flows.privacy import leads, may_read_sensitive

_MOST, _LINE = 1000, 300


def ways(ref: Ref, about: str) -> list[Element]:
    """The two answers, beside the task of week `ref.r`."""
    return [
        button("All is well", Act.CHECK_IN_WELL, ref, "primary", about=about),
        button("I need help", Act.CHECK_IN_HELP, ref, about=about),
    ]


def help_form(scene: Scene, ref: Ref) -> Block:
    """What somebody needs in week `ref.r`."""
    blocks: list[Block] = [
        section(f"*{scene.account}*"),
        field(Field.TEXT, "What would help?", text_input(multiline=True, most=_MOST)),
        context(f"{scene.name(scene.handover.leader)} gets this, and who works on it reads it."),
    ]
    return modal(Form.CHECK_IN, "I need help", blocks, submit="Ask for help", carried=ref)


def read_help(values: Values) -> str:
    """What would help, in its stored form."""
    return from_form(typed(values, Field.TEXT))


def build_help(subject: str, scene: Scene) -> Message | None:
    """Somebody needs help, to whoever leads."""
    known = scene.handover.check_ins
    number = int(subject) if subject.isdigit() else len(known)
    if number >= len(known) or not leads(scene.handover, scene.viewer):
        return None
    said = known[number]
    first = f"{scene.name(said.by)} needs help with {scene.account}:"
    text = scene.typed(said.help, _MOST)
    show = button("Open", Act.LIST_SHOW, scene.ref(), "primary")
    return Message(f"{first} {text}", [section(f"*{first}*\n{quoted(text)}"), *actions([show])])


def lines(scene: Scene) -> list[tuple[str, str]]:
    """How the last week was, as label and words, for who works on it; nothing before there is."""
    known = scene.handover.check_ins
    if not known or not may_read_sensitive(scene.handover, scene.viewer):
        return []
    last = known[-1]
    when = day(last.at.astimezone(scene.now.tzinfo).date())
    wanted = one_line(last.help, Surface.MRKDWN, scene.names, _LINE)
    words = f"needs help: {wanted}" if wanted else "all is well"
    return [("Check-in", f"{when}, {scene.name(last.by)}: {words}")]
