"""The modals of introductions: how and in which order people are introduced, and one tick."""

from datetime import date
from math import ceil

from bot.ids import Field, Form, Ref
from bot.views import people
from bot.views.blocks import (
    Block,
    Choice,
    context,
    date_picker,
    divider,
    field,
    modal,
    section,
    select,
    text_input,
)
from bot.views.customer.coverage import CHANNELS, STEPS, name_of, role_of
from bot.views.scene import Scene
from bot.views.slack_text import Surface, from_form
from bot.views.state import Values, picked_date, picked_option, typed
from flows.customer.coverage import Covered, coverage
from flows.customer.coverage_events import Intended
from flows.customer.introductions import Channel, Step
from flows.errors import FlowError
from flows.privacy import leads
from flows.terms import Role

ON_A_PAGE = 8
_MOST_PLACE = 999
_ROLES = (Role.OUTGOING, Role.INCOMING, Role.LEADER, Role.BACKUP)
_WHY = "Why is an email enough?"
_HINT = "Everybody on the handover reads it. Only where you choose email for a key stakeholder."


def plan_form(scene: Scene, page: int, under: str) -> Block | None:
    """How those on a page (from 1 on) are introduced; none behind the last page.

    They come as they were listed: an order that changes while it is filled in would skip somebody.
    `under` is the page of stakeholders that stands below.
    """
    found, first = _as_listed(scene), (page - 1) * ON_A_PAGE
    last = max(1, ceil(len(found) / ON_A_PAGE))
    shown = found[first : first + ON_A_PAGE]
    if not shown:
        return None
    where = f" Page {page} of {last}." if last > 1 else ""
    blocks: list[Block] = [context(f"Who comes first has 1; empty: whenever it suits.{where}")]
    channels = [Choice(channel.value, words.capitalize()) for channel, words in CHANNELS.items()]
    for one in shown:
        key, known = one.record.id, one.introduction
        name = name_of(one, scene.names, Surface.PLAIN)
        who = f"*{name_of(one, scene.names, Surface.MRKDWN)}*"
        place = text_input(str(known.place or ""), most=3)
        blocks += [
            section("\n".join(words for words in (who, role_of(scene, one)) if words)),
            field(f"channel:{key}", f"{name}: introduced by", select(channels, one.channel)),
            field(f"place:{key}", f"{name}: place in the order", place, optional=True),
            field(f"email:{key}", f"{name}: email", text_input(one.email, most=254), optional=True),
            divider(),
        ]
    if any(one.mail_refused for one in shown):
        blocks += _leaders_word(scene)
    ref = scene.ref(v=str(page), p=under, n=tuple(one.record.id for one in shown))
    submit = "Save, next page" if page < last else "Save"
    return modal(Form.COVER_PLAN, "Plan introductions", blocks, submit=submit, carried=ref)


def read_plan(values: Values, ref: Ref) -> tuple[dict[str, Intended], str]:
    """What a page says of each of its people, and the leader's reason.

    Raises FlowError `not_a_place` at what is no number from 1 to 999.
    """
    found = {
        key: Intended(
            channel=Channel(picked_option(values, f"channel:{key}")),
            place=_place(values, key),
            email=typed(values, f"email:{key}"),
        )
        for key in ref.n
    }
    return found, from_form(typed(values, Field.TEXT))


def _place(values: Values, key: str) -> int:
    text = typed(values, f"place:{key}")
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= _MOST_PLACE):
        raise FlowError("not_a_place", field=f"place:{key}")
    return int(text)


def page_of(scene: Scene, record: str) -> int:
    """The page of the plan on which somebody stands; the first one for nobody."""
    ids = [one.record.id for one in _as_listed(scene)]
    return ids.index(record) // ON_A_PAGE + 1 if record in ids else 1


def _as_listed(scene: Scene) -> list[Covered]:
    """The stakeholders in the order in which they were added."""
    place = {record.id: number for number, record in enumerate(scene.handover.records)}
    found = coverage(scene.handover, scene.playbook)
    return sorted(found, key=lambda one: place[one.record.id])


def note_form(scene: Scene, one: Covered, under: str) -> Block:
    """One step with whoever did it, its day and its way; `under` as above."""
    steps = [Choice(step.value, STEPS[step]) for step in one.ways]
    channels = [Choice(channel.value, words.capitalize()) for channel, words in CHANNELS.items()]
    who = _people(scene)
    mine = next((choice.value for choice in who if choice.value == scene.viewer), "")
    today = scene.now.date().isoformat()
    blocks: list[Block] = [
        section(f"*{name_of(one, scene.names, Surface.MRKDWN)}*"),
        field(Field.OUTCOME, "What was done?", select(steps, steps[0].value)),
        field(Field.PERSON, "By whom?", select(who, mine)),
        field(Field.ON, "When?", date_picker(today)),
        field(Field.HOW, "How?", select(channels, one.channel)),
    ]
    if one.mail_refused:
        blocks += _leaders_word(scene)
    ref = scene.ref(r=one.record.id, p=under)
    return modal(Form.COVER_NOTE, "Note day and way", blocks, submit="Save", carried=ref)


def read_note(values: Values) -> dict[str, object]:
    """The fields of a StakeholderTicked, as they were filled in."""
    return {
        "step": Step(picked_option(values, Field.OUTCOME)),
        "who": picked_option(values, Field.PERSON),
        "on": date.fromisoformat(picked_date(values, Field.ON)),
        "channel": Channel(picked_option(values, Field.HOW)),
        "why": from_form(typed(values, Field.TEXT)),
    }


def _leaders_word(scene: Scene) -> list[Block]:
    """Where a leader says why a mail is enough (A18); nothing for anybody else."""
    if not leads(scene.handover, scene.viewer):
        return []
    why = text_input(multiline=True, most=1000)
    return [field(Field.TEXT, _WHY, why, hint=_HINT, optional=True)]


def _people(scene: Scene) -> list[Choice]:
    """Everybody who may have done it: whoever works on the handover, on Slack."""
    users = dict.fromkeys(scene.handover.user(role) for role in _ROLES)
    return [Choice(user, people.person(user, scene.names, Surface.PLAIN)) for user in users if user]
