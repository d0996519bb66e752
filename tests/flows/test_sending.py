"""Sending is human: what people say they sent, and what the customer answered (G32, N18)."""

from datetime import date, timedelta

import pytest

from flows import events as e
from flows.customer.coverage_events import Intended
from flows.customer.introductions import Channel, Step
from flows.customer.sent import Outcome, Says, Way
from flows.customer.to_send import to_send
from flows.effects import Kind, Refresh
from flows.handover import Acceptance, Stage
from flows.happened import CLOCK
from flows.passing import due_at
from flows.schedule.timeline import Planned, make_plan, message_approved
from flows.side_by_side.lead import lead_now
from flows.tasks import Task, Todo, all_tasks
from flows.terms import DateIs, Reason, Segment
from flows.texts.composing import composed
from flows.texts.letter_specs import Letter
from flows.texts.letters import slots_in
from flows.texts.pieces import approved_text, pending, text_of
from tests.flows.make import BORIS, IVAN, KIM, LENA, OLGA, PLAYBOOK, ZOE, Story, party, posts
from tests.flows.test_letters import approve, approved, asked
from tests.flows.test_wording import agree

SENDING = {
    Todo.SEND_TEXT,
    Todo.NOTE_ANSWER,
    Todo.CALL_CUSTOMER,
    Todo.TRY_ANOTHER,
    Todo.DECIDE_CONTACT,
    Todo.TALK,
}


def key_of(story: Story, letter: Letter) -> str:
    return next(t.spec.key for t in composed(story.handover, PLAYBOOK) if t.spec.letter is letter)


def sending(story: Story, letter: Letter, **change: object) -> dict[str, object]:
    """What Mark as sent says: the approved version, today, by mail or, where one is due, a call."""
    key = key_of(story, letter)
    text = approved_text(story.handover, key)
    usual = {"key": key, "version": text.number if text else 1, "on": story.at.date()}
    return usual | {"way": Way.MEETING} | change


def sends(story: Story, by: str, *letters: Letter, **change: object) -> None:
    for letter in letters:
        story.does(by, e.LetterSent, **sending(story, letter, **change))


def answer(story: Story, letter: Letter, says: Says, **change: object) -> dict[str, object]:
    sent = story.handover.sending.newest(letter)
    assert sent
    marks = story.handover.sending.marks(sent.key)
    return {"key": sent.key, "marks": marks, "says": says} | change


def hears(story: Story, by: str, letter: Letter, says: Says, **change: object) -> None:
    story.does(by, e.CustomerAnswered, **answer(story, letter, says, **change))


def back(story: Story, letter: Letter) -> dict[str, object]:
    sent = story.handover.sending.newest(letter)
    assert sent
    return {"key": sent.key, "marks": story.handover.sending.marks(sent.key)}


def tasks(story: Story) -> dict[tuple[str, Todo, str], Task]:
    found = all_tasks(story.handover, PLAYBOOK)
    return {(t.owner, t.todo, t.subject): t for t in found if t.todo in SENDING}


def step(story: Story, key: str) -> Planned:
    found = make_plan(story.handover, PLAYBOOK).find(key)
    assert found
    return found


def introduced(**change: object) -> Story:
    """Heads-up and introduction are out, on their days."""
    story = approved(**change)
    sends(story, IVAN, Letter.HEADS_UP)
    story.waits(days=3)
    sends(story, IVAN, Letter.INTRODUCTION)
    return story


def test_nothing_is_sent_before_it_is_approved() -> None:
    story = asked()
    assert story.refuses(IVAN, e.LetterSent, **sending(story, Letter.HEADS_UP)) == "locked"
    approve(story)
    story.does(IVAN, e.LetterWorded, key="heads_up_mail", version=1, text=words(story) + " Bye")
    assert story.refuses(IVAN, e.LetterSent, **sending(story, Letter.HEADS_UP)) == "not_approved"
    approve(story)
    older = sending(story, Letter.HEADS_UP, version=1)
    assert story.refuses(IVAN, e.LetterSent, **older) == "other_words"
    sends(story, IVAN, Letter.HEADS_UP)


def words(story: Story) -> str:
    return text_of(story.handover, PLAYBOOK, "heads_up_mail").text


