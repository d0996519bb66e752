"""What was sent to the customer and what they said to it, as people read and note it (N18)."""

from bot.ids import Act
from bot.views import people
from bot.views.blocks import Block, Element, Message, actions, button, section
from bot.views.dates import day
from bot.views.scene import Scene
from bot.views.slack_text import Surface, one_line
from flows.customer.sending import asking
from flows.customer.sent import CustomerAnswer, Outcome, Says, Sent, Way
from flows.handover import Handover, Record
from flows.playbook import Playbook
from flows.privacy import leads, may_read_sensitive
from flows.schedule.timeline import make_plan
from flows.schedule.workdays import add_workdays
from flows.terms import RecordKind
from flows.texts.letter_specs import AGREED_BY, LetterSpec

WAYS = {
    Way.MAIL: "by mail",
    Way.CALL: "on a call",
    Way.MEETING: "in a meeting",
    Way.CHANNEL: "in a shared channel",
}
_NAME, _PEOPLE = 60, 6


def build_silent(subject: str, scene: Scene) -> Message | None:
    """Asks whoever sent a text what the customer said; afterwards it tells that."""
    sent = scene.handover.sending.by_key(subject)
    if sent is None or not may_read_sensitive(scene.handover, scene.viewer):
        return None
    line = sent_line(scene, sent)
    if sent.answers and not sent.unanswered:
        words = f"{scene.account}: {line}"
        return Message(words.replace("*", ""), [section(words)])
    words = f"What did {scene.account} say?"
    return Message(
        f"{words} {line}".replace("*", ""),
        [section(f"{words}\n{line}"), *answer_ways(scene, sent)],
    )


def build_asks(subject: str, scene: Scene) -> Message | None:
    """The customer asks for whoever looked after them so far, or for a leader: to the leader."""
    handover = scene.handover
    if not leads(handover, scene.viewer):
        return None
    if sent := asking(handover, subject):
        words = f"{scene.account} asks for {scene.outgoing}."
        decided = sent.answer.decided if sent.answer else None
        label = "Decide again" if decided else "Decide"
        stays = decided is not None and decided.outcome is Outcome.CANCEL
        ways = actions(
            [
                button(label, Act.CONTACT_DECIDE, scene.ref(p=subject), "primary", about=words),
                button("Cancel handover", Act.CANCEL_OPEN, scene.ref()) if stays else None,
            ]
        )
    elif sent := asking(handover, subject, Says.TALK):
        by = f" by {day(sent.answer.on)}" if sent.answer and sent.answer.on else ""
        words = (
            f"{scene.account} would like to talk to you{by}. What you could say is drafted for "
            "your approval; once you have talked, mark it as sent."
        )
        ways = actions([button("Texts to send", Act.LETTERS_NEXT, scene.ref())])
    else:
        words = f"{scene.account}: nothing is left to decide here. Thank you!"
        return Message(words, [section(words)])
    line = sent_line(scene, sent)
    return Message(f"{words} {line}".replace("*", ""), [section(f"*{words}*\n{line}"), *ways])


def title_of(scene: Scene, key: str, surface: Surface = Surface.MRKDWN) -> str:
    """What a text is called, which a team may have written itself."""
    spec = spec_of(scene.playbook, key)
    return one_line(spec.title, surface, scene.names, _NAME) if spec else "Text"


def spec_of(playbook: Playbook, key: str) -> LetterSpec | None:
    """The template of a text, also of one that there is no occasion for any more."""
    return next((spec for spec in playbook.letters if spec.key == key), None)


def recipients(handover: Handover) -> list[Record]:
    """Who of the customer's people can be named."""
    return [record for record in handover.records if record.kind is RecordKind.STAKEHOLDER]


def name_of(scene: Scene, record: Record, surface: Surface = Surface.MRKDWN) -> str:
    """A stakeholder's name, on one line."""
    named = next(iter(record.details.values()), "")
    return one_line(named, surface, scene.names, _NAME) or "…"


def sent_line(scene: Scene, sent: Sent) -> str:
    """A text that was sent: when, how, by whom and to whom, and what the customer said."""
    named = {record.id: record for record in recipients(scene.handover)}
    to = [name_of(scene, named[key]) for key in sent.to if key in named]
    more = [f"{len(to) - _PEOPLE} more"] if len(to) > _PEOPLE else []
    known = people.listed([*to[:_PEOPLE], *more])
    pieces = [
        f"*{title_of(scene, sent.key)}* · sent on {day(sent.on)} {WAYS[sent.way]}",
        f"by {scene.name(sent.by)}",
        f"to {known}" if to else "",
        f"why by mail: {scene.typed(sent.why, _NAME)}" if sent.why else "",
    ]
    line = " · ".join(piece for piece in pieces if piece)
    return f"{line}\n{scene.account}: {answered(scene, sent)}"


