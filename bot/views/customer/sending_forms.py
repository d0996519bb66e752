"""The modals of sending: what was sent when and how, and what the customer said to it."""

from datetime import date

from bot.ids import Field, Form
from bot.views import people
from bot.views.blocks import (
    Block,
    Choice,
    Element,
    checkboxes,
    context,
    date_picker,
    field,
    modal,
    multi_select,
    section,
    select,
    text_input,
)
from bot.views.customer.customer_said import name_of, recipients, title_of
from bot.views.dates import day
from bot.views.scene import Scene
from bot.views.slack_text import Surface, from_form, one_line
from bot.views.state import Values, picked_date, picked_option, picked_options, typed
from flows.customer.sent import Outcome, Sent, Way
from flows.customer.to_send import needs_call
from flows.privacy import leads
from flows.saying import Kind
from flows.schedule.milestones import Track
from flows.schedule.timeline import make_plan
from flows.schedule.workdays import add_workdays
from flows.texts.letter_specs import LetterSpec, Medium

_INSIST = "insist"
_WAYS = {
    Way.MAIL: "Mail",
    Way.CALL: "Call",
    Way.MEETING: "Meeting",
    Way.CHANNEL: "Shared channel",
}
_MOST = 1000


def sent_form(scene: Scene, spec: LetterSpec, version: int) -> Block:
    """When a text was sent, how, and to whom; a leader may say why a mail was enough."""
    called = spec.medium is Medium.CALL or needs_call(scene.handover, spec.letter)
    usual = Way.CALL if called else Way.MAIL
    blocks: list[Block] = [
        section(f"{scene.account}: {title_of(scene, spec.key)}"),
        field(Field.ON, "On which day?", date_picker(scene.now.date().isoformat())),
        field(Field.HOW, "How?", select([Choice(w.value, _WAYS[w]) for w in Way], usual)),
        *_to(scene, "Whom did it reach?", "Leave it empty where nobody is to be named."),
    ]
    if needs_call(scene.handover, spec.letter) and leads(scene.handover, scene.viewer):
        why = text_input(multiline=True, most=_MOST)
        hint = "Only for a mail: this customer is introduced on a call. It is kept."
        blocks.append(field(Field.TEXT, "Why by mail?", why, hint=hint, optional=True))
    ref = scene.ref(p=spec.key, v=str(version))
    return modal(Form.LETTER_SENT, "Mark as sent", blocks, submit="Mark as sent", carried=ref)


def read_sent(values: Values) -> tuple[date | None, Way | None, tuple[str, ...], str]:
    """The day and the way, none where none was picked, who it reached, and why by mail."""
    on, way = picked_date(values, Field.ON), picked_option(values, Field.HOW)
    return (
        date.fromisoformat(on) if on else None,
        Way(way) if way in set(Way) else None,
        picked_options(values, Field.TO),
        from_form(typed(values, Field.TEXT)),
    )


def copy_form(scene: Scene, spec: LetterSpec, version: int, kind: Kind) -> Block:
    """Whom a text is to name, one for each: as a message to be copied, or as a file to mail."""
    mail = kind is Kind.CUSTOMER_MAIL
    hint = "Each gets one of their own, with the name in it."
    blocks = [section(title_of(scene, spec.key)), *_to(scene, "To whom?", hint)]
    ref = scene.ref(p=spec.key, v=str(version), k=kind)
    title, submit = ("Mail file", "Make the file") if mail else ("Copy for customer", "Make a copy")
    return modal(Form.LETTER_COPY, title, blocks, submit=submit, carried=ref)


def read_to(values: Values) -> tuple[str, ...]:
    """The records of whoever was picked."""
    return picked_options(values, Field.TO)


def agreed_form(scene: Scene, sent: Sent, marks: str) -> Block:
    """Who of the customer agreed to the plan, and when (G26)."""
    known = [name_of(scene, one, Surface.PLAIN) for one in recipients(scene.handover)]
    who = text_input(known[0] if len(known) == 1 else "", most=200)
    blocks: list[Block] = [
        section(f"{scene.account} is fine with it: that settles the dates."),
        field(Field.WHOM, "Who agreed?", who),
        field(Field.ON, "On which day?", date_picker(scene.now.date().isoformat())),
    ]
    ref = scene.ref(p=sent.key, v=marks)
    return modal(Form.CUSTOMER_AGREED, "Customer is fine", blocks, submit="Save", carried=ref)


