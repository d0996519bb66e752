"""The facts that a customer's letter may be made of: a fixed list, each of them safe to tell.

They stand beside `SafeFacts`: the reason as it was agreed, the names of who changes, what either of
them wrote for the customer to read, and slots for the days of the plan. Never an answer that was
given for us, revenue, health or the internal reason.
"""

from datetime import date

from flows.handover import Acceptance, Handover, Verdict
from flows.playbook import Playbook
from flows.privacy import is_sensitive, told_part
from flows.side_by_side.lead import waits_for_somebody
from flows.staffing.changes import Interim
from flows.terms import DateIs
from flows.texts.letters import slot
from flows.texts.safe_facts import known_items, plain_line

_WRITTEN_FOR_THEM = {"credentials": "TR2", "stays": "PR1", "changes": "SG1", "instead": "SG2"}
"""Questions whose answers the customer is meant to read (G25, A15, G8)."""
_LONGEST = 1000


def letter_facts(handover: Handover, playbook: Playbook) -> dict[str, str]:
    """Every fact that is known, as plain words in the stored form; days and the leader as slots."""
    incoming = handover.incoming
    accepted = handover.acceptance is Acceptance.ACCEPTED
    interim = leads_between(handover)
    items = [item.what.words for item in known_items(handover, playbook)]
    found = {
        "account": _plain(handover.account),
        "outgoing": _plain(handover.outgoing.name),
        "incoming": _plain(incoming.name) if incoming and accepted else "",
        "interim": _plain(interim.name) if interim else "",
        "reason": _plain(handover.wording.text) if handover.wording else "",
        "items": "\n".join(f"• {_stored(what)}" for what in items),
        "customer": slot("customer"),
        "leader": slot("leader"),
    }
    for name, question in _WRITTEN_FOR_THEM.items():
        found[name] = _answered(handover, playbook, question)
    found |= {key: slot(key) for key in own_days(handover, playbook)}
    return {name: words for name, words in found.items() if words}


def written_for_them(handover: Handover, playbook: Playbook) -> str:
    """All that was written for the customer to read, a line each; the leak check looks through it
    before anything goes to the leader.
    """
    found = (_answered(handover, playbook, key) for key in _WRITTEN_FOR_THEM.values())
    return "\n".join(words for words in found if words)


def own_days(handover: Handover, playbook: Playbook) -> dict[str, date]:
    """The days that a text may name besides those of the plan."""
    days: dict[str, date] = {}
    if until := told_part(handover, playbook, "reachable_until"):
        days["reachable"] = date.fromisoformat(until)
    if handover.day_is is DateIs.LAST_DAY:
        days["last_day"] = handover.day
    if interim := leads_between(handover):
        days["interim_until"] = interim.until
    wish, talk = handover.sending.asks_for, handover.sending.talk
    if wish and wish.decided and wish.decided.until:
        days["kept"] = wish.decided.until
    if talk and talk.on:
        days["talk"] = talk.on
    return days


def leads_between(handover: Handover) -> Interim | None:
    """Who is there for the customer while nobody has taken over."""
    return handover.changes.interim if waits_for_somebody(handover) else None


def _answered(handover: Handover, playbook: Playbook, key: str) -> str:
    answer, question = handover.answers.get(key), playbook.by_id.get(key)
    if answer is None or question is None or answer.verdict is not Verdict.GIVEN:
        return ""
    if is_sensitive(question, answer):
        return ""
    return _plain(" ".join(said.text for said in answer.said))


def _plain(text: str) -> str:
    words = plain_line(text, _LONGEST)
    return _stored(words.words) if words else ""


def _stored(words: str) -> str:
    """Plain words in the form in which texts are kept."""
    return words.replace("&", "&amp;")
