"""A leader says which guests of the workspace may answer on one handover."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.desk import Receipt
from bot.ids import Act, Field, Form, Ref
from bot.listeners.reading import scene_of
from bot.listeners.rows import Row
from bot.office import Office
from bot.payloads import Click, Submission
from bot.views.staffing.guests import guests_form, read_guests
from flows.errors import FlowError
from flows.events import GuestsChosen

View = dict[str, Any]


def _open(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    return guests_form(scene_of(office, click.user, ref.h))


def _submit(office: Office, submission: Submission) -> View | None:
    """Raises FlowError with the field: `try_again`, `not_a_guest`, and as the event does."""
    ref, picked = Ref.load(submission.metadata), read_guests(submission.values)
    admitted = {g.user for g in scene_of(office, submission.user, ref.h).handover.guests.admitted}
    met = office.roster.meet(picked)
    for user in picked:
        if user not in met:
            raise FlowError("try_again", field=Field.GUESTS)
        if not (met[user].is_only_guest or user in admitted):
            raise FlowError("not_a_guest", field=Field.GUESTS)
    event = GuestsChosen(at=office.desk.clock.now(), by=submission.user, guests=picked)
    office.desk.record(Receipt(submission.team, submission.key), ref.h, event)
    return None


OPENERS: Mapping[str, Callable[[Office, Click, Ref, Row], View]] = {Act.GUESTS_CHOOSE: _open}
SUBMISSIONS: Mapping[str, Callable[[Office, Submission], View | None]] = {Form.GUESTS: _submit}
