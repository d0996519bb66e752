"""What came of an order for several accounts: what was done, and what was refused and why."""

from collections.abc import Iterable

from bot.views.blocks import Message, fitted, section
from bot.views.books.scene import BookScene
from bot.views.errors import say
from bot.views.slack_text import Surface, one_line
from bot.views.words import counted
from flows.books.book import Order, leads_book, to_carry

_TEXT, _NAME = 2800, 100
_NOT_DONE = {
    "started": "could not be started",
    "told": "nobody was told",
    "handover_paused": "was not paused",
    "handover_taken_up": "was not taken up again",
    "handover_cancelled": "was not cancelled",
    "incoming_named": "the incoming CSM was not changed",
    "backup_named": "no backup was named",
    "start_undone": "could not be taken back",
}
_DONE = {
    "told": "{many}: told.",
    "handover_paused": "{many} paused.",
    "handover_taken_up": "{many} taken up again.",
    "handover_cancelled": "{many} cancelled.",
    "incoming_named": "The incoming CSM of {many} is changed.",
    "backup_named": "The backup of {many} is named.",
}
_BUSY = "I am at it: {many}. `/handover book` shows how far it is."


def outcome(scene: BookScene, order: str) -> Message:
    """What came of one order, or that it is still being carried out."""
    given = next((known for known in scene.book.orders if known.id == order), None)
    if given is None or not given.carried:
        many = counted(len(given.rows), "account") if given else "your order"
        words = _BUSY.format(many=many)
        return Message(words.replace("`", ""), [section(words)])
    done = len(given.rows) - len(given.refused)
    first = _DONE[_kind(given)].format(many=counted(done, "account")) if done else ""
    words = fitted([line for line in (first, *refused_lines(scene, [given])) if line], _TEXT)
    return Message(words.replace("*", ""), [section(words)])


def busy_line(scene: BookScene) -> str:
    """That an order is still being carried out, for whoever may read of it; else nothing."""
    order = to_carry(scene.book)
    if order is None or not (order.by == scene.viewer or leads_book(scene.book, scene.viewer)):
        return ""
    return f"I am still at what was ordered for {counted(len(order.rows), 'account')}."


def refused_lines(scene: BookScene, orders: Iterable[Order]) -> list[str]:
    """What was refused, account by account, in words."""
    lines = []
    for order in orders:
        kind = _kind(order)
        for row in scene.book.rows:
            if row.key not in order.refused:
                continue
            shown, spoken = (
                one_line(row.account, surface, scene.names, _NAME) or "…"
                for surface in (Surface.MRKDWN, Surface.PLAIN)
            )
            why = say(order.refused[row.key], account=spoken)
            lines.append(f"• *{shown}* {_NOT_DONE[kind]}: {why}")
    return [f"*Not done for {counted(len(lines), 'account')}*", *lines] if lines else []


def _kind(order: Order) -> str:
    if order.begins:
        return "started"
    wanted = order.event or next(iter(order.each.values()), None)
    return wanted.type if wanted else ""
