"""Whether a channel is among colleagues: nobody from outside is in it, or invited (Slack Connect).

Asked when a channel is chosen, and each time before something is said in it. Who is in it is asked
of Slack anew each time; what somebody is, at most once an hour.
"""

from collections.abc import Iterator
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from typing import Any, Protocol

from bot.delivery.port import Ambiguous, Refused, Told, Trouble
from bot.roster import Roster, person_of, stranger
from bot.times import Clock

NOT_IN, ARCHIVED, SHARED = "not_in_channel", "archived_channel", "shared_channel"
GUESTS, LARGE, SCOPE = "guests_in_channel", "large_channel", "channel_scope"
"""Why nothing is said in a channel."""
_SHARED = ("is_ext_shared", "is_pending_ext_shared", "is_org_shared", "is_shared")
_TO_COME = ("pending_shared", "pending_connected_team_ids", "shared_team_ids")
_FRESH_SECONDS = 3600.0
_MOST = 1000
_AT_ONCE = 8


class Slack(Protocol):
    """What is asked of Slack."""

    def channel_info(self, channel: str) -> Told | Trouble: ...

    def channel_members(self, channel: str, cursor: str = "") -> Told | Trouble: ...

    def users_info(self, user: str) -> Told | Trouble: ...


class _NotHeardError(Exception):
    """Slack did not say what somebody is."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(type(trouble).__name__)
        self.trouble = trouble


class Channels:
    """Looks at the channels of one workspace."""

    def __init__(self, team: str, slack: Slack, roster: Roster, clock: Clock) -> None:
        self._team = team
        self._slack = slack
        self._roster = roster
        self._clock = clock
        self._seen: dict[str, float] = {}

    def look(self, channel: str, patience: float | None = None) -> Told | Trouble:
        """What Slack says of a channel among colleagues; refused, with one of our reasons, for any
        other. Ambiguous where that could not be found out within `patience` seconds; what was, is
        known the next time.
        """
        told = self._slack.channel_info(channel)
        if isinstance(told, Refused):
            return _refused(told)
        if not isinstance(told, Told):
            return told
        found = told.data["channel"]
        if why := closed(found, self._team):
            return Refused(why)
        # Another replica may have heard what somebody is now.
        self._roster.refresh()
        members: list[str] = []
        for page in self._pages(channel):
            if isinstance(page, Refused):
                return _refused(page)
            if not isinstance(page, Told):
                return page
            members += page.data.get("members", ())
            if len(members) > _MOST:
                return Refused(LARGE)
        return self._ask_about(members, patience) or self._among(members) or Told(found)

    def _among(self, members: list[str]) -> Refused | None:
        known = (self._roster.known(user) for user in members)
        outside = any(one is None or one.is_guest or one.is_stranger for one in known)
        return Refused(GUESTS) if outside else None

    def _pages(self, channel: str) -> Iterator[Told | Trouble]:
        cursor = ""
        while True:
            page = self._slack.channel_members(channel, cursor)
            yield page
            told = page.data if isinstance(page, Told) else {}
            cursor = (told.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    def _ask_about(self, members: list[str], patience: float | None) -> Trouble | None:
        """Have heard what each of them is, of late."""
        now = self._clock.monotonic()
        unsure = [u for u in members if now - self._seen.get(u, -_FRESH_SECONDS) >= _FRESH_SECONDS]
        pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="members")
        try:
            asked = [pool.submit(self._hear, user) for user in unsure]
            heard, late = wait(asked, patience, FIRST_EXCEPTION)
            for each in heard:
                each.result()
        except _NotHeardError as error:
            return error.trouble
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
        return Ambiguous("too many members to ask about at once") if late else None

    def _hear(self, user: str) -> None:
        told = self._slack.users_info(user)
        match told:
            case Told(data):
                self._roster.hear(person_of(self._team, data["user"]))
            case Refused():
                self._roster.hear(stranger(self._team, user))
            case _:
                raise _NotHeardError(told)
        self._seen[user] = self._clock.monotonic()


def _refused(answer: Refused) -> Refused:
    """Slack shows us no channel, or we were installed before we asked to look at channels."""
    return Refused(SCOPE if answer.code == "missing_scope" else NOT_IN)


def closed(found: dict[str, Any], team: str) -> str:
    """Why a channel is closed to us, before one looks who is in it."""
    if found.get("is_im") or found.get("is_mpim") or not found.get("is_member"):
        return NOT_IN
    if found.get("is_archived"):
        return ARCHIVED
    elsewhere = any({*(found.get(name) or ())} - {team} for name in _TO_COME)
    return SHARED if elsewhere or any(found.get(name) for name in _SHARED) else ""
