"""The interactive elements: which key of a payload holds the value, and how it starts out."""

from dataclasses import dataclass
from typing import Any

JSON = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """`value` is the key in `state.values`, `initial` the key in the element, `empty` no value."""

    value: str
    initial: str
    many: bool = False

    @property
    def empty(self) -> list[Any] | None:
        return [] if self.many else None


KINDS = {
    "plain_text_input": Kind("value", "initial_value"),
    "number_input": Kind("value", "initial_value"),
    "email_text_input": Kind("value", "initial_value"),
    "url_text_input": Kind("value", "initial_value"),
    "rich_text_input": Kind("rich_text_value", "initial_value"),
    "static_select": Kind("selected_option", "initial_option"),
    "external_select": Kind("selected_option", "initial_option"),
    "radio_buttons": Kind("selected_option", "initial_option"),
    "users_select": Kind("selected_user", "initial_user"),
    "conversations_select": Kind("selected_conversation", "initial_conversation"),
    "channels_select": Kind("selected_channel", "initial_channel"),
    "datepicker": Kind("selected_date", "initial_date"),
    "timepicker": Kind("selected_time", "initial_time"),
    "datetimepicker": Kind("selected_date_time", "initial_date_time"),
    "checkboxes": Kind("selected_options", "initial_options", many=True),
    "multi_static_select": Kind("selected_options", "initial_options", many=True),
    "multi_external_select": Kind("selected_options", "initial_options", many=True),
    "multi_users_select": Kind("selected_users", "initial_users", many=True),
    "multi_conversations_select": Kind(
        "selected_conversations", "initial_conversations", many=True
    ),
    "multi_channels_select": Kind("selected_channels", "initial_channels", many=True),
    "file_input": Kind("files", "initial_files", many=True),
}
BUTTONS = ("button", "workflow_button", "overflow", "feedback_buttons", "icon_button")
ACTIONABLE = frozenset({*KINDS, *BUTTONS})
"""The element types that have an action_id; Slack gives one to those that come without."""


def starting_value(element: JSON) -> JSON:
    """The entry of `state.values` before the person has touched the element."""
    kind = KINDS[element["type"]]
    return {"type": element["type"], kind.value: element.get(kind.initial, kind.empty)}


def value_of(entry: JSON) -> Any:  # noqa: ANN401 - text, option, list or nothing
    return entry.get(KINDS[entry["type"]].value)


def with_value(element: JSON, value: object) -> JSON:
    return {"type": element["type"], KINDS[element["type"]].value: value}


def options_of(element: JSON) -> list[JSON]:
    """All options of a select, radio, checkbox or overflow, groups flattened."""
    options = list(element.get("options", ()))
    for group in element.get("option_groups", ()):
        options += group["options"]
    return options