def test_days_that_nobody_approved_are_not_sent() -> None:
    story = approved()
    day = step(story, "hello").day + timedelta(days=1)
    story.does(IVAN, e.MilestoneMoved, key="hello", day=day)
    assert "hello" not in slots_in(words(story))
    held = {text.spec.letter: text.held for text in to_send(story.handover, PLAYBOOK)}
    assert held[Letter.HEADS_UP] == ""
    assert held[Letter.TIMELINE] == "not_approved"
    approve(story)
    held = {text.spec.letter: text.held for text in to_send(story.handover, PLAYBOOK)}
    assert held[Letter.TIMELINE] == "heads_up_first"


def test_the_heads_up_comes_first_then_the_introduction_then_the_hello() -> None:
    story = approved()
    for letter in (Letter.INTRODUCTION, Letter.TIMELINE, Letter.REASSURANCE, Letter.HELLO):
        assert story.refuses(LENA, e.LetterSent, **sending(story, letter)) == "heads_up_first"
    sends(story, IVAN, Letter.HEADS_UP)
    assert story.refuses(OLGA, e.LetterSent, **sending(story, Letter.HELLO)) == "introduction_first"
    yesterday = sending(story, Letter.INTRODUCTION, on=story.at.date() - timedelta(days=1))
    assert story.refuses(IVAN, e.LetterSent, **yesterday) == "heads_up_first"
    sends(story, IVAN, Letter.INTRODUCTION)
    sends(story, OLGA, Letter.HELLO)


def test_a_text_that_was_sent_marks_the_plan_and_nothing_else_does() -> None:
    story = approved()
    assert story.refuses(IVAN, e.MilestoneDone, key="heads_up") == "by_text"
    story.waits(days=1)
    yesterday = story.at.date() - timedelta(days=1)
    sends(story, IVAN, Letter.HEADS_UP, on=yesterday)
    heads_up = step(story, "heads_up")
    assert (heads_up.done, heads_up.done_on) == (True, yesterday)
    assert Refresh(to=LENA, kind=Kind.PLAN) in story.effects
    milestones = [t for t in all_tasks(story.handover, PLAYBOOK) if t.todo is Todo.MILESTONE]
    by_text = {"heads_up", "introduction", "hello", "agreed"}
    assert by_text.isdisjoint(t.subject for t in milestones)


def test_marked_twice_changes_nothing_but_for_others_who_got_it_too() -> None:
    story = approved(segment=Segment.ENTERPRISE)
    sends(story, IVAN, Letter.HEADS_UP)
    story.ignores(IVAN, e.LetterSent, **sending(story, Letter.HEADS_UP))
    people = [r.id for r in story.handover.records if r.kind == "stakeholder"]
    assert people
    assert (
        story.refuses(IVAN, e.LetterSent, **sending(story, Letter.HEADS_UP, to=["R?"]))
        == "no_such_record"
    )
    sends(story, IVAN, Letter.HEADS_UP, to=people[:1])
    story.ignores(IVAN, e.LetterSent, **sending(story, Letter.HEADS_UP, to=people[:1]))
    assert [sent.to for sent in story.handover.sending.sent] == [(), tuple(people[:1])]


def test_nothing_was_sent_in_days_to_come() -> None:
    story = approved()
    ahead = sending(story, Letter.HEADS_UP, on=story.at.date() + timedelta(days=2))
    assert story.refuses(IVAN, e.LetterSent, **ahead) == "date_to_come"


def test_only_its_sender_or_a_leader_marks_a_text() -> None:
    story = approved()
    for by in (OLGA, KIM, ZOE):
        assert story.refuses(by, e.LetterSent, **sending(story, Letter.HEADS_UP)) == "not_yours"
    sends(story, BORIS, Letter.HEADS_UP)
    sends(story, IVAN, Letter.INTRODUCTION)
    assert story.refuses(IVAN, e.LetterSent, **sending(story, Letter.HELLO)) == "not_yours"


@pytest.mark.parametrize("segment", [Segment.MID_MARKET, Segment.ENTERPRISE])
def test_only_smb_is_introduced_by_mail_unless_a_leader_says_why(segment: Segment) -> None:
    story = approved(segment=segment)
    sends(story, IVAN, Letter.HEADS_UP, way=Way.MAIL)
    mail = sending(story, Letter.INTRODUCTION, way=Way.MAIL)
    assert story.refuses(IVAN, e.LetterSent, **mail) == "call_needed"
    assert story.refuses(IVAN, e.LetterSent, **mail, why="They like mails") == "call_needed"
    assert story.refuses(LENA, e.LetterSent, **mail) == "missing"
    story.does(LENA, e.LetterSent, **mail, why="They asked for a mail")
    sent = story.handover.sending.newest(Letter.INTRODUCTION)
    assert sent
    assert sent.why == "They asked for a mail"


