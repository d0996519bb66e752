"""The Home tab: what is yours to do, and the handovers you take part in."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.books.ids import BookAct
from bot.ids import Act
from bot.views.blocks import Block, actions, button, context, divider, header, section
from bot.views.books.rows import folded, folded_tasks, group_block, tasks_block
from bot.views.rows import Owed, Row, greeting
from bot.views.slack_text import Names
from bot.views.words import counted
from flows.frozen import Moment
from flows.reports.report import reports_on

_TASKS = 20


@dataclass(frozen=True)
class Step:
    """One step of getting ready, as people read it."""

    words: str
    done: bool


@dataclass(frozen=True)
class Beside:
    """What somebody is to the workspace: `first_day` adds what an admin does while nobody leads
    yet, `ready` the steps of getting ready, `leads` what a leader may begin.
    """

    first_day: bool = False
    ready: Sequence[Step] = ()
    leads: bool = False


NOTHING_BESIDE = Beside()
_ROWS = 40


def home_view(
    rows: Sequence[Row],
    tasks: Sequence[Owed],
    viewer: str,
    names: Names,
    now: Moment,
    beside: Beside = NOTHING_BESIDE,
) -> Block:
    """The Home view for one person, with what stands there because of what they are."""
    leader = any(reports_on(row.handover, viewer) for row in rows)
    blocks: list[Block] = [
        *(_first_day(begun=bool(rows)) if beside.first_day else []),
        *_getting_ready(beside.ready),
        header("Handovers"),
        *(_mine(rows, tasks, names, now) if rows or tasks else _empty(viewer, names)),
        *actions(
            [
                button("Start a handover", Act.MENU_START, style="primary"),
                button("Hand over a book", BookAct.BEGIN) if beside.leads else None,
                button("How it works", Act.MENU_HELP),
                button("Reminders", Act.REMINDERS_OPEN) if rows or tasks else None,
                button("My report", Act.REPORT_SEND) if leader else None,
                None if rows or beside.ready else button("Try with an example", Act.EXAMPLE_TRY),
            ]
        ),
    ]
    return {"type": "home", "blocks": blocks}


def _getting_ready(steps: Sequence[Step]) -> list[Block]:
    """A checklist for whoever installs the bot, each step with its tick."""
    if not steps:
        return []
    lines = [f"{'✓' if step.done else '○'} {step.words}" for step in steps]
    return [
        section("\n".join(["*Getting ready*", *lines])),
        *actions(
            [
                button("Name leaders", Act.MENU_SETTINGS),
                button("Try with an example", Act.EXAMPLE_TRY),
            ]
        ),
        divider(),
    ]


def _empty(viewer: str, names: Names) -> list[Block]:
    words = (
        f"{greeting(viewer, names)} No handover involves you right now. "
        "When an account of yours moves to somebody else, start here: I ask for what is known, "
        "one question at a time, and keep everybody in the picture."
    )
    return [section(words)]


def _mine(rows: Sequence[Row], tasks: Sequence[Owed], names: Names, now: Moment) -> list[Block]:
    blocks: list[Block] = []
    if tasks:
        late = sum(task.due < now.date().isoformat() for task in tasks)
        note = f", {late} of them due before today" if late else ""
        blocks += [section(f"*For you: {counted(len(tasks), 'thing')} to do{note}*")]
        owed = folded_tasks(rows, tasks)
        blocks += [tasks_block(rows, group, names) for group in owed[:_TASKS]]
        blocks += _left(sum(map(len, owed)), sum(map(len, owed[:_TASKS])))
    else:
        blocks += [section("Nothing is waiting for you. Thank you!")]
    if rows:
        blocks += [divider(), section(f"*Your handovers: {len(rows)}*")]
        groups = folded(rows)
        blocks += [group_block(group, names) for group in groups[:_ROWS]]
        if left := sum(map(len, groups[_ROWS:])):
            every = button("Show all my handovers", Act.MENU_LIST)
            blocks += [section(f"and {left} more", every)]
    return [*blocks, divider()]


def _left(count: int, shown: int) -> list[Block]:
    return [context(f"and {count - shown} more")] if count > shown else []


def _first_day(*, begun: bool) -> list[Block]:
    """What whoever installed the bot does first."""
    words = (
        "*Welcome! Please name the leaders.*\n"
        "They are the people who may lead a handover: they decide, and see what only leaders see."
    )
    if not begun:
        words += " After that anybody starts a handover with /handover start."
    return [
        section(words),
        *actions([button("Name leaders", Act.MENU_SETTINGS, style="primary")]),
        divider(),
    ]
