"""A brief, or a copy for the customer, as a file with its name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.exports.customer import customer_markdown, customer_word
from bot.exports.formats import FOR_THE_CUSTOMER, SUFFIXES, Format
from bot.exports.markdown import brief_markdown
from bot.exports.spreadsheet import brief_csv
from bot.exports.word import brief_word
from bot.views import people
from bot.views.slack_text import Names, Surface
from flows.frozen import Moment
from flows.handover import Handover
from flows.playbook import Playbook
from flows.taking_over.brief import Brief, make_brief
from flows.taking_over.portable import portable, write_portable
from flows.texts.safe_facts import SafeFacts, safe_facts


@dataclass(frozen=True)
class Export:
    """A file, and the words under which it is shown."""

    name: str
    title: str
    content: bytes


Make = Callable[[Brief, Names, Playbook], bytes]
Tell = Callable[[SafeFacts, Names, Moment], bytes]

_BRIEFS: Mapping[Format, Make] = {
    Format.WORD: brief_word,
    Format.MARKDOWN: lambda *known: brief_markdown(*known).encode(),
    Format.CSV: brief_csv,
    Format.JSON: lambda brief, names, _book: write_portable(portable(brief, names)).encode(),
}
_COPIES: Mapping[Format, Tell] = {
    Format.CUSTOMER_WORD: customer_word,
    Format.CUSTOMER_MARKDOWN: lambda *known: customer_markdown(*known).encode(),
}


def export(
    wanted: Format, handover: Handover, playbook: Playbook, viewer: str, names: Names, at: Moment
) -> Export:
    """The handover in a format, as a viewer may read it at a moment, which is in their zone.

    Raises FlowError `not_found`, `too_early`, and `not_yours` for a copy not theirs to have.
    """
    account = people.account(handover, names, Surface.PLAIN)
    if wanted in FOR_THE_CUSTOMER:
        kind, what = "customer", "copy for the customer"
        content = _COPIES[wanted](safe_facts(handover, playbook, viewer), names, at)
    else:
        kind, what = "brief", "the whole brief"
        content = _BRIEFS[wanted](make_brief(handover, playbook, viewer, at), names, playbook)
    return Export(
        name=f"{slug(handover.account)}-{kind}-v{handover.seq}.{SUFFIXES[wanted]}",
        title=f"{account}: {what}, version {handover.seq}",
        content=content,
    )


def slug(account: str) -> str:
    """An account's name as the beginning of a file's name."""
    kept = "".join(c if c.isalnum() else " " for c in account).split()
    return "-".join(kept).lower() or "account"
