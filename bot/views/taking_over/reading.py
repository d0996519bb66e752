"""The pack as the incoming CSM reads it: one page, edited in place, with what can be done on it."""

from collections.abc import Iterator

from bot.ids import Act
from bot.views import people, standing
from bot.views.blocks import (
    Block,
    Choice,
    Element,
    Message,
    actions,
    button,
    checkboxes,
    context,
    fitted,
    header,
    section,
)
from bot.views.knowledge.listed import own_records, prose
from bot.views.knowledge.question_parts import title
from bot.views.scene import Scene, quoted
from bot.views.slack_text import Surface, link, one_line
from bot.views.taking_over.items import item_blocks, item_text
from bot.views.words import VERDICTS, counted, given, labelled, quality, value
from flows.errors import FlowError
from flows.handover import Acceptance, Essential, Record, Standing, Unsorted, Verdict
from flows.knowledge.ledger import Document
from flows.privacy import leads, may_know
from flows.taking_over.brief import Entry, Section
from flows.taking_over.items import ITEM_KINDS, owner
from flows.taking_over.reading import LONGEST, blockers, links, pages
from flows.terms import RecordKind, Role

_BLOCK = 2900
_TITLE = 200
_DETAIL = 300
_TEXT = 3500
_CARRIED_ON = frozenset({RecordKind.RISK, RecordKind.OPPORTUNITY})
"""What goes on with somebody, and comes with the pack as a whole."""
ESSENTIALS = {
    Essential.USE_CASE: "What they use us for",
    Essential.MEETING_NOTES: "Meeting notes",
    Essential.QBR_SUMMARY: "Review (QBR) summary",
    Essential.ACTION_ITEMS: "Action items",
    Essential.ACCOUNT_PLAN: "Account or success plan",
}


def build(_subject: str, scene: Scene) -> Message | None:
    """The page that stands open; nothing for whoever does not take the account over.

    Whoever did and has no part any more reads just that: the pack goes from their messages.
    """
    handover = scene.handover
    if not may_know(handover, scene.viewer):
        words = f"Somebody else takes {scene.account} over now. Nothing is left for you to do."
        return Message(words, [section(words)])
    if scene.viewer != handover.user(Role.INCOMING):
        return None
    if handover.acceptance is not Acceptance.ACCEPTED:
        return None
    try:
        turned = pages(handover, scene.playbook, scene.viewer, scene.now)
    except FlowError:
        return None
    number = min(max(handover.reading.page, 1), len(turned))
    account = people.account(handover, scene.names, Surface.PLAIN)
    place = f"Page {number} of {len(turned)}"
    page, state = turned[number - 1], pack_state(scene)
    blocks: list[Block] = [header(f"{account}: the pack"), context(place, state)]
    for part in page:
        blocks += _part(scene, part)
    blocks += _ways(scene, number, len(turned), page)
    titles = people.listed([scene.typed(part.title) for part in page])
    words = fitted(list(_lines(scene, page)), _TEXT)
    return Message(f"{scene.account}, the pack: {place}, {titles}. {state}\n{words}", blocks)


def pack_state(scene: Scene) -> str:
    """What still stands between the reader and accepting, in one line."""
    if scene.handover.reading.accepted_at:
        texts = standing.texts(scene)
        told = f" Texts for the customer: {texts}." if texts else ""
        return f"You have accepted the pack.{told}"
    if waits := standing.missing(scene):
        return f"Before you accept: {people.listed(waits)}."
    return "Everything is there: accept it when you are ready."


def read_button(scene: Scene, label: str = "Read the pack") -> Element:
    """Opens the pack, or says where it stands open already."""
    return button(label, Act.READ_OPEN, scene.ref(), "primary")


def _part(scene: Scene, part: Section) -> Iterator[Block]:
    yield section(f"*— {scene.typed(part.title)} —*")
    for entry in part.entries:
        what = one_line(entry.question.text, Surface.PLAIN, scene.names)
        ref = scene.ref(q=entry.question.id)
        ask = button("Ask about this", Act.READ_ASK, ref, about=what)
        yield section(_entry_text(scene, entry), None if entry.by == scene.viewer else ask)
    for record in part.records:
        if record.kind in ITEM_KINDS:
            yield from item_blocks(scene, record)
        else:
            yield section(_record_text(scene, record))
    for document in part.documents:
        yield from _document(scene, document)
    for piece in part.pieces:
        yield section(_added(scene, piece))
    if part.title == "Documents":
        yield from _essentials(scene)


