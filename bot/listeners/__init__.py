"""What Slack sends, to whoever handles it: one registered listener per kind of payload.

Bolt's matching is linear, so there is one listener a kind and a table behind it. Each does four
things: parse, let somebody handle it, answer, acknowledge. The acknowledgement comes last: what
failed is not acknowledged, and Slack sends it again.
"""

import logging
import re
import secrets
from collections.abc import Callable
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

    def guarded(handle: Callable[[Body, Ack], None]) -> Callable[[Body, Ack], None]:
        """Only full members of our own workspace are answered; everybody else is a stranger."""

        def listen(body: Body, ack: Ack) -> None:
            user = _user(body)
            met = office.roster.meet({user}).get(user) if user else None
            if _team(body) != office.team or met is None or not met.is_colleague:
                ack() if "command" not in body else ack(say("not_a_member"))
                return
            handle(body, ack)

        return listen

    def on_command(body: Body, ack: Ack) -> None:
        message = handle_command(office, payloads.command(body))
        if message is None:
            ack()
        else:
            ack(text=message.text, blocks=message.blocks, response_type="ephemeral")

    def on_click(body: Body, ack: Ack) -> None:
        handle_click(office, payloads.click(body))
        ack()

    def on_submission(body: Body, ack: Ack) -> None:
        submission = payloads.submission(body)
        try:
            answer = SUBMISSIONS[submission.callback](office, submission)
        except FlowError as error:
            answer = errors(error, submission.values)
        ack(**answer) if answer else ack()

    def on_message(body: Body, ack: Ack) -> None:
        message = payloads.message(body)
        match message:
            case payloads.Reply():
                handle_reply(office, message)
            case payloads.Edit():
                handle_edit(office, message)
            case payloads.Deletion():
                handle_deletion(office, message)
        ack()

    def on_home(body: Body, ack: Ack) -> None:
        user = body["event"]["user"]
        if body["event"].get("tab") == "home":
            office.soon(lambda: office.gateway.views_publish(user, home(office, user)))
        ack()

    def on_person(body: Body, ack: Ack) -> None:
        person = person_of(office.team, body["event"]["user"])
        office.roster.learn(person)
        if person.is_gone:
            office.desk.person_gone(office.team, person.user)
        ack()

    app.command("/handover")(guarded(on_command))
    app.action(ANYTHING)(guarded(on_click))
    app.view(ANYTHING)(guarded(on_submission))
    app.event("message")(guarded(on_message))
    app.event("app_home_opened")(guarded(on_home))
    app.event("user_change")(on_person)
    app.error(_failed)


def _failed(error: Exception) -> BoltResponse:
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
