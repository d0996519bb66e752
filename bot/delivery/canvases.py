"""A handover's canvas: made once, written anew whenever it is ordered, opened to who ordered it.

Slack takes a right for a user only once they were sent the address, so the message goes first. A
canvas that was made and could not be noted is read by nobody, and another one takes its place.
"""

from bot.crash import crash_point
from bot.delivery.port import Canvas, Refused, Slack, Told, Trouble
from bot.times import Clock
from flows.happened import CLOCK
from storage import canvases, workspaces
from storage.engine import Database
from storage.moments import to_stored
from storage.outbox import Claimed

_NOT_HERE = frozenset(
    {
        "canvas_disabled_user_team",
        "free_team_canvas_tab_already_exists",
        "free_teams_cannot_create_non_tabbed_canvases",
        "free_teams_cannot_create_standalone_canvases",
        "free_teams_cannot_edit_standalone_canvases",
    }
)
"""Slack's words for a workspace without canvases; it is remembered."""
_GONE = frozenset({"canvas_not_found", "canvas_deleted"})


class Canvases:
    """The canvases of all handovers."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def bring(self, row: Claimed, slack: Slack, wanted: Canvas) -> Told | Trouble:
        """Have the document say what is wanted, to its readers alone; "url" is its address."""
        with self._database.read() as connection:
            canvas = canvases.find(connection, row.team, row.handover)
        if canvas is None:
            written = self._make(row, slack, wanted)
        else:
            written = self._write(row, slack, wanted, canvas)
        if isinstance(written, Refused) and written.code in _NOT_HERE:
            self._remember(row.team)
        return written

    def let_in(self, row: Claimed, slack: Slack) -> Trouble | None:
        """Open the document to whoever was sent its address; what hinders that, if anything."""
        with self._database.write() as connection:
            canvas = canvases.find(connection, row.team, row.handover)
            if canvas is None:
                return None
            # Noted first: whoever may have got in is shut out again when they leave.
            canvases.admit(connection, row.team, canvas, row.person)
        opened = slack.open_canvas(canvas, row.person)
        crash_point("canvas.opened")
        return None if isinstance(opened, Told) else opened

    def _make(self, row: Claimed, slack: Slack, wanted: Canvas) -> Told | Trouble:
        made = slack.create_canvas(wanted.title, wanted.markdown)
        crash_point("canvas.made")
        if not isinstance(made, Told):
            return made
        with self._database.write() as connection:
            canvases.keep(connection, row.team, row.handover, str(made.data["canvas_id"]))
            canvas = canvases.find(connection, row.team, row.handover)
        return _address(slack, str(canvas))

    def _write(self, row: Claimed, slack: Slack, wanted: Canvas, canvas: str) -> Told | Trouble:
        """Shut out who may read no longer, and only then write it anew."""
        with self._database.read() as connection:
            gone = canvases.readers(connection, row.team, canvas) - wanted.readers
        for user in sorted(gone):
            closed = slack.close_canvas(canvas, user)
            if not isinstance(closed, Told):
                return self._without(row, slack, wanted, canvas, closed)
        with self._database.write() as connection:
            canvases.dismiss(connection, row.team, canvas, gone)
        written = slack.write_canvas(canvas, wanted.markdown)
        crash_point("canvas.written")
        if not isinstance(written, Told):
            return self._without(row, slack, wanted, canvas, written)
        return _address(slack, canvas)

    def _without(
        self, row: Claimed, slack: Slack, wanted: Canvas, canvas: str, trouble: Trouble
    ) -> Told | Trouble:
        """Another canvas in the place of one that somebody deleted; else the trouble as it is."""
        if not (isinstance(trouble, Refused) and trouble.code in _GONE):
            return trouble
        with self._database.write() as connection:
            canvases.forget(connection, row.team, row.handover, canvas)
        return self._make(row, slack, wanted)

    def _remember(self, team: str) -> None:
        """Offer no canvas here for a while."""
        with self._database.write() as connection:
            known = workspaces.hold(connection, team)
            now = self._clock.now()
            without = known.model_copy(update={"no_canvas_since": to_stored(now)})
            workspaces.keep(connection, without, CLOCK, now)


def _address(slack: Slack, canvas: str) -> Told | Trouble:
    found = slack.file_address(canvas)
    return Told({"url": found.data["file"]["permalink"]}) if isinstance(found, Told) else found
