"""What the customer is told, from the first draft to the leader's word, as three persons see it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bot.sandbox import Message, ModalScreen, Person
from flows import events as e
from flows.schedule.timeline import message_approved
from flows.texts.pieces import approved_text
from storage import journal
from tests.privacy.cast import MovedClock
from tests.wire.stage import Stage, list_leaders, record, sqlite_url, staged


def pack_accepted(stage: Stage, **words: str) -> None:
    """Ivan has taken the whole pack over; the reason is proposed to both CSMs."""
    list_leaders(stage)
    stage.start(**words)
    stage.ivan.dm().wait("take Northwind over").click("Accept handover")
    stage.settle(stage.ivan)
    stage.settle(stage.olga)
    record(stage, stage.ivan, e.PackAccepted)


def add_boris(stage: Stage) -> Person:
    """A second leader, who is the backup."""
    boris = stage.slack.person("Boris Meier", tz="Europe/Berlin")
    stage.ada.types("/handover settings")
    form = stage.ada.modal()
    form.pick_person("Leaders", stage.lena, boris)
    assert form.submit().closed
    record(stage, stage.lena, e.BackupNamed, user=boris.id)
    return boris


def agreed(stage: Stage, **words: str) -> Message:
    """Both have agreed to the reason, and there is a backup: Olga's drafts."""
    pack_accepted(stage, **words)
    add_boris(stage)
    return agree(stage)


def agree(stage: Stage) -> Message:
    for person in (stage.olga, stage.ivan):
        record(stage, person, e.ReasonAgreed, version=1)
    return stage.olga.dm().wait("Texts for the customer: Northwind")


def sent(stage: Stage, **words: str) -> Message:
    """Olga has sent everything for approval: Lena's card."""
    agreed(stage, **words).click("Send for approval")
    return stage.lena.dm().wait("Please approve: Northwind")


def edited(person: Person, message: Message, title: str, text: str) -> ModalScreen:
    """Somebody opens a text, replaces it, and presses the button of the modal."""
    message.click("Edit", below=f"{title} ·")
    form = person.modal("Edit the text")
    form.fill(f"{title}, as the customer reads it", text)
    form.submit()
    return form


def shown(form: ModalScreen, title: str) -> str:
    return form.value(f"{title}, as the customer reads it")


def test_from_the_agreed_reason_to_the_leaders_word(database_url: str) -> None:
    with staged(database_url) as stage:
        pack_accepted(stage)
        add_boris(stage)
        stage.olga.dm().wait("What do we tell Northwind about the change?").click("I agree")
        stage.ivan.dm().wait("What do we tell Northwind about the change?").click("I agree")
        drafts = stage.olga.dm().wait("Texts for the customer: Northwind")
        assert "Dear [name]" in drafts.text
        assert "Send them for approval when you are content" in drafts.text
        drafts.click("Edit", below="Introduction ·")
        form = stage.olga.modal("Edit the text")
        before = shown(form, "Introduction")
        form.fill("Introduction, as the customer reads it", before.replace("Shall we", "Could we"))
        assert form.submit().closed
        stage.until(lambda: "Could we" in drafts.text)
        drafts.click("Send for approval", times=2)
        picture = stage.lena.dm().wait("northwind-plan-v")
        card = stage.lena.dm().wait("Please approve: Northwind")
        assert picture.ts < card.ts
        for words in ("Could we", "Dear [name]", "reason stated ✓", "The plan", "Approve the plan"):
            assert words in card.text
        assert "⟦" not in card.text
        stage.until(lambda: "0 of 4 approved" in drafts.text)
        assert "Locked until" in plan_of(stage)
        card.click("Approve introduction")
        stage.until(lambda: "Introduction, version 1: approved by you" in card.text)
        stage.until(lambda: "1 of 4 approved" in drafts.text)
        card.click("Approve all", times=2)
        stage.until(lambda: "Everything here is decided" in card.text)
        assert message_approved(stage.stored())
        stage.until(lambda: "approved by Lena Berg" in drafts.text)
        for look in (stage.ivan.types("/handover show Northwind").text, home_of(stage, stage.olga)):
            assert "Texts for the customer: 4 of 4 approved" in look
        assert "Locked until" not in plan_of(stage)


def plan_of(stage: Stage) -> str:
    before = stage.ivan.dm().find("Plan: Northwind\n")
    stage.ivan.types("/handover show Northwind")
    stage.hears(stage.ivan, "Northwind").click("Show the plan")
    return stage.ivan.dm().wait("Plan: Northwind\n", since=before).text


def home_of(stage: Stage, person: Person) -> str:
    person.opens_home()
    stage.rest()
    return person.home().text


