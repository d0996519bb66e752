"""The modals of the interview: questions, records and pastes, and their reading back."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.ids import VALUE, Field, Form, Ref, as_of_field, part_field, text_field
from bot.views import people
from bot.views.blocks import (
    Block,
    Choice,
    Element,
    context,
    date_picker,
    field,
    file_input,
    modal,
    section,
    select,
    text_input,
    url_input,
    users_select,
)
from bot.views.knowledge.question_parts import prefilled
from bot.views.known.prefill import as_confirmed
from bot.views.slack_text import Names, Surface, from_form, links_in, render, to_form
from bot.views.state import Values, element, given_files, picked_date, typed
from bot.views.words import article
from flows.events import FormAnswer
from flows.handover import FORM, Answer, File, Given, Handover
from flows.knowledge.interview import is_answered
from flows.known.prefills import prefill_of
from flows.playbook import Part, Question, RecordSpec
from flows.terms import PartKind

MOST_FIELDS = 8


def question_form(question: Question, handover: Handover, ref: Ref, names: Names) -> Block:
    """One question with everything it takes."""
    blocks = [context(render(question.text, Surface.MRKDWN, names))]
    blocks += _fields(question, handover, names, label="In your own words")
    return modal(Form.QUESTION, "Answer in a form", blocks, submit="Save", carried=ref)


def section_form(
    section: str, questions: Sequence[Question], handover: Handover, ref: Ref, names: Names
) -> Block:
    """The open questions of a section, as many as make at most 8 fields; what is left comes after.

    With nothing open, the first questions stand there to be changed.
    """
    shown = section_questions(questions, handover)
    known = any(prefill_of(handover, question) for question in shown)
    hint = "What is known already is filled in: check it, then confirm all." if known else ""
    first = f"*{section}*. Fill in what you can; empty fields stay open. {hint}".strip()
    blocks: list[Block] = [context(first)]
    for question in shown:
        blocks += _fields(question, handover, names, label=question.text)
    done = "Confirm all in section" if known else "Save"
    return modal(Form.SECTION, "Fill this section", blocks, submit=done, carried=ref)


def ahead_form(
    section: str, questions: Sequence[Question], handover: Handover, ref: Ref, names: Names
) -> Block:
    """What the incoming CSM may write before anybody asks; one section after the other."""
    outgoing = people.party(handover.outgoing, names)
    hint = f"*{section}*. Write what you know already; {outgoing} confirms or corrects it."
    blocks: list[Block] = [context(hint)]
    for question in section_questions(questions, handover):
        blocks += _fields(question, handover, names, label=question.text)
    return modal(Form.AHEAD, "What you already know", blocks, submit="Save, next", carried=ref)


def section_questions(questions: Sequence[Question], handover: Handover) -> list[Question]:
    """The questions that a section's form shows."""
    wanted = [q for q in questions if not is_answered(handover, q)] or list(questions)
    shown: list[Question] = []
    room = MOST_FIELDS
    for question in wanted:
        size = _size(question)
        if shown and size > room:
            break
        shown.append(question)
        room -= size
    return shown


def read_questions(values: Values, questions: Sequence[Question]) -> dict[str, FormAnswer]:
    """What a form says to each of its questions; only what has content."""
    found = {question.id: _read_question(values, question) for question in questions}
    return {key: answer for key, answer in found.items() if answer.text or answer.given}


def read_part(part: Part, state_element: Mapping[str, Any]) -> Given | None:
    """One part as picked or typed, in a form or by a message's own input; none when empty."""
    option = (state_element.get("selected_option") or {}).get("value")
    users = state_element.get("selected_users") or ()
    typed_text = (state_element.get("value") or "").strip()
    if part.kind is PartKind.TEXT:
        typed_text = from_form(typed_text)
    one = option or state_element.get("selected_date") or typed_text
    values = tuple(users) or ((str(one),) if one else ())
    return Given(values=values) if values else None


def record_form(spec: RecordSpec, ref: Ref, details: Mapping[str, str], names: Names) -> Block:
    """One record; `ref.r` is set when it is being changed."""
    title = f"Change {article(spec.one)}" if ref.r else f"Add {article(spec.one)}"
    blocks = [
        field(
            part_field(spec.kind, part.key),
            part.label,
            _input(part, _values(part, details.get(part.key, "")), names),
            hint=part.hint,
            optional=not part.required,
        )
        for part in spec.fields
    ]
    return modal(Form.RECORD, title, blocks, submit="Save", carried=ref)


