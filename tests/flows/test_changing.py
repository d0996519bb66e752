"""People and dates change while a handover is under way, and everything goes along."""

from datetime import date, timedelta
from typing import Any

import pytest

from flows import events as e
from flows.advance import replay
from flows.effects import Effect, Kind, Post, Refresh
from flows.happened import CLOCK
from flows.privacy import may_know, may_open_vault, may_read_sensitive
from flows.schedule.timeline import make_plan
from flows.side_by_side.lead import lead_now
from flows.staffing.changing import told_last_day, what_moves
from flows.tasks import Todo, all_tasks
from flows.terms import DateIs, Reason, Role
from flows.texts.composing import composed
from flows.texts.letters import PLAN
from flows.texts.pieces import customer_days, pending
from tests.flows.make import (
    BORIS,
    IVAN,
    KIM,
    LENA,
    OLGA,
    PLAYBOOK,
    ZOE,
    Story,
    made_start,
    party,
    posts,
)
from tests.flows.test_completing import complete
from tests.flows.test_letters import approve, approved

L = date(2026, 12, 18)
LEAVES: dict[str, Any] = {"reason": Reason.ATTRITION, "day_is": DateIs.LAST_DAY, "day": L}
EARLIER, LATER = date(2026, 12, 11), date(2027, 1, 15)


def moves(story: Story, day: date, is_: DateIs = DateIs.LAST_DAY, by: str = LENA) -> None:
    story.does(by, e.DatesChanged, **dates(story, day, is_))


def dates(story: Story, day: date, is_: DateIs = DateIs.LAST_DAY) -> dict[str, object]:
    return {"today": story.at.date(), "day": day, "day_is": is_, "why": "They need her longer"}


def days(story: Story) -> dict[str, date]:
    return {m.key: m.day for m in make_plan(story.handover, PLAYBOOK).milestones}


def owed(story: Story, todo: Todo) -> dict[str, date]:
    found = all_tasks(story.handover, PLAYBOOK)
    return {task.owner: task.due for task in found if task.todo is todo}


# --- Dates


def test_everything_that_is_counted_to_the_day_moves_along() -> None:
    story = approved(**LEAVES)
    before, was = story.handover, days(story)
    tasks = {t.key: t.due for t in all_tasks(story.handover, PLAYBOOK)}
    moves(story, LATER)
    now = days(story)
    assert now["switch"] - was["switch"] >= timedelta(days=20)
    assert lead_now(story.handover) == (IVAN, LATER)
    now_due = {t.key: t.due for t in all_tasks(story.handover, PLAYBOOK)}
    later = {key for key in tasks.keys() & now_due.keys() if now_due[key] > tasks[key]}
    assert {f"say_ready:{OLGA}", f"set_time:{IVAN}:introduction"} <= later
    told = {one.key: (one.was, one.now) for one in what_moves(before, story.handover, PLAYBOOK)}
    assert told["switch"] == (was["switch"], now["switch"])
    assert "accept" not in told
    assert replay(story.journal, PLAYBOOK) == story.handover


def test_once_approved_only_the_timeline_is_approved_again() -> None:
    story = approved(**LEAVES)
    drafts = story.handover.letters.drafts
    moves(story, LATER)
    assert set(pending(story.handover)) == {PLAN}
    assert story.handover.letters.drafts == drafts
    newest = story.handover.letters.plan[-1]
    assert newest.days == customer_days(story.handover, PLAYBOOK)
    assert newest.days["last_day"] == LATER
    approve(story, LENA)
    assert not pending(story.handover)


def test_everybody_else_hears_of_it_and_who_untold_is_hears_nothing() -> None:
    story = Story()
    moves(story, EARLIER, DateIs.SWITCH_BY)
    assert {f.to for f in told(story.effects, Kind.DATES)} == {IVAN, OLGA, BORIS}
    [change] = story.handover.changes.dates
    assert (change.was, change.now, change.by) == (L, EARLIER, LENA)
    moves(story, L, DateIs.SWITCH_BY)
    assert Refresh(to=IVAN, kind=Kind.DATES, subject="1") in story.effects
    quiet = Story(by=LENA, tellings={})
    moves(quiet, EARLIER, DateIs.SWITCH_BY)
    assert {f.to for f in told(quiet.effects, Kind.DATES)} == {BORIS}


def told(effects: tuple[Effect, ...], kind: Kind) -> list[Post]:
    return [f for f in effects if isinstance(f, Post) and f.kind is kind]


