"""Where taking the pack over stands, in the words that everybody on the handover reads."""

from bot.ids import Act
from bot.views import people
from bot.views.blocks import Block, button, context, section
from bot.views.dates import day
from bot.views.rows import Own, act_button, title_of, todo_words
from bot.views.scene import Scene
from bot.views.slack_text import Surface, one_line
from bot.views.words import counted
from flows.errors import FlowError
from flows.handover import Standing
from flows.nudges.ruling import Ruling
from flows.privacy import leads
from flows.staffing.reassigning import first_key
from flows.taking_over.items import items
from flows.taking_over.reading import Missing, blockers, broken, pages
from flows.taking_over.teach_back import additions_unread, is_passed, unmarked
from flows.tasks import Task, Todo, open_tasks
from flows.terms import RecordKind, Role
from flows.texts.pieces import approved_texts

_BLOCKS = {
    Missing.ANSWERS: ("answers still open", "answers still open"),
    Missing.ITEMS: ("promise or issue to decide", "promises and issues to decide"),
    Missing.LINKS: ("link to try", "links to try"),
}
_TITLE = 100
_BROKEN = 5
_OWN = 5
_OFFERED_ANYWAY = frozenset(
    {Todo.ACCEPT, Todo.ANSWER_QUESTIONS, Todo.FINISH_DRAFT, Todo.INTRODUCE_YOURSELF}
)
"""Their buttons come first among the ways on."""
_STATES = {
    Standing.UNDECIDED: "not decided",
    Standing.PROPOSED: "to be changed",
    Standing.DECLINED: "declined",
    Standing.WITHDRAWN: "withdrawn",
}


def missing(scene: Scene) -> list[str]:
    """What stands between the incoming CSM and accepting the pack, one thing each."""
    return [
        _BLOCKS[b.missing][0]
        if b.missing is Missing.ANSWERS
        else counted(b.count, *_BLOCKS[b.missing])
        for b in blockers(scene.handover, scene.playbook)
    ]


def facts(scene: Scene) -> list[tuple[str, str]]:
    """The pack, the open items and the teach-back, as label and words; nothing before there is."""
    found = [
        ("Pack", _pack(scene)),
        ("Open items", _items(scene)),
        ("Teach-back", _taught(scene)),
        ("Texts for the customer", texts(scene)),
    ]
    return [(label, words) for label, words in found if words]


def own_lines(scene: Scene) -> list[str]:
    """What is the reader's to do, a line each."""
    return [_line(scene, task) for task in _known(scene) if task.owner == scene.viewer]


def own_blocks(scene: Scene) -> list[Block]:
    """The same, the first of it with the button that does it."""
    mine = [task for task in _known(scene) if task.owner == scene.viewer]
    blocks = [section("*For you*")] if mine else []
    for task in mine[:_OWN]:
        due = task.due.isoformat()
        own = Own(scene.handover.id, scene.handover.account, task.todo, task.subject, due)
        way = None if task.todo in _OFFERED_ANYWAY else act_button(own)
        blocks.append(section(_line(scene, task), way))
    more = len(mine) - _OWN
    return [*blocks, *([context(f"and {more} more, on Home")] if more > 0 else [])]


def others_lines(scene: Scene) -> list[str]:
    """What others owe, by whom until when, a line each, as far as the reader may know of it; and
    what need not be done.
    """
    lines = [
        f"• {people.person(task.owner, scene.names)}: {_line(scene, task)}"
        for task in _known(scene)
        if task.owner != scene.viewer
    ]
    for key, ruling in scene.handover.rulings.items():
        if ruling.waived:
            todo, subject = key.split(":")[0], key.split(":")[-1]
            by = people.person(ruling.by, scene.names)
            lines.append(f"• Waived by {by}: {_what(scene, todo, subject)}{_why(scene, ruling)}")
    return lines


def _known(scene: Scene) -> tuple[Task, ...]:
    return open_tasks(scene.handover, scene.playbook, scene.viewer)


