"""Payloads with copied or made-up values: what a client that is not Slack's own might send.

The sandbox's persons cannot do this, for they act by what they see.
"""

from enum import StrEnum
from typing import Any

from bot.ids import Act, Carried
from bot.sandbox import Person
from bot.sandbox.transport import Kind, Receipt
from tests.privacy.cast import Cast

Values = dict[str, dict[str, Any]]


def send(play: Cast, kind: Kind, payload: dict[str, Any]) -> Receipt:
    """Deliver a payload as Slack would, signed."""
    interactions: Any = play.stage.slack._world.interactions
    receipt: Receipt = interactions._courier.interact(kind, payload)
    return receipt


def click(play: Cast, person: Person, action: str, about: Carried, kind: str = "button") -> Receipt:
    return send(play, "interactive", click_payload(play, person, action, about.dump(), kind))


def click_payload(
    play: Cast, person: Person, action: str, value: str, kind: str = "button"
) -> dict[str, Any]:
    """A click in the person's own conversation, with this value; a picker has it in its block."""
    room = person.dm().id
    world = play.stage.slack._world
    chosen: dict[str, dict[str, Any]] = {
        "button": {"value": value},
        "datepicker": {"block_id": value, "selected_date": "2027-01-04"},
        "multi_users_select": {"block_id": value, "selected_users": [person.id]},
        "overflow": {"selected_option": {"value": value}},
    }
    moment = world.moment()
    container = {"type": "message", "message_ts": moment, "channel_id": room}
    acted = {"type": kind, "action_id": action, "block_id": "b", "action_ts": moment}
    return _base(play, person, "block_actions") | {
        "container": container | {"is_ephemeral": False},
        "channel": {"id": room, "name": "directmessage"},
        "state": {"values": {}},
        "response_url": _payloads(play)._tickets.response_url(person.id, room, None),
        "actions": [acted | chosen[kind]],
    }


def submit(play: Cast, person: Person, form: StrEnum, about: Carried, values: Values) -> Receipt:
    """A submission of a modal of ours, with this private_metadata."""
    number = _payloads(play)._workspace.ids.new("V")
    view = {
        "id": number,
        "type": "modal",
        "callback_id": form.value,
        "private_metadata": about.dump(),
        "hash": number,
        "state": {"values": values},
        "blocks": [],
        "title": {"type": "plain_text", "text": "x"},
    }
    return send(play, "interactive", _base(play, person, "view_submission") | {"view": view})


def event(play: Cast, person: Person, text: str, thread: str = "", **changes: Any) -> None:  # noqa: ANN401 - JSON
    """A message event of this person's, delivered at once."""
    payloads = _payloads(play)
    inner = {
        "type": "message",
        "channel": person.dm().id,
        "channel_type": "im",
        "user": person.id,
        "text": text,
        "ts": play.stage.slack._world.moment(),
    }
    inner |= {"thread_ts": thread} if thread else {}
    assert send(play, "events_api", payloads.event(inner | changes)).status == 200


def picker_of(act: Act) -> str:
    """The kind of element that an action stands on."""
    kinds = {
        Act.ANSWER_DATE: "datepicker",
        Act.ANSWER_PEOPLE: "multi_users_select",
        Act.RECORD_MENU: "overflow",
        Act.ANSWER_MENU: "overflow",
    }
    return kinds.get(act, "button")


def _payloads(play: Cast) -> Any:  # noqa: ANN401 - the sandbox's own
    interactions: Any = play.stage.slack._world.interactions
    return interactions._payloads


def _base(play: Cast, person: Person, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = _payloads(play)._base(kind, person.user, in_modal=False)
    return found
