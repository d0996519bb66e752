"""The modals of asking somebody else: whom, what and by when; and what they told."""

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
    user_select,
)
from bot.views.scene import quoted
from bot.views.slack_text import Names, Surface, from_form, render, to_form
from bot.views.state import Values, picked_date, picked_option, picked_user, typed
from bot.views.words import HOW
from flows.handover import Ask
from flows.playbook import Question
from flows.terms import How

_QUOTE = 2500
_NAME = 200


def ask_somebody_form(ref: Ref, question: Question, due: date, names: Names) -> Block:
    """Whom to ask for what one does not know."""
    text = text_input(to_form(question.text, names), multiline=True)
    who = "Somebody in this workspace, for example from sales, support or solutions."
    mail = (
        "For somebody who is not: name, role, mail. You get a text to send, and note their answer."
    )
    blocks = [
        field(Field.PERSON, "Who could know?", user_select(), hint=who, optional=True),
        field(Field.WHOM, "Or a name", text_input(most=_NAME), hint=mail, optional=True),
        field(Field.TEXT, "Your question", text),
        field(Field.DUE, "Answer by", date_picker(due.isoformat())),
        context("They see this question, the account's name and yours, and nothing else."),
    ]
    return modal(Form.ASK_SOMEBODY, "Ask somebody", blocks, submit="Ask", carried=ref)


def read_ask(values: Values) -> tuple[str, str, str, str]:
    """Who was picked, which name was typed, the question in its stored form, and an ISO date."""
    return (
        picked_user(values, Field.PERSON),
        from_form(typed(values, Field.WHOM)),
        from_form(typed(values, Field.TEXT)),
        picked_date(values, Field.DUE),
    )


def record_form(ref: Ref, ask: Ask, who: str, today: date, names: Names) -> Block:
    """What somebody told whoever asked; `who` is their name as it is stored."""
    ways = [Choice(how.value, words.capitalize()) for how, words in HOW.items()]
    blocks = [
        section(quoted(render(ask.text, Surface.MRKDWN, names, _QUOTE))),
        field(Field.WHOM, "Who answered?", text_input(to_form(who, names), most=_NAME)),
        field(Field.ON, "When?", date_picker(today.isoformat())),
        field(Field.HOW, "How?", select(ways, How.MAIL.value)),
        field(Field.TEXT, "What did they say?", text_input(multiline=True)),
    ]
    return modal(Form.ASK_RECORD, "Record their answer", blocks, submit="Record", carried=ref)


def read_record(values: Values) -> tuple[str, str, str, str]:
    """Who told it and what, in their stored form, on which ISO date, and how."""
    return (
        from_form(typed(values, Field.WHOM)),
        from_form(typed(values, Field.TEXT)),
        picked_date(values, Field.ON),
        picked_option(values, Field.HOW),
    )
