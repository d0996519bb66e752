"""Who leads is told alike everywhere, and what leads to the switch is seen by whom it concerns."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.exports.customer import customer_markdown
from bot.ids import Act, Ref
from bot.views.blocks import Message
from bot.views.home import home_view
from bot.views.lists import show_message
from bot.views.messages import build
from bot.views.people import lead_line
from bot.views.rows import Row, row_line
from bot.views.scene import Scene
from bot.views.side_by_side.lead import switch_form
from bot.views.side_by_side.ready import form
from bot.views.side_by_side.sessions import debrief_form, log_form
from bot.views.taking_over.brief import brief_message
from flows import events as e
from flows.effects import Kind
from flows.privacy import as_read_by
from flows.taking_over.brief import make_brief
from flows.terms import DateIs, Reason, Segment
from flows.texts.safe_facts import safe_facts
from tests.flows.make import BORIS, IVAN, KIM, LENA, OLGA, PLAYBOOK, ZOE, Story, party
from tests.flows.test_lead import held, taught
from tests.views.limits import check_message, check_view, fields, labels, press, words
from tests.views.scenes import make_scene

AMPLE = date(2027, 3, 1)


def name_of(user: str) -> str:
    return user.removeprefix("U").title()


def scene(story: Story, viewer: str) -> Scene:
    read = as_read_by(story.handover, PLAYBOOK, viewer)
    return replace(make_scene(read, viewer), names=name_of, now=story.at)


def told(story: Story, viewer: str, kind: Kind, subject: str) -> Message:
    return check_message(build(kind, subject, scene(story, viewer)))


def shown(story: Story, viewer: str) -> Message:
    return check_message(show_message(scene(story, viewer)))


def switched() -> Story:
    story = taught()
    story.waits(days=1)
    story.does(OLGA, e.ReadinessGiven, score=4)
    story.does(OLGA, e.LeadSwitched)
    return story


def test_everybody_hears_who_leads_since_when_and_who_did_before() -> None:
    story = switched()
    for viewer in (OLGA, IVAN, LENA, BORIS):
        message = told(story, viewer, Kind.LEAD, "2")
        assert "Lead now: Olga · since Tue 24 Nov 2026 · before: Ivan" in message.text
        assert "the copy for the customer say so" in message.text
    assert "Switched by you." in told(story, OLGA, Kind.LEAD, "2").text
    assert "is yours from now on" in told(story, OLGA, Kind.LEAD, "2").text
    assert "Thank you for leading Northwind" in told(story, IVAN, Kind.LEAD, "2").text
    assert "Switched by Olga." in told(story, LENA, Kind.LEAD, "2").text
    assert "• Ivan: Mon 23 Nov 2026 to Tue 24 Nov 2026\n• Olga: since Tue" in words(
        shown(story, LENA)
    )


def test_an_announcement_that_is_past_says_so() -> None:
    story = switched()
    story.does(LENA, e.IncomingNamed, incoming=party(KIM))
    past = told(story, IVAN, Kind.LEAD, "2").text
    assert past.startswith("Northwind: Olga led from Tue 24 Nov 2026. Lead now: Ivan")
    assert build(Kind.LEAD, "9", scene(story, IVAN)) is None


def test_a_lead_that_passed_at_noon_is_announced_with_its_reason() -> None:
    leaving = {"day_is": DateIs.LAST_DAY, "day": date(2026, 12, 18), "reason": Reason.ATTRITION}
    story = taught(**leaving)
    story.does(OLGA, e.ReadinessGiven, score=4)
    story.at = datetime(2026, 12, 18, 12, tzinfo=UTC)
    story.waits(minutes=1)
    text = told(story, LENA, Kind.LEAD, "2").text
    assert "It was the last working day of Ivan: the lead passed on at noon." in text
    assert "Olga leads Northwind already" in words(check_view(switch_form(scene(story, LENA))))


def test_the_lead_line_is_the_same_everywhere() -> None:
    for story, name in ((taught(), "Ivan"), (switched(), "Olga")):
        handover, row = story.handover, Row(story.handover, PLAYBOOK)
        line = lead_line(handover, name_of)
        assert line.startswith(f"Lead now: {name}")
        brief = make_brief(handover, PLAYBOOK, OLGA, story.at)
        views = [
            row_line(row, name_of),
            words(home_view([row], [], OLGA, name_of, story.at)),
            brief_message(brief, name_of, PLAYBOOK, OLGA).text,
            told(story, LENA, Kind.PLAN, "").text,
            told(story, IVAN, Kind.CARD, "").text,
            told(story, OLGA, Kind.ACCEPT, "").text,
        ]
        assert all(line in view for view in views)
        assert line.split(": ", 1)[1] in words(shown(story, LENA))
        copy = customer_markdown(safe_facts(handover, PLAYBOOK, LENA), name_of, story.at)
        assert f"{name} is your contact" in copy
        assert brief.lead == story.handover.leading.spans[-1].who


def test_before_the_switch_says_what_with_whom() -> None:
    story = taught(segment=Segment.ENTERPRISE, day=AMPLE)
    view = switch_form(scene(story, OLGA))
    assert "Before the switch: 3 things, 2 with Ivan and 1 with you" in words(view)
    assert "*Ivan:* hold shadow sessions (0 of 2) and hold reverse sessions (0 of 2)" in words(view)
    assert "*You:* say how ready you are" in words(view)
    assert "submit" not in view
    assert "Lena can have it switched" in words(view)
    assert "Before the switch:* 3 things" in words(shown(story, OLGA))
    story.does(OLGA, e.ReadinessGiven, score=4)
    for kind in ("shadow", "shadow", "reverse"):
        held(story, kind, len(story.handover.leading.sessions))
    assert "1 thing, with Ivan" in words(switch_form(scene(story, LENA)))
    why = fields(check_view(switch_form(scene(story, LENA))))["text"]
    assert why["label"]["text"].startswith("Switch all the same")
    assert "2 of 2 shadow sessions and 1 of 2 reverse sessions" in words(shown(story, IVAN))
    held(story, "reverse", 9)
    ready = check_view(switch_form(scene(story, IVAN)))
    assert "Olga leads Northwind from now on.* Until now it is Ivan." in words(ready)
    assert ready["submit"]["text"] == "Switch lead"


def test_the_button_is_there_for_those_who_work_on_it_until_it_is_done() -> None:
    story = taught(by=ZOE)
    for viewer in (IVAN, OLGA, LENA, BORIS):
        assert {"Switch lead", "Log session"} <= set(labels(shown(story, viewer)))
        assert {"Switch lead", "Log session"} <= set(labels(told(story, viewer, Kind.PLAN, "")))
    assert "How ready are you?" in labels(shown(story, OLGA))
    assert "How ready are you?" not in labels(shown(story, IVAN))
    assert not {"Switch lead", "Log session"} & set(labels(shown(story, ZOE)))
    assert "Switch lead" not in labels(shown(switched(), LENA))


def test_what_the_other_one_said_shows_once_one_has_said_ones_own() -> None:
    story = taught()
    key = held(story, "reverse", 1)
    story.does(OLGA, e.SessionDebriefed, session=key, went="badly", note="Too *fast* <@UKIM>")
    asked = told(story, IVAN, Kind.DEBRIEF, key)
    first = "Northwind: how did the reverse session on Mon 23 Nov 2026 go? Olga led, you watched."
    assert asked.text.startswith(first)
    assert labels(asked) == ["Well", "So-so", "Badly"]
    assert "badly" not in asked.text
    assert "Olga, Lena and Boris will read what you say." in asked.text
    assert Ref.load(press(asked, "So-so")["value"]).v == "so_so"
    assert "Too" not in words(shown(story, IVAN))
    assert "Olga: badly" in words(shown(story, LENA))
    story.does(IVAN, e.SessionDebriefed, session=key, went="so_so")
    said = told(story, IVAN, Kind.DEBRIEF, key)
    assert "Olga: badly, “Too" in said.text
    assert "You: so-so" in said.text
    assert labels(said) == ["Add a note"]
    assert labels(told(story, OLGA, Kind.DEBRIEF, key)) == ["Change what I said"]
    assert build(Kind.DEBRIEF, key, scene(story, BORIS)) is None
    mine = check_view(debrief_form(scene(story, OLGA), story.handover.leading.sessions[0]))
    assert fields(mine)["choice"]["element"]["initial_option"]["value"] == "badly"
    assert "@Kim" in fields(mine)["note"]["element"]["initial_value"]


def test_a_session_of_the_plan_comes_with_its_kind() -> None:
    story = taught(segment=Segment.ENTERPRISE, day=AMPLE)
    form = fields(check_view(log_form(scene(story, IVAN), "reverse_2")))
    assert form["choice"]["element"]["initial_option"]["value"] == "reverse"
    view = words(log_form(scene(story, IVAN)))
    assert "*Shadow session:* Ivan leads, Olga watches" in view
    assert "*Reverse session:* Olga leads, Ivan watches" in view


def test_what_is_missing_goes_to_the_leader_with_both_ways_on() -> None:
    story = taught()
    assert "How ready are you to lead Northwind?" in words(check_view(form(scene(story, OLGA))))
    story.does(OLGA, e.ReadinessGiven, score=2, missing="I have not met their IT")
    message = told(story, LENA, Kind.NOT_READY, "1")
    assert "Olga does not feel ready to lead Northwind yet: 2 of 5." in message.text
    assert "I have not met their IT" in message.text
    assert labels(message) == ["Ask again", "Switch lead"]
    assert press(message, "Ask again")["action_id"] == Act.READY_AGAIN
    for viewer in (IVAN, OLGA):
        assert build(Kind.NOT_READY, "1", scene(story, viewer)) is None
    assert "2 of 5, missing: I have not met" in words(shown(story, OLGA))
    assert "their IT" not in words(shown(story, IVAN))
    assert "1 thing, with Lena" in words(shown(story, IVAN))
    story.does(LENA, e.ReadinessAsked)
    again = told(story, LENA, Kind.NOT_READY, "1")
    assert labels(again) == []
    assert "Olga is asked again." in again.text
    story.waits(days=1)
    story.does(OLGA, e.ReadinessGiven, score=4)
    assert "Since then: 4 of 5." in told(story, LENA, Kind.NOT_READY, "1").text


def test_long_words_fit() -> None:
    story = taught(segment=Segment.ENTERPRISE, day=AMPLE, account="<A>" * 60)
    long = "<&>" * 600
    for number in range(12):
        key = f"S{number}"
        on = story.at.date() - timedelta(days=number)
        story.does(IVAN, e.SessionLogged, id=key, kind="shadow", on=on, note=long)
        story.does(OLGA, e.SessionDebriefed, session=key, went="badly", note=long)
        story.does(IVAN, e.SessionDebriefed, session=key, went="badly", note=long)
        told(story, IVAN, Kind.DEBRIEF, key)
    story.does(OLGA, e.ReadinessGiven, score=1, missing=long)
    for viewer in (IVAN, OLGA, LENA):
        shown(story, viewer)
        check_view(switch_form(scene(story, viewer)))
    told(story, LENA, Kind.NOT_READY, "1")
    story.does(LENA, e.LeadSwitched, why=long)
    told(story, IVAN, Kind.LEAD, "2")