def test_smb_is_introduced_by_mail() -> None:
    story = approved()
    sends(story, IVAN, Letter.HEADS_UP, Letter.INTRODUCTION, way=Way.MAIL)


def test_whoever_marked_it_takes_it_back() -> None:
    story = approved()
    sends(story, IVAN, Letter.HEADS_UP)
    once = back(story, Letter.HEADS_UP)
    assert story.refuses(OLGA, e.SendingTakenBack, **once) == "not_yours"
    sends(story, IVAN, Letter.INTRODUCTION)
    assert story.refuses(IVAN, e.SendingTakenBack, **once) == "later_sent"
    story.does(LENA, e.SendingTakenBack, **back(story, Letter.INTRODUCTION))
    story.does(IVAN, e.SendingTakenBack, **once)
    assert not step(story, "heads_up").done
    assert story.handover.sending.sent == ()
    story.ignores(LENA, e.SendingTakenBack, **once)


def test_undo_takes_back_the_answer_before_the_sending() -> None:
    story = approved()
    sends(story, IVAN, Letter.HEADS_UP)
    hears(story, OLGA, Letter.HEADS_UP, Says.FINE)
    stale = back(story, Letter.HEADS_UP) | {"marks": 1}
    assert story.refuses(LENA, e.SendingTakenBack, **stale) == "noted_meanwhile"
    assert story.refuses(IVAN, e.SendingTakenBack, **back(story, Letter.HEADS_UP)) == "not_yours"
    newest = back(story, Letter.HEADS_UP)
    story.does(OLGA, e.SendingTakenBack, **newest)
    story.ignores(LENA, e.SendingTakenBack, **newest)
    assert story.handover.sending.sent[0].answers == ()
    assert step(story, "heads_up").done


def test_a_text_that_was_sent_stays_as_it_was() -> None:
    story = approved()
    sends(story, IVAN, Letter.HEADS_UP)
    edit = {"key": "heads_up_mail", "version": 1, "text": "Other words"}
    assert story.refuses(LENA, e.LetterWorded, **edit) == "sent_already"
    story.does(OLGA, e.ReasonWorded, text="Everything is new.")
    assert not message_approved(story.handover)
    agree(story, IVAN)
    assert "heads_up_mail" not in pending(story.handover)
    assert "introduction_mail" in pending(story.handover)
    story.does(CLOCK, e.PersonGone, user=IVAN)
    assert key_of(story, Letter.HEADS_UP) == "heads_up_mail"
    assert key_of(story, Letter.INTRODUCTION) == "introduction_for_them"


def test_the_next_text_is_its_senders_task_by_the_plans_day() -> None:
    story = approved()
    assert set(tasks(story)) == {(IVAN, Todo.SEND_TEXT, "heads_up_mail")}
    assert posts(story.effects, IVAN) == [Kind.APPROVED]
    assert posts(story.effects, OLGA) == [Kind.APPROVED]
    sends(story, IVAN, Letter.HEADS_UP)
    assert Refresh(to=IVAN, kind=Kind.APPROVED) in story.effects
    found = {key[1:]: task.due for key, task in tasks(story).items()}
    assert found == {
        (Todo.SEND_TEXT, "introduction_mail"): step(story, "introduction").day,
        (Todo.SEND_TEXT, "reassurance"): step(story, "reassured").day,
        (Todo.SEND_TEXT, "timeline"): step(story, "agreed").day,
    }
    sends(story, IVAN, Letter.INTRODUCTION)
    assert tasks(story)[OLGA, Todo.SEND_TEXT, "hello"].due == step(story, "hello").day


