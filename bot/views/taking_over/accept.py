"""The incoming CSM's card: what taking the account over means, and their answer to it."""

from bot.ids import Act
from bot.views import people
from bot.views.blocks import Block, Message, actions, button, context, header, section
from bot.views.dates import day
from bot.views.end import ending
from bot.views.knowledge import card
from bot.views.scene import Scene
from bot.views.schedule.away import away_button, away_line
from bot.views.schedule.plan import short_notice
from bot.views.slack_text import Surface
from bot.views.words import REASONS, SEGMENTS, band
from flows.end.completing import is_over
from flows.handover import Acceptance
from flows.knowledge.interview import roles_answered_by
from flows.known.prefills import may_write_ahead
from flows.tasks import first_dates
from flows.terms import Role

_DATES = {"accept": "Answer by", "pack": "Knowledge pack by", "switch": "You lead by"}


def build(_subject: str, scene: Scene) -> Message | None:
    """The card in the state it is in; whoever was replaced reads just that."""
    title = people.account(scene.handover, scene.names, Surface.PLAIN)
    if scene.viewer != scene.handover.user(Role.INCOMING):
        words = f"Somebody else takes {scene.account} over now. Nothing is left for you to do."
        return Message(words, [header(title), section(words)])
    if is_over(scene.handover):
        words = ending.over(scene)
        return Message(f"{scene.account}. {words}", [header(title), section(words)])
    match scene.handover.acceptance:
        case Acceptance.WAITING:
            return _asked(scene, title)
        case Acceptance.DECLINED:
            leader = people.person(scene.handover.leader, scene.names)
            words = (
                f"You declined {scene.account}. {leader} knows and names somebody else. "
                "Thank you for saying so."
            )
            return Message(words, [header(title), section(words)])
        case Acceptance.ACCEPTED:
            return _accepted(scene, title)


def accept_actions(scene: Scene) -> list[Block]:
    """The three answers."""
    ref = scene.ref()
    return actions(
        [
            button("Accept handover", Act.ACCEPT_YES, ref, "primary"),
            button("Ask first", Act.ACCEPT_ASK, ref),
            button("Decline", Act.ACCEPT_NO, ref),
        ]
    )


def _asked(scene: Scene, title: str) -> Message:
    leader = people.person(scene.handover.leader, scene.names)
    words = f"Will you take {scene.account} over from {scene.outgoing}?"
    hint = f"If you decline, only {leader} reads why."
    quiet = people.kept_quiet(scene.handover, scene.names)
    lines = _facts(scene)
    blocks: list[Block] = [
        header(title),
        section("\n".join([f"*{words}*", *(f"*{label}:* {text}" for label, text in lines)])),
        context(hint, quiet),
        *accept_actions(scene),
    ]
    said = "; ".join(f"{label}: {text}" for label, text in lines)
    return Message(f"{words} {said}. {hint} {quiet}".strip(), blocks)


def _facts(scene: Scene) -> list[tuple[str, str]]:
    handover = scene.handover
    dates = first_dates(handover, scene.playbook)
    found = [
        ("Segment", SEGMENTS[handover.segment]),
        ("Reason", REASONS[handover.reason]),
        ("Annual revenue", band(handover.arr)),
        ("Renewal", day(handover.renewal) if handover.renewal else ""),
        (
            "Your time until the switch",
            f"about {scene.playbook.books.hours[handover.segment]:g} hours",
        ),
        *((label, day(dates[key])) for key, label in _DATES.items()),
        ("Other open handovers you have", str(scene.others.get(scene.viewer, 0) or "none")),
    ]
    return [(label, text) for label, text in found if text]


def _accepted(scene: Scene, title: str) -> Message:
    dates = first_dates(scene.handover, scene.playbook)
    lines = [f"You take {scene.account} over from {scene.outgoing}. Thank you!"]
    questions: list[Block] = []
    done = scene.progress
    if roles_answered_by(scene.handover, scene.viewer) and done.required:
        counts = f"{done.answered} of {done.required} required answered"
        lines.append(f"Your own part: {counts}." if done.complete else _own_part(scene, counts))
        questions = card.interview_actions(scene)
    lines.append(f"Knowledge pack by {day(dates['pack'])}, you lead by {day(dates['switch'])}.")
    if may_write_ahead(scene.handover, scene.playbook, scene.viewer):
        write = button("Write what you already know", Act.AHEAD_OPEN, scene.ref())
        lines.append(f"What you know already helps {scene.outgoing}, who confirms or corrects it.")
        questions = [*questions, *actions([write])]
    notes = [note for note in (away_line(scene), short_notice(scene)) if note]
    blocks: list[Block] = [
        header(title),
        section("\n".join(lines)),
        context(scene.lead, *notes, people.kept_quiet(scene.handover, scene.names)),
        *questions,
        *actions([away_button(scene)]),
    ]
    return Message(" ".join([*lines, *notes, f"{scene.lead}."]), blocks)


def _own_part(scene: Scene, counts: str) -> str:
    return f"Your own part: {counts}, {card.about(scene.progress.minutes_left)} to go."
