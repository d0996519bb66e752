"""How the customer seems, from one tap to a leader's action, as each person sees it."""

from datetime import timedelta
from pathlib import Path

from bot.sandbox import Person
from flows import events as e
from flows.customer.moods import Feeling, Signal
from flows.customer.sent import Way
from flows.tasks import Todo, all_tasks
from flows.texts.composing import composed
from flows.texts.letter_specs import Letter
from flows.texts.pieces import pending
from tests.flows.make import PLAYBOOK
from tests.privacy.cast import MovedClock
from tests.wire.stage import Stage, list_leaders, record, sqlite_url, staged, today

ONE = "sentiment_1"
SECRET = "Ana went to our CEO"


def checked(stage: Stage) -> None:
    """The customer has had the heads-up: the first mood check is due from both CSMs."""
    list_leaders(stage)
    stage.start(segment="Mid-market")
    record(stage, stage.ivan, e.Accepted)
    stage.settle(stage.ivan)
    stage.settle(stage.olga)
    record(stage, stage.ivan, e.PackAccepted)
    record(stage, stage.lena, e.BackupNamed, user=stage.slack.person("Boris Meier").id)
    for person in (stage.olga, stage.ivan):
        record(stage, person, e.ReasonAgreed, version=1)
    record(stage, stage.olga, e.SentForApproval)
    record(stage, stage.lena, e.PiecesApproved, pieces=pending(stage.stored()))
    record(stage, stage.lena, e.MilestoneDone, key="call")
    heads_up = next(
        text.spec.key
        for text in composed(stage.stored(), PLAYBOOK)
        if text.spec.letter is Letter.HEADS_UP
    )
    said = {"key": heads_up, "version": 1, "on": today(), "way": Way.MEETING}
    record(stage, stage.lena, e.LetterSent, **said)
    stage.rest()


def owed(stage: Stage, person: Person) -> set[Todo]:
    tasks = all_tasks(stage.stored(), PLAYBOOK)
    return {task.todo for task in tasks if task.owner == person.id}


def test_a_tap_signs_and_a_line_become_red_and_an_action(database_url: str) -> None:
    with staged(database_url) as stage:
        checked(stage)
        stage.olga.opens_home().click("Say how they seem")
        asked = stage.olga.modal()
        assert "How does Northwind seem about the change?" in asked.text
        assert asked.buttons == ["Better", "Same", "Worse", "Cannot tell"]
        asked.click("Same")
        stage.until(lambda: "You said: Same" in asked.text)
        assert Todo.SAY_MOOD not in owed(stage, stage.olga)
        assert Todo.SAY_MOOD in owed(stage, stage.ivan)
        asked.click("Add signs and a line")
        form = stage.olga.modal("How they seem")
        form.tick("They went to somebody higher up")
        form.fill("One line", SECRET)
        assert form.submit().closed
        stage.until(lambda: SECRET in asked.text)
        red = stage.lena.dm().wait("the mood of the customer is alarm (red)")
        assert SECRET in red.text
        red.click("What we do")
        form = stage.lena.modal("What we do")
        form.fill("What do we do?", "I call Ana and listen.")
        form.pick_date("By when?", today() - timedelta(days=3))
        assert "passed" in form.submit().errors["By when?"]
        form.pick_date("By when?", today() + timedelta(days=2))
        assert form.submit().closed
        stage.until(lambda: "I call Ana and listen." in red.text)
        stage.lena.opens_home().click("Look at the plan")
        plan = stage.lena.modal()
        plan.click("Done")
        stage.until(lambda: "done on" in plan.text)
        assert stage.stored().moods.actions[0].done_at
        stage.ivan.types("/handover show Northwind")
        assert "Customer's mood: alarm (red)" in stage.hears(stage.ivan, "Customer's mood").text
        stage.rest(later=True)
        assert not any(SECRET in text for text in stage.slack.seen_by(stage.ivan))
        said = stage.stored().moods.checks
        assert [(c.feeling, c.signals) for c in said] == [(Feeling.SAME, (Signal.ESCALATION,))]


def test_silence_is_told_and_a_touch_ends_it(tmp_path: Path) -> None:
    clock = MovedClock()
    with staged(sqlite_url(tmp_path), clock=clock) as stage:
        list_leaders(stage)
        stage.start()
        stage.olga.types("/handover show Northwind")
        known = stage.hears(stage.olga, "Lead now")
        known.choose("How often are you in touch?", "Usually in touch: weekly")
        stage.hears(stage.olga, "Noted.")
        clock.pass_by(days=11)
        stage.bot.ticker.run("due")
        told = [p.dm().wait("nobody has noted being in touch") for p in (stage.olga, stage.lena)]
        told[0].click("We were in touch")
        form = stage.olga.modal("We were in touch")
        form.pick_date("On which day?", clock.now().date() + timedelta(days=3))
        assert "still to come" in form.submit().errors["On which day?"]
        form.pick_date("On which day?", clock.now().date() - timedelta(days=1))
        assert form.submit().closed
        stage.until(lambda: all("the silence is over" in message.text for message in told))
