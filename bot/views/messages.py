"""Every message of a handover, built from what is true when it is sent."""

from collections.abc import Callable, Mapping

from bot.views import notice
from bot.views.blocks import Message
from bot.views.confidential import action, checks, word
from bot.views.customer import coverage, customer_copy, customer_said, mood, sending
from bot.views.end import ending, following_up, kit
from bot.views.knowledge import asks, card, closing, question
from bot.views.known import unsorted
from bot.views.scene import Scene
from bot.views.schedule import plan
from bot.views.side_by_side import check_in, lead, ready, sessions
from bot.views.staffing import changed, clash, declined, guests
from bot.views.taking_over import accept, items, pack_ready, reading, teach_back
from bot.views.texts import approval, letters, wishes, wording
from flows.effects import Kind
from flows.end.completing import is_over

__all__ = ["Message", "Scene", "build"]

BUILDERS: Mapping[Kind, Callable[[str, Scene], Message | None]] = {
    Kind.CARD: card.build,
    Kind.ACCEPT: accept.build,
    Kind.NOTICE: notice.build,
    Kind.QUESTION: question.build,
    Kind.PAST: question.build_past,
    Kind.CLOSING: closing.build,
    Kind.ASK: asks.build_ask,
    Kind.ASK_REPLY: asks.build_reply,
    Kind.DECLINED: declined.build_declined,
    Kind.SILENT: declined.build_silent,
    Kind.PACK_READY: pack_ready.build,
    Kind.CHECKS: checks.build,
    Kind.CLASH: clash.build,
    Kind.READING: reading.build,
    Kind.RETURNED: reading.build_returned,
    Kind.LINK_BROKEN: reading.build_broken,
    Kind.PROPOSAL: items.build_proposal,
    Kind.ITEM_DECLINED: items.build_declined,
    Kind.TEACH_BACK: teach_back.build,
    Kind.TAUGHT: teach_back.build_taught,
    Kind.ADDITIONS: teach_back.build_additions,
    Kind.REASON: wording.build,
    Kind.LETTERS: letters.build,
    Kind.BACKUP: wishes.build_backup,
    Kind.APPROVAL: approval.build,
    Kind.WANTED: wishes.build_wanted,
    Kind.REWORDED: wishes.build_reworded,
    Kind.OBJECTION: wishes.build_objection,
    Kind.PLAN: plan.build,
    Kind.IMPORT: unsorted.build_import,
    Kind.ACTION: action.build,
    Kind.WORD: word.build,
    Kind.COVERAGE: coverage.build,
    Kind.APPROVED: sending.build,
    Kind.CUSTOMER_COPY: customer_copy.copied,
    Kind.CUSTOMER_ASKS: customer_said.build_asks,
    Kind.CUSTOMER_SILENT: customer_said.build_silent,
    Kind.LEAD: lead.build,
    Kind.DEBRIEF: sessions.build_debrief,
    Kind.NOT_READY: ready.build_not_ready,
    Kind.MOOD: mood.build,
    Kind.RED: mood.build_red,
    Kind.SILENCE: mood.build_silence,
    Kind.CONFIRM: ending.build_confirm,
    Kind.CLOSED: ending.build_closed,
    Kind.CANCELLED: ending.build_cancelled,
    Kind.PAUSED: ending.build_paused,
    Kind.FOLLOW_UP: following_up.build,
    Kind.FOLLOWED_UP: following_up.build_result,
    Kind.AFTERCARE: following_up.build_care,
    Kind.DATES: changed.build_dates,
    Kind.PERSON: changed.build_person,
    Kind.LAST_DAY: changed.build_last_day,
    Kind.KIT: kit.build,
    Kind.GUEST: guests.build,
    Kind.KIT_COPY: kit.copied,
    Kind.HELP: check_in.build_help,
}


_LIVES_ON = frozenset(
    {
        Kind.CARD,
        Kind.ACCEPT,
        Kind.NOTICE,
        Kind.ASK,
        Kind.ASK_REPLY,
        Kind.CHECKS,
        Kind.PLAN,
        Kind.CLOSED,
        Kind.CANCELLED,
        Kind.FOLLOW_UP,
        Kind.AFTERCARE,
        Kind.HELP,
    }
)
"""What there is still something to do with or to look at once a handover is over."""


def build(kind: Kind, subject: str, scene: Scene) -> Message | None:
    """The message as it is to stand now; none when it has nothing true to say any more.

    What a person asks for (the brief, which account) is not caused by an event and built apart.
    Once the handover is over, whatever could be pressed for it is gone.
    """
    message = BUILDERS[kind](subject, scene)
    closes = message and is_over(scene.handover) and kind not in _LIVES_ON
    return ending.without_ways(message, scene) if message and closes else message
