"""The quick way stays quick: a small account, from the start to the accepted pack (decisions)."""

from flows import events as e
from flows.taking_over.reading import blockers
from tests.flows.make import IVAN, OLGA, PLAYBOOK, Story

MOST = 45
ANSWERS = {
    "S1": "Ana decides alone. They pay late. Never call on Fridays",
    "S2": "Dental software for clinics. 40 people, the CEO decides",
    "S3": "Support answers tickets with it, in under 2 hours",
    "S4": "Outage – fixed in May",
    "S5": "30 of 50 seats in use. Ana trusts us. I start price talks in May",
    "S6": "CRM sync in testing, go-live in May; they want two clinics in Spain",
    "S7": "Notes and plan",
    "S8": "Ana – head of support\nTom – buyer",
    "S9": "I promised nothing, and no issue is open",
    "S10": "Ana stops coming to the calls. I move to a new team, reachable until June",
}


def test_good_answers_are_never_asked_about_and_all_is_done_in_few_acts() -> None:
    story = Story()
    acts = 2  # the start form, and who is told what
    story.does(OLGA, e.Accepted)
    acts += 1
    while key := story.interview(IVAN).current:
        before = len(story.journal)
        if key in ANSWERS:
            found = PLAYBOOK.by_id[key]
            for part in found.parts:
                if part.required:
                    story.gives(
                        IVAN, part.key, *([o.value for o in part.options][:1] or ["2026-12-18"])
                    )
            story.says(IVAN, ANSWERS[key], question=key)
        else:
            story.answers(IVAN)
        acts += len(story.journal) - before
    assert story.handover.follow_ups == {}
    for page in range(1, 8):
        story.does(OLGA, e.PageTurned, page=page)
        acts += 1
    assert not blockers(story.handover, PLAYBOOK)
    story.does(OLGA, e.PackAccepted)
    assert acts + 1 <= MOST
