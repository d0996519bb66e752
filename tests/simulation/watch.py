"""What must hold at any moment, whoever does what: looked at after each step, from outside."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, select

from bot.delivery.port import Message
from flows.customer.sentiment import red_without_action
from flows.effects import ROOTS, Kind
from flows.end.completing import is_over
from flows.errors import FlowError
from flows.handover import Handover, Stage
from flows.privacy import everybody, is_announced, may_take_part
from flows.side_by_side.lead import lead_now
from flows.tasks import ADMINS, all_tasks
from storage import handovers, outbox, tables
from storage.moments import to_stored
from storage.tasks import OwnTask
from tests.clocks import HandClock
from tests.simulation.company import CHANNEL, TEAM, Member
from tests.simulation.house import House
from tests.simulation.overtaken import is_overtaken
from tests.simulation.post_office import Letter

_ACCOUNT = re.compile(r"Globex\d{4}")
_OPENS, _CLOSES = time(9, 30), time(16, 30)
_EDIT = "an edit"
_MOST_A_DAY = 3
_TOGETHER = timedelta(minutes=10)
_AT_ONCE = ROOTS | {Kind.QUESTION, Kind.PLAN, Kind.PLAN_PICTURE}
_PATIENCE = 6
"""On so many days somebody is refused what their task asks of them, before it counts as stuck."""
_ANOTHER_STEP = frozenset({"no_backup", "no_reason"})
"""What a refusal names that somebody has to see to first, with a task or a button of its own."""
_SOURCE = (tables.outbox.c.id, tables.outbox.c.handover, tables.outbox.c.person)
_ROW = select(
    *_SOURCE,
    tables.outbox.c.kind,
    tables.outbox.c.subject,
    tables.outbox.c.created_at,
    tables.outbox.c.not_before,
    tables.outbox.c.state,
    tables.outbox.c.quiet,
)
_JOINED = (
    _ROW.join(
        tables.posts,
        (tables.posts.c.team == tables.outbox.c.team) & (tables.posts.c.key == tables.outbox.c.key),
    )
    .where(tables.posts.c.place > 0, tables.posts.c.stale_since.is_not(None))
    .add_columns(tables.outbox.c.key)
)
"""What has been added to a message since that was last brought up to date."""
_VERSIONS = select(tables.handovers.c.id, tables.handovers.c.version)
_STANDING = select(tables.handovers.c.id).where(
    tables.handovers.c.stage == Stage.IN_FLIGHT.value,
    tables.handovers.c.due_at.is_(None),
    ~select(tables.tasks.c.key)
    .where(
        tables.tasks.c.team == tables.handovers.c.team,
        tables.tasks.c.handover == tables.handovers.c.id,
    )
    .exists(),
)
_AFTER_THE_END = frozenset(
    {
        *(Kind.CANCELLED, Kind.CLOSED, Kind.ASK, Kind.ASK_REPLY, Kind.FOLLOW_UP, Kind.AFTERCARE),
        *(Kind.AGENDA, Kind.LEADERS, Kind.WORD, Kind.NOTICE, Kind.FOLLOWED_UP),
        *(Kind.PERSON, Kind.DATES),
    }
)


@dataclass
class Problem:
    """Something that does not hold: which check, when, and what was seen."""

    check: str
    at: datetime
    seen: str


@dataclass
class Watch:
    """Looks at what is posted and at what is stored."""

    house: House
    members: Mapping[str, Member]
    clock: HandClock
    problems: list[Problem] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._acts: dict[int, str] = {}
        self._posted: set[str] = set()
        self._agendas: set[tuple[str, str]] = set()
        self._unasked: dict[tuple[str, str], list[tuple[datetime, str]]] = {}
        self._last: dict[tuple[str, bool], tuple[int, str]] = {}
        self._versions: dict[str, int] = {}
        self._accounts: dict[str, str] = {}
        self._refused: dict[tuple[str, ...], set[str]] = {}
        self._reds: dict[tuple[str, str], tuple[datetime, str]] = {}
        self._told_red: dict[tuple[str, str], datetime] = {}
        self._knew: set[tuple[str, str]] = set()

    def acts(self, user: str) -> None:
        """Somebody does something now: what comes of it to themselves is an answer."""
        self._acts[to_stored(self.clock.now())] = user

    def refused(self, task: OwnTask, user: str, error: FlowError) -> None:
        """A task was not done as its kind is done; some days in a row it cannot be done at all."""
        if error.code in _ANOTHER_STEP:
            return
        key = (task.handover, task.todo, task.subject, user, error.code)
        days = self._refused.setdefault(key, set())
        days.add(self.clock.now().date().isoformat())
        if len(days) == _PATIENCE:
            self._tell("doable", f"{key} {error.field}")

    def posted(self, letter: Letter) -> None:
        """A message landed."""
        with self._reading() as connection:
            row = connection.execute(_ROW.where(tables.outbox.c.key == letter.key)).one()
            self._posted_as(row, letter)

    def _posted_as(self, row: Any, letter: Letter) -> None:  # noqa: ANN401
        if row.kind == Kind.DIGEST:
            self.counts["digest"] += 1
            self._announced(letter.text, json.dumps(letter.blocks), letter.key)
            return
        now, user = self.clock.now(), letter.channel[1:]
        self.counts[row.kind] += 1
        what = f"{letter.key} to {self.members[user].name}: {letter.text[:80]!r}"
        if letter.key in self._posted:
            self._tell("once", what)
        self._posted.add(letter.key)
        if row.state != outbox.PENDING or row.person != user:
            self._tell("once", f"{what} {row.state}")
        if to_stored(now) < row.not_before:
            self._tell("due", what)
        if self.members[user].is_gone:
            self._tell("gone", what)
        self._in_order(row, letter)
        if handover := self._load(row.handover):
            self._holds(handover, row, what)
        self._knows(user, letter.text, json.dumps(letter.blocks), what)
        if row.kind == Kind.AGENDA:
            self._agenda(user, letter, row.subject, what)
        elif row.quiet:
            self._unasked_for(Kind(row.kind), letter, what)
        elif self._acts.get(row.created_at) != user and row.kind not in _AT_ONCE:
            self._tell("loud", what)

    def _hears_of_joined(self, connection: Connection) -> None:
        """Something was added to a message that stands: to its reader's eyes it comes now."""
        for row in [row for row in connection.execute(_JOINED) if row.key not in self._posted]:
            what = f"{row.key} joined"
            self.counts["joined"] += 1
            self._posted.add(row.key)
            if self.members[row.person].is_gone:
                self._tell("gone", what)
            if not _suits(self.members[row.person], self.clock.now()):
                self._tell("hours", what)
            if handover := self._load(row.handover):
                self._holds(handover, row, what)

    def _holds(self, handover: Handover, row: Any, what: str) -> None:  # noqa: ANN401
        """What a message is about is so now."""
        if is_over(handover) and Kind(row.kind) not in _AFTER_THE_END:
            self._tell("over", what)
        if is_overtaken(handover, self.house.bot.desk.playbooks.current, row):
            self._tell("overtaken", what)
        if row.kind == Kind.RED:
            self._told_red.setdefault((handover.id, row.subject), self.clock.now())

    def edited(self, channel: str, message: Message) -> None:
        """A message says something else."""
        self.counts["edit"] += 1
        with self._reading() as connection:
            self._hears_of_joined(connection)
            blocks, what = json.dumps(list(message.blocks)), f"{_EDIT}: {message.text[:200]}"
            if channel == CHANNEL:
                self.counts["digest edit"] += 1
                self._announced(message.text, blocks, what)
            else:
                self._knows(channel[1:], message.text, blocks, f"{what} for {channel}")

    def look(self) -> None:
        """Look at what was added, and at every handover that has changed."""
        with self._reading() as connection:
            self._hears_of_joined(connection)
            versions = {row.id: row.version for row in connection.execute(_VERSIONS)}
            changed = [key for key, known in versions.items() if self._versions.get(key) != known]
            self._versions = versions
            for key in changed:
                if handover := self._load(key):
                    self._handover(handover)

    def ended(self) -> None:
        """Look at how it ended."""
        with self._reading() as connection:
            for dead in connection.execute(_ROW.where(tables.outbox.c.state == outbox.DEAD)):
                self._tell("dead", f"{dead}")
            for key in connection.execute(_STANDING).scalars():
                self._tell("stuck", f"{key} has neither a task nor a moment")
        for known, (since, leader) in self._reds.items():
            told = self._told_red.get(known, self.clock.now())
            if told > self._to_hear_by(self.members[leader], since):
                self._tell("red", f"{known} since {since}, told {told}")

    def _to_hear_by(self, member: Member, since: datetime) -> datetime:
        """The end of their working day; of the next one where this one had all it may have."""
        end = _end_of_working_day(member, since)
        told = self._unasked.get((member.user, end.date().isoformat()), [])
        if len(told) < _MOST_A_DAY:
            return end
        return _end_of_working_day(member, end + timedelta(minutes=1))

    def _handover(self, handover: Handover) -> None:
        self._accounts[handover.account] = handover.id
        self._knew |= {(user, handover.id) for user in everybody(handover)}
        if not handover.started_at:
            return
        playbook = self.house.bot.desk.playbooks.current
        who, _ = lead_now(handover)
        there = self.members.get(who)
        if handover.stage is Stage.IN_FLIGHT:
            spans = handover.leading.spans
            if (there and there.is_gone and not handover.leader_gone) or not who:
                self._tell("lead", f"{handover.id}: {who} leads")
            if not spans or spans[-1].who != who:
                self._tell("lead", f"{handover.id}: {who} leads, and stands nowhere")
        for task in all_tasks(handover, playbook):
            owner = self.members.get(task.owner)
            if task.owner != ADMINS and (owner is None or owner.is_gone):
                self._tell("owner", f"{handover.id}: {task.key}")
        reds = {(handover.id, red.key) for red in red_without_action(handover)}
        for known in reds - set(self._reds):
            self._reds[known] = (self.clock.now(), handover.leader)
        for known in [known for known in self._reds if known[0] == handover.id]:
            if known not in reds:
                # Whoever saw to it in time need not be told.
                self._told_red.setdefault(known, self.clock.now())

    def _in_order(self, row: Any, letter: Letter) -> None:  # noqa: ANN401
        """What is said to one person at once is said in order, and so is what may wait; but for a
        question, and after trouble.
        """
        if row.kind == Kind.QUESTION:
            return
        last, key = self._last.get((letter.channel, row.quiet), (0, ""))
        if row.id < last and not self.house.office.faulty:
            self._tell("order", f"{letter.key} after {key}")
        self._last[letter.channel, row.quiet] = max((row.id, letter.key), (last, key))

    def _knows(self, user: str, text: str, blocks: str, what: str) -> None:
        """Nothing names a handover to somebody who may not know of it."""
        for account in set(_ACCOUNT.findall(text)) | set(_ACCOUNT.findall(blocks)):
            handover = self._load(self._accounts.get(account, ""))
            if handover and not may_take_part(handover, user):
                # What stands with whoever is replaced says so, once more.
                left = what.startswith(_EDIT) and (user, handover.id) in self._knew
                if not left:
                    self._tell("untold", f"{account} in {what}")

    def _announced(self, text: str, blocks: str, what: str) -> None:
        """What stands in a channel everybody on it knows."""
        for account in set(_ACCOUNT.findall(text)) | set(_ACCOUNT.findall(blocks)):
            self.counts["in digests"] += 1
            handover = self._load(self._accounts.get(account, ""))
            if handover is None or not is_announced(handover):
                self._tell("unannounced", f"{account} in {what}")

    def _agenda(self, user: str, letter: Letter, day: str, what: str) -> None:
        """One a day, in their hours, of what is open now."""
        member, local = self.members[user], self.members[user].local(self.clock.now())
        if (user, day) in self._agendas or day != local.date().isoformat():
            self._tell("agenda", f"{what} on {local}")
        self._agendas.add((user, day))
        if not _suits(member, self.clock.now()):
            self._tell("agenda hours", f"{what} at {local}")
        for ref in _refs(letter):
            handover = self._load(ref.get("h", ""))
            if handover is None or not ref.get("t") or ref["t"].startswith("leaders_checks"):
                continue
            owed = all_tasks(handover, self.house.bot.desk.playbooks.current)
            if all(task.key != ref["t"] for task in owed):
                self._tell("done meanwhile", f"{ref} in {what}")

    def _unasked_for(self, kind: Kind, letter: Letter, what: str) -> None:
        """In their hours; joined and counted, but for what is answered in its thread."""
        user, now, faulty = letter.channel[1:], self.clock.now(), self.house.office.faulty
        member = self.members[user]
        if not _suits(member, now):
            self._tell("hours", f"{what} at {member.local(now)}")
        if kind is Kind.QUESTION:
            return
        told = self._unasked.setdefault((user, member.local(now).date().isoformat()), [])
        # What Slack did not take at first counts from then, and came later.
        if told and now - told[-1][0] < _TOGETHER and told[-1][1] not in faulty:
            self._tell("joined", f"{what} after {told[-1][1]}")
        told.append((now, letter.key))
        if len(told) == _MOST_A_DAY + 1:
            self._tell("cap", f"{member.name} on {now.date()}")

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """One transaction for all that is looked at now."""
        with self.house.bot.database.read() as self._connection:
            yield self._connection

    def _load(self, key: str) -> Handover | None:
        stored = handovers.load(self._connection, TEAM, key) if key else None
        return stored.value if stored else None

    def _tell(self, check: str, seen: str) -> None:
        self.problems.append(Problem(check, self.clock.now().astimezone(UTC), seen))


def _end_of_working_day(member: Member, at: datetime) -> datetime:
    """The end of the day on which somebody who works is to hear of what happened."""
    local = member.local(at)
    day = local.date() + timedelta(days=local.time() >= _CLOSES)
    while not member.works(day):
        day += timedelta(days=1)
    return datetime.combine(day, time.max, local.tzinfo)


def _suits(member: Member, at: datetime) -> bool:
    """Whether somebody is at work, and wants to be told something."""
    local = member.local(at)
    return (
        _OPENS <= local.time() < _CLOSES
        and member.works(local.date())
        and member.quiet_until(at) is None
    )


def _refs(letter: Letter) -> list[dict[str, str]]:
    """What the rows of buttons in a message are about."""
    named = (str(block.get("block_id", "")) for block in letter.blocks)
    return [json.loads(name) for name in named if name.startswith("{")]
