"""Reports: a leader's figures of the handovers that they lead, and what follow-ups teach."""

from collections.abc import Callable, Mapping

from bot.desk import Receipt
from bot.ids import Act, Ref
from bot.listeners.reading import own_rows
from bot.listeners.showing import hint
from bot.office import Office
from bot.payloads import Click
from bot.reports.lessons import learners
from bot.reports.report import OWN, open_lessons
from bot.views.errors import say
from flows.effects import Kind, Post
from flows.errors import FlowError
from flows.reports.report import PERIODS, USUAL, By, reports_on
from flows.who_may import Do, granted
from storage import workspaces

_ALL = (Kind.REPORT_PICTURE, Kind.REPORT, Kind.REPORT_ROWS)
"""The picture, the words that say the same, and the handovers as a file."""


def days_of(words: str) -> int:
    """The period that somebody asks for, in days; the usual one for anything else."""
    return next((days for days in PERIODS if words.strip() == str(days)), USUAL)


def order(office: Office, receipt: Receipt, user: str, days: int, by: By = By.SEGMENT) -> str:
    """Have somebody sent their report; gives the code of what to say where they asked.

    Raises FlowError `leaders_only`; where figures per person are wanted, a CSM gets their own.
    """
    office.roster.refresh()
    if _leads_any(office, user):
        wanted = [Post(to=user, kind=kind, subject=f"{days}:{by}") for kind in _ALL]
    elif office.roster.workspace.per_person:
        wanted = [Post(to=user, kind=Kind.REPORT, subject=f"{days}:{OWN}")]
    else:
        raise FlowError("leaders_only")
    office.errands.order_report(receipt, wanted)
    return "report_coming"


def send_report(office: Office, click: Click) -> None:
    """The report of another period, or with another picture."""
    # In the menu and on Home the button carries nothing.
    ref = Ref.load(click.value)
    receipt, by = Receipt(click.team, click.key), By(ref.k or By.SEGMENT)
    hint(office, click, say(order(office, receipt, click.user, days_of(ref.v), by)))


def note_lesson(office: Office, click: Click) -> None:
    """A proposal is noted by somebody whom it was made to. Raises FlowError `not_found`."""
    question = Ref.load(click.value).q
    with office.desk.database.read() as connection:
        asked = learners(connection, workspaces.find(connection, click.team))
        known = open_lessons(connection, office.desk, click.team)
    if click.user not in asked or question not in {lesson.question for lesson in known}:
        raise FlowError("not_found")
    office.errands.note_lesson(Receipt(click.team, click.key), question, click.user)
    hint(office, click, say("lesson_noted"))


OTHERS: Mapping[str, Callable[[Office, Click], None]] = {
    Act.REPORT_SEND: send_report,
    Act.LESSON_NOTED: note_lesson,
}
"""Clicks that are neither one event nor one modal."""


def _leads_any(office: Office, user: str) -> bool:
    """Whether somebody is a listed leader, or still leads what they led when they were."""
    if granted(Do.REPORT, office.roster.parts(user)):
        return True
    known = (row.handover for row in own_rows(office, user))
    return any(reports_on(handover, user) for handover in known)
