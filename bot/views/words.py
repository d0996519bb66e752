"""The words for the model's values: one table each, read by every view."""

from decimal import Decimal, InvalidOperation

from bot.views.dates import day, iso_day
from bot.views.people import person
from bot.views.slack_text import Names, Surface, link, one_line
from flows.end.completing import is_over
from flows.end.kits import KitItem
from flows.handover import Ask, Given, Handover, Heard, Stage, Verdict
from flows.playbook import Part, Playbook
from flows.reports.digest import Phase, phase_of
from flows.taking_over.brief import Entry
from flows.terms import Confidential, DateIs, How, PartKind, Reason, Role, Segment, Sureness

PHASES = {
    Phase.TOLD: "The customer knows",
    Phase.READY: "Knowledge pack complete",
    Phase.PACK: "Knowledge pack under way",
    Phase.SWITCHED: "The new CSM leads",
    Phase.PAUSED: "Paused",
    Phase.COMPLETE: "Complete, to be followed up",
}

SEGMENTS = {
    Segment.SMB: "SMB",
    Segment.MID_MARKET: "Mid-market",
    Segment.ENTERPRISE: "Enterprise",
}
REASONS = {
    Reason.ATTRITION: "Leaving the company",
    Reason.PROMOTION: "Promotion",
    Reason.REALLOCATION: "New CSM joins",
    Reason.LOAD_BALANCING: "Balancing workload",
    Reason.SEGMENT_CHANGE: "Segment change",
    Reason.REASSIGNMENT: "Reassignment",
}
CONFIDENTIAL = {
    Confidential.UNDERPERFORMING: "Underperforming",
    Confidential.UNANNOUNCED: "Departure not announced",
    Confidential.CUSTOMER_ASKED: "Customer asked for a change",
}
DATE_IS = {DateIs.LAST_DAY: "Last working day", DateIs.SWITCH_BY: "Switch by"}
ROLES = {
    Role.OUTGOING: "outgoing CSM",
    Role.INCOMING: "incoming CSM",
    Role.LEADER: "leader",
    Role.BACKUP: "backup",
    Role.CREATOR: "started it",
    Role.INTERIM: "interim lead",
}
KIT: dict[str, str] = {
    KitItem.MEETINGS: "give every meeting with the customer in your calendar another owner",
    KitItem.INBOXES: "pass on the inboxes, drives and phones that the customer depends on",
    KitItem.AUTO_REPLY: "set the auto-reply",
    KitItem.GOODBYE: "say goodbye to the customer",
    KitItem.CRM: "change the owner in the CRM",
    KitItem.PAY: "change the owner in the compensation fields",
    KitItem.AUDIT: "look for recurring invitations that still belong to {outgoing}",
}
VERDICTS = {
    Verdict.NONE: "None",
    Verdict.UNKNOWN: "I don't know",
    Verdict.SKIPPED: "Skipped",
}
SURENESS = {Sureness.THINK: "thinks so", Sureness.GUESS: "a guess"}
HOW = {
    How.CALL: "on a call",
    How.MAIL: "by mail",
    How.MEETING: "in a meeting",
    How.OTHER: "otherwise",
}
_PEOPLE = 12
_VALUE = 300
_BANDS = tuple(
    (Decimal(edge), words)
    for edge, words in (
        (10_000, "under 10k"),
        (50_000, "10k–50k"),
        (100_000, "50k–100k"),
        (250_000, "100k–250k"),
        (500_000, "250k–500k"),
        (1_000_000, "500k–1M"),
        (5_000_000, "1M–5M"),
    )
)


def band(revenue: Decimal | None) -> str:
    """A revenue in the round; nothing when it is not known."""
    if revenue is None:
        return ""
    return next((words for edge, words in _BANDS if revenue < edge), "over 5M")


def number(value: str) -> str:
    """A decimal as people read it: "1,250,000"."""
    try:
        return f"{Decimal(value):,f}"
    except InvalidOperation:
        return value


def counted(count: int, one: str, many: str = "") -> str:
    """A count with its noun: "1 question", "3 questions"."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def labelled(label: str, words: str) -> str:
    """A value under its label: "Health: Green"; a label that asks needs no colon."""
    return f"{label} {words}" if label.endswith("?") else f"{label}: {words}"


def article(noun: str) -> str:
    """A noun with its article: "a promise", "an issue"."""
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def stage(handover: Handover, playbook: Playbook) -> str:
    """How far a handover is, in words."""
    if handover.stage is Stage.DRAFT:
        return "Draft, nobody is told"
    if is_over(handover):
        return "Complete" if handover.stage is Stage.COMPLETE else "Cancelled"
    if pause := handover.ending.pause:
        return f"Paused until {day(pause.until)}"
    return PHASES[phase_of(handover, playbook)]


def heard(what: Heard, names: Names, surface: Surface) -> str:
    """From whom something was heard: "heard from Sam Lee by mail, Tue 8 Dec 2026"."""
    how = "" if what.how is How.OTHER else f" {HOW[what.how]}"
    return f"heard from {one_line(what.who, surface, names, _VALUE)}{how}, {day(what.on)}"


def asked_of(ask: Ask, names: Names, surface: Surface) -> str:
    """Who is asked for an answer: "Kim Lund is asked, by Tue 8 Dec 2026"."""
    who = one_line(ask.whom, surface, names, _VALUE) if ask.whom else person(ask.to, names, surface)
    return f"{who} is asked" + (f", by {day(ask.due)}" if ask.due else "")


def quality(entry: Entry, names: Names, surface: Surface) -> list[str]:
    """What a reader should know of how good an answer is; of most answers there is nothing."""
    return [
        *([SURENESS[entry.sureness]] if entry.sureness in SURENESS else []),
        *(["short answer"] if entry.short else []),
        *(heard(what, names, surface) for what in entry.heard),
        *(asked_of(ask, names, surface) for ask in entry.asked),
    ]


def value(part: Part, text: str, names: Names, surface: Surface, limit: int | None = None) -> str:
    """One value of a part or of a record's field."""
    match part.kind:
        case PartKind.PEOPLE:
            return ", ".join(person(user, names, surface) for user in text.split(","))
        case PartKind.LINK:
            return link(text, surface, limit)
        case PartKind.CHOICE:
            text = next((option.label for option in part.options if option.value == text), text)
        case PartKind.DATE:
            text = iso_day(text)
        case PartKind.NUMBER:
            text = number(text)
        case PartKind.TEXT:
            pass
    return one_line(text, surface, names, limit)


def given(part: Part, what: Given, names: Names, surface: Surface) -> str:
    """A structured part of an answer, with the day it was true."""
    whole = surface is Surface.MARKDOWN
    shown, limit = (what.values, None) if whole else (what.values[:_PEOPLE], _VALUE)
    words = ", ".join(value(part, text, names, surface, limit) for text in shown)
    if len(shown) < len(what.values):
        words += f" and {len(what.values) - len(shown)} more"
    return f"{words} (as of {day(what.as_of)})" if what.as_of else words
