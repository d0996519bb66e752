"""The incoming CSM takes the pack over item by item, and everybody reads where it stands."""

from datetime import timedelta
from pathlib import Path

from bot.desk import Receipt
from bot.sandbox import Message
from flows.events import (
    Accepted,
    AnswerGiven,
    BackupNamed,
    Event,
    IncomingNamed,
    RecordAdded,
    RecordRemoved,
)
from flows.handover import Party, Standing
from flows.taking_over.teach_back import is_passed
from flows.terms import RecordKind
from tests.wire.stage import (
    Stage,
    asked,
    list_leaders,
    question,
    record,
    sqlite_url,
    staged,
    today,
)

LATER = (today() + timedelta(days=60)).isoformat()


def promise(stage: Stage, key: str, what: str, kind: str = "commitment", **details: str) -> None:
    """Olga lists a promise or an issue, without a word in Slack."""
    handover = stage.stored()
    event = RecordAdded(
        at=stage.bot.clock.now(),
        by=stage.olga.id,
        id=key,
        question="S9",
        kind=RecordKind(kind),
        details={"what": what} | details,
    )
    stage.bot.desk.record(Receipt(handover.team, f"record-{key}"), handover.id, event)


def nearly_ready(stage: Stage, *but: str) -> None:
    """Ivan has accepted, Olga has answered everything but some."""
    list_leaders(stage)
    stage.start()
    stage.ivan.dm().wait("take Northwind over").click("Accept handover")
    question(stage.ivan, "1 of 1").reply("Six years with clinics")
    promise(stage, "P1", "A training for the clinic", due=LATER)
    promise(stage, "P2", "A report each month", due=LATER)
    promise(stage, "I1", "The export hangs", "issue")
    stage.settle(stage.olga, *but)


def pack_ready(stage: Stage) -> Message:
    """Ivan has accepted, Olga has answered everything: his notice of the pack."""
    nearly_ready(stage)
    return stage.ivan.dm().wait("The knowledge pack for Northwind is ready")


def read(stage: Stage, notice: Message) -> Message:
    notice.click("Read the pack")
    return stage.ivan.dm().wait("Northwind: the pack")