def test_dates_follow_the_rules_of_the_start_form() -> None:
    story = Story(**LEAVES)
    assert story.refuses(LENA, e.DatesChanged, **dates(story, date(2026, 11, 20))) == "date_past"
    saturday = dates(story, date(2026, 12, 12))
    assert story.refuses(LENA, e.DatesChanged, **saturday) == "not_a_workday"
    for who in (IVAN, OLGA, ZOE):
        assert story.refuses(who, e.DatesChanged, **dates(story, EARLIER)) == "not_yours"
    story.ignores(LENA, e.DatesChanged, **dates(story, L))
    story.does(CLOCK, e.PersonGone, user=IVAN)
    assert story.refuses(LENA, e.DatesChanged, **dates(story, EARLIER)) == "outgoing_left"
    moves(story, EARLIER, DateIs.SWITCH_BY)


def test_what_was_set_stays_unless_it_would_stand_behind_the_new_end() -> None:
    story = Story(day=date(2027, 2, 26))
    later = date(2027, 1, 20)
    story.does(LENA, e.MilestoneMoved, key="call", day=later)
    moves(story, date(2027, 3, 26), DateIs.SWITCH_BY)
    assert days(story)["call"] == later
    moves(story, date(2026, 12, 18), DateIs.SWITCH_BY)
    assert not story.handover.schedule.moves
    assert days(story)["switch"] <= date(2026, 12, 18)


def test_whoever_stays_longer_leads_again() -> None:
    story = Story(**LEAVES)
    story.at = story.at.replace(month=12, day=18)
    story.waits(hours=6)
    assert lead_now(story.handover)[0] == LENA
    moves(story, LATER)
    assert lead_now(story.handover) == (IVAN, LATER)
    assert posts(story.effects, OLGA) == [(Kind.LEAD, "3"), (Kind.DATES, "1")]
    assert [span.who for span in story.handover.leading.spans] == [IVAN, LENA, IVAN]


def test_another_last_day_in_the_interview_is_the_leaders_to_decide() -> None:
    story = Story(**LEAVES)
    story.gives(IVAN, "last_day", EARLIER.isoformat(), question="AT1")
    assert told(story.effects, Kind.LAST_DAY) == [
        Post(to=LENA, kind=Kind.LAST_DAY, subject=EARLIER.isoformat())
    ]
    assert owed(story, Todo.MOVE_DATES) == {LENA: date(2026, 11, 24)}
    moves(story, EARLIER)
    assert owed(story, Todo.MOVE_DATES) == {}
    story.gives(IVAN, "last_day", "2026-12-16", question="AT1")
    assert told_last_day(story.handover, PLAYBOOK)
    # The leader knows better: the same day once more keeps it.
    moves(story, EARLIER)
    assert told_last_day(story.handover, PLAYBOOK) is None
    assert told(story.effects, Kind.DATES) == []
    story.ignores(LENA, e.DatesChanged, **dates(story, EARLIER))


# --- The leader


def test_another_leader_decides_and_the_former_one_reads_nothing_more() -> None:
    story = Story()
    story.does(IVAN, e.SomebodyAsked, **asked_of(LENA))
    story.does(LENA, e.LeaderChanged, leader=KIM, backup=BORIS, why="I am on leave")
    assert (story.handover.leader, story.handover.backup) == (KIM, BORIS)
    assert not may_know(story.handover, LENA)
    assert may_open_vault(story.handover, KIM)
    assert posts(story.effects, KIM) == [Kind.NOTICE, (Kind.ASK, "A1")]
    assert Refresh(to=LENA, kind=Kind.NOTICE) in story.effects
    others = {f.to for f in told(story.effects, Kind.PERSON)}
    assert others == {IVAN, OLGA, BORIS}
    [change] = story.handover.changes.people
    assert (change.role, change.was, change.now, change.why) == (
        *(Role.LEADER, LENA, KIM),
        "I am on leave",
    )
    assert story.refuses(LENA, e.LeaderChanged, leader=LENA) == "not_yours"


def asked_of(user: str) -> dict[str, object]:
    return {"id": "A1", "to": user, "question": "S1", "text": "Do you know?", "due": "2026-12-01"}


