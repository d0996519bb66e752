"""A message is said once, whatever Slack, the network or another replica does meanwhile."""

import threading

import pytest

from bot.delivery.port import Message
from flows.effects import Kind
from storage import handovers, outbox, people, posts, undelivered, wellness
from storage.journal import Line
from storage.moments import to_stored
from storage.outbox import Job
from storage.prepared import together
from tests.delivery import slack
from tests.delivery.bench import Bench
from tests.delivery.slack import World
from tests.make import default_playbook, make_started

POST = "chat.postMessage"


def test_message_lands_and_where_it_stands_is_recorded(bench: Bench, world: World) -> None:
    bench.start_handover()
    bench.drain(bench.ask(Kind.CARD))
    bench.drain(bench.ask(Kind.QUESTION, subject="SN1"))
    assert world.texts("DU1") == ["card", "question SN1"]
    assert bench.states() == ["done", "done"]
    root, question = bench.posts()
    assert root["thread_ts"] == root["ts"]
    assert question["thread_ts"] == root["ts"] == world.posts[1]["thread_ts"]
    assert (question["shown"], question["stale_since"], question["channel"]) == (1, None, "DU1")


def test_metadata_says_nothing_but_a_digest(bench: Bench, world: World) -> None:
    bench.drain(bench.ask(Kind.CARD))
    payload = world.posts[0]["metadata"]["event_payload"]
    assert list(payload) == ["key"]
    assert len(payload["key"]) == 64
    assert "H1" not in str(world.posts[0]["metadata"])


@pytest.mark.parametrize(
    "faults",
    [
        [slack.ACCEPT_AND_DROP],
        [slack.DROP],
        [slack.BROKEN_BEFORE],
        [slack.BROKEN_AFTER],
        [slack.LIMITED],
        [slack.DROP, slack.ACCEPT_AND_DROP],
        [slack.DROP, slack.LIMITED, slack.BROKEN_AFTER],
        ["internal_error", "ratelimited", slack.BROKEN_BEFORE, slack.ACCEPT_AND_DROP],
    ],
    ids=" then ".join,
)
def test_message_is_said_once_when_the_call_fails(
    bench: Bench, world: World, faults: list[str]
) -> None:
    bench.drain(bench.ask(Kind.CARD))
    world.fail(POST, *faults)
    bench.drain(bench.ask(Kind.QUESTION, subject="SN1"))
    assert world.texts() == ["card", "question SN1"]
    assert bench.states() == ["done", "done"]
    assert len(bench.posts()) == 2


def test_message_that_lands_late_is_found_and_not_said_again(bench: Bench, world: World) -> None:
    world.fail(POST, slack.LATE)
    (job,) = bench.ask(Kind.CARD)
    (glance,) = bench.worker.deliver(job.id, job.attempt)
    bench.clock.advance(2)
    (look,) = bench.worker.deliver(glance.id, glance.attempt)
    bench.clock.advance(60)
    world.land()
    bench.drain([look])
    assert world.texts() == ["card"]
    assert bench.states() == ["done"]


def test_nothing_is_posted_before_it_was_absent_twice_a_margin_apart(
    bench: Bench, world: World
) -> None:
    world.fail(POST, slack.DROP)
    began = bench.clock.monotonic()
    bench.drain(bench.ask(Kind.CARD))
    searches = world.calls.count("conversations.history")
    assert (searches, world.calls.count(POST)) == (3, 2)
    assert bench.clock.monotonic() - began >= 5 + 2 * 1 + 60 + 60


def test_what_a_found_message_says_is_brought_up_to_date(bench: Bench, world: World) -> None:
    bench.start_handover()
    world.fail(POST, slack.ACCEPT_AND_DROP)
    bench.drain(bench.ask(Kind.CARD))
    (post,) = bench.posts()
    assert post["shown"] == 0
    assert post["stale_since"] is not None
    assert bench.woken == 1


