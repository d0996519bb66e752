"""One sitting for a whole book: in which order, once for all, and where it goes on."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from bot.desk import Receipt
from bot.sandbox import Message, ModalScreen
from bot.sandbox.surface import Surface
from flows.books.book import handover_of
from flows.books.rows import Row
from flows.events import EarlierUsed
from flows.handover import Given, Known, Party
from flows.terms import DateIs, Reason, Segment
from tests.flows.books import made_row
from tests.flows.test_sitting_acts import NOTES
from tests.wire.books import begin_book
from tests.wire.stage import Stage, asked, sqlite_url, staged, today
from tests.wire.week import Days, agendas, looks


def rows(stage: Stage, *names: str, **change: object) -> list[Row]:
    ivan = Party(user=stage.ivan.id, name="Ivan")
    return [
        made_row(n, account=name, incoming=ivan, **change) for n, name in enumerate(names, start=1)
    ]


def card(stage: Stage) -> Message:
    return stage.olga.dm().wait("Your book:")


def knows(stage: Stage, book: str, row: str, **told: str) -> None:
    """Something is prefilled for an account: a text by question, or its health."""
    found = {
        key: Known(text="" if key == "health" else text, raw=text)
        for key, text in told.items()
        if key != "health"
    }
    if "health" in told:
        given = {"health": Given(values=(told["health"],))}
        found["S1"] = found.get("S1", Known(text="In short")).model_copy(update={"given": given})
    event = EarlierUsed(
        at=stage.bot.clock.now(), by=stage.olga.id, earlier=f"before-{row}", found=found
    )
    handover = handover_of(book, row)
    stage.bot.desk.record(Receipt(stage.slack.team_id, f"knows-{handover}"), handover, event)


def answer_all(stage: Stage, account: str, *but: str) -> None:
    stage.settle(stage.olga, *but, account=account)


def test_what_is_in_danger_comes_first_and_then_what_renews_soon(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        listed = rows(stage, "Acme", "Bolt", "Cyan", "Dome")
        listed[1] = listed[1].model_copy(update={"renewal": today() + timedelta(days=90)})
        listed[2] = listed[2].model_copy(update={"arr": Decimal(9000)})
        book = begin_book(stage, listed)
        told = card(stage)
        knows(stage, book, "4", health="red")
        stage.until(lambda: "Continue with Dome" in told.buttons)
        order = [told.text.index(f"{name}:") for name in ("Dome", "Bolt", "Cyan", "Acme")]
        assert order == sorted(order)
        assert "in danger" in told.text
        told.choose("Another account", "Cyan")
        found = stage.olga.dm().wait("Cyan · 1 of 12")
        assert "account 1 of 4" in found.text
        stage.until(lambda: "Continue with Cyan" in told.buttons)


def test_once_for_all_accounts_is_not_asked_again(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        listed = rows(stage, "Acme", "Bolt")
        listed.append(made_row(3, account="Cyan", segment=Segment.MID_MARKET))
        begin_book(stage, listed, Reason.ATTRITION, DateIs.LAST_DAY)
        told = card(stage)
        told.click("Once for all accounts")
        form = stage.olga.modal()
        last = today() + timedelta(days=25)
        assert form.value("Last working day") == last.isoformat()
        form.fill("Which inbox, drive, calendar or phone of yours holds something the customer "
                  "depends on?", "The report runs from my drive")  # fmt: skip
        form.pick_person("Who covers", stage.lena)
        form.fill("Which reason for the change do we give the customer?", "I leave in May")
        form.pick_date("Reachable for questions until", last)
        assert form.submit().closed
        stage.until(lambda: stage.stored("Cyan").answers.get("TR3"))
        stage.rest()
        for account in ("Acme", "Bolt", "Cyan"):
            answers = stage.stored(account).answers
            assert answers["AT2"].said[0].text == "The report runs from my drive"
            assert answers["AT3"].given["cover"].values == (stage.lena.id,)
        assert stage.stored("Acme").answers["S10"].given["reachable_until"].values
        assert "TR1" not in stage.stored("Acme").answers
        assert stage.stored("Cyan").answers["TR1"].said[0].text == "I leave in May"
        told.click("Continue with Cyan")
        stage.olga.dm().wait("Cyan · 1 of")
        answer_all(stage, "Cyan")
        stage.rest()
        assert not [m for m in stage.olga.dm().every_message if "last working day?" in m.text]
        told.click("Once for all accounts")
        form = stage.olga.modal()
        form.fill("Which inbox, drive, calendar or phone of yours holds something the customer "
                  "depends on?", "Nothing at all of mine")  # fmt: skip
        assert form.submit().closed
        stage.until(
            lambda: stage.stored("Cyan").answers["AT2"].said[0].text == "Nothing at all of mine"
        )


def test_stop_at_one_account_and_go_on_there_tomorrow(tmp_path: Path) -> None:
    clock = Days()
    with staged(sqlite_url(tmp_path), clock) as stage:
        begin_book(stage, rows(stage, "Acme", "Bolt", "Cyan"))
        looks(stage)
        told = card(stage)
        told.click("Continue with Acme")
        stage.olga.dm().wait("account 1 of 3")
        answer_all(stage, "Acme")
        offered = stage.olga.dm().wait("Acme is complete. Thank you!")
        assert "2 accounts to go" in offered.text
        offered.click("Stop for today")
        stage.hears(stage.olga, "Next time it goes on with Bolt")
        offered.click("Continue with Bolt")
        stage.until(lambda: offered.buttons == [])
        asked(stage.olga, "Bolt · 1 of").reply("They are fine and like us.")
        stage.until(lambda: stage.stored("Bolt").answers)
        stage.house.restart()
        clock.goes_to(3, "10:00")
        looks(stage)
        stage.until(lambda: "Continue with Bolt" in told.buttons)
        [agenda] = agendas(stage.olga)
        assert "Your book: 2 accounts" in agenda.text
        open_before = stage.stored("Bolt").interviews[stage.olga.id].current
        before = len(stage.olga.dm().every_message)
        agenda.click("Continue with your book")
        stage.rest()
        told.click("Continue with Bolt")
        stage.rest()
        assert stage.stored("Bolt").interviews[stage.olga.id].current == open_before
        new = stage.olga.dm().every_message[before:]
        assert any("Bolt · " in m.text and "account 2 of 3" in m.text for m in new), new


def test_the_time_and_what_to_leave_out(tmp_path: Path) -> None:
    clock = Days()
    with staged(sqlite_url(tmp_path), clock) as stage:
        listed = rows(stage, *(f"Account {n}" for n in range(1, 8)), segment=Segment.MID_MARKET)
        begin_book(stage, listed, Reason.ATTRITION, DateIs.LAST_DAY, days=10)
        told = card(stage)
        assert "left before your last day." in told.text
        told.click("Say how many hours you have")
        form = stage.olga.modal()
        form.fill("Hours a working day", "lots")
        assert "as a number" in next(iter(form.submit().errors.values()))
        form.fill("Hours a working day", "0,5")
        assert form.submit().closed
        stage.until(lambda: any("Ask only the essentials" in b for b in told.buttons))
        [label] = [b for b in told.buttons if "Ask only the essentials" in b]
        told.click(label)
        stage.until(lambda: stage.stored("Account 7").asked_less)
        assert not stage.stored("Account 1").asked_less
        stage.until(lambda: "essentials only" in told.text)
        notice = stage.lena.dm().wait("Book of Olga")
        stage.until(lambda: "Only the essentials are asked of" in notice.text)
        notice.click("Ask everything again")
        stage.until(lambda: not stage.stored("Account 7").asked_less)


def test_all_that_is_known_of_an_account_is_confirmed_in_one_act(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        book = begin_book(stage, rows(stage, "Acme", "Bolt"))
        told = card(stage)
        knows(stage, book, "1", S2="Dental clinics", S3="Support answers tickets", health="amber")
        stage.until(lambda: any(b.startswith("Confirm") for b in told.buttons))
        assert "Dental clinics" in told.text
        told.click("Confirm 3 known answers of Acme")
        stage.until(lambda: len(stage.stored("Acme").answers) == 3)
        assert stage.stored("Acme").answers["S1"].given["health"].values == ("amber",)
        asked(stage.olga, "Acme · 4 of")
        stage.rest()
        assert not stage.stored("Bolt").answers


def test_one_document_for_all_accounts(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        begin_book(stage, rows(stage, "Acme", "Bolt & Co"))
        told = card(stage)
        told.click("Paste for all accounts")
        form = stage.olga.modal()
        form.fill("Paste what you have", "# Umbrella\nSecret of theirs")
        assert "No heading names an account" in next(iter(form.submit().errors.values()))
        form.fill(
            "Paste what you have",
            "# 1. Acme\n## Use case\nThey answer tickets with it\n"
            "# Bolt & Co – notes\n## Use case\nInvoices for shops\n# Umbrella\nSecret of theirs",
        )
        rest = form.submit().modal
        assert rest is not None
        assert rest.value("Paste what you have") == "# Umbrella\nSecret of theirs"
        rest.close()
        stage.until(lambda: stage.stored("Bolt & Co").prefilled)
        stage.rest()
        assert "tickets" in stage.stored("Acme").prefilled["S3"].known.text
        assert "shops" in stage.stored("Bolt & Co").prefilled["S3"].known.text
        for account in ("Acme", "Bolt & Co"):
            assert "Secret" not in stage.stored(account).model_dump_json()
        told.click("Paste for all accounts")
        form = stage.olga.modal()
        form.upload("Or add files", "all.md", b"# Acme\n## Goals\nTwo clinics more\n# Other\nx")
        assert form.submit().closed
        stage.hears(stage.olga, "all.md: kept for 1 account")
        assert "Other" in stage.told(stage.olga)
        stage.rest()
        assert len(stage.olga.dm().every_message) == 1


def test_a_whole_account_as_forms(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        begin_book(stage, rows(stage, "Acme"))
        card(stage).click("Fill it in as forms")
        form = stage.olga.modal()
        form.fill("What are the top 3 things to know about this account, and how healthy is it?",
                  "Ana decides. They pay late.")  # fmt: skip
        form.choose("Health", "Green: going well")
        following = form.submit().modal
        assert following is not None
        assert "Client background" in following.text
        following.close()
        assert stage.stored("Acme").answers["S1"].given["health"].values == ("green",)
        stage.rest()
        assert len(stage.olga.dm().every_message) == 1


def test_of_many_accounts_another_one_is_chosen_in_a_modal(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        begin_book(stage, rows(stage, *(f"Account {n:02}" for n in range(1, 29))))
        told = card(stage)
        stage.until(lambda: "Choose another account" in told.buttons)
        told.click("Choose another account")
        form = stage.olga.modal()
        form.choose("Account", "Account 27")
        assert form.submit().closed
        stage.olga.dm().wait("Account 27 · 1 of")
        stage.until(lambda: "Continue with Account 27" in told.buttons)


class Acts:
    """Counts what a person does: every click, field and submission is one."""

    def __init__(self) -> None:
        self.count = 0

    def click(self, where: Surface, label: str) -> None:
        self.count += 1
        where.click(label)

    def submits(self, form: ModalScreen, *fields: Callable[[], object]) -> None:
        for fill in fields:
            self.count += 1
            fill()
        self.count += 1
        assert form.submit().closed


def offers(stage: Stage, place: Message, label: str) -> None:
    stage.until(lambda: label in place.buttons)


def open_question(stage: Stage, account: str, words: str) -> Message:
    """The question of this account that reads so, open to be answered now."""

    def stands(message: Message) -> bool:
        found = account in message.text and words in message.text
        return found and "I don't know" in message.buttons

    def newest() -> Message | None:
        return next(filter(stands, reversed(stage.olga.dm().every_message)), None)

    found = stage.olga.dm().wait_until(newest, f"{words!r} of {account}")
    assert isinstance(found, Message)
    return found


def test_the_acts_of_a_sitting_are_as_they_are_counted(database_url: str) -> None:
    names, acts = ("Acme", "Bolt", "Cyan"), Acts()
    with staged(database_url) as stage:
        begin_book(stage, rows(stage, *names), Reason.ATTRITION, DateIs.LAST_DAY)
        told, last = card(stage), today() + timedelta(days=25)
        acts.click(told, "Once for all accounts")
        form = stage.olga.modal()
        inbox = "Which inbox, drive, calendar or phone of yours holds something the customer depends on?"  # noqa: E501
        acts.submits(
            form,
            lambda: form.fill(inbox, "The weekly report runs from my drive"),
            lambda: form.pick_person("Who covers", stage.lena),
            lambda: form.pick_date("Reachable for questions until", last),
        )
        acts.click(told, "Paste for all accounts")
        paste = stage.olga.modal()
        notes = "".join(f"# {name}\n{NOTES.replace('## ', '### ')}" for name in names)
        acts.submits(paste, lambda: paste.upload("Or add files", "book.md", notes.encode()))
        stage.until(lambda: all(stage.stored(name).prefilled for name in names))
        before_each = acts.count
        place: Message = told
        for number, name in enumerate(names):
            offers(stage, place, f"Confirm 8 known answers of {name}")
            acts.click(place, f"Confirm 8 known answers of {name}")
            for words in ("Which documents", "Which promises"):
                acts.click(open_question(stage, name, words), "None of these")
            place = stage.olga.dm().wait(f"{name} is complete. Thank you!")
            assert ("last account" in place.text) is (number == len(names) - 1)
        assert acts.count - before_each == 3 * len(names)
        assert before_each <= 8 + 3
