"""People send what is approved and note what the customer says, as three persons see it (N18)."""

from datetime import date, timedelta
from pathlib import Path

from bot.desk import Receipt
from bot.sandbox import Message, Person
from bot.views.dates import day
from flows import events as e
from flows.schedule.timeline import make_plan
from flows.terms import RecordKind
from tests.flows.make import PLAYBOOK
from tests.privacy.cast import MovedClock
from tests.wire.stage import Stage, sqlite_url, staged, today
from tests.wire.test_approval import sent as sent_for_approval

APPROVED = "Approved: what to send to Northwind"


def approved(stage: Stage, **words: str) -> Message:
    """Lena has approved everything: Olga's message with what she sends."""
    card = sent_for_approval(stage, **words)
    card.click("Approve all")
    return stage.olga.dm().wait(APPROVED)


def mark(person: Person, message: Message, below: str, how: str = "") -> None:
    """Somebody says that they sent a text today."""
    message.click("Mark as sent", below=below)
    form = person.modal("Mark as sent")
    if how:
        form.choose("How?", how)
    result = form.submit()
    assert result.closed, result.errors


def introduced(stage: Stage) -> Message:
    """Heads-up and introduction are out."""
    texts = approved(stage)
    mark(stage.olga, texts, "Heads-up · by")
    stage.until(lambda: "Heads-up · sent on" in texts.text)
    mark(stage.olga, texts, "Introduction · by")
    stage.until(lambda: "Introduction · sent on" in texts.text)
    return texts


def working_day(days: int) -> date:
    """The first one in so many days or later."""
    found = today() + timedelta(days=days)
    return found + timedelta(days=max(0, 7 - found.weekday()) % 7 if found.weekday() > 4 else 0)


def done(stage: Stage, key: str) -> bool:
    step = make_plan(stage.stored(), PLAYBOOK).find(key)
    return step is not None and step.done


def test_from_the_approved_text_to_a_customer_who_agrees(database_url: str) -> None:
    with staged(database_url) as stage:
        texts = approved(stage)
        assert "You send it: I never write to a customer." in texts.text
        assert "Ivan Petrov will look after you from now on" in texts.text
        assert "The heads-up comes first" in texts.text
        waiting = stage.ivan.dm().wait(APPROVED)
        assert "Mark as sent" not in waiting.buttons
        texts.click("Copy for customer")
        copy = stage.olga.dm().wait("Dear [name],", since=texts)
        assert copy.text.startswith("Dear [name],")
        assert copy.text.endswith("Kind regards\nOlga Costa")
        assert copy.buttons == []
        assert "⟦" not in copy.text
        texts.click("Mark as sent", times=2)
        form = stage.olga.modal("Mark as sent")
        form.pick_date("On which day?", today() + timedelta(days=3))
        assert "still to come" in form.submit().errors["On which day?"]
        form.pick_date("On which day?", today())
        assert form.submit().closed
        stage.until(lambda: f"Heads-up · sent on {day(today())} by mail · by you" in texts.text)
        assert done(stage, "heads_up")
        assert texts.buttons[-6:] == [
            "Customer is fine",
            "Wants another date",
            "Asks for Olga Costa",
            "Wants to talk to a leader",
            "No reply",
            "Undo",
        ]
        texts.click("Customer is fine", times=2)
        stage.until(lambda: "Northwind: fine with it ✓" in texts.text)
        mark(stage.olga, texts, "Introduction · by")
        stage.until(lambda: "Mark as sent" in waiting.buttons)
        stage.until(lambda: "Introduction · sent on" in texts.text)
        texts.click("Customer is fine", below="Introduction · sent on")
        form = stage.olga.modal("Customer is fine")
        form.fill("Who agreed?", "Ana <!here> Ruiz")
        assert form.submit().closed
        stage.until(lambda: "agreed to the plan: Ana" in texts.text)
        assert done(stage, "agreed")
        mark(stage.ivan, waiting, "Hello · by")
        stage.until(lambda: "Hello · sent on" in waiting.text)
        shown = stage.lena.types("/handover show Northwind").text
        assert "Heads-up on" in shown
        assert "agreed to the plan: Ana" in shown


