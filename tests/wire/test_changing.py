"""Dates and people change while a handover is under way, as everybody on it sees it."""

from datetime import date, timedelta
from pathlib import Path

from bot.sandbox import ModalScreen, Person
from bot.views.dates import day
from flows import events as e
from flows.schedule.workdays import add_workdays
from flows.side_by_side.lead import lead_now
from flows.texts.pieces import pending
from tests.privacy.cast import MovedClock
from tests.wire.stage import Stage, list_leaders, record, sqlite_url, staged, today
from tests.wire.test_sending import approved


def pressed(stage: Stage, person: Person, label: str, modal: str = "") -> ModalScreen:
    """Somebody presses a button of `/handover show Northwind`."""
    person.types("/handover show Northwind")
    stage.rest()
    stage.hears(person, "Northwind").click(label)
    return person.modal(modal or label)


def shown(stage: Stage, person: Person) -> str:
    person.types("/handover show Northwind")
    stage.rest()
    return stage.told(person)


def leaves(stage: Stage) -> None:
    """Olga leaves the company."""
    form = stage.form(reason="Leaving the company", day_is="Last working day")
    form.pick_date("Date", workday(25))
    result = form.submit()
    assert result.modal is not None, result.errors
    assert result.modal.submit().closed


def workday(days: int) -> date:
    return add_workdays(today() + timedelta(days=days), 1)


def test_dates_move_after_a_look_at_what_moves(database_url: str) -> None:
    with staged(database_url) as stage:
        approved(stage)
        before = stage.stored().day
        form = pressed(stage, stage.lena, "Change dates")
        form.pick_date("Date", today() - timedelta(days=9))
        assert "passed" in form.submit().errors["Date"]
        later = workday(60)
        form.pick_date("Date", later)
        sure = form.submit().modal
        assert sure is not None
        assert f"Switch by: {day(later)}" in sure.text
        assert f"before: switch by {day(before)}" in sure.text
        assert "only the timeline is approved again" in sure.text
        assert "Lead switch" in sure.text
        assert stage.stored().day == before
        sure.fill("Why?", "They go live & need Olga")
        assert sure.submit().closed
        for person in (stage.olga, stage.ivan):
            news = person.dm().wait(f"switch by is now {day(later)}, before: {day(before)}")
            assert "Changed by Lena Berg: They go live & need Olga." in news.text
        stage.lena.dm().wait("this is card 2 for Northwind")
        assert list(pending(stage.stored())) == ["plan"]
        again = pressed(stage, stage.lena, "Change dates")
        again.pick_date("Date", before)
        back = again.submit().modal
        assert back is not None
        assert back.submit().closed
        stage.until(lambda: "the dates have changed again since" in news.text)