def answered(scene: Scene, sent: Sent) -> str:
    """What the customer said to it, and what follows."""
    answer = sent.answer
    if answer is None:
        return "no answer noted yet"
    match answer.says:
        case Says.FINE if sent.letter in AGREED_BY and answer.on:
            who = one_line(answer.who, Surface.MRKDWN, scene.names, _NAME)
            return f"agreed to the plan: {who}, on {day(answer.on)} ✓"
        case Says.FINE:
            return "fine with it ✓"
        case Says.ANOTHER_DATE:
            step = make_plan(scene.handover, scene.playbook).find(answer.milestone)
            what = one_line(step.title, Surface.MRKDWN, scene.names, _NAME) if step else "a step"
            on = f" on {day(answer.on)}" if answer.on else ""
            return f"wants {what}{on}; the plan has moved and is approved again"
        case Says.ASKS_FOR:
            return f"asks for {scene.outgoing}; {_decided(scene, answer)}"
        case Says.TALK:
            by = f" by {day(answer.on)}" if answer.on else ""
            leader = scene.handover.leader
            does = "do" if leader == scene.viewer else "does"
            return f"wants to talk to a leader; {scene.name(leader)} {does}{by}"
        case Says.NO_REPLY if sent.unanswered == 1:
            soonest = add_workdays(sent.at.date(), scene.playbook.milestones.silent_customer)
            return f"no reply; without one please call them, from {day(soonest)} on"
        case Says.NO_REPLY:
            return "no reply to the call either; please try another of their people"


def answer_ways(scene: Scene, sent: Sent) -> list[Block]:
    """The five answers, and the way back; nothing for whoever only looks."""
    handover = scene.handover
    if not may_read_sensitive(handover, scene.viewer):
        return []
    newest = handover.sending.sent[-1] is sent
    settled = sent.answer is not None and sent.answer.says is Says.FINE and not newest
    ref = scene.ref(p=sent.key, v=str(handover.sending.marks(sent.key)))
    about = title_of(scene, sent.key, Surface.PLAIN)
    fine = Act.CUSTOMER_AGREED if sent.letter in AGREED_BY else Act.CUSTOMER_FINE
    outgoing = people.party(handover.outgoing, scene.names, Surface.PLAIN)
    found: list[tuple[str, Act]] = [
        ("Customer is fine", fine),
        ("Wants another date", Act.CUSTOMER_DATE),
        (f"Asks for {outgoing}", Act.CUSTOMER_NAME),
        ("Wants to talk to a leader", Act.CUSTOMER_TALK),
        ("No reply", Act.CUSTOMER_SILENT),
    ]
    answers = [] if settled else [button(label, act, ref, about=about) for label, act in found]
    return actions([*answers, _undo(scene, sent)])


def _undo(scene: Scene, sent: Sent) -> Element | None:
    """Takes back what was noted last, for whoever noted it, and leaders."""
    last = sent.answer or sent
    decided = sent.answer is not None and sent.answer.decided is not None
    if not (leads(scene.handover, scene.viewer) or (last.by == scene.viewer and not decided)):
        return None
    ref = scene.ref(p=sent.key, v=str(scene.handover.sending.marks(sent.key)))
    what = "the answer" if sent.answer else "that it was sent"
    about = f"{what}, {title_of(scene, sent.key, Surface.PLAIN)}"
    return button("Undo", Act.LETTER_BACK, ref, about=about)


def _decided(scene: Scene, answer: CustomerAnswer) -> str:
    decided, leader = answer.decided, scene.handover.leader
    if decided is None:
        days = scene.playbook.milestones.leader_on_old_contact
        decides = "decide" if leader == scene.viewer else "decides"
        by = day(add_workdays(answer.at.date(), days))
        return f"{scene.name(leader)} {decides} by {by}"
    until = f" until {day(decided.until)}" if decided.until else ""
    words = {
        Outcome.KEEP: f"{scene.outgoing} stays{until}",
        Outcome.HELPER: f"{scene.outgoing} helps{until}",
        Outcome.CANCEL: f"{scene.outgoing} stays for good",
        Outcome.GO_ON: "it goes on as planned",
    }
    return f"{scene.name(decided.by)} decided: {words[decided.outcome]}"