def test_undo_takes_back_what_was_noted_last(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        texts = approved(stage)
        mark(stage.olga, texts, "Heads-up · by")
        stage.until(lambda: "Undo" in texts.buttons)
        texts.click("No reply")
        stage.until(lambda: "please call them" in texts.text)
        texts.click("Undo")
        stage.until(lambda: "no answer noted yet" in texts.text)
        texts.click("Undo")
        stage.until(lambda: "Copy for customer" in texts.buttons)
        assert not done(stage, "heads_up")


def test_another_date_moves_the_plan_for_everybody(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        texts = approved(stage)
        mark(stage.olga, texts, "Heads-up · by")
        stage.until(lambda: "Wants another date" in texts.buttons)
        hello = make_plan(stage.stored(), PLAYBOOK).find("hello")
        assert hello
        texts.click("Wants another date")
        form = stage.olga.modal("Another date")
        form.choose("Which step?", f"First hello of the new CSM · {day(hello.day)}")
        form.pick_date("On which day?", working_day(1))
        assert "first day that keeps the distances" in form.submit().errors["On which day?"]
        later = working_day(28)
        form.pick_date("On which day?", later)
        assert form.submit().closed
        stage.until(lambda: f"wants First hello of the new CSM on {day(later)}" in texts.text)
        stage.lena.dm().wait("this is card 2 for Northwind")
        assert "This text, or a day in it, is not approved yet." in texts.text


def test_a_customer_who_asks_for_the_old_csm_gets_the_leaders_word(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        texts = approved(stage)
        mark(stage.olga, texts, "Heads-up · by")
        stage.until(lambda: "Asks for Olga Costa" in texts.buttons)
        texts.click("Asks for Olga Costa", times=2)
        asked = stage.lena.dm().wait("Northwind asks for Olga Costa.")
        stage.until(lambda: "the leader decides about it first" in texts.text)
        asked.click("Decide")
        form = stage.lena.modal("Decide")
        form.choose("What do you decide?", "Olga Costa stays until a day")
        assert "fill this in" in form.submit().errors["Until when?"]
        form.choose("What do you decide?", "Olga Costa stays as a named helper")
        form.pick_date("Until when?", today() + timedelta(days=40))
        assert form.submit().closed
        until = day(today() + timedelta(days=40))
        stage.until(lambda: f"you decided: Olga Costa helps until {until}" in asked.text)
        stage.until(lambda: f"Lena Berg decided: Olga Costa helps until {until}" in texts.text)
        card = stage.lena.dm().wait("this is card 2 for Northwind")
        assert "stays at your side to help" in card.text
        card.click("Approve all")
        reply = stage.lena.dm().wait(APPROVED)
        assert "You can turn to Olga Costa with any question until" in reply.text
        mark(stage.lena, reply, "Reply: the old contact helps · by")
        stage.until(lambda: "Reply: the old contact helps · sent on" in reply.text)
        stage.until(lambda: "Copy for customer" in texts.buttons)


def test_the_old_contact_stays_for_good_in_one_confirmed_act(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        texts = approved(stage)
        mark(stage.olga, texts, "Heads-up · by")
        stage.until(lambda: "Asks for Olga Costa" in texts.buttons)
        texts.click("Asks for Olga Costa")
        asked = stage.lena.dm().wait("Northwind asks for Olga Costa.")
        asked.click("Decide")
        form = stage.lena.modal("Decide")
        form.choose("What do you decide?", "Olga Costa stays for good")
        form.submit()
        form = stage.lena.modal("Cancel handover")
        assert "Northwind stays with Olga Costa, who leads from now on" in form.text
        assert form.value("Why is it cancelled?") == "Northwind asks for Olga Costa."
        assert "Olga Costa stays your contact" in form.value("What does the customer hear?")
        assert form.submit().closed
        for person in (stage.olga, stage.ivan, stage.lena):
            told = person.dm().wait("Northwind: this handover is cancelled. Lead now: Olga Costa")
            assert "Northwind asks for Olga Costa." in told.text
        answer = stage.stored().sending.sent[-1].answer
        assert answer
        assert answer.decided


def test_a_customer_who_wants_a_leader_is_the_leaders_task(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        texts = approved(stage)
        mark(stage.olga, texts, "Heads-up · by")
        stage.until(lambda: "Undo" in texts.buttons)
        texts.click("Wants to talk to a leader")
        form = stage.olga.modal("Wants a leader")
        form.pick_date("By when?", today() + timedelta(days=2))
        assert form.submit().closed
        by = day(today() + timedelta(days=2))
        stage.lena.dm().wait(f"Northwind would like to talk to you by {by}")
        stage.lena.opens_home()
        home = stage.lena.home()
        stage.until(lambda: f"talk to the customer, by {by}" in home.text)
        stage.lena.dm().wait("this is card 2 for Northwind").click("Approve all")
        talk = stage.lena.dm().wait(APPROVED)
        assert "what worries you about the change?" in talk.text
        mark(stage.lena, talk, "A talk with the leader · by", "Call")
        stage.until(lambda: "A talk with the leader · sent on" in talk.text)
        stage.rest()
        assert "talk to the customer" not in stage.lena.home().text


def test_whoever_notes_nothing_is_asked_and_told_to_call(tmp_path: Path) -> None:
    clock = MovedClock()
    with staged(sqlite_url(tmp_path), clock, HANDOVER_TICK_SECONDS=0.2) as stage:
        mark(stage.olga, approved(stage), "Heads-up · by")
        clock.pass_by(days=6)
        asked = stage.olga.dm().wait("What did Northwind say?")
        asked.click("No reply")
        stage.until(lambda: "without one please call them" in asked.text)
        stage.olga.opens_home()
        home = stage.olga.home()
        stage.until(lambda: "call the customer, who did not reply: “Heads-up”" in home.text)
        home.click("Look at it", below="call the customer")
        look = stage.olga.modal()
        look.click("No reply")
        stage.until(lambda: "try another of their people" in stage.olga.modal().text)
        stage.until(lambda: "please try another of their people" in asked.text)


def people(stage: Stage, *names: str) -> None:
    """Olga lists people of the customer's, without a word in Slack."""
    handover = stage.stored()
    for name in names:
        event = e.RecordAdded(
            at=stage.bot.clock.now(),
            by=stage.olga.id,
            id=name[:3],
            question="SK1",
            kind=RecordKind.STAKEHOLDER,
            details={"name": name},
        )
        stage.bot.desk.record(Receipt(handover.team, f"people-{name}"), handover.id, event)


def test_a_larger_customer_is_invited_to_a_call_person_by_person(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        texts = approved(stage, segment="Mid-market")
        assert "What to say" in texts.text
        people(stage, "Ana Ruiz", "Ben & Co")
        texts.click("Copy for customer")
        form = stage.olga.modal("Copy for customer")
        form.choose("To whom?", "Ana Ruiz", "Ben & Co")
        assert form.submit().closed
        for name in ("Ana Ruiz", "Ben & Co"):
            copy = stage.olga.dm().wait(f"Dear {name},")
            assert "Do you have 15 minutes this week?" in copy.text
            assert "will look after you from now on" not in copy.text
        texts.click("Mail file")
        form = stage.olga.modal("Mail file")
        form.choose("To whom?", "Ana Ruiz")
        assert form.submit().closed
        stage.until(lambda: any(f.name == "northwind-letter.eml" for f in stage.slack.files))
        mail = next(f for f in stage.slack.files if f.name == "northwind-letter.eml").content
        assert b"Dear Ana Ruiz," in mail
        assert b"X-Unsent: 1" in mail


def test_only_a_leader_lets_a_mail_do_where_a_call_is_due(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        texts = approved(stage, segment="Mid-market")
        people(stage, "Ana Ruiz", "Ben & Co")
        texts.click("Mark as sent")
        form = stage.olga.modal("Mark as sent")
        form.choose("How?", "Call")
        form.choose("Whom did it reach?", "Ana Ruiz")
        assert form.submit().closed
        stage.until(lambda: "on a call · by you · to Ana Ruiz" in texts.text)
        texts.click("Mark as sent", below="Introduction (call) · by")
        form = stage.olga.modal("Mark as sent")
        form.choose("How?", "Mail")
        assert "on a call or in a meeting" in form.submit().errors["How?"]
        form.close()
        stage.lena.types("/handover show Northwind")
        stage.hears(stage.lena, "Northwind").click("Texts to send")
        all_texts = stage.lena.dm().wait(APPROVED)
        assert "Olga Costa sends it" in all_texts.text
        all_texts.click("Mark as sent", below="Introduction (call) · by")
        form = stage.lena.modal("Mark as sent")
        form.choose("How?", "Mail")
        assert "fill this in" in form.submit().errors["Why by mail?"]
        form.fill("Why by mail?", "They asked for it")
        assert form.submit().closed
        stage.until(lambda: "why by mail: They asked for it" in texts.text)
        stage.until(lambda: "Introduction (call) · sent on" in all_texts.text)


def test_another_csm_after_the_heads_up_is_told_to_the_customer_first(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        texts = introduced(stage)
        stage.ivan.dm().wait(APPROVED)
        # Ivan's account is switched off, so that somebody else has to be named.
        stage.bot.desk.person_gone(stage.stored().team, stage.ivan.id)
        stage.lena.types("/handover show Northwind")
        stage.hears(stage.lena, "Northwind").click("Name the incoming CSM")
        form = stage.lena.modal("Name the incoming CSM")
        assert "Why need the customer read nothing of it?" in form.labels
        form.pick_person("Incoming CSM", stage.ada)
        assert form.submit().closed
        stage.ada.dm().wait("take Northwind over").click("Accept handover")
        stage.until(lambda: "Heads-up · sent on" in texts.text)
        stage.until(lambda: "The customer hears nothing until" in texts.text)
        stage.until(lambda: "Another new contact · by" in texts.text)
        assert not done(stage, "introduction")
