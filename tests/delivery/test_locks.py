"""Rows are locked in one order, so an act and the edit that it asks for never stop each other."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import text

from flows.effects import Kind, Refresh
from storage import handovers, outbox, posts
from storage.moments import to_stored
from storage.posts import Said
from tests.databases import engine_of
from tests.delivery.bench import Bench
from tests.delivery.slack import World

_WAITS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE wait_event_type = 'Lock' AND datname = current_database()
"""


def test_act_that_marks_a_message_that_is_being_edited(
    postgresql_url: str, slack_url: str, world: World
) -> None:
    bench = Bench(postgresql_url, slack_url, world)
    bench.start_handover()
    bench.drain(bench.ask(Kind.CARD))
    now = to_stored(bench.clock.now())
    watch = engine_of(postgresql_url)

    def note_edit() -> None:
        with bench.database.write() as connection:
            card = posts.standing(connection, "T1", "H1", "U1", Kind.CARD)
            assert card
            posts.edited(connection, [(card, Said(1))], now)

    with ThreadPoolExecutor(1) as other, watch.connect() as watching:
        with bench.database.write() as connection:
            assert handovers.load(connection, "T1", "H1", lock=True)
            edit = other.submit(note_edit)
            while not watching.execute(text(_WAITS)).scalar():
                watching.rollback()
            outbox.mark_stale(connection, "T1", "H1", [Refresh(to="U1", kind=Kind.CARD)], now)
        edit.result()
    assert bench.posts()[0]["stale_since"] == now
    watch.dispose()
    bench.close()
