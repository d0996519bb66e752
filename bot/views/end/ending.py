"""The end of a handover: what is open, who has signed, and what everybody reads once it is over."""

from collections.abc import Iterator

from bot.ids import Act
from bot.views import people, standing
from bot.views.blocks import (
    MESSAGE_BLOCKS,
    Block,
    Element,
    Message,
    actions,
    button,
    context,
    header,
    section,
)
from bot.views.dates import day
from bot.views.scene import Scene, quoted
from bot.views.slack_text import Surface, one_line
from bot.views.words import counted
from flows.end.completing import OpenPoint, is_over, open_points, signature_of, signers, to_sign
from flows.end.endings import Open, Waived
from flows.end.following_up import still_to_visit
from flows.frozen import Moment
from flows.handover import Handover, Stage
from flows.knowledge.interview import BRIEF_FROM, answers_so_far
from flows.privacy import leads, may_read_sensitive
from flows.side_by_side.lead import has_switched, may_lead_again

OPEN = {
    Open.ANSWERS: "required answers are missing",
    Open.PACK: "the pack is not accepted yet",
    Open.ITEMS: "promises and issues wait for a decision",
    Open.APPROVALS: "not all that the customer is told is approved",
    Open.INTRODUCTION: "the introduction is not done",
    Open.LADDER: "sessions side by side are missing",
    Open.LEAD: "the lead is not switched yet",
    Open.SYSTEMS: "the systems are not moved",
    Open.SENTIMENT: "nothing is planned about a red mood check",
    Open.ASKS: "questions wait for an answer",
}
_PRESSED = frozenset({"actions", "input"})
_COUNTED = frozenset({Open.ITEMS, Open.LADDER, Open.ASKS})
_WHY, _LONG, _TEXT = 300, 1500, 3800
_READ_ONLY = "It can still be read, asked about and exported; nothing in it is changed any more."


def build_confirm(_subject: str, scene: Scene) -> Message | None:
    """What is open by owner, what was waived, who has signed, and what the reader can do now."""
    handover = scene.handover
    if not may_read_sensitive(handover, scene.viewer):
        return None
    if is_over(handover):
        words = f"{scene.account}: {over(scene)}"
        return Message(words, [section(words)])
    if handover.stage is not Stage.IN_FLIGHT:
        return None
    points = open_points(handover, scene.playbook)
    left = counted(len(points), "thing")
    first = f"Before it is complete: {left} to see to." if points else "Nothing is open any more."
    lines = [f"• {_point(scene, point)}" for point in points]
    title = f"Complete {people.account(handover, scene.names, Surface.PLAIN)}"
    blocks: list[Block] = [header(title), section(f"*{first}*")]
    for point, line in zip(points, lines, strict=True):
        ref = scene.ref(v=point.what)
        waive = button("Waive", Act.WAIVE_OPEN, ref, about=OPEN[point.what])
        blocks.append(section(line, waive if leads(handover, scene.viewer) else None))
    waived, signed = list(waived_lines(scene)), list(_signatures(scene))
    blocks += [section("\n".join(["*Waived*", *waived]))] if waived else []
    blocks += [section("\n".join(["*Signed by*", *signed])), *actions(_endings(scene, points))]
    said = [f"{scene.account}.", first, *lines, *waived, *signed]
    return Message("\n".join(said)[:_TEXT], blocks)


def build_closed(_subject: str, scene: Scene) -> Message | None:
    """What everybody on the handover reads when it is complete (A24); nothing when it goes on."""
    if scene.handover.ending.completed is None:
        words = f"{scene.account}: this handover goes on again."
        return Message(words, [section(words)])
    title = f"{people.account(scene.handover, scene.names, Surface.PLAIN)}: handover complete"
    lines = [f"*{label}:* {words}" for label, words in closing(scene)]
    waived = [f"*Waived:* {line.removeprefix('• ')}" for line in waived_lines(scene)]
    lead = leads(scene.handover, scene.viewer)
    brief = answers_so_far(scene.handover) >= BRIEF_FROM
    blocks: list[Block] = [
        header(title),
        section("\n".join([f"Thank you, {_thanked(scene)}!", *lines, *waived])[:_TEXT]),
        context(_READ_ONLY),
        *actions(
            [
                button("Show the brief", Act.CARD_BRIEF, scene.ref()) if brief else None,
                follow_up_button(scene) if lead else None,
            ]
        ),
    ]
    said = "\n".join([f"{scene.account}: handover complete.", *lines, *waived, _READ_ONLY])
    return Message(said.replace("*", "")[:_TEXT], blocks)