def test_a_customer_who_is_fine_with_the_plan_agreed_to_it() -> None:
    story = introduced()
    fine = answer(story, Letter.INTRODUCTION, Says.FINE)
    assert story.refuses(IVAN, e.CustomerAnswered, **fine) == "missing"
    ahead = story.at.date() + timedelta(days=3)
    assert (
        story.refuses(IVAN, e.CustomerAnswered, **fine, who="Ana Ruiz", on=ahead) == "date_to_come"
    )
    story.does(IVAN, e.CustomerAnswered, **fine, who="Ana Ruiz", on=story.at.date())
    assert (step(story, "agreed").done, step(story, "agreed").done_on) == (True, story.at.date())
    noted = story.handover.sending.newest(Letter.INTRODUCTION)
    assert noted
    assert noted.answer
    assert noted.answer.who == "Ana Ruiz"
    hears(story, IVAN, Letter.INTRODUCTION, Says.NO_REPLY)
    assert not step(story, "agreed").done


def test_fine_with_the_heads_up_agrees_to_nothing_yet() -> None:
    story = approved()
    sends(story, IVAN, Letter.HEADS_UP)
    hears(story, IVAN, Letter.HEADS_UP, Says.FINE)
    assert not step(story, "agreed").done
    story.ignores(IVAN, e.CustomerAnswered, **answer(story, Letter.HEADS_UP, Says.FINE, marks=1))
    stale = answer(story, Letter.HEADS_UP, Says.NO_REPLY, marks=1)
    assert story.refuses(OLGA, e.CustomerAnswered, **stale) == "noted_meanwhile"


def test_another_date_moves_the_plan_and_only_the_plan_is_approved_again() -> None:
    story = approved()
    sends(story, IVAN, Letter.HEADS_UP)
    wish = answer(story, Letter.HEADS_UP, Says.ANOTHER_DATE)
    assert story.refuses(IVAN, e.CustomerAnswered, **wish) == "missing"
    wish["milestone"] = "introduction"
    assert story.refuses(IVAN, e.CustomerAnswered, **wish) == "missing"
    soon = wish | {"on": story.at.date() + timedelta(days=1)}
    assert story.refuses(IVAN, e.CustomerAnswered, **soon) == "too_close"
    assert story.refuses(IVAN, e.CustomerAnswered, **soon, insist=True, why="!") == "not_yours"
    later = step(story, "introduction").day + timedelta(days=1)
    assert story.refuses(IVAN, e.CustomerAnswered, **wish, on=later) == "after_the_switch"
    day = step(story, "hello").day + timedelta(days=1)
    story.does(IVAN, e.CustomerAnswered, **wish | {"milestone": "hello"}, on=day)
    assert step(story, "hello").day == day
    assert pending(story.handover) == {"plan": 2}
    assert [(move.key, move.why) for move in story.handover.schedule.moves] == [
        ("hello", "The customer wants another date.")
    ]
    assert (Kind.APPROVAL, "2") in posts(story.effects, LENA)
    wish = answer(story, Letter.HEADS_UP, Says.ANOTHER_DATE, milestone="introduction", on=later)
    story.does(LENA, e.CustomerAnswered, **wish, insist=True, why="Their board meets.")
    assert step(story, "introduction").day == later


def asks_for_ivan(**change: object) -> Story:
    story = approved(**change)
    sends(story, IVAN, Letter.HEADS_UP)
    hears(story, IVAN, Letter.HEADS_UP, Says.ASKS_FOR)
    return story


def test_a_customer_who_asks_for_the_old_csm_waits_for_the_leader() -> None:
    story = asks_for_ivan()
    assert posts(story.effects) == [(Kind.CUSTOMER_ASKS, "heads_up_mail")]
    assert posts(story.effects, LENA) == [(Kind.CUSTOMER_ASKS, "heads_up_mail")]
    found = tasks(story)
    assert set(found) == {(LENA, Todo.DECIDE_CONTACT, "heads_up_mail")}
    assert found[LENA, Todo.DECIDE_CONTACT, "heads_up_mail"].due == date(2026, 11, 25)
    refused = story.refuses(IVAN, e.LetterSent, **sending(story, Letter.INTRODUCTION))
    assert refused == "leader_decides"
    decision = {"key": "heads_up_mail", "outcome": "go_on"}
    assert story.refuses(IVAN, e.OldContactDecided, **decision) == "not_yours"


