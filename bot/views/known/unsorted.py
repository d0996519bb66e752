"""What is unsorted: its pieces, each filed by a tap or dropped, and what came of a file."""

from collections.abc import Sequence

from bot.ids import Act, Field, Form, Ref
from bot.views import people
from bot.views.blocks import (
    Block,
    Choice,
    Message,
    actions,
    button,
    confirm,
    context,
    divider,
    field,
    modal,
    section,
    select,
)
from bot.views.errors import say
from bot.views.known.prefill import file_name
from bot.views.scene import Scene
from bot.views.slack_text import Names, Surface, one_line, render
from bot.views.state import Values, picked_option
from bot.views.words import counted
from flows.handover import READ, Handover, Unsorted
from flows.known.unsorted import placeless
from flows.playbook import Question

_SHOWN = 20
_TEXT = 600
_NAME = 80


def unsorted_view(handover: Handover, ref: Ref, names: Names) -> Block:
    """Every piece with its buttons."""
    pieces = placeless(handover)
    blocks: list[Block] = []
    for piece in pieces[:_SHOWN]:
        blocks += [*_piece(piece, ref, names), divider()]
    if len(pieces) > _SHOWN:
        blocks.append(context(f"and {len(pieces) - _SHOWN} more, once these have a place"))
    if not pieces:
        blocks.append(section("Nothing is unsorted any more. Thank you!"))
    return modal(Form.UNSORTED, "Unsorted", blocks, close="Close", carried=ref)


def filing_form(
    piece: Unsorted, questions: Sequence[Question], ref: Ref, names: Names, *, mine: bool
) -> Block:
    """Where a piece belongs; `mine` tells whether it is the reader's own text."""
    text = render(piece.text, Surface.MRKDWN, names, _TEXT)
    files = ", ".join(one_line(f.name, Surface.MRKDWN, names, _NAME) for f in piece.files)
    choices = [Choice(q.id, f"{q.section}: {q.text}") for q in questions]
    joins = "It becomes part of your answer." if mine else "It waits there to be confirmed."
    blocks = [
        section("\n".join(part for part in (text, files) if part) or "…"),
        field(Field.QUESTION, "Which question does it answer?", select(choices, "", "Choose")),
        context(joins),
    ]
    return modal(Form.UNSORTED_FILE, "File this piece", blocks, submit="File it", carried=ref)


def read_question(values: Values) -> str:
    """The id of the question that was picked."""
    return picked_option(values, Field.QUESTION)


def build_import(subject: str, scene: Scene) -> Message | None:
    """What came of a paste, a file or an earlier handover; none when there is nothing to tell."""
    handover = scene.handover
    place, _, file = subject.partition(":")
    found = [p for p in handover.prefilled.values() if p.source == subject]
    piece = next((piece for piece in handover.unsorted if piece.id == place), None)
    outcome = piece.read.get(file, "") if piece else ""
    name = scene.typed(file_name(handover, file), _NAME)
    words, again = _outcome(scene, name, outcome, len(found))
    if not words:
        return None
    left = bool(piece and piece.text)
    if left:
        words += " What fits no question stands under Unsorted."
    buttons = actions(
        [
            button("Read it again", Act.FILE_READ, scene.ref(v=place, r=file)) if again else None,
            button("File what is unsorted", Act.UNSORTED_OPEN, scene.ref()) if left else None,
        ]
    )
    return Message(words, [section(words), *buttons])


def _outcome(scene: Scene, name: str, outcome: str, count: int) -> tuple[str, bool]:
    """What to say of it, and whether to read it once more may help."""
    what = name or f"What you brought for {scene.account}"
    if count:
        verb = "is" if count == 1 else "are"
        told = f"{counted(count, 'answer')} {verb} prefilled. Please confirm as the questions come."
        return f"{what}: {told}", False
    if outcome == READ:
        return f"{what}: I found nothing in it that answers a question. It is kept.", False
    return (f"{what}: {say(outcome)}", True) if outcome else ("", False)


def _piece(piece: Unsorted, ref: Ref, names: Names) -> list[Block]:
    text = render(piece.text, Surface.MRKDWN, names, _TEXT)
    files = [one_line(file.name, Surface.MRKDWN, names, _NAME) for file in piece.files]
    notes = [say(code) for code in piece.read.values() if code != READ]
    about = ref.model_copy(update={"v": piece.id})
    unread = [file for file in piece.files if piece.read.get(file.id) != READ]
    sure = confirm("Drop this piece?", "It is taken out and nobody finds it any more.", "Drop it")
    drop = button("Drop it", Act.UNSORTED_DROP.of(piece.id), about) | {"confirm": sure}
    author = people.person(piece.by, names)
    return [
        section("\n".join([*([text] if text else []), *files]) or "…"),
        context(f"From {author}", *notes),
        *actions(
            [
                button("File it", Act.UNSORTED_FILE.of(piece.id), about),
                *(
                    button(
                        "Read it again",
                        Act.FILE_READ.of(file.id),
                        about.model_copy(update={"r": file.id}),
                        about=file.name,
                    )
                    for file in unread
                ),
                drop,
            ]
        ),
    ]
