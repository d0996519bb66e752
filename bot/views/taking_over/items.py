"""Promises and issues as cards: what each is, how it stands, and whose word it waits for."""

from bot.ids import Act
from bot.views import people
from bot.views.blocks import Block, Element, Message, actions, button, section
from bot.views.dates import day
from bot.views.knowledge.question_parts import title
from bot.views.scene import Scene, quoted
from bot.views.slack_text import Surface
from bot.views.words import value
from flows.handover import Record, Standing
from flows.privacy import leads, outgoing_or_leader
from flows.taking_over.items import LEADERS_WORD, due_day, items, owner

DONE, DECIDED = "done", "decided"
"""What a button opens again."""
_DETAIL = 300
_WHY = 900


def item_blocks(scene: Scene, item: Record) -> list[Block]:
    """An item for the incoming CSM, with what they can say to it now."""
    return [section(item_text(scene, item)), *actions(_answers(scene, item))]


def item_text(scene: Scene, item: Record) -> str:
    """An item in three lines: what, its details, how it stands."""
    spec = scene.playbook.specs[item.kind]
    details = [
        f"{part.label}: {value(part, item.details[part.key], scene.names, Surface.MRKDWN, _DETAIL)}"
        for part in spec.fields[1:]
        if part.key in item.details
    ]
    lines = [f"*{title(item, scene, Surface.MRKDWN)}*", " · ".join(details), standing(scene, item)]
    return "\n".join(line for line in lines if line)


def standing(scene: Scene, item: Record) -> str:
    """How an item stands, and who has it, in one line."""
    who = scene.name(owner(scene.handover, item))
    if item.done:
        return f"Done ✓ ({scene.name(item.done.by)})"
    decision = item.decision
    match decision.standing:
        case Standing.UNDECIDED:
            return f"With {who}, not decided yet"
        case Standing.ACCEPTED:
            return f"Accepted ✓, with {who}"
        case Standing.PROPOSED:
            change = proposed(scene, item)
            asked = scene.name(outgoing_or_leader(scene.handover))
            return f"Proposed: {change}. {_capital(asked)} {_verb(asked, 'confirm')}"
        case Standing.DECLINED:
            leader = scene.name(scene.handover.leader)
            return f"Declined; {leader} {_verb(leader, 'decide')}, with {who} until then"
        case Standing.KEPT:
            until = f" until {day(decision.until)}" if decision.until else ""
            return f"Stays with {who}{until}"
        case Standing.PASSED:
            keeper = people.party(decision.keeper, scene.names) if decision.keeper else who
            return f"Passed to {keeper}"
        case Standing.WITHDRAWN:
            return f"Withdrawn; {who} {_verb(who, 'tell')} the customer"


def proposed(scene: Scene, item: Record) -> str:
    """What would change, each field with its new value."""
    fields = {part.key: part for part in scene.playbook.specs[item.kind].fields}
    changes = [
        f"{fields[key].label}: "
        + (value(fields[key], new, scene.names, Surface.MRKDWN, _DETAIL) if new else "none")
        for key, new in item.decision.proposal.items()
    ]
    return "; ".join(changes)


def build_proposal(subject: str, scene: Scene) -> Message | None:
    """The incoming CSM's proposal, to whoever vouches for what was promised."""
    item = _find(scene, subject)
    if scene.viewer not in (outgoing_or_leader(scene.handover), scene.handover.leader):
        return None
    if item is None:
        return _taken_out(scene)
    what = title(item, scene, Surface.MRKDWN)
    mine = scene.viewer == outgoing_or_leader(scene.handover)
    if item.decision.standing is not Standing.PROPOSED or item.done or not mine:
        words = f"{scene.account}: “{what}”. {standing(scene, item)}."
        return Message(words, [section(words)])
    first = f"{scene.incoming} would take “{what}” over with a change ({scene.account})."
    change = proposed(scene, item)
    due = due_day(item)
    now = f" It says {day(due)} now." if due and "due" in item.decision.proposal else ""
    why = _why(scene, item)
    ref = scene.ref(r=item.id)
    blocks: list[Block] = [
        section(f"*{first}*\n{change}.{now}"),
        *([section(why)] if why else []),
        *actions(
            [
                button("Agree to the change", Act.PROPOSAL_AGREE, ref, "primary"),
                button("It can't be changed", Act.PROPOSAL_REFUSE, ref),
            ]
        ),
    ]
    return Message(f"{first} {change}.{now} {why}".strip(), blocks)


