"""What was to be said and has been overtaken: what is quiet may have waited for a night or two."""

from collections.abc import Callable, Mapping
from functools import partial

from bot.views.scene import Scene
from flows.customer.sentiment import red_without_action
from flows.effects import ROOTS, Kind
from flows.end.completing import is_over, to_sign
from flows.handover import Acceptance, Stage, Standing
from flows.knowledge.interview import pack_complete
from flows.taking_over.items import items
from flows.taking_over.reading import broken
from flows.taking_over.teach_back import is_due, unmarked
from flows.texts.pieces import lacks_backup, pending, wanted


def is_overtaken(kind: Kind, subject: str, scene: Scene) -> bool:
    """Whether nobody need be told of it any more."""
    if kind in _OF_WORK and is_over(scene.handover):
        return True
    if overtaken := _OVERTAKEN.get(kind):
        return overtaken(subject, scene)
    return kind in ROOTS and scene.handover.stage is Stage.DRAFT


def _not_replied(ask_id: str, scene: Scene) -> bool:
    return not any(ask.reply for ask in scene.handover.asks if ask.id == ask_id)


def _replied(ask_id: str, scene: Scene) -> bool:
    return any(ask.replies for ask in scene.handover.asks if ask.id == ask_id)


def _stands_no_more(standing: Standing, item_id: str, scene: Scene) -> bool:
    found = (item for item in items(scene.handover) if item.id == item_id)
    return all(item.decision.standing is not standing for item in found)


def _opens_again(key: str, scene: Scene) -> bool:
    return all(document.key != key for document in broken(scene.handover))


def _to_be_read(scene: Scene) -> bool:
    is_read = scene.handover.reading.accepted_at is not None
    return pack_complete(scene.handover, scene.playbook) and not is_read


def _not_red(key: str, scene: Scene) -> bool:
    return all(each.key != key for each in red_without_action(scene.handover))


def _no_such_card(number: str, scene: Scene) -> bool:
    return number != str(scene.handover.letters.round) or not pending(scene.handover)


def _not_wanted(subject: str, scene: Scene) -> bool:
    key, _, number = subject.partition(":")
    return str(wanted(scene.handover).get(key, ("",))[0]) != number


def _not_silent(key: str, scene: Scene) -> bool:
    sent = scene.handover.sending.by_key(key)
    return sent is None or bool(sent.answers)


_OF_WORK = frozenset(
    {
        *(Kind.DECLINED, Kind.SILENT, Kind.PACK_READY, Kind.PROPOSAL, Kind.ITEM_DECLINED),
        *(Kind.LINK_BROKEN, Kind.TEACH_BACK, Kind.TAUGHT, Kind.ADDITIONS, Kind.REASON),
        *(Kind.LETTERS, Kind.BACKUP, Kind.APPROVAL, Kind.WANTED, Kind.REWORDED, Kind.OBJECTION),
        *(Kind.APPROVED, Kind.DEBRIEF, Kind.NOT_READY, Kind.MOOD, Kind.RED, Kind.SILENCE),
        *(Kind.HELP, Kind.LAST_DAY, Kind.KIT, Kind.CUSTOMER_ASKS, Kind.CUSTOMER_SILENT),
    }
)
"""What is told so that somebody does something while the handover goes on."""

_OVERTAKEN: Mapping[Kind, Callable[[str, Scene], bool]] = {
    Kind.QUESTION: lambda subject, scene: scene.interview.current != subject,
    Kind.ASK: _replied,
    Kind.ASK_REPLY: _not_replied,
    Kind.DECLINED: lambda _subject, scene: scene.handover.acceptance is not Acceptance.DECLINED,
    Kind.SILENT: lambda _subject, scene: scene.handover.acceptance is not Acceptance.WAITING,
    Kind.PROPOSAL: partial(_stands_no_more, Standing.PROPOSED),
    Kind.ITEM_DECLINED: partial(_stands_no_more, Standing.DECLINED),
    Kind.LINK_BROKEN: _opens_again,
    Kind.TEACH_BACK: lambda _subject, scene: not is_due(scene.handover),
    Kind.PACK_READY: lambda _subject, scene: not _to_be_read(scene),
    Kind.TAUGHT: lambda _subject, scene: not unmarked(scene.handover),
    Kind.BACKUP: lambda _subject, scene: not lacks_backup(scene.handover),
    Kind.APPROVAL: _no_such_card,
    Kind.RED: _not_red,
    Kind.WANTED: _not_wanted,
    Kind.CUSTOMER_SILENT: _not_silent,
    Kind.SILENCE: lambda _subject, scene: scene.handover.moods.alarmed_at is None,
    Kind.CONFIRM: lambda _subject, scene: bool(to_sign(scene.handover)) or is_over(scene.handover),
    Kind.PAUSED: lambda _subject, scene: scene.handover.ending.pause is None,
}
