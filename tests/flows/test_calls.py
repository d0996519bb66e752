"""The calls of a plan: their times, and which invitation who has."""

from datetime import date, time, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows import events as e
from flows.customer.coverage_events import Intended
from flows.customer.introductions import Channel
from flows.errors import FlowError
from flows.saying import Kind, Refresh
from flows.schedule import calls as c
from flows.schedule.calls import Call, calls, find_call, guests, is_stale, lack_time
from flows.schedule.planning import milestone_done
from flows.schedule.timeline import make_plan
from flows.tasks import Todo, all_tasks
from flows.terms import RecordKind, Segment
from tests.flows.make import BORIS, IVAN, LENA, OLGA, PLAYBOOK, Story, party, posts

if TYPE_CHECKING:
    from flows.schedule.appointments import Appointment

FAR = date(2027, 2, 26)
TEN = time(10)


def told(segment: Segment = Segment.MID_MARKET) -> Story:
    return Story(segment=segment, day=FAR)


def call(story: Story, key: str = "call") -> Call:
    return find_call(story.handover, PLAYBOOK, key)


def times(story: Story, key: str = "call", start: time | None = TEN, zone: str = "UTC") -> None:
    story.does(IVAN, e.CallTimed, key=key, start=start, zone=zone, minutes=60)


def moves(story: Story, days: int, key: str = "call") -> None:
    """Lena gives a call another day."""
    day = call(story, key).appointment.day + timedelta(days=days)
    story.does(LENA, e.MilestoneMoved, key=key, day=day, insist=True, why="It suits them.")


def fetches(story: Story, by: str, key: str = "call", *, approved: bool = True) -> None:
    story.at += timedelta(minutes=1)
    event = story.event(e.InvitationFetched, by, key=key)
    story.handover = c.invitation_fetched(
        story.handover, event, PLAYBOOK, lambda _handover: approved
    )


def test_calls_come_by_day_without_a_time_at_first() -> None:
    found = calls(told().handover, PLAYBOOK)
    assert [one.key for one in found] == ["call", "introduction", "shadow_1", "reverse_1"]
    assert all(one.appointment.start is None and one.sequence == 0 for one in found)
    assert [one.with_customer for one in found] == [False, True, True, True]
    assert [one.appointment.minutes for one in found] == [60, 45, 45, 45]
    longer = calls(told(segment=Segment.ENTERPRISE).handover, PLAYBOOK)
    assert {one.key for one in longer} == set(PLAYBOOK.calls)


def test_a_call_gets_a_time_and_may_be_all_day() -> None:
    story = told()
    times(story, zone="Europe/Lisbon")
    assert (call(story).appointment.start, call(story).appointment.zone) == (TEN, "Europe/Lisbon")
    assert Refresh(to=LENA, kind=Kind.PLAN) in story.effects
    same = {"key": "call", "start": TEN, "zone": "Europe/Lisbon", "minutes": 60}
    story.ignores(OLGA, e.CallTimed, **same)
    times(story, start=None)
    assert call(story).appointment.start is None
    assert story.refuses(IVAN, e.CallTimed, **(same | {"key": "pack"})) == "no_such_milestone"


def test_somebody_is_asked_for_a_time_until_there_is_one() -> None:
    story = told()
    plan = make_plan(story.handover, PLAYBOOK)
    asked = {one.key: (who, due) for one, who, due in lack_time(story.handover, PLAYBOOK, plan)}
    assert set(asked) == {"call", "introduction"}
    who, due = asked["introduction"]
    assert who == IVAN
    assert due < call(story, "introduction").appointment.day
    todos = {task.todo for task in all_tasks(story.handover, PLAYBOOK)}
    assert Todo.SET_TIME not in todos
    story.does(OLGA, e.Accepted)
    story.answers_everything(IVAN)
    mine = {t.subject for t in all_tasks(story.handover, PLAYBOOK) if t.todo is Todo.SET_TIME}
    assert mine == {"call", "introduction"}
    times(story)
    times(story, "introduction", start=None)
    assert Todo.SET_TIME not in {task.todo for task in all_tasks(story.handover, PLAYBOOK)}


def test_an_invitation_is_sent_each_time_it_is_fetched() -> None:
    story = told()
    for _ in range(2):
        said = story.does(OLGA, e.InvitationFetched, key="call")
        assert posts(said) == [(Kind.INVITATION, "call")]
        assert posts(said, OLGA) == [(Kind.INVITATION, "call")]
        assert Refresh(to=OLGA, kind=Kind.PLAN) in said
    assert call(story).sequence == 0


def test_a_moved_date_marks_what_was_fetched_as_stale() -> None:
    story = told()
    story.does(OLGA, e.InvitationFetched, key="call")
    assert not is_stale(story.handover, call(story), OLGA)
    moves(story, 7)
    assert call(story).sequence == 1
    assert is_stale(story.handover, call(story), OLGA)
    assert not is_stale(story.handover, call(story), IVAN)
    assert Refresh(to=OLGA, kind=Kind.PLAN) in story.effects
    story.does(OLGA, e.InvitationFetched, key="call")
    assert call(story).sequence == 1
    assert not is_stale(story.handover, call(story), OLGA)
    times(story)
    assert call(story).sequence == 2
    story.does(IVAN, e.InvitationFetched, key="call")
    assert is_stale(story.handover, call(story), OLGA)
    assert not is_stale(story.handover, call(story), IVAN)


