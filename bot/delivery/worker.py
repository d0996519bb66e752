"""One attempt to deliver one outbox row: law 4.

Slack has no idempotency key, so what may have landed is looked for and never repeated blindly:

    claim (commit) -> has an earlier attempt been stamped? then wait until it can no longer land,
    look for our key, wait the margin, look again -> stamp (commit) -> post -> record (commit)

Whoever dies in between leaves a row that tells the next attempt what may have happened. Nothing
waits in here: an attempt that is too early ends, and the next one gets a later start.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from secrets import token_hex

from bot.crash import crash_point
from bot.delivery.address import Address, find_address
from bot.delivery.canvases import Canvases
from bot.delivery.pace import Patience
from bot.delivery.port import (
    Absent,
    Ambiguous,
    Barred,
    FileToSend,
    Joins,
    Landed,
    Limited,
    Loss,
    OnLanding,
    OnLoss,
    Own,
    Refused,
    Render,
    Rendered,
    Row,
    Slack,
    SlackOf,
    Told,
    Trouble,
    TurnOf,
    Waits,
    at_once,
    never_barred,
    note_nothing,
    say_nothing,
)
from bot.delivery.search import look
from bot.times import Clock
from bot.watch.watch import DEAD, DROPPED, JOINED, POSTED, RETRIED, WAITED, Watch
from flows.effects import IN_CHANNELS, Kind
from storage import disturbances, outbox, posts
from storage.cause import CAUSE, caused_by
from storage.departures import UNINSTALLED
from storage.engine import Database, StorageBusyError
from storage.moments import to_stored
from storage.outbox import (
    ABSENT,
    BEHIND,
    FAILED,
    NEWER,
    NO_ROOT,
    QUIET,
    SHUT_OUT,
    SLOW,
    UNSURE,
    Claimed,
    Job,
)
from storage.posts import Said
from storage.reading import NewerReleaseError

_log = logging.getLogger(__name__)
_SECOND = 1_000_000
_ROOT_COMES_SECONDS = 0.5
_RECORD_TRIES = 3
_ENGINE_WAITS_SECONDS = 30.0
_ONLY_THERE = frozenset({Kind.BOOK_NEXT})
"""Goes on with a book in its thread. Who came to one account later has none, and a card of its own.
"""
_ANSWERED_IN_THREADS = frozenset({Kind.QUESTION})
"""A reply in the thread answers it, so it joins nothing."""
_NEWER_WAITS = 2.0
_OWN_TURN = frozenset({BEHIND, NEWER, NO_ROOT, QUIET})
"""Why a message waits with which nothing is wrong."""
_FAILED_WAITS = (5.0, 30.0, 180.0, 900.0)
_MOST_OF_NAME = 47

Next = tuple[Job, ...]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a worker works with.

    `changed` is told when something stands in Slack that is stale.
    """

    database: Database
    clock: Clock
    render: Render
    slack_of: SlackOf
    replica: str
    patience: Patience
    on_loss: OnLoss = say_nothing
    changed: Callable[[], None] = lambda: None
    landed: OnLanding = note_nothing
    turn_of: TurnOf = at_once
    barred: Barred = never_barred
    watch: Watch = field(default_factory=Watch)


