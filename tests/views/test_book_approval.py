"""Approving for many accounts: the template once, what differs by account, and Slack's limits."""

from datetime import timedelta

from bot.ids import Ref
from bot.views.books import approval as book_approval
from bot.views.books import sending as book_sending
from flows import events as e
from flows.handover import Handover
from flows.texts.pieces import pending
from tests.flows.make import BORIS, IVAN, LENA, OLGA, Story
from tests.flows.test_letters import agreed, approve, asked
from tests.views.books import made_handovers, scene_of_book
from tests.views.limits import check_message, elements, words
from tests.views.scenes import make_scene

GROUP = "reassignment-smb"


def sent(**change: object) -> Story:
    return asked(**{"book": "B1", "day": "2026-12-18"} | change)


def moved(handover: Handover, number: int) -> Handover:
    """As if this customer was told other days."""
    plan = handover.letters.plan[-1]
    days = {key: day + timedelta(days=number % 7) for key, day in plan.days.items()}
    plans = (plan.model_copy(update={"days": days, "number": 1 + number % 40}),)
    letters = handover.letters.model_copy(update={"plan": plans})
    return handover.model_copy(update={"letters": letters})


def test_five_hundred_accounts_fit_and_every_version_is_the_one_that_is_shown() -> None:
    accounts = [moved(h, n) for n, h in enumerate(made_handovers(500, sent().handover))]
    scene = scene_of_book(accounts, LENA)
    message = check_message(book_approval.build(GROUP, scene))
    assert words(message).count("Thank you for the work") == 1
    labels = [each["text"]["text"] for each in elements(message)]
    assert "Show all 500" in labels
    button = next(each for each in elements(message) if "Approve for" in each["text"]["text"])
    carried = book_approval.read_versions(Ref.load(button["value"]).n)
    assert button["text"]["text"] == f"Approve for {len(carried)} accounts"
    assert len(carried) > 100
    for row, versions in carried.items():
        assert versions == pending(accounts[int(row) - 1])
    assert "Page 17 of 17" in check_message(book_approval.page(scene, GROUP, 99)).text


def test_nobody_but_whoever_is_asked_sees_it() -> None:
    scene_for = [scene_of_book([sent().handover], viewer) for viewer in (IVAN, OLGA, "UZOE")]
    assert [book_approval.build(GROUP, scene) for scene in scene_for] == [None] * 3
    backup = check_message(book_approval.build(GROUP, scene_of_book([sent().handover], BORIS)))
    assert "Nothing here waits for you right now (1 account)" in words(backup)


def test_once_decided_it_says_so() -> None:
    story = sent()
    approve(story)
    message = check_message(book_approval.build(GROUP, scene_of_book([story.handover], LENA)))
    assert "Everything here is decided (1 account)" in message.text


def test_drafts_that_are_ready_are_sent_together() -> None:
    accounts = made_handovers(500, agreed(book="B1").handover)
    blocks = book_sending.blocks(scene_of_book(accounts, IVAN))
    assert blocks[0]["elements"][0]["text"]["text"] == "Send for approval for 500 accounts"
    assert len(blocks[0]["elements"][0]["value"]) < 2000
    assert book_sending.blocks(scene_of_book(accounts, OLGA)) == []


def test_the_single_card_says_the_same_of_one_account() -> None:
    story = sent()
    story.does(LENA, e.TakenOutOfGroup)
    assert make_scene(story.handover, LENA).handover.letters.apart
    assert book_approval.build(GROUP, scene_of_book([story.handover], LENA)) is None
