"""Whose names may stand in what is shown of a handover: everybody on it, and who was mentioned."""

import re
from collections.abc import Iterator
from itertools import chain

from flows.events import CLOCK
from flows.handover import Handover
from flows.remembering import remembered
from flows.side_by_side.leading import Leading
from flows.terms import Role

_USER = re.compile(r"[UW][A-Z0-9]+")
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)")


@remembered
def people_of(handover: Handover) -> frozenset[str]:
    """Everybody whose name a message of this handover may show."""
    users = {handover.user(role) for role in Role}
    users |= {party.user for party in (handover.outgoing, handover.incoming) if party}
    users |= {user for ask in handover.asks for user in (ask.by, ask.to)}
    users |= {user for guest in handover.guests.admitted for user in (guest.user, guest.by)}
    users |= {answer.by for answer in handover.answers.values()}
    users |= {piece.quoted.author for piece in handover.unsorted if piece.quoted}
    users |= {prefill.by for prefill in handover.prefilled.values()}
    users |= {piece.by for piece in handover.unsorted}
    for record in handover.records:
        keeper, done = record.decision.keeper, record.done
        users |= {record.by, keeper.user if keeper else None, done.by if done else None}
    taught = handover.teach_back
    users |= {item.marked_by for item in taught.items} if taught else set()
    for answer in handover.answers.values():
        for given in answer.given.values():
            users |= {value for value in given.values if _USER.fullmatch(value)}
    users |= set(_writers(handover))
    for sent in handover.sending.sent:
        users |= {sent.by, *(answer.by for answer in sent.answers)}
    users |= _of_lead(handover.leading)
    schedule = handover.schedule
    users |= {move.by for move in schedule.moves}
    users |= {schedule.without_outgoing.by} if schedule.without_outgoing else set()
    for decided in schedule.answered.values():
        users |= {decided.by, decided.person.user if decided.person else None}
    for one in handover.coverage.people.values():
        users |= {tick.by for tick in one.ticks.values()}
        users |= {one.by_mail.by} if one.by_mail else set()
    users |= set(_of_the_end(handover)) | set(_of_changes(handover))
    for issued in handover.calls.issued.values():
        users |= set(issued.appointment.people)
    for text in _typed(handover):
        users |= mentioned(text)
    return frozenset(user for user in users if user and user != CLOCK)


def _of_changes(handover: Handover) -> Iterator[str]:
    """Who had which part before, and who changed it."""
    changes = handover.changes
    yield from (one.by for one in changes.dates)
    for one in changes.people:
        yield from (who for who in (one.was, one.now, one.by) if _USER.fullmatch(who))
    yield from (tick.by for tick in changes.kit.done.values())
    if changes.interim:
        yield from (changes.interim.user, changes.interim.by)


def _of_the_end(handover: Handover) -> Iterator[str]:
    """Whoever said how the customer seems, signed, ended it, or sees to what is left."""
    moods, ending = handover.moods, handover.ending
    yield from (check.by for check in moods.checks)
    yield from (action.by for action in moods.actions)
    yield from (word.by for word in ending.waived.values())
    yield from (word.by for word in ending.signed.values())
    yield ending.pause.by if ending.pause else ""
    for ended in (ending.completed, ending.cancelled):
        yield ended.by if ended else ""
    for care in ending.aftercare:
        yield from (care.owner, care.by)


def _texts_of_the_end(handover: Handover) -> Iterator[str]:
    moods, ending = handover.moods, handover.ending
    yield from (check.note for check in moods.checks)
    yield from (action.what for action in moods.actions)
    yield from (word.why for word in ending.waived.values())
    yield ending.pause.why if ending.pause else ""
    for ended in (ending.completed, ending.cancelled):
        yield from (ended.why, ended.customer) if ended else ()
    yield from (care.what for care in ending.aftercare)


def _writers(handover: Handover) -> Iterator[str]:
    """Whoever wrote, approved or remarked on what the customer is told."""
    words, letters = handover.wording, handover.letters
    yield letters.asked_by
    if words:
        yield from (words.by, words.approved_by, words.wanted.by if words.wanted else "")
    for days in letters.plan:
        yield from (word.by for word in (days.approved, days.wanted) if word)
    for text in chain.from_iterable(letters.drafts.values()):
        yield text.by
        yield from (word.by for word in (text.approved, text.wanted, *text.objections) if word)


def _of_lead(leading: Leading) -> set[str]:
    """Who led when and in which session, and who said so."""
    found = {user for span in leading.spans for user in (span.who, span.by)}
    found |= {user for held in leading.sessions for user in (held.lead, held.observer)}
    return {user for user in found if _USER.fullmatch(user)}


def mentioned(text: str) -> set[str]:
    """The users whom a text as Slack sent it mentions."""
    return set(_MENTION.findall(text))


def _typed(handover: Handover) -> Iterator[str]:
    """Every text that somebody typed."""
    yield handover.account
    for answer in handover.answers.values():
        yield from (said.text for said in answer.said)
    for record in handover.records:
        yield from record.details.values()
        yield record.decision.why
    for item in handover.teach_back.items if handover.teach_back else ():
        yield from (item.answer, item.added)
    for piece in handover.unsorted:
        yield from (piece.text, piece.note)
    yield from (move.why for move in handover.schedule.moves)
    yield from (decided.why for decided in handover.schedule.answered.values())
    yield from (one.by_mail.why for one in handover.coverage.people.values() if one.by_mail)
    yield from _texts_of_the_end(handover)
    yield from (one.why for one in handover.changes.dates)
    yield from (one.why for one in handover.changes.people)
    for prefill in handover.prefilled.values():
        yield prefill.known.text
    for version in chain.from_iterable(handover.letters.drafts.values()):
        yield from (version.text, *(remark.text for remark in version.objections))
        yield version.wanted.text if version.wanted else ""
    yield from (days.wanted.text for days in handover.letters.plan if days.wanted)
    if words := handover.wording:
        yield from (words.text, words.wanted.text if words.wanted else "")
    yield from _typed_of_lead(handover.leading)
    for ask in handover.asks:
        yield from (ask.text, ask.reply)


def _typed_of_lead(leading: Leading) -> Iterator[str]:
    yield leading.why
    yield from (said.missing for said in leading.readiness)
    for held in leading.sessions:
        yield held.note
        yield from (debrief.note for debrief in held.debriefs.values())
