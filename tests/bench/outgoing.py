"""The outgoing side: how soon after its commit a message stands in Slack, and how many a second.

Everything but Slack's limits is as operators have it: an engine with its poll, a lane a channel.
The pocket Slack is in the same process and answers at once, so it takes a part of the same cores.
"""

import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select

from storage.moments import to_stored
from storage.outbox import DONE
from storage.tables import outbox
from tests.bench.figures import Figure, percentile
from tests.bench.wire import at_once, interviewed, question
from tests.wire.stage import Stage, list_leaders, sqlite_url, staged

PERSONS, ROUNDS = 32, 4
_SECOND = 1_000_000


def figures(folder: Path) -> Iterator[Figure]:
    """Questions posted, and the edits of what stands already, while PERSONS answer at once."""
    with staged(sqlite_url(folder), HANDOVER_POLL_SECONDS=0.25) as stage:
        list_leaders(stage)
        people = [interviewed(stage, number) for number in range(PERSONS)]
        asked = [question(one.person) for one in people]
        stage.rest()
        since, calls = to_stored(stage.bot.clock.now()), len(stage.slack.journal)
        began = time.perf_counter()
        for _ in range(ROUNDS):
            at_once(asked)
            pairs = zip(people, asked, strict=True)
            asked = [question(one.person, since=before) for one, before in pairs]
        posted_in = time.perf_counter() - began
        stage.rest(later=True)
        took = time.perf_counter() - began
        waits = _waits(stage, since)
        edits = sum(call.method == "chat.update" for call in stage.slack.journal[calls:])
    most = percentile(waits, 0.99)
    yield Figure(
        f"from commit to post, {PERSONS} persons answering at once",
        "for the record",
        f"p50 {percentile(waits, 0.5):.2f} s, p99 {most:.2f} s",
        met=True,
        details={
            "posts": len(waits),
            "posts a second": round(len(waits) / posted_in, 1),
            "edits": edits,
            "edits a second": round(edits / took, 1),
        },
    )


def _waits(stage: Stage, since: int) -> list[float]:
    """Seconds between the commit of each message's row and Slack's answer."""
    rows = select(outbox.c.created_at, outbox.c.done_at).where(
        outbox.c.created_at >= since, outbox.c.state == DONE
    )
    with stage.bot.database.read() as connection:
        return [(done - made) / _SECOND for made, done in connection.execute(rows)]
