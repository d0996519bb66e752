"""What somebody can press, found in what the bot has shown them, and what pressing it sends."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

from bot.ids import act
from tests.forged.world import World
from tests.simulation.company import TEAM

JSON = dict[str, Any]

_NUMBERS = count(1)
WORDS = "They want calm, a report in June and one person to call, says"


@dataclass(frozen=True)
class Pressable:
    """A button, menu or picker. It stands in a message (`ts`), or in a view."""

    user: str
    block: JSON
    element: JSON
    ts: str = ""
    thread: str = ""
    view: JSON | None = None

    @property
    def name(self) -> str:
        """Which act it is."""
        return act(self.element["action_id"])

    @property
    def key(self) -> tuple[str, str, str]:
        """The same wherever it is shown again."""
        return self.user, self.name, str(self.element.get("value") or self.block.get("block_id"))


def in_blocks(blocks: list[JSON]) -> Iterator[tuple[JSON, JSON]]:
    """Every element that can be pressed, with its block."""
    for block in blocks:
        inside = block.get("elements", []) if block["type"] == "actions" else []
        beside = [block["accessory"]] if "accessory" in block else []
        for element in (*inside, *beside):
            if "action_id" in element and not element.get("url"):
                yield block, element


def in_message(user: str, blocks: list[JSON], ts: str, thread: str) -> list[Pressable]:
    return [Pressable(user, *found, ts=ts, thread=thread) for found in in_blocks(blocks)]


def in_view(user: str, view: JSON) -> list[Pressable]:
    return [Pressable(user, *found, view=view) for found in in_blocks(view["blocks"])]


def on_screens(world: World) -> list[Pressable]:
    """Everything that can be pressed in messages and on Homes."""
    found: list[Pressable] = []
    for letter in world.slate.standing():
        if letter.channel.startswith("DU"):
            user = letter.channel.removeprefix("D")
            found += in_message(user, letter.blocks, letter.ts, letter.thread or "")
    for user, view in world.slate.homes.items():
        found += in_view(user, view | {"type": "home", "id": f"VHOME{user}"})
    return found


def pressed(world: World, what: Pressable, by: str) -> JSON:
    """A click of its own."""
    number = next(_NUMBERS)
    stamp = f"{world.clock.now().timestamp():.0f}.{number % 1_000_000:06d}"
    block = what.block.get("block_id") or f"b{number}"
    acted = {"action_id": what.element["action_id"], "block_id": block, "action_ts": stamp}
    acted |= {"type": what.element["type"]} | _chosen(world, what.element, by)
    payload = _base("block_actions", by, number) | {"actions": [acted]}
    if what.view is not None:
        view = what.view | {"id": what.view.get("id", f"V{number}")}
        return payload | {"view": shown(world, view, by), "container": {"type": "view"}}
    room = f"D{what.user}"
    place = {"type": "message", "message_ts": what.ts, "channel_id": room, "is_ephemeral": False}
    thread = {"thread_ts": what.thread} if what.thread else {}
    there = {"container": place | thread, "channel": {"id": room}, "state": {"values": {}}}
    return payload | there | {"response_url": f"https://hooks.slack.com/actions/{number}"}


def submitted(world: World, view: JSON, by: str, known_as: str = "") -> JSON:
    """A modal, filled with the first that fits, and sent. `known_as` is its id at Slack."""
    number = next(_NUMBERS)
    found = shown(world, view | {"id": known_as or f"V{number}"}, by)
    return _base("view_submission", by, number) | {"view": found}


def shown(world: World, view: JSON, by: str) -> JSON:
    """A view as Slack sends it back: every block has an id, every input a state."""
    blocks = [
        block if "block_id" in block else block | {"block_id": f"_{n}"}
        for n, block in enumerate(view["blocks"])
    ]
    values = {
        block["block_id"]: {
            block["element"]["action_id"]: {"type": block["element"]["type"]}
            | _chosen(world, block["element"], by)
        }
        for block in blocks
        if block["type"] == "input"
    }
    return (
        {"callback_id": "", "private_metadata": "", "hash": "1.a"}
        | view
        | {"blocks": blocks, "state": {"values": values}}
    )


def _base(kind: str, by: str, number: int) -> JSON:
    return {
        "type": kind,
        "team": {"id": TEAM, "domain": "sandbox"},
        "user": {"id": by, "team_id": TEAM},
        "trigger_id": f"trigger-{number}",
        "is_enterprise_install": False,
        "enterprise": None,
    }


def _chosen(world: World, element: JSON, by: str) -> JSON:
    """What stands in an element already, or the first that fits."""
    day = (world.clock.now() + timedelta(days=8)).date().isoformat()
    options = element.get("options") or [
        option for group in element.get("option_groups", []) for option in group["options"]
    ]
    first: JSON = next(iter(options), {})
    other = next(user for user, one in world.members.items() if user != by and not one.leads)
    given: Mapping[str, tuple[str, str, object]] = {
        "plain_text_input": ("value", "initial_value", f"{WORDS} {by}"),
        "number_input": ("value", "initial_value", "3"),
        "email_text_input": ("value", "initial_value", "ana@example.com"),
        "url_text_input": ("value", "initial_value", "https://docs.example.com/a"),
        "static_select": ("selected_option", "initial_option", first),
        "radio_buttons": ("selected_option", "initial_option", first),
        "overflow": ("selected_option", "", first),
        "users_select": ("selected_user", "initial_user", other),
        "multi_users_select": ("selected_users", "initial_users", [other]),
        "conversations_select": ("selected_conversation", "initial_conversation", "C0HANDOVERS"),
        "datepicker": ("selected_date", "initial_date", day),
        "timepicker": ("selected_time", "initial_time", "13:00"),
        "datetimepicker": (
            "selected_date_time",
            "initial_date_time",
            int(world.clock.now().timestamp()) + 3 * 86400,
        ),
        "checkboxes": ("selected_options", "initial_options", [first]),
        "multi_static_select": ("selected_options", "initial_options", [first]),
        "file_input": ("files", "", []),
    }
    if element["type"] == "button":
        return {"value": element.get("value", "")}
    name, known, otherwise = given[element["type"]]
    return {name: element.get(known, otherwise)}
