"""The digest on demand, what a channel's has no room for, and which channels get one."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.delivery.port import Refused, Told
from bot.desk import Receipt
from bot.ids import Act, Field, Form, Ref
from bot.listeners import reading
from bot.listeners.clicks import about
from bot.listeners.reading import local_now
from bot.listeners.showing import change_view, is_in, note_view, open_modal, show
from bot.listeners.starting import Answer
from bot.office import Office
from bot.payloads import Click, Command, Submission
from bot.views.blocks import Message
from bot.views.errors import say
from bot.views.reports.digest import turns
from bot.views.reports.digest_forms import (
    channel_name,
    digest_chosen,
    digest_form,
    digest_parts,
    read_digest,
)
from bot.views.staffing.leader_forms import settings_form
from flows.errors import FlowError
from flows.reports.weekly import ChannelDigest
from flows.who_may import Do, granted

View = dict[str, Any]
_PATIENCE_SECONDS = 1.5
"""How long to look at who is in a channel while somebody waits for the modal's answer."""


def on_demand(office: Office, command: Command) -> Message:
    """`/handover digest`: what its author may know, for them alone."""
    return _own(office, command.user, 0)


def may_settle(office: Office, user: str) -> bool:
    """Whether somebody may choose what a workspace gets: admins and listed leaders."""
    return granted(Do.SETTINGS, office.roster.parts(user))


def settings_for(office: Office, user: str, said: str = "") -> View:
    """The settings, as far as somebody may change them. Raises FlowError `admins_only`."""
    office.roster.refresh()
    office.roster.meet({user})
    if not may_settle(office, user):
        raise FlowError("admins_only")
    roster, admin = office.roster, office.roster.is_admin(user)
    unled = len(reading.unled(office)) if admin else 0
    digests = digest_parts(roster.workspace.digests, said)
    named = roster.workspace.per_person
    return settings_form(roster.leaders, unled, digests, admin=admin, per_person=named)


def _own(office: Office, user: str, page: int) -> Message:
    return office.digests.own(user, local_now(office, user).date(), page)


def _turn_own(office: Office, click: Click) -> None:
    """Another page in the place of the one that is shown; from an agenda, below it."""
    page = int(about(click).v)
    message = _own(office, click.user, page)
    if is_in(click, "modal") and click.view:
        change_view(office, click.view["id"], lambda: note_view(message))
    elif turns(click.action) and click.response_url:
        office.soon(lambda: office.gateway.respond(click.response_url, message, replace=True))
    else:
        show(office, click, message)


def _more(office: Office, click: Click) -> None:
    """More of a channel's digest, for whoever pressed; turned over where it is theirs already."""
    message = office.digests.more(click.channel, int(about(click).v))
    respond, replace = office.gateway.respond, turns(click.action)
    office.soon(lambda: respond(click.response_url, message, replace=replace))


def _open_form(office: Office, click: Click) -> None:
    """Which channel gets a digest when: a new one, or another for one that does."""
    _check_right(office, click.user)
    known = office.roster.workspace.digest_of(about(click).v)
    person = office.roster.known(click.user)
    zones = {one.zone for one in office.roster.workspace.digests}
    open_modal(office, click, digest_form(known, person.tz if person else "UTC", zones))


def _remove(office: Office, click: Click) -> None:
    _check_right(office, click.user)
    receipt = Receipt(click.team, click.key)
    gone = office.digests.remove(receipt, about(click).v, click.user)
    office.roster.refresh()
    if gone and click.view:
        said = say("digest_removed", channel=channel_name(gone))
        _show_settings(office, click.user, click.view["id"], said)


def _submit(office: Office, submission: Submission) -> Answer | None:
    """A channel gets its digest, once it is known that only colleagues are in it."""
    _check_right(office, submission.user)
    channel, weekday, hour, zone = read_digest(submission.values)
    digest = ChannelDigest(
        channel=channel,
        name=_checked(office, channel),
        weekday=weekday,
        hour=hour,
        zone=zone,
        by=submission.user,
        since=office.desk.clock.now(),
    )
    receipt = Receipt(submission.team, submission.key)
    instead_of = Ref.load(submission.metadata).v
    first = office.digests.choose(receipt, digest, instead_of if instead_of != channel else "")
    office.roster.refresh()
    if below := submission.view.get("previous_view_id"):
        _show_settings(office, submission.user, below)
    return {"response_action": "update", "view": digest_chosen(digest, first)}


def _checked(office: Office, channel: str) -> str:
    """The name of a channel in which only colleagues are. Raises FlowError with the field."""
    found = office.channels.look(channel, _PATIENCE_SECONDS)
    if isinstance(found, Told):
        return str(found.data.get("name") or channel)[:80]
    code = found.code if isinstance(found, Refused) else "channel_unsure"
    raise FlowError(code, field=Field.CHANNEL)


def _check_right(office: Office, user: str) -> None:
    office.roster.refresh()
    if not may_settle(office, user):
        raise FlowError("admins_only", field=Field.CHANNEL)


def _show_settings(office: Office, user: str, view: str, said: str = "") -> None:
    """Bring the settings that stand open up to date; what was picked in them stays."""
    settings = settings_for(office, user, said)
    change_view(office, view, lambda: settings)


OTHERS: Mapping[str, Callable[[Office, Click], None]] = {
    Act.DIGEST_PAGE: _turn_own,
    Act.DIGEST_MORE: _more,
    Act.DIGEST_CHOOSE: _open_form,
    Act.DIGEST_REMOVE: _remove,
}
"""Clicks that turn a digest's page, or choose which channel gets one."""

SUBMISSIONS: Mapping[str, Callable[[Office, Submission], Answer | None]] = {Form.DIGEST: _submit}
"""What a modal's submission records."""
