"""Questions after the pack: what it answered by itself, and what had to be asked (A13, N12)."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from statistics import median_low as median

from flows.events import PackAnswered
from flows.frozen import Frozen
from flows.handover import Found, Handover
from flows.playbook import Playbook
from flows.taking_over.search import Searchable, search


class Knocks(Frozen):
    """How often somebody was asked, how often the pack was enough, and about which sections.

    `waiting` counts those who wait for an answer, `wait` is how long it usually took (the median).
    """

    asked: int
    waiting: int
    wait: timedelta | None
    answered: int
    topics: tuple[tuple[str, int], ...]


def pack_answered(handover: Handover, event: PackAnswered, _playbook: Playbook) -> Handover:
    """The pack had something to say; the same question again (by its id) counts once."""
    known = {*(found.id for found in handover.found), *(ask.id for ask in handover.asks)}
    if event.id in known:
        return handover
    found = Found.model_validate(event.model_dump(exclude={"type"}))
    return handover.model_copy(update={"found": (*handover.found, found)})


def knocks(handover: Handover, playbook: Playbook) -> Knocks:
    """The counts of a handover; the most frequent section comes first."""
    asked = [ask for ask in handover.asks if ask.knock]
    about = [*(ask.about for ask in asked), *(found.about for found in handover.found)]
    topics = Counter(playbook.by_id[key].section for key in about if key in playbook.by_id)
    waits = [ask.replied_at - ask.at for ask in asked if ask.reply and ask.replied_at]
    return Knocks(
        asked=len(asked),
        waiting=len(asked) - len(waits),
        wait=median(waits) if waits else None,
        answered=len(handover.found),
        topics=tuple(topics.most_common()),
    )


def topic(playbook: Playbook, text: str, name_of: Callable[[str], str], account: str) -> str:
    """The playbook question that a text is about, by its words; empty where they do not tell.

    It is read from the playbook alone, so it gives away nothing that was answered.
    """
    asked = [
        Searchable(
            key=question.id, section=question.section, title=question.text, text=question.help
        )
        for question in playbook.questions
        if question.confidential is None
    ]
    best = search(asked, text, name_of, without=account)
    return best[0].key if best else ""
