"""People in words: by name as escaped text, never as a mention that pings."""

import re

from bot.views.dates import day
from bot.views.slack_text import Names, Surface, cleaned, escaped, one_line
from flows.handover import Choice, Handover, Party
from flows.privacy import untold
from flows.schedule.renewal import decided, renewal_lead
from flows.side_by_side.lead import lead_now
from flows.terms import Role

_LONGEST = 80
_USER = re.compile(r"[UW][A-Z0-9]+")
NOBODY_YET = "the new CSM"


def person(user: str, names: Names, surface: Surface = Surface.MRKDWN) -> str:
    """A user's name, on one line."""
    name = " ".join(cleaned(names(user)).split()) or user
    return one_line(escaped(name), surface, names, _LONGEST)


def author(who: str, names: Names, surface: Surface = Surface.MRKDWN) -> str:
    """Whoever wrote a message: a user's name, or that of an app."""
    is_user = _USER.fullmatch(who)
    return person(who, names, surface) if is_user else _typed(escaped(who), names, surface)


def party(who: Party, names: Names, surface: Surface = Surface.MRKDWN) -> str:
    """One of the two CSMs, on Slack or not."""
    return person(who.user, names, surface) if who.user else _typed(who.name, names, surface)


def by_key(key: str, names: Names, surface: Surface = Surface.MRKDWN) -> str:
    """Whoever a party's key names: a user, or a typed name."""
    return person(key, names, surface) if _USER.fullmatch(key) else _typed(key, names, surface)


def incoming(handover: Handover, names: Names, surface: Surface = Surface.MRKDWN) -> str:
    """The incoming CSM, or words that say there is none yet."""
    if handover.incoming is None:
        return NOBODY_YET
    return party(handover.incoming, names, surface)


def account(handover: Handover, names: Names, surface: Surface = Surface.MRKDWN) -> str:
    """The account's name, on one line."""
    return _typed(handover.account, names, surface, 200)


def role_holder(
    handover: Handover, role: Role, names: Names, surface: Surface = Surface.MRKDWN
) -> str:
    """Whoever has a role, by name; nothing where nobody has."""
    if role is Role.OUTGOING:
        return party(handover.outgoing, names, surface)
    if role is Role.INCOMING:
        return party(handover.incoming, names, surface) if handover.incoming else ""
    user = handover.user(role)
    return person(user, names, surface) if user else ""


def kept_quiet(handover: Handover, names: Names) -> str:
    """A word to whoever knows already while one of the CSMs does not; empty once both know."""
    waiting = [role_holder(handover, role, names) for role in untold(handover)]
    if not waiting:
        return ""
    leader, verb = person(handover.leader, names), "does" if len(waiting) == 1 else "do"
    return f"{listed(waiting)} {verb} not know of this yet: please talk only with {leader} for now."


def lead_name(handover: Handover, lead: str, names: Names, surface: Surface) -> str:
    """The name behind what `lead_now` tells: a Slack id, or a name that is not on Slack."""
    typed = [who.name for who in (handover.outgoing, handover.incoming) if who and not who.user]
    return _typed(lead, names, surface) if lead in typed else person(lead, names, surface)


def lead_line(handover: Handover, names: Names, surface: Surface = Surface.MRKDWN) -> str:
    """Who leads now, until when where that is known, and who leads the renewal if named."""
    lead, until = lead_now(handover)
    line = f"Lead now: {lead_name(handover, lead, names, surface)}"
    if until:
        line = f"{line} (until {day(until)})"
    elif not handover.outgoing.gone and decided(handover) is Choice.AFTER:
        line = f"{line} (until the renewal is signed)"
    renews = renewal_lead(handover)
    return (
        f"{line}; {lead_name(handover, renews, names, surface)} leads the renewal"
        if renews
        else line
    )


def listed(items: list[str], last: str = "and") -> str:
    """Several things as people say them: "A, B and C"."""
    *before, end = items or [""]
    return f"{', '.join(before)} {last} {end}" if before else end


def _typed(name: str, names: Names, surface: Surface, limit: int = _LONGEST) -> str:
    return one_line(name, surface, names, limit) or "…"
