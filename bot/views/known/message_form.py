"""The modal that puts a Slack message into the pack of an account."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.ids import Field, Form, Ref
from bot.views import people
from bot.views.blocks import (
    Block,
    Choice,
    Message,
    context,
    field,
    grouped_select,
    modal,
    section,
    select,
    text_input,
)
from bot.views.rows import Row
from bot.views.scene import Scene, quoted
from bot.views.slack_text import Names, Surface, from_form, one_line, render
from bot.views.state import Values, picked_option, typed
from flows.handover import Unsorted
from flows.playbook import Playbook
from flows.taking_over.brief import SECTIONS

_TEXT = 1500
_NOTE = 1000


@dataclass(frozen=True)
class Filed:
    """What the modal says: a handover's id, a section or a question's id, and a note."""

    handover: str
    place: str
    note: str


def message_form(ref: Ref, piece: Unsorted, rows: Sequence[Row], names: Names) -> Block:
    """Where a message belongs; `rows` are the handovers that it may be added to, at least one."""
    files = ", ".join(file.name for file in piece.files)
    shown = render(piece.text or files, Surface.MRKDWN, names, _TEXT)
    only = rows[0].handover.id if len(rows) == 1 else ""
    accounts = [_choice(row, names) for row in rows]
    blocks = [
        section(quoted(shown)),
        field(Field.ACCOUNT, "Account", select(accounts, only, "Pick an account")),
        field(
            Field.PLACE,
            "Where it belongs",
            grouped_select(_places(rows[0].playbook), "Not sorted yet"),
            hint="A section or a question. The question stays open until somebody answers it.",
            optional=True,
        ),
        field(Field.NOTE, "Note", text_input(most=_NOTE), optional=True),
        context("Whoever takes part in the handover can read it, if it is not filed as sensitive."),
    ]
    return modal(Form.MESSAGE, "Add to handover", blocks, submit="Add", carried=ref)


def read_filed(values: Values) -> Filed:
    """What was chosen; the note in its stored form."""
    return Filed(
        handover=picked_option(values, Field.ACCOUNT),
        place=picked_option(values, Field.PLACE),
        note=from_form(typed(values, Field.NOTE)),
    )


def added(place: str, scene: Scene) -> Message:
    """It is in the pack."""
    question = scene.playbook.by_id.get(place)
    title = question.text if question else place
    under = f" under “{one_line(title, Surface.MRKDWN, scene.names)}”" if title else ", unsorted"
    words = f"The message is in the pack of {scene.account}{under}."
    return Message(words, [section(words)])


def _choice(row: Row, names: Names) -> Choice:
    handover = row.handover
    sides = (
        people.party(handover.outgoing, names, Surface.PLAIN),
        people.incoming(handover, names, Surface.PLAIN),
    )
    account = people.account(handover, names, Surface.PLAIN)
    return Choice(value=handover.id, label=account, note=" → ".join(sides))


def _places(playbook: Playbook) -> dict[str, list[Choice]]:
    """Each section, by itself and with its questions."""
    return {
        title: [
            Choice(title, f"{title}: anything"),
            *(
                Choice(question.id, question.text)
                for question in playbook.questions
                if question.section == title and question.confidential is None
            ),
        ]
        for title, _kind in SECTIONS
        if title in playbook.sections
    }
