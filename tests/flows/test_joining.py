"""How people come to a handover: started, told, accepted, declined, asked, gone."""

from datetime import date, datetime, timedelta

import pytest
from pydantic import ValidationError

from flows import events as e
from flows.advance import advance, replay, start
from flows.effects import Kind, Refresh
from flows.errors import FlowError
from flows.handover import Acceptance, Stage, Telling, When
from flows.passing import due_at
from flows.privacy import may_know, may_open_vault
from flows.tasks import Todo, all_tasks, open_tasks
from flows.terms import Role
from tests.flows.make import (
    BORIS,
    IVAN,
    KIM,
    LENA,
    MONDAY,
    NEVER,
    NOW,
    OLGA,
    PLAYBOOK,
    ZOE,
    Story,
    later,
    made_form,
    made_start,
    party,
    posts,
)


def todos(story: Story, owner: str = "") -> list[Todo]:
    tasks = all_tasks(story.handover, PLAYBOOK)
    return [task.todo for task in tasks if task.owner == (owner or task.owner)]


def test_a_start_opens_every_thread_and_puts_the_first_question() -> None:
    story = Story()
    assert story.handover.seq == 1
    assert story.handover.stage is Stage.IN_FLIGHT
    assert posts(story.effects, IVAN) == [Kind.CARD, (Kind.QUESTION, "S1")]
    assert posts(story.effects, OLGA) == [Kind.ACCEPT]
    assert posts(story.effects, LENA) == [Kind.NOTICE]
    assert posts(story.effects, BORIS) == []
    assert todos(story) == [Todo.ACCEPT, Todo.ANSWER_QUESTIONS]


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"incoming": party(IVAN)}, "same_person", "incoming"),
        (
            {"outgoing": party(None, "Ann Lee"), "incoming": party(None, "ann lee")},
            "same_person",
            "incoming",
        ),
        ({"leader": IVAN}, "leader_is_csm", "leader"),
        ({"leader": OLGA}, "leader_is_csm", "leader"),
        ({"backup": LENA}, "backup_has_a_part", "backup"),
        ({"backup": OLGA}, "backup_has_a_part", "backup"),
        ({"incoming": None, "backup": IVAN}, "backup_has_a_part", "backup"),
        ({"day": date(2026, 11, 22)}, "date_past", "day"),
        ({"day": date(2026, 11, 22), "today": date(2026, 11, 24)}, "date_past", "day"),
        ({"day": date(2026, 11, 28), "day_is": "last_day"}, "not_a_workday", "day"),
        ({"day": date(2026, 11, 19), "day_is": "last_day"}, "date_past", "day"),
    ],
)
def test_a_wrong_start_names_its_field(change: dict[str, object], code: str, field: str) -> None:
    with pytest.raises(FlowError) as refused:
        start(made_start(**change), PLAYBOOK)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_everything_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(FlowError) as refused:
        start(made_start(incoming=party(IVAN), backup=LENA, day=date(2026, 11, 1)), PLAYBOOK)
    assert [fault.field for fault in refused.value.faults] == ["incoming", "backup", "day"]
    assert [fault.faults for fault in refused.value.faults] == [
        (fault,) for fault in refused.value.faults
    ]


@pytest.mark.parametrize(
    ("today", "day", "day_is"),
    [
        (22, 22, "switch_by"),
        (28, 28, "switch_by"),
        # On a weekend the last working day may be the Friday that has just been.
        (29, 27, "last_day"),
    ],
)
def test_a_day_counts_where_the_starter_is(today: int, day: int, day_is: str) -> None:
    story = Story(today=date(2026, 11, today), day=date(2026, 11, day), day_is=day_is)
    assert story.handover.day.day == day


# --- Drafts


def test_a_draft_is_filled_in_anew_as_often_as_wanted() -> None:
    story = Story(by=KIM, draft=True, tellings={Role.OUTGOING: NOW, Role.INCOMING: NEVER})
    form = made_form(account="Contoso", segment="enterprise", incoming=party(ZOE), backup=None)
    assert story.does(KIM, e.Redrafted, **form) == ()
    assert story.refuses(KIM, e.Redrafted, **form | {"leader": IVAN}) == "leader_is_csm"
    story.ignores(KIM, e.Redrafted, **form)
    story.does(KIM, e.Opened)
    handover = story.handover
    assert (handover.account, handover.segment, handover.backup) == ("Contoso", "enterprise", None)
    assert handover.tellings[Role.INCOMING].told_at is None
    assert handover.incoming == party(ZOE)
    assert story.refuses(KIM, e.Redrafted, **form) == "already_started"
    assert replay(story.journal, PLAYBOOK) == handover