@pytest.mark.parametrize("outcome", Outcome)
def test_each_decision_drafts_its_reply_which_is_approved_and_sent(outcome: Outcome) -> None:
    story = asks_for_ivan()
    until = story.at.date() + timedelta(days=28)
    story.does(LENA, e.OldContactDecided, key="heads_up_mail", outcome=outcome, until=until)
    key = f"reply_{outcome}"
    assert key_of(story, Letter.REPLY) == key
    assert key in pending(story.handover)
    assert Kind.APPROVAL in [kind for kind, _ in posts(story.effects, LENA)]
    assert (LENA, Todo.SEND_TEXT, key) not in tasks(story)
    story.ignores(LENA, e.OldContactDecided, key="heads_up_mail", outcome=outcome, until=until)
    approve(story)
    assert tasks(story)[LENA, Todo.SEND_TEXT, key].due == date(2026, 11, 24)
    sends(story, LENA, Letter.REPLY)
    goes_on = (IVAN, Todo.SEND_TEXT, "introduction_mail") in tasks(story)
    assert goes_on is (outcome is not Outcome.CANCEL)
    if outcome is Outcome.CANCEL:
        sent = sending(story, Letter.INTRODUCTION)
        assert story.refuses(IVAN, e.LetterSent, **sent) == "called_off"


def test_kept_until_a_day_moves_the_lead_switch() -> None:
    story = asks_for_ivan()
    keep = {"key": "heads_up_mail", "outcome": "keep"}
    assert story.refuses(LENA, e.OldContactDecided, **keep) == "missing"
    sunday = date(2026, 12, 20)
    assert story.refuses(LENA, e.OldContactDecided, **keep, until=sunday) == "day_off"
    day = date(2026, 12, 28)
    story.does(LENA, e.OldContactDecided, **keep, until=day)
    assert step(story, "switch").day == day
    assert "kept" in slots_in(text_of(story.handover, PLAYBOOK, "reply_keep").text)
    assert "plan" in pending(story.handover)


def test_nobody_stays_who_has_left() -> None:
    leaving = {"day_is": DateIs.LAST_DAY, "day": date(2026, 12, 18), "reason": Reason.ATTRITION}
    story = asks_for_ivan(**leaving)
    keep = {"key": "heads_up_mail", "outcome": "keep", "until": date(2026, 12, 21)}
    assert story.refuses(LENA, e.OldContactDecided, **keep) == "gone_by_then"


def test_once_decided_only_a_leader_takes_the_wish_back() -> None:
    story = asks_for_ivan()
    story.does(LENA, e.OldContactDecided, key="heads_up_mail", outcome="cancel")
    assert story.refuses(IVAN, e.SendingTakenBack, **back(story, Letter.HEADS_UP)) == "not_yours"
    story.does(LENA, e.SendingTakenBack, **back(story, Letter.HEADS_UP))
    assert "reply_cancel" not in pending(story.handover)
    sends(story, IVAN, Letter.INTRODUCTION)


def test_asked_again_after_the_reply_another_reply_is_due() -> None:
    story = asks_for_ivan()
    story.does(LENA, e.OldContactDecided, key="heads_up_mail", outcome="go_on")
    approve(story)
    sends(story, LENA, Letter.REPLY)
    hears(story, LENA, Letter.REPLY, Says.ASKS_FOR)
    assert (LENA, Todo.DECIDE_CONTACT, "reply_go_on") in tasks(story)
    story.does(LENA, e.OldContactDecided, key="reply_go_on", outcome="helper")
    assert "reply_helper" in pending(story.handover)


def test_a_customer_who_wants_a_leader_gets_one_by_a_day() -> None:
    story = approved()
    sends(story, IVAN, Letter.HEADS_UP)
    wish = answer(story, Letter.HEADS_UP, Says.TALK)
    assert story.refuses(IVAN, e.CustomerAnswered, **wish) == "missing"
    day = story.at.date() + timedelta(days=2)
    story.does(IVAN, e.CustomerAnswered, **wish, on=day)
    assert (Kind.CUSTOMER_ASKS, "heads_up_mail") in posts(story.effects, LENA)
    assert tasks(story)[LENA, Todo.TALK, ""].due == day
    assert "talk" in pending(story.handover)
    approve(story)
    sends(story, LENA, Letter.TALK, way=Way.CALL)
    assert (LENA, Todo.TALK, "") not in tasks(story)


