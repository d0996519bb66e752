"""The handovers of a report as CSV: a row for each, with what is counted of it.

Who hands or takes over, and what speaks of one person's work, only where figures per person are
wanted.
"""

import csv
import io
from collections.abc import Sequence

from bot.exports.spreadsheet import harmless
from bot.views import people
from bot.views.slack_text import Names, Surface, one_line
from bot.views.words import REASONS, SEGMENTS
from flows.customer.moods import Feeling
from flows.handover import Party, Stage
from flows.reports.outcome import Outcome

COLUMNS = (
    "Account",
    "Segment",
    "Reason",
    "Leader",
    "State",
    "Started",
    "Ended",
    "Days to pack accepted",
    "Days to leading alone",
    "Required answered",
    "Required",
    "Better",
    "Same",
    "Worse",
    "Cannot tell",
    "Red rounds",
    "Overdue tasks",
    "Follow-ups",
    "Went well",
    "Gaps by question",
    "Waived points",
)
PER_PERSON = ("Outgoing CSM", "Incoming CSM", "One more detail", "Questions asked")
_STATES = {
    Stage.IN_FLIGHT: "Under way",
    Stage.COMPLETE: "Complete",
    Stage.CANCELLED: "Called off",
}


def report_csv(outcomes: Sequence[Outcome], names: Names, *, per_person: bool) -> bytes:
    """The file's bytes: UTF-8 with its mark and CRLF, and nothing that a spreadsheet calculates."""
    text = io.StringIO()
    columns = (*COLUMNS, *(PER_PERSON if per_person else ()))
    sheet = csv.writer(text, lineterminator="\r\n")
    sheet.writerow(columns)
    for outcome in outcomes:
        cells = _cells(outcome, names) | _of_persons(outcome, names)
        sheet.writerow([harmless(_said(cells[column])) for column in columns])
    return text.getvalue().encode("utf-8-sig")


Cell = str | int | None


def _cells(outcome: Outcome, names: Names) -> dict[str, Cell]:
    felt = {feeling: outcome.feelings.count(feeling) for feeling in Feeling}
    return {
        "Account": one_line(outcome.account, Surface.PLAIN, names),
        "Segment": SEGMENTS[outcome.segment],
        "Reason": REASONS[outcome.reason],
        "Leader": people.person(outcome.leader, names, Surface.PLAIN),
        "State": _STATES[outcome.stage],
        "Started": outcome.started.isoformat(),
        "Ended": outcome.ended.isoformat() if outcome.ended else None,
        "Days to pack accepted": outcome.to_pack,
        "Days to leading alone": outcome.to_lead,
        "Required answered": outcome.answered,
        "Required": outcome.required,
        "Better": felt[Feeling.BETTER],
        "Same": felt[Feeling.SAME],
        "Worse": felt[Feeling.WORSE],
        "Cannot tell": felt[Feeling.CANNOT_TELL],
        "Red rounds": outcome.reds,
        "Overdue tasks": outcome.overdue,
        "Follow-ups": len(outcome.went_well),
        "Went well": sum(outcome.went_well),
        "Gaps by question": "; ".join(outcome.gaps),
        "Waived points": outcome.waived,
    }


def _of_persons(outcome: Outcome, names: Names) -> dict[str, Cell]:
    return {
        "Outgoing CSM": _party(outcome.outgoing, names),
        "Incoming CSM": _party(outcome.incoming, names),
        "One more detail": len(outcome.more),
        "Questions asked": len(outcome.asked),
    }


def _party(who: Party | None, names: Names) -> str:
    return people.party(who, names, Surface.PLAIN) if who else ""


def _said(cell: Cell) -> str:
    return "" if cell is None else str(cell)
