"""What a workspace has chosen: its leaders, its digests, who installed it; and what it has not.

Its journal tells who chose it, and what else was done to the workspace as a whole.
"""

from datetime import datetime
from secrets import token_hex

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection, bindparam, select, text, update

from flows.audit.acts import Act, SettingsChanged
from flows.reports.weekly import ChannelDigest
from storage import journal
from storage.journal import FIRST_LINK, WORKSPACE, Line
from storage.reading import read
from storage.tables import handovers, people, workspaces

_FIND = select(workspaces.c.document).where(workspaces.c.team == bindparam("t"))
_HOLD = (
    select(workspaces.c.document, workspaces.c.version, workspaces.c.chain)
    .where(workspaces.c.team == bindparam("t"))
    .with_for_update()
)
_BEGIN = text(
    "INSERT INTO workspaces (team, document) VALUES (:team, :document) ON CONFLICT DO NOTHING"
)
_KEEP = (
    update(workspaces)
    .where(workspaces.c.team == bindparam("t"))
    .values(document=bindparam("document"), version=bindparam("version"), chain=bindparam("chain"))
)


_FIRST = (workspaces, people, handovers)
_A_MONTH = 30 * 24 * 3600 * 1_000_000


class Workspace(BaseModel):
    """A workspace's settings. `leaders` are Slack user ids.

    `no_canvas_since` is the stored moment in which Slack said that there are no canvases here;
    `example_tried` tells that an admin has tried the example, `per_person` that reports name CSMs.
    `noted` are the questions whose lesson somebody has noted (N15). `digests` are by channel, each
    once.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    team: str
    leaders: tuple[str, ...] = ()
    installer: str | None = None
    no_canvas_since: int | None = None
    example_tried: bool = False
    per_person: bool = False
    noted: tuple[str, ...] = ()
    digests: tuple[ChannelDigest, ...] = ()

    def digest_of(self, channel: str) -> ChannelDigest | None:
        """When a channel gets its digest, if it does."""
        return next((known for known in self.digests if known.channel == channel), None)

    def may_have_canvas(self, now: int) -> bool:
        """Whether a canvas is worth a try; a plan may have changed in a month."""
        return self.no_canvas_since is None or now - self.no_canvas_since > _A_MONTH


def find(connection: Connection, team: str) -> Workspace:
    """The settings of a workspace; what was never chosen has its default."""
    row = connection.execute(_FIND, {"t": team}).first()
    return read(Workspace.model_validate_json, row[0]) if row else Workspace(team=team)


def is_known(connection: Connection, team: str) -> bool:
    """Whether anything is stored of a workspace: nothing is without one of these."""
    here = ((select(t.c.team).where(t.c.team == team).limit(1)) for t in _FIRST)
    return any(connection.execute(one).first() is not None for one in here)


def hold(connection: Connection, team: str) -> Workspace:
    """The settings, kept from other writers until the transaction ends."""
    return read(Workspace.model_validate_json, _hold(connection, team)[0])


def keep(connection: Connection, workspace: Workspace, by: str, at: datetime) -> None:
    """Store what was chosen, by whom and when; the journal tells what it was before."""
    held = _hold(connection, workspace.team)
    before = read(Workspace.model_validate_json, held[0])
    old, new = before.model_dump(mode="json"), workspace.model_dump(mode="json")
    differ = [name for name in new if old[name] != new[name]]
    if differ:
        act = SettingsChanged(
            by=by,
            at=at,
            before={name: old[name] for name in differ},
            after={name: new[name] for name in differ},
        )
        _write(connection, workspace.team, held, act, workspace.model_dump_json())


def note(connection: Connection, team: str, act: Act) -> None:
    """Add a line to a workspace's journal that changes none of its settings."""
    held = _hold(connection, team)
    _write(connection, team, held, act, held[0])


def _hold(connection: Connection, team: str) -> tuple[str, int, str]:
    """Document, version and link; only a row that is there can be locked, so there is one now."""
    document = Workspace(team=team).model_dump_json()
    connection.execute(_BEGIN, {"team": team, "document": document})
    found = connection.execute(_HOLD, {"t": team}).one()
    return found[0], found[1], found[2] or FIRST_LINK


def _write(
    connection: Connection, team: str, held: tuple[str, int, str], act: Act, document: str
) -> None:
    _, version, before = held
    line = Line(act, token_hex(16))
    entry = journal.written(WORKSPACE, team, team, version + 1, before, line, document)
    row = {"t": team, "document": document, "version": version + 1, "chain": entry["chain"]}
    connection.execute(_KEEP, row)
    journal.add(connection, entry)
