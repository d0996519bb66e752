"""Whoever leads gives more time for what is late, or lets it be."""

from datetime import date, timedelta

from flows.end.completing import open_points
from flows.end.endings import Open
from flows.events import (
    Accepted,
    Asked,
    BackupNamed,
    MilestoneDone,
    TaskExtended,
    TaskReassigned,
    TaskWaived,
)
from flows.nudges.reminders import About, whom_to_remind
from flows.nudges.ruling import with_owner
from flows.nudges.rulings import WAIVABLE
from flows.privacy import as_read_by
from flows.saying import Kind, Refresh
from flows.schedule.timeline import make_plan
from flows.staffing.reassigning import who_could
from flows.tasks import ADMINS, Task, Todo, all_tasks
from flows.terms import Role
from tests.flows.make import BORIS, IVAN, KIM, LENA, MONDAY, NEVER, OLGA, PLAYBOOK, Story, posts

LATER = date(2026, 12, 3)
WHY = "She is with another customer."


def owed(story: Story, todo: Todo, subject: str = "") -> Task | None:
    return next(
        (
            task
            for task in all_tasks(story.handover, PLAYBOOK)
            if task.todo is todo and subject in ("", task.subject)
        ),
        None,
    )


def test_a_task_gets_more_time() -> None:
    story = Story()
    before = owed(story, Todo.ACCEPT)
    assert before
    assert posts(story.does(LENA, TaskExtended, key=before.key, day=LATER, why=WHY)) == []
    assert owed(story, Todo.ACCEPT) == before.model_copy(update={"due": LATER})
    ruling = story.handover.rulings[before.key]
    assert (ruling.by, ruling.until, ruling.why) == (LENA, LATER, WHY)
    story.does(OLGA, Accepted)
    assert owed(story, Todo.ACCEPT) is None


def test_time_is_only_given_never_taken() -> None:
    story = Story()
    pack = owed(story, Todo.ANSWER_QUESTIONS)
    assert pack
    story.does(LENA, TaskExtended, key=pack.key, day=MONDAY.date() + timedelta(days=1))
    assert owed(story, Todo.ANSWER_QUESTIONS) == pack


def test_what_is_refused_of_more_time() -> None:
    story = Story()
    story.does(OLGA, Accepted)
    story.answers_everything(IVAN)
    key, call = f"read_pack:{OLGA}", owed(story, Todo.MILESTONE)
    assert call
    for fields, code in (
        ({"key": key, "day": MONDAY.date()}, "date_past"),
        ({"key": key, "day": date(2032, 1, 5)}, "too_far"),
        ({"key": "read_pack:UNOBODY", "day": LATER}, "no_such_task"),
        ({"key": call.key, "day": LATER}, "in_the_plan"),
    ):
        assert story.refuses(LENA, TaskExtended, **fields) == code


def test_a_question_is_waived_for_whoever_was_asked() -> None:
    story = Story()
    story.does(OLGA, Asked, id="A1", text="How many hours?")
    ask = owed(story, Todo.ANSWER_ASK)
    assert ask
    assert ask.todo in WAIVABLE
    assert story.refuses(LENA, TaskWaived, key=ask.key, why=" ") == "missing"
    story.does(LENA, TaskWaived, key=ask.key, why=WHY)
    assert owed(story, Todo.ANSWER_ASK) is None
    assert Open.ASKS not in [point.what for point in open_points(story.handover, PLAYBOOK)]
    assert story.refuses(LENA, TaskWaived, key=ask.key, why=WHY) == "no_such_task"


def test_a_waived_step_holds_nothing_up() -> None:
    story = Story()
    story.does(OLGA, Accepted)
    story.answers_everything(IVAN)
    step = owed(story, Todo.MILESTONE)
    assert step
    effects = story.does(LENA, TaskWaived, key=step.key, why=WHY)
    assert Refresh(to=OLGA, kind=Kind.PLAN) in effects
    assert owed(story, Todo.MILESTONE, step.subject) is None
    milestone = make_plan(story.handover, PLAYBOOK).find(step.subject)
    assert milestone
    assert (milestone.done, milestone.waived) == (True, True)


def test_what_a_handover_cannot_do_without_is_not_waived() -> None:
    story = Story()
    assert story.refuses(LENA, TaskWaived, key=f"accept:{OLGA}", why=WHY) == "not_to_waive"


