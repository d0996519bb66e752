"""The plan says what is short, who is away, and what is to be decided again."""

from datetime import date

from bot.views.messages import Message, build
from flows import events as e
from flows.effects import Kind
from flows.handover import Choice, Handover, Warn
from flows.schedule.calendars import Absence
from flows.terms import DateIs, Segment
from tests.make import IVAN, LENA, NOW, OLGA, make_handover
from tests.views.limits import check_message, labels, words
from tests.views.scenes import make_scene

AWAY = Absence(first=date(2026, 12, 1), last=date(2026, 12, 2))


def shown(handover: Handover, viewer: str) -> Message:
    return check_message(build(Kind.PLAN, "", make_scene(handover, viewer)))


def test_little_time_is_told_with_what_is_asked() -> None:
    plan = shown(make_handover(segment=Segment.ENTERPRISE, day=date(2026, 11, 25)), IVAN)
    assert "Short notice: 8 questions; 2 working days left, the full plan takes 35" in words(plan)


def test_who_is_away_is_told_until_they_are_back() -> None:
    told = e.AwayGiven(at=NOW, by=OLGA, away=(AWAY,))
    handover = make_handover([told])
    assert "Away: Olga 1 to 2 Dec 2026" in words(shown(handover, IVAN))
    assert "Away: you 1 to 2 Dec 2026" in words(shown(handover, OLGA))
    schedule = handover.schedule.model_copy(
        update={"away": {OLGA: (Absence(first=date(2026, 11, 2), last=date(2026, 11, 3)),)}}
    )
    past = handover.model_copy(update={"schedule": schedule})
    assert "Away" not in shown(past, IVAN).text


def test_a_decision_that_does_not_hold_any_more_is_asked_again() -> None:
    renewal, why = date(2027, 1, 9), "They wish it so."
    decided = e.WarningAnswered(
        at=NOW, by=LENA, warning=Warn.RENEWAL, choice=Choice.BEFORE, why=why
    )
    moved = e.MilestoneMoved(
        at=NOW, by=LENA, key="switch", day=date(2027, 1, 12), why="Later.", insist=True
    )
    usual = {"renewal": renewal, "day": date(2027, 2, 26), "day_is": DateIs.SWITCH_BY}
    kept = shown(make_handover([decided], None, **usual), LENA)
    assert "To decide: The renewal" not in kept.text
    assert "Decide again" in labels(kept)
    broken = shown(make_handover([decided, moved], None, **usual), LENA)
    assert "To decide again: The renewal is on Sat 9 Jan 2027" in broken.text
    assert "switch before the renewal is signed. They wish it so." in broken.text
    assert "The dates are others now; you decide." in broken.text
    assert "Decide" in labels(broken)
