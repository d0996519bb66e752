"""A click: an event, a modal, or something to look at."""

import logging
from collections.abc import Callable, Mapping

from bot.books.ids import is_of_book
from bot.desk import Receipt
from bot.ids import VALUE, Act, Ref, act
from bot.listeners import (
    approving,
    asking,
    asking_others,
    changing,
    covering,
    digesting,
    doors,
    listening,
    planning,
    reading,
    receiving,
    reminding,
    reporting,
    reuse,
    sending,
    starting,
    trying,
)
from bot.listeners.books.booking import handle_book_click
from bot.listeners.clicks import about, event_of
from bot.listeners.following import bring_up_to_date
from bot.listeners.modals import ANSWERING, OPENERS
from bot.listeners.rows import open_interview, open_row
from bot.listeners.showing import change_view, hint, is_in, note_view, open_modal, show
from bot.office import Office
from bot.payloads import Click
from bot.views.errors import say
from bot.views.knowledge.closing import menu, read_picked
from bot.views.lists import help_message
from bot.watch.watch import note_refusal
from flows.errors import FlowError
from flows.events import OfferedPicked
from flows.knowledge.interview import roles_answered_by
from storage.reading import NewerReleaseError

log = logging.getLogger(__name__)


def handle_click(office: Office, click: Click) -> None:
    """Do what a click asks for; a refusal is told to its author alone."""
    try:
        _do(office, click)
    except FlowError as error:
        note_refusal(error.code)
        hint(office, click, say(error.code))
    except NewerReleaseError:
        hint(office, click, say("updating"))
    except ValueError as error:
        # A value that no button of ours carries.
        log.warning("click %s was not understood: %s", click.action[:40], type(error).__name__)
        hint(office, click, say("not_found"))
    if reminding.is_in_agenda(click):
        office.reminding.pressed(click.channel, click.ts)


def _do(office: Office, click: Click) -> None:
    name = act(click.action)
    if name in _QUIET:
        return
    if is_of_book(name):
        handle_book_click(office, click)
        return
    if found := event_of(click, office.desk.clock.now()):
        ref, event = found
        if name == Act.ANSWER_PEOPLE:
            # Whoever was picked is shown by name at once, also if never seen before.
            office.roster.meet(click.chosen)
        office.desk.record(Receipt(click.team, click.key), ref.h, event)
        if not bring_up_to_date(office, click) and (code := _SAID.get(name)):
            hint(office, click, say(code))
        return
    do = doors.CLICKS.get(name)
    if do not in doors.OF_NO_HANDOVER and name not in doors.JUDGED_BY_EVENT:
        doors.check(office, do, about(click).h, click.user)
    if other := _OTHERS.get(name):
        other(office, click)
    elif opener := OPENERS.get(name):
        ref = about(click)
        row = (open_interview if name in ANSWERING else open_row)(office, ref.h, click.user)
        open_modal(office, click, opener(office, click, ref, row))
    else:
        raise NewerReleaseError("button")


def _record_menu(office: Office, click: Click) -> None:
    """The small menu beside a record: change it in a modal, or take it out."""
    verb = {"change": Act.RECORD_CHANGE, "remove": Act.RECORD_REMOVE}.get(about(click).v)
    if verb is None:
        raise FlowError("not_found")
    _do(office, click.model_copy(update={"action": verb}))


def _ask_these(office: Office, click: Click) -> None:
    """Every question picked in the closing menu, each as an event of its own."""
    ref, picked = about(click), read_picked(click.state)
    if not picked:
        raise FlowError("nothing_picked")
    for number, question in enumerate(picked):
        event = OfferedPicked(at=office.desk.clock.now(), by=click.user, question=question)
        receipt = Receipt(click.team, f"{click.key[:58]}:{number}")
        office.desk.record(receipt, ref.h, event)


def _open_closing(office: Office, click: Click) -> None:
    """The closing menu again, for whoever closed it."""
    scene = reading.scene_of(office, click.user, about(click).h)
    if not roles_answered_by(scene.handover, click.user):
        raise FlowError("not_yours")
    show(office, click, menu(scene))


def _show_brief(office: Office, click: Click) -> None:
    receipt = Receipt(click.team, click.key)
    message = reading.order_brief(office, receipt, click.user, about(click).h)
    if click.view:
        show(office, click, message)


def _brief_as(office: Office, click: Click) -> None:
    """The brief in another format. Its message is put anew: a menu tells of another choice only."""
    ref, receipt = about(click), Receipt(click.team, click.key)
    message = reading.order_file(office, receipt, click.user, ref.h, ref.v)
    office.soon(lambda: office.gateway.respond(click.response_url, message, replace=True))


