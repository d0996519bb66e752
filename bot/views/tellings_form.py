"""The second modal of a start: who is told what and when, before anything is sent."""

from bot.ids import Act, Draft, DraftTelling, Form, Ref, at_field, when_field
from bot.views.blocks import (
    Block,
    Choice,
    actions,
    button,
    context,
    field,
    modal,
    moment_picker,
    section,
    select,
)
from bot.views.errors import say
from bot.views.people import person
from bot.views.slack_text import Names, Surface, from_form, one_line
from bot.views.state import Values, picked_moment, picked_option
from flows.frozen import Moment
from flows.handover import When
from flows.terms import Role

_NAME = 200
_WHEN = {
    When.NOW: "Tell now",
    When.LATER: "Tell later",
    When.NEVER: "Not through the bot",
}
_TOLD = {
    Role.OUTGOING: "gets the questions, one at a time, and may stop at any time.",
    Role.INCOMING: "is asked to accept, and sees segment, revenue in the round and first dates.",
    Role.LEADER: "leads the handover, sees how far it is and is asked when a decision is needed.",
    Role.BACKUP: "stands in for the leader and may see the handover; gets no message now.",
}
_NOT_ON_SLACK = "gets no message; the leader and the incoming CSM answer the questions."
_NOBODY = "Nobody is named yet to take over; the leader is asked to name somebody."
_CSMS = (Role.OUTGOING, Role.INCOMING)


def tellings_form(draft: Draft, names: Names, viewer: str, *, leader_view: bool) -> Block:
    """Who is told what; a leader also says when, for each of the two CSMs."""
    users = _users(draft)
    blocks: list[Block] = [
        section(f"*{_typed(draft.account, names)}*: nothing is sent before you press the button.")
    ]
    if draft.outgoing_name:
        blocks.append(section(f"*{_typed(draft.outgoing_name, names)}* {_NOT_ON_SLACK}"))
    for role, user in users.items():
        you = " (you)" if user == viewer else ""
        blocks.append(section(f"*{person(user, names)}{you}* {_TOLD[role]}"))
        if leader_view and role in _CSMS and user != viewer:
            blocks += _when(role, draft.tellings.get(role, DraftTelling()))
    if Role.INCOMING not in users:
        blocks.append(section(_NOBODY))
    blocks += [
        context("What is marked sensitive is read by the two CSMs and the leader only."),
        *actions([button("Save as draft", Act.DRAFT_SAVE)]),
    ]
    title, submit = "Who is told what", "Start and tell them"
    return modal(Form.TELLINGS, title, blocks, submit=submit, close="Back", carried=draft)


def read_tellings(values: Values, before: Draft) -> Draft:
    """When each of the two CSMs is told, as chosen; whoever was not asked about is not listed."""
    tellings = {
        role: DraftTelling(when=when, at=picked_moment(values, at_field(role)))
        for role in _CSMS
        if (when := picked_option(values, when_field(role)))
    }
    return before.model_copy(update={"tellings": tellings})


def telling_problems(draft: Draft, now: Moment) -> dict[str, str]:
    """What is wrong, in words by block id: Tell later wants a moment that is still to come."""
    found = {}
    for role, telling in draft.tellings.items():
        if telling.when != When.LATER:
            continue
        if telling.at is None:
            found[at_field(role)] = say("when_missing")
        elif telling.at <= now.timestamp():
            found[at_field(role)] = say("when_past")
    return found


def saved_draft_view(draft: Draft, names: Names) -> Block:
    """What is said once a draft is saved; it can be opened again from here and from Home."""
    account = _typed(draft.account, names)
    words = f"*{account}* is saved as a draft. Nobody is told; only you see it, on Home."
    ref = Ref(h=draft.handover)
    blocks = [section(words), *draft_actions(ref)]
    return modal(Form.SAVED_DRAFT, "Saved as draft", blocks, close="Close", carried=ref)


def draft_actions(ref: Ref) -> list[Block]:
    """The two ways on from a draft: the form, or straight to who is told what."""
    return actions(
        [
            button("Open the draft", Act.DRAFT_OPEN, ref),
            button("See who is told and start", Act.DRAFT_START, ref),
        ]
    )


def _users(draft: Draft) -> dict[Role, str]:
    """Everybody on Slack who has a part; a typed name counts instead of a picked person."""
    users = {
        Role.OUTGOING: "" if draft.outgoing_name else draft.outgoing,
        Role.INCOMING: draft.incoming,
        Role.LEADER: draft.leader,
        Role.BACKUP: draft.backup,
    }
    return {role: user for role, user in users.items() if user}


def _when(role: Role, telling: DraftTelling) -> list[Block]:
    choices = [Choice(when.value, label) for when, label in _WHEN.items()]
    hint = "Only for Tell later."
    return [
        field(when_field(role), "When", select(choices, telling.when)),
        field(at_field(role), "Tell on", moment_picker(telling.at), hint=hint, optional=True),
    ]


def _typed(text: str, names: Names) -> str:
    return one_line(from_form(text), Surface.MRKDWN, names, _NAME)
