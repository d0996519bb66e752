"""An unhappy customer is heard out, and no point they raise gets lost (G24, N14)."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows import events as e
from flows.confidential.listening import Lack, Left, State, keeper, same_words, state_of
from flows.confidential.listening_events import (
    CallHeld,
    PointChanged,
    PointClosed,
    PointPassedOn,
    PointRaised,
    PointReopened,
    PointTold,
    WordGiven,
)
from flows.confidential.vault import (
    VAULT_EVENTS,
    Vault,
    VaultEvent,
    VaultStep,
    listening_call,
    unheard,
    vault_tasks,
)
from flows.confidential.word import word_for
from flows.effects import Kind, Post
from flows.errors import FlowError
from flows.handover import Given
from flows.happened import Happened
from flows.schedule.timeline import make_plan
from flows.terms import Confidential, Role, Word
from tests.flows.make import BORIS, IVAN, KIM, LENA, NEVER, OLGA, PLAYBOOK, ZOE, Story, party
from tests.flows.test_vault import CHECKS, WHY, after, filled, opened

DUE = date(2026, 12, 10)
TOLD_ON = date(2026, 12, 9)


def made(kind: type[Happened], story: Story, by: str, fields: dict[str, object]) -> VaultEvent:
    told = {"type": kind.model_fields["type"].default, "at": story.at, "by": by}
    return VAULT_EVENTS.validate_python(told | fields)


class Loop:
    """A handover with its vault, whose questions Lena has answered."""

    def __init__(self, why: Confidential | None = WHY, **change: object) -> None:
        self.story = Story(PLAYBOOK, **({"by": LENA} | change))
        self.vault: Vault = opened(self.story, why=why).vault
        self.step = self.write(filled())

    def write(self, event: VaultEvent) -> VaultStep:
        self.step = after(self.vault, self.story, event)
        self.vault = self.step.vault
        return self.step

    def does(self, kind: type[Happened], by: str = LENA, /, **fields: object) -> VaultStep:
        self.story.at += timedelta(minutes=1)
        return self.write(made(kind, self.story, by, fields))

    def refuses(self, kind: type[Happened], by: str = LENA, /, **fields: object) -> str:
        with pytest.raises(FlowError) as refused:
            self.does(kind, by, **fields)
        return refused.value.code

    def raises(self, key: str, said: str = "Nobody calls back.", owner: str = LENA) -> None:
        self.does(PointRaised, id=key, said=said, owner=owner, due=DUE)

    def passes_on(self, key: str, text: str, to: str = IVAN) -> None:
        """As the desk does it: the item and what the vault knows of it, at once."""
        made = f"action-{key}"
        self.story.does(LENA, e.ActionAdded, id=made, text=text, owner=party(to), due=DUE)
        self.does(PointPassedOn, id=key, action=made, text=text)

    def state(self, key: str) -> State:
        point = next(p for p in self.vault.listening.points if p.id == key)
        return state_of(self.story.handover, point)

    def left(self) -> list[Left]:
        return list(unheard(self.vault, self.story.handover, PLAYBOOK))

    def tasks(self) -> list[tuple[str, date]]:
        found = vault_tasks(self.vault, self.story.handover, PLAYBOOK)
        return [(task.owner, task.due) for task in found]


def held(why: Confidential | None = WHY) -> Loop:
    loop = Loop(why)
    loop.does(CallHeld, on=date(2026, 11, 30))
    return loop


def test_three_points_each_closed_and_told_before_it_can_be_completed() -> None:
    loop = held()
    for key in ("P1", "P2", "P3"):
        loop.raises(key)
    for key in ("P1", "P2"):
        loop.does(PointClosed, id=key)
        loop.does(PointTold, id=key, on=TOLD_ON)
    assert loop.left() == [Left(lack=Lack.CLOSE, point="P3")]
    assert loop.refuses(PointTold, id="P3", on=TOLD_ON) == "point_open"
    loop.does(PointClosed, id="P3")
    assert loop.left() == [Left(lack=Lack.TELL, point="P3")]
    loop.does(PointTold, id="P3", on=TOLD_ON)
    assert loop.left() == []
    assert loop.tasks() == []


def test_the_call_is_due_when_planned_and_before_the_introduction() -> None:
    loop = Loop()
    call = listening_call(loop.vault, loop.story.handover, PLAYBOOK)
    introduction = make_plan(loop.story.handover, PLAYBOOK).find("introduction")
    assert call
    assert introduction
    assert call.introduction == introduction.day
    assert (call.listeners, call.on, call.due) == ((KIM,), date(2026, 12, 1), date(2026, 12, 1))
    assert loop.tasks() == [(LENA, call.due)]
    assert loop.left() == [Left(lack=Lack.CALL)]
    late = {"listens_on": Given(values=("2027-02-01",))}
    loop.write(filled(answers={"UP2": e.FormAnswer(given=late)}))
    call = listening_call(loop.vault, loop.story.handover, PLAYBOOK)
    assert call
    assert call.on > introduction.day > call.due
    assert loop.tasks() == [(LENA, call.due)]
    loop.does(CallHeld, on=date(2026, 12, 1))
    assert loop.tasks() == []
    assert loop.left() == []


def test_a_customer_may_want_no_call() -> None:
    loop = Loop()
    loop.does(CallHeld, on=None)
    assert loop.left() == []


def test_the_outgoing_csm_does_not_hear_them_out() -> None:
    loop = Loop()
    theirs = {"listener": Given(values=(LENA, IVAN))}
    with pytest.raises(FlowError) as refused:
        loop.write(filled(answers=CHECKS | {"UP2": e.FormAnswer(given=theirs)}))
    assert (refused.value.code, refused.value.field) == ("outgoing_listens", "UP2.listener")


def test_no_point_ever_opens_leaders_checks_again() -> None:
    loop = held()
    done = loop.vault.checked_at
    loop.raises("P1")
    loop.does(PointClosed, id="P1")
    loop.does(PointReopened, id="P1")
    assert loop.vault.checked_at == done is not None
    assert loop.left()


def test_a_point_that_is_passed_on_is_done_when_the_action_is() -> None:
    loop = held()
    loop.raises("P1", "Your CSM never calls back!")
    loop.passes_on("P1", "Agree on a weekly call")
    assert loop.state("P1") is State.PASSED_ON
    action = loop.story.handover.records[-1]
    assert "never" not in action.model_dump_json()
    loop.story.does(IVAN, e.ItemDone, id=action.id)
    assert loop.state("P1") is State.CLOSED
    assert loop.left() == [Left(lack=Lack.TELL, point="P1")]
    loop.story.does(IVAN, e.ItemReopened, id=action.id)
    assert loop.state("P1") is State.PASSED_ON
    assert loop.refuses(PointTold, id="P1", on=TOLD_ON) == "point_open"
    loop.story.does(IVAN, e.ItemDone, id=action.id)
    loop.does(PointTold, id="P1", on=TOLD_ON)
    assert loop.left() == []


def test_what_is_passed_on_is_written_anew() -> None:
    loop = held()
    loop.raises("P1", "Your CSM never calls back!")
    same = {"id": "P1", "action": "A1", "text": " your csm never\ncalls back"}
    assert loop.refuses(PointPassedOn, **same) == "same_words"
    assert same_words("Ça va?", "ça va")
    assert not same_words("a b", "ab")


def test_what_is_passed_on_once_is_not_passed_on_again_until_it_is_open() -> None:
    loop = held()
    loop.raises("P1")
    loop.passes_on("P1", "Agree on a weekly call")
    again = {"id": "P1", "action": "A2", "text": "Write each week"}
    assert loop.refuses(PointPassedOn, **again) == "passed_on"
    loop.story.does(IVAN, e.ItemDone, id="action-P1")
    assert loop.refuses(PointPassedOn, **again) == "point_settled"
    loop.does(PointReopened, id="P1")
    assert loop.state("P1") is State.OPEN


def test_a_point_reads_otherwise_and_comes_back() -> None:
    loop = held()
    loop.raises("P1")
    loop.does(PointChanged, id="P1", said="Nobody writes back.", owner=BORIS, due=TOLD_ON)
    assert loop.tasks() == [(BORIS, TOLD_ON)]
    loop.does(PointClosed, id="P1")
    loop.does(PointTold, id="P1", on=TOLD_ON)
    loop.does(PointReopened, id="P1")
    assert loop.state("P1") is State.OPEN
    assert loop.vault.listening.points[0].said == "Nobody writes back."
    assert loop.refuses(PointClosed, id="P9") == "no_such_point"


def test_a_point_is_only_theirs_who_may_open_the_vault() -> None:
    loop = held()
    for user in (IVAN, OLGA, KIM, ZOE):
        said = {"id": "P1", "said": "x", "owner": user, "due": DUE}
        assert loop.refuses(PointRaised, **said) == "not_in_the_vault"
    loop.raises("P1", owner=BORIS)
    assert loop.tasks() == [(BORIS, DUE)]
    loop.story.does(e.CLOCK, e.PersonGone, user=BORIS)
    assert keeper(loop.story.handover, loop.vault.listening.points[0]) == LENA
    assert loop.tasks() == [(LENA, DUE)]


def test_a_point_without_anybody_left_stays_and_is_nobodys_task() -> None:
    loop = Loop(by=OLGA, why=None, backup=None)
    loop.raises("P1")
    loop.story.does(e.CLOCK, e.PersonGone, user=LENA)
    assert loop.story.handover.leader == OLGA
    assert loop.tasks() == []
    assert [point.id for point in loop.vault.listening.points] == ["P1"]
    assert loop.refuses(PointClosed, OLGA, id="P1") == "not_yours"


EVENTS: dict[type[Happened], dict[str, object]] = {
    CallHeld: {"on": date(2026, 11, 30)},
    PointRaised: {"id": "P2", "said": "x", "owner": LENA, "due": DUE},
    PointChanged: {"id": "P1", "said": "x", "owner": LENA, "due": DUE},
    PointClosed: {"id": "P1"},
    PointReopened: {"id": "P1"},
    PointTold: {"id": "P1", "on": TOLD_ON},
    PointPassedOn: {"id": "P1", "action": "A1", "text": "y"},
    WordGiven: {"to": OLGA, "word": Word.HEARD},
}


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
def test_only_whoever_may_open_the_vault_writes_in_it(kind: type[Happened]) -> None:
    for by in (LENA, BORIS, KIM):
        loop = Loop(by=KIM)
        loop.raises("P1")
        if kind is PointTold:
            loop.does(PointClosed, id="P1")
        loop.does(kind, by, **EVENTS[kind])
        event = made(kind, loop.story, by, EVENTS[kind])
        assert VAULT_EVENTS.validate_json(event.model_dump_json()) == event
    loop = Loop(by=KIM)
    loop.raises("P1")
    for by in (IVAN, OLGA, ZOE, e.CLOCK):
        before = loop.vault
        assert loop.refuses(kind, by, **EVENTS[kind]) == "not_yours"
        assert loop.vault == before


def test_a_draft_has_nothing_to_listen_to() -> None:
    story = Story(by=LENA, draft=True)
    vault = opened(story).vault
    event = PointRaised(at=story.at, by=LENA, id="P1", said="x", owner=LENA, due=DUE)
    with pytest.raises(FlowError, match="still_a_draft"):
        after(vault, story, event)


# --- The word to the incoming CSM


def test_the_incoming_csm_is_told_as_much_as_the_leader_chooses() -> None:
    loop = held()
    assert word_for(loop.vault.spoken, loop.story.handover, OLGA) is Word.NOTHING
    step = loop.does(WordGiven, to=OLGA, word=Word.HEARD)
    assert Post(to=OLGA, kind=Kind.WORD) in step.effects
    assert word_for(loop.vault.spoken, loop.story.handover, OLGA) is Word.HEARD
    for other in (IVAN, LENA, KIM, ZOE):
        assert word_for(loop.vault.spoken, loop.story.handover, other) is Word.NOTHING
    again = loop.does(WordGiven, to=OLGA, word=Word.HEARD)
    assert Post(to=OLGA, kind=Kind.WORD) not in again.effects
    loop.does(WordGiven, to=OLGA, word=Word.REASON)
    silent = loop.does(WordGiven, to=OLGA, word=Word.NOTHING)
    assert {effect.to for effect in silent.effects} == {LENA}


def test_a_successor_knows_nothing_of_what_the_one_before_was_told() -> None:
    loop = held()
    loop.does(WordGiven, to=OLGA, word=Word.REASON)
    loop.story.does(LENA, e.IncomingNamed, incoming=party(KIM))
    for user in (OLGA, KIM):
        assert word_for(loop.vault.spoken, loop.story.handover, user) is Word.NOTHING
    assert loop.refuses(WordGiven, to=OLGA, word=Word.HEARD) == "nobody_to_tell"


def test_nobody_is_told_who_may_not_know_of_the_handover_or_where_there_is_nothing() -> None:
    untold = Loop(tellings={Role.INCOMING: NEVER, Role.OUTGOING: NEVER})
    assert untold.refuses(WordGiven, to=OLGA, word=Word.HEARD) == "nobody_to_tell"
    plain = Loop(why=None)
    assert plain.refuses(WordGiven, to=OLGA, word=Word.REASON) == "nothing_confidential"
    plain.does(WordGiven, to=OLGA, word=Word.HEARD)
    assert plain.refuses(WordGiven, to=IVAN, word=Word.HEARD) == "nobody_to_tell"


# --- No sequence loses a point

KEYS = st.sampled_from(["P1", "P2", "P3"])
PEOPLE = st.sampled_from([LENA, BORIS, IVAN, OLGA, ZOE])
TEXTS = st.sampled_from(["Nobody calls back.", "It is slow.", "Write each week"])
ACTS: dict[str, type[Happened]] = {
    "raise": PointRaised,
    "change": PointChanged,
    "close": PointClosed,
    "reopen": PointReopened,
    "tell": PointTold,
    "pass": PointPassedOn,
    "done": e.ItemDone,
    "undone": e.ItemReopened,
    "gone": e.PersonGone,
}


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(sorted(ACTS)), KEYS, PEOPLE, TEXTS), max_size=25))
def test_no_sequence_loses_a_point(acts: list[tuple[str, str, str, str]]) -> None:
    loop, said = held(), dict[str, str]()
    for act, key, who, text in acts:
        before = loop.story.handover
        try:
            if act == "raise":
                loop.does(PointRaised, who, id=key, said=text, owner=LENA, due=DUE)
                said.setdefault(key, text)
            elif act == "change":
                loop.does(PointChanged, who, id=key, said=text, owner=who, due=DUE)
                said[key] = text
            elif act == "pass":
                loop.passes_on(key, text)
            elif act == "tell":
                loop.does(PointTold, who, id=key, on=TOLD_ON)
            elif act == "gone":
                loop.story.does(e.CLOCK, e.PersonGone, user=BORIS)
            elif act in ("done", "undone"):
                loop.story.does(LENA, ACTS[act], id=f"action-{key}")
            else:
                loop.does(ACTS[act], who, id=key)
        except FlowError:
            pass
        if issubclass(ACTS[act], (PointRaised, PointChanged, PointClosed, PointTold)):
            assert loop.story.handover is before
        assert {p.id: p.said for p in loop.vault.listening.points} == said
        left = {one.point for one in loop.left()}
        states = {key: loop.state(key) for key in said}
        assert left == {key for key, state in states.items() if state is not State.TOLD}
        # Whatever is left is somebody's who may look.
        assert {owner for owner, _ in loop.tasks()} <= {LENA, BORIS}
        assert bool(loop.tasks()) == bool(left)
