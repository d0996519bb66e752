"""The one door: everything that happens to a handover is recorded here, in one transaction.

Receipt, state, journal line, task rows and outbox rows commit together or not at all (law 1). Only
after the commit is delivery told; if the process dies in between, the reconciling tick finds the
rows. Nothing here talks to Slack.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from sqlalchemy import Connection

from bot.clashes import clashes
from bot.crash import crash_point
from bot.playbooks import Playbooks
from bot.times import Clock
from flows.advance import advance, start
from flows.effects import Effect, Kind, Post, Refresh
from flows.errors import FlowError
from flows.events import (
    CLOCK,
    AnswerGiven,
    AskAnswered,
    Event,
    PersonGone,
    QuestionLanded,
    Started,
    TimePassed,
)
from flows.handover import Handover, Said
from flows.interview import current_question
from flows.joining import in_words
from flows.landing import early_replies
from flows.playbook import Playbook
from flows.privacy import may_know
from flows.tasks import all_tasks
from flows.terms import Confidential
from flows.vault import (
    Vault,
    VaultEvent,
    VaultOpened,
    advance_vault,
    open_vault,
    vault_posts,
    vault_tasks,
)
from storage import handovers, outbox, posts, receipts, strays, tasks, workspaces
from storage.engine import Database
from storage.handovers import HANDOVER, VAULT, Line, StaleWriteError, Stored
from storage.moments import to_stored
from storage.outbox import Job

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Receipt:
    """What names a delivery of Slack, or a due moment: handled once, whatever comes twice."""

    team: str
    key: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came of it. `again` says that this very delivery had been handled before."""

    handover: Handover
    changed: bool
    again: bool = False


@dataclass(frozen=True, slots=True)
class _Written:
    """What a transaction leaves to be done after its commit."""

    recorded: Recorded
    jobs: tuple[Job, ...] = ()
    edits: bool = False


W = TypeVar("W", bound=_Written | None)


class Committed(Protocol):
    """Told after a commit: new outbox rows, and whether standing messages were marked as stale."""

    def __call__(self, jobs: Iterable[Job], *, marked: bool) -> None: ...


