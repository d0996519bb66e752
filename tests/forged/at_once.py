"""Two people press the same at the same moment, each on another replica: a walk of what there is.

Whatever the bot shows to anybody is pressed by whom it was shown to, and in the same moment by them
once more, or by somebody else. A modal that opens is filled and sent by both. In between everybody
goes on with what is theirs, so that other buttons come up.
"""

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from threading import Barrier, Thread
from typing import Any

from sqlalchemy import select

from bot import payloads
from bot.listeners.clicks import event_of
from flows.advance import advance, replay
from flows.confidential.vault import VAULT_EVENTS
from flows.errors import FlowError
from flows.handover import Handover
from storage import journal, tables
from tests.audit.faults import faults
from tests.forged.alarms import Alarms
from tests.forged.screens import WORDS, Pressable, in_view, on_screens, pressed, submitted
from tests.forged.world import Answer, World, encoded
from tests.simulation.company import TEAM

JSON = dict[str, Any]

_NOBODYS = frozenset({"by", "at", "id", "day", "today"})
"""What differs between two who say the same."""
_SIGNED = re.compile(f"{WORDS} U[0-9A-Z]+")
OWN = frozenset(
    {
        *("reason_agreed", "asked", "answer_given", "pasted", "somebody_asked", "mood_given"),
        *("changes_requested", "session_debriefed", "touched", "record_added"),
        *("interview_finished", "session_logged", "invitation_fetched", "resumed"),
        *("section_filled", "unknown_declared", "pack_answered"),
    }
)
"""What each says for themselves, so that two of it are two."""
ANEW = frozenset(
    {
        *("warning_answered", "word_given", "milestone_moved", "interim_named", "checks_filled"),
        *("leader_named", "dates_changed", "incoming_named", "reason_worded", "letter_worded"),
        "followed_up",
    }
)
"""What may be said anew: of two who decide the same at once, both are on record."""


MOOT = frozenset({"switch", "plan-move", "cover-note"})
"""What needs no second reason: the other wanted what has just been done, and reads that it is."""


