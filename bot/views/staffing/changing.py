"""The modals in which a leader changes dates, leader and backup, or names who leads in between."""

from datetime import date

from bot.ids import Field, Form, Ref
from bot.views import people
from bot.views.blocks import (
    Block,
    Choice,
    context,
    date_picker,
    field,
    fitted,
    modal,
    section,
    select,
    text_input,
    user_select,
)
from bot.views.dates import day
from bot.views.scene import Scene
from bot.views.slack_text import Surface, from_form
from bot.views.state import Values, picked_date, picked_option, picked_user, typed
from bot.views.words import DATE_IS
from flows.handover import Handover
from flows.schedule.timeline import message_approved
from flows.schedule.workdays import add_workdays
from flows.staffing.changing import Moved, proposed_interim, what_moves
from flows.terms import DateIs
from flows.texts.letter_specs import Letter

_READERS = "Everybody on the handover reads it."
_MOST, _LINES, _STANDS_IN = 1000, 2500, 20
_ALONG = "Tasks, reminders and calendar invitations go along."
_AGAIN = "The dates in the customer's texts go along too; only the timeline is approved again."
_KNOWS = "The customer knows the old dates: the timeline tells them the new ones."


def dates_form(scene: Scene, ref: Ref) -> Block:
    """Which day everything is counted to; `ref.v` is a day (ISO) that somebody proposes."""
    handover = scene.handover
    kinds = [Choice(kind.value, label) for kind, label in DATE_IS.items()]
    leaves = DateIs.LAST_DAY if ref.v else handover.day_is
    blocks: list[Block] = [
        field(Field.DAY, "Date", date_picker(ref.v or handover.day.isoformat())),
        field(Field.DAY_IS, "The date is", select(kinds, leaves)),
        context("Nothing moves yet: next you see what would."),
    ]
    return modal(Form.DATES, "Change dates", blocks, submit="Next", carried=scene.ref())


def read_dates(values: Values) -> tuple[date | None, DateIs | None]:
    """The day and what it means; none where nothing is picked."""
    picked, kind = picked_date(values, Field.DAY), picked_option(values, Field.DAY_IS)
    return date.fromisoformat(picked) if picked else None, DateIs(kind) if kind else None


def dates_sure_form(scene: Scene, after: Handover) -> Block:
    """What moves, before it does; it carries the day and what it means."""
    before = scene.handover
    same = (before.day, before.day_is) == (after.day, after.day_is)
    first = f"*{DATE_IS[after.day_is]}: {day(after.day)}*"
    was = (
        "stays as it is" if same else f"before: {DATE_IS[before.day_is].lower()} {day(before.day)}"
    )
    moved = what_moves(before, after, scene.playbook)
    lines = [_moved(scene, one) for one in moved] or ["No step of the plan moves."]
    notes = [] if same else [_ALONG]
    if message_approved(before) and not same:
        notes.append(_AGAIN)
        notes += [_KNOWS] if before.sending.of(Letter.HEADS_UP) else []
    blocks: list[Block] = [
        section(f"{first} · {was}"),
        section(fitted(lines, _LINES)),
        *([context(*notes)] if notes else []),
        _why(),
    ]
    ref = scene.ref(v=after.day.isoformat(), k=after.day_is)
    return modal(
        Form.DATES_SURE, "What moves", blocks, submit="Change dates", close="Back", carried=ref
    )


def leader_form(scene: Scene, leaders: tuple[str, ...]) -> Block:
    """Who leads this handover, and who stands in for them; `leaders` are the listed ones."""
    handover = scene.handover
    csms = {party.user for party in (handover.outgoing, handover.incoming) if party}
    choices = [
        Choice(user, people.person(user, scene.names, Surface.PLAIN))
        for user in dict.fromkeys([*leaders, handover.leader])
        if user not in csms
    ]
    notes = (
        "Whoever you pick can open Leader's checks of this handover from then on, and is asked "
        "what a leader decides. The former leader reads no more of it, unless they started it."
    )
    hint = "Stands in for the leader."
    backup = user_select(handover.backup or "")
    blocks: list[Block] = [
        field(Field.LEADER, "Leader", select(choices, handover.leader)),
        field(Field.BACKUP, "Backup", backup, hint=hint, optional=True),
        _why(),
        context(notes, "An admin lists leaders in /handover settings."),
    ]
    ref = scene.ref()
    return modal(Form.LEADER, "Change leader", blocks, submit="Change leader", carried=ref)


def interim_form(scene: Scene) -> Block:
    """Who leads until somebody has taken over, and until when."""
    handover = scene.handover
    known, start = handover.changes.interim, max(handover.day, scene.now.date())
    until = known.until if known else add_workdays(start, _STANDS_IN)
    who = known.user if known else proposed_interim(handover)
    words = (
        f"Nobody has taken {scene.account} over yet. If that is still so on {day(handover.day)}, "
        "this colleague leads from then on, and the heads-up says so to the customer."
    )
    blocks: list[Block] = [
        section(words),
        field(Field.PERSON, "Who leads until then?", user_select(who)),
        field(Field.UNTIL, "Until when?", date_picker(until.isoformat())),
        context("They are told now, and can read the pack."),
    ]
    title = "Name an interim lead"
    return modal(Form.INTERIM, title, blocks, submit="Name and tell", carried=scene.ref())


def read_interim(values: Values) -> tuple[str, date | None]:
    """Whom, by Slack id, and until when; empty and none where nothing is picked."""
    picked = picked_date(values, Field.UNTIL)
    return picked_user(values, Field.PERSON), date.fromisoformat(picked) if picked else None


def read_leader(values: Values) -> tuple[str, str]:
    """The leader and the backup, by Slack id; empty where nobody is picked."""
    return picked_option(values, Field.LEADER), picked_user(values, Field.BACKUP)


def read_why(values: Values) -> str:
    """Why, in its stored form."""
    return from_form(typed(values, Field.TEXT))


def _why() -> Block:
    why = text_input(multiline=True, most=_MOST)
    return field(Field.TEXT, "Why?", why, hint=_READERS, optional=True)


def _moved(scene: Scene, one: Moved) -> str:
    title = scene.typed(one.title, 100)
    if one.now is None:
        return f"• {title}: not in the plan any more"
    if one.was is None:
        return f"• {title}: new, {day(one.now)}"
    return f"• {title}: {day(one.was)} → {day(one.now)}"
