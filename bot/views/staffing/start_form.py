"""The two modals of a start, the form itself and who is told what, and their reading back."""

from typing import Any

from bot.ids import Act, Draft, DraftTelling, Field, Form, Ref, at_field, when_field
from bot.views.blocks import (
    Block,
    Choice,
    Element,
    actions,
    button,
    confirm,
    context,
    date_picker,
    field,
    modal,
    moment_picker,
    section,
    select,
    text_input,
    url_input,
    user_select,
)
from bot.views.people import person
from bot.views.slack_text import Names, Surface, from_form, one_line, to_form
from bot.views.state import Values, picked_date, picked_moment, picked_option, picked_user, typed
from bot.views.words import CONFIDENTIAL, DATE_IS, REASONS, SEGMENTS
from flows.handover import Handover, When
from flows.terms import Confidential, Reason, Role

NONE = "none"
_MOST_LEADERS = 100
_NAME = 200
_LINK = 500

_WHEN = {
    When.NOW: "Tell now",
    When.LATER: "Tell later",
    When.NEVER: "Not through the bot",
}
_TOLD = {
    Role.OUTGOING: "gets the questions, one at a time, and may stop at any time.",
    Role.INCOMING: "is asked to accept, and sees the segment, a rough revenue and the first dates.",
    Role.LEADER: "leads the handover, sees how far it is and is asked when a decision is needed.",
    Role.BACKUP: "stands in for the leader and may see the handover; gets no message now.",
}
_NOT_ON_SLACK = "gets no message; the leader and the incoming CSM answer the questions."
_NOBODY = "Nobody is named yet to take over; the leader is asked to name somebody."
_CSMS = (Role.OUTGOING, Role.INCOMING)


def start_form(
    draft: Draft,
    names: Names,
    *,
    leader_view: bool,
    leaders: tuple[str, ...],
    name_leaders: bool,
) -> Block:
    """The form, with everything typed so far.

    `leader_view` adds the confidential reason; `leaders` are the listed ones, if any;
    `name_leaders` says that whoever fills this in may name leaders by picking one.
    """
    blocks = [
        field(Field.ACCOUNT, "Account", text_input(draft.account, most=_NAME)),
        *outgoing_fields(draft),
        field(
            Field.INCOMING,
            "Incoming CSM",
            user_select(draft.incoming),
            hint="Leave empty if not named yet.",
            optional=True,
        ),
        field(Field.SEGMENT, "Segment", select(_choices(SEGMENTS), draft.segment)),
        reason_field(draft),
        *(confidential_fields(draft) if leader_view else []),
        leader_field(draft, names, leaders, name_leaders=name_leaders),
        *day_fields(draft),
        *(_more(draft) if draft.more else actions([button("More", Act.START_MORE)])),
    ]
    title, submit = ("Edit the draft", "Save") if draft.handover else ("Start a handover", "Next")
    return modal(Form.START, title, blocks, submit=submit, carried=draft)


def outgoing_fields(draft: Draft) -> list[Block]:
    """Who hands over, on Slack or not."""
    return [
        field(Field.OUTGOING, "Outgoing CSM", user_select(draft.outgoing), optional=True),
        field(
            Field.OUTGOING_NAME,
            "Not on Slack or already gone? Type the name",
            text_input(draft.outgoing_name, most=_NAME),
            hint="A name typed here counts instead of the outgoing CSM picked above.",
            optional=True,
        ),
    ]


def reason_field(draft: Draft) -> Block:
    """Why, as both CSMs see it."""
    return field(Field.REASON, "Reason", select(_choices(REASONS), _reason(draft)))


def day_fields(draft: Draft) -> list[Block]:
    """The one date, and what it is."""
    return [
        field(Field.DAY, "Date", date_picker(draft.day)),
        field(Field.DAY_IS, "The date is", select(_choices(DATE_IS), draft.day_is)),
    ]


def backup_field(draft: Draft) -> Block:
    """Who stands in for the leader."""
    return field(
        Field.BACKUP,
        "Backup",
        user_select(draft.backup),
        hint="Stands in for the leader.",
        optional=True,
    )


