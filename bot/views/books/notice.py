"""What the leader of a book reads: how far it is, in one message, and what only leaders do."""

from collections import Counter

from bot.books.ids import BookAct
from bot.views import people
from bot.views.blocks import Block, Element, Message, actions, button, confirm, header, section
from bot.views.books import prepared as book_prepared
from bot.views.books.rows import counts
from bot.views.books.scene import BookScene
from bot.views.slack_text import Surface
from bot.views.words import counted
from flows.books.book import BookStage, leads_book
from flows.books.keeping import can_be_undone
from flows.books.standing import untold_in
from flows.end.completing import is_over
from flows.privacy import leads
from flows.terms import Role

_TOLD, _LATE = 5, 8


def build(_subject: str, scene: BookScene) -> Message | None:
    """How many accounts are accepted, packed and late; nothing for whoever leads none of them."""
    if scene.book.stage is not BookStage.STARTED:
        return book_prepared.build(scene)
    led = [row for row in scene.rows if leads(row.handover, scene.viewer)]
    if not led:
        return None
    title = f"Book of {scene.plain_outgoing}: {counted(len(led), 'account')}"
    lines = [f"{counts(led)}."]
    if late := late_by_owner(scene):
        lines.append(f"Late: {late}.")
    less = [row for row in led if row.handover.asked_less]
    if less:
        lines.append(f"Only the essentials are asked of {counted(len(less), 'account')}.")
    again = button("Ask everything again", BookAct.MORE, scene.ref()) if less else None
    show = button("Show the book", BookAct.SHOW, scene.ref())
    blocks: list[Block] = [
        header(title),
        section("\n".join(lines)),
        *actions([show, again, *_ways(scene)]),
    ]
    return Message(f"{title}. {' '.join(lines)}", blocks)


def late_by_owner(scene: BookScene) -> str:
    """What was due before today where the reader leads, as a number for each who owes it."""
    today = scene.now.date().isoformat()
    led = {handover.id for handover in scene.handovers if leads(handover, scene.viewer)}
    late = Counter(task.owner for task in scene.owed if task.due < today and task.handover in led)
    most = [(owner, many) for owner, many in late.most_common(_LATE) if owner]
    said = [f"{people.person(owner, scene.names)} {many}" for owner, many in most]
    more = sum(late.values()) - sum(many for _owner, many in most)
    return ", ".join([*said, *([f"others {more}"] if more else [])])


def _ways(scene: BookScene) -> list[Element | None]:
    """What only leaders do, as long as there is something to do."""
    untold = untold_in(scene.handovers, scene.viewer)
    book, viewer = scene.book, scene.viewer
    undoes = viewer == book.created_by or leads_book(book, viewer)
    back = undoes and can_be_undone(book, scene.now)
    alone = any(
        handover.leader == scene.viewer and not (handover.backup or is_over(handover))
        for handover in scene.handovers
    )
    return [
        *(_tell(scene, role, user, len(hs)) for (role, user), hs in list(untold.items())[:_TOLD]),
        button("Name a backup", BookAct.BACKUP, scene.ref()) if alone else None,
        _undo(scene) if back else None,
    ]


def _tell(scene: BookScene, role: Role, user: str, many: int) -> Element:
    name = people.person(user, scene.names, Surface.PLAIN)
    what = f"{name} reads of {counted(many, 'account')} at once, and is asked what is theirs to do."
    ref = scene.ref(v=role, u=user)
    sure = {"confirm": confirm(f"Tell {name}?", what, "Tell them now", "Not yet")}
    return button(f"Tell {name} now", BookAct.TELL_ONE.of(f"{role}-{user}"), ref) | sure


def _undo(scene: BookScene) -> Element:
    what = "It is as if the book had never been started. Nobody has been told."
    sure = {"confirm": confirm("Undo the start?", what, "Undo the start")}
    return button("Undo the start", BookAct.UNDO, scene.ref(), "danger") | sure
