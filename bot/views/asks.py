"""A question between people, and the answer to it."""

from bot.ids import Act
from bot.views import accept
from bot.views.blocks import Block, Message, actions, button, context, section
from bot.views.scene import Scene, quoted
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
    waiting = scene.handover.acceptance is Acceptance.WAITING
    before = waiting and not ask.knock and ask.by == scene.handover.user(Role.INCOMING)
    words = f"asks before taking {scene.account} over" if before else f"asks about {scene.account}"
    first = f"{scene.name(ask.by)} {words}:"
    question = scene.typed(ask.text, _TEXT)
    blocks: list[Block] = [section(f"*{first}*"), section(quoted(question))]
    if ask.reply:
        answer = scene.typed(ask.reply, _TEXT)
        blocks += [section(f"You answered:\n{quoted(answer)}")]
        return Message(f"{first} {question} You answered: {answer}", blocks)
    joins = f" The pack did not tell; your answer joins it, for {KNOWN_BY}." if ask.knock else ""
    hint = f"Reply in this thread, or press Answer.{joins}"
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


def _find(scene: Scene, subject: str) -> Ask | None:
    return next((ask for ask in scene.handover.asks if ask.id == subject), None)


def _answer(scene: Scene, ask: Ask) -> Block:
    return button("Answer", Act.ASK_REPLY, scene.ref(a=ask.id), "primary")