def test_search_goes_through_all_pages(bench: Bench, world: World) -> None:
    world.page = 2
    bench.drain(bench.ask(Kind.CARD))
    world.fail(POST, slack.ACCEPT_AND_DROP)
    (job,) = bench.ask(Kind.NOTICE)
    (again,) = bench.worker.deliver(job.id, job.attempt)
    for subject in ("a", "b", "c"):
        bench.drain(bench.ask(Kind.ASK, subject=subject))
    world.posts.append(world.posts.pop(1))
    bench.drain([again])
    assert sorted(world.texts()) == ["ask a", "ask b", "ask c", "card", "notice"]


def test_question_waits_for_its_card(bench: Bench, world: World) -> None:
    world.fail(POST, slack.LIMITED)
    card, question = bench.ask(Kind.CARD, Kind.QUESTION)
    later = [*bench.worker.deliver(question.id, 1), *bench.worker.deliver(card.id, 1)]
    assert world.texts() == []
    bench.drain(later)
    assert world.texts() == ["card", "question"]
    assert world.posts[1]["thread_ts"] == world.posts[0]["ts"]


def test_question_without_a_card_is_a_dead_letter_and_never_stands_alone(
    bench: Bench, world: World
) -> None:
    bench.drain(bench.ask(Kind.QUESTION))
    assert (world.texts(), bench.states()) == ([], ["dead"])


def test_what_waits_for_slack_holds_back_what_follows_to_the_same_person(
    bench: Bench, world: World
) -> None:
    world.fail(POST, slack.LIMITED)
    first, second = bench.ask(Kind.CARD, Kind.ASK)
    (other,) = bench.ask(Kind.CARD, to="U2")
    later = [*bench.worker.deliver(first.id, 1), *bench.worker.deliver(second.id, 1)]
    assert not bench.worker.deliver(other.id, 1)
    assert world.texts() == ["card"]
    bench.drain(later)
    assert world.texts("DU1") == ["card", "ask"]


def test_what_is_no_longer_true_is_dropped(bench: Bench, world: World) -> None:
    bench.words.gone = {"card"}
    bench.drain(bench.ask(Kind.CARD))
    assert (world.calls, bench.states()) == (["conversations.open"], ["dropped"])


@pytest.mark.parametrize("code", ["channel_not_found", "is_archived", "msg_too_long"])
def test_refusal_is_a_dead_letter_told_once(bench: Bench, world: World, code: str) -> None:
    world.fail(POST, code)
    (job,) = bench.ask(Kind.CARD)
    assert bench.drain([job, job]) == 2
    assert bench.states() == ["dead"]
    assert [loss.error for loss in bench.losses] == [code]
    with bench.database.read() as connection:
        (letter,) = undelivered.dead_letters(connection, "T1")
    assert (letter.id, letter.error, letter.person) == (job.id, code, "U1")


@pytest.mark.parametrize("code", ["token_revoked", "account_inactive", "invalid_auth"])
@pytest.mark.parametrize("method", [POST, "conversations.open"])
def test_what_a_token_that_does_not_work_holds_up_waits_for_one_that_does(
    bench: Bench, world: World, method: str, code: str
) -> None:
    card, question = bench.ask(Kind.CARD, Kind.QUESTION)
    world.fail(method, code, code)
    later = [*bench.worker.deliver(card.id, 1), *bench.worker.deliver(question.id, 1)]
    assert (world.texts(), bench.states()) == ([], ["pending", "pending"])
    with bench.database.read() as connection:
        assert wellness.look(connection).shut_out[code] >= 1
    bench.drain(later)
    assert (world.texts(), bench.losses) == (["card", "question"], [])
    with bench.database.read() as connection:
        assert wellness.look(connection).shut_out == {}


def test_what_may_have_landed_is_still_looked_for_once_the_token_works_again(
    bench: Bench, world: World
) -> None:
    world.fail(POST, slack.ACCEPT_AND_DROP)
    world.fail("conversations.history", "token_revoked", slack.LIMITED)
    bench.drain(bench.ask(Kind.CARD))
    assert (world.texts(), bench.states()) == (["card"], ["done"])


def test_person_who_is_gone_is_a_dead_letter(bench: Bench, world: World) -> None:
    world.fail("conversations.open", "user_not_found")
    bench.drain(bench.ask(Kind.CARD))
    assert bench.states() == ["dead"]


