"""What people change about a plan: days, what is done, and the leader's word on its timing."""

from datetime import date

import pytest

from flows.events import (
    Accepted,
    DaysOffLearned,
    MarkedSensitive,
    MilestoneDone,
    MilestoneMoved,
    MilestoneReopened,
    RecordAdded,
    WarningAnswered,
)
from flows.handover import Choice, Warn
from flows.happened import CLOCK
from flows.saying import Kind, Refresh
from flows.schedule.calendars import DaysOff
from flows.schedule.numbering import first_day, plan_days
from flows.schedule.plan_warnings import choices, open_warnings, plan_warnings, quarter_end
from flows.schedule.planning import lacks_days_off
from flows.schedule.renewal import renewal_lead
from flows.schedule.timeline import make_plan
from flows.tasks import Todo, all_tasks
from flows.terms import DateIs, Reason, RecordKind, Segment
from tests.flows.make import BORIS, IVAN, LENA, OLGA, PLAYBOOK, Story, party

FAR = date(2027, 2, 26)


def day_of(story: Story, key: str) -> date:
    return plan_days(story.handover, PLAYBOOK)[key]


def move(story: Story, by: str, key: str, day: date, **more: object) -> None:
    story.does(by, MilestoneMoved, key=key, day=day, **more)


def kinds(story: Story) -> set[Warn]:
    return {warning.kind for warning in plan_warnings(story.handover, PLAYBOOK)}


def test_what_is_counted_from_a_milestone_moves_along_and_the_move_is_kept() -> None:
    story = Story(segment=Segment.MID_MARKET, day=FAR)
    agreed, hello = day_of(story, "agreed"), day_of(story, "hello")
    assert agreed == day_of(story, "introduction")
    earlier = first_day(story.handover, PLAYBOOK, "introduction", story.at.date())
    move(story, IVAN, "heads_up", date(2026, 12, 14), why="Their holidays")
    assert day_of(story, "introduction") == agreed
    new = date(2026, 12, 21)
    assert first_day(story.handover, PLAYBOOK, "introduction", story.at.date()) == new < earlier
    move(story, OLGA, "introduction", new)
    assert day_of(story, "agreed") == new
    assert day_of(story, "hello") == date(2026, 12, 22) < hello
    assert [(m.key, m.by, m.why) for m in story.handover.schedule.moves] == [
        ("heads_up", IVAN, "Their holidays"),
        ("introduction", OLGA, ""),
    ]
    moved = make_plan(story.handover, PLAYBOOK).find("heads_up")
    assert moved
    assert moved.move == story.handover.schedule.moves[0]
    assert Refresh(to=LENA, kind=Kind.PLAN) in story.effects


def test_what_keeps_a_distance_makes_room() -> None:
    story = Story(segment=Segment.MID_MARKET, day=FAR)
    later = date(2027, 2, 16)
    move(story, LENA, "heads_up", later, insist=True, why="They are away before.")
    assert day_of(story, "introduction") == date(2027, 2, 23)
    assert day_of(story, "switch") == date(2027, 3, 2) > FAR


@pytest.mark.parametrize(
    ("key", "day", "code"),
    [
        ("introduction", date(2026, 11, 25), "too_close"),
        ("heads_up", date(2026, 11, 20), "date_past"),
        ("heads_up", date(2026, 11, 28), "day_off"),
        ("heads_up", date(2032, 11, 29), "too_far"),
        ("switch", date(2027, 3, 1), "after_the_switch"),
        ("heads_up", date(2027, 2, 22), "after_the_switch"),
        ("nothing", date(2026, 12, 1), "no_such_milestone"),
    ],
)
def test_a_day_that_breaks_a_rule_is_refused(key: str, day: date, code: str) -> None:
    story = Story(segment=Segment.MID_MARKET, day=FAR)
    assert story.refuses(IVAN, MilestoneMoved, key=key, day=day) == code


