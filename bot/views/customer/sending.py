"""What is approved and to be sent to the customer, and what they said to it (G32, N18).

A person sends; the bot only lays the words ready and keeps what people say came of it.
"""

from collections.abc import Iterator

from bot.exports.customer_mail import mail_link
from bot.ids import Act
from bot.views import people
from bot.views.blocks import (
    Block,
    Element,
    Message,
    actions,
    button,
    context,
    fitted,
    header,
    section,
)
from bot.views.customer.customer_said import (
    answer_ways,
    answered,
    recipients,
    sent_line,
    spec_of,
    title_of,
)
from bot.views.dates import day
from bot.views.errors import say
from bot.views.scene import Scene, quoted
from bot.views.slack_text import Surface, escaped
from bot.views.texts.letter_text import filled_in
from flows.customer.sent import Sent
from flows.customer.to_send import EVERYTHING, ToSend, may_send, to_send
from flows.end.completing import is_over
from flows.handover import Handover, Stage
from flows.privacy import leads, may_read_sensitive
from flows.texts.letter_specs import LetterSpec
from flows.texts.letters import spoken, written
from flows.texts.pieces import approved_text

_YOURS = "You send it: I never write to a customer."
_LONG, _TEXT = 2400, 3600


def build(subject: str, scene: Scene) -> Message | None:
    """What the reader sends next and what became of the rest; for a leader of `EVERYTHING`."""
    handover = scene.handover
    if handover.stage is Stage.DRAFT or not may_read_sensitive(handover, scene.viewer):
        return None
    if is_over(handover):
        words = f"{scene.account}: the handover is over, so nothing is left to send."
        return Message(words, [section(words)]) if _begun(handover) else None
    waiting, sent = _waiting(scene, subject), _sent(scene, subject)
    if not (_begun(handover) and (waiting or sent)):
        return None
    title = f"Approved: what to send to {people.account(handover, scene.names, Surface.PLAIN)}"
    blocks: list[Block] = [header(title), context(_YOURS)]
    said = [f"Approved: what to send to {scene.account}. {_YOURS}"]
    free = [text for text in waiting if not text.held]
    for number, text in enumerate(free):
        line, more = _line(scene, text), _words(scene, text.spec) if number == 0 else []
        blocks += [section(line), *(section(words) for words in more), *_ways(scene, text)]
        said += [line, *more]
    if lines := [_line(scene, text) for text in waiting if text.held]:
        when = "After that" if free else "Not yet"
        blocks.append(section("\n".join([f"*{when}*", *lines])))
        said += [f"{when}:", *lines]
    for one in reversed(sent):
        line = sent_line(scene, one)
        blocks += [section(line), *answer_ways(scene, one)]
        said.append(line)
    plain = [line.replace("*", "").replace("\n", " ") for line in said]
    return Message(fitted(plain, _TEXT), blocks)


def subject_for(scene: Scene) -> str:
    """Whether somebody looks after all texts, or their own."""
    return EVERYTHING if leads(scene.handover, scene.viewer) else ""


def to_send_button(scene: Scene) -> Element | None:
    """Has the message with the texts sent again; nothing for whoever sends none."""
    message = None if is_over(scene.handover) else build(subject_for(scene), scene)
    return button("Texts to send", Act.LETTERS_NEXT, scene.ref()) if message else None


def facts(scene: Scene) -> list[tuple[str, str]]:
    """What the customer has heard and said, as label and words; nothing before they have."""
    sent = [_short(scene, one) for one in scene.handover.sending.last]
    return [("To the customer", "; ".join(sent))] if sent else []


def _begun(handover: Handover) -> bool:
    return bool(handover.letters.opened_at or handover.sending.sent)


def _waiting(scene: Scene, subject: str) -> list[ToSend]:
    every = to_send(scene.handover, scene.playbook)
    if subject == EVERYTHING:
        return [text for text in every if may_send(scene.handover, text.spec, scene.viewer)]
    return [text for text in every if text.sender == scene.viewer]


def _sent(scene: Scene, subject: str) -> list[Sent]:
    """What was sent, by the reader or for them; a leader who looks after everything reads all."""
    sent = list(scene.handover.sending.last)
    if subject == EVERYTHING and leads(scene.handover, scene.viewer):
        return sent
    specs = {one.key: spec_of(scene.playbook, one.key) for one in sent}
    return [
        one
        for one in sent
        if scene.viewer == one.by
        or ((spec := specs[one.key]) and scene.viewer == scene.handover.user(spec.sender))
    ]


def _line(scene: Scene, text: ToSend) -> str:
    """A text with its day and sender, and what it waits for."""
    who = "" if text.sender == scene.viewer else f" · {scene.name(text.sender)} sends it"
    line = f"*{title_of(scene, text.spec.key)}* · by {day(text.due)}{who}"
    return f"{line}\n_{say(text.held)}_" if text.held else line


def _words(scene: Scene, spec: LetterSpec) -> Iterator[str]:
    """What the customer reads, and apart from it what is said to them."""
    version = approved_text(scene.handover, spec.key)
    text = filled_in(scene, version.text) if version else ""
    yield quoted(scene.typed(written(text), _LONG))
    if talk := spoken(text):
        yield f"*What to say*\n{quoted(scene.typed(talk, _LONG))}"


def _ways(scene: Scene, text: ToSend) -> list[Block]:
    version = approved_text(scene.handover, text.spec.key)
    number = str(version.number if version else 0)
    ref = scene.ref(p=text.spec.key, v=number)
    about = title_of(scene, text.spec.key, Surface.PLAIN)
    buttons = actions(
        [
            button("Copy for customer", Act.LETTER_COPY, ref, "primary", about=about),
            button("Mail file", Act.LETTER_MAIL, ref, about=about),
            button("Mark as sent", Act.LETTER_SENT, ref, about=about),
        ]
    )
    return [*buttons, *_link(scene, f"{text.spec.key}:{number}")]


def _link(scene: Scene, text: str) -> list[Block]:
    """Opens a text in a mail program, where it is to one or to nobody by name, and short enough."""
    known = recipients(scene.handover)
    if len(known) > 1:
        return []
    link = mail_link(f"{text}:{known[0].id if known else ''}", scene)
    return [context(f"<{escaped(link)}|Open it in your mail program>")] if link else []


def _short(scene: Scene, sent: Sent) -> str:
    return f"{title_of(scene, sent.key)} on {day(sent.on)} ({answered(scene, sent)})"