def read_record(spec: RecordSpec, values: Values) -> dict[str, str]:
    """The fields of a record that have content."""
    found = {
        part.key: read_part(part, element(values, part_field(spec.kind, part.key)))
        for part in spec.fields
    }
    return {key: ",".join(given.values) for key, given in found.items() if given}


def paste_form(ref: Ref) -> Block:
    """Everything written elsewhere, as text or as files."""
    blocks = [
        field(
            Field.TEXT,
            "Paste what you have",
            text_input(multiline=True),
            hint="Notes, an earlier handover, a mail. For more than 3,000 characters add a file.",
            optional=True,
        ),
        field(Field.FILES, "Or add files", file_input(), optional=True),
    ]
    return modal(Form.PASTE, "Paste what you have", blocks, submit="Keep it", carried=ref)


def read_paste(values: Values) -> tuple[str, tuple[File, ...]]:
    """The text as typed, and the files."""
    files = tuple(
        File(
            id=str(file["id"]),
            name=from_form(str(file.get("name") or file["id"])),
            url=str(file.get("permalink") or file.get("url_private") or ""),
            size=int(file.get("size") or 0),
        )
        for file in given_files(values, Field.FILES)
    )
    return typed(values, Field.TEXT), files


def has_text(question: Question) -> bool:
    """Whether a form offers free text: always, but where required parts say it all."""
    required = any(part.required for part in question.parts)
    return question.text_needed or bool(question.records) or not required


def question_fields(
    question: Question,
    answer: Answer | None,
    known: Mapping[str, str],
    names: Names,
    *,
    label: str,
) -> list[Block]:
    """The inputs of one question; `known` presets parts that nobody has answered yet."""
    blocks: list[Block] = []
    if has_text(question):
        hint = question.help
        if question.records:
            hint = f"{hint} One a line, its parts between dashes."
        text = text_input(_typed_before(answer, names), multiline=True)
        blocks.append(field(text_field(question.id), label, text, hint=hint, optional=True))
    elif label == question.text:
        # The labels of its parts alone would not tell what is asked.
        words = (question.text, question.help)
        asked, helps = (render(text, Surface.MRKDWN, names) for text in words)
        blocks.append(section(f"*{asked}*\n{helps}".strip()))
    for part in question.parts:
        given = answer.given.get(part.key) if answer else None
        values = given.values if given else _values(part, known.get(part.key, ""))
        block_id = part_field(question.id, part.key)
        hint = part.hint
        shown = _input(part, values, names)
        blocks.append(field(block_id, part.label, shown, hint=hint, optional=True))
        if part.as_of:
            day = given.as_of.isoformat() if given and given.as_of else ""
            block_id = as_of_field(question.id, part.key)
            label_of_day = f"{part.label}: as of"
            blocks.append(field(block_id, label_of_day, date_picker(day), optional=True))
    return blocks


def _size(question: Question) -> int:
    return has_text(question) + sum(1 + part.as_of for part in question.parts)


def _fields(question: Question, handover: Handover, names: Names, *, label: str) -> list[Block]:
    known = {part.key: prefilled(handover, part) for part in question.parts}
    answer = as_confirmed(handover, question)
    return question_fields(question, answer, known, names, label=label)


def _typed_before(answer: Answer | None, names: Names) -> str:
    """What a form was told before; replies in the thread are not the form's to overwrite."""
    said = answer.said if answer else ()
    return next((to_form(piece.text, names) for piece in said if piece.source == FORM), "")


def _values(part: Part, text: str) -> tuple[str, ...]:
    return tuple(piece for piece in (text.split(",") if _many(part) else [text]) if piece)


def _many(part: Part) -> bool:
    return part.kind is PartKind.PEOPLE


def _input(part: Part, values: tuple[str, ...], names: Names) -> Element:
    first = values[0] if values else ""
    match part.kind:
        case PartKind.CHOICE:
            return select([Choice(o.value, o.label) for o in part.options], first, "Choose")
        case PartKind.DATE:
            return date_picker(first)
        case PartKind.PEOPLE:
            return users_select(values)
        case PartKind.LINK:
            return url_input(to_form(first, names))
        case PartKind.NUMBER:
            return text_input(first, most=40)
        case PartKind.TEXT:
            return text_input(to_form(first, names))


def _read_question(values: Values, question: Question) -> FormAnswer:
    text = typed(values, text_field(question.id))
    given = {}
    for part in question.parts:
        found = read_part(part, values.get(part_field(question.id, part.key), {}).get(VALUE) or {})
        if found:
            day = picked_date(values, as_of_field(question.id, part.key))
            as_of = date.fromisoformat(day) if day else None
            given[part.key] = found.model_copy(update={"as_of": as_of})
    return FormAnswer(text=from_form(text), links=links_in(text), given=given)
