"""What people read of texts to send: nobody else's business, nothing too long, nothing of ours."""

from datetime import timedelta

import pytest

from bot.views.customer import sending_forms
from bot.views.customer.customer_copy import copied
from bot.views.customer.sending import facts, to_send_button
from bot.views.messages import build
from flows import events as e
from flows.customer.sent import Outcome, Says
from flows.customer.to_send import EVERYTHING, find_spec
from flows.effects import Kind, Refresh
from flows.handover import Handover
from flows.privacy import as_read_by
from flows.terms import Segment
from flows.texts.letter_specs import Letter
from flows.texts.pieces import pending
from tests.flows.make import BORIS, IVAN, KIM, LENA, OLGA, PLAYBOOK, ZOE, Story
from tests.flows.test_letters import approve, approved
from tests.flows.test_sending import answer, hears, sends
from tests.views.limits import check_message, check_view, labels, words
from tests.views.scenes import make_scene

FIVE = [
    "Customer is fine",
    "Wants another date",
    "Asks for UIVAN",
    "Wants to talk to a leader",
    "No reply",
]
KINDS = (Kind.APPROVED, Kind.CUSTOMER_ASKS, Kind.CUSTOMER_SILENT, Kind.CUSTOMER_COPY)


def told(kind: Kind, handover: Handover, viewer: str, subject: str = "") -> str:
    """What somebody reads in a message; nothing where there is none for them."""
    message = build(kind, subject, make_scene(as_read_by(handover, PLAYBOOK, viewer), viewer))
    return words(check_message(message)) if message else ""


def with_people(story: Story, count: int, name: str = "Person") -> None:
    for number in range(count):
        record = {"id": f"P{number}", "question": "SK1", "details": {"name": f"{name} {number}"}}
        story.does(IVAN, e.RecordAdded, kind="stakeholder", **record)


def answered_in_every_way() -> Story:
    story = approved()
    sends(story, IVAN, Letter.HEADS_UP, Letter.INTRODUCTION, Letter.TIMELINE)
    hears(story, IVAN, Letter.INTRODUCTION, Says.FINE, who="Ana", on=story.at.date())
    hears(story, IVAN, Letter.TIMELINE, Says.NO_REPLY)
    hears(story, IVAN, Letter.TIMELINE, Says.NO_REPLY)
    hears(story, IVAN, Letter.HEADS_UP, Says.ASKS_FOR)
    until = story.at.date() + timedelta(days=20)
    story.does(LENA, e.OldContactDecided, key="heads_up_mail", outcome=Outcome.HELPER, until=until)
    approve(story)
    sends(story, LENA, Letter.REPLY)
    hears(story, LENA, Letter.REPLY, Says.TALK, on=story.at.date())
    return story


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_reads_what_is_not_theirs(kind: Kind) -> None:
    handover = answered_in_every_way().handover
    for subject in ("", EVERYTHING, "heads_up_mail", "heads_up_mail:1:", "reply_helper"):
        for viewer in (KIM, ZOE):
            assert told(kind, handover, viewer, subject) == ""
    for viewer in (IVAN, OLGA):
        assert told(Kind.CUSTOMER_ASKS, handover, viewer, "heads_up_mail") == ""
    assert told(Kind.CUSTOMER_COPY, handover, OLGA, "heads_up_mail:1:") == ""


def test_a_text_that_waits_for_anothers_comes_after_nothing_of_ones_own() -> None:
    handover = approved().handover
    assert "After that" in told(Kind.APPROVED, handover, IVAN)
    hers = told(Kind.APPROVED, handover, OLGA)
    assert "Not yet" in hers
    assert "After that" not in hers


def test_whoever_started_it_for_others_reads_no_text() -> None:
    story = approved(by=KIM)
    for kind in KINDS:
        for subject in ("", EVERYTHING, "heads_up_mail:1:"):
            assert told(kind, story.handover, KIM, subject) == ""
    assert to_send_button(make_scene(story.handover, KIM)) is None


def test_each_sender_reads_their_own_next_text() -> None:
    handover = approved().handover
    olga = told(Kind.APPROVED, handover, OLGA)
    assert "Hello" in olga
    assert "Heads-up" not in olga
    assert "Timeline" in told(Kind.APPROVED, handover, IVAN)
    assert "UIVAN sends it" in told(Kind.APPROVED, handover, BORIS, EVERYTHING)
    assert "Copy for customer" in told(Kind.APPROVED, handover, BORIS, EVERYTHING)
    assert told(Kind.APPROVED, handover, BORIS) == ""


def test_every_answer_is_told_with_what_follows() -> None:
    story = answered_in_every_way()
    ivan = told(Kind.APPROVED, story.handover, IVAN)
    for said in (
        "agreed to the plan: Ana, on Mon 23 Nov 2026 ✓",
        "no reply to the call either; please try another of their people",
        "asks for UIVAN; ULENA decided: UIVAN helps until",
    ):
        assert said in ivan
    lena = told(Kind.APPROVED, story.handover, LENA)
    assert "wants to talk to a leader; you do by Mon 23 Nov 2026" in lena
    found = dict(facts(make_scene(story.handover, OLGA)))
    assert "Introduction on Mon 23 Nov 2026 (agreed to the plan: Ana" in found["To the customer"]


