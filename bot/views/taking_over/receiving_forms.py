"""The modals of taking a pack over: other words, no, what the leader decides, questions back."""

from datetime import date

from bot.ids import Field, Form
from bot.views import people
from bot.views.blocks import (
    OPTIONS,
    Block,
    Choice,
    context,
    date_picker,
    field,
    modal,
    multi_select,
    section,
    select,
    text_input,
    user_select,
)
from bot.views.scene import Scene, quoted
from bot.views.slack_text import Surface, from_form, one_line, to_form
from bot.views.state import (
    Values,
    picked_date,
    picked_option,
    picked_options,
    picked_user,
    typed,
)
from bot.views.taking_over.items import item_text, proposed
from flows.handover import Record
from flows.playbook import Part
from flows.privacy import outgoing_or_leader
from flows.taking_over.reading import can_be_asked
from flows.taking_over.receiving_events import ItemOutcome
from flows.terms import PartKind

_WHY = 1500
OUTCOMES = {
    ItemOutcome.KEEP: "Keep it with the outgoing CSM until a day",
    ItemOutcome.HAND_ON: "Somebody else does it",
    ItemOutcome.CHANGE: "Change it and ask again",
    ItemOutcome.WITHDRAW: "Withdraw it and tell the customer",
}


def propose_form(scene: Scene, item: Record) -> Block:
    """Other words or another date for an item."""
    what, due = _parts(scene, item)
    blocks: list[Block] = [
        context(f"{_voucher(scene)} confirms it or says why not."),
        field(Field.WHAT, what.label, text_input(to_form(item.details[what.key], scene.names))),
    ]
    if due:
        blocks.append(
            field(Field.DUE, due.label, date_picker(item.details.get(due.key, "")), optional=True)
        )
    blocks.append(field(Field.TEXT, "Why?", text_input(multiline=True), optional=True))
    ref = scene.ref(r=item.id)
    return modal(Form.ITEM_PROPOSE, "Renegotiate", blocks, submit="Propose", carried=ref)


def read_proposal(values: Values, scene: Scene, item: Record) -> tuple[dict[str, str], str]:
    """The fields as wished, and why; what the modal did not show is not wished away."""
    what, due = _parts(scene, item)
    wished = {what.key: from_form(typed(values, Field.WHAT))}
    if due:
        wished[due.key] = picked_date(values, Field.DUE)
    return wished, from_form(typed(values, Field.TEXT))


def no_form(scene: Scene, item: Record) -> Block:
    """Why an item cannot be taken over."""
    leader = people.person(scene.handover.leader, scene.names)
    blocks: list[Block] = [
        section(item_text(scene, item)),
        field(Field.TEXT, "Why?", text_input(multiline=True)),
        context(f"{leader} reads this and decides; so can whoever works on the handover."),
    ]
    ref = scene.ref(r=item.id)
    return modal(Form.ITEM_DECLINE, "Decline this", blocks, submit="Decline", carried=ref)


def refuse_form(scene: Scene, item: Record) -> Block:
    """Why a proposal cannot be."""
    leader = people.person(scene.handover.leader, scene.names)
    blocks: list[Block] = [
        section(f"{scene.incoming} proposes: {proposed(scene, item)}"),
        field(Field.TEXT, "Why not?", text_input(multiline=True), optional=True),
        context(f"{leader} decides then."),
    ]
    ref = scene.ref(r=item.id)
    return modal(Form.PROPOSAL_REFUSE, "It can't be changed", blocks, submit="Send", carried=ref)


def settle_form(scene: Scene, item: Record) -> Block:
    """What becomes of a declined item."""
    what, due = _parts(scene, item)
    why = item.decision.why.strip()
    reason = f"\n{quoted(scene.typed(why, _WHY))}" if why else ""
    blocks: list[Block] = [
        section(f"{item_text(scene, item)}{reason}"),
        field(
            Field.OUTCOME,
            "What becomes of it?",
            select([Choice(key.value, words) for key, words in OUTCOMES.items()], "", "Choose"),
        ),
        field(Field.UNTIL, "Until", date_picker(), hint="To keep it where it is.", optional=True),
        field(Field.KEEPER, "Who does it", user_select(), hint="To pass it on.", optional=True),
        field(
            Field.WHAT,
            f"{what.label}: in other words",
            text_input(to_form(item.details[what.key], scene.names)),
            hint="To change it.",
            optional=True,
        ),
    ]
    if due:
        day = date_picker(item.details.get(due.key, ""))
        blocks.append(field(Field.DUE, due.label, day, hint="To change it.", optional=True))
    ref = scene.ref(r=item.id)
    return modal(Form.ITEM_SETTLE, "Decide", blocks, submit="Decide", carried=ref)


def read_outcome(values: Values) -> ItemOutcome | None:
    """What the leader picked; none when it is nothing of ours."""
    picked = picked_option(values, Field.OUTCOME)
    return ItemOutcome(picked) if picked in set(ItemOutcome) else None


def read_until(values: Values) -> date | None:
    """Until when it stays."""
    day = picked_date(values, Field.UNTIL)
    return date.fromisoformat(day) if day else None


def read_keeper(values: Values) -> str:
    """Who was picked."""
    return picked_user(values, Field.KEEPER)


def return_form(scene: Scene) -> Block:
    """Which answers to ask about again, and what is wanted."""
    handover, playbook = scene.handover, scene.playbook
    choices = [
        Choice(key, one_line(playbook.by_id[key].text, Surface.PLAIN, scene.names))
        for key in can_be_asked(handover, playbook)[:OPTIONS]
    ]
    blocks: list[Block] = [
        field(Field.QUESTIONS, "About which answers?", multi_select(choices, "Pick answers")),
        field(Field.TEXT, "What would you like to know?", text_input(multiline=True)),
        context(f"{scene.outgoing} gets these questions again; what was said stays."),
    ]
    title = "Ask before accepting"
    return modal(Form.PACK_RETURN, title, blocks, submit="Ask", carried=scene.ref())


def read_return(values: Values) -> tuple[tuple[str, ...], str]:
    """The questions picked, and the text in its stored form."""
    return picked_options(values, Field.QUESTIONS), from_form(typed(values, Field.TEXT))


def ask_about_form(scene: Scene, question: str, asked: str) -> Block:
    """A question about one answer; `asked` is the escaped name of whoever gets it."""
    about = scene.typed(scene.playbook.by_id[question].text)
    blocks: list[Block] = [
        context(f"About: {about}"),
        field(Field.TEXT, "Your question", text_input(multiline=True)),
        context(f"It goes to {asked}. The answer comes to you here and joins the pack."),
    ]
    ref = scene.ref(q=question)
    return modal(Form.READ_ASK, "Ask about this", blocks, submit="Ask", carried=ref)


def _parts(scene: Scene, item: Record) -> tuple[Part, Part | None]:
    """The title of an item and its day, as the playbook describes them."""
    fields = scene.playbook.specs[item.kind].fields
    due = next((p for p in fields if (p.key, p.kind) == ("due", PartKind.DATE)), None)
    return fields[0], due


def _voucher(scene: Scene) -> str:
    return people.person(outgoing_or_leader(scene.handover), scene.names)
