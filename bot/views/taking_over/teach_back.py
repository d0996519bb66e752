"""The teach-back: its questions, the marking, and what was added."""

from bot.ids import Act, Field, Form
from bot.views import people
from bot.views.blocks import (
    Block,
    Message,
    actions,
    button,
    context,
    divider,
    field,
    fitted,
    modal,
    section,
    text_input,
)
from bot.views.scene import Scene, quoted
from bot.views.slack_text import Surface, from_form
from bot.views.state import Values, typed
from bot.views.taking_over.items import item_text
from bot.views.words import counted, given, labelled, value
from flows.handover import Taught, Topic
from flows.privacy import outgoing_or_leader
from flows.taking_over.items import ITEM_KINDS
from flows.taking_over.teach_back import asked_back, first_given, is_passed
from flows.terms import Role

_ANSWER = 900
_PACK = 500
_SAID = 3
_TEXT = 3500
QUESTIONS = {
    Topic.RISK: "What is the biggest risk, and what would you do about it first?",
    Topic.PROMISE: "What was promised that comes next, and by when?",
    Topic.SPONSOR: "Who matters most on their side, and how do you work with them?",
    Topic.SENSITIVE: "What must you be careful with?",
    Topic.EXPECTS: "What does the customer expect to happen next?",
    Topic.FIRST: "Which three things must you never forget about this account?",
    Topic.USE: "What do they use us for?",
}

_FIRST_WEEK = {
    "How they like things formatted and sent": ("DC7",),
    "What is booked already": ("PF4",),
    "What to be careful with": ("CC2",),
}


def build(_subject: str, scene: Scene) -> Message | None:
    """The invitation to the incoming CSM, and what came of it."""
    handover = scene.handover
    if scene.viewer != handover.user(Role.INCOMING) or not handover.reading.accepted_at:
        return None
    count = counted(len(asked_back(handover, scene.playbook)), "short question")
    taught = handover.teach_back
    if taught is None:
        words = (
            f"The pack for {scene.account} is yours. Before you lead: {count}, in your own words, "
            f"so that {scene.outgoing} can add what is missing. Nobody is graded."
        )
        start = button("Answer in your words", Act.TEACH_OPEN, scene.ref(), "primary")
        return Message(words, [section(words), *actions([start])])
    who = people.person(outgoing_or_leader(handover), scene.names)
    words = f"Your answers about {scene.account} are with {who}."
    if is_passed(handover):
        words = f"You know {scene.account}: {who} has read your answers."
        return _first_week(scene, words)
    return Message(words, [section(words)])


def _first_week(scene: Scene, words: str) -> Message:
    """What helps in the first days: how the customer likes things, and what is booked (A12)."""
    found = [
        f"*{label}*\n{quoted(pack_says(scene, about))}"
        for label, keys in _FIRST_WEEK.items()
        if (about := first_given(scene.handover, scene.playbook, keys))
    ]
    if not found:
        return Message(words, [section(words)])
    first = f"{words} For your first week:"
    said = fitted([first, *(_spoken(line) for line in found)], _TEXT)
    return Message(said, [section(first), *(section(line) for line in found)])


def form(scene: Scene) -> Block:
    """The questions, a field each."""
    blocks: list[Block] = [context("A line or two each, from memory; the pack stays open to you.")]
    blocks += [
        field(asked.topic, QUESTIONS[asked.topic], text_input(multiline=True))
        for asked in asked_back(scene.handover, scene.playbook)
    ]
    title = "In your own words"
    return modal(Form.TEACH_BACK, title, blocks, submit="Send", carried=scene.ref())


def read_form(values: Values) -> dict[Topic, str]:
    """The answers by topic, in their stored form; only what has content."""
    found = {topic: from_form(typed(values, topic)) for topic in Topic if topic in values}
    return {topic: text for topic, text in found.items() if text}


