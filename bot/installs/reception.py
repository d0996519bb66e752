"""`GET /slack/install` and `GET /slack/oauth_redirect`: from a link to an installed bot.

A state goes to Slack and back, a cookie stays in the browser; only both together end it, once.
Otherwise somebody could have their own workspace's bot installed by another one's browser.
"""

import logging
import re
import secrets
from collections.abc import Callable
from urllib.parse import parse_qs

from bot.delivery.port import Trouble
from bot.installs import pages
from bot.installs.granting import Granting
from bot.installs.installs import Installs
from bot.installs.pages import Answer
from bot.times import Clock
from bot.wire.web import ANSWER_SECONDS
from storage import install_states
from storage.deadline import answering
from storage.engine import Database, StorageBusyError
from storage.installations import Installation
from storage.moments import to_stored

_log = logging.getLogger(__name__)
STATE_SECONDS = 600
_COOKIE = "__Host-handover-install"
_KNOWN = re.compile(rf"(?:^|;\s*){_COOKIE}=([\w-]{{43}})(?:;|$)")
_MOST = 2000


class Reception:
    """Answers browsers: `begin` sends one to Slack, `end` takes it back."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        granting: Granting,
        installs: Installs,
    ) -> None:
        self._database = database
        self._clock = clock
        self._granting = granting
        self._installs = installs

    @property
    def visits(self) -> dict[str, Callable[[str, str], Answer]]:
        """What answers which path, from the query and the cookies."""
        return {
            pages.INSTALL: lambda _query, cookies: _kindly(lambda: self.begin(cookies)),
            pages.BACK: lambda query, cookies: _kindly(lambda: self.end(query, cookies)),
        }

    def begin(self, cookies: str) -> Answer:
        """Send a browser to Slack's page."""
        state, browser = secrets.token_urlsafe(32), _browser(cookies) or secrets.token_urlsafe(32)
        with answering(ANSWER_SECONDS), self._database.write() as connection:
            install_states.begin(connection, state, browser, self._now(STATE_SECONDS))
        cookie = (
            f"{_COOKIE}={browser}; Max-Age={STATE_SECONDS}; Path=/; HttpOnly; Secure; SameSite=Lax"
        )
        return pages.to_slack(self._granting.address(state), cookie)

    def end(self, query: str, cookies: str) -> Answer:
        """Take a browser back from Slack's page, and install what was allowed there."""
        given = {name: values[0] for name, values in parse_qs(query[:_MOST]).items()}
        # What follows a permission that counts once is not hurried.
        with answering(ANSWER_SECONDS), self._database.write() as connection:
            browser, state = _browser(cookies), given.get("state", "")
            is_ours = browser and install_states.use(connection, state, browser, self._now())
        if "error" in given:
            return pages.declined()
        if not is_ours or "code" not in given:
            return pages.stale()
        found = self._granting.exchange(given["code"], self._now())
        if not isinstance(found, Installation):
            return self._failed(found)
        self._installs.arrive(found)
        return pages.installed(found.name, found.app, found.owner)

    def _failed(self, trouble: Trouble) -> Answer:
        _log.warning("an installation came to nothing: %s", trouble)
        return pages.failed()

    def _now(self, ahead: int = 0) -> int:
        return to_stored(self._clock.now()) + ahead * 1_000_000


def _browser(cookies: str) -> str | None:
    found = _KNOWN.search(cookies)
    return found[1] if found else None


def _kindly(answer: Callable[[], Answer]) -> Answer:
    """Whatever goes wrong, nobody reads a traceback."""
    try:
        return answer()
    except StorageBusyError:
        _log.warning("storage is busy: nobody can install")
        return pages.busy()
    except Exception:  # noqa: BLE001 - a browser gets a page, whatever happens
        _log.exception("an installation failed")
        return pages.failed()