class Worker:
    """Delivers rows; safe to be called from many threads and replicas at once."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._database = parts.database
        self._patience = parts.patience
        self._canvases = Canvases(parts.database, parts.clock)
        # Two processes may have one name, as while one is replaced; each is fenced from the other.
        self._by = f"{parts.replica[-_MOST_OF_NAME:]}-{token_hex(8)}"

    def deliver(self, number: int, attempt: int) -> Iterable[Job]:
        """Make one attempt at a row and return what is to be tried later. Never raises.

        What storage has no time for stays pending and claimed; the reconciling tick takes it up.
        """
        with caused_by(""):
            for attempted in (self._deliver_or_leave, self._failed):
                try:
                    return attempted(number, attempt)
                except StorageBusyError as busy:
                    _log.warning("delivery of %s:%s stopped: %s", number, attempt, busy)
                    break
                except Exception:  # a job that raises would never run again
                    _log.exception("delivery of %s:%s failed", number, attempt)
            return ()

    def _deliver_or_leave(self, number: int, attempt: int) -> Next:
        """Whatever only a newer release can say is no failure: whoever tries it next may be one."""
        try:
            return self._deliver(number, attempt)
        except NewerReleaseError:
            row = self._claim(number, attempt)
            return self._later(row, self._in(_NEWER_WAITS), NEWER) if row else ()

    def _failed(self, number: int, attempt: int) -> Next:
        """Ours to mend, such as a document that cannot be read: tried less and less, then told."""
        row = self._claim(number, attempt)
        if row is None:
            return ()
        if row.failures == len(_FAILED_WAITS):
            return self._give_up(row, FAILED)
        return self._later(row, self._in(_FAILED_WAITS[row.failures]), FAILED)

    def _deliver(self, number: int, attempt: int) -> Next:
        row = self._claim(number, attempt)
        crash_point("outbox.claimed")
        if row is None:
            return ()
        with self._parts.watch.delivery(row.kind, "post"):
            return self._bring(row)

    def _claim(self, number: int, attempt: int) -> Claimed | None:
        """Take the row; from here on, what caused it is the cause of all that is said and done."""
        with self._database.write() as connection:
            row = outbox.claim(connection, number, attempt, self._by, self._now())
        CAUSE.set(row.cause if row else "")
        return row

    def _bring(self, row: Claimed) -> Next:
        slack = self._parts.slack_of(row.team)
        if slack is None:
            return self._drop(row, UNINSTALLED)
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
        found, thread_ts = look(slack, row, address, stamped_at)
        quiet_at = stamped_at + _stored(self._patience.quiet)
        match found:
            case Landed(ts):
                place = (address.channel, ts, thread_ts or ts)
                return self._arrived(row, slack, place, None, stands=row.file is None)
            case Refused(code):
                # Whether it landed cannot be told, now or ever; at most once is the rule.
                return self._give_up(row, f"unknown: {code}")
            case Limited():
                return self._wait(row, found)
            case Ambiguous():
                return self._later(row, self._in(self._patience.timeout), UNSURE)
            case Absent() if row.error != ABSENT and stamped_at > self._now():
                # The clock was set back since, so how long ago that was is not known.
                wait = self._patience.quiet + self._patience.margin
                return self._later(row, self._in(wait), ABSENT)
            case Absent() if stamped_at <= self._now() < quiet_at:
                return self._later(row, quiet_at, UNSURE)
            case Absent() if row.error != ABSENT:
                return self._later(row, self._in(self._patience.margin), ABSENT)
            case Absent():
                return self._say(row, slack, address)

    def _say(self, row: Claimed, slack: Slack, address: Address) -> Next:
        """Say it, but in a channel only before the eyes of colleagues."""
        barred = self._parts.barred(row.team, address.channel) if row.kind in IN_CHANNELS else None
        if isinstance(barred, Refused):
            return self._drop(row)
        return self._nowhere(row, barred) if barred else self._make(row, slack, address)

    def _make(self, row: Claimed, slack: Slack, address: Address) -> Next:
        """Make the message from what is true now, and post it where it belongs."""
        rendered = self._parts.render(_row(row, address.channel))
        if rendered is None:
            return self._drop(row)
        if row.quiet and row.kind not in _ANSWERED_IN_THREADS:
            # Whoever waits is not looked for in threads.
            rendered = replace(rendered, thread=False)
        thread_ts = address.root_ts if rendered.thread else None
        if rendered.thread and address.root_at is not None:
            moment = max(address.root_at, self._now()) + _stored(_ROOT_COMES_SECONDS)
            return self._later(row, moment, NO_ROOT)
        if rendered.thread and thread_ts is None:
            return self._drop(row) if row.kind in _ONLY_THERE else self._give_up(row, NO_ROOT)
        if row.quiet and (quietly := self._quietly(row, address, rendered)) is not None:
            return quietly
        told = self._complete(row, slack, rendered)
        if not isinstance(told, Rendered):
            return self._nowhere(row, told)
        rendered = told
        if rendered.file is None:
            return self._post(row, slack, (address.channel, thread_ts), rendered, None)
        uploaded = slack.upload(rendered.file)
        crash_point("outbox.uploaded")
        if not isinstance(uploaded, Told):
            return self._nowhere(row, uploaded)
        file_id = str(uploaded.data["file_id"])
        return self._post(row, slack, (address.channel, thread_ts), rendered, file_id)

    def _drop(self, row: Claimed, why: str | None = None) -> Next:
        with self._database.write() as connection:
            dropped = outbox.dropped(connection, row, self._now(), why)
            disturbances.give_back(connection, row.team, row.key)
        crash_point("outbox.dropped")
        if dropped:
            self._count(row, DROPPED)
        return ()

    def _quietly(self, row: Claimed, address: Address, rendered: Rendered) -> Next | None:
        """What its reader did not cause waits for their hours, or is added to what came before;
        none where it is posted now.
        """
        alone = row.kind in _ANSWERED_IN_THREADS
        in_words = not (alone or rendered.file or rendered.bring or rendered.canvas)
        match self._parts.turn_of(_row(row, address.channel), row.key, in_words=in_words):
            case Own():
                return None
            case Waits(until):
                job = self._later(row, until, ABSENT if row.stamped_at else QUIET)
                # Hours are not for the engine to wait: the reconciling tick takes it up.
                return job if until - self._now() < _stored(_ENGINE_WAITS_SECONDS) else ()
            case Joins(key):
                return self._add_to(row, key)

    def _add_to(self, row: Claimed, key: str) -> Next:
        with self._database.write() as connection:
            now, held = self._now(), posts.host(connection, row.team, key)
            added = held is not None and outbox.done(connection, row, held.channel, held.ts, now)
            if held and added:
                posts.join(connection, row, held, now)
        crash_point("outbox.joined")
        if added:
            self._count(row, JOINED)
            self._parts.changed()
            return ()
        return self._later(row, self._in(self._patience.glance), QUIET)

    def _complete(self, row: Claimed, slack: Slack, rendered: Rendered) -> Rendered | Trouble:
        """The message with what Slack has to do or give first."""
        wanted = rendered.bring
        if wanted is None:
            return self._with_canvas(row, slack, rendered)
        match slack.fetch_file(wanted.id, wanted.most):
            case Told(data):
                return replace(rendered, file=FileToSend(wanted.name, data["content"]))
            case Refused(code):
                return replace(rendered, message=wanted.instead(code))
            case Ambiguous():
                # Nothing is at stake: whoever wants it asks again.
                return replace(rendered, message=wanted.instead(UNSURE))
            case limited:
                return limited

    def _with_canvas(self, row: Claimed, slack: Slack, rendered: Rendered) -> Rendered | Trouble:
        """The message with its canvas's address, or what is sent where there is no canvas."""
        canvas = rendered.canvas
        if canvas is None:
            return rendered
        match self._canvases.bring(row, slack, canvas):
            case Told(data):
                return replace(rendered, message=canvas.told(str(data["url"])))
            case Refused(code):
                _log.warning("no canvas: %s", code)
                return canvas.instead()
            case trouble:
                return trouble

    def _post(
        self,
        row: Claimed,
        slack: Slack,
        to: tuple[str, str | None],
        rendered: Rendered,
        file_id: str | None,
    ) -> Next:
        channel, thread_ts = to
        since = self._parts.clock.monotonic()
        with self._database.write() as connection:
            mine = outbox.stamp(connection, row, file_id, self._now())
        crash_point("outbox.stamped")
        if not mine:
            return ()
        if self._parts.clock.monotonic() - since > self._patience.guard:
            # Others count on a post to start soon after its stamp, so this one must not start.
            return self._later(row, self._now(), SLOW, unsent=True)
        if file_id is None:
            outcome = slack.post(channel, rendered.message, thread_ts, row.key)
        else:
            outcome = slack.share(channel, thread_ts, file_id, rendered.message.text)
        crash_point("outbox.posted")
        match outcome:
            case Landed(ts):
                said = Said(rendered.version, rendered.vault)
                place = (channel, ts, thread_ts or ts)
                return self._arrived(row, slack, place, said, stands=file_id is None)
            case Limited(seconds, why):
                return self._later(row, self._in(seconds), why, unsent=True)
            case Ambiguous(reason):
                _log.warning("delivery of %s is unsure: %s", row.id, reason)
                return self._later(row, self._in(self._patience.glance), UNSURE)
            case Refused(code):
                return self._give_up(row, code)

    def _arrived(
        self,
        row: Claimed,
        slack: Slack,
        place: tuple[str, str, str],
        said: Said | None,
        *,
        stands: bool,
    ) -> Next:
        """What is in Slack is recorded; a canvas first opens to whoever has its address now."""
        if not stands or row.kind != Kind.BRIEF_CANVAS:
            return self._record(row, place, said, stands=stands)
        match self._canvases.let_in(row, slack) if self._may_read(row) else None:
            case Limited(seconds):
                return self._later(row, self._in(seconds), UNSURE)
            case Ambiguous():
                return self._later(row, self._in(self._patience.glance), UNSURE)
            case Refused(code):
                _log.error("a canvas could not be opened: %s", code)
            case None:
                pass
        # Only this attempt knew the address, so the message is never edited.
        return self._record(row, place, said, stands=False)

    def _may_read(self, row: Claimed) -> bool:
        """Whether a canvas is still for whoever ordered it; it may be long since they did."""
        rendered = self._parts.render(_row(row))
        return bool(rendered and rendered.canvas and row.person in rendered.canvas.readers)

    def _record(
        self, row: Claimed, place: tuple[str, str, str], said: Said | None, *, stands: bool
    ) -> Next:
        """Note where the message went; a file does not stand, as it is never edited or answered.

        Worth some tries: else it must be looked for.
        """
        stale = ended = False
        jobs: Next = ()
        for left in reversed(range(_RECORD_TRIES)):
            try:
                with self._database.write() as connection:
                    now = self._now()
                    ended = outbox.done(connection, row, place[0], place[1], now)
                    if ended and stands:
                        # Before the message is noted: it may change what the message should say.
                        jobs = tuple(self._parts.landed(connection, _row(row), place[1]))
                        stale = posts.stand(connection, row, place, said, now)
                break
            except StorageBusyError:
                if not left:
                    raise
        crash_point("outbox.recorded")
        if ended:
            self._count(row, POSTED)
            _log.info("message %s (%s) posted", row.id, row.kind)
        if stale:
            self._parts.changed()
        return jobs

    def _nowhere(self, row: Claimed, trouble: Trouble) -> Next:
        """The person's conversation could not be opened; nothing was posted by this attempt."""
        match trouble:
            case Limited():
                return self._wait(row, trouble)
            case Ambiguous():
                return self._later(row, self._in(self._patience.glance), row.error or SLOW)
            case Refused(code):
                return self._give_up(row, code)

    def _wait(self, row: Claimed, limited: Limited) -> Next:
        """Slack takes nothing now; of what may have landed it stays known if it was absent once."""
        why = limited.why
        if row.stamped_at and why not in SHUT_OUT:
            why = ABSENT if row.error == ABSENT else UNSURE
        return self._later(row, self._in(limited.retry_after), why)

    def _later(self, row: Claimed, moment: int, why: str, *, unsent: bool = False) -> Next:
        """Leave the row to a next attempt; `unsent` when it is known that nothing has landed."""
        with self._database.write() as connection:
            job = outbox.retry_later(connection, row, moment, why, unsent=unsent)
        crash_point("outbox.put_off")
        if job:
            self._count(row, WAITED if why in _OWN_TURN else RETRIED)
        if why in SHUT_OUT:
            _log.error("message %s (%s) waits: %s", row.id, row.kind, why)
        return (job,) if job else ()

    def _give_up(self, row: Claimed, error: str) -> Next:
        jobs: Iterable[Job] = ()
        with self._database.write() as connection:
            dead = outbox.dead(connection, row, error, self._now())
            if dead:
                disturbances.give_back(connection, row.team, row.key)
                jobs = self._parts.on_loss(connection, Loss(row.id, _row(row), error))
        crash_point("outbox.dead")
        if dead:
            self._count(row, DEAD)
        _log.error("message %s (%s) cannot be delivered: %s", row.id, row.kind, error)
        return tuple(jobs)

    def _count(self, row: Claimed, outcome: str) -> None:
        self._parts.watch.delivered(row.kind, outcome)

    def _now(self) -> int:
        return to_stored(self._parts.clock.now())

    def _in(self, seconds: float) -> int:
        return self._now() + _stored(seconds)


def _row(row: Claimed, channel: str | None = None) -> Row:
    return Row(row.team, row.handover, row.person, row.kind, row.subject, channel)


def _stored(seconds: float) -> int:
    return int(seconds * _SECOND)
