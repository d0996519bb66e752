"""views.*: the bot shows a modal or a Home tab, and changes it."""

import time
from typing import Any

from bot.sandbox import views
from bot.sandbox.errors import SlackError
from bot.sandbox.methods.context import Context
from bot.sandbox.records import View

JSON = dict[str, Any]


def open_view(context: Context, args: JSON) -> JSON:
    payload = _modal(context, args)
    trigger = context.tickets.redeem(args.get("trigger_id"), time.monotonic())
    view = views.open_modal(context.workspace, trigger.user, payload)
    return _shown(context, view)


def push(context: Context, args: JSON) -> JSON:
    payload = _modal(context, args)
    trigger = context.tickets.redeem(args.get("trigger_id"), time.monotonic())
    if not trigger.in_modal:
        raise SlackError("invalid_trigger_id", "views.push needs a trigger from within a modal")
    view = views.push_modal(context.workspace, trigger.user, payload)
    return _shown(context, view)


def _modal(context: Context, args: JSON) -> JSON:
    if not args.get("trigger_id"):
        detail = "[ERROR] missing required field: trigger_id"
        raise SlackError("invalid_arguments", detail, rule="missing_argument")
    payload = context.check_view(args["view"], "modal")
    views.check_external_id(context.workspace, payload)
    return payload


def update(context: Context, args: JSON) -> JSON:
    # Who answers a submission and changes its view afterwards sees the answer taken first.
    found = _find(context, args)
    context.workspace.wait_for(lambda: not found.submitted, context.tickets.seconds)
    view = _find(context, args)
    payload = context.check_view(args["view"], view.payload["type"])
    views.check_external_id(context.workspace, payload, view)
    _check_hash(args, view)
    views.replace(context.workspace, view, payload)
    return _shown(context, view)


def _find(context: Context, args: JSON) -> View:
    """A view by one of its two names; one that is closed by now is nobody's mistake."""
    known = context.workspace.views
    if args.get("view_id"):
        view = known.get(args["view_id"])
    else:
        wanted = args.get("external_id")
        named = [v for v in known.values() if wanted and v.payload.get("external_id") == wanted]
        view = named[-1] if named else None
    if view is None:
        raise SlackError("not_found", "no such view")
    if not view.open:
        raise SlackError("not_found", "the view is closed", ordinary=True)
    return view


def _check_hash(args: JSON, view: View) -> None:
    if args.get("hash") and args["hash"] != view.hash:
        raise SlackError("hash_conflict", "the view has changed since", ordinary=True)


def publish(context: Context, args: JSON) -> JSON:
    workspace = context.workspace
    if not workspace.app.has_home:
        raise SlackError("not_enabled", "the manifest turns the Home tab off")
    payload = context.check_view(args["view"], "home")
    workspace.user(args["user_id"])
    current = workspace.homes.get(args["user_id"])
    if current is not None:
        _check_hash(args, current)
    return _shown(context, views.publish_home(workspace, args["user_id"], payload))


def _shown(context: Context, view: View) -> JSON:
    workspace = context.workspace
    what = view.payload["type"]
    name = workspace.users[view.user].name
    context.journal.show(what, workspace.app.name, name, views.as_text(workspace, view))
    return {"view": views.view_json(workspace, view)}


HANDLERS = {
    "views.open": open_view,
    "views.push": push,
    "views.update": update,
    "views.publish": publish,
}
