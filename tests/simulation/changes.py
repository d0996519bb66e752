"""How somebody does what comes up when people and dates change, and in the weekly check-in."""

from datetime import date, timedelta

from flows import events as e
from flows.terms import DateIs, Role
from tests.simulation.hand import Hand


def check_in(hand: Hand, subject: str) -> None:
    help_wanted = "Somebody to take two calls." if hand.often(0.2) else ""
    hand.does(e.CheckedIn, week=int(subject), needs_help=bool(help_wanted), help=help_wanted)


def kit(hand: Hand, subject: str) -> None:
    hand.does(e.KitTicked, item=subject)


def lead_meeting(hand: Hand, subject: str) -> None:
    """Somebody leads earlier, or the meeting is later: here it goes to a day on which somebody is
    there, and the leader may insist on it.
    """
    moved = {"key": subject, "day": hand.days(6, 12), "why": "Nobody would be there."}
    hand.does(e.MilestoneMoved, **moved, insist=hand.often(0.5))


def name_interim(hand: Hand, _subject: str) -> None:
    until = hand.days(10, 20)
    hand.does(e.InterimNamed, person=hand.somebody(), until=until)


def tell_incoming(hand: Hand, _subject: str) -> None:
    """The incoming CSM hears of it through the bot after all, or it is somebody else's."""
    if hand.often(0.6):
        hand.does(e.Told, role=Role.INCOMING)
    else:
        hand.does(e.IncomingNamed, incoming=hand.somebody(), no_text_because="They never met.")


def tell_outgoing(hand: Hand, _subject: str) -> None:
    hand.does(e.Told, role=Role.OUTGOING)


def move_dates(hand: Hand, subject: str) -> None:
    """The leader takes the day that the outgoing CSM told, or keeps the one that was planned."""
    told = date.fromisoformat(subject)
    handover = hand.handover
    is_ahead = told > hand.today + timedelta(days=1)
    day, day_is = (told, DateIs.LAST_DAY) if is_ahead else (handover.day, handover.day_is)
    hand.does(e.DatesChanged, today=hand.today, day=day, day_is=day_is)