def build_declined(subject: str, scene: Scene) -> Message | None:
    """What the incoming CSM declined, to the leader who decides."""
    item = _find(scene, subject)
    if not leads(scene.handover, scene.viewer):
        return None
    if item is None:
        return _taken_out(scene)
    what = title(item, scene, Surface.MRKDWN)
    if item.decision.standing is not Standing.DECLINED or item.done:
        words = f"{scene.account}: “{what}”. {standing(scene, item)}."
        again = item.decision.standing in LEADERS_WORD and item.done is None
        name = title(item, scene, Surface.PLAIN)
        ref = scene.ref(r=item.id, v=DECIDED)
        ways = [button("Open it again", Act.ITEM_REOPEN, ref, about=name)]
        return Message(words, [section(words), *actions(ways if again else [])])
    one = scene.typed(scene.playbook.specs[item.kind].one)
    first = f"{scene.incoming} can't take this {one} over for {scene.account}: “{what}”."
    why = _why(scene, item)
    hint = "Keep it where it is, pass it on, change it, or withdraw it and tell the customer."
    ref = scene.ref(r=item.id)
    blocks: list[Block] = [
        section(f"*{first}*\n{hint}"),
        *([section(why)] if why else []),
        *actions([button("Decide", Act.ITEM_SETTLE, ref, "primary")]),
    ]
    return Message(f"{first} {why} {hint}", blocks)


def _taken_out(scene: Scene) -> Message:
    words = f"{scene.account}: this has been taken out of the list. Nothing is left for you to do."
    return Message(words, [section(words)])


def _answers(scene: Scene, item: Record) -> list[Element | None]:
    """Accept, renegotiate or decline while it is theirs to say; afterwards the ways on."""
    ref, decision = scene.ref(r=item.id), item.decision.standing
    what = title(item, scene, Surface.PLAIN)
    if item.done:
        return [button("Open it again", Act.ITEM_REOPEN, scene.ref(r=item.id, v=DONE), about=what)]
    if decision is Standing.UNDECIDED:
        return [
            button("Accept", Act.ITEM_ACCEPT, scene.ref(n=(item.id,)), "primary", about=what),
            button("Renegotiate", Act.ITEM_PROPOSE, ref, about=what),
            button("Decline", Act.ITEM_DECLINE, ref, about=what),
        ]
    if decision in (Standing.PROPOSED, Standing.DECLINED):
        as_it_is = scene.ref(n=(item.id,))
        return [button("Accept it as it is", Act.ITEM_ACCEPT, as_it_is, about=what)]
    mine = owner(scene.handover, item) == scene.viewer
    accepted = decision is Standing.ACCEPTED
    again = scene.ref(r=item.id, v=DECIDED)
    return [
        button("Mark done", Act.ITEM_DONE, ref, about=what) if mine else None,
        button("Think again", Act.ITEM_REOPEN, again, about=what) if accepted else None,
    ]


def _why(scene: Scene, item: Record) -> str:
    return quoted(scene.typed(item.decision.why, _WHY)) if item.decision.why.strip() else ""


def _find(scene: Scene, key: str) -> Record | None:
    return next((item for item in items(scene.handover) if item.id == key), None)


def _verb(who: str, verb: str) -> str:
    return verb if who == "you" else f"{verb}s"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