def test_unreadable_history_means_at_most_once(bench: Bench, world: World) -> None:
    world.fail(POST, slack.DROP)
    world.fail("conversations.history", "missing_scope")
    bench.drain(bench.ask(Kind.CARD))
    assert (world.texts(), bench.states()) == ([], ["dead"])
    assert bench.rows()[0]["error"] == "unknown: missing_scope"


@pytest.mark.parametrize("fault", [slack.LIMITED, slack.DROP, slack.BROKEN_BEFORE])
def test_failing_search_is_tried_again(bench: Bench, world: World, fault: str) -> None:
    world.fail(POST, slack.ACCEPT_AND_DROP)
    world.fail("conversations.history", fault, fault)
    bench.drain(bench.ask(Kind.CARD))
    assert (world.texts(), bench.states()) == (["card"], ["done"])


def test_failing_conversation_is_tried_again(bench: Bench, world: World) -> None:
    world.fail("conversations.open", slack.LIMITED, slack.DROP)
    bench.drain(bench.ask(Kind.CARD))
    assert (world.texts(), bench.states()) == (["card"], ["done"])


def test_document_that_cannot_be_read_ends_as_a_dead_letter_and_holds_nothing_up(
    bench: Bench, world: World
) -> None:
    bench.words.damaged = {"notice"}
    began = bench.clock.monotonic()
    (notice,) = bench.ask(Kind.NOTICE)
    later = bench.worker.deliver(notice.id, notice.attempt)
    bench.drain(bench.ask(Kind.ASK))
    assert world.texts() == ["ask"]
    assert bench.drain(later) == 4
    assert bench.clock.monotonic() - began < 3600
    assert [loss.error for loss in bench.losses] == ["failed"]
    assert bench.states() == ["dead", "done"]


def test_document_that_can_be_read_again_is_said(bench: Bench, world: World) -> None:
    bench.words.damaged = {"card"}
    (card,) = bench.ask(Kind.CARD)
    later = bench.worker.deliver(card.id, card.attempt)
    bench.words.damaged = set()
    bench.drain(later)
    assert (world.texts(), bench.states()) == (["card"], ["done"])


def test_what_only_a_newer_release_can_say_waits_for_it_however_long(
    bench: Bench, world: World
) -> None:
    bench.words.newer = {"card"}
    waiting = bench.ask(Kind.CARD)
    for _ in range(20):
        waiting = [job for one in waiting for job in bench.worker.deliver(one.id, one.attempt)]
        bench.clock.advance(2)
    assert (bench.states(), world.posts, bench.losses) == (["pending"], [], [])
    bench.words.newer = set()
    bench.drain(waiting)
    assert (bench.states(), world.texts()) == (["done"], ["card"])


def test_replica_that_was_overtaken_posts_nothing(bench: Bench, world: World) -> None:
    (job,) = bench.ask(Kind.CARD)
    bench.words.before = [lambda: bench.other("r2").deliver(job.id, 1)]
    assert not bench.worker.deliver(job.id, 1)
    assert world.texts() == ["card"]
    assert bench.rows()[0]["claimed_by"].startswith("r2")


