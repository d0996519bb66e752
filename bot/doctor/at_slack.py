"""The doctor at Slack: whose token it is, what it may do, and whether what was chosen still stands.

Only methods that read, and none that anybody notices.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Protocol

from bot.delivery.gateway import call, make_client, make_ssl_context
from bot.delivery.port import Limited, Refused, Told, Trouble, in_words
from bot.doctor.lines import Line, look, well, wrong
from bot.manifest import SCOPES
from bot.reports.channels import ARCHIVED, NOT_IN, SHARED, closed
from bot.roster import person_of
from storage.outbox import SHUT_OUT
from storage.workspaces import Workspace

FROM_APP = "copy SLACK_BOT_TOKEN from the app's OAuth & Permissions"
SKEW_SECONDS = 2.0
_AGAIN = "paste `handover manifest` into the app's settings and install it again"
_ELSEWHERE = "choose another channel in `/handover settings`"
_CLOSED = {
    NOT_IN: "`/invite` the bot there",
    ARCHIVED: _ELSEWHERE,
    SHARED: f"others than colleagues read there: {_ELSEWHERE}",
}


class Slack(Protocol):
    """What is asked of one workspace's Slack."""

    def auth_test(self) -> Told | Trouble: ...

    def channel_info(self, channel: str) -> Told | Trouble: ...

    def users_info(self, user: str) -> Told | Trouble: ...


def token_line(answer: Told | Trouble, todo: str) -> Line:
    """What Slack says of the token; `todo` is where another one comes from."""
    match answer:
        case Told(data):
            return well("token", f"{data.get('team_id')}, as the bot {data.get('user_id')}")
        case Limited(_, why) if why in SHUT_OUT:
            return wrong("token", f"Slack does not take it: {why}", todo)
        case Refused(code):
            return wrong("token", f"Slack does not take it: {code}", todo)
        case trouble:
            says = f"Slack cannot be asked ({in_words(trouble)})"
            return wrong("token", says, "is SLACK_API_URL right, and open from here?")


def scopes_line(told: Told) -> Line:
    """What the token may do, against the manifest."""
    granted = {scope for scope in _headers(told).get("x-oauth-scopes", "").split(",") if scope}
    missing, surplus = sorted(set(SCOPES) - granted), sorted(granted - set(SCOPES))
    if missing:
        return wrong("scopes", f"missing: {', '.join(missing)}", _AGAIN)
    if surplus:
        return look("scopes", f"more than is needed: {', '.join(surplus)}", _AGAIN)
    return well("scopes", f"the {len(granted)} of the manifest")


def clock_line(told: Told, sent: datetime, received: datetime) -> Line:
    """The clock of this machine beside Slack's, which tells whole seconds."""
    try:
        theirs = parsedate_to_datetime(_headers(told)["date"])
    except (KeyError, ValueError):
        return look("clock", "Slack's answer has no date", "is something between it and Slack?")
    ahead = (sent - theirs).total_seconds() - 1
    behind = (theirs - received).total_seconds()
    for seconds, how in ((ahead, "ahead of"), (behind, "behind")):
        if seconds > SKEW_SECONDS:
            says = f"{seconds:.0f} s {how} Slack's"
            return look("clock", says, "keep it by NTP: after 5 minutes no signature is good")
    return well("clock", f"within {SKEW_SECONDS:.0f} s of Slack's")


def socket_line(api_url: str, app_token: str, timeout: float) -> Line:
    """Whether Slack would give a socket for the app-level token."""
    client = make_client(api_url, make_ssl_context(), timeout)
    match call(client, "apps.connections.open", app_token, {}):
        case Told():
            return well("socket", "Slack would give one")
        case Limited(_, why) if why in SHUT_OUT:
            return wrong("socket", f"Slack does not take SLACK_APP_TOKEN: {why}", _APP_TOKEN)
        case Refused(code):
            return wrong("socket", f"Slack gives none: {code}", _APP_TOKEN)
        case trouble:
            return look("socket", f"Slack cannot be asked ({in_words(trouble)})", "try again")


_APP_TOKEN = "make an app-level token with connections:write; socket mode on in the manifest"  # noqa: S105 - advice


def channel_lines(slack: Slack, workspace: Workspace) -> Iterator[Line]:
    """The channels that get a digest."""
    chosen = [digest.channel for digest in workspace.digests]
    faults = list(_each(chosen, lambda channel: _channel_fault(slack, workspace.team, channel)))
    for channel, why in faults:
        yield wrong("channels", f"{channel}: {why}", _CLOSED.get(why, "try again"))
    if not faults:
        yield well("channels", f"{len(chosen)} with a digest" if chosen else "none gets a digest")


def leader_lines(slack: Slack, workspace: Workspace) -> Iterator[Line]:
    """Who may lead."""
    if not workspace.leaders:
        yield look("leaders", "nobody is named", "an admin types `/handover settings`")
        return
    faults = list(_each(workspace.leaders, lambda user: _person_fault(slack, workspace, user)))
    for user, why in faults:
        todo = "name others in `/handover settings`"
        nobody = len(faults) == len(workspace.leaders)
        yield (wrong if nobody else look)("leaders", f"{user}: {why}", todo)
    if not faults:
        yield well("leaders", f"{len(workspace.leaders)} named, all there")


def _each(
    ids: tuple[str, ...] | list[str], fault: Callable[[str], str]
) -> Iterator[tuple[str, str]]:
    return ((one, why) for one in ids if (why := fault(one)))


def _channel_fault(slack: Slack, team: str, channel: str) -> str:
    match slack.channel_info(channel):
        case Told(data):
            return closed(data["channel"], team)
        case Refused():
            return NOT_IN
        case trouble:
            return f"not known ({in_words(trouble)})"


def _person_fault(slack: Slack, workspace: Workspace, user: str) -> str:
    match slack.users_info(user):
        case Told(data):
            person = person_of(workspace.team, data["user"])
            return "" if person.is_colleague else "gone" if person.is_gone else "no full member"
        case Refused(code):
            return code
        case trouble:
            return f"not known ({in_words(trouble)})"


def _headers(told: Told) -> Mapping[str, str]:
    return {name.lower(): str(value) for name, value in told.headers.items()}
