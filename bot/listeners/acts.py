"""A click: an event, a modal, or something to look at."""

from collections.abc import Callable, Mapping

from pydantic import ValidationError

from bot.desk import Receipt
from bot.ids import Act, Form, act
from bot.listeners import commands, reading, starting
from bot.listeners.clicks import about, event_of
from bot.listeners.modals import OPENERS, open_row
from bot.office import Office
from bot.payloads import Click
from bot.views.blocks import Message, modal, section
from bot.views.closing import read_picked
from bot.views.errors import say
from bot.views.lists import help_message
from bot.views.start_form import draft_of, tellings_form
from bot.views.which import filed
from flows.errors import FlowError
from flows.events import AnswerGiven, OfferedPicked
from flows.handover import Stage
from flows.privacy import may_open_vault
from storage import strays


def handle_click(office: Office, click: Click) -> None:
    """Do what a click asks for; a refusal is told to its author alone."""
    try:
        _do(office, click)
    except FlowError as error:
        hint(office, click, say(error.code))
    except ValidationError:
        hint(office, click, say("not_found"))


def hint(office: Office, click: Click, words: str) -> None:
    """Tell somebody something that only they see."""
    show(office, click, Message(words, [section(words)]))


def show(office: Office, click: Click, message: Message) -> None:
    """Show a message to whoever clicked, where they clicked: in the conversation or in a modal."""
    if click.response_url:
        office.soon(lambda: office.gateway.respond(click.response_url, message, replace=False))
        return
    view = modal(Form.SHOWN, "Handover", message.blocks, close="Close")
    opened = office.gateway.views_push if _in_modal(click) else office.gateway.views_open
    opened(click.trigger, view)


def _do(office: Office, click: Click) -> None:
    found = event_of(click, office.desk.clock.now())
    if found:
        ref, event = found
        office.desk.record(Receipt(click.team, click.key), ref.h, event)
        _refresh_home(office, click)
        return
    name = act(click.action)
    if other := _OTHERS.get(name):
        other(office, click)
        return
    opener = OPENERS.get(name)
    if opener is None:
        return
    ref = about(click)
    row = open_row(office, ref.h, click.user)
    office.gateway.views_open(click.trigger, opener(office, click, ref, row))


def _refresh_home(office: Office, click: Click) -> None:
    if click.view and click.view.get("type") == "home":
        office.soon(
            lambda: office.gateway.views_publish(click.user, reading.home(office, click.user))
        )


def _record_menu(office: Office, click: Click) -> None:
    """The small menu beside a record: change it in a modal, or take it out."""
    verb = {"change": Act.RECORD_CHANGE, "remove": Act.RECORD_REMOVE}[about(click).v]
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


def _show_brief(office: Office, click: Click) -> None:
    receipt = Receipt(click.team, click.key)
    reading.order_brief(office, receipt, click.user, about(click).h)


def _show_row(office: Office, click: Click) -> None:
    show(office, click, reading.shown(office, click.user, about(click).h))


def _open_draft(office: Office, click: Click) -> None:
    """A saved draft, ready to be started."""
    handover, vault, _playbook = open_row(office, about(click).h, click.user)
    if handover.stage is not Stage.DRAFT:
        raise FlowError("already_started")
    names = office.roster.names({handover.leader})
    leader_view = office.roster.is_leader(click.user)
    opens = may_open_vault(handover, click.user)
    draft = draft_of(handover, names, vault.confidential if opens else None)
    form = tellings_form(draft, names, click.user, leader_view=leader_view)
    opened = office.gateway.views_push if _in_modal(click) else office.gateway.views_open
    opened(click.trigger, form)


def _in_modal(click: Click) -> bool:
    return bool(click.view) and (click.view or {}).get("type") == "modal"


def _this_account(office: Office, click: Click) -> None:
    """A reply that could belong to several handovers finds its place."""
    ref = about(click)
    desk = office.desk
    with desk.database.read() as connection:
        said = strays.find(connection, click.team, click.channel, ref.v, click.user)
    if said is None:
        raise FlowError("already_filed")
    handover, _vault, _playbook = open_row(office, ref.h, click.user)
    interview = handover.interviews.get(click.user)
    if not (interview and interview.current):
        raise FlowError("nothing_open")
    event = AnswerGiven(at=desk.clock.now(), by=click.user, question=interview.current, said=said)
    desk.file_stray(Receipt(click.team, click.key), click.channel, event, ref.h)
    message = filed(handover, office.roster.names())
    office.soon(lambda: office.gateway.respond(click.response_url, message, replace=True))


def _menu_start(office: Office, click: Click) -> None:
    commands.open_start(office, click.user, click.trigger)


def _menu_settings(office: Office, click: Click) -> None:
    commands.open_settings(office, click.user, click.trigger)


def _menu_list(office: Office, click: Click) -> None:
    show(office, click, reading.listed(office, click.user))


def _menu_help(office: Office, click: Click) -> None:
    show(office, click, help_message())


_OTHERS: Mapping[str, Callable[[Office, Click], None]] = {
    Act.RECORD_MENU: _record_menu,
    Act.CLOSING_ASK: _ask_these,
    Act.CARD_BRIEF: _show_brief,
    Act.LIST_SHOW: _show_row,
    Act.DRAFT_OPEN: _open_draft,
    Act.DRAFT_SAVE: starting.save_draft,
    Act.START_MORE: starting.more_fields,
    Act.STRAY_FILE: _this_account,
    Act.MENU_START: _menu_start,
    Act.MENU_SETTINGS: _menu_settings,
    Act.MENU_LIST: _menu_list,
    Act.MENU_HELP: _menu_help,
}
"""Clicks that are neither one event nor one modal."""