def test_promises_are_accepted_renegotiated_and_declined(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        notice = pack_ready(stage)
        assert "3 promises and issues to decide" in notice.text
        page = read(stage, notice)
        page.click("Accept", below="A training for the clinic", times=2)
        stage.until(lambda: "Accepted ✓, with you" in page.text)
        page.click("Renegotiate", below="A report each month")
        form = stage.ivan.modal("Renegotiate")
        assert form.submit().errors["What was promised"].startswith("Please change the wording")
        form.fill("What was promised", "A report each quarter")
        form.fill("Why?", "There is little to tell each month")
        assert form.submit().closed
        proposal = stage.olga.dm().wait("Ivan Petrov would take “A report each month” over")
        assert "A report each quarter" in proposal.text
        assert "little to tell" in proposal.text
        proposal.click("Agree to the change")
        stage.until(lambda: "“A report each quarter”. Accepted" in proposal.text)
        page.click("Decline", below="The export hangs")
        form = stage.ivan.modal("Decline this")
        form.fill("Why?", "I do not know the export at all")
        assert form.submit().closed
        told = stage.lena.dm().wait("can't take this open issue over")
        assert "do not know the export" in told.text
        told.click("Decide")
        form = stage.lena.modal("Decide")
        form.choose("What becomes of it?", "Keep it with the outgoing CSM until a day")
        assert "Until" in form.submit().errors
        form.pick_date("Until", today() + timedelta(days=40))
        assert form.submit().closed
        stage.until(lambda: "Stays with Olga Costa until" in told.text)
        stage.until(lambda: "Stays with Olga Costa until" in page.text)
        standings = {r.id: r.decision.standing for r in stage.stored().records}
        assert standings == {
            "P1": Standing.ACCEPTED,
            "P2": Standing.ACCEPTED,
            "I1": Standing.KEPT,
        }
        page.click("Accept pack")
        stage.ivan.dm().wait("The pack for Northwind is yours")
        stage.olga.opens_home()
        home = stage.olga.home()
        stage.until(lambda: "see to a promise or issue: “The export hangs”" in home.text)


def test_a_refused_change_is_the_leaders_to_decide(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        page = read(stage, pack_ready(stage))
        page.click("Renegotiate", below="A training for the clinic")
        form = stage.ivan.modal("Renegotiate")
        form.pick_date("By when", today() + timedelta(days=90))
        assert form.submit().closed
        proposal = stage.olga.dm().wait("would take “A training for the clinic” over")
        proposal.click("It can't be changed")
        form = stage.olga.modal("It can't be changed")
        form.fill("Why not?", "They have booked rooms for it")
        assert form.submit().closed
        told = stage.lena.dm().wait("can't take this promise over")
        assert "booked rooms" in told.text
        told.click("Decide")
        form = stage.lena.modal("Decide")
        form.choose("What becomes of it?", "Somebody else does it")
        assert "Who does it" in form.submit().errors
        form.pick_person("Who does it", stage.ada)
        assert form.submit().closed
        stage.until(lambda: "Passed to Ada Admin" in page.text)


def test_links_are_tried_and_a_closed_one_goes_to_its_author(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start()
        stage.ivan.dm().wait("take Northwind over").click("Accept handover")
        question(stage.ivan, "1 of 1").reply("Six years with clinics")
        first = question(stage.olga, "1 of 12")
        first.reply("All is in https://docs.example.com/plan and https://docs.example.com/qbr")
        first.click("Green: going well")
        stage.settle(stage.olga)
        page = read(stage, stage.ivan.dm().wait("The knowledge pack for Northwind is ready"))
        assert "2 links to try" in page.text
        page.click("Accept pack")
        stage.hears(stage.ivan, "whether it opens first")
        page.click("It opens", below="• https://docs.example.com/plan")
        page.click("I can't open it", below="• https://docs.example.com/qbr")
        told = stage.olga.dm().wait("Ivan Petrov can't open this document of Northwind")
        page.click("It opens", below="• https://docs.example.com/qbr")
        stage.until(lambda: "opens now. Thank you!" in told.text)
        page.tick("Meeting notes")
        page.click("Accept pack")
        stage.ivan.dm().wait("The pack for Northwind is yours")
        assert [found.value for found in stage.stored().reading.found] == ["meeting_notes"]


def test_questions_before_accepting_are_put_again_and_answered(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        nearly_ready(stage, "S3")
        first = asked(stage.olga, "What do they use our product for")
        first.reply("Tickets and chat")
        page = read(stage, stage.ivan.dm().wait("The knowledge pack for Northwind is ready"))
        assert "Tickets and chat" in page.text
        page.click("Ask before accepting")
        form = stage.ivan.modal("Ask before accepting")
        form.choose(
            "About which answers?",
            "What do they use our product for, and what do they want to reach with it?",
        )
        form.fill("What would you like to know?", "Which team answers the chat?")
        assert form.submit().closed
        told = stage.olga.dm().wait("Ivan Petrov has 1 question before taking Northwind over")
        assert "Which team answers the chat?" in told.text
        again = asked(stage.olga, "What do they use our product for", since=first)
        assert "Ivan Petrov asks:\n> Which team answers the chat?" in again.text
        assert "> Tickets and chat" in again.text
        again.reply("Their support team in Lisbon")
        stage.ivan.dm().wait("The knowledge pack for Northwind is ready", since=page)
        stage.until(lambda: "Lisbon" in page.text)


def test_asking_about_an_answer_goes_to_its_author(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        page = read(stage, pack_ready(stage))
        page.click("Ask about this", below="Who are they")
        form = stage.ivan.modal("Ask about this")
        assert "Olga Costa" in form.text
        form.fill("Your question", "Do they have a CFO?")
        assert form.submit().closed
        stage.olga.dm().wait("Do they have a CFO?").reply("Yes, Ana")
        stage.ivan.dm().wait("Yes, Ana")
        stage.until(lambda: "Yes, Ana" in page.text)


def test_teach_back_is_marked_and_what_was_added_is_read(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        nearly_ready(stage, "S3", "S1")
        first = asked(stage.olga, "top 3 things")
        first.click("Green: going well")
        first.reply("Call Ana first")
        asked(stage.olga, "What do they use our product for").reply("Tickets and chat")
        page = read(stage, stage.ivan.dm().wait("The knowledge pack for Northwind is ready"))
        page.click("Accept all 3 above")
        stage.until(lambda: "Everything is there" in page.text)
        page.click("Accept pack")
        stage.ivan.dm().wait("The pack for Northwind is yours").click("Answer in your words")
        form = stage.ivan.modal("In your own words")
        for label in form.labels:
            form.fill(label, f"I think: {label[:20]}")
        assert form.submit().closed
        marks = stage.olga.dm().wait("Is it right, or is something missing?")
        assert "The pack says: Call Ana first" in marks.text.replace(
            "Health: Green: going well; ", ""
        )
        marks.click("Add what is missing")
        form = stage.olga.modal("Add what is missing")
        form.fill("What is missing?", "And tell Ben, too")
        assert form.submit().closed
        while "That's right" in marks.buttons:
            marks.click("That's right")
            stage.rest()
        added = stage.ivan.dm().wait("And tell Ben, too")
        assert not is_passed(stage.stored())
        added.click("I have read it")
        stage.ivan.dm().wait("You know Northwind")
        assert is_passed(stage.stored())
        # It stands beside what it is about: there is nothing to file.
        stage.olga.types("/handover brief Northwind")
        stage.olga.dm().wait("• Added: And tell Ben, too")
        stage.rest()
        card = stage.olga.dm().wait("Knowledge pack: Northwind")
        assert "Unsorted" not in card.text
        assert "File what is unsorted" not in card.buttons


def test_a_pack_that_stands_open_says_where(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        notice = pack_ready(stage)
        read(stage, notice)
        notice.click("Read the pack")
        stage.hears(stage.ivan, "on page 1")


def test_the_reason_is_agreed_by_both_and_approved(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        page = read(stage, pack_ready(stage))
        page.click("Accept all 3 above")
        stage.until(lambda: "Everything is there" in page.text)
        page.click("Accept pack")
        first = stage.olga.dm().wait("What do we tell Northwind about the change?")
        assert "Ivan Petrov will look after you from now on" in first.text
        first.click("Put it in other words")
        form = stage.olga.modal("In other words")
        form.fill("The reason, as the customer reads it", "You get more of our time, from Ivan.")
        assert form.submit().closed
        newer = stage.ivan.dm().wait("You get more of our time, from Ivan.")
        assert "Agreed: Olga Costa ✓ · Still to agree: you" in newer.text
        newer.click("I agree", times=2)
        drafts = stage.olga.dm().wait("Texts for the customer: Northwind")
        assert "You get more of our time, from Ivan." in drafts.text
        stage.lena.dm().wait("Who approves for Northwind when you are away?")
        record(stage, stage.lena, BackupNamed, user=None, why="Nobody else leads")
        drafts.click("Send for approval")
        card = stage.lena.dm().wait("Please approve: Northwind")
        card.click("Approve the reason")
        stage.until(lambda: "The reason, version 2: approved by you" in card.text)
        stage.until(lambda: "Approved by Lena Berg" in newer.text)
        shown = stage.ivan.types("/handover show Northwind").text
        assert "What the customer is told" in shown
        assert "Approved by Lena Berg" in shown


def test_a_text_that_says_too_much_is_stopped_where_it_is_typed(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        page = read(stage, pack_ready(stage))
        page.click("Accept all 3 above")
        stage.until(lambda: "Everything is there" in page.text)
        page.click("Accept pack")
        label, why = "The reason, as the customer reads it", "Or let it stand, because …"
        first = stage.olga.dm().wait("What do we tell Northwind about the change?")
        first.click("Put it in other words")
        form = stage.olga.modal("In other words")
        form.fill(label, "I resigned & leave in May.")
        refused = form.submit().errors[label]
        assert "“resigned” (a word on why somebody goes)" in refused
        assert "a leader can let it stand" in refused
        form.fill(label, "I was fired.")
        assert "Please put it differently." in form.submit().errors[label]
        form.fill(label, "Ivan takes over in May.")
        assert form.submit().closed

        stage.lena.types("/handover show Northwind")
        stage.slack.ephemerals(stage.lena)[-1].click("Put it in other words")
        form = stage.lena.modal("In other words")
        assert why not in form.labels
        form.fill(label, "Olga resigned & leaves in May.")
        assert form.submit().modal is not None
        form = stage.lena.modal("In other words")
        assert form.value(label) == "Olga resigned & leaves in May."
        assert "“resigned” (a word on why somebody goes)" in form.text
        form.fill(label, "Olga resigned & leaves in May, underperforming.")
        form.fill(why, "It stood in the paper")
        assert "“underperforming”" in form.submit().errors[label]
        form.fill(label, "Olga resigned & leaves in May.")
        form.fill(why, "She was let go")
        assert "Both CSMs read this" in form.submit().errors[why]
        form.fill(why, "It stood in the paper")
        assert form.submit().closed
        newer = stage.olga.dm().wait("Olga resigned & leaves in May.")
        assert "Lena Berg let it stand: It stood in the paper" in newer.text


def test_a_pack_that_was_ready_first_can_be_read_once_the_account_is_taken(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start()
        stage.settle(stage.olga)
        early = stage.ivan.dm().wait("The knowledge pack for Northwind is ready")
        assert "Read the pack" not in early.buttons
        stage.ivan.dm().wait("take Northwind over").click("Accept handover")
        read(stage, stage.ivan.dm().wait("The knowledge pack for Northwind is ready", since=early))


def test_home_shows_what_is_to_be_decided_before_it_is(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        page = read(stage, pack_ready(stage))
        page.click("Renegotiate", below="A training for the clinic")
        form = stage.ivan.modal("Renegotiate")
        form.fill("What was promised", "Half a training")
        assert form.submit().closed
        stage.olga.dm().wait("would take “A training for the clinic” over")
        stage.olga.opens_home()
        stage.until(lambda: "answer a proposed change" in stage.olga.home().text)
        stage.olga.home().click("Look at the change")
        look = stage.olga.modal()
        assert "Half a training" in look.text
        look.click("Agree to the change")
        stage.until(lambda: "Accepted ✓" in stage.olga.modal().text)
        stage.until(lambda: "answer a proposed change" not in stage.olga.home().text)


def test_the_leader_goes_on_without_a_document(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        nearly_ready(stage, "S3")
        first = asked(stage.olga, "What do they use our product for")
        first.reply("All is in https://docs.example.com/plan")
        page = read(stage, stage.ivan.dm().wait("The knowledge pack for Northwind is ready"))
        page.click("Accept all 3 above")
        page.click("I can't open it")
        stage.olga.dm().wait("can't open this document")
        stage.lena.types("/handover show Northwind")
        stage.slack.ephemerals(stage.lena)[-1].click("Go on without it")
        stage.hears(stage.lena, "can be accepted without this document")
        page.click("Accept pack")
        stage.ivan.dm().wait("The pack for Northwind is yours")


def test_the_pack_goes_from_whoever_is_replaced(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        page = read(stage, pack_ready(stage))
        page.click("Renegotiate", below="A training for the clinic")
        form = stage.ivan.modal("Renegotiate")
        form.fill("What was promised", "Half a training")
        assert form.submit().closed
        proposal = stage.olga.dm().wait("would take “A training for the clinic” over")
        handover = stage.stored()
        at, ada = stage.bot.clock.now(), Party(user=stage.ada.id, name="Ada Admin")
        events: tuple[Event, ...] = (
            RecordRemoved(at=at, by=stage.olga.id, id="P1"),
            IncomingNamed(at=at, by=stage.lena.id, incoming=ada),
        )
        for number, event in enumerate(events):
            receipt = Receipt(handover.team, f"replace-{number}")
            stage.bot.desk.record(receipt, handover.id, event)
        stage.until(lambda: "Somebody else takes Northwind over now" in page.text)
        assert page.buttons == []
        stage.until(lambda: "taken out of the list" in proposal.text)
        assert proposal.buttons == []


def test_a_long_pack_is_read_page_by_page(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start()
        record(stage, stage.ivan, Accepted)
        for number in range(1, 9):
            said = {"source": f"{number}.1", "text": "They pay late. " * 180}
            record(stage, stage.olga, AnswerGiven, question=f"S{number}", said=said)
        stage.settle(stage.olga)
        pack = read(stage, stage.ivan.dm().wait("The knowledge pack for Northwind is ready"))
        first = pack.text
        pack.click("Next page")
        stage.until(lambda: "Back" in pack.buttons)
        assert pack.text != first
        pack.click("Back")
        stage.until(lambda: pack.text == first)
