"""What a workspace has chosen: its leaders, its digests, who installed it; and what it has not."""

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection, bindparam, select, text

from flows.weekly import ChannelDigest
from storage.reading import read
from storage.tables import workspaces

_FIND = select(workspaces.c.document).where(workspaces.c.team == bindparam("t"))
_FIND_LOCKED = _FIND.with_for_update()
_BEGIN = text(
    "INSERT INTO workspaces (team, document) VALUES (:team, :document) ON CONFLICT DO NOTHING"
)
_KEEP = text(
    "INSERT INTO workspaces (team, document) VALUES (:team, :document)"
    " ON CONFLICT (team) DO UPDATE SET document = excluded.document"
)


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


def hold(connection: Connection, team: str) -> Workspace:
    """The settings, kept from other writers until the transaction ends.

    Only a row that is there can be locked, so there is one from here on.
    """
    document = Workspace(team=team).model_dump_json()
    connection.execute(_BEGIN, {"team": team, "document": document})
    row = connection.execute(_FIND_LOCKED, {"t": team}).one()
    return read(Workspace.model_validate_json, row[0])


def keep(connection: Connection, workspace: Workspace) -> None:
    """Store what was chosen."""
    document = workspace.model_dump_json()
    connection.execute(_KEEP, {"team": workspace.team, "document": document})
