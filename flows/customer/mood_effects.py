"""What is to be said about the customer's mood: red at once to the leader, silence to all."""

from collections.abc import Iterator

from flows.customer.moods import Colour
from flows.customer.sentiment import rounds
from flows.handover import Handover
from flows.privacy import everybody
from flows.saying import Effect, Kind, Post, Refresh


def mood_effects(before: Handover | None, after: Handover) -> Iterator[Effect]:
    """What is to be said because `before` became `after`."""
    if before is None or before.moods == after.moods:
        return
    known = {each.key: each for each in rounds(before)}
    for each in rounds(after):
        was = known.get(each.key)
        if each == was:
            continue
        for check in each.checks:
            yield Refresh(to=check.by, kind=Kind.MOOD, subject=each.key)
        red = each.colour is Colour.RED
        if red and not (was and was.colour is Colour.RED):
            yield Post(to=after.leader, kind=Kind.RED, subject=each.key)
        else:
            yield Refresh(to=after.leader, kind=Kind.RED, subject=each.key)
    if after.moods.alarmed_at and after.moods.alarmed_at != before.moods.alarmed_at:
        for user in sorted(everybody(after)):
            yield Post(to=user, kind=Kind.SILENCE, subject=str(len(after.moods.touches)))
    elif before.moods.alarmed_at and not after.moods.alarmed_at:
        for user in sorted(everybody(after)):
            yield Refresh(to=user, kind=Kind.SILENCE, subject=str(len(before.moods.touches)))
    yield Refresh(to=after.leader, kind=Kind.NOTICE)
