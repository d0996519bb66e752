"""The modals between people: decline, ask, name somebody, Leader's checks and settings."""

from collections.abc import Sequence

from bot.ids import Act, Field, Form, Ref
from bot.views.blocks import (
    Block,
    Choice,
    actions,
    button,
    checkboxes,
    context,
    divider,
    field,
    modal,
    section,
    text_input,
    user_select,
    users_select,
)
from bot.views.confidential import word
from bot.views.dates import moment
from bot.views.knowledge.forms import question_fields, read_questions
from bot.views.people import person
from bot.views.scene import quoted
from bot.views.slack_text import Names, Surface, from_form, render, to_form
from bot.views.state import Values, picked_options, picked_user, picked_users, typed
from bot.views.words import counted
from flows.confidential.vault import Explained, Vault, leader_questions
from flows.events import FormAnswer
from flows.frozen import Moment
from flows.handover import Ask, Handover
from flows.playbook import Playbook

_QUOTE = 2500
_DECLINES = 5
_PER_PERSON = Choice("on", "Figures per CSM in reports")
_ANEW = (
    "The pack stays. What the customer is told, the teach-back, sessions and introductions "
    "start anew with whoever you pick."
)


def decline_form(ref: Ref, leader: str) -> Block:
    """Why not; `leader` is the escaped name of the one person who reads it."""
    blocks = [
        section(f"Only {leader} reads what you write here."),
        field(Field.TEXT, "Why?", text_input(multiline=True), optional=True),
    ]
    return modal(Form.DECLINE, "Decline the handover", blocks, submit="Decline", carried=ref)


def ask_form(ref: Ref, asked: str) -> Block:
    """A question before going on; `asked` is the escaped name of whoever gets it."""
    blocks = [
        field(Field.TEXT, "Your question", text_input(multiline=True)),
        context(f"It goes to {asked}. You get the answer here; accepting can wait until then."),
    ]
    return modal(Form.ASK, "Ask first", blocks, submit="Ask", carried=ref)


def ask_answer_form(ref: Ref, ask: Ask, names: Names) -> Block:
    """The answer to a question."""
    question = quoted(render(ask.text, Surface.MRKDWN, names, _QUOTE))
    blocks = [
        section(f"{person(ask.by, names)} asks:\n{question}"),
        field(Field.TEXT, "Your answer", text_input(multiline=True)),
    ]
    return modal(Form.ASK_ANSWER, "Answer", blocks, submit="Send answer", carried=ref)


def read_text(values: Values) -> str:
    """The one text of these modals, in its stored form."""
    return from_form(typed(values, Field.TEXT))


def name_incoming_form(
    ref: Ref,
    declines: tuple[Explained, ...],
    names: Names,
    now: Moment,
    *,
    told: bool = False,
    begun: bool = False,
) -> Block:
    """Who takes over (instead); why somebody declined is shown here and nowhere else.

    A customer who was `told` of the former one reads of the new one, unless the leader says why
    not. Where the former one had `begun`, it says what starts anew.
    """
    blocks: list[Block] = []
    for declined in declines[-_DECLINES:]:
        who = f"{person(declined.by, names)}, {moment(declined.at, now)}:"
        why = quoted(render(declined.text, Surface.MRKDWN, names, _QUOTE))
        blocks += [section(f"{who}\n{why}")]
    if blocks:
        blocks.append(divider())
    blocks.append(field(Field.INCOMING, "Incoming CSM", user_select()))
    if begun:
        blocks.append(context(_ANEW))
    if told:
        because = text_input(multiline=True, most=1000)
        label = "Why need the customer read nothing of it?"
        hint = "Left empty, a text about the change is drafted for approval, and sent first."
        blocks.append(field(Field.TEXT, label, because, hint=hint, optional=True))
    title = "Name the incoming CSM"
    return modal(Form.NAME_INCOMING, title, blocks, submit="Name and ask", carried=ref)


