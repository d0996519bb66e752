"""Writes down what a change leads to: state, journal line, tasks, and what is to be said.

Always inside a transaction that somebody else opened; see `bot.desk`. Rows are locked in one order,
the handover before its vault, so that two transactions never wait for each other.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from bot.calendars import days_off
from bot.clashes import clashes
from bot.other_accounts import with_others
from bot.playbooks import Playbooks
from bot.reports.lessons import proposals
from bot.times import Clock
from flows.advance import Step, advance
from flows.confidential.vault import (
    Vault,
    VaultEvent,
    VaultOpened,
    VaultStep,
    advance_vault,
    unheard,
    vault_posts,
    vault_tasks,
)
from flows.effects import Effect, Post, Refresh
from flows.end.completing import is_over
from flows.errors import FlowError
from flows.events import CLOCK, Completed, DaysOffLearned, Event, Started
from flows.handover import Handover, Schedule
from flows.happened import ForCustomer
from flows.knowledge.interview import strictest_segment
from flows.playbook import Playbook
from flows.privacy import vault_openers
from flows.saying import OF_BOOK
from flows.schedule.away import began
from flows.schedule.planning import lacks_days_off
from flows.tasks import all_tasks
from flows.terms import DateIs, Segment
from storage import absences, digests, handovers, outbox, people, posts, reminders, tasks
from storage.handovers import Stored
from storage.journal import HANDOVER, VAULT, Line
from storage.moments import to_stored
from storage.outbox import Job
from storage.prepared import Later, Together, together


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came of it. `again` says that this very delivery had been handled before."""

    handover: Handover
    changed: bool
    again: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """What a transaction leaves to be done after its commit."""

    recorded: Recorded
    jobs: tuple[Job, ...] = ()
    edits: bool = False