def test_changes_go_to_the_author_and_come_back_with_the_difference(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        card = sent(stage)
        card.click("Request changes", below="Hello ·")
        form = stage.lena.modal("Request changes")
        form.fill("What should be different?", "A bit warmer, <@U1> & kinder")
        assert form.submit().closed
        wish = stage.ivan.dm().wait("would like something different in hello for Northwind")
        assert "A bit warmer" in wish.text
        stage.until(lambda: "Hello, version 1: you asked for changes" in card.text)
        card.click("Approve all")
        stage.until(lambda: "Everything here is decided" in card.text)
        assert "Approve hello after all" in card.buttons
        assert not message_approved(stage.stored())
        wish.click("Edit")
        form = stage.ivan.modal("Edit the text")
        text = shown(form, "Hello").replace("It was good to meet you.", "How good to meet you!")
        form.fill("Hello, as the customer reads it", text)
        assert form.submit().closed
        stage.until(lambda: "has been dealt with" in wish.text)
        newer = stage.lena.dm().wait("this is card 2 for Northwind: hello")
        assert "It was How good to meet you. you! Olga Costa has told" in newer.text
        stage.until(lambda: "This was card 1 for Northwind" in card.text)
        assert card.buttons == []
        newer.click("Approve hello")
        stage.until(lambda: message_approved(stage.stored()))


def test_a_leaders_edit_is_approved_and_a_csm_objects(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        card = sent(stage)
        card.click("Edit", below="Hello ·")
        form = stage.lena.modal("Edit the text")
        assert "what you save is approved with it" in form.text
        text = shown(form, "Hello") + "\nPS: Lena Berg says hello"
        form.fill("Hello, as the customer reads it", text)
        assert form.submit().closed
        stage.until(lambda: "Hello, version 2: edited and approved by you" in card.text)
        assert "⟦leader⟧ says hello" in (approved_text(stage.stored(), "hello") or form).text
        told = stage.ivan.dm().wait("Lena Berg changed hello for Northwind")
        assert "PS: Lena Berg says hello" in told.text
        told.click("Read all of it")
        whole = stage.ivan.modal("Handover")
        assert "Dear [name]" in whole.text
        whole.close()
        told.click("Object")
        form = stage.ivan.modal("Object")
        form.fill("What is wrong with it?", "No PS, please")
        assert form.submit().closed
        stage.until(lambda: "You objected: “No PS, please”" in told.text)
        assert "Object" not in told.buttons
        objection = stage.lena.dm().wait("Ivan Petrov objects to your words in hello")
        objection.click("Edit")
        form = stage.lena.modal("Edit the text")
        form.fill("Hello, as the customer reads it", text.partition("\nPS")[0])
        assert form.submit().closed
        stage.until(lambda: "changed again since" in told.text)


def test_a_text_that_was_changed_meanwhile_keeps_what_was_typed(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        card = sent(stage)
        drafts = stage.olga.dm().wait("Texts for the customer: Northwind")
        drafts.click("Edit", below="Hello ·")
        mine = stage.olga.modal("Edit the text")
        edited(stage.lena, card, "Hello", "Hello from all of us, Olga included")
        mine.fill("Hello, as the customer reads it", "My own hello")
        assert not mine.submit().closed
        assert "This text was changed while you wrote: it is version 2 now, by Lena" in mine.text
        assert "Hello from all of us" in mine.text
        assert shown(mine, "Hello") == "My own hello"
        assert mine.submit().closed
        stage.until(lambda: stage.stored().letters.drafts["hello"][-1].text == "My own hello")
        assert len(stage.stored().letters.drafts["hello"]) == 3


def test_buttons_that_are_not_up_to_date_explain(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        card = sent(stage)
        card.reply("approved")
        buttons = stage.hears(stage.lena, "Please press it, so that it counts.")
        record(stage, stage.ivan, e.LetterWorded, key="hello", version=1, text="Hello, Ivan here")
        buttons.click("Approve all")
        stage.hears(stage.lena, "Hello: you read version 1, now it is version 2.")
        assert approved_text(stage.stored(), "timeline") is None
        stage.until(lambda: "Hello, Ivan here" in card.text)


def test_two_leaders_at_once_decide_once_and_both_are_told(database_url: str) -> None:
    clock = MovedClock()
    with staged(database_url, clock) as stage:
        pack_accepted(stage)
        boris = add_boris(stage)
        agree(stage).click("Send for approval")
        cards = {stage.lena: stage.lena.dm().wait("Please approve: Northwind")}
        clock.pass_by(days=5)
        stage.bot.ticker.run("due")
        cards[boris] = boris.dm().wait("Please approve: Northwind")
        with ThreadPoolExecutor(2) as both:
            list(both.map(lambda card: card.click("Approve all"), cards.values()))
        stage.until(lambda: all("is decided" in card.text for card in cards.values()))
        stage.rest()
        told = [person for person in cards if "approved this already" in stage.told(person)]
        assert len(told) == 1
        approvals = {v[-1].approved for v in stage.stored().letters.drafts.values()}
        assert len(approvals) == 1
        assert decisions(stage) == 1


def decisions(stage: Stage) -> int:
    handover = stage.stored()
    with stage.bot.database.read() as connection:
        events = journal.events_of(connection, handover.team, handover.id)
    return sum(event.type == "pieces_approved" for event in events)


def test_a_word_under_the_card_is_answered_with_the_buttons(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        card = sent(stage)
        typed = card.reply("looks good, but the hello is a bit cold")
        told = stage.hears(stage.lena, "Please press it, so that it counts.")
        assert told.buttons == ["Approve all", "Request changes"]
        assert typed in card.thread
        told.click("Request changes")
        form = stage.lena.modal("Request changes")
        assert form.value("What should be different?") == "looks good, but the hello is a bit cold"
        form.choose("About what?", "Hello")
        assert form.submit().closed
        stage.ivan.dm().wait("the hello is a bit cold")
        card.reply("approved")
        stage.rest()
        again = stage.slack.ephemerals(stage.lena)[-1]
        again.click("Approve all")
        stage.until(lambda: "Everything here is decided" in card.text)
        drafts = stage.olga.dm().wait("Texts for the customer: Northwind")
        drafts.reply("ok")
        stage.hears(stage.olga, "I can't tell which text you mean")
        card.reply("thanks")
        stage.hears(stage.lena, "Nothing waits for you on this card.")


def test_without_a_backup_the_leader_is_asked_and_names_one(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        pack_accepted(stage)
        record(stage, stage.ivan, e.ReasonAgreed, version=1)
        stage.olga.types("/handover show Northwind")
        stage.hears(stage.olga, "Northwind").click("Drafts")
        drafts = stage.olga.dm().wait("Texts for the customer: Northwind")
        drafts.click("Send for approval")
        stage.hears(stage.olga, "Still to agree to the reason: you.")
        record(stage, stage.olga, e.ReasonAgreed, version=1)
        asked = stage.lena.dm().wait("Who approves for Northwind when you are away?")
        drafts.click("Send for approval")
        stage.hears(stage.olga, "Lena Berg names a backup first, and has been asked to.")
        stage.lena.opens_home()
        stage.until(lambda: "Name a backup" in stage.lena.home().buttons)
        stage.lena.home().click("Name a backup")
        form = stage.lena.modal("Name a backup")
        form.choose("Who approves in your place?", "There is no other leader")
        assert "fill this in" in form.submit().errors["Why is there nobody?"]
        form.fill("Why is there nobody?", "I lead this team alone")
        assert form.submit().closed
        stage.until(lambda: "You approve for Northwind alone" in asked.text)
        drafts.click("Send for approval")
        stage.lena.dm().wait("Please approve: Northwind").click("Approve all")
        stage.until(lambda: message_approved(stage.stored()))


def test_a_leader_who_sends_it_alone_says_why(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        pack_accepted(stage)
        record(stage, stage.lena, e.BackupNamed, user=None, why="Nobody else leads")
        agree(stage)
        record(stage, stage.lena, e.SentForApproval)
        card = stage.lena.dm().wait("Please approve: Northwind")
        card.click("Approve all")
        form = stage.lena.modal("Approve")
        form.fill("Why do you approve it yourself?", "Nobody else leads here")
        assert form.submit().closed
        stage.until(lambda: "(Nobody else leads here)" in card.text)
        assert message_approved(stage.stored())


def test_home_leads_to_the_card_and_follows_it(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        sent(stage)
        stage.lena.opens_home()
        stage.until(lambda: "approve what the customer is told" in stage.lena.home().text)
        stage.lena.home().click("Look at it", below="approve what the customer is told")
        look = stage.lena.modal("Handover")
        look.click("Request changes", below="Hello ·")
        form = stage.lena.modal("Request changes")
        form.fill("What should be different?", "Shorter")
        form.submit()
        assert not stage.lena.has_modal()
        stage.ivan.opens_home()
        stage.until(lambda: "what the leader wants changed: “Hello”" in stage.ivan.home().text)
        stage.lena.home().click("Look at it", below="approve what the customer is told")
        stage.lena.modal("Handover").click("Approve all")
        stage.until(lambda: "Everything here is decided" in stage.lena.modal("Handover").text)


def test_drafts_are_there_from_the_fifth_answer_on(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        card = stage.start()
        assert "Drafts" not in card.buttons
        stage.settle(stage.olga)
        stage.until(lambda: "Drafts" in card.buttons)
        card.click("Drafts")
        drafts = stage.olga.dm().wait("Texts for the customer: Northwind")
        assert "Unfinished drafts" in drafts.text
        edited(stage.olga, drafts, "Timeline", "The dates come soon.")
        stage.until(lambda: "The dates come soon." in drafts.text)
