"""One attempt to deliver one outbox row: law 4.

Slack has no idempotency key, so what may have landed is looked for and never repeated blindly:

    claim (commit) -> has an earlier attempt been stamped? then wait until it can no longer land,
    look for our key, wait the margin, look again -> stamp (commit) -> post -> record (commit)

Whoever dies in between leaves a row that tells the next attempt what may have happened. Nothing
waits in here: an attempt that is too early ends, and the next one gets a later start.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.crash import crash_point
from bot.delivery.address import Address, find_address
from bot.delivery.pace import Patience
from bot.delivery.port import (
    About,
    Absent,
    Ambiguous,
    Landed,
    Limited,
    Loss,
    OnLoss,
    Refused,
    Render,
    Rendered,
    Slack,
    SlackOf,
    Trouble,
    say_nothing,
)
from bot.times import Clock
from storage import outbox, posts
from storage.engine import Database, StorageBusyError
from storage.moments import to_stored
from storage.outbox import ABSENT, BEHIND, LIMITED, NO_ROOT, SLOW, UNSURE, Claimed, Job

_log = logging.getLogger(__name__)
_SECOND = 1_000_000
_CLOCKS_DIFFER_SECONDS = 120
_ROOT_COMES_SECONDS = 0.5
_RECORD_TRIES = 3

Next = tuple[Job, ...]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a worker works with. `changed` is told when something stands in Slack that is
    stale, `landed` what stands there now, and at which ts.
    """

    database: Database
    clock: Clock
    render: Render
    slack_of: SlackOf
    replica: str
    patience: Patience
    on_loss: OnLoss = say_nothing
    changed: Callable[[], None] = lambda: None
    landed: Callable[[About, str], None] = lambda _about, _ts: None


