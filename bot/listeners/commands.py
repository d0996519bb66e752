"""`/handover` and the words after it. An unknown word gets help, not an error."""

from collections.abc import Callable, Mapping

from bot.desk import Receipt
from bot.ids import Draft
from bot.listeners import reading, starting
from bot.office import Office
from bot.payloads import Command
from bot.views.blocks import Message, section
from bot.views.errors import say
from bot.views.leader_forms import settings_form
from bot.views.lists import help_message, menu_message
from flows.errors import FlowError


def _start(office: Office, command: Command) -> None:
    open_start(office, command.user, command.trigger, command.rest)


def open_start(office: Office, user: str, trigger: str, account: str = "") -> None:
    """Open the start form; nothing is read or written before it."""
    draft = Draft(account=account[:200], outgoing=user)
    office.gateway.views_open(trigger, starting.form_for(office, user, draft))


def _menu(_office: Office, _command: Command) -> Message:
    return menu_message()


def _help(_office: Office, _command: Command) -> Message:
    return help_message()


def _list(office: Office, command: Command) -> Message:
    return reading.listed(office, command.user)


def _show(office: Office, command: Command) -> Message:
    found = reading.find(office, command.user, command.rest)
    if len(found) > 1:
        return reading.choose(office, command.user, found)
    if not found:
        raise FlowError("not_found")
    return reading.shown(office, command.user, found[0].id)


def _brief(office: Office, command: Command) -> Message:
    found = reading.find(office, command.user, command.rest)
    if len(found) > 1:
        return reading.choose(office, command.user, found)
    if not found:
        raise FlowError("not_found")
    receipt = Receipt(command.team, command.key)
    return reading.order_brief(office, receipt, command.user, found[0].id)


def _settings(office: Office, command: Command) -> None:
    open_settings(office, command.user, command.trigger)


def open_settings(office: Office, user: str, trigger: str) -> None:
    """Open the settings; they are the admins' to change."""
    office.roster.meet({user})
    if not office.roster.is_admin(user):
        raise FlowError("admins_only")
    office.gateway.views_open(trigger, settings_form(office.roster.leaders))


WORDS: Mapping[str, Callable[[Office, Command], Message | None]] = {
    "": _menu,
    "start": _start,
    "list": _list,
    "show": _show,
    "brief": _brief,
    "settings": _settings,
    "help": _help,
}


def handle_command(office: Office, command: Command) -> Message | None:
    """What the command answers, for its author alone; none when it opened a modal."""
    try:
        return WORDS.get(command.word, _help)(office, command)
    except FlowError as error:
        words = say(error.code)
        return Message(words, [section(words)])