@dataclass
class Walk:
    """What was pressed by two, and what came of it."""

    world: World
    alarms: Alarms
    seed: int
    pressed: Counter[str] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)
        self._seen = Counter[tuple[str, str, str]]()
        self._journal = self._lines()

    def go(self, rounds: int, each: int) -> None:
        for _ in range(rounds):
            for _ in range(each):
                found = [one for one in on_screens(self.world) if not self._seen[one.key]]
                if not found:
                    break
                fewest = min(self.pressed[one.name] for one in found)
                rare = [one for one in found if self.pressed[one.name] == fewest]
                self._press(self.chance.choice(rare))
            self.world.goes_on(1)
            self.world.deliver()
            self._journal = self._lines()
        self.world.settled()
        self._is_whole()

    # --- Two at once

    def _press(self, what: Pressable) -> None:
        self._seen[what.key] += 1
        self.pressed[what.name] += 1
        other = self._other(what.user)
        both = [pressed(self.world, what, by) for by in (what.user, other)]
        wanted = self._would(both[0])
        views = self._at_once(what.name, both, wanted=wanted)
        mine, theirs = views
        if mine is not None:
            self._send_at_once(mine, theirs or mine, (what.user, other))
            self._inside(what.user, mine)

    def _inside(self, user: str, view: JSON) -> None:
        """What stands in a modal is pressed too, if it was not yet."""
        view = view | {"id": f"VIN{sum(self.pressed.values())}"}
        for what in in_view(user, view):
            if not self.pressed[what.name] or not self._seen[what.key]:
                self._seen[what.key] += 1
                self.pressed[what.name] += 1
                other = self._other(user)
                both = [pressed(self.world, what, by) for by in (user, other)]
                mine, theirs = self._at_once(what.name, both, wanted=False)
                if mine is not None and mine.get("submit"):
                    self._send_at_once(mine, theirs or mine, (user, other))

    def _send_at_once(self, mine: JSON, theirs: JSON, who: tuple[str, str]) -> None:
        """Both send what they see; what comes in its place is sent as well."""
        for _ in range(3):
            if not mine.get("submit"):
                return
            self.sent[mine["callback_id"]] += 1
            # Whoever presses twice has one modal, and sends it twice.
            known_as = f"VS{sum(self.sent.values())}" if who[0] == who[1] else ""
            both = [
                submitted(self.world, view, by, known_as)
                for view, by in zip((mine, theirs), who, strict=True)
            ]
            mine_next, theirs_next = self._at_once(mine["callback_id"], both, wanted=False)
            if mine_next is None:
                return
            mine, theirs = mine_next, theirs_next or mine_next

    def _at_once(
        self, name: str, both: list[JSON], *, wanted: bool
    ) -> tuple[JSON | None, JSON | None]:
        """The views that come up for each of them, if any do."""
        world, barrier = self.world, Barrier(2)
        shown_before, told_before = len(world.slate.shown), len(world.slate.told)
        answers: list[Answer] = [Answer(0), Answer(0)]

        def presses(number: int) -> None:
            body, content_type = encoded("interactive", both[number])
            barrier.wait(10)
            answers[number] = world.post(body, content_type, number % len(world.houses))

        threads = [Thread(target=presses, args=(number,)) for number in (0, 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        world.settled()
        shown, told = world.slate.shown[shown_before:], world.slate.told[told_before:]
        self._judge(name, both, answers, wanted=wanted, noticed=[*shown, *told])
        found = [
            _view_of(payload, answer, shown) for payload, answer in zip(both, answers, strict=True)
        ]
        return found[0], found[1]

    def _judge(
        self,
        name: str,
        both: list[JSON],
        answers: list[Answer],
        *,
        wanted: bool,
        noticed: list[tuple[str, Any]],
    ) -> None:
        who = [payload["user"]["id"] for payload in both]
        problems = self.alarms.take()
        problems += [f"answered {one.status}" for one in answers if one.status != 200]
        new = self._new_lines()
        for line in new:
            if line["by"] not in {*who, "clock"}:
                problems.append(f"{line['type']} by {line['by']}")
        said = Counter(_said(line) for line in new)
        doubled = [what for what, times in said.items() if times > 1 and what[1] not in OWN | ANEW]
        same = who[0] == who[1]
        if same:
            doubled = [what for what, times in said.items() if times > 1]
        problems += [f"twice: {what}" for what in doubled]
        if wanted and not new:
            problems.append("nobody's was taken")
        by = {line["by"] for line in new}
        loser = next((n for n in (0, 1) if who[n] not in by), None)
        if by & {*who} and loser is not None and not same and not answers[loser].body:
            marks = {who[loser], both[loser]["trigger_id"], both[loser].get("response_url")}
            typed = WORDS in json.dumps(both[loser])
            if typed and name not in MOOT and not any(mark in marks for mark, _ in noticed):
                problems.append(f"what {who[loser]} typed is lost; {sorted(said)}")
        self.outcomes[f"{'the same' if same else 'two'}: {min(len(new), 3)} lines"] += 1
        if problems:
            self.faults.append("\n".join([f"{self.seed} {name} {who}", *problems]))

    def _other(self, user: str) -> str:
        """Who else presses: the same person once more, somebody of a handover, or any colleague."""
        if self.chance.random() < 0.4:
            return user
        row = self.chance.choice(self.world.all_handovers())
        parties = (row.outgoing.user, row.incoming and row.incoming.user, row.leader, row.backup)
        known = [one for one in parties if one]
        return self.chance.choice(known or list(self.world.members))

    def _would(self, click: JSON) -> bool:
        """Whether this click alone would change its handover."""
        found = payloads.read(payloads.click, click)
        try:
            if (event := event_of(found, self.world.clock.now())) is None:
                return False
            before = self.world.stored(event[0].h)
            after = advance(before, event[1], self.world.bot.desk.playbooks.current).handover
        except (FlowError, ValueError, AssertionError):
            return False
        return after != before

    # --- What is stored

    def _lines(self) -> set[tuple[str, str, int]]:
        with self.world.bot.database.read() as connection:
            lines = tables.journal.c
            rows = connection.execute(select(lines.aggregate, lines.handover, lines.seq)).all()
        return {(row[0], row[1], row[2]) for row in rows}

    def _new_lines(self) -> list[JSON]:
        with self.world.bot.database.read() as connection:
            found = connection.execute(select(tables.journal)).mappings().all()
        new = [
            dict(row)
            for row in found
            if (row["aggregate"], row["handover"], row["seq"]) not in self._journal
        ]
        self._journal |= {(row["aggregate"], row["handover"], row["seq"]) for row in new}
        return new

    def _is_whole(self) -> None:
        """Every journal is whole, and tells every document."""
        playbook = self.world.bot.desk.playbooks.current
        self.faults += [str(fault) for fault in faults(self.world.bot.database)]
        with self.world.bot.database.read() as connection:
            for aggregate, id, _ in {(a, i, 0) for a, i, _ in self._lines()}:  # noqa: A001
                if aggregate == journal.VAULT:
                    for event in journal.vault_events_of(connection, TEAM, id):
                        assert VAULT_EVENTS.validate_json(event.model_dump_json()) == event
            for row in self.world.all_handovers():
                told = replay(journal.events_of(connection, TEAM, row.id), playbook)
                if _plain(told) != _plain(row):
                    self.faults.append(f"the journal of {row.id} tells something else")


def _plain(handover: Handover) -> JSON:
    return handover.model_dump(mode="json")


def _said(line: JSON) -> tuple[str, str, str, str]:
    """What a line says, whoever said it when."""
    content = json.loads(line["payload"])
    left = {key: value for key, value in content.items() if key not in _NOBODYS}
    words = _SIGNED.sub(WORDS, json.dumps(left, sort_keys=True))
    return line["aggregate"], line["type"], line["handover"], words


def _view_of(payload: JSON, answer: Answer, shown: list[tuple[str, JSON]]) -> JSON | None:
    """The modal that came up for a payload: opened by its trigger, or in the answer."""
    opened = next((view for trigger, view in shown if trigger == payload["trigger_id"]), None)
    if opened is not None:
        return opened
    body = json.loads(answer.body) if answer.body.startswith("{") else {}
    found: JSON | None = body.get("view")
    return found
