"""The modals that correct accounts of a book: one, the segment of several, who names mean."""

import hashlib
from collections.abc import Mapping, Sequence

from bot.books.ids import BookField, BookForm
from bot.ids import Field, Ref
from bot.views.blocks import (
    Block,
    Choice,
    context,
    date_picker,
    field,
    modal,
    select,
    text_input,
    url_input,
    user_select,
)
from bot.views.slack_text import Names, Surface, one_line, to_form
from bot.views.state import Values, picked_user
from bot.views.words import SEGMENTS, counted
from flows.books.rows import Row

MOST_NAMES = 40
_NAME = 200


def row_form(row: Row, names: Names, ref: Ref) -> Block:
    """One account."""
    blocks = [
        field(Field.ACCOUNT, "Account", text_input(to_form(row.account, names), most=_NAME)),
        field(Field.SEGMENT, "Segment", _segments(row.segment or ""), optional=True),
        field(
            Field.INCOMING,
            "Incoming CSM",
            user_select((row.incoming and row.incoming.user) or ""),
            hint=_typed_as(row, names),
            optional=True,
        ),
        field(
            Field.ARR,
            "Annual revenue (ARR)",
            text_input("" if row.arr is None else str(row.arr), most=40),
            optional=True,
        ),
        field(
            Field.RENEWAL,
            "Renewal date",
            date_picker(row.renewal.isoformat() if row.renewal else ""),
            optional=True,
        ),
        field(Field.CRM_LINK, "CRM link", url_input(row.crm_link), optional=True),
        field(
            BookField.SKILLS,
            "Skills that it takes",
            text_input(", ".join(row.skills), most=_NAME),
            hint="Like German, onboarding",
            optional=True,
        ),
    ]
    return modal(BookForm.ROW, "Edit the account", blocks, submit="Save", carried=ref)


def segment_form(lacking: Sequence[Row], ref: Ref) -> Block:
    """One segment for all that have none."""
    label = f"Segment of the {counted(len(lacking), 'account')} without one"
    hint = "An account that differs can be edited on its own."
    blocks = [field(Field.SEGMENT, label, _segments(""), hint=hint)]
    return modal(BookForm.SEGMENT, "Set the segment", blocks, submit="Set it", carried=ref)


def who_form(unknown: Mapping[str, tuple[str, ...]], names: Names, ref: Ref) -> Block:
    """Whom each name means that nobody goes by; with those who may be meant."""
    blocks: list[Block] = [
        context("Their accounts go along without somebody to take them over where you pick nobody.")
    ]
    for typed, closest in unknown.items():
        hint = f"Perhaps {' or '.join(closest)}." if closest else ""
        label = f"Who is {one_line(typed, Surface.PLAIN, names, _NAME)}?"
        blocks.append(field(who_field(typed), label, user_select(), hint=hint, optional=True))
    return modal(BookForm.WHO, "Who is who", blocks, submit="Save", carried=ref)


def who_field(typed: str) -> str:
    """The block id of whom a name means: the same whatever else is listed by then."""
    return BookField.WHO.of(hashlib.sha256(typed.encode()).hexdigest()[:16])


def read_who(values: Values, unknown: Sequence[str]) -> dict[str, str]:
    """The user for each name for which somebody was picked."""
    found = {typed: picked_user(values, who_field(typed)) for typed in unknown}
    return {typed: user for typed, user in found.items() if user}


def _segments(initial: str) -> Block:
    return select([Choice(value.value, label) for value, label in SEGMENTS.items()], initial)


def _typed_as(row: Row, names: Names) -> str:
    if not row.incoming_typed:
        return ""
    return f"It says {one_line(row.incoming_typed, Surface.PLAIN, names, _NAME)}."
