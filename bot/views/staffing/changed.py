"""What people read when dates or people changed, and what changed so far."""

from collections.abc import Iterator
from datetime import date

from bot.ids import Act
from bot.views import people
from bot.views.blocks import Block, Element, Message, actions, button, context, fitted, section
from bot.views.dates import day
from bot.views.scene import Scene
from bot.views.schedule.calls import title_of
from bot.views.slack_text import Surface
from bot.views.staffing.guests import guests_button
from bot.views.words import DATE_IS, ROLES
from flows.end.completing import is_over
from flows.frozen import Moment
from flows.handover import Stage
from flows.happened import CLOCK
from flows.privacy import leads, may_know, may_read_sensitive
from flows.schedule.calls import calls, is_stale
from flows.side_by_side.lead import has_switched
from flows.staffing.changes import DatesChange, PersonChange
from flows.staffing.changing import lacks_interim, told_last_day
from flows.terms import Role

_WHY, _HISTORY, _INVITATIONS = 600, 2000, 5
_ALONG = "Tasks, reminders and the plan follow the new date."


def build_dates(subject: str, scene: Scene) -> Message | None:
    """Other dates, to everybody else; once they changed again, it says only that."""
    known, number = scene.handover.changes.dates, _number(subject)
    if not (1 <= number <= len(known) and may_know(scene.handover, scene.viewer)):
        return None
    if number < len(known):
        words = f"{scene.account}: the dates have changed again since; {_dates_now(scene)}."
        return Message(words, [section(words)])
    change = known[number - 1]
    first = f"{scene.account}: {_became(change)}."
    notes = [_said(scene, change.by, change.why), _ALONG]
    mine = list(_stale(scene))
    if mine:
        notes.append("Your calendar still has the old day: fetch the update below.")
    plan = button("Show the plan", Act.PLAN_SHOW, scene.ref())
    blocks = [section(f"*{first}*"), context(*notes), *actions([plan, *mine])]
    return Message(" ".join([first, *notes]), blocks)


def build_person(subject: str, scene: Scene) -> Message | None:
    """Another leader, or who leads in between, to everybody else."""
    known, number = scene.handover.changes.people, _number(subject)
    if not (1 <= number <= len(known) and may_know(scene.handover, scene.viewer)):
        return None
    change = known[number - 1]
    if change.role is Role.INTERIM:
        return _interim(scene)
    who, before = _name(scene, change.now), _name(scene, change.was)
    first = f"{scene.account}: {who} leads this handover from now on, before: {before}."
    notes = [_said(scene, change.by, change.why) if change.by != CLOCK else ""]
    notes.append(f"What you ask the leader goes to {who}.")
    shown = [words for words in notes if words]
    return Message(" ".join([first, *shown]), [section(f"*{first}*"), context(*shown)])


def build_last_day(subject: str, scene: Scene) -> Message | None:
    """Another last working day than the plan is counted to, to the leader who decides."""
    handover = scene.handover
    if not leads(handover, scene.viewer):
        return None
    told = told_last_day(handover, scene.playbook)
    if told is None or told.day.isoformat() != subject or is_over(handover):
        words = f"{scene.account}: {_dates_now(scene)}."
        return Message(words, [section(words)])
    words = (
        f"{scene.account}: {scene.outgoing} says that {day(told.day)} is their last working day. "
        f"The plan counts to {day(handover.day)}."
    )
    asks = "Do the dates move? You see what would move before it does."
    ref = scene.ref(v=told.day.isoformat())
    kept = scene.ref(v=handover.day.isoformat())
    ways = actions(
        [
            button("Change dates", Act.DATES_CHANGE, ref, "primary"),
            button(f"Keep {day(handover.day)}", Act.DATES_KEEP, kept),
        ]
    )
    return Message(f"{words} {asks}", [section(words), context(asks), *ways])


def ways(scene: Scene) -> list[Block]:
    """What a leader can change about dates and people, from where the handover is shown."""
    handover, ref = scene.handover, scene.ref()
    if not leads(handover, scene.viewer) or handover.example:
        return []
    if handover.stage not in {Stage.IN_FLIGHT, Stage.COMPLETE, Stage.CANCELLED}:
        return []
    leader = button("Change leader", Act.LEADER_CHANGE, ref)
    if is_over(handover):
        return actions([leader])
    named = handover.incoming is not None and not has_switched(handover)
    return actions(
        [
            button("Change dates", Act.DATES_CHANGE, ref),
            leader,
            button("Change incoming CSM", Act.INCOMING_NAME.of("other"), ref) if named else None,
            interim_button(scene),
            guests_button(scene),
        ]
    )


