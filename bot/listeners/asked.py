"""The questions that a form asks, and whether what it says can be kept."""

from collections.abc import Iterable, Mapping, Sequence

from bot.ids import part_field
from bot.views.knowledge import forms
from bot.views.state import Values
from flows.errors import FlowError
from flows.events import FormAnswer
from flows.handover import Handover
from flows.knowledge.interview import questions, roles_answered_by
from flows.knowledge.ledger import checked_given
from flows.playbook import Playbook, Question
from flows.terms import Need, PartKind

_GIVEN = ("value", "selected_option", "selected_options", "selected_users", "selected_date")
"""Where the state of an input says what was given."""


def in_section(handover: Handover, playbook: Playbook, user: str, section: str) -> list[Question]:
    """The required questions of a section that are this user's to answer."""
    return [
        question
        for role in roles_answered_by(handover, user)
        for question in questions(handover, playbook, role, Need.REQUIRED)
        if question.section == section
    ]


def one_asked(playbook: Playbook, question: str) -> Question:
    """A question that a form may show. Raises FlowError `not_found`."""
    found = playbook.by_id.get(question)
    if found is None or found.confidential:
        raise FlowError("not_found")
    return found


def read_answers(values: Values, asked: Sequence[Question]) -> dict[str, FormAnswer]:
    """What a form of these questions says, by question. Raises FlowError at its field for a value
    that cannot be kept, and for what was typed for a question that is not theirs any more.
    """
    known = {question.id for question in asked}
    for block, inputs in values.items():
        is_other = block.partition(":")[0].partition(".")[0] not in known
        if is_other and any(any(map(state.get, _GIVEN)) for state in inputs.values()):
            raise FlowError("nothing_open", field=block)
    answers = forms.read_questions(values, asked)
    for question in asked:
        check_parts(question, answers.get(question.id))
    return answers


def check_parts(question: Question, answer: FormAnswer | None) -> None:
    """A value that cannot be kept is told at its field."""
    for part in question.parts:
        given = answer.given.get(part.key) if answer else None
        try:
            if given:
                checked_given(part, given)
        except FlowError as error:
            raise FlowError(error.code, field=part_field(question.id, part.key)) from error


def people_in(questions: Iterable[Question], answers: Mapping[str, FormAnswer]) -> set[str]:
    """Everybody picked in a form: they are to be shown by name, also if never seen before."""
    return {
        user
        for question in questions
        if question.id in answers
        for part in question.parts
        if part.kind is PartKind.PEOPLE and part.key in answers[question.id].given
        for user in answers[question.id].given[part.key].values
    }
