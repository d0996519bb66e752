"""The leader's message about a handover: what it is, who knows, and what only a leader can do."""

from bot.ids import Act
from bot.views import people, standing
from bot.views.blocks import Block, Message, actions, button, context, header, section
from bot.views.dates import day, moment
from bot.views.end import ending
from bot.views.scene import Scene
from bot.views.schedule.away import away_button, away_line
from bot.views.schedule.plan import plan_line
from bot.views.slack_text import Surface
from bot.views.staffing import changed, guests
from bot.views.words import DATE_IS, REASONS, ROLES, SEGMENTS, stage
from flows.end.completing import is_over
from flows.handover import Acceptance, Handover, Stage, When
from flows.knowledge.interview import BRIEF_FROM, answers_so_far, progress
from flows.privacy import leads, may_know
from flows.terms import Role

_YOURS = "You lead this handover. I write to you when it needs you."
_LED = "You lead this handover, and it is over."
_CHECKS = "Leader's checks are for what only leaders should know; a look and Save is enough."
_TOLD = (Role.OUTGOING, Role.INCOMING)


def build(_subject: str, scene: Scene) -> Message | None:
    """The notice; nothing for whoever does not lead here (any more)."""
    if not leads(scene.handover, scene.viewer):
        return None
    title = f"Handover: {people.account(scene.handover, scene.names, Surface.PLAIN)}"
    # How far it is changes with every answer, the notice does not: /handover show tells that.
    over = is_over(scene.handover)
    planned = [] if over else [plan_line(scene)]
    lines = [*_what_it_is(scene), *planned, *ending.lines(scene), *tellings(scene)]
    lines.append(checks_line(scene))
    yours, notes = (_LED, []) if over else (_YOURS, [_CHECKS, away_line(scene)])
    blocks: list[Block] = [
        header(title),
        section("\n".join([yours, *(f"*{label}:* {words}" for label, words in lines)])),
        *([context(*notes)] if notes else []),
        *leader_actions(scene, brief=True),
        *changed.ways(scene),
        *(ending.ways(scene) if over else []),
    ]
    said = "; ".join(f"{label}: {words}" for label, words in lines)
    more = f" {_CHECKS}" if notes else ""
    return Message(f"Handover: {scene.account}. {yours} {said}.{more}", blocks)


def facts(scene: Scene) -> list[tuple[str, str]]:
    """What anybody who takes part may know, as label and words."""
    if scene.handover.stage is Stage.DRAFT:
        return _what_it_is(scene)
    done = progress(scene.handover, scene.playbook, Role.OUTGOING)
    counts = f"{done.answered} of {done.required} required answered"
    return [
        *_what_it_is(scene),
        *guests.fact(scene),
        ("Progress", counts),
        *standing.facts(scene),
    ]


def _what_it_is(scene: Scene) -> list[tuple[str, str]]:
    handover = scene.handover
    label, lead = scene.lead.split(": ", 1)
    return [
        ("From", scene.outgoing + (" (already gone)" if handover.outgoing.gone else "")),
        ("To", acceptance(scene)),
        ("Segment", SEGMENTS[handover.segment]),
        ("Reason", REASONS[handover.reason]),
        (DATE_IS[handover.day_is], day(handover.day)),
        ("Stage", stage(handover, scene.playbook)),
        *([] if handover.stage is Stage.DRAFT else [(label, lead)]),
    ]


def acceptance(scene: Scene) -> str:
    """The incoming CSM and what they said to it."""
    handover = scene.handover
    if handover.incoming is None:
        return "not named yet"
    words = {
        Acceptance.WAITING: "has not answered yet",
        Acceptance.ACCEPTED: "accepted",
        Acceptance.DECLINED: "can't take it over",
    }
    if handover.acceptance is Acceptance.WAITING and not _knows(handover, Role.INCOMING):
        return f"{scene.incoming} (not asked yet)"
    return f"{scene.incoming} ({words[handover.acceptance]})"


def tellings(scene: Scene) -> list[tuple[str, str]]:
    """Who does not know of the handover yet, and when they will."""
    found = []
    for role in _TOLD:
        if not scene.handover.user(role) or _knows(scene.handover, role):
            continue
        telling = scene.handover.tellings.get(role)
        words = "not through the bot"
        if telling and telling.when is When.LATER and telling.at:
            words = f"will be told on {moment(telling.at, scene.now)}"
        found.append((f"The {ROLES[role]}", words))
    return found


def checks_line(scene: Scene) -> tuple[str, str]:
    """Leader's checks are on every handover and say only whether they are done."""
    return ("Leader's checks", "done" if scene.vault.checked_at else "open")


def leader_actions(scene: Scene, *, brief: bool = False) -> list[Block]:
    """What a leader can do; `brief` where no other button opens it."""
    handover, ref = scene.handover, scene.ref()
    nobody = handover.incoming is None or handover.acceptance is Acceptance.DECLINED
    started = handover.stage is not Stage.DRAFT
    shown = brief and answers_so_far(handover) >= BRIEF_FROM
    if is_over(handover):
        checks = button("Open Leader's checks", Act.CHECKS_OPEN, ref)
        return actions([button("Show the brief", Act.CARD_BRIEF, ref) if shown else None, checks])
    tell = [
        button(
            f"Tell {people.role_holder(handover, role, scene.names, Surface.PLAIN)} now",
            Act.TELL_NOW.of(role),
            scene.ref(v=role),
        )
        for role in _TOLD
        if handover.user(role) and not _knows(handover, role)
    ]
    return actions(
        [
            button("Name the incoming CSM", Act.INCOMING_NAME, ref, "primary") if nobody else None,
            button("Ask somebody else", Act.SOURCE_NAME, ref) if cannot_answer(handover) else None,
            button("Show the brief", Act.CARD_BRIEF, ref) if shown else None,
            button("Show the plan", Act.PLAN_SHOW, ref) if brief else None,
            button("Open Leader's checks", Act.CHECKS_OPEN, ref),
            away_button(scene),
            button("Add an action", Act.ACTION_ADD, ref) if started else None,
            *tell,
        ]
    )


def cannot_answer(handover: Handover) -> bool:
    """Whether the outgoing CSM is out of reach, so that others have to tell."""
    return handover.stage is not Stage.DRAFT and not handover.outgoing.reachable


def _knows(handover: Handover, role: Role) -> bool:
    user = handover.user(role)
    return bool(user and may_know(handover, user))
