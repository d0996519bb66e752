"""Where a message goes: the person's conversation, and the thread that their handover has in it; or
the channel that it is for.
"""

from dataclasses import dataclass

from bot.crash import crash_point
from bot.delivery.port import Limited, Slack, Told, Trouble
from flows.effects import IN_CHANNELS
from storage import outbox, people, posts
from storage.engine import Database
from storage.outbox import BEHIND, Claimed

_SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Address:
    """A conversation and the state of the person's thread in it.

    `root_ts` is the thread's first message, `root_at` when that is tried next if it is still to be
    posted; `held_until` is when Slack will take more for this person, 0 for now.
    """

    channel: str
    root_ts: str | None
    root_at: int | None
    held_until: int


def find_address(database: Database, row: Claimed, slack: Slack, now: int) -> Address | Trouble:
    """Look up where a row's message goes, and open the conversation if it was never opened."""
    with database.read() as connection:
        person = people.find(connection, row.team, row.person)
        root = posts.root_of(connection, row.team, row.handover, row.person)
        ahead = outbox.root_ahead(connection, row)
        held = outbox.held_back(connection, row, now) or 0
    channel = person.channel if person else row.person if row.kind in IN_CHANNELS else None
    if channel is None and held:
        # Slack asked for patience: not each message of a conversation knocks by itself.
        return Limited((held - now) / _SECOND, BEHIND)
    if channel is None:
        opened = slack.open_dm(row.person)
        crash_point("outbox.dm_opened")
        if not isinstance(opened, Told):
            return opened
        channel = str(opened.data["channel"]["id"])
        with database.write() as connection:
            people.keep_channel(connection, row.team, row.person, channel)
        crash_point("outbox.dm_kept")
    return Address(channel, root.ts if root else None, ahead, held)
