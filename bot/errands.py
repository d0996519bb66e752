"""What belongs to no handover: replies without a home, leaders, and what somebody asked to see.

As at the desk, the receipt, the change and what is to be said commit together.
"""

from collections.abc import Callable, Iterable

from sqlalchemy import Connection

from bot.desk import Committed, Receipt
from bot.reports.lessons import learners
from bot.times import Clock
from flows.effects import Kind, Post, Refresh
from flows.errors import FlowError
from flows.events import SaidEdited, SaidWithdrawn
from flows.handover import Handover, Said
from flows.knowledge.replies import corrected
from storage import corrections, outbox, people, receipts, strays, workspaces
from storage.engine import Database
from storage.moments import to_stored
from storage.outbox import Job
from storage.workspaces import Workspace


class Errands:
    """Runs errands; `committed` hears of every commit and must not wait."""

    def __init__(self, database: Database, clock: Clock, committed: Committed) -> None:
        self._database = database
        self._clock = clock
        self._committed = committed

    def keep_stray(self, receipt: Receipt, channel: str, person: str, said: Said) -> None:
        """Keep a reply that could belong to several handovers."""

        def write(connection: Connection) -> Iterable[Job]:
            strays.keep(connection, receipt.team, channel, person, said, self._now())
            ask = Post(to=person, kind=Kind.WHICH, subject=f"{channel}:{said.source}")
            return outbox.add(connection, receipt.team, "", "stray", [ask], self._now())

        self._once(receipt, write)

    def correct_stray(self, team: str, channel: str, event: SaidEdited | SaidWithdrawn) -> bool:
        """Follow an edit or a deletion of a kept reply that has no place yet; whether it was one.

        The newest edit stands, whichever comes last.
        """
        with self._database.write() as connection:
            stray = strays.find(connection, team, channel, event.source, event.by)
            if stray is None or stray.handover:
                return False
            after = corrected(stray.said, event)
            if after is None:
                strays.remove(connection, team, channel, event.source)
            else:
                strays.edit(connection, team, channel, after)
            asked = Refresh(to=event.by, kind=Kind.WHICH, subject=f"{channel}:{event.source}")
            outbox.mark_stale(connection, team, "", [asked], self._now())
        self._committed((), marked=True)
        return True

    def keep_correction(self, team: str, channel: str, event: SaidEdited | SaidWithdrawn) -> None:
        """Keep what became of a message that has not come yet."""
        with self._database.write() as connection:
            corrections.keep(connection, team, channel, event)

    def choose_settings(
        self, receipt: Receipt, leaders: tuple[str, ...], by: str, *, per_person: bool
    ) -> None:
        """List other leaders; who is added hears of it, and so do those who stay listed.

        `per_person` says whether reports name CSMs.
        """

        def write(connection: Connection) -> Iterable[Job]:
            held = workspaces.hold(connection, receipt.team)
            before = held.model_copy(update={"per_person": per_person})
            return self._list_leaders(connection, receipt, before, leaders, by)

        self._once(receipt, write)

    def begin_leaders(self, receipt: Receipt, leader: str, by: str) -> None:
        """List the first leader, while nobody is listed who is still there.

        Raises FlowError `not_a_leader` when somebody else has been listed in the meantime.
        """
        with self._database.write() as connection:
            before = workspaces.hold(connection, receipt.team)
            known = people.find_all(connection, receipt.team, set(before.leaders))
            there = [u for u in before.leaders if u not in known or not known[u].is_gone]
            if leader in there:
                return
            if there:
                raise FlowError("not_a_leader", field="leader")
            jobs = self._list_leaders(connection, receipt, before, (leader,), by)
        self._committed(jobs, marked=False)

    def note_example(self, team: str, by: str) -> None:
        """Note that an admin has tried the example: that much of getting ready is done."""
        with self._database.write() as connection:
            before = workspaces.hold(connection, team)
            if not before.example_tried:
                tried = before.model_copy(update={"example_tried": True})
                workspaces.keep(connection, tried, by, self._clock.now())

    def _list_leaders(
        self,
        connection: Connection,
        receipt: Receipt,
        before: Workspace,
        leaders: tuple[str, ...],
        by: str,
    ) -> tuple[Job, ...]:
        after = {"leaders": leaders, "installer": before.installer or by}
        workspaces.keep(connection, before.model_copy(update=after), by, self._clock.now())
        stayed = [leader for leader in before.leaders if leader in leaders]
        told = [
            Post(to=reader, kind=Kind.LEADERS, subject=f"{added}:{by}")
            for added in leaders
            if added not in before.leaders
            for reader in (added, *stayed)
            if not (reader == added == by)
        ]
        seq = f"leaders-{receipt.key[:16]}"
        return tuple(outbox.add(connection, receipt.team, "", seq, told, self._now()))

    def note_lesson(self, receipt: Receipt, question: str, by: str) -> None:
        """Propose no more that a question be required; whoever was told reads that it is noted."""

        def write(connection: Connection) -> Iterable[Job]:
            before = workspaces.hold(connection, receipt.team)
            noted = dict.fromkeys([*before.noted, question])
            known = before.model_copy(update={"noted": tuple(noted)})
            workspaces.keep(connection, known, by, self._clock.now())
            told = sorted({by, *learners(connection, before)})
            shown = [Refresh(to=user, kind=Kind.LESSON, subject=question) for user in told]
            outbox.mark_stale(connection, receipt.team, "", shown, self._now())
            return ()

        self._once(receipt, write, marked=True)

    def order_report(self, receipt: Receipt, wanted: Iterable[Post]) -> None:
        """Have somebody sent figures of many handovers."""

        def write(connection: Connection) -> Iterable[Job]:
            seq = f"order-{receipt.key[:16]}"
            return outbox.add(connection, receipt.team, "", seq, wanted, self._now())

        self._once(receipt, write)

    def order(self, receipt: Receipt, handover: Handover, wanted: Iterable[Post]) -> None:
        """Have somebody sent what they asked to see."""

        def write(connection: Connection) -> Iterable[Job]:
            seq = f"order-{receipt.key[:16]}"
            return outbox.add(connection, receipt.team, handover.id, seq, wanted, self._now())

        self._once(receipt, write)

    def order_of_book(self, receipt: Receipt, book: str, wanted: Iterable[Post]) -> None:
        """Have somebody sent what they asked to see of a book."""

        def write(connection: Connection) -> Iterable[Job]:
            seq = f"order-{receipt.key[:16]}"
            return outbox.add(connection, receipt.team, book, seq, wanted, self._now())

        self._once(receipt, write)

    def report_loss(self, connection: Connection, team: str, number: int) -> tuple[Job, ...]:
        """Have whoever installed the bot told that a message can never be delivered."""
        installer = workspaces.find(connection, team).installer
        if installer is None:
            return ()
        report = Post(to=installer, kind=Kind.LOSS, subject=str(number))
        return tuple(outbox.add(connection, team, "", "loss", [report], self._now()))

    def _once(
        self,
        receipt: Receipt,
        write: Callable[[Connection], Iterable[Job]],
        *,
        marked: bool = False,
    ) -> None:
        """A change that belongs to no handover, and what is to be said because of it."""
        with self._database.write() as connection:
            if not receipts.take(connection, receipt.team, receipt.key, self._now()):
                return
            jobs = tuple(write(connection))
        self._committed(jobs, marked=marked)

    def _now(self) -> int:
        return to_stored(self._clock.now())
