"""The modals about the customer's mood: signs and a line, what is done about red, a touch."""

from datetime import date

from bot.ids import Field, Form, Ref
from bot.views.blocks import (
    Block,
    Choice,
    checkboxes,
    context,
    date_picker,
    field,
    modal,
    select,
    text_input,
)
from bot.views.customer.mood import FEELINGS, SIGNALS
from bot.views.scene import Scene
from bot.views.slack_text import from_form, to_form
from bot.views.state import Values, picked_date, picked_option, picked_options, typed
from flows.customer.moods import Feeling, Signal
from flows.customer.sentiment import check_of
from flows.schedule.workdays import add_workdays

_MOST = 1500


def mood_form(scene: Scene, ref: Ref) -> Block:
    """How they seem in round `ref.r`, with signs and a line; what was said stands in it."""
    said = check_of(scene.handover, ref.r, scene.viewer)
    feelings = [Choice(feeling, words) for feeling, words in FEELINGS.items()]
    signals = [Choice(signal, words) for signal, words in SIGNALS.items()]
    ticked = said.signals if said else ()
    note = to_form(said.note, scene.names) if said else ""
    line = text_input(note, multiline=True, most=_MOST)
    blocks: list[Block] = [
        field(Field.CHOICE, "How do they seem?", select(feelings, said.feeling if said else "")),
        field(Field.SIGNALS, "Signs", checkboxes(signals, ticked), optional=True),
        field(Field.NOTE, "One line", line, optional=True),
        context("Your line is read by you and whoever leads, by nobody else."),
    ]
    return modal(Form.MOOD, "How they seem", blocks, submit="Save", carried=ref)


def read_mood(values: Values) -> tuple[Feeling | None, tuple[Signal, ...], str]:
    """The feeling (none where none is picked), the signs, and the line in its stored form."""
    feeling = picked_option(values, Field.CHOICE)
    signals = tuple(Signal(value) for value in picked_options(values, Field.SIGNALS))
    return Feeling(feeling) if feeling else None, signals, from_form(typed(values, Field.NOTE))


def action_form(scene: Scene, ref: Ref) -> Block:
    """What is done about red round `ref.r`, and by when: tomorrow if nothing else is picked."""
    known = next((a for a in scene.handover.moods.actions if a.round == ref.r), None)
    what = to_form(known.what, scene.names) if known else ""
    due = known.due if known else add_workdays(scene.now.date(), 1)
    blocks: list[Block] = [
        field(Field.TEXT, "What do we do?", text_input(what, multiline=True, most=_MOST)),
        field(Field.DAY, "By when?", date_picker(due.isoformat())),
        context("Only whoever leads reads this. I remind you until it is done."),
    ]
    return modal(Form.RED, "What we do", blocks, submit="Save", carried=ref)


def touch_form(scene: Scene, ref: Ref) -> Block:
    """The day on which somebody was in touch."""
    today = scene.now.date().isoformat()
    blocks: list[Block] = [field(Field.DAY, "On which day?", date_picker(today))]
    return modal(Form.TOUCH, "We were in touch", blocks, submit="Save", carried=ref)


def read_day(values: Values) -> date | None:
    """The day that was picked; none where there is none."""
    picked = picked_date(values, Field.DAY)
    return date.fromisoformat(picked) if picked else None


def read_text(values: Values) -> str:
    """What was typed, in its stored form."""
    return from_form(typed(values, Field.TEXT))
