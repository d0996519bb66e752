"""What customers had to explain again, by the question that should have told it (N15)."""

from sqlalchemy import Connection, bindparam, delete, insert, select

from flows.handover import Handover
from flows.reports.lessons import Gap, gaps_of
from flows.terms import Segment
from storage.tables import gaps

_FORGET = delete(gaps).where(gaps.c.team == bindparam("t"), gaps.c.handover == bindparam("h"))
_INSERT = insert(gaps)
_FIND = select(gaps.c.question, gaps.c.handover, gaps.c.segment).where(
    gaps.c.team == bindparam("t")
)


def sync(connection: Connection, before: Handover, after: Handover) -> bool:
    """Bring what follow-ups found on a handover in step; whether there is anything new to learn."""
    told, former = gaps_of(after), gaps_of(before)
    if told == former:
        return False
    connection.execute(_FORGET, {"t": after.team, "h": after.id})
    rows = [
        {
            "team": after.team,
            "handover": after.id,
            "question": gap.question,
            "segment": gap.segment.value,
        }
        for gap in sorted(told, key=lambda gap: gap.question)
    ]
    if rows:
        connection.execute(_INSERT, rows)
    return not told <= former


def of_team(connection: Connection, team: str) -> list[Gap]:
    """All gaps of a workspace."""
    rows = connection.execute(_FIND, {"t": team})
    return [
        Gap(question=question, handover=handover, segment=Segment(segment))
        for question, handover, segment in rows
    ]
