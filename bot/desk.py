"""The one door: everything that happens to a handover is recorded here, in one transaction.

Receipt, state, journal line, task rows and outbox rows commit together or not at all (law 1). Only
after the commit is delivery told; if the process dies in between, the reconciling tick finds the
rows. Nothing here talks to Slack.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from bot.calendars import days_off
from bot.clerk import Clerk, Recorded, Written
from bot.crash import crash_point
from bot.playbooks import Playbooks
from bot.times import Clock
from bot.transactions import written
from flows.advance import start
from flows.confidential.vault import VaultEvent, VaultOpened, open_vault
from flows.effects import Kind, Refresh
from flows.errors import FlowError
from flows.events import (
    CLOCK,
    AnswerGiven,
    AskAnswered,
    DaysOffLearned,
    Event,
    LeaderNamed,
    PersonBack,
    PersonGone,
    PersonRenamed,
    QuestionLanded,
    Started,
    TimePassed,
)
from flows.handover import Handover, Said
from flows.knowledge.interview import current_question
from flows.knowledge.landing import early_replies, filed
from flows.privacy import may_take_part
from flows.saying import OF_BOOK
from flows.schedule.away import began
from flows.staffing.joining import erased_at
from flows.terms import Confidential
from storage import handovers, outbox, people, posts, receipts, strays, undelivered
from storage.engine import Database
from storage.handovers import StaleWriteError, Stored
from storage.moments import to_stored
from storage.outbox import Job
from storage.people import Person
from storage.prepared import together


@dataclass(frozen=True, slots=True)
class Receipt:
    """What names a delivery of Slack, or a due moment: handled once, whatever comes twice."""

    team: str
    key: str


class NoAccountError(Exception):
    """A reply to a message of ours, `root`, that is about no handover."""

    def __init__(self, root: posts.Standing) -> None:
        super().__init__(root.kind)
        self.root = root


class NothingAskedError(Exception):
    """A reply to a message of ours, `root`, on which something is to be pressed."""

    def __init__(self, root: posts.Standing) -> None:
        super().__init__(root.kind)
        self.root = root


_PRESSED = frozenset(
    {
        *(Kind.LETTERS, Kind.APPROVAL, Kind.BOOK_APPROVAL, Kind.WANTED, Kind.OBJECTION),
        Kind.BACKUP,
    }
)


class TooEarlyError(Exception):
    """What is being delivered may be the message that is replied to; Slack is to come again."""


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
        self._clerk = Clerk(playbooks, clock, new_id)
        self._committed = committed

    def start(
        self, receipt: Receipt, event: Started, confidential: Confidential | None = None
    ) -> Recorded:
        """Create a handover and its vault. Raises FlowError with the form's field at fault."""
        playbook = self.playbooks.current
        self._read_holidays(event)
        step = start(event, playbook)
        opened = VaultOpened(
            at=event.at,
            by=event.by,
            handover=event.id,
            team=event.team,
            confidential=confidential,
        )
        vault = open_vault(opened, step.handover, playbook)

        def write(connection: Connection) -> Written:
            if not receipts.take(connection, receipt.team, receipt.key, self._now()):
                return Written(Recorded(step.handover, changed=False, again=True))
            return self._clerk.begin(connection, (event, step), (opened, vault))

        return self._settle(write)

    def record(
        self, receipt: Receipt, handover: str, event: Event, beside: VaultEvent | None = None
    ) -> Recorded:
        """Record what happened; `beside` is what only the vault is to know of it.

        Raises FlowError; `not_found` also where the person may not know of the handover.
        """

        def write(connection: Connection) -> Written:
            before, is_new = self._begin(connection, receipt, handover, event.by)
            if not is_new:
                return Written(Recorded(before.value, changed=False, again=True))
            return self._clerk.advance(connection, before, event, beside)

        return self._settle(write)

    def record_reply(
        self, receipt: Receipt, thread: tuple[str, str], user: str, said: Said
    ) -> Recorded | None:
        """Record a reply in a thread (channel and ts of its root); none if the thread is not ours.

        What it answers is looked up in the transaction that records it: the newest question that
        stood in the thread when the reply was sent. Raises FlowError as `record` does,
        TooEarlyError while it cannot be told whose thread it is, NoAccountError, and
        NothingAskedError where it stands under buttons.
        """

        def write(connection: Connection) -> Written | None:
            # Asked before the thread is looked for: what is noted in between is found there.
            too_early = undelivered.may_stand(connection, receipt.team, user)
            root = posts.root_of_thread(connection, receipt.team, *thread)
            if root is None and too_early:
                raise TooEarlyError
            if root is None:
                return None
            if not root.handover:
                raise NoAccountError(root)
            if root.kind in _PRESSED or len(posts.joined(connection, root)) > 1:
                raise NothingAskedError(root)
            if root.kind in OF_BOOK and too_early:
                # It may be the next account's question, and that would change whose answer it is.
                raise TooEarlyError
            about = _asked_in_book(connection, root, said) if root.kind in OF_BOOK else root
            loaded = handovers.load(connection, receipt.team, about.handover, lock=True)
            before = _seen_by(user, loaded)
            # Asked with the row locked: what is noted meanwhile waits, or is seen here.
            asked = _asked(connection, root, said)
            if asked and about is not root and asked.handover != about.handover:
                raise StaleWriteError(about.handover)
            event = self._answer(before.value, user, said, (root, asked))
            if event is None:
                # What is said of one account is never an answer about another.
                raise FlowError("no_question")
            if not receipts.take(connection, receipt.team, receipt.key, self._now()):
                return Written(Recorded(before.value, changed=False, again=True))
            return self._clerk.advance(connection, before, event)

        found = written(self.database, write)
        return self._told(found) if found else None

    def _answer(
        self,
        handover: Handover,
        user: str,
        said: Said,
        under: tuple[posts.Standing, posts.Standing | None],
    ) -> Event | None:
        """What a reply under a thread's root, and the question above it, is."""
        now, (root, asked) = self.clock.now(), under
        if root.kind == Kind.ASK:
            return AskAnswered(at=now, by=user, ask=root.subject, said=said)
        # A thread whose first question is not known to stand yet: it is the one that is open.
        question = asked.subject if asked else current_question(handover, user)
        return AnswerGiven(at=now, by=user, question=question, said=said) if question else None

    def record_in_vault(self, receipt: Receipt, handover: str, event: VaultEvent) -> Recorded:
        """Record what only leaders may know; the handover itself is not touched."""

        def write(connection: Connection) -> Written:
            before, is_new = self._begin(connection, receipt, handover, event.by)
            if not is_new:
                return Written(Recorded(before.value, changed=False, again=True))
            jobs = self._clerk.advance_vault(connection, before.value, event)
            return Written(Recorded(before.value, changed=True), jobs, edits=True)

        return self._settle(write)

    def file_stray(
        self, receipt: Receipt, message: tuple[str, str], user: str, handover: str
    ) -> Recorded:
        """Add a kept reply (channel and ts of its message) to the handover its author names.

        It answers the question that is open there, else it is kept with what is unsorted. Raises
        FlowError `already_filed`, and as `record` does.
        """

        def write(connection: Connection) -> Written:
            before, is_new = self._begin(connection, receipt, handover, user)
            if not is_new:
                return Written(Recorded(before.value, changed=False, again=True))
            stray = strays.find(connection, receipt.team, *message, user)
            if stray is None or stray.handover:
                raise FlowError("already_filed")
            strays.file(connection, receipt.team, *message, handover)
            event = filed(before.value, user, stray.said, self.clock.now())
            written = self._clerk.advance(connection, before, event)
            asked = Refresh(to=user, kind=Kind.WHICH, subject=":".join(message))
            outbox.mark_stale(connection, receipt.team, "", [asked], self._now())
            return replace(written, edits=True)

        return self._settle(write)

    def pass_time(self, team: str, handover: str) -> None:
        """Bring about what is due on a handover; a moment that was handled is not due any more."""

        def write(connection: Connection) -> Written:
            before = handovers.load(connection, team, handover, lock=True)
            if before is None:
                raise FlowError("not_found")
            now, until = self.clock.now(), erased_at(before.value)
            if until and until <= now:
                handovers.erase(connection, team, handover)
                return Written(Recorded(before.value, changed=True))
            event = TimePassed(at=now, by=CLOCK)
            return self._clerk.advance(connection, before, event)

        self._settle(write)

    def name_leader(self, receipt: Receipt, handover: str, event: LeaderNamed) -> Recorded:
        """Have somebody lead where nobody is left to; who names them need not know of it.

        That it is an admin is for the caller to know. Raises FlowError; `not_yours` where somebody
        leads.
        """

        def write(connection: Connection) -> Written:
            before = handovers.load(connection, receipt.team, handover, lock=True)
            if before is None:
                raise FlowError("not_found")
            if not receipts.take(connection, receipt.team, receipt.key, self._now()):
                return Written(Recorded(before.value, changed=False, again=True))
            return self._clerk.advance(connection, before, event)

        return self._settle(write)

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
        return self._clerk.advance(connection, before, event).jobs

    def person_gone(
        self,
        team: str,
        user: str,
        *,
        but_admitted: bool = False,
        between: Callable[[], None] | None = None,
    ) -> None:
        """Pass on what was somebody's whose Slack account was switched off (N16); or a guest's,
        and then `but_admitted`: a handover to which a leader admits them stays as it is.

        `between` is done after each handover, for whoever gives way to others.
        """
        self._with_everything_of(
            team,
            user,
            lambda at: PersonGone(at=at, by=CLOCK, user=user),
            unless=(lambda handover: handover.guests.has(user)) if but_admitted else None,
            between=between,
        )

    def person_back(self, person: Person) -> None:
        """Give somebody their part again whose account was switched off by mistake."""
        self._with_everything_of(
            person.team,
            person.user,
            lambda at: PersonBack(at=at, by=CLOCK, user=person.user),
        )

    def person_renamed(self, person: Person) -> None:
        """Have what is written from now on name somebody as they are called."""
        self._with_everything_of(
            person.team,
            person.user,
            lambda at: PersonRenamed(at=at, by=CLOCK, user=person.user, name=person.name),
        )

    def person_moved(self, person: Person) -> None:
        """Bring other days off to every plan of somebody who lives in another time zone now."""
        team, user = person.team, person.user
        with self.database.read() as connection:
            theirs = handovers.parts_of(connection, team, user)
            known = people.find(connection, team, user)
        there = replace(person, country=known.country if known else None)
        # As in `_read_holidays`: not while others wait to write.
        days_off(there, self.clock.now().date())
        for handover in theirs:

            def write(connection: Connection, handover: str = handover) -> Written:
                before = handovers.load(connection, team, handover, lock=True)
                if before is None:
                    raise FlowError("not_found")
                if user not in before.value.schedule.days_off:
                    return Written(Recorded(before.value, changed=False))
                off = {user: days_off(there, began(before.value))}
                event = DaysOffLearned(at=self.clock.now(), by=CLOCK, people=off)
                return self._clerk.advance(connection, before, event)

            self._settle(write)

    def _with_everything_of(
        self,
        team: str,
        user: str,
        happens: Callable[[datetime], Event],
        unless: Callable[[Handover], bool] | None = None,
        between: Callable[[], None] | None = None,
    ) -> None:
        """Record what happened to somebody on every handover in which they have a part."""
        with self.database.read() as connection:
            theirs = handovers.parts_of(connection, team, user)
        for handover in theirs:

            def write(connection: Connection, handover: str = handover) -> Written:
                before = handovers.load(connection, team, handover, lock=True)
                if before is None:
                    raise FlowError("not_found")
                if unless and unless(before.value):
                    return Written(Recorded(before.value, changed=False))
                return self._clerk.advance(connection, before, happens(self.clock.now()))

            self._settle(write)
            if between:
                between()

    def _read_holidays(self, event: Started) -> None:
        """Have holidays at hand before the transaction: the first reading takes half a second."""
        users = {party.user for party in (event.outgoing, event.incoming) if party and party.user}
        with self.database.read() as connection:
            known = people.find_all(connection, event.team, users | {event.leader})
        for person in known.values():
            days_off(person, event.at.date())

    def _settle(self, write: Callable[[Connection], Written]) -> Recorded:
        """Run a transaction, again if another replica was faster, then tell delivery."""
        return self._told(written(self.database, write))

    def _told(self, found: Written) -> Recorded:
        crash_point("desk.committed")
        self._committed(found.jobs, marked=found.edits)
        return found.recorded

    def _begin(
        self, connection: Connection, receipt: Receipt, handover: str, viewer: str
    ) -> tuple[Stored[Handover], bool]:
        """The handover, and whether this delivery comes for the first time; FlowError `not_found`
        leaves no receipt behind.
        """
        with together(connection):
            loaded = handovers.loading(connection, receipt.team, handover, lock=True)
            taken = receipts.taking(connection, receipt.team, receipt.key, self._now())
        return _seen_by(viewer, loaded()), taken()

    def _now(self) -> int:
        return to_stored(self.clock.now())


def _asked(connection: Connection, root: posts.Standing, said: Said) -> posts.Standing | None:
    """The question that stood newest in a thread when something was said there."""
    return posts.asked_before(connection, root.team, root.channel, root.ts, said.source)


def _asked_in_book(connection: Connection, root: posts.Standing, said: Said) -> posts.Standing:
    """The same in the thread of a book, where it tells the account. Raises NoAccountError."""
    asked = _asked(connection, root, said)
    if asked is None:
        raise NoAccountError(root)
    return asked


def _seen_by(viewer: str, found: Stored[Handover] | None) -> Stored[Handover]:
    if found is None or not may_take_part(found.value, viewer):
        raise FlowError("not_found")
    return found
