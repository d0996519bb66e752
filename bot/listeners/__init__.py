"""What Slack sends, to whoever handles it: one registered listener per kind of payload.

Bolt's matching is linear, so there is one listener a kind and a table behind it. Each does four
things: parse, let somebody handle it, answer, acknowledge. The acknowledgement comes last: what
failed is not acknowledged, and Slack sends it again.
"""

import logging
import re
import secrets
from collections.abc import Callable
from functools import partial
from typing import Any

from pydantic import ValidationError
from slack_bolt import Ack, App, BoltResponse

from bot import payloads
from bot.desk import TooEarlyError
from bot.ids import Act, act
from bot.listeners import doors
from bot.listeners.acts import handle_click
from bot.listeners.adding import handle_shortcut
from bot.listeners.commands import START, handle_command
from bot.listeners.corrections import handle_deletion, handle_edit
from bot.listeners.doors import may_enter
from bot.listeners.modals import handle_submission
from bot.listeners.reading import publish_home
from bot.listeners.replies import handle_reply
from bot.listeners.showing import hint
from bot.listeners.starting import Answer, refused
from bot.manifest import LEAVING
from bot.office import Office
from bot.offices import Offices
from bot.payloads import Departure, MalformedError, Payload
from bot.roster import SilentSlackError, is_other_name, person_of
from bot.views.errors import say
from bot.watch.watch import note_refusal
from flows.errors import FlowError
from storage.engine import StorageBusyError
from storage.reading import NewerReleaseError

log = logging.getLogger(__name__)

ANYTHING = re.compile("")
Body = dict[str, Any]


def register(app: App, offices: Offices, left: Callable[[Departure], object] | None) -> None:
    """Connect every kind of payload with its handler; `left` hears who took the bot out."""
    listeners = Listeners(offices)
    # Bolt asks one after the other; clicks come most often.
    app.action(ANYTHING)(listeners.click)
    app.command("/handover")(listeners.command)
    app.view(ANYTHING)(listeners.submission)
    app.message_shortcut(ANYTHING)(listeners.shortcut)
    app.event("message")(listeners.message)
    app.event("app_home_opened")(listeners.home_opened)
    app.event("user_change")(listeners.person_changed)
    if left:
        for event in LEAVING:
            app.event(event)(partial(_departed, left))
    app.error(failed)


