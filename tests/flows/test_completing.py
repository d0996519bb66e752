"""The end: nothing is open, both sign, the leader confirms; weeks later the customer is asked."""

from datetime import date, timedelta

import pytest

from flows import events as e
from flows.effects import Kind
from flows.end.completing import open_points
from flows.end.endings import Open
from flows.end.following_up import follow_ups
from flows.handover import Stage
from flows.happened import CLOCK
from flows.passing import due_at
from flows.side_by_side.lead import lead_now
from flows.side_by_side.leading import SessionKind
from flows.side_by_side.overlap import sessions_short
from flows.tasks import Todo, all_tasks
from flows.terms import DateIs, Reason, Segment
from flows.texts.letter_specs import Letter
from tests.flows.make import BORIS, IVAN, LENA, OLGA, PLAYBOOK, Story, party, posts
from tests.flows.test_lead import held, taught
from tests.flows.test_sending import sends


def done(story: Story, *keys: str) -> None:
    """Milestones are behind us."""
    for key in keys:
        story.does(LENA, e.MilestoneDone, key=key)


def switched(**change: object) -> Story:
    """Olga leads; all that is left is to say so."""
    story = taught(**change)
    done(story, "call", "systems")
    sends(story, LENA, Letter.HEADS_UP, Letter.INTRODUCTION)
    for kind in SessionKind:
        for number in range(sessions_short(story.handover, PLAYBOOK, kind)):
            held(story, kind, number)
    story.does(OLGA, e.ReadinessGiven, score=5)
    story.does(OLGA, e.LeadSwitched)
    return story


def complete(**change: object) -> Story:
    story = switched(**change)
    story.does(IVAN, e.Signed)
    story.does(OLGA, e.Signed, rating=4)
    story.does(LENA, e.Completed)
    return story


def owed(story: Story) -> set[tuple[str, Todo]]:
    return {(task.owner, task.todo) for task in all_tasks(story.handover, PLAYBOOK)}


def opens(story: Story) -> list[Open]:
    return [point.what for point in open_points(story.handover, PLAYBOOK)]


def test_what_is_open_is_told_with_whose_it_is() -> None:
    story = Story()
    points = {p.what: p.owner for p in open_points(story.handover, PLAYBOOK)}
    assert points[Open.ANSWERS] == IVAN
    assert points[Open.PACK] == OLGA
    assert points[Open.APPROVALS] == LENA
    assert points[Open.LEAD] == OLGA
    assert story.refuses(IVAN, e.Signed) == "still_open"
    assert story.refuses(LENA, e.Completed) == "still_open"


def test_both_sign_and_the_leader_confirms() -> None:
    story = switched()
    assert opens(story) == []
    assert {(IVAN, Todo.SIGN), (OLGA, Todo.SIGN)} <= owed(story)
    story.does(IVAN, e.Signed)
    story.ignores(IVAN, e.Signed)
    assert story.refuses(LENA, e.Completed) == "not_signed"
    story.does(OLGA, e.Signed, rating=4)
    assert posts(story.effects) == [Kind.CONFIRM]
    assert (LENA, Todo.CONFIRM_END) in owed(story)
    story.does(LENA, e.Completed)
    assert story.handover.stage is Stage.COMPLETE
    assert story.handover.ending.rating == 4
    assert Kind.CLOSED in posts(story.effects, IVAN)
    assert Kind.CLOSED in posts(story.effects, OLGA)
    assert Kind.CLOSED in posts(story.effects, LENA)


def test_a_signature_is_owed_by_a_part_whatever_its_name() -> None:
    story = switched(outgoing=party(IVAN, "Ivan " * 40))
    signs = [task for task in all_tasks(story.handover, PLAYBOOK) if task.todo is Todo.SIGN]
    assert [(task.owner, task.subject) for task in signs] == [
        (IVAN, "outgoing"),
        (OLGA, "incoming"),
    ]


def test_what_is_over_is_read_only_but_questions_are_still_answered() -> None:
    story = complete()
    assert story.refuses(IVAN, e.ReasonWorded, text="!") == "is_over"
    assert story.refuses(OLGA, e.MilestoneDone, key="thanks") == "is_over"
    story.does(OLGA, e.Asked, id="A1", text="Who is Ana?")
    assert (IVAN, Todo.ANSWER_ASK) in owed(story)


