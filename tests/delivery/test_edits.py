"""What stands in Slack is brought up to date at Slack's pace, and only the newest counts."""

from collections.abc import Iterator

import pytest

from bot.delivery.edits import EditPace, EditRules, Edits, edit_pace
from bot.delivery.pace import Rate
from bot.delivery.port import Render, Rendered, Row
from flows.effects import Kind, Post, Refresh
from storage import outbox
from storage.moments import to_stored
from tests.delivery import slack
from tests.delivery.bench import PATIENCE, Bench, Words
from tests.delivery.slack import World

UPDATE = "chat.update"
GAP, SWEEPS = 3.0, EditPace(3.0, Rate(40, 60.0))


@pytest.fixture
def edits(bench: Bench) -> Iterator[Edits]:
    bench.drain(bench.ask(Kind.CARD))
    made = make_edits(bench)
    yield made
    made.stop(5)


def make_edits(bench: Bench, pace: EditPace = SWEEPS) -> Edits:
    return edits_of(bench, bench.parts.render, pace)


def edits_of(bench: Bench, render: Render, pace: EditPace = SWEEPS) -> Edits:
    parts = bench.parts
    return Edits(parts.database, parts.clock, render, parts.slack_of, pace, PATIENCE)


def mark(bench: Bench, kind: Kind = Kind.CARD, to: str = "U1", subject: str = "") -> None:
    with bench.database.write() as connection:
        now = to_stored(bench.clock.now())
        refresh = Refresh(to=to, kind=kind, subject=subject)
        outbox.mark_stale(connection, "T1", "H1", [refresh], now)


def stale(bench: Bench) -> list[str]:
    return [post["kind"] for post in bench.posts() if post["stale_since"] is not None]


def test_marked_message_is_edited_once(bench: Bench, world: World, edits: Edits) -> None:
    assert edits.sweep() is None
    mark(bench)
    mark(bench)
    bench.words.version = 7
    assert edits.sweep() is None
    assert [edit["ts"] for edit in world.edits] == [bench.posts()[0]["ts"]]
    assert (stale(bench), bench.posts()[0]["shown"]) == ([], 7)


def test_message_is_edited_once_in_three_seconds(bench: Bench, world: World, edits: Edits) -> None:
    mark(bench)
    edits.sweep()
    mark(bench)
    assert edits.sweep() == pytest.approx(GAP)
    assert len(world.edits) == 1
    bench.clock.advance(GAP)
    assert edits.sweep() is None
    assert len(world.edits) == 2


def test_mark_made_while_editing_stays(bench: Bench, world: World, edits: Edits) -> None:
    mark(bench)
    bench.clock.advance(1)
    bench.words.before = [lambda: mark(bench)]
    assert edits.sweep() == pytest.approx(GAP)
    bench.clock.advance(GAP)
    edits.sweep()
    assert (len(world.edits), stale(bench)) == (2, [])


def test_message_that_is_being_edited_counts_as_under_way(
    bench: Bench, world: World, edits: Edits
) -> None:
    mark(bench)
    seen: list[int] = []
    bench.words.before = [lambda: seen.append(edits.running())]
    edits.sweep()
    assert (seen, edits.running(), len(world.edits)) == ([1], 0, 1)


def test_change_in_the_same_instant_is_not_lost(bench: Bench, world: World, edits: Edits) -> None:
    bench.start_handover()
    bench.words.version = 0
    mark(bench)
    edits.sweep()
    assert stale(bench) == ["card"]
    bench.words.version = 1
    bench.clock.advance(GAP)
    edits.sweep()
    assert stale(bench) == []


def test_workspace_is_edited_so_often_a_minute(bench: Bench, world: World, edits: Edits) -> None:
    for number in range(45):
        bench.drain(bench.ask(Kind.ASK, subject=str(number)))
        mark(bench, Kind.ASK, subject=str(number))
    bench.clock.advance(1)
    while (wait := edits.sweep()) == 0:
        pass
    assert len(world.edits) == 40
    assert wait == pytest.approx(60, abs=2)
    bench.clock.advance(60)
    while edits.sweep() is not None:
        pass
    assert len(world.edits) == 45


def test_two_replicas_share_the_pace_of_a_workspace(bench: Bench, world: World) -> None:
    parts, rules = bench.parts, EditRules(among=lambda: 2)
    known = (parts.database, parts.clock, parts.render, parts.slack_of)
    mine = Edits(*known, SWEEPS, PATIENCE, rules)
    for number in range(25):
        bench.drain(bench.ask(Kind.ASK, subject=str(number)))
        mark(bench, Kind.ASK, subject=str(number))
    bench.clock.advance(1)
    while (wait := mine.sweep()) == 0:
        pass
    assert len(world.edits) == 20
    assert wait == pytest.approx(60, abs=2)


@pytest.mark.parametrize("fault", [slack.DROP, slack.ACCEPT_AND_DROP, slack.BROKEN_BEFORE])
def test_unsure_edit_is_made_again(bench: Bench, world: World, edits: Edits, fault: str) -> None:
    mark(bench)
    world.fail(UPDATE, fault)
    wait = edits.sweep()
    assert wait
    bench.clock.advance(wait)
    assert edits.sweep() is None
    assert (world.calls.count(UPDATE), stale(bench)) == (2, [])