class Listeners:
    """One listener per kind of payload. What comes from where the bot is not, changes nothing."""

    def __init__(self, offices: Offices) -> None:
        self._offices = offices

    def command(self, body: Body, ack: Ack) -> None:
        """A slash command; what it answers only its author sees."""
        command = payloads.read(payloads.command, body)
        office = self._office(command, body)
        do, at_once = doors.WORDS.get(command.word), command.word == START
        if office is None or not may_enter(office, command, do, at_once=at_once):
            note_refusal("not_a_member")
            ack(say("not_a_member"))
            return
        message = handle_command(office, command)
        if message is None:
            ack()
        else:
            ack(text=message.text, blocks=message.blocks, response_type="ephemeral")

    def click(self, body: Body, ack: Ack) -> None:
        """A button, a menu or a picker."""
        click = payloads.read(payloads.click, body)
        office = self._office(click, body)
        if office is None:
            ack()
            return
        name = act(click.action)
        if may_enter(office, click, doors.CLICKS.get(name), at_once=name == Act.MENU_START):
            handle_click(office, click)
        else:
            note_refusal("not_a_member")
            hint(office, click, say("not_a_member"))
        ack()

    def submission(self, body: Body, ack: Ack) -> None:
        """A modal was submitted; a refusal is shown inside it, and nothing typed is lost."""
        submission = payloads.read(payloads.submission, body)
        office = self._office(submission, body)
        do = doors.SUBMISSIONS.get(submission.callback)
        if office and may_enter(office, submission, do):
            answer = _submitted(office, submission)
        else:
            answer = refused(FlowError("not_a_member"), submission)
        if answer:
            ack(**answer)
        else:
            ack()

    def shortcut(self, body: Body, ack: Ack) -> None:
        """The shortcut on a message."""
        shortcut = payloads.read(payloads.shortcut, body)
        if office := self._office(shortcut, body):
            do = doors.SHORTCUTS.get(shortcut.callback)
            known = may_enter(office, shortcut, do, at_once=True)
            handle_shortcut(office, shortcut, is_member=known)
        ack()

    def message(self, body: Body, ack: Ack) -> None:
        """Something written to the bot, or an edit or deletion of it."""
        found = payloads.read(payloads.message, body)
        office = self._office(found, body) if found else None
        if found and office and may_enter(office, found, doors.WRITTEN[type(found)]):
            match found:
                case payloads.Reply():
                    handle_reply(office, found)
                case payloads.Edit():
                    handle_edit(office, found)
                case payloads.Deletion():
                    handle_deletion(office, found)
        ack()

    def home_opened(self, body: Body, ack: Ack) -> None:
        """Home is made anew whenever somebody looks at it."""
        opened = payloads.read(payloads.opened, body)
        office = self._office(opened, body) if opened.tab == "home" else None
        if office and may_enter(office, opened, doors.HOME):
            publish_home(office, opened.user)
        ack()

    def person_changed(self, body: Body, ack: Ack) -> None:
        """Somebody's profile changed, or their account was switched off."""
        team, person = payloads.read(
            lambda body: (body["team_id"], person_of(body["team_id"], body["event"]["user"])), body
        )
        office = self._offices.of(team, payloads.org(body), payloads.sent(body))
        # Slack tells of every status of everybody; whoever was never met has no part in anything.
        known = office.roster.stored(person.user) if office else None
        if office and known:
            # Before they are learned: what comes again after a crash still finds the difference.
            if known.tz != person.tz:
                office.desk.person_moved(person)
            if is_other_name(known.name, person.name):
                office.desk.person_renamed(person)
            office.roster.learn(person)
            office.reminding.changed(person.user, moved=person.tz != known.tz)
            if not person.is_colleague:
                # Also a guest: but for where they are admitted they may do nothing any more.
                admitted = person.is_only_guest
                office.desk.person_gone(team, person.user, but_admitted=admitted)
            elif not known.is_colleague:
                office.desk.person_back(person)
        ack()

    def _office(self, what: Payload, body: Body) -> Office | None:
        return self._offices.of(what.team, payloads.org(body), payloads.sent(body))


def _departed(left: Callable[[Departure], object], body: Body, ack: Ack) -> None:
    """The bot was taken out, or its token revoked."""
    left(payloads.read(payloads.departure, body))
    ack()


def _submitted(office: Office, submission: payloads.Submission) -> Answer | None:
    try:
        return handle_submission(office, submission)
    except FlowError as error:
        return refused(error, submission)
    except NewerReleaseError:
        return refused(FlowError("updating"), submission)


def failed(error: Exception) -> BoltResponse:
    """Whatever went wrong is not acknowledged; the log has an id, and no payload."""
    match error:
        case StorageBusyError():
            log.error("storage is busy: not acknowledged")
            return BoltResponse(status=503, body="")
        case TooEarlyError():
            log.info("a reply came before its message was noted: not acknowledged")
            return BoltResponse(status=503, body="")
        case SilentSlackError():
            log.warning("Slack does not say who acts: not acknowledged")
            return BoltResponse(status=503, body="")
        case NewerReleaseError():
            log.info("a newer release wrote what this is about: not acknowledged")
            return BoltResponse(status=503, body="")
        case MalformedError():
            log.warning("malformed payload: %s", error)
            return BoltResponse(status=400, body="", headers={"x-slack-no-retry": "1"})
        case ValidationError():
            # Ours to mend, and what it quotes is nobody's to read in a log.
            log.error("malformed document: %s", error.title)
            return BoltResponse(status=500, body="")
        case _:
            name = secrets.token_hex(4)
            log.error("unexpected failure %s", name, exc_info=error)
            return BoltResponse(status=500, body="")
