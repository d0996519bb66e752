"""Where a book stands: its accounts as a table, a page at a time, for one reader."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from math import ceil

from bot.books.ids import BookAct
from bot.ids import Act, Ref
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
from bot.views.books.order import busy_line, refused_lines
from bot.views.books.rows import OWN, counts
from bot.views.books.scene import BookScene
from bot.views.dates import near_day
from bot.views.rows import Row, subject_of, task_block, task_line, todo_words
from bot.views.slack_text import Surface, one_line
from bot.views.words import counted, stage
from flows.books.standing import Verb, alarm_for, fits, is_alone, is_waited_for, refused_orders
from flows.end.completing import is_over
from flows.handover import Acceptance, Handover
from flows.knowledge.interview import progress
from flows.privacy import told_user
from flows.tasks import Task, Todo, open_tasks
from flows.terms import Role
from flows.texts.pieces import approved_texts

_ROWS, _TEXT, _ACCOUNT, _WAITS, _REFUSED = 15, 3700, 100, 3, 1200


class Filter(StrEnum):
    """Which accounts of a book are shown."""

    ALL = "all"
    OWN = OWN
    WAITING = "waiting"
    RED = "red"


LABELS = {
    Filter.ALL: "All accounts",
    Filter.OWN: "Waiting for me",
    Filter.WAITING: "Not accepted",
    Filter.RED: "Red",
}
VERBS = {
    Verb.PAUSE: "Pause accounts",
    Verb.TAKE_UP: "Take up again",
    Verb.CANCEL: "Cancel accounts",
    Verb.CHANGE: "Change incoming CSM",
}


def build(scene: BookScene, ref: Ref) -> Message:
    """A page of a book; `ref.v` is a Filter, `ref.t` the page, `ref.k` a Todo where only that is
    asked for. A page that is not there is the last one.
    """
    wanted = Filter(ref.v or Filter.ALL)
    if wanted is Filter.OWN:
        return _own(scene, ref)
    rows = [row for row in in_order(scene) if _SHOWN[wanted](scene, row)]
    page, pages = _page(ref, len(rows))
    shown = rows[page * _ROWS : (page + 1) * _ROWS]
    lines = ["\n".join(_lines(scene, row)) for row in shown]
    blocks = [section(line, _show(scene, row)) for line, row in zip(lines, shown, strict=True)] or [
        section("No account is like that.")
    ]
    return _message(scene, ref, lines, blocks, pages)


def in_order(scene: BookScene) -> list[Row]:
    """The accounts, what waits for the reader first, then what is red; what is over comes last."""
    own = _own_due(scene)

    def place(row: Row) -> tuple[bool, str, bool, str]:
        handover = row.handover
        red = alarm_for(handover, scene.viewer).red
        due = own.get(handover.id, "9999")
        return is_over(handover), due, not red, handover.account.casefold()

    return sorted(scene.rows, key=place)


def taker(scene: BookScene, handover: Handover, surface: Surface = Surface.MRKDWN) -> str:
    """Who takes an account over, and what they said to it."""
    if handover.incoming is None:
        return "not named yet"
    name = people.incoming(handover, scene.names, surface)
    knows = handover.incoming.user is None or told_user(handover, Role.INCOMING)
    said = {
        Acceptance.WAITING: "has not answered yet" if knows else "not asked yet",
        Acceptance.ACCEPTED: "accepted",
        Acceptance.DECLINED: "can't take it over",
    }
    return f"{name} ({said[handover.acceptance]})"


def risk(scene: BookScene, handover: Handover) -> str:
    """What alarms about an account, as far as the reader may know."""
    alarm, found = alarm_for(handover, scene.viewer), []
    if alarm.red:
        day = near_day(alarm.planned, scene.now.date()) if alarm.planned else ""
        found.append(f"Mood red, {f'plan until {day}' if day else 'nothing planned yet'}")
    if alarm.risks:
        found.append(counted(alarm.risks, "red risk"))
    return " · ".join(found)


def texts(handover: Handover) -> str:
    """How many of the customer's texts are approved and sent; nothing before there are any."""
    approved, drafts = approved_texts(handover)
    sent = len({each.key for each in handover.sending.sent})
    if not (drafts or sent):
        return ""
    return f"Texts: {approved} of {max(drafts, sent)} approved, {sent} sent"


def waits(scene: BookScene, row: Row, surface: Surface = Surface.MRKDWN) -> list[str]:
    """What waits for whom on an account, the reader's own first, then by day."""
    owed = sorted(
        open_tasks(row.handover, row.playbook, scene.viewer),
        key=lambda task: (task.owner != scene.viewer, task.due),
    )
    return [_wait(scene, task, surface) for task in owed]


def _wait(scene: BookScene, task: Task, surface: Surface) -> str:
    own = task.owner == scene.viewer
    who = "you" if own else people.person(task.owner, scene.names, surface)
    return f"{who}: {todo_words(task.todo)}, by {near_day(task.due, scene.now.date())}"


def _lines(scene: BookScene, row: Row) -> Iterator[str]:
    handover = row.handover
    account = one_line(handover.account, Surface.MRKDWN, scene.names, _ACCOUNT) or "…"
    yield f"*{account}* · to {taker(scene, handover)}"
    pack = "" if is_over(handover) else _pack(row)
    lead = people.lead_line(handover, scene.names)
    found = (stage(handover, row.playbook) + pack, texts(handover), lead)
    yield " · ".join(words for words in found if words)
    if alarmed := risk(scene, handover):
        yield alarmed
    if waiting := waits(scene, row):
        more = f" and {len(waiting) - _WAITS} more" if len(waiting) > _WAITS else ""
        yield f"Waits for {'; '.join(waiting[:_WAITS])}{more}"


