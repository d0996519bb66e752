"""What one sitting spares whoever leaves: acts for twenty accounts, against twenty handovers.

An act is one click, choice, date, person, typed text or submission of the outgoing CSM, from the
start until their part of the pack is complete. Both ways have the same notes about each account (an
account plan with the usual ten headings), the same dates and reason, and answer alike what the
notes do not tell. The start is not counted in either: the leader starts, twenty times or once.

Single, each time: open the paste, put the notes in, submit; confirm question by question, or two
acts for a section as a form where that is less. In one sitting: the form that is asked once with
every field counted, one document for all, and for each account one act that confirms and goes on.
"""

from collections import Counter
from collections.abc import Callable

from bot.imports.reader import read_text
from flows import events as e
from flows.books.once import asked_once, for_account
from flows.books.sitting import Account
from flows.handover import Given
from flows.knowledge.interview import pack_complete
from flows.known.prefills import askable, prefill_of
from flows.terms import DateIs, Reason, Segment
from tests.flows.make import IVAN, OLGA, PLAYBOOK, Story, fitting

ACCOUNTS = {Segment.SMB: 14, Segment.MID_MARKET: 5, Segment.ENTERPRISE: 1}
MOST = 0.40
PASTE, FORM = 3, 2
NOTES = """
## Top 3
Ana decides alone. They pay late. Never call on Fridays.
## Health
- Health: Green: going well
Usage grows and Ana likes us.
## Industry
Dental software for clinics, sold to their owners.
## Use case
Support answers tickets with it.
## Goals
Every ticket answered in under two hours, measured each week.
## Setup
Single sign-on and the CRM sync, both by our standard.
## Usage
30 of 50 seats in use, and growing since May.
## Relationship
Ana trusts us, Tom wants to pay less.
## Renewal
- Renewal date: 2027-05-03
- Yearly revenue (ARR): 48000
- How likely is the renewal?: Likely
## Renewal plan
Price talks begin in May, Ana signs.
## Projects
The CRM sync is in testing, go-live in May.
## Priorities
Two clinics in Spain before the summer.
## Next steps
Visit the first clinic in Spain together with Tom.
## Key contacts
- Ana – head of support
- Tom – buyer
- Eva – admin
- Max – finance
- Ida – sponsor
## Risks
- Ana stops coming to the calls
"""


def begun(segment: Segment, book: str = "") -> Story:
    """A departure, accepted by whoever takes the account over."""
    story = Story(segment=segment, reason=Reason.ATTRITION, day_is=DateIs.LAST_DAY, book=book)
    story.does(OLGA, e.Accepted)
    return story


def pastes(story: Story) -> None:
    match = read_text(NOTES, PLAYBOOK, askable(story.handover, PLAYBOOK), {})
    story.does(IVAN, e.Pasted, id="P1", text=match.left, found=match.found)


def known(story: Story, section: str = "") -> list[str]:
    """The questions for which something waits to be confirmed."""
    return [
        question.id
        for question in askable(story.handover, PLAYBOOK).values()
        if prefill_of(story.handover, question) and section in ("", question.section)
    ]


def answers(story: Story) -> int:
    """Somebody answers what is open, question by question; how many acts that takes."""
    acts = 0
    while key := story.interview(IVAN).current:
        question, before = PLAYBOOK.by_id[key], len(story.journal)
        together = known(story, question.section)
        if prefill_of(story.handover, question):
            some = together if len(together) > FORM else [key]
            story.does(IVAN, e.PrefillConfirmed, questions=tuple(some))
            acts += FORM if len(some) > FORM else 1
        elif question.records and not question.parts:
            story.does(IVAN, e.NoneDeclared, question=key)
            acts += 1
        else:
            story.answers(IVAN)
            acts += len(story.journal) - before
    assert pack_complete(story.handover, PLAYBOOK)
    return acts


def alone(segment: Segment) -> int:
    """Acts for an account by itself."""
    story = begun(segment)
    pastes(story)
    return PASTE + answers(story)


def in_sitting(story: Story, once: dict[str, e.FormAnswer]) -> int:
    """Acts for an account of a book, without what is done for all."""
    pastes(story)
    told = for_account(story.handover, PLAYBOOK, once)
    story.does(IVAN, e.SectionFilled, answers=told)
    confirmed = tuple(known(story))
    story.does(IVAN, e.Resumed)
    story.does(IVAN, e.PrefillConfirmed, questions=confirmed)
    return 1 + answers(story)


def test_twenty_accounts_in_one_sitting_take_at_most_two_fifths_of_the_acts(
    record_property: Callable[[str, object], None],
) -> None:
    stories = {segment: begun(segment, "B1") for segment in ACCOUNTS}
    asked = asked_once(Account(story.handover, PLAYBOOK) for story in stories.values())
    once = {
        q.id: e.FormAnswer(
            text="Nothing but the weekly report, which runs from my drive" if q.text_needed else "",
            given={part.key: Given(values=(fitting(part),)) for part in q.parts},
        )
        for q in asked
    }
    fields = sum(len(q.parts) + q.text_needed for q in asked)
    assert fields <= 8
    for_all = Counter(once=FORM + fields, paste=PASTE)
    single = {segment: alone(segment) for segment in ACCOUNTS}
    each = {segment: in_sitting(stories[segment], once) for segment in ACCOUNTS}
    before = sum(single[s] * n for s, n in ACCOUNTS.items())
    now = for_all.total() + sum(each[s] * n for s, n in ACCOUNTS.items())
    told = f"{before} acts alone {single}, {now} in one sitting {dict(for_all)} {each}"
    record_property("acts", told)
    assert now <= MOST * before, told