def build_taught(_subject: str, scene: Scene) -> Message | None:
    """The answers, to whoever marks them, beside what the pack says."""
    taught = scene.handover.teach_back
    if scene.viewer not in (outgoing_or_leader(scene.handover), scene.handover.leader):
        return None
    if taught is None:
        words = f"Somebody else takes {scene.account} over now: nothing is left to look at here."
        return Message(words, [section(words)])
    first = (
        f"{scene.incoming} answered {counted(len(taught.items), 'question')} about {scene.account}."
    )
    if is_passed(scene.handover) or all(item.right is not None for item in taught.items):
        first += " You have looked at all of them. Thank you!"
    else:
        first += " Is it right, or is something missing?"
    blocks: list[Block] = [section(f"*{first}*")]
    said = [first]
    for item in taught.items:
        words = _answer(scene, item)
        blocks += [divider(), section(words), *_marks(scene, item)]
        said.append(_spoken(words))
    return Message(fitted(said, _TEXT), blocks)


def add_form(scene: Scene, topic: Topic) -> Block:
    """What is missing from an answer."""
    taught = scene.handover.teach_back
    item = next((i for i in taught.items if i.topic is topic), None) if taught else None
    blocks: list[Block] = [section(_answer(scene, item))] if item else []
    hint = f"{scene.incoming} reads it, and it joins the pack."
    blocks.append(
        field(Field.TEXT, "What is missing?", text_input(multiline=True), hint=hint),
    )
    ref = scene.ref(v=topic)
    return modal(Form.TAUGHT_ADD, "Add what is missing", blocks, submit="Add", carried=ref)


def build_additions(_subject: str, scene: Scene) -> Message | None:
    """What was added to the reader's answers."""
    taught = scene.handover.teach_back
    if taught is None or scene.viewer != scene.handover.user(Role.INCOMING):
        return None
    added = [item for item in taught.items if item.added]
    if not added:
        return None
    who = people.listed(list(dict.fromkeys(scene.name(item.marked_by) for item in added)))
    first = f"{who[:1].upper()}{who[1:]} added something to your answers about {scene.account}:"
    lines = [
        f"*{QUESTIONS[item.topic]}*\n{quoted(scene.typed(item.added, _ANSWER))}" for item in added
    ]
    ways = actions([button("I have read it", Act.TAUGHT_SEEN, scene.ref(), "primary")])
    done = [context("You have read this.")] if taught.seen else ways
    text = fitted([first, *(_spoken(line) for line in lines)], _TEXT)
    return Message(text, [section(f"*{first}*"), *(section(line) for line in lines), *done])


def _spoken(words: str) -> str:
    """A text for a screen reader: one line, without marks."""
    return words.replace("*", "").replace("\n> ", " ").replace("\n", " ")


def _answer(scene: Scene, item: Taught) -> str:
    pack = pack_says(scene, item.about)
    lines = [
        f"*{QUESTIONS[item.topic]}*",
        quoted(scene.typed(item.answer, _ANSWER)),
        f"The pack says: {pack}" if pack else "",
    ]
    return "\n".join(line for line in lines if line)


def _marks(scene: Scene, item: Taught) -> list[Block]:
    if item.right:
        return [context(f"Right ✓ ({scene.name(item.marked_by)})")]
    if item.added:
        added = quoted(scene.typed(item.added, _ANSWER))
        return [section(f"Added by {scene.name(item.marked_by)}:\n{added}")]
    ref = scene.ref(v=item.topic)
    return actions(
        [
            button("That's right", Act.TAUGHT_RIGHT.of(item.topic), ref, "primary"),
            button("Add what is missing", Act.TAUGHT_ADD.of(item.topic), ref),
        ]
    )


def pack_says(scene: Scene, about: str) -> str:
    """What the pack holds on a topic, in a few lines."""
    handover, playbook = scene.handover, scene.playbook
    record = next((r for r in handover.records if r.id == about), None)
    if record and record.kind in ITEM_KINDS:
        return item_text(scene, record).replace("\n", ", ")
    if record:
        fields = playbook.specs[record.kind].fields
        return ", ".join(
            value(p, record.details[p.key], scene.names, Surface.MRKDWN, _PACK // 4)
            for p in fields
            if p.key in record.details
        )
    answer = handover.answers.get(about)
    if answer is None:
        return ""
    question = playbook.by_id[about]
    parts = [
        labelled(scene.typed(p.label), given(p, answer.given[p.key], scene.names, Surface.MRKDWN))
        for p in question.parts
        if p.key in answer.given
    ]
    texts = [scene.typed(said.text, _PACK // _SAID) for said in answer.said[:_SAID]]
    return "; ".join([*parts, *texts])