def test_another_last_day_in_the_interview_is_offered_to_the_leader(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        leaves(stage)
        other = workday(15)
        record_last_day(stage, other)
        asks = stage.lena.dm().wait(f"Olga Costa says that {day(other)} is their last working day")
        stage.ivan.dm().wait("take Northwind over")
        asks.click("Change dates")
        form = stage.lena.modal("Change dates")
        sure = form.submit().modal
        assert sure is not None
        assert sure.submit().closed
        stage.olga.dm().wait(f"last working day is now {day(other)}")
        stage.until(lambda: f"Northwind: last working day {day(other)}" in asks.text)
        once_more = workday(20)
        record_last_day(stage, once_more)
        stage.lena.opens_home()
        stage.until(lambda: "decide about another last working day" in stage.lena.home().text)
        stage.lena.home().click("Look at it")
        looked = stage.lena.modal()
        looked.click(f"Keep {day(other)}")
        stage.rest()
        assert stage.stored().day == other
        stage.until(lambda: "decide about another" not in stage.lena.home().text)


def record_last_day(stage: Stage, when: date) -> None:
    given = {"values": (when.isoformat(),)}
    record(stage, stage.olga, e.ValueGiven, question="AT1", part="last_day", given=given)


def test_another_leader_reads_all_and_the_former_one_nothing(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        kim = stage.slack.person("Kim Novak")
        stage.ada.types("/handover settings")
        form = stage.ada.modal()
        form.pick_person("Leaders", stage.lena, kim)
        assert form.submit().closed
        stage.start()
        notice = stage.lena.dm().wait("Handover: Northwind")
        notice.click("Open Leader's checks")
        checks = stage.lena.modal("Leader's checks")
        checks.fill("Note", "Only for leaders")
        assert checks.submit().closed
        notice.click("Change leader")
        form = stage.lena.modal("Change leader")
        form.choose("Leader", "Kim Novak")
        form.pick_person("Backup", stage.ivan)
        assert "has a part" in form.submit().errors["Backup"]
        form.pick_person("Backup", stage.ada)
        form.fill("Why?", "I am on leave")
        assert form.submit().closed
        kim.dm().wait("Handover: Northwind").click("Open Leader's checks")
        assert "Only for leaders" in kim.modal("Leader's checks").text
        news = "Kim Novak leads this handover from now on, before: Lena Berg."
        for person in (stage.olga, stage.ivan, stage.ada):
            assert "I am on leave" in person.dm().wait(news).text
        stage.lena.types("/handover show Northwind")
        stage.rest()
        assert "can't find" in stage.told(stage.lena)
        notice.click("Open Leader's checks")
        stage.hears(stage.lena, "can't find")
        for person in (stage.olga, stage.ivan):
            assert not any("Only for leaders" in seen for seen in stage.slack.seen_by(person))


def test_whoever_becomes_a_guest_is_told_nothing_more_and_may_come_back(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start()
        stage.ivan.dm().wait("take Northwind over").click("Accept handover")
        stage.ivan.dm().wait("You take Northwind over")
        stage.rest()
        stage.slack.update_person(stage.ivan, guest=True)
        told = stage.lena.dm().wait("can't take Northwind over")
        assert told
        heard = len(stage.ivan.dm().every_message)
        record(stage, stage.lena, e.LeaderChanged, leader=stage.ada.id)
        stage.rest()
        assert len(stage.ivan.dm().every_message) == heard
        stage.slack.update_person(stage.olga, deleted=True)
        stage.until(lambda: lead_now(stage.stored())[0] == stage.ada.id)
        stage.slack.update_person(stage.olga, deleted=False)
        stage.until(lambda: lead_now(stage.stored())[0] == stage.olga.id)


def test_another_name_is_shown_everywhere(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        approved(stage)
        stage.slack.update_person(stage.ivan, name="Ivan Petrov (on a train)")
        stage.rest()
        assert stage.stored().incoming.name == "Ivan Petrov"  # type: ignore[union-attr]
        stage.slack.update_person(stage.ivan, name="Ivan Sokolov")
        stage.lena.dm().wait("this is card 2 for Northwind")
        assert stage.stored().incoming.name == "Ivan Sokolov"  # type: ignore[union-attr]
        assert "Ivan Sokolov" in shown(stage, stage.lena)
        texts = [v[-1].text for v in stage.stored().letters.drafts.values()]
        assert not any("Ivan Petrov" in text for text in texts)


def test_where_nobody_takes_over_the_customer_reads_who_is_there(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        kim = stage.slack.person("Kim Novak")
        leaves(stage)
        stage.ivan.dm().wait("take Northwind over").click("Decline")
        assert stage.ivan.modal("Decline the handover").submit().closed
        stage.settle(stage.olga)
        form = pressed(stage, stage.lena, "Name an interim lead")
        form.pick_person("Who leads until then?", stage.olga)
        assert "who stays" in form.submit().errors["Who leads until then?"]
        form.pick_person("Who leads until then?", kim)
        until = workday(90)
        form.pick_date("Until when?", until)
        assert form.submit().closed
        kim.dm().wait(f"you lead, until {day(until)}").click("Show the brief")
        kim.dm().wait("Client background")
        stage.olga.dm().wait(f"Kim Novak leads, until {day(until)}")
        assert stage.stored().wording


def test_the_last_day_kit_comes_in_time_and_is_ticked(tmp_path: Path) -> None:
    clock = MovedClock()
    with staged(sqlite_url(tmp_path), clock, HANDOVER_TICK_SECONDS=0.2) as stage:
        approved(stage)
        last = workday(20)
        dates = {"today": today(), "day": last, "day_is": "last_day"}
        record(stage, stage.lena, e.DatesChanged, **dates)
        clock.pass_by(days=(last - today()).days)
        title = f"Northwind: last day on {day(last)}"
        mine, every = stage.olga.dm().wait(title), stage.lena.dm().wait(title)
        assert "compensation" in every.text
        assert "compensation" not in mine.text
        assert "Introduction" in mine.text
        mine.click("Copy the text", below="Set the auto-reply")
        copied = stage.olga.dm().wait("Thank you for your message. After")
        assert "Lena Berg is there for you" in copied.text
        mine.click("Mark done", below="Set the auto-reply")
        stage.until(lambda: "✓ Set the auto-reply" in mine.text)
        stage.until(lambda: "✓ Set the auto-reply (Olga Costa)" in every.text)
        heirs = stage.ivan.dm().wait(title)
        assert "recurring invitations that still belong to Olga Costa" in heirs.text
        stage.ivan.opens_home()
        stage.until(lambda: "change the owner in the CRM" in stage.ivan.home().text)
        stage.ivan.home().click("Mark done", below="change the owner in the CRM")
        stage.until(lambda: "✓ Change the owner in the CRM" in heirs.text)


def test_another_csm_starts_anew_with_the_pack_that_is_there(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        approved(stage)
        kim = stage.slack.person("Kim Novak")
        answers = stage.stored().answers
        form = pressed(stage, stage.lena, "Change incoming CSM", "Name the incoming CSM")
        assert "The pack stays." in form.text
        form.pick_person("Incoming CSM", kim)
        assert form.submit().closed
        stage.ivan.dm().wait("Somebody else takes Northwind over")
        kim.dm().wait("take Northwind over").click("Accept handover")
        kim.dm().wait("The knowledge pack for Northwind is ready")
        stored = stage.stored()
        assert {key for key in answers if key != "TR2"} <= set(stored.answers)
        assert (stored.teach_back, stored.letters.asked_at) == (None, None)
        assert "incoming CSM is now Kim Novak, before: Ivan Petrov" in pages(stage, stage.olga)


def pages(stage: Stage, person: Person) -> str:
    """Everything that `/handover show Northwind` shows."""
    person.types("/handover show Northwind")
    stage.rest()
    return str(stage.slack.ephemerals(person)[-1].blocks)