def test_two_processes_under_one_name_post_once(
    bench: Bench, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where each machine's container is called alike, or one is not quite dead yet."""
    (job,) = bench.ask(Kind.CARD)
    claimed, stamped = threading.Event(), threading.Event()
    post = bench.gateway.post

    def stands_still() -> None:
        claimed.set()
        assert stamped.wait(10)

    def overtaken() -> None:
        bench.words.before = [stands_still]
        other.start()
        assert claimed.wait(10)

    def post_late(channel: str, message: Message, thread: str | None, key: str) -> object:
        monkeypatch.undo()
        stamped.set()
        other.join()
        return post(channel, message, thread, key)

    other = threading.Thread(target=bench.other("r1").deliver, args=(job.id, 1))
    bench.words.before = [overtaken]
    monkeypatch.setattr(bench.gateway, "post", post_late)
    bench.worker.deliver(job.id, 1)
    stamped.set()
    other.join()
    bench.clock.advance(100)
    bench.drain([Job(job.id, row["attempt"], job.lane) for row in bench.rows()])
    assert world.texts() == ["card"]


def test_replica_that_wakes_after_its_stamp_leaves_the_post_to_the_next(
    bench: Bench, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    (job,) = bench.ask(Kind.CARD)
    passed = iter([1000.0, 1000.0 + 5.1])
    monkeypatch.setattr(bench.clock, "monotonic", lambda: next(passed))
    later = bench.worker.deliver(job.id, 1)
    assert world.texts() == []
    monkeypatch.undo()
    bench.drain(later)
    assert world.texts() == ["card"]


def test_job_of_another_attempt_does_nothing(bench: Bench, world: World) -> None:
    (job,) = bench.ask(Kind.CARD)
    assert not bench.worker.deliver(job.id, 2)
    assert not bench.worker.deliver(job.id + 1, 1)
    assert world.calls == []


def test_change_between_rendering_and_recording_marks_the_message(
    bench: Bench, world: World
) -> None:
    bench.start_handover()
    now = to_stored(bench.clock.now())
    (job,) = bench.ask(Kind.CARD)

    def change() -> None:
        with bench.database.write() as connection:
            stored = handovers.load(connection, "T1", "H1", lock=True)
            assert stored
            line = Line(make_started(), "salt")
            with together(connection) as block:
                handovers.save(block, stored, stored.value, default_playbook(), line)
            outbox.mark_stale(connection, "T1", "H1", [], now)

    bench.words.before = [change]
    bench.drain([job])
    (post,) = bench.posts()
    assert post["stale_since"] == now
    assert bench.woken == 1


def test_file_is_shared_once_in_the_thread(bench: Bench, world: World) -> None:
    bench.drain(bench.ask(Kind.CARD))
    world.fail("files.completeUploadExternal", slack.ACCEPT_AND_DROP)
    bench.drain(bench.ask(Kind.BRIEF_FILE))
    shared = [file for file in world.files.values() if file["ims"]]
    assert [file["ims"] for file in shared] == [["DU1"]]
    assert bench.states() == ["done", "done"]
    assert len(bench.posts()) == 1


def test_file_that_was_not_shared_is_brought_again(bench: Bench, world: World) -> None:
    bench.drain(bench.ask(Kind.CARD))
    world.fail("files.completeUploadExternal", slack.DROP)
    bench.drain(bench.ask(Kind.BRIEF_FILE))
    assert [file["ims"] for file in world.files.values()] == [[], ["DU1"]]
    assert bench.states() == ["done", "done"]


def test_conversation_is_opened_once_and_kept(bench: Bench, world: World) -> None:
    with bench.database.write() as connection:
        people.keep(connection, people.Person("T1", "U1", "Olga"), 0)
    bench.drain(bench.ask(Kind.CARD))
    bench.drain(bench.ask(Kind.ASK))
    assert world.calls.count("conversations.open") == 1


def test_reply_belongs_to_the_question_that_stood_before_it(bench: Bench, world: World) -> None:
    bench.drain(bench.ask(Kind.CARD))
    for subject in ("SN1", "SN2"):
        bench.drain(bench.ask(Kind.QUESTION, subject=subject))
    root, first, second = (post["ts"] for post in bench.posts())
    with bench.database.read() as connection:

        def asked(ts: str) -> str | None:
            post = posts.asked_before(connection, "T1", "DU1", root, ts)
            return post.subject if post else None

        assert asked(first) is None
        assert asked(first + "1") == "SN1"
        assert asked(second) == "SN1"
        assert asked(second + "1") == "SN2"
        found = posts.root_of(connection, "T1", "H1", "U1")
        assert found
        assert (found.ts, found.kind) == (root, "card")


def test_question_waits_for_its_root_without_asking_all_the_time(
    bench: Bench, world: World
) -> None:
    world.fail(POST, slack.DROP)
    assert bench.drain(bench.ask(Kind.CARD, Kind.QUESTION, subject="SN1")) < 10
    assert world.texts() == ["card SN1", "question SN1"]
