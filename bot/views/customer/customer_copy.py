"""A customer's text alone in one message: Slack's own "Copy text" takes exactly it (G32)."""

from collections.abc import Iterator
from typing import NamedTuple

from bot.views.blocks import SECTION, Block, Message
from bot.views.customer.customer_said import name_of, recipients, spec_of
from bot.views.scene import Scene
from bot.views.slack_text import Surface, escaped
from bot.views.texts.letter_text import filled_in
from flows.customer.to_send import may_send
from flows.handover import Record
from flows.texts.letter_specs import LetterSpec
from flows.texts.letters import written
from flows.texts.pieces import approved_text

_TEXT = 3600


class Addressed(NamedTuple):
    """What one of the customer's people is to read, in the stored form; `to` where named."""

    spec: LetterSpec
    text: str
    to: Record | None


def addressed(subject: str, scene: Scene) -> Addressed | None:
    """The text as it is to be read; nothing where it is not current, or not the reader's to send.

    `subject` is the text's key, its version and, where it is to somebody by name, their record.
    """
    key, _, rest = subject.partition(":")
    number, _, record = rest.partition(":")
    spec, version = spec_of(scene.playbook, key), approved_text(scene.handover, key)
    if spec is None or version is None or str(version.number) != number:
        return None
    if not may_send(scene.handover, spec, scene.viewer):
        return None
    known = next((one for one in recipients(scene.handover) if one.id == record), None)
    named = escaped(name_of(scene, known, Surface.PLAIN)) if known else ""
    return Addressed(spec, written(filled_in(scene, version.text, named)), known)


def copied(subject: str, scene: Scene) -> Message | None:
    """The text as one message to be copied: plain, with nothing of ours around it."""
    found = addressed(subject, scene)
    if found is None:
        return None
    blocks: list[Block] = [
        {"type": "section", "text": {"type": "plain_text", "text": part, "emoji": False}}
        for part in _parts(scene.plain(found.text))
    ]
    return Message(scene.typed(found.text, _TEXT), blocks)


def _parts(text: str) -> Iterator[str]:
    """A text in pieces that fit into a block, cut between paragraphs where that is possible."""
    while len(text) > SECTION:
        end = text.rfind("\n\n", 1, SECTION)
        end = end if end > 0 else text.rfind("\n", 1, SECTION)
        end = end if end > 0 else SECTION
        yield text[:end]
        text = text[end:].lstrip("\n")
    yield text