def read_start(values: Values, before: Draft) -> Draft:
    """What stands in the form; a field that is not shown keeps what it had."""
    read: dict[str, str] = {}
    for name, reader in _READERS.items():
        if name in values:
            read[name.value] = reader(values, name)
    if read.get(Field.CONFIDENTIAL) == NONE:
        read[Field.CONFIDENTIAL] = ""
    return before.model_copy(update=read)


def tellings_form(draft: Draft, names: Names, viewer: str, *, leader_view: bool) -> Block:
    """Who is told what; a leader also says when, for each of the two CSMs.

    A stored draft (`draft.handover`) is saved already: it can be started, changed or discarded.
    """
    users = _users(draft)
    account = _typed(draft.account, names)
    blocks: list[Block] = [
        section(f"*{account}*: nobody is told before you press Start and tell them."),
    ]
    if draft.outgoing_name:
        blocks.append(section(f"*{_typed(draft.outgoing_name, names)}* {_NOT_ON_SLACK}"))
    for role, user in users.items():
        you = " (you)" if user == viewer else ""
        blocks.append(section(f"*{person(user, names)}{you}* {_TOLD[role]}"))
        if leader_view and role in _CSMS and user != viewer:
            blocks += when_fields(role, person(user, names, Surface.PLAIN), draft)
    if Role.INCOMING not in users:
        blocks.append(section(_NOBODY))
    blocks += [
        context("What is marked sensitive is read by the two CSMs and the leader only."),
        *actions(_draft_buttons(draft)),
    ]
    title, submit = "Who is told what", "Start and tell them"
    close = "Close" if draft.handover else "Back"
    return modal(Form.TELLINGS, title, blocks, submit=submit, close=close, carried=draft)


def read_tellings(values: Values, before: Draft) -> Draft:
    """When each of the two CSMs is told, as chosen; whoever was not asked about is not listed."""
    tellings = {
        role: DraftTelling(when=when, at=picked_moment(values, at_field(role)))
        for role in _CSMS
        if (when := picked_option(values, when_field(role)))
    }
    return before.model_copy(update={"tellings": tellings})


def saved_draft_view(draft: Draft, names: Names) -> Block:
    """What is said once a draft is saved; it can be opened again from here and from Home."""
    account = _typed(draft.account, names)
    words = (
        f"*{account}* is saved as a draft. Nobody is told. "
        "Only you see it: on Home and with /handover list."
    )
    ref = Ref(h=draft.handover)
    blocks = [section(words), *actions([button("Open the draft", Act.DRAFT_OPEN, ref)])]
    view = modal(Form.SAVED_DRAFT, "Saved as draft", blocks, close="Close", carried=ref)
    # The form beneath is done with.
    return view | {"clear_on_close": True}


def gone_draft_view() -> Block:
    """What is said once a draft is discarded."""
    words = "This draft is discarded. Nobody was told; its account can be started at any time."
    view = modal(Form.SHOWN, "Draft discarded", [section(words)], close="Close")
    return view | {"clear_on_close": True}


def draft_of(handover: Handover, names: Names, confidential: Confidential | None = None) -> Draft:
    """A stored handover as the start form shows it."""
    return Draft(
        handover=handover.id,
        account=to_form(handover.account, names),
        outgoing=handover.outgoing.user or "",
        outgoing_name="" if handover.outgoing.user else to_form(handover.outgoing.name, names),
        incoming=(handover.incoming.user or "") if handover.incoming else "",
        segment=handover.segment,
        reason=handover.reason,
        confidential=confidential or "",
        leader=handover.leader,
        day=handover.day.isoformat(),
        day_is=handover.day_is,
        backup=handover.backup or "",
        arr=str(handover.arr) if handover.arr is not None else "",
        renewal=handover.renewal.isoformat() if handover.renewal else "",
        crm_link=handover.crm_link,
        more=True,
        tellings={
            role: DraftTelling(when=t.when, at=int(t.at.timestamp()) if t.at else None)
            for role, t in handover.tellings.items()
        },
    )


