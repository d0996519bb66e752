"""The first modal of a start: the form itself, its reading back, and what is wrong with it."""

from decimal import Decimal
from typing import Any

from bot.ids import (
    Act,
    Draft,
    DraftTelling,
    Field,
    Form,
)
from bot.views.blocks import (
    Block,
    Choice,
    actions,
    button,
    date_picker,
    field,
    modal,
    select,
    text_input,
    url_input,
    user_select,
)
from bot.views.errors import say
from bot.views.people import person
from bot.views.slack_text import Names, Surface, one_line
from bot.views.state import Values, picked_date, picked_option, picked_user, typed
from bot.views.words import CONFIDENTIAL, DATE_IS, REASONS, SEGMENTS
from flows.errors import FlowError
from flows.handover import Handover
from flows.ledger import number
from flows.playbook import Part
from flows.terms import Confidential, PartKind, Reason

NONE = "none"
_MOST_LEADERS = 100
_NAME = 200
_LINK = 500


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
        field(Field.OUTGOING, "Outgoing CSM", user_select(draft.outgoing), optional=True),
        field(
            Field.OUTGOING_NAME,
            "Not on Slack or already gone? Type the name",
            text_input(draft.outgoing_name, most=_NAME),
            hint="A name typed here counts instead of the outgoing CSM picked above.",
            optional=True,
        ),
        field(
            Field.INCOMING,
            "Incoming CSM",
            user_select(draft.incoming),
            hint="Leave empty if not named yet.",
            optional=True,
        ),
        field(Field.SEGMENT, "Segment", select(_choices(SEGMENTS), draft.segment)),
        field(Field.REASON, "Reason", select(_choices(REASONS), _reason(draft))),
        *(_confidential(draft) if leader_view else []),
        _leader(draft, names, leaders, name_leaders=name_leaders),
        field(Field.DAY, "Date", date_picker(draft.day)),
        field(Field.DAY_IS, "The date is", select(_choices(DATE_IS), draft.day_is)),
        *(_more(draft) if draft.more else actions([button("More", Act.START_MORE)])),
    ]
    title = "Start a handover"
    return modal(Form.START, title, blocks, submit="Next", carried=draft)


def read_start(values: Values, before: Draft) -> Draft:
    """What stands in the form; a field that is not shown keeps what it had."""
    read: dict[str, str] = {}
    for name, reader in _READERS.items():
        if name in values:
            read[name.value] = reader(values, name)
    if read.get(Field.CONFIDENTIAL) == NONE:
        read[Field.CONFIDENTIAL] = ""
    return before.model_copy(update=read)


def start_problems(draft: Draft) -> dict[str, str]:
    """What is wrong with the form alone, in words by block id."""
    found = {}
    if not (draft.outgoing or draft.outgoing_name):
        found[Field.OUTGOING.value] = say("outgoing_missing")
    if draft.arr and revenue(draft) is None:
        found[Field.ARR.value] = say("not_a_number")
    return found


def revenue(draft: Draft) -> Decimal | None:
    """The typed revenue as a number; none when there is none, or it is no number >= 0."""
    part = Part(key=Field.ARR, kind=PartKind.NUMBER, label=Field.ARR)
    try:
        found = number(part, draft.arr)
    except FlowError:
        return None
    return found if found >= 0 else None


def draft_of(handover: Handover, names: Names, confidential: Confidential | None = None) -> Draft:
    """A stored handover as the start form shows it."""
    return Draft(
        handover=handover.id,
        account=one_line(handover.account, Surface.PLAIN, names),
        outgoing=handover.outgoing.user or "",
        outgoing_name=""
        if handover.outgoing.user
        else one_line(handover.outgoing.name, Surface.PLAIN, names),
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


def _confidential(draft: Draft) -> list[Block]:
    choices = [Choice(NONE, "None"), *_choices(CONFIDENTIAL)]
    hint = "Only the leaders of this handover ever see it. The reason above is what others see."
    menu = select(choices, draft.confidential or NONE)
    return [field(Field.CONFIDENTIAL, "Confidential reason", menu, hint=hint, optional=True)]


def _leader(draft: Draft, names: Names, leaders: tuple[str, ...], *, name_leaders: bool) -> Block:
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
        field(
            Field.BACKUP,
            "Backup",
            user_select(draft.backup),
            hint="Stands in for the leader.",
            optional=True,
        ),
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
