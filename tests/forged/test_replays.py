"""Every delivery comes again, as Slack's retry, in another order and to another replica: no effect.

On SQLite there is one bot; on PostgreSQL there are two, and what the one took the other gets again.
"""

from collections.abc import Iterator
from random import Random

import pytest
from sqlalchemy import select

from storage import tables
from tests.forged.aiming import aimed
from tests.forged.alarms import alarmed
from tests.forged.corpus import corpus
from tests.forged.screens import on_screens, pressed
from tests.forged.world import World, encoded, world

Delivery = tuple[str, bytes, str]
"""What it is for whoever reads a failure, its body and its content type."""

SEED = 5
RETRY = {"HTTP_X_SLACK_RETRY_NUM": "1", "HTTP_X_SLACK_RETRY_REASON": "http_timeout"}
_FACTS = (
    tables.handovers,
    tables.vaults,
    tables.books,
    tables.journal,
    tables.tasks,
    tables.outbox,
    tables.strays,
    tables.workspaces,
    tables.reminders,
    tables.wishes,
)


def facts(made: World) -> dict[str, list[str]]:
    """Everything that is stored but receipts, and who has been met."""
    with made.bot.database.read() as connection:
        return {
            table.name: sorted(str(tuple(row)) for row in connection.execute(select(table)))
            for table in _FACTS
        }


def deliveries(made: World, chance: Random) -> Iterator[Delivery]:
    """The whole corpus, sent by people of handovers there; and whatever stands on their screens."""
    rows = [row for row in made.all_handovers() if row.incoming and row.incoming.user]
    for sample in corpus():
        row = chance.choice(rows)
        inside = [row.outgoing.user, row.incoming and row.incoming.user, row.leader]
        actor = chance.choice([user for user in inside if user])
        payload = aimed(chance, made, sample, row, actor, elsewhere=False)
        body, content_type = encoded(sample.kind, payload)
        yield f"{sample.sort} by {actor}", body, content_type
    for what in on_screens(made):
        body, content_type = encoded("interactive", pressed(made, what, what.user))
        yield f"{what.name} by {what.user}", body, content_type


def replayed(url: str, seed: int, size: int, share: float = 1.0) -> str:
    """Play and replay; what came of it, in a line.

    Each comes again at once, while nothing else has happened; later, when much has, only those that
    had an effect: what was refused then may be right by now.
    """
    chance, replicas = Random(seed), 1 if url.startswith("sqlite") else 2
    with alarmed() as alarms, world(url, seed, size, size * 3, replicas) as made:
        chosen = [one for one in deliveries(made, chance) if chance.random() < share]
        chance.shuffle(chosen)
        effective, before = [], facts(made)
        for what, body, content_type in chosen:
            first = made.post(body, content_type, 0)
            made.settled()
            after = facts(made)
            again = made.post(body, content_type, replicas - 1, **RETRY)
            assert {first.status, again.status} <= {200, 404}, what
            made.settled()
            _nothing_happened(made, after, what)
            if after != before:
                effective.append((what, body, content_type))
            before = after
        others = chance.sample(effective, len(effective))
        for number, (what, body, content_type) in enumerate([*_swapped(effective), *others]):
            assert made.post(body, content_type, number % replicas).status == 200, what
        made.settled()
        _nothing_happened(made, before, "all of them")
        assert alarms.take() == []
    assert len(effective) > len(chosen) / 20
    return f"\nseed {seed}: {len(chosen)} deliveries, {len(effective)} of them with an effect, once"


def _nothing_happened(made: World, since: dict[str, list[str]], what: str) -> None:
    now = facts(made)
    for name, rows in since.items():
        assert now[name] == rows, (what, name, set(now[name]) ^ set(rows))


def _swapped(found: list[Delivery]) -> list[Delivery]:
    """In pairs that have changed places."""
    return [one for pair in zip(found[1::2], found[::2], strict=False) for one in pair]


@pytest.mark.timeout(240)
def test_what_comes_again_changes_nothing(database_url: str) -> None:
    share = 1.0 if database_url.startswith("sqlite") else 0.15
    print(replayed(database_url, SEED, size=2, share=share))  # noqa: T201


@pytest.mark.campaign
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("seed", range(1, 11))
def test_what_comes_again_changes_nothing_in_any_world(database_url: str, seed: int) -> None:
    print(replayed(database_url, seed, size=6))  # noqa: T201