def test_a_discarded_draft_is_there_for_nobody() -> None:
    story = Story(by=KIM, draft=True)
    assert [task.todo for task in all_tasks(story.handover, PLAYBOOK)] == [Todo.FINISH_DRAFT]
    assert story.does(KIM, e.Discarded) == ()
    assert story.handover.stage is Stage.DISCARDED
    assert all_tasks(story.handover, PLAYBOOK) == ()
    assert due_at(story.handover, PLAYBOOK) is None
    assert not any(may_know(story.handover, who) for who in (IVAN, OLGA, LENA, BORIS, KIM))
    started = Story(by=KIM)
    assert started.refuses(KIM, e.Discarded) == "already_started"


def test_nothing_starts_twice_and_a_journal_begins_with_its_start() -> None:
    story = Story()
    with pytest.raises(FlowError, match="already_started"):
        advance(story.handover, story.journal[0], PLAYBOOK)
    with pytest.raises(FlowError, match="no_start"):
        replay([e.TimePassed(at=MONDAY, by=e.CLOCK)], PLAYBOOK)


def test_a_draft_is_its_creators_alone_until_it_is_opened() -> None:
    story = Story(draft=True)
    assert story.effects == ()
    assert due_at(story.handover, PLAYBOOK) is None
    assert [task.todo for task in open_tasks(story.handover, PLAYBOOK, IVAN)] == [Todo.FINISH_DRAFT]
    for other in (OLGA, LENA, BORIS, ZOE):
        assert not may_know(story.handover, other)
        assert not may_open_vault(story.handover, other)
        assert open_tasks(story.handover, PLAYBOOK, other) == ()
    assert story.refuses(IVAN, e.Asked, id="A1", text="Why?") == "still_a_draft"
    assert story.refuses(LENA, e.Opened) == "not_yours"
    assert posts(story.does(IVAN, e.Opened), OLGA) == [Kind.ACCEPT]
    assert story.refuses(IVAN, e.Opened) == "already_started"


def test_opening_a_draft_may_change_who_is_told() -> None:
    story = Story(draft=True)
    story.does(IVAN, e.Opened, tellings={Role.INCOMING: NEVER})
    assert not may_know(story.handover, OLGA)


def test_whoever_leaves_while_a_draft_waits_is_gone_when_it_opens() -> None:
    # PersonGone was refused as "still_a_draft", and the card went to somebody switched off.
    story = Story(by=LENA, draft=True)
    story.does(e.CLOCK, e.PersonGone, user=IVAN)
    story.does(LENA, e.Opened)
    assert posts(story.effects, IVAN) == []
    assert posts(story.effects, LENA) == [Kind.CARD, (Kind.QUESTION, "S1")]


def test_a_draft_without_its_creator_is_nobodys_task() -> None:
    story = Story(draft=True)
    story.does(e.CLOCK, e.PersonGone, user=IVAN)
    assert all_tasks(story.handover, PLAYBOOK) == ()


def test_accepting_asks_the_incoming_csm_and_tells_the_leader() -> None:
    story = Story()
    effects = story.does(OLGA, e.Accepted)
    assert posts(effects) == [(Kind.QUESTION, "TR2")]
    assert Refresh(to=LENA, kind=Kind.NOTICE) in effects
    assert Refresh(to=IVAN, kind=Kind.CARD) in effects
    assert todos(story, OLGA) == [Todo.INTRODUCE_YOURSELF]
    assert story.refuses(OLGA, e.Declined) == "already_decided"


def test_a_decline_goes_to_the_leader_who_names_another() -> None:
    story = Story()
    assert posts(story.does(OLGA, e.Declined)) == [Kind.DECLINED]
    assert todos(story, LENA) == [Todo.NAME_INCOMING]
    assert story.refuses(IVAN, e.IncomingNamed, incoming=party(KIM)) == "not_yours"
    effects = story.does(LENA, e.IncomingNamed, incoming=party(KIM))
    assert posts(effects) == [Kind.ACCEPT]
    # The former one's buttons are taken away, once; then they hear nothing more.
    assert Refresh(to=OLGA, kind=Kind.ACCEPT) in effects
    assert story.handover.acceptance is Acceptance.WAITING
    assert not may_know(story.handover, OLGA)
    assert all(effect.to != OLGA for effect in story.does(KIM, e.Accepted))


