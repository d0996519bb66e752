"""What was let be on a handover: by whom, when and why, wherever it is looked back on."""

from collections.abc import Iterator
from typing import NamedTuple

from bot.views import people
from bot.views.end.ending import OPEN
from bot.views.rows import title_of, todo_words
from bot.views.slack_text import Names, Surface, one_line
from flows.frozen import Moment
from flows.handover import Handover
from flows.playbook import Playbook
from flows.tasks import Todo

WAIVED = "Waived"
"""The heading of what was let be."""
_TITLE, _WHY = 100, 300


class Let(NamedTuple):
    """One thing that need not be done; who let it be, and why, in words."""

    what: str
    by: str
    why: str
    at: Moment


def let_be(handover: Handover, playbook: Playbook, names: Names, surface: Surface) -> list[Let]:
    """Everything that was let be, in the order in which it was."""
    found = [
        Let(what, people.person(by, names, surface), one_line(why, surface, names, _WHY), at)
        for what, by, why, at in _stored(handover, playbook, names, surface)
    ]
    return sorted(found, key=lambda one: one.at)


def _stored(
    handover: Handover, playbook: Playbook, names: Names, surface: Surface
) -> Iterator[tuple[str, str, str, Moment]]:
    for point, word in handover.ending.waived.items():
        yield OPEN[point].capitalize(), word.by, word.why, word.at
    for key, ruling in handover.rulings.items():
        if ruling.waived:
            todo, subject = key.split(":")[0], key.split(":")[-1]
            title = one_line(title_of(handover, playbook, todo, subject), surface, names, _TITLE)
            what = todo_words(todo).capitalize()
            if title:
                what = title if todo == Todo.MILESTONE else f"{what}: “{title}”"
            yield what, ruling.by, ruling.why, ruling.at