def _choices(words: dict[Any, str]) -> list[Choice]:
    return [Choice(value.value, label) for value, label in words.items()]


def _reason(draft: Draft) -> str:
    """With a confidential reason the visible one is Reassignment unless chosen otherwise."""
    return draft.reason or (Reason.REASSIGNMENT if draft.confidential else "")


def confidential_fields(draft: Draft) -> list[Block]:
    """What only leaders may choose, and see."""
    choices = [Choice(NONE, "None"), *_choices(CONFIDENTIAL)]
    hint = "Only the leaders of this handover ever see it. The reason above is what others see."
    menu = select(choices, draft.confidential or NONE)
    return [field(Field.CONFIDENTIAL, "Confidential reason", menu, hint=hint, optional=True)]


def leader_field(
    draft: Draft, names: Names, leaders: tuple[str, ...], *, name_leaders: bool
) -> Block:
    """Who leads, of those listed; any admin while nobody is."""
    if 0 < len(leaders) <= _MOST_LEADERS:
        choices = [Choice(user, person(user, names, Surface.PLAIN)) for user in leaders]
        return field(Field.LEADER, "Leader", select(choices, draft.leader))
    hint = ""
    if not leaders:
        hint = "There is no list of leaders yet: pick an admin of this workspace."
        if name_leaders:
            hint = "There is no list of leaders yet: whoever you pick becomes the first on it."
    return field(Field.LEADER, "Leader", user_select(draft.leader), hint=hint)


def _more(draft: Draft) -> list[Block]:
    return [
        backup_field(draft),
        field(
            Field.ARR,
            "Annual revenue (ARR)",
            text_input(draft.arr, most=40),
            hint="Like 120000 or 120k.",
            optional=True,
        ),
        field(Field.RENEWAL, "Renewal date", date_picker(draft.renewal), optional=True),
        field(Field.CRM_LINK, "CRM link", url_input(draft.crm_link), optional=True),
    ]


def _draft_buttons(draft: Draft) -> list[Element]:
    if not draft.handover:
        return [button("Save as draft", Act.DRAFT_SAVE)]
    ref = Ref(h=draft.handover)
    sure = confirm("Discard the draft?", "It goes from your lists. Nobody is told.", "Discard")
    discard = button("Discard the draft", Act.DRAFT_DISCARD, ref, "danger")
    return [button("Edit the draft", Act.DRAFT_EDIT, ref), discard | {"confirm": sure}]


def _users(draft: Draft) -> dict[Role, str]:
    """Everybody on Slack who has a part; a typed name counts instead of a picked person."""
    users = {
        Role.OUTGOING: "" if draft.outgoing_name else draft.outgoing,
        Role.INCOMING: draft.incoming,
        Role.LEADER: draft.leader,
        Role.BACKUP: draft.backup,
    }
    return {role: user for role, user in users.items() if user}


def when_fields(role: Role, name: str, draft: Draft) -> list[Block]:
    """When this person is told; the labels name them, for there are two of each field."""
    telling = draft.tellings.get(role, DraftTelling())
    choices = [Choice(when.value, label) for when, label in _WHEN.items()]
    hint = "Only for Tell later."
    moment = moment_picker(telling.at)
    return [
        field(when_field(role), f"When: {name}", select(choices, telling.when)),
        field(at_field(role), f"Tell on: {name}", moment, hint=hint, optional=True),
    ]


def _typed(text: str, names: Names) -> str:
    return one_line(from_form(text), Surface.MRKDWN, names, _NAME)


_READERS = {
    Field.ACCOUNT: typed,
    Field.OUTGOING: picked_user,
    Field.OUTGOING_NAME: typed,
    Field.INCOMING: picked_user,
    Field.SEGMENT: picked_option,
    Field.REASON: picked_option,
    Field.CONFIDENTIAL: picked_option,
    Field.LEADER: picked_user,
    Field.DAY: picked_date,
    Field.DAY_IS: picked_option,
    Field.BACKUP: picked_user,
    Field.ARR: typed,
    Field.RENEWAL: picked_date,
    Field.CRM_LINK: typed,
}