def test_a_leader_lets_a_point_be_with_a_reason() -> None:
    story = switched()
    story.does(OLGA, e.Asked, id="A1", text="Who is Ana?")
    assert opens(story) == [Open.ASKS]
    assert story.refuses(LENA, e.PointWaived, what="asks", why=" ") == "missing"
    assert story.refuses(LENA, e.PointWaived, what="pack", why="!") == "seen_to"
    story.does(LENA, e.PointWaived, what="asks", why="Nobody knows any more")
    assert opens(story) == []
    assert story.handover.ending.waived[Open.ASKS].why == "Nobody knows any more"


def test_the_leader_signs_for_whoever_is_gone() -> None:
    story = switched()
    assert story.refuses(LENA, e.Signed) == "nothing_to_sign"
    assert story.refuses(LENA, e.Signed, absent=OLGA) == "not_absent"
    story.does(CLOCK, e.PersonGone, user=IVAN)
    assert opens(story) == []
    assert (LENA, Todo.SIGN) in owed(story)
    story.does(LENA, e.Signed, absent=IVAN)
    assert story.handover.ending.signed[IVAN].absent == IVAN
    story.does(OLGA, e.Signed)
    story.does(LENA, e.Completed)


def test_a_pause_asks_nothing_until_its_day() -> None:
    story = switched()
    day = story.at.date() + timedelta(days=7)
    today = story.at.date()
    assert story.refuses(LENA, e.HandoverPaused, why="!", until=today) == "date_past"
    story.does(LENA, e.HandoverPaused, why="Their office burnt down", until=day)
    assert owed(story) == {(LENA, Todo.TAKE_UP)}
    assert (Kind.PAUSED, day.isoformat()) in posts(story.effects, OLGA)
    story.waits(days=6)
    assert owed(story) == {(LENA, Todo.TAKE_UP)}
    story.waits(days=1)
    assert (OLGA, Todo.SIGN) in owed(story)
    story.ignores(LENA, e.HandoverTakenUp)


def test_calling_it_off_needs_a_word_once_the_customer_knows() -> None:
    story = Story()
    story.does(LENA, e.HandoverCancelled, why="Ivan stays")
    assert story.handover.stage is Stage.CANCELLED
    assert Kind.CANCELLED in posts(story.effects, OLGA)
    story = switched()
    assert story.refuses(LENA, e.HandoverCancelled, why="Ivan stays") == "customer_first"
    story.does(LENA, e.HandoverCancelled, why="Ivan stays", customer="I call them today")
    assert owed(story) == set()


def test_reversed_the_outgoing_csm_leads_again() -> None:
    story = complete()
    assert story.refuses(LENA, e.Reversed, why=" ") == "missing"
    story.does(LENA, e.Reversed, why="Olga moves to another team")
    assert lead_now(story.handover)[0] == IVAN
    assert story.handover.stage is Stage.IN_FLIGHT
    assert opens(story) == [Open.SYSTEMS, Open.LEAD]
    assert story.handover.ending.signed == {}
    assert story.refuses(LENA, e.Reversed, why="!") == "not_switched"


@pytest.mark.parametrize(
    ("segment", "reason", "days"),
    [
        (Segment.SMB, Reason.REASSIGNMENT, {"follow_up": 15, "review": 60}),
        (Segment.MID_MARKET, Reason.PROMOTION, {"follow_up": 20, "review": 60}),
        (Segment.MID_MARKET, Reason.ATTRITION, {"follow_up": 15, "review": 60}),
    ],
)
def test_the_leader_asks_the_customer_weeks_later(
    segment: Segment, reason: Reason, days: dict[str, int]
) -> None:
    story = complete(segment=segment, reason=reason, day=date(2027, 3, 31))
    ended = story.at.date()
    found = follow_ups(story.handover, PLAYBOOK)
    assert {k: weekdays(ended, day) for k, day in found.items()} == days
    assert (LENA, Todo.FOLLOW_UP) in owed(story)


def weekdays(since: date, until: date) -> int:
    days = (since + timedelta(days=n) for n in range(1, (until - since).days + 1))
    return sum(day.weekday() < 5 for day in days)


