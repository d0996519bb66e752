"""Brings what stands in Slack up to date: one thread that edits stale messages at Slack's pace.

An edit is no job: it is harmless when done twice, and of several only the newest counts. So the
mark on the message is the whole queue, and what is written is what is true when its turn comes.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.crash import crash_point
from bot.delivery.pace import Patience, Rate, Window
from bot.delivery.port import (
    Ambiguous,
    Barred,
    Join,
    Landed,
    Limited,
    Refused,
    Render,
    Rendered,
    Row,
    Slack,
    SlackOf,
    Trouble,
    first_of,
    never_barred,
)
from bot.times import Clock
from bot.watch.watch import EDITED, Watch
from storage import posts
from storage.cause import caused_by
from storage.engine import Database, StorageBusyError
from storage.moments import to_stored
from storage.posts import Said, Standing
from storage.reading import NewerReleaseError

_log = logging.getLogger(__name__)
_SECOND = 1_000_000
_PER_WORKSPACE = Rate(40, 60.0)
_PER_MESSAGE_SECONDS = 3.0
_AFTER_TROUBLE_SECONDS = 5.0
_AFTER_FAILURE_SECONDS = 600.0
_NEWER_WAITS_SECONDS = 2.0


Made = list[tuple[Standing, Rendered | None]]
"""The parts of a message with what each says now; none where there is nothing true to say."""


@dataclass(frozen=True, slots=True)
class EditPace:
    """How often a message, and how often a workspace, may be edited; None for as often as asked."""

    gap: float
    workspace: Rate | None


def edit_pace(rate: Rate | None) -> EditPace:
    """The pace of edits at a pace of posts: 3 s a message and 40 a minute at one post a second."""
    if rate is None:
        return EditPace(0.0, None)
    speed = rate.limit / rate.period
    limit = max(1, round(_PER_WORKSPACE.limit * speed))
    return EditPace(_PER_MESSAGE_SECONDS / speed, Rate(limit, _PER_WORKSPACE.period))


@dataclass(frozen=True, slots=True)
class EditRules:
    """How several messages in one are put together, where nothing may stand any more, how many
    replicas share the pace of a workspace, and who is told of edits.
    """

    join: Join = first_of
    barred: Barred = never_barred
    among: Callable[[], int] = lambda: 1
    watch: Watch = field(default_factory=Watch)


class Edits:
    """The sweeper. `wake` it after a commit that marked something; `stop` waits for its thread."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        render: Render,
        slack_of: SlackOf,
        pace: EditPace,
        patience: Patience,
        rules: EditRules | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._render = render
        self._slack_of = slack_of
        self._pace = pace
        self._patience = patience
        self._rules = rules or EditRules()
        self._watch = self._rules.watch
        self._windows: dict[str, Window] = {}
        self._shut_until: dict[str, float] = {}
        self._woken = threading.Event()
        self._stopping = False
        self._editing = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Start the thread and sweep what was left from before."""
        self._thread = threading.Thread(target=self._run, name="delivery-edits", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Say that there may be something to edit."""
        self._woken.set()

    def resume(self, team: str) -> None:
        """Slack takes edits of a workspace again, whatever it said before."""
        self._shut_until.pop(team, None)
        self.wake()

    def stop(self, drain_seconds: float) -> None:
        """End the thread; what is still marked is edited after the next start."""
        self._stopping = True
        self._woken.set()
        if self._thread:
            self._thread.join(drain_seconds)

    @property
    def healthy(self) -> bool:
        """Whether the thread lives."""
        return self._thread is not None and self._thread.is_alive()

    def running(self) -> int:
        """How many messages are being edited by this process."""
        return int(self._editing)

    def sweep(self) -> float | None:
        """Edit what is due. Seconds until something may be due again, None if nothing is marked."""
        with self._database.read() as connection:
            due = posts.due_edits(connection, self._now(), self._shut())
        for post in due:
            self._edit_in_turn(post)
        shut = self._shut()
        with self._database.read() as connection:
            at_once, sometime = posts.next_edit(connection, shut), posts.next_edit(connection)
        waits = [] if at_once is None else [self._until(at_once)]
        if shut and sometime is not None:
            waits.append(max(self._until(sometime), min(shut.values())))
        return max(min(waits), 0.0) if waits else None

    def _run(self) -> None:
        while not self._stopping:
            self._woken.clear()
            try:
                wait = self.sweep()
            except StorageBusyError as busy:
                _log.warning("edits wait: %s", busy)
                wait = _AFTER_TROUBLE_SECONDS
            except Exception:
                _log.exception("edits failed")
                wait = _AFTER_TROUBLE_SECONDS
            self._woken.wait(wait)

    def _shut(self) -> dict[str, float]:
        """The workspaces that have to wait, and how many seconds: no other waits with them."""
        now, among = self._clock.monotonic(), self._rules.among()
        waits = {team: window.wait(now, among) for team, window in self._windows.items()}
        for team, until in list(self._shut_until.items()):
            waits[team] = max(waits.get(team, 0.0), until - now)
        return {team: wait for team, wait in waits.items() if wait > 0}

    def _edit_in_turn(self, post: Standing) -> None:
        """Edit one message, unless its workspace must wait since the others of it were."""
        if self._stopping or post.team in self._shut():
            return
        if self._pace.workspace:
            window = self._windows.setdefault(post.team, Window(self._pace.workspace))
            window.take(self._clock.monotonic())
        self._editing = True
        try:
            with caused_by(self._watch.new_cause()):
                self._try(post)
        finally:
            self._editing = False

    def _try(self, post: Standing) -> None:
        try:
            with self._watch.delivery(post.kind, "edit"):
                self._edit(post)
        except StorageBusyError:
            raise
        except NewerReleaseError:
            self._put_off(post, _NEWER_WAITS_SECONDS)
        except Exception:
            # Such as a document that cannot be read: it must not hold up all others.
            _log.exception("a message of %s could not be edited", post.handover)
            self._put_off(post, _AFTER_FAILURE_SECONDS)

    def _put_off(self, post: Standing, seconds: float) -> None:
        with self._database.write() as connection:
            for part in posts.joined(connection, post):
                posts.put_off(connection, part, self._in(seconds))

    def _edit(self, post: Standing) -> None:
        """Edit the message in which it stands, with all that joined it."""
        until = self._in(self._patience.guard + 2 * self._patience.timeout)
        parts = self._take(post, until)
        crash_point("edit.taken")
        if not parts:
            return
        slack = self._slack_of(post.team)
        several = len(parts) > 1
        made = [
            (part, self._render(_row(part, joined=several)) if slack else None) for part in parts
        ]
        said = [rendered for _, rendered in made if rendered]
        if slack is None or not said:
            with self._database.write() as connection:
                for part in parts:
                    posts.unmark(connection, part)
            return
        outcome = self._say(slack, post, said)
        crash_point("edit.sent")
        self._record(made, until, outcome)
        crash_point("edit.recorded")

    def _take(self, post: Standing, until: int) -> list[Standing]:
        """What stands in the message, once this replica has it to itself; else nothing.

        Nobody else edits it until then; should this replica die, somebody does.
        """
        with self._database.write() as connection:
            parts = posts.joined(connection, post)
            first = parts[0]
            if first.edit_after > self._now():
                posts.put_off(connection, post, first.edit_after)
                return []
            if not posts.take_edit(connection, first, until):
                return []
            return parts

    def _say(self, slack: Slack, post: Standing, said: list[Rendered]) -> Landed | Trouble:
        """Put what is true now in its place, in a channel only before the eyes of colleagues."""
        messages = [rendered.message for rendered in said]
        message = messages[0] if len(said) == 1 else self._rules.join(messages)
        withdrawn = said[0].withdrawn
        if withdrawn and (barred := self._rules.barred(post.team, post.channel)):
            if not isinstance(barred, Refused):
                return barred
            message = withdrawn
        return slack.update(post.channel, post.ts, message)

    def _record(self, made: Made, until: int, outcome: Landed | Trouble) -> None:
        """Note what came of an edit of a message that this replica had to itself until a moment."""
        first = made[0][0]
        with self._database.write() as connection:
            match outcome:
                case Landed():
                    shown = [(part, _said(rendered)) for part, rendered in made]
                    mine = posts.is_taken(connection, first, until)
                    posts.edited(connection, shown, self._in(self._pace.gap))
                    if not mine:
                        # Another may have edited it meanwhile, and this one have written over it.
                        posts.mark_at(connection, first.team, first.channel, first.ts, self._now())
                    self._watch.delivered(first.kind, EDITED)
                case Limited(seconds):
                    self._shut_until[first.team] = self._clock.monotonic() + seconds
                    posts.put_off(connection, first, self._in(seconds))
                case Ambiguous():
                    posts.put_off(connection, first, self._in(_AFTER_TROUBLE_SECONDS))
                case Refused(code):
                    _log.warning("a message can no longer be edited: %s", code)
                    for part, _ in made:
                        posts.unmark(connection, part)

    def _now(self) -> int:
        return to_stored(self._clock.now())

    def _until(self, moment: int) -> float:
        """Seconds until a stored moment."""
        return (moment - self._now()) / _SECOND

    def _in(self, seconds: float) -> int:
        return self._now() + int(seconds * _SECOND)


def _row(post: Standing, *, joined: bool) -> Row:
    about = (post.team, post.handover, post.person, post.kind, post.subject)
    return Row(*about, post.channel, joined=joined)


def _said(rendered: Rendered | None) -> Said | None:
    return Said(rendered.version, rendered.vault) if rendered else None