def test_a_leader_is_none_of_the_csms_nor_their_own_backup() -> None:
    story = Story()
    for who in (IVAN, OLGA):
        assert story.refuses(LENA, e.LeaderChanged, leader=who) == "leader_is_csm"
    assert story.refuses(LENA, e.LeaderChanged, leader=KIM, backup=KIM) == "backup_has_a_part"
    assert story.refuses(OLGA, e.LeaderChanged, leader=KIM) == "not_yours"
    story.ignores(LENA, e.LeaderChanged, leader=LENA, backup=BORIS)
    story.does(BORIS, e.LeaderChanged, leader=BORIS)
    assert (story.handover.leader, story.handover.backup) == (BORIS, None)


def test_what_waits_for_the_leader_goes_along() -> None:
    story = approved(**LEAVES)
    moves(story, LATER)
    story.does(LENA, e.LeaderChanged, leader=KIM, backup=BORIS)
    assert (Kind.APPROVAL, str(story.handover.letters.round)) in posts(story.effects, KIM)
    assert set(owed(story, Todo.APPROVE)) == {KIM}
    assert story.refuses(LENA, e.PiecesApproved, pieces=pending(story.handover)) == "not_yours"
    approve(story, KIM)
    assert not pending(story.handover)


def test_also_after_the_end_somebody_else_may_lead() -> None:
    story = Story()
    story.does(LENA, e.HandoverCancelled, why="They stay")
    story.does(LENA, e.LeaderChanged, leader=KIM)
    assert story.handover.leader == KIM
    assert story.refuses(KIM, e.DatesChanged, **dates(story, EARLIER)) == "is_over"


# --- Who leads in between


def pack_without_anybody(**change: object) -> Story:
    story = Story(**LEAVES | {"incoming": None} | change)
    story.answers_everything(IVAN)
    return story


def test_where_nobody_takes_over_in_time_somebody_leads_in_between() -> None:
    story = pack_without_anybody()
    assert set(owed(story, Todo.NAME_INTERIM)) == {LENA}
    story.does(LENA, e.InterimNamed, person=party(KIM), until=LATER)
    assert owed(story, Todo.NAME_INTERIM) == {}
    assert may_read_sensitive(story.handover, KIM)
    assert not may_open_vault(story.handover, KIM)
    assert {f.to for f in told(story.effects, Kind.PERSON)} == {IVAN, KIM, BORIS}
    assert lead_now(story.handover) == (IVAN, L)
    story.at = story.at.replace(month=12, day=18)
    story.waits(hours=6)
    assert lead_now(story.handover) == (KIM, LATER)


def test_also_where_whoever_hands_over_stays() -> None:
    story = pack_without_anybody(reason=Reason.PROMOTION, day_is=DateIs.SWITCH_BY)
    story.does(LENA, e.InterimNamed, person=party(KIM), until=LATER)
    story.at = story.at.replace(month=12, day=18)
    story.waits(hours=6)
    assert lead_now(story.handover) == (KIM, LATER)
    story.does(LENA, e.IncomingNamed, incoming=party(OLGA))
    story.does(OLGA, e.Accepted)
    assert lead_now(story.handover) == (OLGA, None)
    story.does(LENA, e.LeadSwitched, why="She knows them")
    assert not may_know(story.handover, KIM)
    story.does(LENA, e.Reversed, why="They want Ivan")
    assert lead_now(story.handover) == (IVAN, L)


def test_the_customer_reads_who_is_there_for_them_until_when() -> None:
    story = pack_without_anybody()
    story.does(LENA, e.InterimNamed, person=party(KIM), until=LATER)
    assert story.handover.wording
    heads_up = next(t for t in composed(story.handover, PLAYBOOK) if "heads_up" in t.spec.key)
    assert "your contact is Kim" in heads_up.text
    assert not heads_up.missing
    assert customer_days(story.handover, PLAYBOOK)["interim_until"] == LATER


def test_an_interim_who_is_gone_or_not_needed_any_more_has_no_part() -> None:
    story = pack_without_anybody()
    story.does(LENA, e.InterimNamed, person=party(KIM), until=LATER)
    story.does(CLOCK, e.PersonGone, user=KIM)
    assert not may_know(story.handover, KIM)
    assert set(owed(story, Todo.NAME_INTERIM)) == {LENA}
    story.does(LENA, e.InterimNamed, person=party(KIM), until=LATER)
    story.does(LENA, e.IncomingNamed, incoming=party(OLGA))
    story.does(OLGA, e.Accepted)
    story.at = story.at.replace(month=12, day=18)
    story.waits(hours=6)
    assert lead_now(story.handover) == (OLGA, None)


