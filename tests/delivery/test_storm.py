"""Slack takes nothing for two hours and asks for ten minutes' patience at each call: all is said
afterwards, in order, and hardly anybody knocks meanwhile.
"""

from collections import Counter

from flows.effects import Kind
from storage.moments import to_stored
from storage.outbox import Job
from tests.conftest import Tell
from tests.delivery import slack
from tests.delivery.bench import Bench
from tests.delivery.slack import World
from tests.delivery.test_edits import make_edits, mark

PEOPLE, EACH = 4, 3
STORM_SECONDS, PATIENCE_SECONDS = 7200.0, 600.0


def test_storm_of_429(bench: Bench, world: World, tell: Tell) -> None:
    known = [f"K{number}" for number in range(PEOPLE)]
    # Half of them have a conversation already, in which something stands that will be edited.
    for person in known:
        bench.drain(bench.ask(Kind.CARD, to=person))
    edits = make_edits(bench)
    everybody = [*known, *(f"N{number}" for number in range(PEOPLE))]
    ends = bench.clock.monotonic() + STORM_SECONDS
    before = len(world.posts)
    world.retry_after = PATIENCE_SECONDS
    world.luck = lambda _method: slack.LIMITED if bench.clock.monotonic() < ends else ""
    world.calls.clear()
    jobs: list[Job] = []
    for number in range(EACH):
        for person in everybody:
            jobs += bench.ask(Kind.CARD, to=person, subject=str(number))
    for person in known:
        mark(bench, to=person)
    refused = 0
    while jobs or edits.sweep() is not None:
        jobs = _run_until(bench, jobs, bench.clock.monotonic() + PATIENCE_SECONDS / 4)
        if bench.clock.monotonic() < ends:
            refused = len(world.calls)
    said = Counter((post["channel"], post["text"]) for post in world.posts[before:])
    assert said == Counter(
        {("D" + person, f"card {n}"): 1 for person in everybody for n in range(EACH)}
    )
    for person in everybody:
        texts = [text for text in world.texts("D" + person) if text != "card"]
        assert texts == [f"card {number}" for number in range(EACH)]
    assert {edit["channel"] for edit in world.edits} == {"D" + person for person in known}
    assert Counter(bench.states()) == Counter(done=len(world.posts))
    # Each conversation, and each workspace's edits, once in the time that Slack asked for.
    most = (len(everybody) + 1) * (STORM_SECONDS / PATIENCE_SECONDS + 1)
    assert refused <= most, Counter(world.calls[:refused])
    tell(
        f"429 storm on {bench.database.url.get_backend_name()}: two hours, {refused} calls refused "
        f"(at most {most:.0f} allowed), {said.total()} messages and {len(world.edits)} edits "
        "afterwards; lost 0, doubled 0, out of order 0"
    )


def _run_until(bench: Bench, jobs: list[Job], moment: float) -> list[Job]:
    """Run what comes before a moment, and be there then; what is left."""
    end = to_stored(bench.clock.now()) + int((moment - bench.clock.monotonic()) * 1_000_000)
    while due := [job for job in jobs if job.not_before <= end]:
        job = min(due, key=lambda one: (one.not_before, one.id))
        jobs.remove(job)
        bench.clock.advance(max(0, job.not_before - to_stored(bench.clock.now())) / 1_000_000)
        jobs += bench.worker.deliver(job.id, job.attempt)
    bench.clock.advance(max(0.0, moment - bench.clock.monotonic()))
    return jobs