def test_limit_is_kept_for_the_whole_workspace(bench: Bench, world: World, edits: Edits) -> None:
    bench.drain(bench.ask(Kind.NOTICE, to="U2"))
    mark(bench)
    world.fail(UPDATE, slack.LIMITED)
    edits.sweep()
    mark(bench, Kind.NOTICE, "U2")
    assert edits.sweep() == pytest.approx(world.retry_after)
    assert world.calls.count(UPDATE) == 1
    bench.clock.advance(world.retry_after)
    assert edits.sweep() is None
    assert len(world.edits) == 2


def test_workspace_that_has_to_wait_holds_up_no_other(
    bench: Bench, world: World, edits: Edits
) -> None:
    for number in range(25):
        bench.drain(bench.ask(Kind.ASK, subject=str(number)))
        mark(bench, Kind.ASK, subject=str(number))
    with bench.database.write() as connection:
        now, wanted = to_stored(bench.clock.now()), [Post(to="U9", kind=Kind.NOTICE)]
        jobs = outbox.add(connection, "T2", "H2", "1", wanted, now)
    bench.drain(jobs)
    world.fail(UPDATE, slack.LIMITED)
    edits.sweep()
    bench.clock.advance(1)
    with bench.database.write() as connection:
        refresh = Refresh(to="U9", kind=Kind.NOTICE)
        outbox.mark_stale(connection, "T2", "H2", [refresh], to_stored(bench.clock.now()))
    assert edits.sweep() == pytest.approx(world.retry_after - 1)
    assert len(world.edits) == 1


def test_edits_wait_for_a_token_that_works(bench: Bench, world: World, edits: Edits) -> None:
    mark(bench)
    world.fail(UPDATE, "token_revoked")
    wait = edits.sweep()
    assert (wait, stale(bench)) == (60, ["card"])
    bench.clock.advance(60)
    assert edits.sweep() is None
    assert (len(world.edits), stale(bench)) == (1, [])


def test_document_that_cannot_be_read_holds_up_no_other_edit(
    bench: Bench, world: World, edits: Edits
) -> None:
    bench.drain(bench.ask(Kind.NOTICE, to="U2"))
    mark(bench)
    mark(bench, Kind.NOTICE, "U2")
    bench.words.damaged = {"card"}
    wait = edits.sweep()
    assert (wait, stale(bench), len(world.edits)) == (600, ["card"], 1)
    bench.words.damaged = set()
    bench.clock.advance(600)
    assert edits.sweep() is None
    assert (len(world.edits), stale(bench)) == (2, [])


def test_edit_that_only_a_newer_release_can_make_is_left_to_it(
    bench: Bench, world: World, edits: Edits
) -> None:
    mark(bench)
    bench.words.newer = {"card"}
    assert (edits.sweep(), stale(bench), world.edits) == (2, ["card"], [])
    bench.words.newer = set()
    bench.clock.advance(2)
    edits.sweep()
    assert (len(world.edits), stale(bench)) == (1, [])


def test_message_that_is_gone_is_left(bench: Bench, world: World, edits: Edits) -> None:
    mark(bench)
    world.fail(UPDATE, "message_not_found")
    assert edits.sweep() is None
    assert stale(bench) == []


def test_message_with_nothing_to_say_stays_as_it_is(
    bench: Bench, world: World, edits: Edits
) -> None:
    mark(bench)
    bench.words.gone = {"card"}
    assert edits.sweep() is None
    assert (world.edits, stale(bench)) == ([], [])


def test_two_replicas_do_not_edit_the_same_message(
    bench: Bench, world: World, edits: Edits
) -> None:
    mark(bench)
    other = make_edits(bench)
    bench.words.before = [other.sweep]
    edits.sweep()
    assert len(world.edits) == 1


def test_thread_wakes_for_a_mark_and_ends(bench: Bench, world: World) -> None:
    bench.drain(bench.ask(Kind.CARD))
    edits = make_edits(bench, edit_pace(None))
    edits.start()
    assert edits.healthy
    mark(bench)
    edits.wake()
    with world.changed:
        assert world.changed.wait_for(lambda: world.edits, 10)
    edits.stop(10)
    assert not edits.healthy


def test_pace_of_edits_follows_the_pace_of_posts() -> None:
    assert edit_pace(Rate(5, 5.0)) == EditPace(3.0, Rate(40, 60.0))
    assert edit_pace(Rate(50, 5.0)) == EditPace(0.3, Rate(400, 60.0))
    assert edit_pace(None) == EditPace(0.0, None)


def test_who_stood_still_and_wrote_over_a_newer_edit_has_it_edited_once_more(
    bench: Bench, world: World, edits: Edits
) -> None:
    mark(bench)
    said = ["before", "after"]

    def slowly(_row: Row) -> Rendered:
        rendered = Rendered(Words(said.pop(0)), 1, thread=False)
        if said:
            bench.clock.advance(60)
            edits_of(bench, slowly).sweep()
        return rendered

    edits_of(bench, slowly).sweep()
    assert [edit["text"] for edit in world.edits] == ["after", "before"]
    bench.clock.advance(GAP)
    said.append("after")
    edits_of(bench, slowly).sweep()
    assert (world.edits[-1]["text"], stale(bench)) == ("after", [])
