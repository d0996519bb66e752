"""Who may do what: one table, by which everything is decided, and from which the README is made.

A row is something that people do, a column who somebody is (see `flows.parts`). What is not listed
is refused, and whoever is no member of the workspace has a column only as an admitted guest.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from flows.parts import Part


class Cell(StrEnum):
    """What stands in the table: always, or only what is theirs."""

    YES = "yes"
    OWN = "own"


class Do(StrEnum):
    """What people do, in their words."""

    SEE = "See that it exists: lists, Home, show, plan, search, digest"
    BRIEF = "Read the pack and its brief, have them as a file or canvas"
    CLOSE = "Read what is marked sensitive; see to texts and coverage"
    WORD = "Read a word from the leader"
    VAULT = "Open Leader's checks: the confidential reason, the listening call"
    PREPARE = "Change, start or discard a draft"
    UNDO = "Take a start back"
    ACCEPT = "Accept or decline the handover, and say why"
    ANSWER = "Answer questions, paste, confirm and sort what was found"
    OTHERS = "Ask somebody else for an answer, use an earlier handover"
    CORRECT = "Correct or delete what one wrote"
    ASK = "Ask people or the pack, add a message from Slack, note what was told"
    REPLY = "Answer what one is asked"
    RECEIVE = "Read through the pack, take it over, teach it back, say how ready one is"
    REOPEN = "Open a promise or an issue again"
    SETTLE = "Confirm a promise that is to change"
    VOUCH = "Mark the teach-back, have less or more asked"
    REASON = "Word the reason for the customer"
    AGREE = "Agree to the reason"
    SAY = "Object to a text, say how the customer takes it"
    CHECK_IN = "Say in the weekly check-in how it goes"
    WORK = "Work on it: plan, texts, calls, sessions, the switch, last-day kit, signature"
    SEND = "Note that a text was sent"
    UNSEND = "Take that note back"
    APPROVE = "Approve texts and plan, or ask for changes"
    DECIDE = "Decide what is in question: warnings, dates, items, readiness, the old contact"
    TASKS = "Give, extend, pass on or waive tasks; act on red"
    PEOPLE = "Tell and name people: the CSM, source, interim, leader, backup; admit guests"
    END = "Pause, cancel, complete, reverse; follow up"
    BOOK = "Put a book together, share it out, start it"
    ORDER = "Have something done with several accounts of a book"
    HOURS = "Say how many hours a book may take"
    LOOK = "Menu, help, own lists and reminders, the example"
    START = "Start a handover or a book"
    CONFIDE = "Give a handover a confidential reason"
    REPORT = "Get a report"
    SETTINGS = "Choose the channels of the digest, note what follow-ups teach"
    LEADERS = "List leaders, choose what reports name"
    LEADER = "Name who leads a handover that nobody leads"
    TIME = "Bring about what time or Slack does"


_YES, _OWN = Cell.YES, Cell.OWN
_CSMS = (Part.OUTGOING, Part.INCOMING)
_LEAD = (Part.LEADER, Part.BACKUP)
_WORK = (*_CSMS, *_LEAD, Part.INTERIM)
_KNOW = (*_WORK, Part.CREATOR)
_ANSWER_ONLY = (Part.SOURCE, Part.ASKED, Part.GUEST)


def _row(always: Iterable[Part] = (), own: Iterable[Part] = ()) -> Mapping[Part, Cell]:
    return dict.fromkeys(own, _OWN) | dict.fromkeys(always, _YES)


TABLE: Mapping[Do, Mapping[Part, Cell]] = {
    Do.SEE: _row(_KNOW),
    Do.BRIEF: _row(_KNOW),
    Do.CLOSE: _row(_WORK),
    Do.WORD: _row([Part.INCOMING]),
    Do.VAULT: _row(_LEAD, own=[Part.CREATOR]),
    Do.PREPARE: _row([Part.CREATOR]),
    Do.UNDO: _row([*_LEAD, Part.CREATOR]),
    Do.ACCEPT: _row([Part.INCOMING]),
    Do.ANSWER: _row(own=[*_CSMS, Part.LEADER, Part.SOURCE]),
    Do.OTHERS: _row(own=[*_CSMS, Part.LEADER]),
    Do.CORRECT: _row(own=[*_KNOW, *_ANSWER_ONLY]),
    Do.ASK: _row(_KNOW),
    Do.REPLY: _row([*_KNOW, *_ANSWER_ONLY]),
    Do.RECEIVE: _row(own=[Part.INCOMING]),
    Do.REOPEN: _row(own=_WORK),
    Do.SETTLE: _row([Part.OUTGOING], own=[Part.LEADER]),
    Do.VOUCH: _row([Part.OUTGOING, *_LEAD]),
    Do.REASON: _row([Part.OUTGOING, *_LEAD], own=[Part.INCOMING]),
    Do.AGREE: _row([Part.OUTGOING], own=[Part.INCOMING]),
    Do.SAY: _row(_CSMS),
    Do.CHECK_IN: _row([Part.OUTGOING]),
    Do.WORK: _row(_WORK),
    Do.SEND: _row(_LEAD, own=[*_CSMS, Part.INTERIM]),
    Do.UNSEND: _row(_LEAD, own=[*_CSMS, Part.CREATOR, Part.INTERIM]),
    Do.APPROVE: _row(_LEAD),
    Do.DECIDE: _row(_LEAD),
    Do.TASKS: _row(_LEAD),
    Do.PEOPLE: _row(_LEAD),
    Do.END: _row(_LEAD),
    Do.BOOK: _row([Part.CREATOR], own=_LEAD),
    Do.ORDER: _row(own=_KNOW),
    Do.HOURS: _row([Part.OUTGOING]),
    Do.LOOK: _row([Part.MEMBER]),
    Do.START: _row([Part.MEMBER]),
    Do.CONFIDE: _row(own=[Part.LISTED]),
    Do.REPORT: _row([Part.LISTED], own=[Part.MEMBER]),
    Do.SETTINGS: _row([Part.LISTED, Part.ADMIN]),
    Do.LEADERS: _row([Part.ADMIN]),
    Do.LEADER: _row(own=[Part.ADMIN]),
    Do.TIME: _row([Part.CLOCK]),
}
"""`own` is a question, a reply or a text of theirs, or an account that they have accepted."""


def granted(do: Do, parts: Iterable[Part], *, theirs: bool = False) -> bool:
    """Whether somebody who is all of these may; `theirs` says that it is their own."""
    row = TABLE[do]
    found = [row[part] for part in parts if part in row]
    return bool(found) if theirs else Cell.YES in found