class Desk:
    """Records events; `committed` hears of every commit and must not wait."""

    def __init__(
        self,
        database: Database,
        playbooks: Playbooks,
        clock: Clock,
        new_id: Callable[[], str],
        committed: Committed,
    ) -> None:
        self.database = database
        self.playbooks = playbooks
        self.clock = clock
        self.new_id = new_id
        self._committed = committed

    def start(
        self, receipt: Receipt, event: Started, confidential: Confidential | None
    ) -> Recorded:
        """Create a handover and its vault. Raises FlowError with the form's field at fault."""
        playbook = self.playbooks.current
        step = start(event, playbook)
        opened = VaultOpened(
            at=event.at,
            by=event.by,
            handover=event.id,
            team=event.team,
            confidential=confidential,
        )
        vault = open_vault(opened, step.handover, playbook)

        def write(connection: Connection) -> _Written:
            if not receipts.take(connection, receipt.team, receipt.key, self._now()):
                return _Written(Recorded(step.handover, changed=False, again=True))
            self.playbooks.keep(connection, event.team)
            handovers.add(connection, step.handover, playbook, self._line(event))
            handovers.add_vault(connection, vault.vault, self._line(opened))
            jobs = self._follow(connection, None, step.handover, playbook, step.effects)
            jobs += self._follow_vault(
                connection, (None, step.handover), (None, vault.vault), playbook, vault.effects
            )
            return _Written(Recorded(step.handover, changed=True), jobs)

        return self._settle(write)

    def record(
        self, receipt: Receipt, handover: str, event: Event, beside: VaultEvent | None = None
    ) -> Recorded:
        """Record what happened; `beside` is what only the vault is to know of it.

        Raises FlowError; `not_found` also where the person may not know of the handover.
        """

        def write(connection: Connection) -> _Written:
            before = self._load(connection, receipt.team, handover, event.by)
            if not receipts.take(connection, receipt.team, receipt.key, self._now()):
                return _Written(Recorded(before.value, changed=False, again=True))
            return self._advance(connection, before, event, beside)

        return self._settle(write)

    def record_reply(
        self, receipt: Receipt, thread: tuple[str, str], user: str, said: Said
    ) -> Recorded | None:
        """Record a reply in a thread (channel and ts of its root); none if the thread is not ours.

        What it answers is looked up in the transaction that records it: the newest question that
        stood in the thread when the reply was sent. Raises FlowError as `record` does.
        """

        def write(connection: Connection) -> _Written | None:
            root = posts.root_of_thread(connection, receipt.team, *thread)
            if root is None:
                return None
            before = self._load(connection, receipt.team, root.handover, user)
            event = self._answer(connection, before.value, user, said, root)
            if event is None:
                return None
            if not receipts.take(connection, receipt.team, receipt.key, self._now()):
                return _Written(Recorded(before.value, changed=False, again=True))
            return self._advance(connection, before, event, None)

        written = self._written(write, _TRIES)
        return self._told(written) if written else None

    def _answer(
        self,
        connection: Connection,
        handover: Handover,
        user: str,
        said: Said,
        root: posts.Standing,
    ) -> Event | None:
        now = self.clock.now()
        if root.kind == Kind.ASK:
            return AskAnswered(at=now, by=user, ask=root.subject, text=in_words(said))
        asked = posts.asked_before(connection, root.team, root.channel, root.ts, said.source)
        # A thread whose first question is not known to stand yet: it is the one that is open.
        question = asked.subject if asked else current_question(handover, user)
        return AnswerGiven(at=now, by=user, question=question, said=said) if question else None

    def record_in_vault(self, receipt: Receipt, handover: str, event: VaultEvent) -> Recorded:
        """Record what only leaders may know; the handover itself is not touched."""

        def write(connection: Connection) -> _Written:
            before = self._load(connection, receipt.team, handover, event.by)
            if not receipts.take(connection, receipt.team, receipt.key, self._now()):
                return _Written(Recorded(before.value, changed=False, again=True))
            jobs = self._advance_vault(connection, before.value, event)
            return _Written(Recorded(before.value, changed=True), jobs, edits=True)

        return self._settle(write)

    def keep_stray(self, receipt: Receipt, channel: str, person: str, said: Said) -> None:
        """Keep a reply that could belong to several handovers."""

        def write(connection: Connection) -> Iterable[Job]:
            strays.keep(connection, receipt.team, channel, person, said, self._now())
            ask = Post(to=person, kind=Kind.WHICH, subject=f"{channel}:{said.source}")
            return outbox.add(connection, receipt.team, "", "stray", [ask], self._now())

        self._once(receipt, write)

    def name_leaders(self, receipt: Receipt, leaders: tuple[str, ...], by: str) -> None:
        """List other leaders; those who were and stay listed hear of each one that is added."""

        def write(connection: Connection) -> Iterable[Job]:
            before = workspaces.find(connection, receipt.team, lock=True)
            after = {"leaders": leaders, "installer": before.installer or by}
            workspaces.keep(connection, before.model_copy(update=after))
            told = [
                Post(to=leader, kind=Kind.LEADERS, subject=f"{added}:{by}")
                for added in leaders
                for leader in before.leaders
                if added not in before.leaders and leader in leaders
            ]
            seq = f"leaders-{receipt.key[:16]}"
            return outbox.add(connection, receipt.team, "", seq, told, self._now())

        self._once(receipt, write)

    def file_stray(
        self, receipt: Receipt, message: tuple[str, str], user: str, handover: str
    ) -> Recorded:
        """Add a kept reply (channel and ts of its message) to the handover its author names.

        Raises FlowError `already_filed`, `nothing_open`, and as `record` does.
        """

        def write(connection: Connection) -> _Written:
            before = self._load(connection, receipt.team, handover, user)
            if not receipts.take(connection, receipt.team, receipt.key, self._now()):
                return _Written(Recorded(before.value, changed=False, again=True))
            said = strays.find(connection, receipt.team, *message, user)
            if said is None:
                raise FlowError("already_filed")
            question = current_question(before.value, user)
            if not question:
                raise FlowError("nothing_open")
            strays.file(connection, receipt.team, *message, handover)
            event = AnswerGiven(at=self.clock.now(), by=user, question=question, said=said)
            return self._advance(connection, before, event, None)

        return self._settle(write)

    def order(
        self, receipt: Receipt, handover: Handover, person: str, kinds: Iterable[Kind]
    ) -> None:
        """Have somebody sent what they asked to see."""

        def write(connection: Connection) -> Iterable[Job]:
            wanted = [Post(to=person, kind=kind) for kind in kinds]
            seq = f"order-{receipt.key[:16]}"
            return outbox.add(connection, receipt.team, handover.id, seq, wanted, self._now())

        self._once(receipt, write)

    def pass_time(self, team: str, handover: str) -> None:
        """Bring about what is due on a handover; a moment that was handled is not due any more."""

        def write(connection: Connection) -> _Written:
            before = handovers.load(connection, team, handover, lock=True)
            if before is None:
                raise FlowError("not_found")
            event = TimePassed(at=self.clock.now(), by=CLOCK)
            return self._advance(connection, before, event, None)

        self._settle(write)

    def question_landed(
        self, connection: Connection, where: tuple[str, str], user: str, question: str, ts: str
    ) -> tuple[Job, ...]:
        """Put replies right that came before it was known where a question stands.

        Part of the transaction that notes where it stands; `where` is team and handover. The row is
        locked: a reply that is just being recorded has either seen the post, or is seen here.
        """
        before = handovers.load(connection, *where, lock=True)
        if before is None or not early_replies(before.value, user, question, ts):
            return ()
        event = QuestionLanded(at=self.clock.now(), by=CLOCK, user=user, question=question, ts=ts)
        return self._advance(connection, before, event, None).jobs

    def report_loss(self, connection: Connection, team: str, number: int) -> tuple[Job, ...]:
        """Have whoever installed the bot told that a message can never be delivered."""
        installer = workspaces.find(connection, team).installer
        if installer is None:
            return ()
        report = Post(to=installer, kind=Kind.LOSS, subject=str(number))
        return tuple(outbox.add(connection, team, "", "loss", [report], self._now()))

    def person_gone(self, team: str, user: str) -> None:
        """Pass on what was somebody's whose Slack account was switched off (N16)."""
        with self.database.read() as connection:
            theirs = [handover.id for handover in handovers.taking_part(connection, team, user)]
        for handover in theirs:

            def write(connection: Connection, handover: str = handover) -> _Written:
                before = handovers.load(connection, team, handover, lock=True)
                if before is None:
                    raise FlowError("not_found")
                event = PersonGone(at=self.clock.now(), by=CLOCK, user=user)
                return self._advance(connection, before, event, None)

            self._settle(write)

    def _once(self, receipt: Receipt, write: Callable[[Connection], Iterable[Job]]) -> None:
        """A change that belongs to no handover, and what is to be said because of it."""
        with self.database.write() as connection:
            if not receipts.take(connection, receipt.team, receipt.key, self._now()):
                return
            jobs = tuple(write(connection))
        self._committed(jobs, marked=False)

    def _settle(self, write: Callable[[Connection], _Written]) -> Recorded:
        """Run a transaction, again if another replica was faster, then tell delivery."""
        return self._told(self._written(write, _TRIES))

    def _told(self, written: _Written) -> Recorded:
        crash_point("desk.committed")
        self._committed(written.jobs, marked=written.edits)
        return written.recorded

    def _written(self, write: Callable[[Connection], W], tries: int) -> W:
        try:
            with self.database.write() as connection:
                written = write(connection)
                crash_point("desk.uncommitted")
                return written
        except StaleWriteError:
            if tries == 1:
                raise
            return self._written(write, tries - 1)

    def _load(
        self, connection: Connection, team: str, handover: str, viewer: str
    ) -> Stored[Handover]:
        before = handovers.load(connection, team, handover, lock=True)
        if before is None or not may_know(before.value, viewer):
            raise FlowError("not_found")
        return before

    def _advance(
        self,
        connection: Connection,
        before: Stored[Handover],
        event: Event,
        beside: VaultEvent | None,
    ) -> _Written:
        playbook = self.playbooks.of(connection, before.value)
        jobs: tuple[Job, ...] = ()
        if beside:
            jobs += self._advance_vault(connection, before.value, beside)
        step = advance(before.value, event, playbook)
        after = step.handover
        if after is before.value:
            return _Written(Recorded(after, changed=False), jobs, edits=bool(beside))
        handovers.save(connection, before, after, playbook, self._line(event))
        effects = list(step.effects)
        jobs += self._follow(connection, before.value, after, playbook, effects)
        jobs += self._lead_changed(connection, before.value, after, playbook)
        edits = bool(beside) or any(isinstance(effect, Refresh) for effect in effects)
        return _Written(Recorded(after, changed=True), jobs, edits)

    def _lead_changed(
        self, connection: Connection, before: Handover, after: Handover, playbook: Playbook
    ) -> tuple[Job, ...]:
        """A draft that is started, or another leader, brings the vault's own tasks along."""
        if (before.started_at, before.leader) == (after.started_at, after.leader):
            return ()
        vault = handovers.load_vault(connection, after.team, after.id)
        if vault is None:
            return ()
        effects = vault_posts(vault.value, after, playbook)
        both = (vault.value, vault.value)
        return self._follow_vault(connection, (before, after), both, playbook, effects)

    def _advance_vault(
        self, connection: Connection, handover: Handover, event: VaultEvent
    ) -> tuple[Job, ...]:
        before = handovers.load_vault(connection, handover.team, handover.id, lock=True)
        if before is None:
            raise FlowError("not_found")
        playbook = self.playbooks.of(connection, handover)
        step = advance_vault(before.value, handover, event, playbook)
        handovers.save_vault(connection, before, step.vault, self._line(event))
        return self._follow_vault(
            connection, (handover, handover), (before.value, step.vault), playbook, step.effects
        )

    def _follow(
        self,
        connection: Connection,
        before: Handover | None,
        after: Handover,
        playbook: Playbook,
        effects: Iterable[Effect],
    ) -> tuple[Job, ...]:
        former = all_tasks(before, playbook) if before else ()
        now_open = all_tasks(after, playbook)
        tasks.sync(connection, after.team, after.id, HANDOVER, former, now_open)
        jobs = self._say(connection, after, str(after.seq), effects)
        return jobs + clashes(connection, before, after, self._now())

    def _follow_vault(
        self,
        connection: Connection,
        rows: tuple[Handover | None, Handover],
        vaults: tuple[Vault | None, Vault],
        playbook: Playbook,
        effects: Iterable[Effect],
    ) -> tuple[Job, ...]:
        """Bring the vault's tasks and messages in step; the pairs are before and after."""
        (row, after), (former, vault) = rows, vaults
        were_open = vault_tasks(former, row, playbook) if former and row else ()
        now_open = vault_tasks(vault, after, playbook)
        tasks.sync(connection, after.team, after.id, VAULT, were_open, now_open)
        return self._say(connection, after, f"v{vault.seq}", effects)

    def _say(
        self, connection: Connection, handover: Handover, seq: str, effects: Iterable[Effect]
    ) -> tuple[Job, ...]:
        now = self._now()
        new = [effect for effect in effects if isinstance(effect, Post)]
        edits = [effect for effect in effects if isinstance(effect, Refresh)]
        outbox.mark_stale(connection, handover.team, handover.id, edits, now)
        return tuple(outbox.add(connection, handover.team, handover.id, seq, new, now))

    def _line(self, event: Event | VaultEvent) -> Line:
        return Line(event, self.new_id())

    def _now(self) -> int:
        return to_stored(self.clock.now())
