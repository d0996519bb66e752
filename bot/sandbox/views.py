"""Modals and Home tabs: a stack of at most three modals a person, one Home tab, hashes, state."""

import copy
from typing import Any

from bot.sandbox.blocks import elements_of
from bot.sandbox.elements import KINDS, starting_value
from bot.sandbox.errors import SlackError
from bot.sandbox.messages import name_of, with_ids
from bot.sandbox.records import View
from bot.sandbox.screen import Screen, State, words
from bot.sandbox.workspace import Workspace

JSON = dict[str, Any]

STACK = 3


def open_modal(workspace: Workspace, user_id: str, payload: JSON) -> View:
    """A new stack; whatever modal the person had open gives way."""
    close_all(workspace, user_id)
    return _put(workspace, user_id, payload, [])


def push_modal(workspace: Workspace, user_id: str, payload: JSON) -> View:
    stack = workspace.stacks.get(user_id, [])
    if not stack:
        raise SlackError("invalid_trigger_id", "no modal is open to push onto", ordinary=True)
    if len(stack) >= STACK:
        raise SlackError("push_limit_reached", f"{STACK} modals are the limit")
    return _put(workspace, user_id, payload, stack)


def _put(workspace: Workspace, user_id: str, payload: JSON, stack: list[View]) -> View:
    view_id = workspace.ids.new("V")
    view = View(
        id=view_id,
        user=user_id,
        payload=_filled(workspace, payload),
        hash=_new_hash(workspace),
        root=stack[0].id if stack else view_id,
        previous=stack[-1].id if stack else None,
    )
    workspace.views[view.id] = view
    workspace.stacks[user_id] = [*stack, view]
    _shown(workspace, view)
    return view


def publish_home(workspace: Workspace, user_id: str, payload: JSON) -> View:
    view = workspace.homes.get(user_id)
    if view is None:
        view_id = workspace.ids.new("V")
        view = View(view_id, user_id, {}, "", root=view_id)
        workspace.homes[user_id] = workspace.views[view_id] = view
    replace(workspace, view, payload)
    return view


def replace(workspace: Workspace, view: View, payload: JSON) -> None:
    """New content; a field whose block_id and action_id stay keeps what the person put in."""
    view.payload = _filled(workspace, payload)
    view.hash = _new_hash(workspace)
    view.errors = {}
    _shown(workspace, view)


def close(workspace: Workspace, view: View) -> None:
    """The person's screen shows the modal below it, if there is one."""
    view.open = False
    stack = workspace.stacks.get(view.user, [])
    workspace.stacks[view.user] = [other for other in stack if other is not view]
    workspace.changed.notify_all()


def close_all(workspace: Workspace, user_id: str) -> None:
    for view in reversed(workspace.stacks.get(user_id, [])):
        close(workspace, view)


def check_external_id(workspace: Workspace, payload: JSON, but: View | None = None) -> None:
    wanted = payload.get("external_id")
    if not wanted:
        return
    for view in workspace.views.values():
        if view is not but and view.open and view.payload.get("external_id") == wanted:
            raise SlackError("duplicate_external_id", wanted)


def _filled(workspace: Workspace, payload: JSON) -> JSON:
    return copy.deepcopy(payload) | {"blocks": with_ids(workspace, payload["blocks"])}


def _state(blocks: list[JSON], before: State) -> State:
    """The values of all fields in these blocks, kept from `before` where the ids match."""
    state: State = {}
    for block in blocks:
        for element in elements_of(block):
            if element.get("type") in KINDS:
                kept = before.get(block["block_id"], {}).get(element["action_id"])
                if kept is None or kept["type"] != element["type"]:
                    kept = starting_value(element)
                state.setdefault(block["block_id"], {})[element["action_id"]] = kept
    return state


def _new_hash(workspace: Workspace) -> str:
    return f"{workspace.ids.ts()}.{workspace.ids.new('h')[-8:]}"


def view_json(workspace: Workspace, view: View) -> JSON:
    """The view object of answers and payloads."""
    app = workspace.app
    defaults: JSON = {
        "callback_id": "",
        "private_metadata": "",
        "external_id": "",
        "close": None,
        "submit": None,
        "clear_on_close": False,
        "notify_on_close": False,
        "title": {"type": "plain_text", "text": app.name, "emoji": True},
    }
    return (
        defaults
        | copy.deepcopy(view.payload)
        | {
            "id": view.id,
            "team_id": workspace.team_id,
            "state": {"values": copy.deepcopy(view.state)},
            "hash": view.hash,
            "previous_view_id": view.previous,
            "root_view_id": view.root,
            "app_id": app.id,
            "app_installed_team_id": workspace.team_id,
            "bot_id": app.bot_id,
        }
    )


def as_text(workspace: Workspace, view: View, *, everything: bool = False) -> str:
    """The view as read: title, blocks with what stands in the fields, errors, its own buttons."""

    def named(some_id: str) -> str:
        return name_of(workspace, some_id)

    payload = view.payload
    lines = [
        words(payload.get("title"), named),
        Screen(named, view.state, everything=everything).draw(payload["blocks"]),
        *view.errors.values(),
        *(f"[{words(payload[part], named)}]" for part in ("submit", "close") if payload.get(part)),
    ]
    return "\n".join(line for line in lines if line)


def _shown(workspace: Workspace, view: View) -> None:
    view.state = _state(view.payload["blocks"], view.state)
    where = "modal" if view.payload["type"] == "modal" else "home"
    workspace.saw([view.user], where, as_text(workspace, view, everything=True))
    workspace.changed.notify_all()
