"""What Slack sends, to whoever handles it: one registered listener per kind of payload.

Bolt's matching is linear, so there is one listener a kind and a table behind it. Each does four
things: parse, let somebody handle it, answer, acknowledge. The acknowledgement comes last: what
failed is not acknowledged, and Slack sends it again.
"""

import logging
import re
import secrets
from typing import Any

from pydantic import ValidationError
from slack_bolt import Ack, App, BoltResponse

from bot import payloads
from bot.listeners.acts import handle_click
from bot.listeners.commands import handle_command
from bot.listeners.modals import SUBMISSIONS
from bot.listeners.reading import home
from bot.listeners.replies import handle_deletion, handle_edit, handle_reply
from bot.listeners.starting import errors
from bot.office import Office
from bot.roster import person_of
from bot.views.errors import say
from flows.errors import FlowError
from storage.engine import StorageBusyError

log = logging.getLogger(__name__)

ANYTHING = re.compile("")
Body = dict[str, Any]


def register(app: App, office: Office) -> None:
    """Connect every kind of payload with its handler."""
    listeners = Listeners(office)
    app.command("/handover")(listeners.command)
    app.action(ANYTHING)(listeners.click)
    app.view(ANYTHING)(listeners.submission)
    app.event("message")(listeners.message)
    app.event("app_home_opened")(listeners.home_opened)
    app.event("user_change")(listeners.person_changed)
    app.error(failed)


class Listeners:
    """One listener per kind of payload."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def command(self, body: Body, ack: Ack) -> None:
        """A slash command; what it answers only its author sees."""
        if not self._is_member(body):
            ack(say("not_a_member"))
            return
        message = handle_command(self._office, payloads.command(body))
        if message is None:
            ack()
        else:
            ack(text=message.text, blocks=message.blocks, response_type="ephemeral")

    def click(self, body: Body, ack: Ack) -> None:
        """A button, a menu or a picker."""
        if self._is_member(body):
            handle_click(self._office, payloads.click(body))
        ack()

    def submission(self, body: Body, ack: Ack) -> None:
        """A modal was submitted; a refusal is shown inside it, and nothing typed is lost."""
        if not self._is_member(body):
            ack()
            return
        submission = payloads.submission(body)
        try:
            answer = SUBMISSIONS[submission.callback](self._office, submission)
        except FlowError as error:
            answer = errors(error, submission.values)
        if answer:
            ack(**answer)
        else:
            ack()

    def message(self, body: Body, ack: Ack) -> None:
        """Something written to the bot, or an edit or deletion of it."""
        found = payloads.message(body)
        if found is not None and self._is_member(body):
            match found:
                case payloads.Reply():
                    handle_reply(self._office, found)
                case payloads.Edit():
                    handle_edit(self._office, found)
                case payloads.Deletion():
                    handle_deletion(self._office, found)
        ack()

    def home_opened(self, body: Body, ack: Ack) -> None:
        """Home is made anew whenever somebody looks at it."""
        user, office = body["event"]["user"], self._office
        if body["event"].get("tab") == "home" and self._is_member(body):
            office.soon(lambda: office.gateway.views_publish(user, home(office, user)))
        ack()

    def person_changed(self, body: Body, ack: Ack) -> None:
        """Somebody's profile changed, or their account was switched off."""
        person = person_of(self._office.team, body["event"]["user"])
        if _team(body) == self._office.team:
            self._office.roster.learn(person)
            if person.is_gone:
                self._office.desk.person_gone(self._office.team, person.user)
        ack()

    def _is_member(self, body: Body) -> bool:
        """Whether a full member of our own workspace acts; everybody else is a stranger."""
        user = _user(body)
        met = self._office.roster.meet({user}).get(user) if user else None
        return _team(body) == self._office.team and met is not None and met.is_colleague


def failed(error: Exception) -> BoltResponse:
    """Whatever went wrong is not acknowledged; the log has an id, and no payload."""
    match error:
        case StorageBusyError():
            log.error("storage is busy: not acknowledged")
            return BoltResponse(status=503, body="")
        case ValidationError() | KeyError() | IndexError() | ValueError():
            log.warning("malformed payload: %s", type(error).__name__)
            return BoltResponse(status=400, body="", headers={"x-slack-no-retry": "1"})
        case _:
            name = secrets.token_hex(4)
            log.error("unexpected failure %s", name, exc_info=error)
            return BoltResponse(status=500, body="")


def _user(body: Body) -> str:
    """The acting user, wherever this kind of payload has it."""
    if "user_id" in body:
        return str(body["user_id"])
    if "event" in body:
        event = body["event"]
        who = event.get("user") or event.get("message", {}).get("user")
        return str(who or event.get("previous_message", {}).get("user", ""))
    return str(body["user"]["id"])


def _team(body: Body) -> str:
    team = body.get("team_id") or (body.get("team") or {}).get("id")
    return str(team or body.get("user", {}).get("team_id", ""))
