"""What the listeners work with, put together once in `bot.app`."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from bot.afterwards import Soon
from bot.books.desk import Books
from bot.delivery.gateway import Gateway
from bot.desk import Desk
from bot.errands import Errands
from bot.nudges.presence import Presence
from bot.nudges.reminding import Reminding
from bot.reports.channels import Channels
from bot.reports.digests import Digests
from bot.roster import Roster

_TRIGGERS = 1000


class Triggers:
    """The newest triggers that were used. Each opens one modal, and lives three seconds.

    Another replica need not know of them: Slack itself takes a trigger once.
    """

    def __init__(self) -> None:
        self._used: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def use(self, trigger: str) -> bool:
        """Whether this is the first use: a delivery that comes twice has its modal already."""
        with self._lock:
            if trigger in self._used:
                return False
            self._used[trigger] = None
            if len(self._used) > _TRIGGERS:
                self._used.popitem(last=False)
            return True


@dataclass(frozen=True, slots=True)
class Office:
    """The desk, the people, and the way to Slack.

    `soon` has something done after the answer, as `bot.afterwards` says.
    """

    desk: Desk
    errands: Errands
    roster: Roster
    gateway: Gateway
    reminding: Reminding
    presence: Presence
    books: Books
    digests: Digests
    channels: Channels
    team: str
    soon: Soon
    triggers: Triggers = field(default_factory=Triggers)
