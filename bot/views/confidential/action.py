"""An action that a leader gives to somebody: its form, and the message to whoever is to do it."""

from datetime import date

from bot.ids import Act, Field, Form, Ref
from bot.views import people
from bot.views.blocks import (
    Block,
    Choice,
    Message,
    actions,
    button,
    context,
    date_picker,
    divider,
    field,
    modal,
    section,
    select,
    text_input,
)
from bot.views.dates import day
from bot.views.knowledge.question_parts import title
from bot.views.scene import Scene, quoted
from bot.views.slack_text import Surface, from_form
from bot.views.state import Values, picked_date, picked_user, typed
from bot.views.taking_over.items import DONE, standing
from flows.confidential.actions import find_action
from flows.confidential.listening import Point
from flows.privacy import close_ones
from flows.taking_over.items import due_day, owner

_QUOTE = 1500


def action_form(scene: Scene, ref: Ref, due: date, point: Point | None = None) -> Block:
    """What is to be done by whom until when; what a customer said stands above it for its reader
    alone, and is never filled in.
    """
    above: list[Block] = []
    if point:
        said = quoted(scene.typed(point.said, _QUOTE))
        note = "Nobody but you reads this. Write anew what is to be done, without where it is from."
        above = [section(said), context(note), divider()]
    owners = [
        Choice(user, people.person(user, scene.names, Surface.PLAIN))
        for user in close_ones(scene.handover)
    ]
    blocks: list[Block] = [
        *above,
        field(Field.TEXT, "What is to be done?", text_input(multiline=True, most=1000)),
        field(Field.PERSON, "Who does it", select(owners, "", "Choose")),
        field(Field.DUE, "By when", date_picker(due.isoformat())),
        context("It becomes an open issue, which everybody on the handover can read."),
    ]
    name, submit = ("Pass on as an action", "Pass it on") if point else ("Add an action", "Add it")
    return modal(Form.ACTION, name, blocks, submit=submit, carried=ref)


def read_action(values: Values) -> tuple[str, str, date | None]:
    """The text in its stored form, the owner's Slack id, and the day; none where none is picked."""
    due = picked_date(values, Field.DUE)
    text, who = from_form(typed(values, Field.TEXT)), picked_user(values, Field.PERSON)
    return text, who, date.fromisoformat(due) if due else None


def build(subject: str, scene: Scene) -> Message | None:
    """The action, to whoever has it; whoever had it reads how it stands."""
    action = find_action(scene.handover, subject)
    if action is None:
        return None
    what, plain = title(action, scene, Surface.MRKDWN), title(action, scene, Surface.PLAIN)
    ref, due = scene.ref(r=action.id), due_day(action)
    mine = owner(scene.handover, action) == scene.viewer
    if action.done or not mine:
        words = f"{scene.account}: “{what}”. {standing(scene, action)}."
        back = scene.ref(r=action.id, v=DONE)
        again = [button("Open it again", Act.ITEM_REOPEN, back, about=plain)] if mine else []
        return Message(words, [section(words), *actions(again)])
    by = f" by {day(due)}" if due else ""
    who = people.person(action.by, scene.names)
    words = f"{scene.account}: {who} asks you to see to this{by}: “{what}”."
    done = button("Mark done", Act.ITEM_DONE, ref, "primary", about=plain)
    return Message(words, [section(words), *actions([done])])