def _pack(row: Row) -> str:
    done = progress(row.handover, row.playbook, Role.OUTGOING)
    return f", {done.answered} of {done.required} required answered"


def _show(scene: BookScene, row: Row) -> Element:
    name = people.account(row.handover, scene.names, Surface.PLAIN)
    return button(f"Show {name}", Act.LIST_SHOW, Ref(h=row.handover.id))


def _own_due(scene: BookScene) -> dict[str, str]:
    """The day on which something is due that the reader has to do, by account."""
    own = [task for task in reversed(scene.owed) if task.owner == scene.viewer]
    return {task.handover: task.due for task in own}


_SHOWN: Mapping[Filter, Callable[[BookScene, Row], bool]] = {
    Filter.ALL: lambda _scene, _row: True,
    Filter.WAITING: lambda _scene, row: is_waited_for(row.handover),
    Filter.RED: lambda scene, row: alarm_for(row.handover, scene.viewer).red,
}


def _own(scene: BookScene, ref: Ref) -> Message:
    """What the reader has to do, thing by thing, each with the button that does it."""
    owed = [task for task in scene.owed if task.owner == scene.viewer and ref.k in ("", task.todo)]
    page, pages = _page(ref, len(owed))
    shown = owed[page * _ROWS : (page + 1) * _ROWS]
    subjects = [subject_of(scene.rows, task) for task in shown]
    tasks = list(zip(shown, subjects, strict=True))
    lines = [task_line(task, scene.names, subject) for task, subject in tasks]
    blocks = [task_block(task, scene.names, subject) for task, subject in tasks]
    nothing = [section("Nothing is waiting for you. Thank you!")]
    return _message(scene, ref, lines, blocks or nothing, pages)


def _message(
    scene: BookScene, ref: Ref, lines: Sequence[str], shown: Sequence[Block], pages: int
) -> Message:
    title, summary = f"Book of {scene.plain_outgoing}", _summary(scene)
    page = max(0, min(int(ref.t or 0), pages - 1))
    wanted = Filter(ref.v or Filter.ALL)
    about = f"{LABELS[wanted]}: {todo_words(Todo(ref.k))}" if ref.k else LABELS[wanted]
    where = f"{about}, page {page + 1} of {pages}"
    refused = refused_lines(scene, refused_orders(scene.book, scene.viewer))
    orders = fitted([line for line in (busy_line(scene), *refused) if line], _REFUSED)
    blocks: list[Block] = [
        header(title),
        section(summary),
        *([section(orders)] if orders else []),
        *actions(_filters(scene)),
        context(where),
        *shown,
        *actions(_turning(scene, ref, page, pages)),
        *actions(_ways(scene)),
    ]
    plain = [line.replace("\n", "; ").replace("*", "") for line in lines]
    said = [f"{title}: {summary}", *([orders.replace("*", "")] if orders else []), where]
    return Message(fitted([*said, *plain], _TEXT), blocks)


def _summary(scene: BookScene) -> str:
    if not scene.rows:
        return "None of its accounts is started yet."
    own = len(_own_due(scene))
    waiting = f"{counted(own, 'account waits', 'accounts wait')} for you" if own else ""
    red = sum(alarm_for(handover, scene.viewer).red for handover in scene.handovers)
    found = (counts(scene.rows), waiting, f"{red} red" if red else "")
    return " · ".join(words for words in found if words)


def _filters(scene: BookScene) -> list[Element]:
    """Every way to look at the book under which there is something."""
    found = {Filter.OWN: bool(_own_due(scene))}
    for wanted in (Filter.WAITING, Filter.RED):
        found[wanted] = any(_SHOWN[wanted](scene, row) for row in scene.rows)
    offered = [wanted for wanted, there in found.items() if there]
    return [
        button(LABELS[wanted], BookAct.SHOW.of(wanted), scene.ref(v=wanted))
        for wanted in ([Filter.ALL, *offered] if offered else [])
    ]


def _page(ref: Ref, count: int) -> tuple[int, int]:
    """Which page is meant, counted from 0, and how many there are."""
    pages = max(1, ceil(count / _ROWS))
    return max(0, min(int(ref.t or 0), pages - 1)), pages


def _turning(scene: BookScene, ref: Ref, page: int, pages: int) -> list[Element | None]:
    def turn(label: str, to: int) -> Element:
        known = scene.ref(v=ref.v, k=ref.k, t=str(to))
        return button(label, BookAct.SHOW.of(f"page-{to}"), known)

    return [
        turn("Previous page", page - 1) if page else None,
        turn("Next page", page + 1) if page + 1 < pages else None,
    ]


def _ways(scene: BookScene) -> list[Element | None]:
    """The table as a file, and what a leader does with several accounts at once."""
    offered = [
        verb
        for verb in Verb
        if any(
            fits(verb, handover, scene.viewer) or is_alone(verb, handover, scene.viewer)
            for handover in scene.handovers
        )
    ]
    return [
        *(button(VERBS[verb], BookAct.SEVERAL.of(verb), scene.ref(v=verb)) for verb in offered),
        button("Send me this as CSV", BookAct.ROWS, scene.ref()) if scene.rows else None,
        button("Hand over another book", BookAct.BEGIN),
    ]