def test_no_reply_asks_to_call_and_then_to_try_somebody_else() -> None:
    story = approved(segment=Segment.ENTERPRISE)
    sends(story, IVAN, Letter.HEADS_UP)
    hears(story, IVAN, Letter.HEADS_UP, Says.NO_REPLY)
    third = date(2026, 11, 26)
    assert tasks(story)[IVAN, Todo.CALL_CUSTOMER, "heads_up_call"].due == third
    story.waits(days=3)
    hears(story, IVAN, Letter.HEADS_UP, Says.NO_REPLY)
    assert tasks(story)[IVAN, Todo.TRY_ANOTHER, "heads_up_call"].due == date(2026, 11, 27)
    another = [r.id for r in story.handover.records if r.kind == "stakeholder"][:1]
    sends(story, IVAN, Letter.HEADS_UP, to=another)
    assert {todo for _, todo, _ in tasks(story)} == {Todo.SEND_TEXT}


def test_whoever_notes_nothing_is_asked_after_three_working_days() -> None:
    story = approved()
    assert due_at(story.handover, PLAYBOOK) is None
    sends(story, IVAN, Letter.HEADS_UP)
    due = due_at(story.handover, PLAYBOOK)
    assert due == story.at + timedelta(days=3)
    story.at = due - timedelta(minutes=2)
    assert story.waits(minutes=0) == ()
    assert posts(story.waits(minutes=1)) == [(Kind.CUSTOMER_SILENT, "heads_up_mail")]
    assert (IVAN, Todo.NOTE_ANSWER, "heads_up_mail") in tasks(story)
    assert due_at(story.handover, PLAYBOOK) is None
    hears(story, IVAN, Letter.HEADS_UP, Says.FINE)
    assert (IVAN, Todo.NOTE_ANSWER, "heads_up_mail") not in tasks(story)
    assert Refresh(to=IVAN, kind=Kind.CUSTOMER_SILENT, subject="heads_up_mail") in story.effects


def test_nobody_is_asked_about_what_is_overtaken_or_needs_no_answer() -> None:
    story = approved()
    sends(story, IVAN, Letter.HEADS_UP, Letter.INTRODUCTION)
    sends(story, OLGA, Letter.HELLO)
    story.waits(days=5)
    assert {key for _, todo, key in tasks(story) if todo is Todo.NOTE_ANSWER} == {
        "introduction_mail"
    }


def agreed_anew(story: Story) -> None:
    """Kim takes over, and both CSMs agree to the reason."""
    story.does(KIM, e.Accepted)
    story.answers_everything(KIM)
    ids = [r.id for r in story.handover.records if r.kind in {"commitment", "issue"}]
    if ids:
        story.does(KIM, e.ItemsAccepted, ids=ids)
    story.does(KIM, e.PackAccepted)
    agree(story, IVAN, KIM)
    story.does(IVAN, e.SentForApproval)


def test_after_the_heads_up_another_csm_is_a_text_to_be_approved_first() -> None:
    story = introduced()
    story.does(LENA, e.IncomingNamed, incoming=party(KIM))
    assert story.handover.acceptance is Acceptance.WAITING
    assert Kind.ACCEPT in posts(story.effects, KIM)
    assert step(story, "heads_up").done
    assert not step(story, "introduction").done
    agreed_anew(story)
    assert "change" in pending(story.handover)
    assert "heads_up_mail" not in pending(story.handover)
    refused = story.refuses(IVAN, e.LetterSent, **sending(story, Letter.INTRODUCTION))
    assert refused == "locked"
    approve(story)
    refused = story.refuses(IVAN, e.LetterSent, **sending(story, Letter.INTRODUCTION))
    assert refused == "change_first"
    assert set(tasks(story)) == {(IVAN, Todo.SEND_TEXT, "change")}
    sends(story, IVAN, Letter.CHANGE, Letter.INTRODUCTION)
    assert "Kim" in text_of(story.handover, PLAYBOOK, "change").text


def test_the_leader_says_why_the_customer_reads_nothing_of_another_csm() -> None:
    story = introduced()
    because = "Their sponsor chose Kim"
    story.does(LENA, e.IncomingNamed, incoming=party(KIM), no_text_because=because)
    changed = story.handover.sending.changed
    assert changed
    assert (changed.by, changed.why) == (LENA, because)
    agreed_anew(story)
    approve(story)
    sends(story, IVAN, Letter.INTRODUCTION)


