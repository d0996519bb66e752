"""The modals around reminders: how somebody wants them, and the leader's word on what is late."""

from collections.abc import Sequence
from datetime import date

from bot.ids import Field, Form, Ref
from bot.views.blocks import (
    Block,
    Choice,
    context,
    date_picker,
    field,
    modal,
    section,
    select,
    text_input,
)
from bot.views.slack_text import from_form
from bot.views.state import Values, picked_date, picked_option, typed
from flows.nudges.reminders import Frequency, Wishes
from flows.nudges.rhythm import Rhythm

_WHY = "Everybody on the handover can read it."
_FREQUENCIES = {
    Frequency.DAILY: "Every working day",
    Frequency.EVERY_OTHER_DAY: "Every other working day",
    Frequency.MONDAYS: "On Mondays, or the week's first working day",
}


def wishes_form(known: Wishes, rhythm: Rhythm, today: date) -> Block:
    """How often somebody is reminded, and from when on again."""
    choices = [Choice(frequency, words) for frequency, words in _FREQUENCIES.items()]
    until = known.stopped_until
    stop = until.isoformat() if until and until > today else ""
    hours = f"{rhythm.opens:%H:%M} and {rhythm.closes:%H:%M}"
    blocks = [
        section(
            f"At most one message a day, between {hours} where you are: not on weekends, holidays, "
            "in do not disturb, or while your status says that you are away."
        ),
        field(Field.FREQUENCY, "Remind me", select(choices, known.frequency)),
        field(
            Field.UNTIL,
            "No reminders until",
            date_picker(stop),
            hint="On this day they begin again; at most 30 days from now.",
            optional=True,
        ),
        context("What others wait for and is overdue comes on any working day."),
    ]
    return modal(Form.REMINDERS, "My reminders", blocks, submit="Save")


def read_wishes(values: Values) -> Wishes:
    """What somebody asked for. Raises ValueError for what is no choice of ours."""
    picked = picked_date(values, Field.UNTIL)
    stop = date.fromisoformat(picked) if picked else None
    return Wishes(frequency=Frequency(picked_option(values, Field.FREQUENCY)), stopped_until=stop)


def extend_form(ref: Ref, words: str) -> Block:
    """A new day for what somebody else owes; `words` say what that is."""
    blocks = [
        section(words),
        field(Field.DAY, "New date", date_picker()),
        field(Field.TEXT, "Why?", text_input(multiline=True, most=1000), hint=_WHY, optional=True),
    ]
    return modal(Form.TASK_EXTEND, "Extend", blocks, submit="Extend", carried=ref)


def read_extension(values: Values) -> tuple[date | None, str]:
    """The day, none where nothing was picked, and why."""
    picked = picked_date(values, Field.DAY)
    return date.fromisoformat(picked) if picked else None, read_why(values)


def reassign_form(ref: Ref, words: str, could: Sequence[Choice]) -> Block:
    """Who does something in somebody else's place; `words` say what that is."""
    blocks = [
        section(words),
        field(Field.PERSON, "Who does it instead", select(could, placeholder="Choose")),
        field(Field.TEXT, "Why?", text_input(multiline=True, most=1000), hint=_WHY, optional=True),
        context("They get it with their next reminder, and two working days at least."),
    ]
    return modal(Form.TASK_REASSIGN, "Reassign", blocks, submit="Reassign", carried=ref)


def read_reassigned(values: Values) -> tuple[str, str]:
    """Who was picked, as a Slack id, and why."""
    return picked_option(values, Field.PERSON), read_why(values)


def waive_form(ref: Ref, words: str) -> Block:
    """Why something need not be done; `words` say what that is."""
    blocks = [
        section(words),
        field(Field.TEXT, "Why?", text_input(multiline=True, most=1000), hint=_WHY),
    ]
    return modal(Form.TASK_WAIVE, "Waive", blocks, submit="Waive", carried=ref)


def read_why(values: Values) -> str:
    """What was given as a reason."""
    return from_form(typed(values, Field.TEXT))