def interim_button(scene: Scene) -> Element | None:
    """Names who leads in between, where nobody has taken over."""
    interim = scene.handover.changes.interim
    if not (lacks_interim(scene.handover) or interim) or has_switched(scene.handover):
        return None
    return button("Name an interim lead", Act.INTERIM_NAME, scene.ref())


def history(scene: Scene) -> list[Block]:
    """What changed since the start, newest last; nothing where nothing did."""
    changes = scene.handover.changes
    lines = [(one.at, _dates_line(scene, one)) for one in changes.dates if one.moves]
    lines += [(one.at, _person_line(scene, one)) for one in changes.people]
    if not lines:
        return []
    said = [line for _, line in sorted(lines, key=lambda one: one[0])]
    return [section(f"*What changed*\n{fitted(said, _HISTORY)}")]


def _interim(scene: Scene) -> Message:
    interim = scene.handover.changes.interim
    if interim is None:
        words = f"{scene.account}: {scene.lead}."
        return Message(words, [section(words)])
    mine = interim.user == scene.viewer
    who = "you lead" if mine else f"{people.person(interim.user, scene.names)} leads"
    first = (
        f"{scene.account}: if nobody has taken over by {day(scene.handover.day)}, {who}, "
        f"until {day(interim.until)}."
    )
    note = f"Named by {scene.name(interim.by)}. {scene.lead}."
    reads = may_read_sensitive(scene.handover, scene.viewer) and mine
    brief = button("Show the brief", Act.CARD_BRIEF, scene.ref()) if reads else None
    plan = button("Show the plan", Act.PLAN_SHOW, scene.ref()) if mine else None
    blocks = [section(f"*{first}*"), context(note), *actions([brief, plan])]
    return Message(f"{first} {note}", blocks)


def _stale(scene: Scene) -> Iterator[Element]:
    """The invitations that the reader has in their calendar with an older day."""
    if not may_read_sensitive(scene.handover, scene.viewer):
        return
    found = calls(scene.handover, scene.playbook)
    mine = [call for call in found if is_stale(scene.handover, call, scene.viewer)]
    for call in mine[:_INVITATIONS]:
        label = f"Invitation: {title_of(scene, call, Surface.PLAIN)}"
        yield button(label, Act.CALL_FILE.of(call.key), scene.ref(r=call.key))


def _became(change: DatesChange) -> str:
    before = day(change.was)
    if change.was_is is not change.now_is:
        before = f"{DATE_IS[change.was_is].lower()} {before}"
    return f"{DATE_IS[change.now_is].lower()} is now {day(change.now)}, before: {before}"


def _dates_now(scene: Scene) -> str:
    return f"{DATE_IS[scene.handover.day_is].lower()} {day(scene.handover.day)}"


def _dates_line(scene: Scene, change: DatesChange) -> str:
    why = _short(scene, change.why)
    who = people.person(change.by, scene.names)
    return f"• {day(_local(scene, change.at))}, {who}: {_became(change)}{why}"


def _person_line(scene: Scene, change: PersonChange) -> str:
    on, role = day(_local(scene, change.at)), ROLES[change.role]
    by = "" if change.by == CLOCK else f", {people.person(change.by, scene.names)}"
    why = _short(scene, change.why)
    if not change.now:
        return f"• {on}{by}: {_name(scene, change.was)} is not {role} any more{why}"
    before = f", before: {_name(scene, change.was)}" if change.was else ""
    return f"• {on}{by}: {role} is now {_name(scene, change.now)}{before}{why}"


def _said(scene: Scene, by: str, why: str) -> str:
    who = scene.name(by)
    return f"Changed by {who}{_short(scene, why)}."


def _short(scene: Scene, why: str) -> str:
    return f": {scene.typed(' '.join(why.split()), _WHY)}" if why else ""


def _name(scene: Scene, who: str) -> str:
    return people.lead_name(scene.handover, who, scene.names, Surface.MRKDWN) if who else "nobody"


def _local(scene: Scene, at: Moment) -> date:
    return at.astimezone(scene.now.tzinfo).date()


def _number(subject: str) -> int:
    return int(subject) if subject.isdecimal() else 0
