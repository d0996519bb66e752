"""The shape of what Slack sends, as far as anybody reads it: Bolt, who is first, and then ours.

It is looked at once, at the door, so that no reader meets a number where a word should stand. What
is not named here is Slack's to change.
"""

from typing import Annotated, Any, Required

from pydantic import ConfigDict, Field, StringConstraints, TypeAdapter, with_config
from typing_extensions import TypedDict

_SECONDS = Annotated[int, Field(ge=0, lt=2**36)]
"""Since 1970: a date in any calendar."""
_Ts = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,12}(\.[0-9]{1,9})?$")]
_Id = Annotated[str, StringConstraints(max_length=64)]
"""Of a person, a place or a workspace: as long as a column for it."""
_Bytes = Annotated[int, Field(ge=0, lt=2**53)]


class _Option(TypedDict):
    value: str


class _File(TypedDict, total=False):
    id: Required[str]
    name: str | None
    permalink: str | None
    url_private: str | None
    size: _Bytes
    mimetype: str | None


class _Element(TypedDict, total=False):
    """What an input or an act says."""

    value: str | None
    selected_option: _Option | None
    selected_options: list[_Option] | None
    selected_user: _Id | None
    selected_users: list[_Id] | None
    selected_conversation: _Id | None
    selected_date: str | None
    selected_time: str | None
    selected_date_time: _SECONDS | None
    files: list[_File] | None


class _Act(_Element, total=False):
    action_id: Required[str]
    block_id: str
    type: str
    action_ts: str


class _State(TypedDict, total=False):
    values: dict[str, dict[str, _Element]]


class _Block(TypedDict):
    type: str
    block_id: str


class _View(TypedDict, total=False):
    id: Required[str]
    type: Required[str]
    callback_id: Required[str]
    private_metadata: Required[str]
    hash: Required[str]
    previous_view_id: str | None
    root_view_id: str | None
    state: _State | None
    blocks: Required[list[_Block]]
    app_installed_team_id: str | None
    team_id: str | None


class _Team(TypedDict, total=False):
    id: Required[_Id]
    domain: str | None
    enterprise_id: str | None


class _User(TypedDict, total=False):
    id: Required[_Id]
    team_id: str | None


class _Enterprise(TypedDict, total=False):
    id: str | None


class _Container(TypedDict, total=False):
    type: str | None
    message_ts: _Ts | None
    thread_ts: _Ts | None
    channel_id: str | None
    view_id: str | None


class _Room(TypedDict):
    id: _Id


class _Edited(TypedDict):
    ts: _Ts


class _Profile(TypedDict, total=False):
    display_name: str | None
    real_name: str | None


class _Org(TypedDict, total=False):
    teams: list[str] | None


class _Member(TypedDict, total=False):
    """A person as an event tells of them whose profile changed."""

    id: Required[_Id]
    team_id: str | None
    name: str | None
    real_name: str | None
    tz: str | None
    profile: _Profile | None
    enterprise_user: _Org | None


class _Message(TypedDict, total=False):
    """A message, or as much as an event tells of one."""

    user: _Id
    bot_id: str | None
    app_id: str | None
    username: str | None
    bot_profile: dict[str, Any] | None
    text: str | None
    ts: _Ts
    thread_ts: _Ts | None
    edited: _Edited | None
    files: list[_File]


class _Tokens(TypedDict, total=False):
    bot: list[str] | None


class _Event(_Message, total=False):
    type: Required[str]
    subtype: str | None
    user: _Id | _Member  # type: ignore[misc] # an event of a profile has the whole person there
    channel: _Id
    client_msg_id: str | None
    deleted_ts: _Ts
    message: _Message
    previous_message: _Message
    tab: str | None
    tokens: _Tokens | None


class _Authorization(TypedDict, total=False):
    enterprise_id: str | None
    team_id: str | None
    is_enterprise_install: bool | None


@with_config(ConfigDict(strict=True, hide_input_in_errors=True))
class _Delivery(TypedDict, total=False):
    """Any payload: a form's fields, an interaction or an event's envelope."""

    type: str
    command: str
    text: str
    callback_id: str
    trigger_id: str
    response_url: str | None
    api_app_id: str | None
    team: _Team | None
    user: _User
    enterprise: _Enterprise | None
    channel: _Room | None
    is_enterprise_install: bool | str | None
    team_id: _Id | None
    user_id: _Id
    enterprise_id: str | None
    channel_id: _Id
    actions: Annotated[list[_Act], Field(min_length=1)]
    container: _Container | None
    state: _State | None
    view: _View
    message: dict[str, Any]
    event: _Event
    event_id: str
    event_time: _SECONDS
    authorizations: list[_Authorization] | None


@with_config(ConfigDict(strict=True, hide_input_in_errors=True))
class _Envelope(TypedDict, total=False):
    """What a delivery is in over a socket."""

    type: Required[str]
    envelope_id: Required[str]
    payload: Required[_Delivery]
    retry_attempt: int | None
    retry_reason: str | None


_DELIVERY = TypeAdapter(_Delivery)
_ENVELOPE = TypeAdapter(_Envelope)


def check_shape(found: Any) -> None:  # noqa: ANN401 - JSON
    """Raises ValueError for what has not the shape of a delivery of Slack's."""
    _DELIVERY.validate_python(found)


def check_envelope(found: Any) -> None:  # noqa: ANN401 - JSON
    """Raises ValueError for what is no envelope with a delivery of Slack's."""
    _ENVELOPE.validate_python(found)
