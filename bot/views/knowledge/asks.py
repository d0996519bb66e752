"""A question between people, and the answer to it."""

from bot.ids import Act
from bot.views.blocks import Block, Message, actions, button, context, section
from bot.views.dates import day
from bot.views.scene import Scene, quoted
from bot.views.slack_text import Surface, one_line
from bot.views.taking_over import accept
from flows.handover import Acceptance, Ask
from flows.terms import Role

_TEXT = 1600
_SHORT = 500
KNOWN_BY = "the CSMs and leaders of this handover to read"


def build_ask(subject: str, scene: Scene) -> Message | None:
    """The question, to whoever was asked."""
    ask = _find(scene, subject)
    if ask is None or ask.to != scene.viewer:
        return None
    if ask.whom:
        return _to_mail(scene, ask)
    waiting = scene.handover.acceptance is Acceptance.WAITING
    before = waiting and not ask.knock and ask.by == scene.handover.user(Role.INCOMING)
    words = f"asks before taking {scene.account} over" if before else f"asks about {scene.account}"
    first = f"{scene.name(ask.by)} {words}:"
    question = scene.typed(ask.text, _TEXT)
    blocks: list[Block] = [section(f"*{first}*"), section(quoted(question))]
    if own := "\n".join(said.in_words for said in ask.replies if said.by == scene.viewer):
        answer = scene.typed(own, _TEXT)
        blocks += [section(f"You answered:\n{quoted(answer)}")]
        return Message(f"{first} {question} You answered: {answer}", blocks)
    if ask.replies:
        words = "This has been answered meanwhile. Thank you!"
        return Message(f"{first} {question} {words}", [*blocks, section(words)])
    joins = f" The pack did not tell; your answer joins it, for {KNOWN_BY}." if ask.knock else ""
    how = "Press Answer." if scene.joined else "Reply in this thread, or press Answer."
    hint = f"{_when(ask)}{how}{joins}"
    if ask.fills:
        hint += f" {scene.name(ask.by)} and whoever looks after {scene.account} read it."
    blocks += [*actions([_answer(scene, ask)]), context(hint)]
    return Message(f"{first} {question} {hint}", blocks)


def build_reply(subject: str, scene: Scene) -> Message | None:
    """The answer, to whoever asked."""
    ask = _find(scene, subject)
    if ask is None or ask.by != scene.viewer:
        return None
    if not ask.reply:
        words = f"{scene.name(ask.to)} took back the answer to your question about {scene.account}."
        return Message(words, [section(words)])
    first = f"{scene.name(ask.to)} answered your question about {scene.account}:"
    answer, question = scene.typed(ask.reply, _TEXT), scene.typed(ask.text, _SHORT)
    blocks: list[Block] = [
        section(f"*{first}*"),
        section(quoted(answer)),
        context(f"You asked: {question}"),
    ]
    incoming = scene.viewer == scene.handover.user(Role.INCOMING)
    if incoming and scene.handover.acceptance is Acceptance.WAITING:
        blocks += accept.accept_actions(scene)
    return Message(f"{first} {answer} You asked: {question}", blocks)


def _to_mail(scene: Scene, ask: Ask) -> Message:
    """For whoever asks somebody outside Slack: the text to send, and where to note the answer."""
    whom = one_line(ask.whom, Surface.MRKDWN, scene.names)
    question = scene.typed(ask.text, _TEXT)
    if ask.reply:
        first = f"{whom} was asked about {scene.account}, and this was noted:"
        answer = scene.typed(ask.reply, _TEXT)
        return Message(f"{first} {answer}", [section(f"*{first}*\n{quoted(answer)}")])
    first = f"For {whom}, about {scene.account}. Copy this and send it:"
    by = f", by {day(ask.due)} if you can" if ask.due else ""
    mail = "\n".join(
        [
            f"Hello, I am writing down what we know about {scene.account}, and you may know this:",
            question,
            f"A line or two is enough{by}. Thank you!",
        ]
    )
    record = button("Record their answer", Act.ASK_RECORD, scene.ref(a=ask.id), "primary")
    return Message(
        f"{first} {mail}", [section(f"*{first}*"), section(quoted(mail)), *actions([record])]
    )


def _when(ask: Ask) -> str:
    return f"By {day(ask.due)}, if you can. " if ask.due else ""


def _find(scene: Scene, subject: str) -> Ask | None:
    return next((ask for ask in scene.handover.asks if ask.id == subject), None)


def _answer(scene: Scene, ask: Ask) -> Block:
    return button("Answer", Act.ASK_REPLY, scene.ref(a=ask.id), "primary")