def _entry_text(scene: Scene, entry: Entry) -> str:
    """What was answered, with who said so and when."""
    handover, question = scene.handover, entry.question
    lines = [f"*{one_line(question.text, Surface.MRKDWN, scene.names, _TITLE)}*"]
    if entry.verdict is not Verdict.GIVEN:
        lines.append(f"{VERDICTS[entry.verdict]}.")
    lines += [
        labelled(scene.typed(p.label), given(p, entry.given[p.key], scene.names, Surface.MRKDWN))
        for p in question.parts
        if p.key in entry.given
    ]
    typed = [record for record in own_records(handover.records, question.id) if record.source]
    room = LONGEST
    for text in entry.texts:
        words = prose(scene.playbook, question, text, typed)
        if words.strip() and room > 0:
            lines.append(quoted(scene.typed(words, room)))
            room -= len(words)
    if room <= 0:
        lines.append("The whole is in the brief.")
    lines += [f"File: {one_line(f.name, Surface.MRKDWN, scene.names, _TITLE)}" for f in entry.files]
    good = quality(entry, scene.names, Surface.MRKDWN)
    lines.append(f"_{scene.name(entry.by)}_" + (f" ({'; '.join(good)})" if good else ""))
    for ask in handover.asks:
        if ask.about == question.id and ask.reply and not ask.fills:
            asker, reply = scene.name(ask.by), scene.typed(ask.reply, LONGEST // 4)
            lines.append(f"Asked by {asker}: {scene.typed(ask.text, _DETAIL)}\n{quoted(reply)}")
    return fitted(lines, _BLOCK) if len("\n".join(lines)) > _BLOCK else "\n".join(lines)


def _record_text(scene: Scene, record: Record) -> str:
    spec = scene.playbook.specs[record.kind]
    details = [
        f"{p.label}: {value(p, record.details[p.key], scene.names, Surface.MRKDWN, _DETAIL)}"
        for p in spec.fields[1:]
        if p.key in record.details
    ]
    lines = [f"• *{title(record, scene, Surface.MRKDWN)}*", " · ".join(details)]
    if record.kind in _CARRIED_ON:
        whose = scene.name(owner(scene.handover, record))
        lines.append(f"With {whose}{', taken over with the pack' if _taken(scene) else ''}")
    return "\n".join(line for line in lines if line)


def _taken(scene: Scene) -> bool:
    return scene.handover.reading.accepted_at is not None


def _added(scene: Scene, piece: Unsorted) -> str:
    """What somebody added, a message from Slack mostly, with who wrote it."""
    who = scene.name(piece.by)
    if piece.quoted:
        who = f"{people.author(piece.quoted.author, scene.names)}, on Slack"
    note = f"*{one_line(piece.note, Surface.MRKDWN, scene.names, _TITLE)}*\n" if piece.note else ""
    words = quoted(scene.typed(piece.text, LONGEST // 2)) if piece.text.strip() else ""
    files = "\n".join(one_line(f.name, Surface.MRKDWN, scene.names, _TITLE) for f in piece.files)
    lines = [line for line in (words, files, f"_{who}_") if line]
    return note + "\n".join(lines)


def _document(scene: Scene, document: Document) -> Iterator[Block]:
    """A document with its link, and whether it opens."""
    name = one_line(document.title, Surface.MRKDWN, scene.names, _TITLE)
    called = one_line(document.title, Surface.PLAIN, scene.names, _TITLE)
    bring = None
    if file := document.file:
        bring = button("Bring me this file", Act.FILE_BRING, scene.ref(v=file.id), about=called)
    if not document.link:
        yield section(f"• *{name}*" if bring else f"• *{name}* (no link)", bring)
        return
    address = link(document.link, Surface.MRKDWN)
    words = f"• {address}" if document.title == document.link else f"• *{name}*\n{address}"
    tick = scene.handover.reading.ticks.get(document.key)
    ref = scene.ref(n=(document.key,))
    opens = button("It opens", Act.LINK_OPENS, ref, about=called)
    closed = button("I can't open it", Act.LINK_BROKEN, ref, about=called)
    if tick is None:
        yield section(words)
        yield from actions([bring, opens, closed])
        return
    if tick.opens:
        told, change = "Opens ✓", closed
    else:
        leader = people.person(scene.handover.leader, scene.names)
        what = (
            f"{leader} goes on without it"
            if tick.waived
            else f"it is being looked at, and {leader} can go on without it"
        )
        told, change = f"Does not open; {what}", opens
    yield section(f"{words}\n{told}", None if bring else change)
    if bring:
        yield from actions([bring, change])


def _essentials(scene: Scene) -> Iterator[Block]:
    """The five things that the reader must have found (G14), a tick each."""
    choices = [Choice(key.value, words) for key, words in ESSENTIALS.items()]
    found = [key.value for key in scene.handover.reading.found]
    boxes = checkboxes(choices, found, Act.ESSENTIALS)
    yield section("*Have you found these in the pack?* Tick what you have.")
    yield {"type": "actions", "block_id": scene.ref(v="essentials").dump(), "elements": [boxes]}


def _ways(scene: Scene, number: int, count: int, page: list[Section]) -> Iterator[Block]:
    """What can be done with the whole page, and the ways on."""
    waiting = tuple(
        record.id
        for part in page
        for record in part.records
        if record.kind in ITEM_KINDS
        and not record.done
        and record.decision.standing is Standing.UNDECIDED
    )
    ticks = scene.handover.reading.ticks
    untried = tuple(d.key for part in page for d in part.documents if d.link and d.key not in ticks)
    yield from actions(
        [
            button(f"Accept all {len(waiting)} above", Act.ITEM_ACCEPT, scene.ref(n=waiting))
            if len(waiting) > 1
            else None,
            button(f"All {len(untried)} links open", Act.LINK_OPENS, scene.ref(n=untried))
            if len(untried) > 1
            else None,
        ]
    )
    accepted = scene.handover.reading.accepted_at
    ready = not blockers(scene.handover, scene.playbook)
    turns = [
        button("Back", Act.READ_TURN.of("back"), scene.ref(v=str(number - 1)))
        if number > 1
        else None,
        button("Next page", Act.READ_TURN.of("next"), scene.ref(v=str(number + 1)), "primary")
        if number < count
        else None,
    ]
    decide = [
        button("Accept pack", Act.PACK_ACCEPT, scene.ref(), "primary" if ready else ""),
        button("Ask before accepting", Act.PACK_RETURN, scene.ref()),
    ]
    yield from actions([*turns, *([] if accepted else decide)])


def _lines(scene: Scene, page: list[Section]) -> Iterator[str]:
    """The page for a screen reader."""
    for part in page:
        for entry in part.entries:
            yield _entry_text(scene, entry).replace("*", "").replace("\n> ", " ").replace("\n", " ")
        for record in part.records:
            told = item_text(scene, record) if record.kind in ITEM_KINDS else None
            yield (told or _record_text(scene, record)).replace("*", "").replace("\n", ", ")
        for piece in part.pieces:
            yield _added(scene, piece).replace("*", "").replace("\n> ", " ").replace("\n", " ")
        for document in part.documents:
            yield one_line(document.title, Surface.MRKDWN, scene.names, _TITLE)


def build_broken(subject: str, scene: Scene) -> Message | None:
    """A link that does not open, to whoever can put it right."""
    document = next((d for d in links(scene.handover) if d.key == subject), None)
    if document is None:
        words = f"{scene.account}: this document has been replaced. Thank you!"
        return Message(words, [section(words)])
    name = one_line(document.title, Surface.MRKDWN, scene.names, _TITLE)
    tick = scene.handover.reading.ticks.get(subject)
    if tick is None or tick.opens or tick.waived:
        done = "is not needed any more" if tick and tick.waived else "opens now. Thank you!"
        words = f"{scene.account}: {name} {done}"
        return Message(words, [section(words)])
    words = f"{scene.incoming} can't open this document of {scene.account}: {name}."
    hint = "Share it with them, or change the link in your answer; they try again."
    address = link(document.link, Surface.MRKDWN)
    leader = leads(scene.handover, scene.viewer)
    ways: list[Element | None] = [
        button("Go on without it", Act.LINK_WAIVE, scene.ref(v=subject)) if leader else None,
        button("Change my answer", Act.ANSWER_CHANGE, scene.ref(q=document.question))
        if document.question and document.by == scene.viewer
        else None,
    ]
    shown = f"*{words}*\n{hint}" if address == name else f"*{words}*\n{address}\n{hint}"
    return Message(f"{words} {hint}", [section(shown), *actions(ways)])


def build_returned(subject: str, scene: Scene) -> Message | None:
    """What the incoming CSM still wants to know, told kindly; the questions follow."""
    handover = scene.handover
    if subject != str(handover.reading.rounds):
        return None
    back = [answer.returned for answer in handover.answers.values() if answer.returned]
    # What was asked in an earlier round was told of then.
    asked = [one for one in back if one.at == max(other.at for other in back)]
    if not asked:
        return None
    count = counted(len(asked), "question")
    first = f"{scene.incoming} has {count} before taking {scene.account} over:"
    words = scene.typed(min((one.text for one in asked), key=len), LONGEST)
    them = "it" if len(asked) == 1 else "them"
    hint = f"I put {them} to you again in this thread; what you said stays, and you can add to it."
    return Message(
        f"{first} {words} {hint}", [section(f"*{first}*\n{quoted(words)}"), context(hint)]
    )