def test_five_answers_stand_below_what_was_sent_last() -> None:
    story = approved()
    sends(story, IVAN, Letter.HEADS_UP)
    message = build(Kind.APPROVED, "", make_scene(story.handover, IVAN))
    assert message
    assert labels(message)[-6:] == [*FIVE, "Undo"]
    hears(story, OLGA, Letter.HEADS_UP, Says.FINE)
    message = build(Kind.APPROVED, "", make_scene(story.handover, IVAN))
    assert message
    assert labels(message)[-5:] == FIVE
    sends(story, IVAN, Letter.INTRODUCTION)
    message = build(Kind.APPROVED, "", make_scene(story.handover, IVAN))
    assert message
    assert labels(message)[-6:] == [*FIVE, "Undo"]


def test_a_copy_is_the_customers_text_and_nothing_else() -> None:
    story = approved(segment=Segment.ENTERPRISE, account="A & B")
    with_people(story, 2, name="Ana &lt;!here&gt; &amp; Co")
    approve_again(story)
    copy = copied("heads_up_call:1:P1", make_scene(story.handover, IVAN))
    assert copy
    check_message(copy)
    (block,) = copy.blocks
    text = block["text"]
    assert text["type"] == "plain_text"
    assert text["text"].startswith("Dear Ana <!here> & Co 1,\n\nThank you")
    assert "In the call" not in text["text"]
    assert "<!here>" not in copy.text
    assert copied("heads_up_call:2:P1", make_scene(story.handover, IVAN)) is None


def approve_again(story: Story) -> None:
    """Whatever the facts have changed."""
    if pending(story.handover):
        approve(story)


def test_a_long_text_is_copied_whole() -> None:
    story = approved()
    line = "So it goes on, & on. " * 20
    text = "{reason}\n\n" + "\n\n".join(f"{n}: {line}" for n in range(10))
    assert story.handover.wording
    typed = text.replace("{reason}", story.handover.wording.text).replace("&", "&amp;")
    story.does(LENA, e.LetterWorded, key="heads_up_mail", version=1, text=typed)
    copy = copied("heads_up_mail:2:", make_scene(story.handover, IVAN))
    assert copy
    check_message(copy)
    parts = [block["text"]["text"] for block in copy.blocks]
    assert len(parts) == 2
    assert "\n\n".join(parts).count("& on.") == 10 * 20
    assert "So it goes on" in told(Kind.APPROVED, story.handover, IVAN)


def test_forms_and_messages_hold_a_hundred_people() -> None:
    story = approved(segment=Segment.ENTERPRISE)
    with_people(story, 120, name="Somebody with a name that is as long as names are " * 3)
    approve_again(story)
    keys = [f"P{number}" for number in range(100)]
    sends(story, IVAN, Letter.HEADS_UP, to=keys)
    assert "and 94 more" in told(Kind.APPROVED, story.handover, IVAN)
    for viewer in (IVAN, LENA):
        scene = make_scene(story.handover, viewer)
        spec = find_spec(story.handover, PLAYBOOK, "introduction_call")
        sent = story.handover.sending.sent[0]
        assert spec
        for view in (
            sending_forms.sent_form(scene, spec, 1),
            sending_forms.copy_form(scene, spec, 1, Kind.CUSTOMER_COPY),
            sending_forms.agreed_form(scene, sent, "1"),
            sending_forms.date_form(scene, sent, "1"),
            sending_forms.talk_form(scene, sent, "1"),
            sending_forms.decide_form(scene, sent.key),
        ):
            check_view(view)


def test_what_was_overtaken_says_so() -> None:
    story = approved()
    sends(story, IVAN, Letter.HEADS_UP)
    story.does(IVAN, e.CustomerAnswered, **answer(story, Letter.HEADS_UP, Says.ASKS_FOR))
    assert "Decide" in told(Kind.CUSTOMER_ASKS, story.handover, LENA, "heads_up_mail")
    story.does(IVAN, e.CustomerAnswered, **answer(story, Letter.HEADS_UP, Says.FINE))
    assert "nothing is left to decide" in told(
        Kind.CUSTOMER_ASKS, story.handover, LENA, "heads_up_mail"
    )
    assert "fine with it" in told(Kind.CUSTOMER_SILENT, story.handover, IVAN, "heads_up_mail")


def test_a_short_text_opens_in_a_mail_program() -> None:
    story = approved()
    found = told(Kind.APPROVED, story.handover, IVAN)
    assert "<mailto:?subject=A%20change%20in%20who%20looks%20after%20you&amp;body=Dear" in found
    with_people(story, 1, name="Ana")
    approve_again(story)
    assert "body=Dear%20Ana%200" in told(Kind.APPROVED, story.handover, IVAN)
    with_people(story, 2, name="Ana")
    approve_again(story)
    assert "mailto:" not in told(Kind.APPROVED, story.handover, IVAN)


def test_where_the_old_contact_stays_the_handover_is_called_off_from_there() -> None:
    story = approved()
    sends(story, IVAN, Letter.HEADS_UP)
    hears(story, IVAN, Letter.HEADS_UP, Says.ASKS_FOR)
    assert "Cancel handover" not in told(Kind.CUSTOMER_ASKS, story.handover, LENA, "heads_up_mail")
    story.does(LENA, e.OldContactDecided, key="heads_up_mail", outcome=Outcome.CANCEL)
    assert "Cancel handover" in told(Kind.CUSTOMER_ASKS, story.handover, LENA, "heads_up_mail")
    story.does(LENA, e.HandoverCancelled, why="They keep Ivan", customer="You keep Ivan.")
    assert Refresh(to=IVAN, kind=Kind.APPROVED) in story.effects
    for viewer in (IVAN, OLGA):
        assert "nothing is left to send" in told(Kind.APPROVED, story.handover, viewer)
    assert to_send_button(make_scene(story.handover, IVAN)) is None