def test_what_only_the_former_one_could_say_goes_with_them() -> None:
    story = Story()
    story.does(OLGA, e.Accepted)
    story.answers(OLGA)
    story.answers(IVAN)
    story.does(OLGA, e.Asked, id="A1", text="Who is Ana?")
    story.does(BORIS, e.IncomingNamed, incoming=party(KIM))
    assert set(story.handover.answers) == {"S1"}
    assert OLGA not in story.handover.interviews
    story.does(KIM, e.Accepted)
    assert story.open(KIM) == "TR2"


def test_naming_refreshes_what_the_leader_and_the_outgoing_csm_see() -> None:
    # Without a change of acceptance the leader's notice kept the former name.
    story = Story()
    effects = story.does(LENA, e.IncomingNamed, incoming=party(KIM))
    assert Refresh(to=LENA, kind=Kind.NOTICE) in effects
    assert Refresh(to=IVAN, kind=Kind.CARD) in effects


@pytest.mark.parametrize(
    ("user", "code"),
    [
        (IVAN, "same_person"),
        (LENA, "leader_is_csm"),
        (BORIS, "backup_has_a_part"),
        (OLGA, "already_named"),
    ],
)
def test_not_everybody_can_be_named(user: str, code: str) -> None:
    assert Story().refuses(LENA, e.IncomingNamed, incoming=party(user)) == code


def test_somebody_not_on_slack_can_be_named_and_nothing_is_sent() -> None:
    story = Story(incoming=None)
    assert todos(story, LENA) == [Todo.NAME_INCOMING]
    assert posts(story.does(LENA, e.IncomingNamed, incoming=party(None, "Ann"))) == []
    assert due_at(story.handover, PLAYBOOK) is None


def test_a_start_with_somebody_not_on_slack_writes_to_the_others() -> None:
    story = Story(incoming=party(None, "Ann"))
    assert posts(story.effects) == [Kind.CARD, Kind.NOTICE, (Kind.QUESTION, "S1")]


def test_a_leader_may_start_for_two_others() -> None:
    story = Story(by=LENA)
    assert posts(story.effects, LENA) == [Kind.NOTICE]
    assert posts(story.effects, IVAN) == [Kind.CARD, (Kind.QUESTION, "S1")]
    assert may_open_vault(story.handover, LENA)


def test_an_incoming_csm_may_start_and_then_accepts_like_any_other() -> None:
    story = Story(by=OLGA, tellings={Role.OUTGOING: NOW})
    assert posts(story.effects, OLGA) == [Kind.ACCEPT]
    story.does(OLGA, e.Accepted)
    assert story.open(OLGA) == "TR2"


# --- Silence


def test_a_silent_incoming_csm_is_told_of_once_after_two_working_days() -> None:
    story = Story()
    assert due_at(story.handover, PLAYBOOK) == MONDAY + timedelta(days=2)
    story.ignores(e.CLOCK, e.TimePassed)
    assert posts(story.waits(days=2)) == [Kind.SILENT]
    story.ignores(e.CLOCK, e.TimePassed)
    assert due_at(story.handover, PLAYBOOK) is None
    assert posts(story.does(OLGA, e.Declined)) == [Kind.DECLINED]


def test_silence_is_counted_in_working_days_and_anew_for_whoever_is_named() -> None:
    friday = MONDAY + timedelta(days=4)
    story = Story(at=friday)
    assert due_at(story.handover, PLAYBOOK) == friday + timedelta(days=4)
    story.waits(days=9)
    story.does(LENA, e.IncomingNamed, incoming=party(KIM))
    assert posts(story.waits(days=4), LENA) == [Kind.SILENT]


def test_whoever_answered_is_not_silent() -> None:
    story = Story()
    story.does(OLGA, e.Accepted)
    story.at += timedelta(days=9)
    story.ignores(e.CLOCK, e.TimePassed)


# --- Quiet preparation


