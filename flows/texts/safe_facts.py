"""What a customer may be told: a few facts that they know, and nothing that is said among us.

A text for a customer is built from `SafeFacts` and from nothing else. It has no place for an
answer, a note, a reason, revenue, health, a stance or a risk. The one thing typed among us that
gets in is the title of what the customer has in writing or was told of (`_KNOWN`), and of these
none that tells why somebody really goes.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date

from pydantic import Field, field_validator

from flows.errors import FlowError
from flows.frozen import Frozen
from flows.handover import Acceptance, Handover, Party, Record
from flows.playbook import Playbook
from flows.privacy import may_know, may_read_sensitive, told_user
from flows.side_by_side.lead import lead_now
from flows.terms import RecordKind, Role
from flows.texts.leaks import is_never_told

_LONGEST, _TITLE = 1000, 200
_LABELLED = re.compile(r"<https?:[^<>|]*\|([^<>]*)>", re.IGNORECASE)
_ADDRESSES = re.compile(r"<[^<>]*>|\S+://\S+|\S+@\S+")
_NOT_PLAIN = re.compile("[<>\x00-\x1f\x7f-\x9f\u2028\u2029]|://")
_DENIED = re.compile(
    r"\b(?:no|not|none|nothing|never|nobody|yet|na|tbd|internal|confidential)\b|n['’]t\b|n/a",
    re.IGNORECASE,
)


class CustomerText(Frozen):
    """One line that a customer may read: plain words, without addresses, mentions or markup."""

    words: str = Field(min_length=1, max_length=_LONGEST)

    @field_validator("words")
    @classmethod
    def _is_plain(cls, words: str) -> str:
        if _NOT_PLAIN.search(words) or words != words.strip():
            raise ValueError("not a plain line")
        return words


class SafePerson(Frozen):
    """Somebody whom the customer meets: a Slack id, or the name of who is not on Slack."""

    user: str | None
    name: str = ""


class KnownItem(Frozen):
    """Something open that the customer knows of, and the day that was agreed for it."""

    what: CustomerText
    due: date | None


class SafeFacts(Frozen):
    """All that a customer may be told.

    `until` is the contact's last day, none if they stay; `successor` is only who has accepted.
    """

    account: CustomerText
    version: int
    contact: SafePerson
    until: date | None
    successor: SafePerson | None
    items: tuple[KnownItem, ...]


def safe_facts(handover: Handover, playbook: Playbook, viewer: str) -> SafeFacts:
    """What may be told, for one of the CSMs or a leader to pass on.

    Raises FlowError `not_found` for whoever may not know, `not_yours` for others.
    """
    if not may_know(handover, viewer):
        raise FlowError("not_found")
    if not may_read_sensitive(handover, viewer):
        raise FlowError("not_yours")
    lead, until = lead_now(handover)
    csms = [who for who in (handover.outgoing, handover.incoming) if who and _leads(who, lead)]
    contact = _person(csms[0]) if csms else SafePerson(user=lead)
    successor = _successor(handover)
    return SafeFacts(
        account=plain_line(handover.account) or CustomerText(words="…"),
        version=handover.seq,
        contact=contact,
        until=until,
        successor=successor if successor != contact else None,
        items=tuple(known_items(handover, playbook)),
    )


def _told(record: Record) -> bool:
    """Whether somebody noted what the customer was told; any word of denial counts against it."""
    noted = record.details.get("last_told", "")
    return bool(re.search(r"\w", noted)) and not _DENIED.search(noted)


def _in_writing(record: Record) -> bool:
    return record.details.get("in_writing") == "yes"


_KNOWN: dict[RecordKind, tuple[Callable[[Record], bool], str]] = {
    RecordKind.COMMITMENT: (_in_writing, "due"),
    RecordKind.ISSUE: (_told, ""),
}
"""Which records the customer knows of, and the field with the day that was agreed with them; of
these their title and that day, nothing else. When an issue is due is only our own plan.
"""


def known_items(handover: Handover, playbook: Playbook) -> Iterator[KnownItem]:
    """What is open and the customer knows of."""
    close = {question.id for question in playbook.questions if question.sensitive}
    close |= {key for key, answer in handover.answers.items() if answer.sensitive}
    for record in handover.records:
        if record.kind not in _KNOWN or record.question in close:
            continue
        known, due = _KNOWN[record.kind]
        title = playbook.specs[record.kind].fields[0].key
        what = plain_line(record.details.get(title, ""))
        if what and known(record) and not is_never_told(what.words, handover, playbook):
            yield KnownItem(what=what, due=_day(record.details.get(due, "")))


def _successor(handover: Handover) -> SafePerson | None:
    incoming = handover.incoming
    if incoming is None or incoming.gone or handover.acceptance is not Acceptance.ACCEPTED:
        return None
    return _person(incoming) if told_user(handover, Role.INCOMING) else None


def _leads(party: Party, lead: str) -> bool:
    return lead == party.key and not party.gone


def _person(party: Party) -> SafePerson:
    return SafePerson(user=party.user, name="" if party.user else party.name)


def plain_line(stored: str, longest: int = _TITLE) -> CustomerText | None:
    """A stored text as a plain line; none where nothing is left of it."""
    text = _ADDRESSES.sub(" ", _LABELLED.sub(r" \1 ", stored))
    for mark, plain in (("&lt;", " "), ("&gt;", " "), ("&amp;", "&")):
        text = text.replace(mark, plain)
    words = " ".join(_NOT_PLAIN.sub(" ", text).split())[:longest].strip()
    return CustomerText(words=words) if words else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