def test_only_a_leader_insists_and_says_why() -> None:
    story = Story(segment=Segment.MID_MARKET, day=FAR)
    day = date(2026, 11, 25)
    wish: dict[str, object] = {"key": "introduction", "day": day, "insist": True}
    assert story.refuses(IVAN, MilestoneMoved, **wish, why="Now!") == "not_yours"
    assert story.refuses(LENA, MilestoneMoved, **wish) == "missing"
    move(story, LENA, "introduction", day, insist=True, why="They asked for it.")
    assert day_of(story, "introduction") == day
    assert story.refuses(LENA, MilestoneMoved, key="introduction", day=FAR, insist=True)


def test_a_leaver_acts_on_no_day_after_the_last() -> None:
    story = Story(
        segment=Segment.ENTERPRISE,
        reason=Reason.ATTRITION,
        day=date(2026, 12, 9),
        day_is=DateIs.LAST_DAY,
    )
    wish: dict[str, object] = {"key": "switch", "day": date(2026, 12, 10)}
    assert story.refuses(IVAN, MilestoneMoved, **wish) == "after_the_last_day"


def test_whoever_acts_marks_it_done_and_nothing_locked_is() -> None:
    story = Story(day=FAR)
    assert story.refuses(IVAN, MilestoneDone, key="heads_up") == "locked"
    assert story.refuses(IVAN, MilestoneDone, key="pack") == "derived"
    assert story.refuses(OLGA, MilestoneDone, key="signed") == "not_yours"
    story.does(IVAN, MilestoneDone, key="call")
    call = make_plan(story.handover, PLAYBOOK).find("call")
    assert call
    assert (call.done, call.done_on) == (True, story.at.date())
    story.ignores(OLGA, MilestoneDone, key="call")
    assert story.refuses(IVAN, MilestoneMoved, key="call", day=FAR) == "milestone_done"


def test_whoever_marked_it_or_a_leader_takes_it_back() -> None:
    story = Story(day=FAR)
    story.does(OLGA, Accepted)
    story.answers_everything(IVAN)
    story.does(IVAN, MilestoneDone, key="call")
    assert story.refuses(OLGA, MilestoneReopened, key="call") == "not_yours"
    assert story.refuses(IVAN, MilestoneReopened, key="nothing") == "no_such_milestone"
    story.does(IVAN, MilestoneReopened, key="call")
    assert "call" not in story.handover.schedule.done
    assert (IVAN, "call") in {(t.owner, t.subject) for t in all_tasks(story.handover, PLAYBOOK)}
    story.ignores(IVAN, MilestoneReopened, key="call")
    story.does(OLGA, MilestoneDone, key="call")
    story.does(BORIS, MilestoneReopened, key="call")
    kept = [event.by for event in story.journal if isinstance(event, MilestoneDone)]
    assert kept == [IVAN, OLGA]


def test_what_happened_anyway_is_done_by_itself() -> None:
    story = Story(day=FAR)
    story.does(OLGA, Accepted)
    accept = make_plan(story.handover, PLAYBOOK).find("accept")
    assert accept
    assert accept.done


def test_a_milestone_is_a_task_when_its_turn_comes() -> None:
    story = Story(day=FAR)
    story.does(OLGA, Accepted)
    story.answers_everything(OLGA)
    assert Todo.MILESTONE not in {task.todo for task in all_tasks(story.handover, PLAYBOOK)}
    story.answers_everything(IVAN)
    tasks = [t for t in all_tasks(story.handover, PLAYBOOK) if t.todo is Todo.MILESTONE]
    assert {(t.owner, t.subject) for t in tasks} == {(IVAN, "call"), (OLGA, "call")}
    assert {t.due for t in tasks} == {day_of(story, "call")}
    story.does(OLGA, MilestoneDone, key="call")
    assert Todo.MILESTONE not in {task.todo for task in all_tasks(story.handover, PLAYBOOK)}


def test_tasks_are_due_when_the_plan_says() -> None:
    story = Story(day=FAR)
    move(story, LENA, "pack", date(2026, 12, 1))
    due = {task.todo: task.due for task in all_tasks(story.handover, PLAYBOOK)}
    assert due[Todo.ANSWER_QUESTIONS] == date(2026, 12, 1)


