"""Reading what stands in a modal: Slack's `view["state"]["values"]`, block by block.

    {"account": {"v": {"type": "plain_text_input", "value": "Northwind"}}, ...}

Every input's action id is `ids.VALUE`; an empty input reads as an empty string or tuple.
"""

from collections.abc import Mapping
from typing import Any

from bot.ids import VALUE
from bot.views.slack_text import cleaned

Values = Mapping[str, Mapping[str, Mapping[str, Any]]]


def element(values: Values, block_id: str) -> Mapping[str, Any]:
    """The state of one input; empty when the modal had none of this name."""
    return values.get(block_id, {}).get(VALUE) or {}


def typed(values: Values, block_id: str) -> str:
    """What was typed, as typed: not escaped."""
    return cleaned(element(values, block_id).get("value") or "").strip()


def picked_option(values: Values, block_id: str) -> str:
    return str((element(values, block_id).get("selected_option") or {}).get("value", ""))


def picked_options(values: Values, block_id: str) -> tuple[str, ...]:
    """The values of every option that was picked."""
    options = element(values, block_id).get("selected_options") or ()
    return tuple(str(option["value"]) for option in options)


def picked_user(values: Values, block_id: str) -> str:
    """A user's id, picked from the workspace or from a list of ours."""
    return element(values, block_id).get("selected_user") or picked_option(values, block_id)


def picked_users(values: Values, block_id: str) -> tuple[str, ...]:
    return tuple(element(values, block_id).get("selected_users") or ())


def picked_channel(values: Values, block_id: str) -> str:
    """A channel's id."""
    return element(values, block_id).get("selected_conversation") or ""


def picked_date(values: Values, block_id: str) -> str:
    """An ISO date."""
    return element(values, block_id).get("selected_date") or ""


def picked_time(values: Values, block_id: str) -> str:
    """A time of day, like "09:30"."""
    return element(values, block_id).get("selected_time") or ""


def picked_moment(values: Values, block_id: str) -> int | None:
    """Seconds since 1970."""
    return element(values, block_id).get("selected_date_time")


def given_files(values: Values, block_id: str) -> list[Mapping[str, Any]]:
    return list(element(values, block_id).get("files") or [])
