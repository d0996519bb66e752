"""Whether somebody may be named in some columns: what SQL can tell, which is never too little."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, true

from flows.audit.forgetting import Forgetting


def says(
    marks: Iterable[ColumnElement[Any]], texts: Iterable[ColumnElement[Any]], who: Forgetting
) -> ColumnElement[bool]:
    """Of columns that hold `marks` of ours, only somebody's id; of what people say, names too.

    SQL alone also finds "U1" in "U12"; PostgreSQL tells capitals apart, and SQLite's lower() knows
    only ASCII.
    """
    texts = list(texts)
    ways = [column.contains(who.person, autoescape=True) for column in (*marks, *texts)]
    for pieces in who.signs:
        if not pieces:
            return true()
        for column in texts:
            small = func.lower(column)
            ways.append(and_(*(small.contains(piece, autoescape=True) for piece in pieces)))
    return or_(*ways)