def test_days_off_are_asked_for_whoever_acts() -> None:
    assert lacks_days_off(Story(draft=True).handover) == set()
    story = Story(day=FAR)
    assert lacks_days_off(story.handover) == {IVAN, OLGA, LENA}
    story.does(CLOCK, DaysOffLearned, people={u: DaysOff() for u in (IVAN, OLGA, LENA)})
    assert lacks_days_off(story.handover) == set()


def test_a_renewal_close_by_is_the_leaders_to_decide() -> None:
    story = Story(day=FAR, renewal=date(2027, 1, 7))
    [warning] = open_warnings(story.handover, PLAYBOOK)
    assert (warning.kind, warning.day, warning.count) == (Warn.RENEWAL, date(2027, 1, 7), 45)
    asked = [t for t in all_tasks(story.handover, PLAYBOOK) if t.todo is Todo.ANSWER_WARNING]
    assert [(t.owner, t.subject) for t in asked] == [(LENA, Warn.RENEWAL)]
    known: dict[str, object] = {"warning": Warn.RENEWAL, "choice": Choice.NAMED}
    assert story.refuses(BORIS, WarningAnswered, **known, why="Kim knows it.") == "missing"
    assert story.refuses(LENA, WarningAnswered, **known, person=party("UKIM")) == "missing"
    usual = known | {"choice": Choice.GO_ON, "why": "x"}
    assert story.refuses(LENA, WarningAnswered, **usual) == "not_a_choice"
    story.does(LENA, WarningAnswered, **known, person=party("UKIM"), why="Kim knows it.")
    assert renewal_lead(story.handover) == "UKIM"
    assert open_warnings(story.handover, PLAYBOOK) == []
    assert Todo.ANSWER_WARNING not in {t.todo for t in all_tasks(story.handover, PLAYBOOK)}


def test_for_a_leaver_somebody_else_leads_the_renewal() -> None:
    story = Story(day=FAR, day_is=DateIs.LAST_DAY)
    assert choices(story.handover, Warn.RENEWAL) == (Choice.NAMED,)


def test_what_speaks_against_the_timing() -> None:
    calm = Story(day=FAR, segment=Segment.ENTERPRISE)
    assert kinds(calm) == set()
    assert calm.refuses(LENA, WarningAnswered, warning="go_live", choice="go_on", why="x") == (
        "no_such_warning"
    )
    assert kinds(Story(day=date(2026, 12, 30))) == {Warn.QUARTER_END}
    assert kinds(Story(day=date(2026, 12, 1))) == {Warn.NOTICE}
    issue = {"what": "Export fails", "severity": "severity_1"}
    calm.does(IVAN, RecordAdded, id="R1", question="OI1", kind=RecordKind.ISSUE, details=issue)
    assert kinds(calm) == {Warn.SEVERE_ISSUE}
    calm.gives(IVAN, "go_live", "2026-12-15", question="TR4")
    assert kinds(calm) == {Warn.SEVERE_ISSUE, Warn.GO_LIVE}
    calm.says(IVAN, "Two since 2024, the last one left.", question="BG7")
    assert kinds(calm) == {Warn.SEVERE_ISSUE, Warn.GO_LIVE, Warn.CSM_CHANGES}
    calm.does(IVAN, MarkedSensitive, question="BG7", sensitive=True)
    assert Warn.CSM_CHANGES not in kinds(calm)


def test_too_few_hours_are_told() -> None:
    story = Story(day=FAR, segment=Segment.ENTERPRISE, reason=Reason.PROMOTION)
    story.gives(IVAN, "hours", "3", question="PR2")
    story.gives(IVAN, "until", "2026-12-20", question="PR2")
    [warning] = plan_warnings(story.handover, PLAYBOOK)
    assert (warning.kind, warning.count, warning.need) == (Warn.HOURS, 12, 30)


def test_quarters_end_on_their_last_day() -> None:
    ends = {quarter_end(date(2026, month, 5)) for month in range(1, 13)}
    assert ends == {
        date(2026, 3, 31),
        date(2026, 6, 30),
        date(2026, 9, 30),
        date(2026, 12, 31),
    }