def _show_row(office: Office, click: Click) -> None:
    ref = about(click)
    show(office, click, reading.shown(office, click.user, ref.h), Ref(h=ref.h))


def _show_task(office: Office, click: Click) -> None:
    """In a modal, from a message too: it says at once what has become of an act in it."""
    ref = about(click)
    open_modal(office, click, note_view(reading.task_message(office, click.user, ref), ref))


def _this_account(office: Office, click: Click) -> None:
    """A reply that could belong to several handovers finds its place."""
    ref = about(click)
    receipt = Receipt(click.team, click.key)
    office.desk.file_stray(receipt, (click.channel, ref.v), click.user, ref.h)


def _tick(office: Office, click: Click) -> None:
    covering.tick(office, click)
    bring_up_to_date(office, click)


def _menu_start(office: Office, click: Click) -> None:
    open_modal(office, click, starting.blank_form(office, click.user))


def _menu_settings(office: Office, click: Click) -> None:
    open_modal(office, click, digesting.settings_for(office, click.user))


def _menu_list(office: Office, click: Click) -> None:
    show(office, click, reading.listed(office, click.user))


def _list_page(office: Office, click: Click) -> None:
    """Another page in the place of the one that is shown."""
    message = reading.listed(office, click.user, int(about(click).v))
    if is_in(click, "modal") and click.view:
        change_view(office, click.view["id"], lambda: note_view(message))
    elif click.response_url:
        office.soon(lambda: office.gateway.respond(click.response_url, message, replace=True))
    else:
        show(office, click, message)


def _menu_help(office: Office, click: Click) -> None:
    show(office, click, help_message())


_OTHERS: Mapping[str, Callable[[Office, Click], None]] = {
    Act.ANSWER_MENU: asking_others.answer_menu,
    Act.DATES_KEEP: changing.keep_dates,
    Act.KIT_COPY: changing.copy_kit_text,
    Act.RECORD_MENU: _record_menu,
    Act.CLOSING_OPEN: _open_closing,
    Act.CLOSING_ASK: _ask_these,
    Act.CARD_BRIEF: _show_brief,
    Act.BRIEF_AS: _brief_as,
    Act.EXAMPLE_TRY: trying.try_example,
    Act.EARLIER_USE: reuse.use_earlier,
    Act.UNSORTED_DROP: reuse.drop,
    Act.FILE_READ: reuse.read_again,
    Act.LIST_SHOW: _show_row,
    Act.HOME_TASK: _show_task,
    Act.DRAFT_OPEN: starting.open_draft,
    Act.DRAFT_EDIT: starting.edit_draft,
    Act.DRAFT_DISCARD: starting.discard_draft,
    Act.DRAFT_SAVE: starting.save_draft,
    Act.START_MORE: starting.more_fields,
    Act.STRAY_FILE: _this_account,
    Act.READ_OPEN: receiving.open_pack,
    Act.FILE_BRING: receiving.bring_file,
    Act.PACK_KNOCK: asking.knock,
    Act.PLAN_SHOW: planning.send_plan,
    Act.COVER_TICK: _tick,
    Act.COVER_PAGE: covering.turn_page,
    Act.DRAFTS_SHOW: approving.show_drafts,
    Act.LETTERS_SEND: approving.send,
    Act.PIECE_READ: approving.read,
    Act.PIECES_APPROVE: approving.approve,
    Act.LETTERS_NEXT: sending.show_next,
    Act.LETTER_COPY: sending.copy,
    Act.LETTER_MAIL: sending.mail,
    Act.TASK_SNOOZE: reminding.snooze,
    Act.REMINDERS_OPEN: reminding.open_wishes,
    Act.MENU_START: _menu_start,
    Act.MENU_SETTINGS: _menu_settings,
    Act.MENU_LIST: _menu_list,
    Act.LIST_PAGE: _list_page,
    Act.MENU_HELP: _menu_help,
    **listening.OTHERS,
    **reporting.OTHERS,
    **digesting.OTHERS,
}
"""Clicks that are neither one event nor one modal."""

_SAID: Mapping[str, str] = {
    Act.LINK_WAIVE: "link_waived",
    Act.CALL_FILE: "invitation_coming",
    Act.RHYTHM_SET: "rhythm_noted",
    Act.TAKE_UP: "taken_up",
}
"""What a click is answered whose message need not change."""

_QUIET = frozenset({Act.CLOSING_PICK, VALUE})
"""What Slack tells of and nobody waits for: a choice that is read when a button is pressed."""