def closing(scene: Scene) -> list[tuple[str, str]]:
    """What moved, what is still to be done, and when the customer is asked, as label and words."""
    handover, facts = scene.handover, dict(standing.facts(scene))
    label, lead = scene.lead.split(": ", 1)
    ended, switched = handover.ending.completed, handover.leading.switched_at
    since = f", since {_on(scene, switched)}" if switched else ""
    moved = f"from {scene.outgoing} to {scene.incoming}{since}"
    visit = min(still_to_visit(handover, scene.playbook).values(), default=None)
    who = people.person(handover.leader, scene.names)
    asks = f"{who} asks the customer how it went, on {day(visit)}" if visit else "done"
    found = [
        ("Complete", _by(scene, ended.by, ended.at) if ended else ""),
        ("What moved", moved),
        (label, lead),
        ("Pack", facts.get("Pack", "not accepted")),
        ("Still to be done", facts.get("Open items", "nothing")),
        ("Follow-up", asks),
    ]
    return [(name, words) for name, words in found if words]


def build_cancelled(_subject: str, scene: Scene) -> Message | None:
    """That it was called off, by whom and why."""
    ended = scene.handover.ending.cancelled
    if ended is None:
        return None
    first = f"{scene.account}: this handover is cancelled. {scene.lead}."
    why = quoted(scene.typed(ended.why, _LONG))
    who = people.person(ended.by, scene.names)
    blocks: list[Block] = [section(f"*{first}*\n{who} says why:\n{why}")]
    said = [first, f"{who} says why: {scene.typed(ended.why, _LONG)}"]
    if ended.customer and may_read_sensitive(scene.handover, scene.viewer):
        customer = scene.typed(ended.customer, _LONG)
        blocks.append(section(f"What the customer hears:\n{quoted(customer)}"))
        said.append(f"What the customer hears: {customer}")
    blocks.append(context(_READ_ONLY))
    return Message("\n".join([*said, _READ_ONLY])[:_TEXT], blocks)


def build_paused(subject: str, scene: Scene) -> Message | None:
    """That it rests until a day (`subject`), and why; afterwards that it goes on."""
    pause = scene.handover.ending.pause
    if pause is None or pause.until.isoformat() != subject:
        words = f"{scene.account}: the pause is over."
        return Message(words, [section(words)])
    first = f"{scene.account} rests until {day(pause.until)}. Nothing is asked of you meanwhile."
    why, who = scene.typed(pause.why, _LONG), people.person(pause.by, scene.names)
    lead = leads(scene.handover, scene.viewer)
    back = button("Take it up again", Act.TAKE_UP, scene.ref()) if lead else None
    blocks = [section(f"*{first}*\n{who} says why:\n{quoted(why)}"), *actions([back])]
    return Message(f"{first} {who} says why: {why}"[:_TEXT], blocks)


def over(scene: Scene) -> str:
    """What everything else about a handover says once it is over."""
    done = scene.handover.stage is Stage.COMPLETE
    return f"This handover is {'complete' if done else 'cancelled'}. {scene.lead}. {_READ_ONLY}"


def without_ways(message: Message, scene: Scene) -> Message:
    """A message of a handover that is over: what it says, and nothing to press."""
    kept = [
        {name: part for name, part in block.items() if name != "accessory"}
        for block in message.blocks
        if block["type"] not in _PRESSED
    ]
    if kept == message.blocks:
        return message
    done = scene.handover.stage is Stage.COMPLETE
    words = f"This handover is {'complete' if done else 'cancelled'}: nothing is asked here."
    return Message(f"{message.text} {words}", [*kept[: MESSAGE_BLOCKS - 1], context(words)])


def lines(scene: Scene) -> list[tuple[str, str]]:
    """How it ended, and what was let be, as label and words; nothing while all goes on."""
    ending = scene.handover.ending
    found = []
    for label, ended in (("Complete", ending.completed), ("Cancelled", ending.cancelled)):
        if ended:
            words = _by(scene, ended.by, ended.at)
            why = one_line(ended.why, Surface.MRKDWN, scene.names, _WHY)
            found.append((label, f"{words}: {why}" if why else words))
    if ending.pause:
        why = one_line(ending.pause.why, Surface.MRKDWN, scene.names, _WHY)
        found.append(("Paused", f"until {day(ending.pause.until)}: {why}"))
    return [*found, *(("Waived", line.removeprefix("• ")) for line in waived_lines(scene))]