def test_a_gap_is_tied_to_the_question_that_should_have_told_it() -> None:
    story = complete()
    said = {"key": "follow_up", "explained_again": True, "well": False}
    assert story.refuses(LENA, e.FollowedUp, **said) == "which_question"
    gaps = [{"question": "S6", "words": "The format of the report"}]
    assert story.refuses(LENA, e.FollowedUp, **(said | {"key": "call"}), gaps=gaps) == (
        "no_such_follow_up"
    )
    story.does(LENA, e.FollowedUp, **said, gaps=gaps)
    assert [g.question for g in story.handover.ending.visits[0].gaps] == ["S6"]
    due = story.at.date() + timedelta(days=3)
    story.does(LENA, e.AftercareBegun, owner=OLGA, what="Send it their way", due=due)
    assert (Kind.AFTERCARE, "0") in posts(story.effects, OLGA)
    assert (OLGA, Todo.AFTERCARE) in owed(story)
    story.does(OLGA, e.AftercareDone, number=0)
    story.ignores(OLGA, e.AftercareDone, number=0)
    assert (OLGA, Todo.AFTERCARE) not in owed(story)
    assert story.refuses(OLGA, e.AftercareDone, number=7) == "no_such_aftercare"


def test_a_follow_up_that_nobody_does_goes_to_the_backup_too() -> None:
    story = complete()
    due = due_at(story.handover, PLAYBOOK)
    assert due is not None
    story.at = due - timedelta(minutes=1)
    assert (Kind.FOLLOW_UP, "follow_up") in posts(story.waits(), BORIS)
    assert {(LENA, Todo.FOLLOW_UP), (BORIS, Todo.FOLLOW_UP)} <= owed(story)


def test_a_leavers_handover_ends_like_any_other() -> None:
    leaving = {"day_is": DateIs.LAST_DAY, "day": date(2026, 12, 18), "reason": Reason.ATTRITION}
    story = complete(**leaving)
    assert lead_now(story.handover)[0] == OLGA


@pytest.mark.parametrize("leaver", [IVAN, OLGA])
def test_whoever_leaves_afterwards_leaves_nothing_to_approve_or_to_take_over(leaver: str) -> None:
    story = complete()
    assert posts(story.does(CLOCK, e.PersonGone, user=leaver)) == []


def test_what_is_begun_again_knows_who_left_meanwhile() -> None:
    """The incoming CSM left after the end: somebody else is to be named, and texts name nobody."""
    story = complete()
    story.does(CLOCK, e.PersonGone, user=OLGA)
    story.does(LENA, e.Reversed, why="They asked for it.")
    assert (LENA, Todo.NAME_INCOMING) in owed(story)


def test_aftercare_passes_on_when_its_owner_leaves() -> None:
    story = complete()
    due = story.at.date() + timedelta(days=5)
    story.does(LENA, e.AftercareBegun, owner=OLGA, what="Visit them.", due=due)
    story.does(CLOCK, e.PersonGone, user=OLGA)
    assert (LENA, Todo.AFTERCARE) in owed(story)
    assert OLGA not in {owner for owner, _ in owed(story)}


def test_sessions_that_a_leader_passed_over_are_owed_until_they_are_held_or_waived() -> None:
    """Nothing else would tell anybody why the handover does not end."""
    story = taught(segment=Segment.MID_MARKET)
    done(story, "call")
    sends(story, LENA, Letter.HEADS_UP, Letter.INTRODUCTION)
    story.does(LENA, e.LeadSwitched, why="They ask for her.")
    assert Open.LADDER in opens(story)
    assert (IVAN, Todo.LOG_SESSION) in owed(story)
    story.does(LENA, e.PointWaived, what=Open.LADDER, why="They know her.")
    assert (IVAN, Todo.LOG_SESSION) not in owed(story)


def test_sessions_that_are_not_in_the_plan_keep_nobody_from_leading() -> None:
    story = taught(segment=Segment.MID_MARKET)
    assert sessions_short(story.handover, PLAYBOOK, SessionKind.SHADOW)
    story.does(LENA, e.CallsArranged, without_outgoing=True)
    assert not any(sessions_short(story.handover, PLAYBOOK, kind) for kind in SessionKind)
