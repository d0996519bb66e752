"""What is done to a workspace as a whole, and to what is stored of it, besides its handovers.

Each is a line in the workspace's own journal, so that it can be told who changed the settings, who
took a copy out, and who had whom forgotten. `by` is a Slack user id, CLOCK, or whoever operates the
bot, as the command was told.
"""

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from flows.happened import Happened


class SettingsChanged(Happened):
    """Somebody chose otherwise: only what differs, by the setting's name."""

    type: Literal["settings_changed"] = "settings_changed"
    before: dict[str, Any]
    after: dict[str, Any]


class Exported(Happened):
    """A copy was taken: of a handover, or of all where none is named."""

    type: Literal["exported"] = "exported"
    handover: str = ""
    with_vault: bool = False


class ForgettingBegun(Happened):
    """Somebody is being forgotten; from now on they are called `alias`."""

    type: Literal["forgetting_begun"] = "forgetting_begun"
    alias: str


class ForgettingDone(Happened):
    """Nothing stored tells any more who `alias` was; so many texts and rows were looked at in the
    end, and so many are others now or gone.
    """

    type: Literal["forgetting_done"] = "forgetting_done"
    alias: str
    looked_at: int = 0
    changed: int = 0


class HandoverErased(Happened):
    """A handover was erased, whole; `why` is the rule, or that somebody asked for it."""

    type: Literal["handover_erased"] = "handover_erased"
    handover: str
    why: Literal["retention", "asked"]


Act = SettingsChanged | Exported | ForgettingBegun | ForgettingDone | HandoverErased
ACTS: TypeAdapter[Act] = TypeAdapter(Annotated[Act, Field(discriminator="type")])


class Forgotten(Happened):
    """A line in the journal of whatever a forgotten person had a part in: all lines before it were
    written anew, without them. `lines` is a digest of what those say since.
    """

    type: Literal["forgotten"] = "forgotten"
    alias: str
    lines: str


FORGOTTEN = "forgotten"