def _line(scene: Scene, task: Task) -> str:
    what = _what(scene, task.todo, task.subject)
    return f"{what}, by {day(task.due)}{_ruled(scene, task)}"


def _ruled(scene: Scene, task: Task) -> str:
    """Who gave more time for it, and who passed it on, with why."""
    rulings = scene.handover.rulings
    ruling, passed = rulings.get(task.key), rulings.get(first_key(scene.handover, task.key))
    said = f" ({scene.name(ruling.by)} gave more time{_why(scene, ruling)})" if ruling else ""
    if passed and passed.to == task.owner:
        said += f" ({scene.name(passed.by)} passed it on{_why(scene, passed)})"
    return said


def _what(scene: Scene, todo: str, subject: str) -> str:
    title = title_of(scene.handover, scene.playbook, todo, subject)
    about = f": “{one_line(title, Surface.MRKDWN, scene.names, _TITLE)}”" if title else ""
    return f"{todo_words(todo)}{about}"


def _why(scene: Scene, ruling: Ruling) -> str:
    return f": {one_line(ruling.why, Surface.MRKDWN, scene.names, _TITLE)}" if ruling.why else ""


def broken_links(scene: Scene) -> list[Block]:
    """For whoever leads: the documents that do not open, each with the way on without it."""
    if not (leads(scene.handover, scene.viewer) and scene.handover.reading.ticks):
        return []
    blocks = []
    for document in broken(scene.handover)[:_BROKEN]:
        shown, spoken = (
            one_line(document.title, surface, scene.names, _TITLE)
            for surface in (Surface.MRKDWN, Surface.PLAIN)
        )
        ref = scene.ref(v=document.key)
        way = button("Go on without it", Act.LINK_WAIVE, ref, about=spoken)
        blocks.append(section(f"{scene.incoming} can't open: {shown}", way))
    return blocks


def texts(scene: Scene) -> str:
    """How many of the customer's texts are approved; nothing before their reason stands."""
    if scene.handover.wording is None:
        return ""
    approved, count = approved_texts(scene.handover)
    return f"{approved} of {count} approved" if count else "not sent for approval yet"


def _pack(scene: Scene) -> str:
    handover, reading = scene.handover, scene.handover.reading
    if reading.accepted_at:
        return f"accepted on {day(reading.accepted_at.astimezone(scene.now.tzinfo).date())}"
    reader = handover.user(Role.INCOMING)
    if not (reader and reading.furthest):
        return ""
    try:
        count = len(pages(handover, scene.playbook, reader, scene.now))
    except FlowError:
        # Answers were taken back: there is too little for a pack.
        return people.listed(missing(scene))
    read = f"{min(reading.furthest, count)} of {count} pages read"
    return people.listed([read, *missing(scene)])


def _items(scene: Scene) -> str:
    """Promises and issues that are not done, with how many of them stand out."""
    waiting = [item for item in items(scene.handover) if item.done is None]
    if not waiting:
        return ""
    kinds = [
        counted(number, spec.one, spec.many)
        for kind in (RecordKind.COMMITMENT, RecordKind.ISSUE)
        if (number := sum(item.kind is kind for item in waiting))
        and (spec := scene.playbook.specs[kind])
    ]
    states = [
        f"{number} {words}"
        for standing, words in _STATES.items()
        if (number := sum(item.decision.standing is standing for item in waiting))
    ]
    words = people.listed([scene.typed(kind) for kind in kinds])
    return f"{words}; {people.listed(states)}" if states else words


def _taught(scene: Scene) -> str:
    if scene.handover.teach_back is None:
        return "comes next" if scene.handover.reading.accepted_at else ""
    if is_passed(scene.handover):
        return "done"
    left = len(unmarked(scene.handover))
    if additions_unread(scene.handover):
        return f"{scene.incoming} reads what was added"
    return f"{counted(left, 'answer')} to look at"