@pytest.mark.parametrize(
    ("who", "until", "code"),
    [
        (party(IVAN), LATER, "outgoing_is_interim"),
        (party(None, "Ann"), LATER, "outgoing_is_interim"),
        (party(KIM), date(2026, 11, 20), "date_past"),
    ],
)
def test_an_interim_is_somebody_who_stays(who: object, until: date, code: str) -> None:
    story = pack_without_anybody()
    assert story.refuses(LENA, e.InterimNamed, person=who, until=until) == code


# --- Names


def test_texts_follow_another_name() -> None:
    story = approved(**LEAVES)
    story.does(CLOCK, e.PersonRenamed, user=OLGA, name="Olga Silva")
    assert story.handover.incoming
    assert story.handover.incoming.name == "Olga Silva"
    text = next(t for t in composed(story.handover, PLAYBOOK) if "heads_up" in t.spec.key)
    newest = story.handover.letters.drafts[text.spec.key][-1]
    assert "Olga Silva" in newest.text
    assert newest.approved is None
    story.ignores(CLOCK, e.PersonRenamed, user=OLGA, name="Olga Silva")
    story.ignores(CLOCK, e.PersonRenamed, user=ZOE, name="Zoe")


def test_who_was_switched_off_by_mistake_can_be_named_again() -> None:
    story = Story()
    story.does(CLOCK, e.PersonGone, user=OLGA)
    story.does(LENA, e.IncomingNamed, incoming=party(OLGA))
    story.does(OLGA, e.Accepted)
    roles = [(c.role, c.was, c.now) for c in story.handover.changes.people]
    assert roles == [(Role.INCOMING, OLGA, ""), (Role.INCOMING, "", OLGA)]


def test_a_creator_who_is_gone_is_told_nothing_more() -> None:
    story = Story(by=KIM)
    assert may_know(story.handover, KIM)
    story.does(CLOCK, e.PersonGone, user=KIM)
    assert not may_know(story.handover, KIM)
    moves(story, EARLIER, DateIs.SWITCH_BY)
    assert {f.to for f in told(story.effects, Kind.DATES)} == {IVAN, OLGA, BORIS}


def test_who_was_switched_off_by_mistake_is_back() -> None:
    story = Story(by=LENA, backup=None)
    for who in (IVAN, LENA):
        story.does(CLOCK, e.PersonGone, user=who)
    assert story.handover.leader_gone
    assert lead_now(story.handover)[0] != IVAN
    for who in (IVAN, LENA):
        story.does(CLOCK, e.PersonBack, user=who)
    assert lead_now(story.handover) == (IVAN, L)
    assert story.handover.leader == LENA
    assert may_open_vault(story.handover, LENA)
    story.ignores(CLOCK, e.PersonBack, user=LENA)


def test_after_such_a_change_a_complete_handover_is_turned_back_or_cared_for() -> None:
    story = complete()
    story.does(CLOCK, e.PersonGone, user=LENA)
    assert story.handover.leader == BORIS
    care = {"owner": OLGA, "what": "Call them", "due": story.at.date() + timedelta(days=3)}
    story.does(BORIS, e.AftercareBegun, **care)
    story.does(CLOCK, e.PersonGone, user=OLGA)
    assert set(owed(story, Todo.AFTERCARE)) == {BORIS}
    story.does(BORIS, e.AftercareDone, number=0)
    story.does(BORIS, e.Reversed, why="The customer wants it")
    assert lead_now(story.handover)[0] == IVAN
    story = complete()
    story.does(CLOCK, e.PersonGone, user=IVAN)
    assert story.refuses(LENA, e.Reversed, why="Back") == "outgoing_gone"


def test_a_draft_notes_nothing() -> None:
    story = Story(draft=True)
    story.does(CLOCK, e.PersonGone, user=OLGA)
    assert story.handover.changes.people == ()
    assert made_start().leader == LENA


def test_a_leader_who_goes_on_leave_passes_approvals_on() -> None:
    story = approved(**LEAVES)
    moves(story, LATER)
    first = story.at.date() + timedelta(days=1)
    story.does(LENA, e.AwayGiven, away=[{"first": first, "last": first + timedelta(days=9)}])
    assert set(owed(story, Todo.APPROVE)) == {LENA}
    story.waits(days=1)
    assert set(owed(story, Todo.APPROVE)) == {LENA, BORIS}
    assert (Kind.APPROVAL, str(story.handover.letters.round)) in posts(story.effects, BORIS)
