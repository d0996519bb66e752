"""Days away, little time, and taking back, on people's screens."""

from datetime import date, timedelta
from pathlib import Path

from bot.views.dates import day, span
from tests.plan.test_wire import days, shown_plan
from tests.wire.stage import Stage, list_leaders, question, sqlite_url, staged, today


def test_whoever_accepts_tells_when_they_are_away_and_the_plan_avoids_it(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start()
        card = stage.ivan.dm().wait("take Northwind over")
        card.click("Accept handover")
        stage.until(lambda: "Days away" in card.buttons)
        seen = shown_plan(stage, stage.lena)
        busy = days(stage)["heads_up"]
        last = busy + timedelta(days=1)
        card.click("Days away")
        form = stage.ivan.modal()
        form.fill("When are you away?", "5 Dec\nsome day soon")
        refused = form.submit().errors["When are you away?"]
        assert "I can't read “some day soon”" in refused
        assert form.value("When are you away?") == "5 Dec\nsome day soon"
        form.fill("When are you away?", f"{busy:%d %B %Y} – {last.isoformat()}")
        assert form.submit().closed
        words = span(busy, last)
        stage.until(lambda: f"You are away {words}" in card.text)
        stage.until(lambda: f"Away: Ivan Petrov {words}" in seen.text)
        assert not {busy, last} & set(days(stage).values())
        card.click("Days away")
        again = stage.ivan.modal()
        assert again.value("When are you away?") == words
        again.fill("When are you away?", "")
        assert again.submit().closed
        stage.until(lambda: "You are away" not in card.text)
        stage.until(lambda: "Away:" not in seen.text)
        assert days(stage)["heads_up"] == busy


def test_the_outgoing_csm_and_the_leader_tell_theirs_too(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        card = stage.start()
        notice = stage.lena.dm().wait("Handover: Northwind")
        first = today() + timedelta(days=4)
        wanted = f"You are away {span(first, first)}"
        for person, message in ((stage.olga, card), (stage.lena, notice)):
            message.click("Days away")
            form = person.modal()
            form.fill("When are you away?", first.isoformat())
            assert form.submit().closed
        stage.until(lambda: wanted in card.text and wanted in notice.text)
        assert set(stage.stored().schedule.away) == {stage.olga.id, stage.lena.id}
        plan = shown_plan(stage, stage.ivan)
        assert plan.text.count(span(first, first)) == len(("Olga", "Lena"))


def test_what_was_marked_is_taken_back(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start()
        stage.ivan.dm().wait("take Northwind over").click("Accept handover")
        stage.settle(stage.olga)
        plan, leaders = shown_plan(stage, stage.olga), shown_plan(stage, stage.lena)
        other = shown_plan(stage, stage.ivan)
        plan.click("Mark done")
        stage.until(lambda: "Internal handover call · done" in other.text)
        stage.until(lambda: "Undo" in leaders.buttons)
        assert "Undo" not in other.buttons
        plan.click("Undo")
        stage.until(lambda: "Internal handover call · done" not in other.text)
        stage.until(lambda: "Mark done" in plan.buttons)
        assert "call" not in stage.stored().schedule.done


def test_whoever_moves_abroad_brings_other_holidays_and_nobody_hears_of_it(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start()
        plan = shown_plan(stage, stage.lena)
        before = stage.stored().schedule.days_off
        stage.rest()
        people = (stage.ivan, stage.olga, stage.lena)
        said = [len(person.dm().messages) for person in people]
        stage.slack.update_person(stage.ivan, tz="Asia/Dubai")
        stage.until(lambda: stage.stored().schedule.days_off != before)
        stage.rest(later=True)
        after = stage.stored().schedule.days_off
        assert after[stage.olga.id] == before[stage.olga.id]
        christmas = date(today().year + 1, 12, 25)
        assert christmas not in after[stage.ivan.id].days
        assert [len(person.dm().messages) for person in people] == said
        shown = f"{day(days(stage)['heads_up'])} · Heads-up to the customer"
        stage.until(lambda: shown in plan.text)
        # A status that changes tells nothing of where somebody lives.
        seq = stage.stored().seq
        stage.slack.update_person(stage.ivan, tz="Asia/Dubai")
        stage.rest()
        assert stage.stored().seq == seq


def test_a_renewal_moves_the_switch(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        form = stage.form()
        form.click("More")
        stage.until(lambda: "Renewal date" in form.labels)
        renewal = today() + timedelta(days=40)
        form.pick_date("Renewal date", renewal)
        tellings = form.submit().modal
        assert tellings
        assert tellings.submit().closed
        card = stage.olga.dm().wait("Knowledge pack: Northwind")
        plan = shown_plan(stage, stage.lena)
        assert days(stage)["switch"] < renewal
        plan.click("Decide", below="The renewal is on")
        decision = stage.lena.modal()
        decision.choose("What do you decide?", "Switch after the renewal is signed")
        decision.fill("Why?", "They know Olga.")
        assert decision.submit().closed
        stage.until(lambda: days(stage)["switch"] > renewal)
        stage.until(lambda: f"{day(days(stage)['switch'])} · Lead switch" in plan.text)
        stage.until(lambda: "Olga Costa (until the renewal is signed)" in card.text)


def leaving_in(stage: Stage, workdays: int) -> date:
    """A last working day so many working days after today."""
    found, left = today(), workdays
    while left:
        found += timedelta(days=1)
        left -= found.weekday() < 5
    return found


def test_hardly_any_time_means_eight_questions_and_all_three_are_told(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        form = stage.form(
            segment="Enterprise", reason="Leaving the company", day_is="Last working day"
        )
        form.pick_date("Date", leaving_in(stage, 1))
        tellings = form.submit().modal
        assert tellings
        assert tellings.submit().closed
        card = stage.olga.dm().wait("Knowledge pack: Northwind")
        for words in ("Short notice: 8 questions", "0 of 8 required answered", "about 25 minutes"):
            assert words in card.text, words
        assert "Risks" in question(stage.olga, "1 of 8").text
        notice = stage.lena.dm().wait("Handover: Northwind")
        assert "short notice: 8 questions" in notice.text
        accepting = stage.ivan.dm().wait("take Northwind over")
        accepting.click("Accept handover")
        stage.until(lambda: "Short notice: 8 questions" in accepting.text)
        assert "Short notice: 8 questions" in shown_plan(stage, stage.ivan).text
        stage.settle(stage.olga)
        stage.ivan.dm().wait("The knowledge pack for Northwind is ready: 8 of 8")
        stage.until(lambda: "8 of 8 required answered" in card.text)