class Clerk:
    """Brings every table in step with a change, within one transaction."""

    def __init__(self, playbooks: Playbooks, clock: Clock, new_id: Callable[[], str]) -> None:
        self._playbooks = playbooks
        self._clock = clock
        self._new_id = new_id

    def begin(
        self,
        connection: Connection,
        started: tuple[Started, Step],
        opened: tuple[VaultOpened, VaultStep],
    ) -> Written:
        """Write a new handover and its vault: the events and what they led to."""
        playbook = self._playbooks.current
        (event, step), (vault_event, vault_step) = started, opened
        self._playbooks.keep(connection, event.team)
        handovers.add(connection, step.handover, playbook, self._line(event))
        handovers.add_vault(connection, vault_step.vault, self._line(vault_event))
        digests.begin(connection, None, step.handover)
        with together(connection) as block:
            said = self._follow(block, step.handover, playbook, step.effects, event.by)
        jobs = said() + clashes(connection, None, step.handover, self._now())
        jobs += self._follow_vault(
            connection, step.handover, vault_step.vault, playbook, vault_step.effects, event.by
        )
        return self._with_days_off(connection, Written(Recorded(step.handover, changed=True), jobs))

    def advance(
        self,
        connection: Connection,
        before: Stored[Handover],
        event: Event,
        beside: VaultEvent | None = None,
    ) -> Written:
        """Write what an event makes of a stored handover; `beside` is for its vault alone.

        Raises FlowError, and StaleWriteError when another replica was faster.
        """
        playbook = self._playbooks.of(connection, before.value)
        jobs: tuple[Job, ...] = ()
        if isinstance(event, ForCustomer):
            event = with_others(connection, before.value, event, playbook)
        step = advance(before.value, event, playbook)
        after = step.handover
        if isinstance(event, Completed):
            self._check_vault(connection, before.value, playbook)
        if beside:
            jobs += self.advance_vault(connection, after, beside)
        if after is before.value:
            return Written(Recorded(after, changed=False), jobs, edits=bool(beside))
        with together(connection) as block:
            handovers.save(block, before, after, playbook, self._line(event))
            said = self._follow(block, after, playbook, step.effects, event.by)
        if is_over(before.value) is not is_over(after):
            # What stands has nothing left to be pressed, or has it again.
            posts.mark_all(connection, after.team, after.id, self._now())
        absences.sync(connection, before.value, after)
        digests.begin(connection, before.value, after)
        jobs += said() + clashes(connection, before.value, after, self._now())
        jobs += proposals(connection, before.value, after, self._playbooks.current, self._now())
        jobs += self._lead_changed(connection, before.value, after, playbook, event.by)
        edits = bool(beside) or any(isinstance(effect, Refresh) for effect in step.effects)
        return self._with_days_off(connection, Written(Recorded(after, changed=True), jobs, edits))

    def _check_vault(self, connection: Connection, handover: Handover, playbook: Playbook) -> None:
        """What is left in Leader's checks stops a leader from completing, and shows only there.

        So that nobody learns from it what is in there, it is asked last on every handover alike.
        Raises FlowError `checks_left`.
        """
        vault = handovers.load_vault(connection, handover.team, handover.id, lock=True)
        if vault and (not vault.value.checked_at or unheard(vault.value, handover, playbook)):
            raise FlowError("checks_left")

    def _with_days_off(self, connection: Connection, written: Written) -> Written:
        """Whoever has come to act on a handover brings their days off along, at once."""
        after = written.recorded.handover
        users = lacks_days_off(after)
        stored = handovers.load(connection, after.team, after.id) if users else None
        if stored is None:
            return written
        start = began(after)
        known = people.find_all(connection, after.team, users)
        off = {user: days_off(known.get(user), start) for user in sorted(users)}
        event = DaysOffLearned(at=self._clock.now(), by=CLOCK, people=off)
        more = self.advance(connection, stored, event)
        return Written(more.recorded, written.jobs + more.jobs, written.edits or more.edits)

    def _lead_changed(
        self, connection: Connection, before: Handover, after: Handover, playbook: Playbook, by: str
    ) -> tuple[Job, ...]:
        """A draft that is started, another leader or other days bring the vault's tasks along."""
        if before.leader != after.leader:
            reminders.lead_passed(connection, after.team, after.id)
        led = (before.started_at, before.leader) != (after.started_at, after.leader)
        if not led and _vault_hangs_on(before) == _vault_hangs_on(after):
            return ()
        vault = handovers.load_vault(connection, after.team, after.id)
        if vault is None:
            return ()
        effects = vault_posts(vault.value, after, playbook) if led else ()
        return self._follow_vault(connection, after, vault.value, playbook, effects, by)

    def advance_vault(
        self, connection: Connection, handover: Handover, event: VaultEvent
    ) -> tuple[Job, ...]:
        """Write what an event makes of a vault. Raises FlowError."""
        before = handovers.load_vault(connection, handover.team, handover.id, lock=True)
        if before is None:
            raise FlowError("not_found")
        playbook = self._playbooks.of(connection, handover)
        step = advance_vault(before.value, handover, event, playbook)
        handovers.save_vault(connection, before, step.vault, self._line(event))
        return self._follow_vault(
            connection, handover, step.vault, playbook, step.effects, event.by
        )

    def _follow(
        self,
        block: Together,
        after: Handover,
        playbook: Playbook,
        effects: Iterable[Effect],
        by: str,
    ) -> Later[tuple[Job, ...]]:
        """Bring the messages and the tasks of a handover in step."""
        said = self._say(block.connection, after, str(after.seq), effects, by)
        owed = all_tasks(after, playbook)
        tasks.sync(block, after.team, after.id, HANDOVER, owed, self._now())
        return said

    def _follow_vault(
        self,
        connection: Connection,
        handover: Handover,
        vault: Vault,
        playbook: Playbook,
        effects: Iterable[Effect],
        by: str,
    ) -> tuple[Job, ...]:
        """Bring the vault's messages and tasks in step."""
        owed = vault_tasks(vault, handover, playbook)
        with together(connection) as block:
            said = self._say(connection, handover, f"v{vault.seq}", effects, by)
            tasks.sync(block, handover.team, handover.id, VAULT, owed, self._now())
        return said()

    def _say(
        self,
        connection: Connection,
        handover: Handover,
        seq: str,
        effects: Iterable[Effect],
        by: str,
    ) -> Later[tuple[Job, ...]]:
        """Have people told; of an example at once, for whoever tries it sits there."""
        now = self._now()
        new = [effect for effect in effects if isinstance(effect, Post)]
        edits = [effect for effect in effects if isinstance(effect, Refresh)]
        if handover.book:
            return self._say_in_book(connection, handover, seq, (new, edits), by)
        outbox.mark_stale(connection, handover.team, handover.id, edits, now)
        where = (handover.team, handover.id, seq)
        added = outbox.adding(connection, where, new, now, None if handover.example else by)
        return lambda: tuple(added())

    def _say_in_book(
        self,
        connection: Connection,
        handover: Handover,
        seq: str,
        said: tuple[list[Post], list[Refresh]],
        by: str,
    ) -> Later[tuple[Job, ...]]:
        """What is about the whole book goes out under its name, once however many cause it."""
        now, (new, edits) = self._now(), said
        jobs: list[Callable[[], Iterable[Job]]] = []
        for name, of_book in ((handover.id, False), (handover.book, True)):
            posts = [post for post in new if (post.kind in OF_BOOK) is of_book]
            stale = [edit for edit in edits if (edit.kind in OF_BOOK) is of_book]
            outbox.mark_stale(connection, handover.team, name, stale, now)
            where = (handover.team, name, "book" if of_book else seq)
            jobs.append(outbox.adding(connection, where, posts, now, by))
        return lambda: tuple(job for added in jobs for job in added())

    def _line(self, event: Event | VaultEvent) -> Line:
        return Line(event, self._new_id())

    def _now(self) -> int:
        return to_stored(self._clock.now())


def _vault_hangs_on(
    handover: Handover,
) -> tuple[date, DateIs, Schedule, Segment, tuple[str, ...]]:
    """What the days and owners of the vault's tasks hang on once a handover is under way."""
    openers, segment = vault_openers(handover), strictest_segment(handover)
    return handover.day, handover.day_is, handover.schedule, segment, openers
