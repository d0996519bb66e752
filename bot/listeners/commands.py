"""`/handover` and the words after it. An unknown word gets help, not an error."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.desk import Receipt
from bot.listeners import asking, digesting, reading, reporting, starting
from bot.listeners.books import intake as book_intake
from bot.listeners.showing import note, opened
from bot.office import Office
from bot.payloads import Command
from bot.views.blocks import Message
from bot.views.errors import say
from bot.views.lists import help_message, menu_message
from bot.watch.watch import note_refusal
from flows.errors import FlowError
from storage.reading import NewerReleaseError

START = "start"


def _start(office: Office, command: Command) -> Message | None:
    view = starting.blank_form(office, command.user, command.rest)
    return _opened(office, command, view)


def _menu(office: Office, command: Command) -> Message:
    leader = office.roster.is_leader(command.user)
    return menu_message(admin=digesting.may_settle(office, command.user), leader=leader)


def _help(_office: Office, _command: Command) -> Message:
    return help_message()


def _unknown(_office: Office, _command: Command) -> Message:
    return help_message(unknown=True)


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


def _report(office: Office, command: Command) -> Message:
    wanted = reporting.days_of(command.rest)
    receipt = Receipt(command.team, command.key)
    return note(say(reporting.order(office, receipt, command.user, wanted)))


def _settings(office: Office, command: Command) -> Message | None:
    return _opened(office, command, digesting.settings_for(office, command.user))


def _opened(office: Office, command: Command, view: dict[str, Any]) -> Message | None:
    """Open a modal for a command; what to say instead if that fails."""
    came = opened(office, office.gateway.views_open, command.trigger, view)
    return None if came else note(say("type_again"))


WORDS: Mapping[str, Callable[[Office, Command], Message | None]] = {
    "": _menu,
    START: _start,
    "list": _list,
    "show": _show,
    "brief": _brief,
    "ask": asking.ask,
    "book": book_intake.book_command,
    "report": _report,
    "digest": digesting.on_demand,
    "settings": _settings,
    "help": _help,
}


def handle_command(office: Office, command: Command) -> Message | None:
    """What the command answers, for its author alone; none when it opened a modal."""
    try:
        return WORDS.get(command.word, _unknown)(office, command)
    except FlowError as error:
        note_refusal(error.code)
        return note(say(error.code))
    except NewerReleaseError:
        return note(say("updating"))
