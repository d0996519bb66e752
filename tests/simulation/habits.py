"""What people do besides their tasks: they ask, worry, put off, pause, change their minds."""

from collections.abc import Callable
from datetime import timedelta

from flows import events as e
from flows.customer.moods import Feeling, Signal
from flows.end.completing import is_over, open_points
from flows.handover import Handover, Stage, When
from flows.nudges.reminders import Frequency, Wishes
from flows.nudges.rulings import WAIVABLE
from flows.privacy import is_csm, leads, may_know
from flows.schedule.calendars import Absence
from flows.schedule.plan_events import AwayGiven
from flows.schedule.timeline import in_turn, make_plan
from flows.side_by_side.lead import has_switched
from flows.tasks import all_tasks, open_tasks
from flows.terms import Role
from tests.simulation.checks import gives_word
from tests.simulation.company import TEAM
from tests.simulation.hand import GivenUpError, Hand

Habit = Callable[[Hand, Handover], None]


def asks(hand: Hand, _handover: Handover) -> None:
    hand.does(e.Asked, id=hand.new_id(), text="Who signs for them?")


def knocks(hand: Hand, handover: Handover) -> None:
    about = next(iter(handover.answers), "")
    fields = {"id": hand.new_id(), "text": "Who decides about budget?", "about": about}
    if hand.often(0.5):
        hand.does(e.PackAnswered, **fields)
    else:
        hand.does(e.Asked, **fields, knock=True)


def asks_somebody(hand: Hand, handover: Handover) -> None:
    """Ask a colleague, or somebody outside Slack, for an answer."""
    current = handover.interviews[hand.me.user].current if _answers(hand, handover) else None
    if current is None:
        raise GivenUpError
    whom: dict[str, object] = {"whom": "Sam Lee"}
    if hand.often(0.7):
        whom = {"to": hand.chance.choice(hand.colleagues()).user}
    fields = {"id": hand.new_id(), "question": current, "text": "Do you know?", **whom}
    hand.does(e.SomebodyAsked, **fields, due=hand.days(1, 4))


def worries(hand: Hand, handover: Handover) -> None:
    """How the customer seems, of one's own accord: often worse."""
    if not is_csm(handover, hand.me.user) or "heads_up" not in handover.schedule.done:
        raise GivenUpError
    known = [check.round for check in handover.moods.checks]
    fields: dict[str, object] = {"round": known[-1] if known else "sentiment_1"}
    red = hand.often(0.5)
    fields |= {"signals": (Signal.ESCALATION,)} if red else {}
    hand.does(e.MoodGiven, feeling=Feeling.WORSE, note="They are cross.", **fields)


def pauses(hand: Hand, handover: Handover) -> None:
    _must_lead(hand, handover)
    hand.does(e.HandoverPaused, why="A release comes first.", until=hand.days(3, 12))


def takes_up(hand: Hand, handover: Handover) -> None:
    _must_lead(hand, handover)
    hand.does(e.HandoverTakenUp)


def cancels(hand: Hand, handover: Handover) -> None:
    _must_lead(hand, handover)
    hand.does(e.HandoverCancelled, why="They leave us.", customer="Told in the call.")


def names_another(hand: Hand, handover: Handover) -> None:
    """Another incoming CSM after all."""
    _must_lead(hand, handover)
    why = "They have not met." if hand.often(0.5) else ""
    hand.does(e.IncomingNamed, incoming=hand.somebody(), no_text_because=why)


def names_source(hand: Hand, handover: Handover) -> None:
    _must_lead(hand, handover)
    if handover.outgoing.reachable:
        raise GivenUpError
    hand.does(e.SourceNamed, user=hand.somebody().user)


def tells(hand: Hand, handover: Handover) -> None:
    """Whoever was to hear of it later, or never, hears of it now."""
    _must_lead(hand, handover)
    for role in (Role.OUTGOING, Role.INCOMING):
        telling = handover.tellings.get(role)
        if telling and not telling.told_at and telling.when is not When.NOW:
            hand.does(e.Told, role=role)
            return
    raise GivenUpError


def waives(hand: Hand, handover: Handover) -> None:
    """Let go what keeps the handover from its end, or a task that is late."""
    _must_lead(hand, handover)
    points = open_points(handover, hand.playbook) if has_switched(handover) else ()
    if points:
        hand.does(e.PointWaived, what=points[0].what, why="We go on without.")
        return
    found = [t for t in all_tasks(handover, hand.playbook) if t.due < hand.today]
    late = next((task for task in found if task.todo in WAIVABLE), None)
    if late is None:
        raise GivenUpError
    hand.does(e.TaskWaived, key=late.key, why="Not needed.")