class Worker:
    """Delivers rows; safe to be called from many threads and replicas at once."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._database = parts.database
        self._patience = parts.patience

    def deliver(self, number: int, attempt: int) -> Iterable[Job]:
        """Make one attempt at a row and return what is to be tried later. Never raises.

        What ends in an exception stays pending and claimed; the reconciling tick takes it up.
        """
        try:
            return self._deliver(number, attempt)
        except StorageBusyError as busy:
            _log.warning("delivery of %s:%s stopped: %s", number, attempt, busy)
        except Exception:  # a job that raises would never run again
            _log.exception("delivery of %s:%s failed", number, attempt)
        return ()

    def _deliver(self, number: int, attempt: int) -> Next:
        with self._database.write() as connection:
            row = outbox.claim(connection, number, attempt, self._parts.replica, self._now())
        crash_point("outbox.claimed")
        if row is None:
            return ()
        slack = self._parts.slack_of(row.team)
        if slack is None:
            return self._give_up(row, "not_installed")
        address = find_address(self._database, row, slack, self._now())
        if not isinstance(address, Address):
            return self._nowhere(row, address)
        if address.held_until:
            return self._later(row, address.held_until, BEHIND)
        if row.stamped_at is None:
            return self._say(row, slack, address)
        return self._reconcile(row, slack, address, row.stamped_at)

    def _reconcile(self, row: Claimed, slack: Slack, address: Address, stamped_at: int) -> Next:
        """Post only what surely did not land before."""
        found, thread_ts = self._look(row, slack, address, stamped_at)
        quiet_at = stamped_at + _stored(self._patience.quiet)
        match found:
            case Landed(ts):
                return self._record(row, (address.channel, ts, thread_ts or ts), None)
            case Refused(code):
                # Whether it landed cannot be told, now or ever; at most once is the rule.
                return self._give_up(row, f"unknown: {code}")
            case Limited(seconds):
                return self._later(row, self._in(seconds), row.error or UNSURE)
            case Ambiguous():
                return self._later(row, self._in(self._patience.timeout), UNSURE)
            case Absent() if self._now() < quiet_at:
                return self._later(row, quiet_at, UNSURE)
            case Absent() if row.error != ABSENT:
                return self._later(row, self._in(self._patience.margin), ABSENT)
            case Absent():
                return self._say(row, slack, address)

    def _look(
        self, row: Claimed, slack: Slack, address: Address, stamped_at: int
    ) -> tuple[Landed | Absent | Trouble, str | None]:
        """Look in the thread, if there is one, and at the top level of the conversation."""
        oldest = stamped_at / _SECOND - _CLOCKS_DIFFER_SECONDS
        found: Landed | Absent | Trouble = Absent()
        thread_ts = address.root_ts
        if thread_ts:
            found = slack.find_by_key(address.channel, thread_ts, oldest, row.key)
        if isinstance(found, Absent):
            thread_ts = None
            found = slack.find_by_key(address.channel, None, oldest, row.key)
        crash_point("outbox.searched")
        return found, thread_ts

    def _say(self, row: Claimed, slack: Slack, address: Address) -> Next:
        """Make the message from what is true now, and post it where it belongs."""
        rendered = self._parts.render(_about(row))
        if rendered is None:
            with self._database.write() as connection:
                outbox.dropped(connection, row, self._now())
            crash_point("outbox.dropped")
            return ()
        if not rendered.thread:
            return self._post(row, slack, (address.channel, None), rendered)
        if address.root_ahead:
            return self._later(row, self._in(_ROOT_COMES_SECONDS), NO_ROOT)
        if address.root_ts is None:
            return self._give_up(row, NO_ROOT)
        return self._post(row, slack, (address.channel, address.root_ts), rendered)

    def _post(
        self, row: Claimed, slack: Slack, to: tuple[str, str | None], rendered: Rendered
    ) -> Next:
        channel, thread_ts = to
        since = self._parts.clock.monotonic()
        with self._database.write() as connection:
            mine = outbox.stamp(connection, row, self._now())
        crash_point("outbox.stamped")
        if not mine:
            return ()
        if self._parts.clock.monotonic() - since > self._patience.guard:
            # Others count on a post to start soon after its stamp, so this one must not start.
            return self._later(row, self._now(), SLOW, unsent=True)
        if rendered.file:
            outcome = slack.upload(channel, rendered.message.text, rendered.file, row.key)
        else:
            outcome = slack.post(channel, rendered.message, thread_ts, row.key)
        crash_point("outbox.posted")
        match outcome:
            case Landed(ts):
                said = posts.Said(rendered.version, rendered.vault)
                return self._record(row, (channel, ts, thread_ts or ts), said)
            case Limited(seconds):
                return self._later(row, self._in(seconds), LIMITED, unsent=True)
            case Ambiguous(reason):
                _log.warning("delivery of %s is unsure: %s", row.id, reason)
                return self._later(row, self._in(self._patience.glance), UNSURE)
            case Refused(code):
                return self._give_up(row, code)

    def _record(self, row: Claimed, place: tuple[str, str, str], said: posts.Said | None) -> Next:
        """Note where the message stands. Worth some tries: else it must be looked for."""
        for left in reversed(range(_RECORD_TRIES)):
            try:
                if self._stand(row, place, said):
                    self._parts.changed()
                self._parts.landed(_about(row), place[1])
                break
            except StorageBusyError:
                if not left:
                    raise
        return ()

    def _stand(self, row: Claimed, place: tuple[str, str, str], said: posts.Said | None) -> bool:
        channel, ts, _ = place
        with self._database.write() as connection:
            now = self._now()
            mine = outbox.done(connection, row, channel, ts, now)
            stale = mine and posts.stand(connection, row, place, said, now)
        crash_point("outbox.recorded")
        return stale

    def _nowhere(self, row: Claimed, trouble: Trouble) -> Next:
        """The person's conversation could not be opened; nothing was posted by this attempt."""
        match trouble:
            case Limited(seconds):
                return self._later(row, self._in(seconds), row.error or LIMITED)
            case Ambiguous():
                return self._later(row, self._in(self._patience.glance), row.error or SLOW)
            case Refused(code):
                return self._give_up(row, code)

    def _later(self, row: Claimed, moment: int, why: str, *, unsent: bool = False) -> Next:
        """Leave the row to a next attempt; `unsent` when it is known that nothing has landed."""
        with self._database.write() as connection:
            job = outbox.retry_later(connection, row, moment, why, unsent=unsent)
        crash_point("outbox.put_off")
        return (job,) if job else ()

    def _give_up(self, row: Claimed, error: str) -> Next:
        jobs: Iterable[Job] = ()
        with self._database.write() as connection:
            if outbox.dead(connection, row, error, self._now()):
                jobs = self._parts.on_loss(connection, Loss(row.id, _about(row), error))
        crash_point("outbox.dead")
        _log.error("message %s (%s) cannot be delivered: %s", row.id, row.kind, error)
        return tuple(jobs)

    def _now(self) -> int:
        return to_stored(self._parts.clock.now())

    def _in(self, seconds: float) -> int:
        return self._now() + _stored(seconds)


def _about(row: Claimed) -> About:
    return About(row.team, row.handover, row.person, row.kind, row.subject)


def _stored(seconds: float) -> int:
    return int(seconds * _SECOND)