def name_source_form(ref: Ref) -> Block:
    """Who else is asked for what the outgoing CSM can't tell."""
    words = (
        "They get the open questions in their messages with me, and read nothing but the account's "
        "name and what they write themselves."
    )
    picker = field(Field.SOURCE, "Who knows this account?", user_select())
    title = "Ask somebody else"
    return modal(Form.NAME_SOURCE, title, [section(words), picker], submit="Ask them", carried=ref)


def read_source(values: Values) -> str:
    """The user who is asked."""
    return picked_user(values, Field.SOURCE)


def read_incoming(values: Values) -> str:
    """The user who was named."""
    return picked_user(values, Field.INCOMING)


def checks_form(
    vault: Vault, handover: Handover, playbook: Playbook, ref: Ref, names: Names
) -> Block:
    """Leader's checks: the questions of the confidential reason if there is one, and a note."""
    outgoing = handover.outgoing
    about = person(outgoing.user, names) if outgoing.user else _escaped(outgoing.name, names)
    blocks: list[Block] = [
        section(f"{about} may one day ask for what is written here; write facts."),
        *actions(
            [
                button("What the customer said", Act.LISTEN_OPEN, Ref(h=handover.id)),
                word.give_button(handover, names),
            ]
        ),
    ]
    for question in leader_questions(vault, playbook):
        answer = vault.answers.get(question.id)
        blocks += question_fields(question, answer, {}, names, label=question.text)
    hint = "Anything only leaders should know. Empty is fine: saving says that you have looked."
    note = text_input(to_form(vault.note, names), multiline=True)
    blocks.append(field(Field.NOTE, "Note", note, hint=hint, optional=True))
    return modal(Form.CHECKS, "Leader's checks", blocks, submit="Save", carried=ref)


def read_checks(
    values: Values, vault: Vault, playbook: Playbook
) -> tuple[dict[str, FormAnswer], str]:
    """The answers by question, and the note in its stored form."""
    answers = read_questions(values, leader_questions(vault, playbook))
    return answers, from_form(typed(values, Field.NOTE))


def settings_form(
    leaders: tuple[str, ...],
    unled: int,
    digests: Sequence[Block],
    *,
    admin: bool,
    per_person: bool = False,
) -> Block:
    """Who may be named as a leader, for an admin; where handovers have lost theirs, who takes them
    over; and the part about `digests`, for leaders too.

    `unled` is how many have lost theirs; an admin reads nothing else of them. `per_person` says
    whether reports name CSMs.
    """
    if not admin:
        return modal(Form.SHOWN, "Settings", digests, close="Close")
    blocks: list[Block] = [
        field(
            Field.LEADERS,
            "Leaders",
            users_select(leaders, "Pick people"),
            hint="Only these can be picked as the leader of a handover. A new leader sees no "
            "handover that exists already, and the other leaders are told.",
        ),
        field(
            Field.PER_PERSON,
            "Reports",
            checkboxes([_PER_PERSON], [_PER_PERSON.value] if per_person else []),
            hint="Off, reports count by question, segment, reason and leader. On, leaders also read"
            " figures of each CSM, and each CSM reads their own with /handover report.",
            optional=True,
        ),
    ]
    if unled:
        lost = f"{counted(unled, 'handover')} {'has' if unled == 1 else 'have'}"
        blocks += [
            section(f"*{lost} nobody to lead {'it' if unled == 1 else 'them'}.*"),
            field(
                Field.HEIR,
                "Who leads from now on?",
                user_select(),
                hint="One of the leaders above. They are told, and may open everything a leader "
                "may. Where they are one of the two CSMs, it waits for somebody else.",
                optional=True,
            ),
        ]
    return modal(Form.SETTINGS, "Settings", [*blocks, divider(), *digests], submit="Save")


def read_settings(values: Values) -> tuple[tuple[str, ...], str]:
    """The leaders as picked, and who leads what has lost its leader, if anybody."""
    return picked_users(values, Field.LEADERS), picked_user(values, Field.HEIR)


def read_per_person(values: Values) -> bool:
    """Whether reports name CSMs."""
    return _PER_PERSON.value in picked_options(values, Field.PER_PERSON)


def _escaped(name: str, names: Names) -> str:
    return render(name, Surface.MRKDWN, names)
