"""The modals of the end: waive, sign, complete, pause, cancel, reverse."""

from bot.ids import Field, Form, Ref
from bot.views import people
from bot.views.blocks import (
    TITLE,
    Block,
    Choice,
    context,
    date_picker,
    field,
    modal,
    section,
    select,
    text_input,
)
from bot.views.dates import day
from bot.views.end.ending import OPEN
from bot.views.scene import Scene
from bot.views.slack_text import Surface, from_form, to_form
from bot.views.state import Values, picked_option, typed
from bot.views.texts.letter_text import to_edit
from flows.customer.sending import old_contact_decided
from flows.customer.sending_events import OldContactDecided
from flows.customer.sent import Outcome
from flows.end.completing import signers
from flows.end.endings import Open
from flows.end.following_up import days_after
from flows.schedule.workdays import add_workdays
from flows.texts.composing import composed
from flows.texts.letter_specs import Letter

_MOST, _REST = 1000, 5
_READERS = "Everybody who works on this handover reads it."
_RATINGS = {
    5: "5: all I needed",
    4: "4",
    3: "3: it was enough",
    2: "2",
    1: "1: I had to start anew",
}


def waive_form(_scene: Scene, ref: Ref) -> Block:
    """Why a leader lets point `ref.v` be open."""
    blocks: list[Block] = [
        section(f"*{OPEN[Open(ref.v)].capitalize()}*"),
        field(Field.TEXT, "Why can this stay open?", text_input(multiline=True, most=_MOST)),
        context(f"{_READERS} It stands in the closing message too."),
    ]
    return modal(Form.WAIVE, "Waive", blocks, submit="Waive", carried=ref)


def sign_form(scene: Scene, ref: Ref) -> Block:
    """A signature, for oneself or for whoever cannot (`ref.v`); whoever takes over may rate."""
    party = next((p for p in signers(scene.handover) if ref.v in (p.user, p.name)), None)
    name = people.party(party, scene.names) if party else ""
    words = (
        f"You sign for {name}, because they cannot. It is noted that you did."
        if party
        else f"You confirm that all of {scene.account} that is yours to pass on or to take over is."
    )
    blocks: list[Block] = [section(words)]
    taker = scene.handover.incoming
    if not party and taker and taker.user == scene.viewer:
        ratings = [Choice(str(number), words) for number, words in _RATINGS.items()]
        picker = select(ratings, "", "Choose")
        hint = "Leaders read it in their reports, only together with others'."
        label = "How good was it for you?"
        blocks.append(field(Field.RATING, label, picker, hint=hint, optional=True))
    return modal(Form.SIGN, "Sign", blocks, submit="Sign", carried=ref)


def read_rating(values: Values) -> int | None:
    """From 1 to 5; none where nothing is picked."""
    picked = picked_option(values, Field.RATING)
    return int(picked) if picked else None


def complete_form(scene: Scene, ref: Ref) -> Block:
    """The leader's last word, with what follows from it."""
    visits = days_after(scene.handover, scene.playbook, scene.now.date())
    first = min(visits.values(), default=None)
    follow = f" I ask you to follow up with the customer on {day(first)}." if first else ""
    words = (
        f"{scene.account} is then complete: everybody on it reads so, and nothing in it is changed "
        f"any more.{follow}"
    )
    return modal(
        Form.COMPLETE, "Complete handover", [section(words)], submit="Complete", carried=ref
    )


def pause_form(scene: Scene, ref: Ref) -> Block:
    """Why it rests, and until when."""
    until = add_workdays(scene.now.date(), _REST)
    blocks: list[Block] = [
        field(Field.TEXT, "Why does it rest?", text_input(multiline=True, most=_MOST)),
        field(Field.DAY, "Until when?", date_picker(until.isoformat())),
        context(f"Nothing is asked of anybody until then. {_READERS}"),
    ]
    return modal(Form.PAUSE, "Pause", blocks, submit="Pause", carried=ref)


def cancel_form(scene: Scene, ref: Ref) -> Block:
    """Why it is called off, and what a customer who knows of it hears."""
    told = "heads_up" in scene.handover.schedule.done
    customer = text_input(multiline=True, most=_MOST)
    hint = "What you tell them, or why they need not hear of it."
    blocks: list[Block] = [
        section(f"{scene.account} stays where it is: {scene.lead}."),
        field(Field.TEXT, "Why is it cancelled?", text_input(multiline=True, most=_MOST)),
        *(
            [field(Field.CUSTOMER, "What does the customer hear?", customer, hint=hint)]
            if told
            else []
        ),
        context(f"This cannot be undone. {_READERS}"),
    ]
    return modal(
        Form.CANCEL, "Cancel handover", blocks, submit="Cancel it", close="Keep it", carried=ref
    )


def stay_form(scene: Scene, ref: Ref) -> Block:
    """The customer's wish, in answer to text `ref.p`: whoever looked after them so far stays."""
    handover, book = scene.handover, scene.playbook
    decided = OldContactDecided(at=scene.now, by=scene.viewer, key=ref.p, outcome=Outcome.CANCEL)
    stays = old_contact_decided(handover, decided, book)
    reply = next((c.text for c in composed(stays, book) if c.spec.letter is Letter.REPLY), "")
    why = f"{to_form(handover.account, scene.names)} asks for {_outgoing(scene)}."
    customer = text_input(to_edit(scene, reply)[:_MOST], multiline=True, most=_MOST)
    blocks: list[Block] = [
        section(
            f"{scene.account} stays with {scene.outgoing}, who leads from now on. "
            "The handover is cancelled, and everybody on it reads why."
        ),
        field(Field.TEXT, "Why is it cancelled?", text_input(why, multiline=True, most=_MOST)),
        field(
            Field.CUSTOMER,
            "What does the customer hear?",
            customer,
            hint="You send it; what stands here is your word.",
        ),
        context(f"This cannot be undone. {_READERS}"),
    ]
    known = Ref(h=ref.h, k=ref.p)
    words = f"Cancel it, {_outgoing(scene)} stays"
    submit = words if len(words) <= TITLE else "Cancel it"
    title = "Cancel handover"
    return modal(Form.CANCEL, title, blocks, submit=submit, close="Keep it", carried=known)


def _outgoing(scene: Scene) -> str:
    return people.party(scene.handover.outgoing, scene.names, Surface.PLAIN)


def reverse_form(scene: Scene, ref: Ref) -> Block:
    """Why the outgoing CSM is to lead again."""
    words = (
        f"{scene.outgoing} leads {scene.account} again, and the systems are moved back. What is "
        "known stays; signatures count no more."
    )
    blocks: list[Block] = [
        section(words),
        field(Field.TEXT, "Why?", text_input(multiline=True, most=_MOST)),
        context(_READERS),
    ]
    return modal(Form.REVERSE, "Reverse", blocks, submit="Reverse", close="Keep it", carried=ref)


def read_customer(values: Values) -> str:
    """What the customer hears, in its stored form."""
    return from_form(typed(values, Field.CUSTOMER))