def test_before_the_heads_up_nobody_has_to_be_told_of_another_csm() -> None:
    story = approved()
    story.does(LENA, e.IncomingNamed, incoming=party(KIM))
    assert story.handover.sending.changed is None


def steps(story: Story, key: str) -> dict[Step, date]:
    known = story.handover.coverage.people.get(key)
    return {step: tick.on for step, tick in known.ticks.items()} if known else {}


def test_whoever_a_text_reached_is_ticked_and_unticked_with_it() -> None:
    story = approved(segment=Segment.ENTERPRISE)
    ana, ben = [r.id for r in story.handover.records if r.kind == "stakeholder"][:2]
    today = story.at.date()
    sends(story, IVAN, Letter.HEADS_UP, to=[ana])
    assert (steps(story, ana), steps(story, ben)) == ({Step.HEADS_UP: today}, {})
    met = sending(story, Letter.INTRODUCTION, to=[ana, ben])
    assert story.refuses(IVAN, e.LetterSent, **met) == "heads_up_first"
    sends(story, IVAN, Letter.INTRODUCTION, to=[ana])
    sends(story, LENA, Letter.REASSURANCE, way=Way.MAIL, to=[ana])
    assert steps(story, ana) == dict.fromkeys(Step, today)
    story.does(LENA, e.SendingTakenBack, **back(story, Letter.REASSURANCE))
    story.does(IVAN, e.SendingTakenBack, **back(story, Letter.INTRODUCTION))
    assert steps(story, ana) == {Step.HEADS_UP: today}


def test_a_heads_up_to_nobody_by_name_was_for_all() -> None:
    story = approved(segment=Segment.ENTERPRISE)
    ana = next(r.id for r in story.handover.records if r.kind == "stakeholder")
    sends(story, IVAN, Letter.HEADS_UP)
    sends(story, IVAN, Letter.INTRODUCTION, to=[ana])
    assert set(steps(story, ana)) == {Step.HEADS_UP, Step.INTRODUCED}


def test_a_leaders_word_on_one_of_their_people_lets_a_mail_do() -> None:
    story = approved(segment=Segment.ENTERPRISE)
    ana = next(r.id for r in story.handover.records if r.kind == "stakeholder")
    sends(story, IVAN, Letter.HEADS_UP)
    plan = {ana: Intended(channel=Channel.MAIL)}
    story.does(LENA, e.IntroductionsPlanned, people=plan, why="Ana is abroad")
    channel = sending(story, Letter.INTRODUCTION, way=Way.CHANNEL)
    assert story.refuses(IVAN, e.LetterSent, **channel) == "call_needed"
    sends(story, IVAN, Letter.INTRODUCTION, way=Way.MAIL, to=[ana])


def test_what_a_text_marked_is_not_opened_again_in_the_plan() -> None:
    story = approved()
    sends(story, IVAN, Letter.HEADS_UP)
    assert story.refuses(IVAN, e.MilestoneReopened, key="heads_up") == "by_text"


def test_who_stays_for_good_is_decided_and_called_off_in_one_act() -> None:
    story = asks_for_ivan()
    known = {"why": "Northwind asks for Ivan.", "customer": "You keep Ivan."}
    assert story.refuses(LENA, e.HandoverCancelled, **known, wish="hello_mail") == "nothing_open"
    assert story.refuses(IVAN, e.HandoverCancelled, **known, wish="heads_up_mail") == "not_yours"
    story.does(LENA, e.HandoverCancelled, **known, wish="heads_up_mail")
    assert story.handover.stage is Stage.CANCELLED
    answer = story.handover.sending.sent[-1].answer
    assert answer
    assert answer.decided
    assert answer.decided.outcome is Outcome.CANCEL
    assert lead_now(story.handover)[0] == IVAN
    assert tasks(story) == {}


def test_who_has_gone_cannot_stay_for_good() -> None:
    story = asks_for_ivan()
    story.handover = story.handover.model_copy(
        update={"outgoing": story.handover.outgoing.model_copy(update={"gone": True})}
    )
    known = {"why": "Northwind asks for Ivan.", "customer": "You keep Ivan."}
    refused = story.refuses(LENA, e.HandoverCancelled, **known, wish="heads_up_mail")
    assert refused == "outgoing_gone"
