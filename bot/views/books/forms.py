"""The modals of a sitting: asked once, hours, another account, an account as forms, pastes."""

from collections.abc import Mapping, Sequence

from bot.books.ids import BookField, BookForm
from bot.ids import Field, Ref
from bot.views.blocks import (
    OPTIONS,
    Block,
    context,
    field,
    file_input,
    grouped_select,
    modal,
    section,
    text_input,
)
from bot.views.books.card import choice, hours
from bot.views.books.scene import BookScene
from bot.views.knowledge import forms
from bot.views.knowledge.question_parts import prefilled
from bot.views.state import Values, picked_option, typed
from bot.views.words import counted
from flows.books.sitting import Account
from flows.errors import FlowError
from flows.events import FormAnswer
from flows.handover import FORM, Answer, File, Handover, Said
from flows.playbook import Playbook, Question

_MOST_HOURS = 12


def once_form(
    asked: Sequence[Question], known: Mapping[str, FormAnswer], first: Handover, scene: BookScene
) -> Block:
    """What is about whoever leaves, for all their accounts; what was said before stands there."""
    count = counted(len(scene.accounts), "account")
    blocks: list[Block] = [
        context(f"About you, not about an account: told once, kept for {count}.")
    ]
    for question in asked:
        said = known.get(question.id)
        answer = _as_answer(said, first) if said else None
        usual = {part.key: prefilled(first, part) for part in question.parts}
        blocks += forms.question_fields(question, answer, usual, scene.names, label=question.text)
    title = "Once for all accounts"
    return modal(BookForm.ONCE, title, blocks, submit="Save for all", carried=scene.ref())


def _as_answer(said: FormAnswer, about: Handover) -> Answer:
    told = (Said(source=FORM, text=said.text),) if said.text else ()
    return Answer(by=about.created_by, at=about.created_at, said=told, given=said.given)


def hours_form(scene: BookScene) -> Block:
    """How many hours a working day somebody has for all of this."""
    now = f"{scene.hours_a_day:g}"
    hint = f"Counted as {hours(scene.hours_a_day)} a working day now; half hours are fine."
    put = text_input(now, most=5)
    blocks = [field(BookField.HOURS, "Hours a working day", put, hint=hint)]
    return modal(BookForm.HOURS, "Hours you have", blocks, submit="Save", carried=scene.ref())


def read_hours(values: Values) -> float:
    """Hours as typed. Raises FlowError `hours_range` at the field."""
    try:
        found = float(typed(values, BookField.HOURS).replace(",", "."))
    except ValueError:
        found = 0
    if not 0 < found <= _MOST_HOURS:
        raise FlowError("hours_range", field=BookField.HOURS)
    return found


def choose_form(left: Sequence[Account], scene: BookScene) -> Block:
    """Every account that is open, in their order, by hundreds."""
    groups = {
        f"{start + 1} to {start + len(part)}": [choice(one, scene) for one in part]
        for start in range(0, len(left), OPTIONS)
        if (part := left[start : start + OPTIONS])
    }
    menu = grouped_select(groups, "Choose an account")
    blocks = [field(BookField.ACCOUNT, "Account", menu)]
    title = "Another account"
    return modal(BookForm.WHICH, title, blocks, submit="Continue", carried=scene.ref())


def read_choice(values: Values) -> Ref:
    """The account that was chosen."""
    return Ref.load(picked_option(values, BookField.ACCOUNT))


def section_form(
    title: str, asked: Sequence[Question], about: tuple[Handover, Playbook], scene: BookScene
) -> Block:
    """One section of an account; when it is saved the next one comes."""
    ref = Ref(h=about[0].id, v=title)
    view = forms.section_form(title, asked, about[0], ref, scene.names)
    submit = {"type": "plain_text", "text": "Save, next", "emoji": True}
    return view | {"callback_id": BookForm.FORMS.value, "submit": submit}


def read_paste(values: Values) -> tuple[str, str, tuple[File, ...]]:
    """The text as typed with the block that it stands in, and the files."""
    text, files = forms.read_paste(values)
    rest = typed(values, BookField.REST)
    return (BookField.REST, rest, files) if rest else (Field.TEXT, text, files)


def paste_form(scene: BookScene, left: str = "", filed: str = "") -> Block:
    """One text or file about all accounts; `left` is what found none, `filed` what became of the
    rest.
    """
    first = (
        filed or "One heading for each account, its name. Nothing is answered before you confirm."
    )
    hint = "Such as “# Northwind”. For more than 3,000 characters add a file."
    # A field of the same name would show again what was typed into it.
    place = BookField.REST if left else Field.TEXT
    text = text_input(left, multiline=True)
    blocks: list[Block] = [
        section(first),
        field(place, "Paste what you have", text, hint=hint, optional=True),
        field(Field.FILES, "Or add files", file_input(), optional=True),
    ]
    title = "Paste for all accounts"
    return modal(BookForm.NOTES, title, blocks, submit="Keep it", carried=scene.ref())
