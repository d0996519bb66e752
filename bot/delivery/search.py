"""Looks for what an earlier attempt may have posted."""

from bot.crash import crash_point
from bot.delivery.address import Address
from bot.delivery.port import Absent, Landed, Slack, Trouble
from storage.outbox import Claimed

_SECOND = 1_000_000
_CLOCKS_DIFFER_SECONDS = 120


def look(
    slack: Slack, row: Claimed, address: Address, stamped_at: int
) -> tuple[Landed | Absent | Trouble, str | None]:
    """What was found of a row's message, and the `ts` of the thread that it was found in.

    A message is looked for in the thread, if there is one, and at the top level; a file by its id.
    """
    found: Landed | Absent | Trouble = Absent()
    thread_ts = address.root_ts
    oldest = stamped_at / _SECOND - _CLOCKS_DIFFER_SECONDS
    if row.file:
        found = slack.find_shared(row.file)
    elif thread_ts:
        found = slack.find_by_key(address.channel, thread_ts, oldest, row.key)
    if isinstance(found, Absent) and not row.file:
        thread_ts = None
        found = slack.find_by_key(address.channel, None, oldest, row.key)
    crash_point("outbox.searched")
    return found, thread_ts