def test_what_moves_back_before_anybody_fetched_it_is_the_same_invitation() -> None:
    story = told()
    story.does(OLGA, e.InvitationFetched, key="call")
    moves(story, 7)
    moves(story, -7)
    assert call(story).sequence == 0
    assert not is_stale(story.handover, call(story), OLGA)


def test_other_people_make_it_another_invitation() -> None:
    story = told()
    story.does(IVAN, e.InvitationFetched, key="call")
    story.does(LENA, e.IncomingNamed, incoming=party("UNEW"))
    assert call(story).appointment.people == (IVAN, "UNEW")
    assert is_stale(story.handover, call(story), IVAN)


def test_nothing_is_for_the_customer_before_the_approval() -> None:
    story = told()
    with pytest.raises(FlowError, match="locked"):
        fetches(story, IVAN, "introduction", approved=False)
    fetches(story, IVAN, "introduction")
    fetches(story, IVAN, "call", approved=False)


def test_a_dropped_call_is_cancelled_where_it_was_fetched() -> None:
    story = told(segment=Segment.ENTERPRISE)
    fetches(story, OLGA, "shadow_2")
    fetches(story, OLGA, "reverse_2")
    before = call(story, "shadow_2")
    short = story.handover.model_copy(update={"day": date(2026, 12, 18)})
    story.handover = short
    dropped = call(story, "shadow_2")
    assert dropped.milestone is None
    assert dropped.appointment == before.appointment
    assert dropped.sequence == 1
    assert is_stale(story.handover, dropped, OLGA)
    assert not is_stale(story.handover, dropped, IVAN)
    fetches(story, OLGA, "shadow_2")
    assert call(story, "shadow_2").sequence == 1
    assert not is_stale(story.handover, call(story, "shadow_2"), OLGA)
    story.handover = story.handover.model_copy(update={"day": FAR})
    again = call(story, "shadow_2")
    assert again.sequence == 2
    assert is_stale(story.handover, again, OLGA)
    with pytest.raises(FlowError, match="no_such_milestone"):
        find_call(short, PLAYBOOK, "nothing")


def test_a_call_that_is_behind_us_is_over() -> None:
    story = told()
    fetches(story, OLGA)
    event = story.event(e.MilestoneDone, IVAN, key="call")
    done = milestone_done(story.handover, event, PLAYBOOK)
    assert "call" not in {one.key for one in calls(done, PLAYBOOK)}


def test_key_people_who_are_met_are_the_guests() -> None:
    story = told()
    people = {"ana": "champion", "ben": "sponsor", "dan": "technical", "gus": "sponsor"}
    for key, part in people.items():
        question = "S8" if key == "gus" else "SK1"
        known = {"id": key, "question": question, "kind": RecordKind.STAKEHOLDER}
        story.does(IVAN, e.RecordAdded, **known, details={"name": key.title(), "type": part})
    story.does(IVAN, e.MarkedSensitive, question="S8", sensitive=True)
    mail = {"ben": Intended(channel=Channel.MAIL)}
    story.does(LENA, e.IntroductionsPlanned, people=mail, why="He is at sea.")
    found = guests(story.handover, PLAYBOOK, call(story, "introduction"))
    assert [one.name for one in found] == ["Ana"]
    assert guests(story.handover, PLAYBOOK, call(story, "shadow_1")) == ()


acts = st.lists(
    st.tuples(st.sampled_from(("move", "time", "fetch")), st.integers(0, 3)), max_size=14
)


@settings(max_examples=60)
@given(acts)
def test_sequences_only_grow_and_tell_every_invitation_apart(done: list[tuple[str, int]]) -> None:
    """Whoever has the newest sequence has what stands now, and one sequence is one invitation."""
    story = told()
    seen: dict[int, Appointment] = {}
    for what, number in done:
        before = call(story)
        if what == "move":
            day = date(2026, 12, 8) + timedelta(weeks=number)
            moves(story, (day - before.appointment.day).days)
        elif what == "time":
            times(story, start=time(9 + number))
        else:
            fetches(story, (IVAN, OLGA, LENA, BORIS)[number])
            known = seen.setdefault(call(story).sequence, call(story).appointment)
            assert known == call(story).appointment
        issued = story.handover.calls.issued.get("call")
        assert call(story).sequence >= (issued.sequence if issued else 0)
        assert call(story).sequence <= before.sequence + 1
    for user in (IVAN, OLGA, LENA, BORIS):
        mine = story.handover.calls.fetched.get("call", {}).get(user)
        if mine and not is_stale(story.handover, call(story), user):
            assert seen[mine.sequence] == call(story).appointment
