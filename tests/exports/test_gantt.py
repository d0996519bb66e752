"""The plan as a picture: what it says in words."""

from datetime import date

from bot.exports.gantt import plan_picture
from flows import events as e
from flows.schedule.planning import milestone_done
from flows.schedule.timeline import make_plan
from flows.terms import Segment
from tests.flows.make import IVAN, PLAYBOOK, Story

FAR = date(2027, 2, 26)


def test_what_is_done_stands_on_the_day_on_which_it_was() -> None:
    story = Story(segment=Segment.MID_MARKET, day=FAR)
    planned = make_plan(story.handover, PLAYBOOK).find("call")
    event = story.event(e.MilestoneDone, IVAN, key="call")
    handover = milestone_done(story.handover, event, PLAYBOOK)
    was = event.at.date()
    assert planned is not None
    assert was < planned.day
    picture = plan_picture(handover, PLAYBOOK, str, was)
    assert f"Internal handover call {was:%a} {was.day} {was:%b} (done)" in picture.alt
