"""What the listeners work with, put together once in `bot.app`."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.delivery.gateway import Gateway
from bot.desk import Desk
from bot.roster import Roster


@dataclass(frozen=True, slots=True)
class Office:
    """The desk, the people, and the way to Slack.

    `soon` runs something after the ack; it may be lost in a crash, so only what its person can ask
    for again goes there (Home, a hint), never what must arrive.
    """

    desk: Desk
    roster: Roster
    gateway: Gateway
    team: str
    soon: Callable[[Callable[[], object]], None]
