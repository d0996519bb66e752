"""Asking about an account: what the pack says, who is asked instead, and how often that was."""

from collections.abc import Sequence

from bot.ids import Act, Field, Form, Ref
from bot.views import people
from bot.views.blocks import (
    Block,
    Message,
    actions,
    button,
    context,
    field,
    modal,
    section,
    text_input,
)
from bot.views.dates import day, duration
from bot.views.scene import Scene, quoted
from bot.views.slack_text import Names, Surface, link, one_line
from flows.errors import FlowError
from flows.handover import Ask, Handover, Stage
from flows.staffing.joining import whom_to_ask
from flows.taking_over.knocks import knocks
from flows.taking_over.passages import Passage

_TEXT = 600
_TITLE = 160
_QUESTION = 300
_TOPICS = 3
_BUTTON = 40


def told(found: Sequence[Passage], text: str, asked: str, scene: Scene) -> Message:
    """What the pack says; `asked` is the id of the question, by which it can still be put."""
    first = f"The pack of {scene.account} says:"
    question = f"You asked: {scene.typed(text, _QUESTION)}"
    said = [_passage(one, scene) for one in found]
    blocks: list[Block] = [
        section(f"*{first}*"),
        *(section(f"*{title}*\n{quoted(words)}\n{source}") for title, words, source in said),
        context(question),
        *_ask_all_the_same(asked, scene),
    ]
    lines = [f"{title}: {words} ({source})" for title, words, source in said]
    return Message("\n".join([first, *lines, question]), blocks)


def on_its_way(ask: Ask, scene: Scene, *, not_found: bool) -> Message:
    """The pack does not tell, so somebody was asked."""
    name = scene.name(ask.to)
    why = f"The pack of {scene.account} does not tell that yet, so I" if not_found else "I"
    words = (
        f"{why} asked {name}. You get the answer in your messages with me, and it joins the pack."
    )
    question = f"You asked: {scene.typed(ask.text, _QUESTION)}"
    return Message(f"{words} {question}", [section(words), context(question)])


def several(found: Sequence[Handover], question: str, names: Names) -> Message:
    """Several accounts fit what was typed; the question stands ready to be copied."""
    accounts = dict.fromkeys(people.account(handover, names) for handover in found)
    words = f"Which account do you mean: {people.listed(list(accounts), 'or')}?"
    asked = one_line(question, Surface.MRKDWN, names, _QUESTION)
    hint = f"Please type it with the whole name: /handover ask {next(iter(accounts))} {asked}"
    return Message(f"{words} {hint}", [section(words), context(hint)])


def counts(scene: Scene) -> list[tuple[str, str]]:
    """How often somebody had to be asked and the pack was enough, with what it was about."""
    found = knocks(scene.handover, scene.playbook)
    if not (found.asked or found.answered):
        return []
    about = [f"{title} ({count})" for title, count in found.topics[:_TOPICS]]
    words = f"{found.asked}, answered from the pack: {found.answered}"
    waited = [f"usually {duration(found.wait)}"] if found.wait is not None else []
    waited += [f"{found.waiting} still open"] if found.waiting else []
    topics = [("Most asked about", people.listed(about))] if about else []
    waits = [("Wait for an answer", ", ".join(waited))] if waited else []
    return [("Asked after the pack", words), *waits, *topics]


def ask_action(scene: Scene) -> list[Block]:
    """The button that opens the form."""
    if scene.handover.stage is Stage.DRAFT:
        return []
    return actions([button("Ask about this account", Act.PACK_ASK, scene.ref())])


def ask_form(ref: Ref, handover: Handover, names: Names) -> Block:
    """A question about one account."""
    account = people.account(handover, names)
    hint = f"I look into the pack of {account} first, and ask whoever knows if it does not tell."
    blocks = [field(Field.TEXT, "Your question", text_input(multiline=True)), context(hint)]
    return modal(Form.PACK_ASK, "Ask about this account", blocks, submit="Ask", carried=ref)


def _passage(one: Passage, scene: Scene) -> tuple[str, str, str]:
    """Its heading, its words, and who said them when."""
    head = one.title or one.section or "Not sorted yet"
    title = one_line(head, Surface.MRKDWN, scene.names, _TITLE)
    when = day(one.at.astimezone(scene.now.tzinfo).date())
    source = f"{people.author(one.by, scene.names)}, {when}"
    where = f" {link(one.link, Surface.MRKDWN)}" if one.link else ""
    return title, scene.typed(one.text, _TEXT), f"{source}{where}"


def _ask_all_the_same(asked: str, scene: Scene) -> list[Block]:
    try:
        to = whom_to_ask(scene.handover, scene.viewer)
    except FlowError:
        return []
    name = people.person(to, scene.names, Surface.PLAIN)[:_BUTTON]
    return actions([button(f"Not what I need: ask {name}", Act.PACK_KNOCK, scene.ref(a=asked))])