def test_whoever_only_answers_reads_no_ruling() -> None:
    story = Story()
    story.does(LENA, TaskExtended, key=f"accept:{OLGA}", day=LATER, why=WHY)
    assert as_read_by(story.handover, PLAYBOOK, KIM).rulings == {}
    assert as_read_by(story.handover, PLAYBOOK, IVAN).rulings


def test_the_owner_is_reminded_and_whoever_leads() -> None:
    handover = Story().handover
    assert whom_to_remind(handover, OLGA, Todo.ACCEPT) == {
        OLGA: About.OWN,
        LENA: About.OTHERS,
    }
    assert whom_to_remind(handover, LENA, Todo.NAME_BACKUP) == {LENA: About.OWN}
    assert whom_to_remind(handover, LENA, Todo.LEADERS_CHECKS) == {LENA: About.OWN}
    assert whom_to_remind(handover, ADMINS, Todo.NAME_LEADER) == {}


def test_a_draft_is_its_creators_alone() -> None:
    draft = Story(
        by=KIM, draft=True, tellings={Role.OUTGOING: NEVER, Role.INCOMING: NEVER}
    ).handover
    assert whom_to_remind(draft, KIM, Todo.FINISH_DRAFT) == {KIM: About.OWN}


def test_nobody_is_reminded_of_an_example() -> None:
    example = Story().handover.model_copy(update={"example": True})
    assert whom_to_remind(example, IVAN, Todo.ANSWER_QUESTIONS) == {}


def call_of(story: Story, owner: str) -> Task | None:
    """The internal call as somebody's task."""
    owed = all_tasks(story.handover, PLAYBOOK)
    return next((t for t in owed if t.key == f"milestone:{owner}:call"), None)


def test_a_step_of_the_plan_is_passed_on_and_back() -> None:
    story = Story()
    story.does(OLGA, Accepted)
    story.answers_everything(IVAN)
    assert call_of(story, IVAN)
    assert story.refuses(LENA, TaskReassigned, key=f"milestone:{IVAN}:call", to=KIM) == "no_part"
    story.does(LENA, TaskReassigned, key=f"milestone:{IVAN}:call", to=LENA, why=WHY)
    assert call_of(story, IVAN) is None
    assert call_of(story, LENA)
    assert story.refuses(IVAN, MilestoneDone, key="call") == "not_yours"
    story.does(LENA, TaskReassigned, key=f"milestone:{LENA}:call", to=IVAN)
    assert call_of(story, IVAN)
    assert call_of(story, LENA) is None
    assert not story.handover.rulings


def test_what_is_passed_on_has_some_time_and_can_be_passed_on_again() -> None:
    story = Story()
    story.does(OLGA, Accepted)
    story.answers_everything(IVAN)
    story.does(LENA, BackupNamed, user=BORIS)
    first = owed(story, Todo.SET_TIME)
    assert first
    story.waits(days=30)
    for owner, to in ((first.owner, BORIS), (BORIS, LENA)):
        story.does(LENA, TaskReassigned, key=with_owner(first.key, owner), to=to)
        found = owed(story, Todo.SET_TIME, first.subject)
        assert found
        assert found.owner == to
        assert found.due > story.at.date()
        assert len(story.handover.rulings) == 1


def test_a_question_is_passed_on_with_its_message() -> None:
    story = Story()
    story.does(OLGA, Asked, id="A1", text="How many hours?")
    ask = owed(story, Todo.ANSWER_ASK)
    assert ask
    to = next(user for user in who_could(story.handover, ask))
    effects = story.does(LENA, TaskReassigned, key=ask.key, to=to)
    assert (Kind.ASK, "A1") in posts(effects, to)
    again = owed(story, Todo.ANSWER_ASK)
    assert again
    assert again.owner == to


def test_what_only_one_can_do_stays_theirs() -> None:
    story = Story()
    accept = owed(story, Todo.ACCEPT)
    assert accept
    assert who_could(story.handover, accept) == ()
    assert story.refuses(LENA, TaskReassigned, key=accept.key, to=LENA) == "only_theirs"
    assert story.refuses(LENA, TaskReassigned, key="accept:UNOBODY", to=LENA) == "no_such_task"