def test_until_they_are_told_nobody_hears_anything() -> None:
    story = Story(by=LENA, tellings={Role.OUTGOING: later(3), Role.INCOMING: NEVER})
    assert {effect.to for effect in story.effects} == {LENA}
    for user in (IVAN, OLGA):
        assert not may_know(story.handover, user)
        assert open_tasks(story.handover, PLAYBOOK, user) == ()
        assert user not in {task.owner for task in all_tasks(story.handover, PLAYBOOK)}
        assert story.refuses(user, e.Asked, id="A", text="What is this?") == "not_yours"
    assert due_at(story.handover, PLAYBOOK) == MONDAY + timedelta(days=3)
    story.waits(days=2)
    assert story.effects == ()
    assert posts(story.waits(days=1)) == [Kind.CARD, (Kind.QUESTION, "S1")]
    assert due_at(story.handover, PLAYBOOK) is None


def test_a_leader_may_tell_sooner_than_planned() -> None:
    story = Story(by=LENA, tellings={Role.OUTGOING: later(3), Role.INCOMING: NEVER})
    assert posts(story.does(LENA, e.Told, role=Role.INCOMING)) == [Kind.ACCEPT]
    assert due_at(story.handover, PLAYBOOK) == MONDAY + timedelta(days=2, minutes=1)
    assert story.refuses(LENA, e.Told, role=Role.INCOMING) == "already_told"
    assert story.refuses(LENA, e.Told, role=Role.LEADER) == "already_told"
    assert story.refuses(OLGA, e.Told, role=Role.OUTGOING) == "not_yours"


def test_nobody_cannot_be_told() -> None:
    assert Story(incoming=None).refuses(LENA, e.Told, role=Role.INCOMING) == "nobody_to_tell"
    story = Story(by=LENA, outgoing=party(None, "Ann"), tellings={})
    assert story.refuses(LENA, e.Told, role=Role.OUTGOING) == "nobody_to_tell"


def test_who_is_told_later_is_chased_from_then_on() -> None:
    story = Story(tellings={Role.OUTGOING: NOW, Role.INCOMING: later(1)})
    story.waits(days=1)
    assert due_at(story.handover, PLAYBOOK) == story.at + timedelta(days=2)


def test_a_plan_in_the_past_tells_at_once() -> None:
    story = Story(tellings={Role.OUTGOING: NOW, Role.INCOMING: later(-1)})
    assert posts(story.effects, OLGA) == [Kind.ACCEPT]


def test_a_plan_to_tell_later_needs_an_aware_moment() -> None:
    for wrong in (
        {"when": "later"},
        {"when": "now", "at": MONDAY},
        {"when": "later", "at": datetime(2026, 11, 24, 9, 0)},  # noqa: DTZ001 - naive on purpose
    ):
        with pytest.raises(ValidationError):
            Telling.model_validate(wrong)


def test_whoever_is_named_in_quiet_is_not_told_by_it() -> None:
    # A leader preparing quietly changed the name, and the new one was written to at once.
    story = Story(by=LENA, tellings={Role.OUTGOING: NOW, Role.INCOMING: NEVER})
    effects = story.does(LENA, e.IncomingNamed, incoming=party(KIM))
    assert not {KIM, OLGA} & {effect.to for effect in effects}
    assert not may_know(story.handover, KIM)
    assert story.handover.tellings[Role.INCOMING].when is When.NEVER


def test_a_creator_knows_their_own_handover_even_untold() -> None:
    story = Story(tellings={Role.OUTGOING: NEVER, Role.INCOMING: NEVER})
    assert story.open(IVAN) == "S1"


@pytest.mark.parametrize(
    ("role", "tell", "then"),
    [
        (Role.INCOMING, Todo.TELL_INCOMING, (OLGA, Todo.ACCEPT)),
        (Role.OUTGOING, Todo.TELL_OUTGOING, (IVAN, Todo.ANSWER_QUESTIONS)),
    ],
)
def test_whoever_is_not_told_through_the_bot_is_the_leaders_to_tell(
    role: Role, tell: Todo, then: tuple[str, Todo]
) -> None:
    """Else it never goes on; only leaders read how somebody is to hear of it."""
    told = {Role.OUTGOING: NOW, Role.INCOMING: NOW} | {role: NEVER}
    story = Story(by=LENA, tellings=told)
    seen = {user: open_tasks(story.handover, PLAYBOOK, user) for user in (LENA, BORIS, IVAN, OLGA)}
    assert {user for user, owed in seen.items() if tell in {t.todo for t in owed}} == {LENA, BORIS}
    assert todos(story, LENA) == [tell]
    story.does(LENA, e.Told, role=role)
    assert tell not in todos(story)
    assert then[1] in todos(story, then[0])