def extends(hand: Hand, handover: Handover) -> None:
    _must_lead(hand, handover)
    owed = open_tasks(handover, hand.playbook, hand.me.user)
    late = next((t for t in owed if t.due < hand.today and t.todo != "milestone"), None)
    if late is None:
        raise GivenUpError
    hand.does(e.TaskExtended, key=late.key, day=hand.days(2, 9))


def moves(hand: Hand, handover: Handover) -> None:
    plan = make_plan(handover, hand.playbook)
    ahead = [m for m in in_turn(plan, hand.playbook) if not m.derived]
    if not ahead:
        raise GivenUpError
    milestone = hand.chance.choice(ahead)
    day = max(milestone.day, hand.today) + timedelta(days=hand.chance.randint(1, 7))
    hand.does(e.MilestoneMoved, key=milestone.key, day=day, why="They are away.")


def tells_absence(hand: Hand, _handover: Handover) -> None:
    ahead = [one for one in hand.me.leaves if one[1] >= hand.today]
    if not ahead:
        raise GivenUpError
    away = tuple(Absence(first=first, last=last) for first, last in ahead[:3])
    hand.does(AwayGiven, away=away)


def sets_rhythm(hand: Hand, _handover: Handover) -> None:
    hand.does(e.RhythmSet, days=hand.chance.choice((7, 14, 30)))


def gives_action(hand: Hand, handover: Handover) -> None:
    _must_lead(hand, handover)
    owner = hand.chance.choice([p for p in (handover.outgoing, handover.incoming) if p])
    fields = {"id": hand.new_id(), "text": "Send the report.", "owner": owner}
    hand.does(e.ActionAdded, **fields, due=hand.days(2, 9))


def leaves_out(hand: Hand, handover: Handover) -> None:
    _must_lead(hand, handover)
    out = handover.schedule.without_outgoing is None
    hand.does(e.CallsArranged, without_outgoing=out)


def reverses(hand: Hand, handover: Handover) -> None:
    _must_lead(hand, handover)
    if not has_switched(handover):
        raise GivenUpError
    hand.does(e.Reversed, why="They asked for it.")


def cares(hand: Hand, handover: Handover) -> None:
    _must_lead(hand, handover)
    if handover.stage is not Stage.COMPLETE:
        raise GivenUpError
    what = {"owner": hand.me.user, "what": "Visit them.", "due": hand.days(3, 10)}
    hand.does(e.AftercareBegun, **what)


def whispers(hand: Hand, handover: Handover) -> None:
    _must_lead(hand, handover)
    gives_word(hand)


def wishes(hand: Hand, _handover: Handover) -> None:
    """To be reminded less often, or not for some days."""
    stop = hand.days(2, 12) if hand.often(0.3) else None
    wanted = Wishes(frequency=hand.chance.choice(list(Frequency)), stopped_until=stop)
    office = hand.bot.offices.of(TEAM)
    assert office is not None
    office.reminding.wish(hand.me.user, wanted)


HABITS: dict[Habit, float] = {
    asks: 3,
    knocks: 3,
    asks_somebody: 3,
    worries: 3,
    pauses: 0.6,
    takes_up: 0.4,
    cancels: 0.15,
    names_another: 0.5,
    names_source: 2,
    tells: 3,
    waives: 6,
    extends: 2,
    moves: 2,
    tells_absence: 4,
    sets_rhythm: 2,
    gives_action: 2,
    leaves_out: 0.5,
    reverses: 0.15,
    cares: 1,
    whispers: 0.5,
    wishes: 2,
}
"""How often each is tried, compared with the others."""


def indulge(hand: Hand) -> str:
    """Do one of them, or try to; its name. Raises FlowError, GivenUpError."""
    handover = hand.handover
    if not may_know(handover, hand.me.user):
        raise GivenUpError
    [habit] = hand.chance.choices(list(HABITS), list(HABITS.values()))
    if is_over(handover) and habit not in {asks, knocks, cares, reverses, wishes}:
        raise GivenUpError
    habit(hand, handover)
    return habit.__name__


def _must_lead(hand: Hand, handover: Handover) -> None:
    if not leads(handover, hand.me.user):
        raise GivenUpError


def _answers(hand: Hand, handover: Handover) -> bool:
    return hand.me.user in handover.interviews