def ways(scene: Scene) -> list[Block]:
    """How the reader can end it, let it rest, or turn it back, from where it is shown."""
    handover, ref = scene.handover, scene.ref()
    if handover.stage is Stage.COMPLETE:
        return actions(_afterwards(scene)) if leads(handover, scene.viewer) else []
    if handover.stage is not Stage.IN_FLIGHT or not may_read_sensitive(handover, scene.viewer):
        return []
    found: list[Element | None] = [button("Complete handover", Act.END_OPEN, ref)]
    if leads(handover, scene.viewer):
        paused = handover.ending.pause is not None
        rest = ("Take it up again", Act.TAKE_UP) if paused else ("Pause", Act.PAUSE_OPEN)
        found += [
            button(*rest, ref),
            button("Cancel handover", Act.CANCEL_OPEN, ref),
            _reverse(scene),
        ]
    return actions(found)


def waived_lines(scene: Scene) -> Iterator[str]:
    """What a leader let be, by whom and why."""
    waived: dict[Open, Waived] = scene.handover.ending.waived
    for what, word in waived.items():
        why = one_line(word.why, Surface.MRKDWN, scene.names, _WHY)
        yield f"• {OPEN[what]} ({people.person(word.by, scene.names)}: {why})"


def follow_up_button(scene: Scene) -> Element | None:
    """Records the next follow-up; none where all are done."""
    left = still_to_visit(scene.handover, scene.playbook)
    if not left:
        return None
    key = min(left, key=lambda key: left[key])
    return button("Record follow-up", Act.VISIT_OPEN, scene.ref(r=key))


def may_turn_back(handover: Handover) -> bool:
    """Whether the outgoing CSM could lead again."""
    return has_switched(handover) and may_lead_again(handover)


def _afterwards(scene: Scene) -> list[Element | None]:
    care = button("Reopen as aftercare", Act.CARE_OPEN, scene.ref())
    return [follow_up_button(scene), care, _reverse(scene)]


def _reverse(scene: Scene) -> Element | None:
    possible = may_turn_back(scene.handover)
    return button("Reverse", Act.REVERSE_OPEN, scene.ref()) if possible else None


def _endings(scene: Scene, points: tuple[OpenPoint, ...]) -> Iterator[Element | None]:
    """To sign, for oneself or for somebody who can't, and the leader's last word."""
    handover, viewer = scene.handover, scene.viewer
    if points:
        return
    left = to_sign(handover)
    for party in left:
        if party.reachable == viewer:
            yield button("Sign", Act.SIGN_OPEN, scene.ref(), "primary")
        elif leads(handover, viewer) and (party == handover.outgoing or party.gone):
            name = people.party(party, scene.names, Surface.PLAIN)
            ref = scene.ref(v=party.key)
            yield button(f"Sign for {name}", Act.SIGN_OPEN.of(party.user or "name"), ref)
    if not left and leads(handover, viewer):
        yield button("Complete handover", Act.COMPLETE_OPEN, scene.ref(), "primary")


def _point(scene: Scene, point: OpenPoint) -> str:
    who = "you" if point.owner == scene.viewer else people.person(point.owner, scene.names)
    much = f" ({point.much})" if point.what in _COUNTED else ""
    return f"{OPEN[point.what].capitalize()}{much}: with {who}"


def _signatures(scene: Scene) -> Iterator[str]:
    handover = scene.handover
    for party in signers(handover):
        name, signature = people.party(party, scene.names), signature_of(handover, party)
        if signature is None:
            yield f"• {name}: not yet"
        else:
            stand_in = f", by {people.person(signature.by, scene.names)} in their place"
            yield f"• {name}: {_on(scene, signature.at)}{stand_in if signature.absent else ''}"


def _thanked(scene: Scene) -> str:
    return people.listed([people.party(party, scene.names) for party in signers(scene.handover)])


def _by(scene: Scene, user: str, at: Moment) -> str:
    return f"on {_on(scene, at)}, confirmed by {people.person(user, scene.names)}"


def _on(scene: Scene, at: Moment) -> str:
    return day(at.astimezone(scene.now.tzinfo).date())
