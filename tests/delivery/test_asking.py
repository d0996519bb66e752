"""What is asked to be said is written once."""

from flows.effects import Kind, Post
from storage import outbox
from tests.delivery.bench import Bench


def test_what_was_asked_for_before_is_not_said_again(bench: Bench) -> None:
    wanted = [Post(to="U1", kind=Kind.CARD), Post(to="U1", kind=Kind.CHECKS)]
    with bench.database.write() as connection:
        first = outbox.add(connection, "T1", "H1", "1", wanted[1:], 0)
    with bench.database.write() as connection:
        jobs = outbox.add(connection, "T1", "H1", "1", wanted, 0)
    assert [row["kind"] for row in bench.rows()] == ["checks", "card"]
    assert [job.id for job in first + jobs] == [row["id"] for row in bench.rows()]
