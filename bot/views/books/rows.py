"""The accounts of one book as one line of a list or of Home, and the same for what is owed."""

from collections.abc import Sequence

from bot.books.ids import BookAct
from bot.ids import Ref
from bot.views import people
from bot.views.blocks import Block, button, section
from bot.views.dates import iso_day
from bot.views.rows import Owed, Row, row_block, row_line, subject_of, task_block, todo_words
from bot.views.slack_text import Names, Surface
from bot.views.words import counted
from flows.end.completing import is_over
from flows.handover import Acceptance
from flows.knowledge.interview import pack_complete
from flows.tasks import Todo

Group = tuple[Row, ...]
OWN = "mine"
"""What a button carries that leads to what its reader has to do in a book."""


def folded(rows: Sequence[Row]) -> list[Group]:
    """Several accounts of one book together where the first of them stands; others each alone."""
    groups: dict[str | int, list[Row]] = {}
    for number, row in enumerate(rows):
        groups.setdefault(row.handover.book or number, []).append(row)
    return [tuple(group) for group in groups.values()]


def group_line(group: Group, names: Names) -> str:
    """A book in numbers, or an account."""
    if len(group) == 1:
        return row_line(group[0], names)
    return f"*{_whose(group, names)}*: {counts(group)}"


def group_block(group: Group, names: Names) -> Block:
    """A book or an account with the button that shows it."""
    if len(group) == 1:
        return row_block(group[0], names)
    ref, whose = Ref(h=group[0].handover.book), _whose(group, names, Surface.PLAIN)
    return section(
        group_line(group, names), button("Show the book", BookAct.SHOW, ref, about=whose)
    )


def counts(group: Sequence[Row]) -> str:
    """How far several accounts are: "14 accounts, 9 accepted, 3 packs complete"."""
    ahead = [row for row in group if not is_over(row.handover)]
    taken = sum(row.handover.acceptance is Acceptance.ACCEPTED for row in ahead)
    packs = sum(pack_complete(row.handover, row.playbook) for row in ahead)
    resting = sum(row.handover.ending.pause is not None for row in ahead)
    found = [
        counted(len(group), "account"),
        f"{taken} accepted",
        counted(packs, "pack complete", "packs complete"),
        f"{resting} paused" if resting else "",
        f"{len(group) - len(ahead)} over" if len(group) > len(ahead) else "",
    ]
    return ", ".join(words for words in found if words)


def folded_tasks(rows: Sequence[Row], tasks: Sequence[Owed]) -> list[tuple[Owed, ...]]:
    """The same thing to do for several accounts of one book together, the most urgent first."""
    books = {row.handover.id: row.handover.book for row in rows}
    groups: dict[tuple[str, str] | int, list[Owed]] = {}
    for number, task in enumerate(tasks):
        book = books.get(task.handover)
        groups.setdefault((book, task.todo) if book else number, []).append(task)
    return [tuple(group) for group in groups.values()]


def tasks_block(rows: Sequence[Row], group: Sequence[Owed], names: Names) -> Block:
    """What is to do, with the button that does it, or that shows for which accounts it is."""
    first = group[0]
    row = next((row for row in rows if row.handover.id == first.handover), None)
    if len(group) == 1 or row is None:
        return task_block(first, names, subject_of(rows, first))
    whose = _whose((row,), names)
    many = counted(len({task.handover for task in group}), "account")
    ref = Ref(h=row.handover.book, v=OWN, k=first.todo)
    label = f"Accept: {many}" if first.todo == Todo.ACCEPT else "Show them"
    words = f"*{whose}:* {todo_words(first.todo)}, {many}, the first by {iso_day(first.due)}"
    spoken = f"{todo_words(first.todo)}, {many}"
    return section(words, button(label, BookAct.SHOW, ref, about=spoken))


def _whose(group: Group, names: Names, surface: Surface = Surface.MRKDWN) -> str:
    return f"{people.party(group[0].handover.outgoing, names, surface)}'s book"