def date_form(scene: Scene, sent: Sent, marks: str) -> Block:
    """Which step the customer wants on another day."""
    plan = make_plan(scene.handover, scene.playbook)
    steps = [
        Choice(m.key, f"{one_line(m.title, Surface.PLAIN, scene.names, 50)} · {day(m.day)}")
        for m in plan.milestones
        if m.track is Track.CUSTOMER and not m.done
    ]
    blocks: list[Block] = [
        field(Field.MILESTONE, "Which step?", select(steps, placeholder="Pick a step")),
        field(Field.DAY, "On which day?", date_picker()),
        context("What depends on it moves along, and the leader approves the new dates."),
    ]
    if leads(scene.handover, scene.viewer):
        label = "Set it even if a distance gets too short?"
        box = checkboxes([Choice(_INSIST, "Yes; I say why below")], [])
        why = text_input(multiline=True, most=_MOST)
        blocks += [
            field(Field.INSIST, label, box, optional=True),
            field(Field.TEXT, "Why?", why, optional=True),
        ]
    ref = scene.ref(p=sent.key, v=marks)
    return modal(Form.CUSTOMER_DATE, "Another date", blocks, submit="Set date", carried=ref)


def read_date(values: Values) -> dict[str, object]:
    """What the form says, as fields of CustomerAnswered."""
    on = picked_date(values, Field.DAY)
    return {
        "milestone": picked_option(values, Field.MILESTONE),
        "on": date.fromisoformat(on) if on else None,
        "insist": _INSIST in picked_options(values, Field.INSIST),
        "why": from_form(typed(values, Field.TEXT)),
    }


def talk_form(scene: Scene, sent: Sent, marks: str) -> Block:
    """By when a leader talks to the customer."""
    leader = people.person(scene.handover.leader, scene.names)
    soon = add_workdays(scene.now.date(), 1).isoformat()
    blocks: list[Block] = [
        section(f"{leader} gets a task for this, and what they could say is drafted."),
        field(Field.ON, "By when?", date_picker(soon)),
    ]
    ref = scene.ref(p=sent.key, v=marks)
    title = "Wants a leader"
    return modal(Form.CUSTOMER_TALK, title, blocks, submit="Ask the leader", carried=ref)


def read_who_and_when(values: Values) -> tuple[str, date | None]:
    """Who agreed, in the stored form, and a day, none where nothing was picked."""
    on = picked_date(values, Field.ON)
    return from_form(typed(values, Field.WHOM)), date.fromisoformat(on) if on else None


def decide_form(scene: Scene, key: str) -> Block:
    """What becomes of a customer who asks for whoever looked after them so far."""
    outgoing = people.party(scene.handover.outgoing, scene.names, Surface.PLAIN)
    choices = [
        Choice(Outcome.KEEP, f"{outgoing} stays until a day"),
        Choice(Outcome.HELPER, f"{outgoing} stays as a named helper"),
        Choice(Outcome.CANCEL, f"{outgoing} stays for good"),
        Choice(Outcome.GO_ON, "It goes on as planned"),
    ]
    blocks: list[Block] = [
        section(f"{scene.account} asks for {scene.outgoing}."),
        field(Field.OUTCOME, "What do you decide?", select(choices, placeholder="Choose")),
        field(
            Field.UNTIL,
            "Until when?",
            date_picker(),
            hint="For one who stays until a day: the lead switches on it. A helper may have one.",
            optional=True,
        ),
        context("A reply is drafted for your approval; you send it."),
    ]
    ref = scene.ref(p=key)
    return modal(Form.CONTACT_DECIDE, "Decide", blocks, submit="Decide", carried=ref)


def read_decided(values: Values) -> tuple[Outcome | None, date | None]:
    """The outcome, none where nothing of ours was picked, and the day."""
    picked, until = picked_option(values, Field.OUTCOME), picked_date(values, Field.UNTIL)
    outcome = Outcome(picked) if picked in set(Outcome) else None
    return outcome, date.fromisoformat(until) if until else None


def _to(scene: Scene, label: str, hint: str) -> list[Block]:
    """A menu of the customer's people, where there are any."""
    known = [
        Choice(record.id, name_of(scene, record, Surface.PLAIN))
        for record in recipients(scene.handover)
    ]
    menu: Element = multi_select(known, "Pick people")
    return [field(Field.TO, label, menu, hint=hint, optional=True)] if known else []
