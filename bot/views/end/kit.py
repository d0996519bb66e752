"""The last-day kit as each of its readers sees it: what is theirs, done or not, and two texts."""

from collections.abc import Iterator

from bot.ids import Act
from bot.views import people
from bot.views.blocks import Block, Element, Message, actions, button, context, header, section
from bot.views.dates import day
from bot.views.scene import Scene
from bot.views.schedule.calls import title_of
from bot.views.slack_text import Surface
from bot.views.texts.letter_text import filled_in
from bot.views.words import KIT
from flows.end.kit import INBOXES, Todo, auto_reply, goodbye, items, lead_of, successor
from flows.end.kits import KitItem
from flows.privacy import leads, may_read_sensitive
from flows.schedule.calls import calls
from flows.terms import DateIs

_QUOTE = 1500
_CALLS = 5
_TEXTS = {KitItem.AUTO_REPLY: auto_reply, KitItem.GOODBYE: goodbye}


def build(_subject: str, scene: Scene) -> Message | None:
    """What the reader sees to; a leader reads all of it. Nothing while there is no last day."""
    handover, kit = scene.handover, scene.handover.changes.kit
    if kit.at is None or not may_read_sensitive(handover, scene.viewer):
        words = f"{scene.account}: the last day has moved; this comes again then."
        return Message(words, [section(words)])
    if handover.day_is is not DateIs.LAST_DAY:
        words = f"{scene.account}: there is no last day any more."
        return Message(words, [section(words)])
    every = leads(handover, scene.viewer)
    mine = [t for t in items(handover, scene.playbook) if every or t.owner == scene.viewer]
    account = people.account(handover, scene.names, Surface.PLAIN)
    title = f"{account}: last day on {day(handover.day)}"
    lines = [_line(scene, todo) for todo in mine]
    blocks: list[Block] = [header(title)]
    for todo, line in zip(mine, lines, strict=True):
        blocks.append(section(line, _done(scene, todo)))
        if todo.item is KitItem.INBOXES and (told := _inboxes(scene)):
            blocks.append(context(told))
        if todo.item is KitItem.MEETINGS:
            blocks += [context(*_meetings(scene))]
        if todo.item in _TEXTS and (text := _text(scene, todo.item)):
            copy = button("Copy the text", Act.KIT_COPY.of(todo.item), scene.ref(r=todo.item))
            blocks += [context(scene.typed(text, _QUOTE)), *actions([copy])]
    if not mine:
        return Message(title, [*blocks, section("Nothing is left for you here. Thank you!")])
    return Message(f"{title}. {' '.join(lines)}", blocks)


def copied(subject: str, scene: Scene) -> Message | None:
    """One of the two texts alone in a message, as Slack's own "Copy text" takes it."""
    text = _text(scene, KitItem(subject)) if subject in set(_TEXTS) else ""
    known = may_read_sensitive(scene.handover, scene.viewer)
    if not (text and known and scene.handover.changes.kit.at):
        return None
    plain = {"type": "plain_text", "text": scene.plain(text, _QUOTE), "emoji": False}
    return Message(scene.typed(text, _QUOTE), [{"type": "section", "text": plain}])


def item_words(scene: Scene, item: KitItem) -> str:
    """What an item is called."""
    return KIT[item].format(outgoing=scene.outgoing)


def _text(scene: Scene, item: KitItem) -> str:
    return filled_in(scene, _TEXTS[item](scene.handover, scene.playbook))


def _inboxes(scene: Scene) -> str:
    """What the outgoing CSM told of them, as far as the reader may know."""
    answer = scene.handover.answers.get(INBOXES)
    words = " ".join(said.in_words for said in answer.said) if answer else ""
    return scene.typed(words, _QUOTE)


def _line(scene: Scene, todo: Todo) -> str:
    words = item_words(scene, todo.item)
    ticked = scene.handover.changes.kit.done.get(todo.item)
    if ticked:
        return f"✓ {words[:1].upper()}{words[1:]} ({scene.name(ticked.by)})."
    who = "" if todo.owner == scene.viewer else f", with {scene.name(todo.owner)}"
    return f"• {words[:1].upper()}{words[1:]}, by {day(todo.due)}{who}."


def _done(scene: Scene, todo: Todo) -> Element | None:
    may = todo.owner == scene.viewer or leads(scene.handover, scene.viewer)
    if todo.item in scene.handover.changes.kit.done or not may:
        return None
    ref = scene.ref(r=todo.item)
    about = item_words(scene, todo.item)
    return button("Mark done", Act.KIT_DONE.of(todo.item), ref, about=about)


def _meetings(scene: Scene) -> Iterator[str]:
    """The next meetings with the customer in the plan, each with who leads it."""
    found = [
        call
        for call in calls(scene.handover, scene.playbook)
        if call.with_customer and call.milestone
    ]
    for call in found[:_CALLS]:
        lead = lead_of(scene.handover, call)
        who = f"{scene.name(lead)} leads it" if lead else "nobody leads it yet"
        yield f"{title_of(scene, call, Surface.MRKDWN)}, {day(call.appointment.day)}: {who}"
    if not found:
        yield "No meeting with the customer is left in the plan."
    heir = successor(scene.handover)
    taker = scene.name(heir) if heir else people.person(scene.handover.leader, scene.names)
    yield f"Whatever recurs goes to {taker}."
