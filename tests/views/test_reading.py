"""The pack page by page, promises and issues, and the teach-back: all within Slack's limits."""

from datetime import timedelta

import pytest

from bot.named import people_of
from bot.views.blocks import Message
from bot.views.lists import show_message
from bot.views.messages import build
from bot.views.taking_over import receiving_forms, teach_back
from flows import events as e
from flows.advance import advance
from flows.effects import Kind
from flows.handover import Handover, Party, Quoted, Said
from flows.taking_over.items import items
from flows.taking_over.reading import pages, unopened
from flows.taking_over.receiving_events import ItemOutcome
from flows.taking_over.teach_back import asked_back
from flows.terms import RecordKind, Segment
from tests.make import (
    IVAN,
    LENA,
    NOW,
    OLGA,
    answer_all,
    default_playbook,
    make_handover,
    record,
    reply,
)
from tests.views.limits import check_message, check_view, labels, press, words
from tests.views.scenes import make_scene

BOOK = default_playbook()
EVIL = "<!channel> *x* `y` &amp; <https://a.b|see> <@U0IVAN> \u202e\n"
LONG = EVIL * 900
ACCEPTED = e.Accepted(at=NOW, by=IVAN)


def shown(kind: Kind, handover: Handover, viewer: str = IVAN, subject: str = "") -> Message:
    return check_message(build(kind, subject, make_scene(handover, viewer)))


def then(handover: Handover, *events: e.Event) -> Handover:
    for event in events:
        handover = advance(handover, event, BOOK).handover
    return handover


def turned(handover: Handover) -> list[Message]:
    """Every page of the pack as it stands when it is open."""
    count = len(pages(handover, BOOK, IVAN, NOW))
    opened = (then(handover, e.PageTurned(at=NOW, by=IVAN, page=n + 1)) for n in range(count))
    return [shown(Kind.READING, page) for page in opened]


def pack(text: str, *more: e.Event, segment: Segment = Segment.ENTERPRISE) -> Handover:
    started = make_handover([ACCEPTED], segment=segment)
    return then(answer_all(started, text=text), *more)


@pytest.mark.parametrize("text", ["A line.", EVIL, LONG, "x" * 40_000, "&amp;" * 3000])
def test_every_page_is_one_message_whatever_was_written(text: str) -> None:
    details = {"what": text[:2000], "to_whom": text[:900], "by_whom": text[:900]}
    promises = [record(RecordKind.COMMITMENT, "CM1", n, **details) for n in range(1, 30)]
    links = tuple(f"https://docs.example.com/{n}/{'a' * 900}" for n in range(12))
    said = Said(source="1795500000.000001", text=text, links=links)
    more = e.AnswerGiven(at=NOW, by=OLGA, question="DC1", said=said)
    messages = turned(pack(text, *promises, more))
    assert len(messages) > 1
    assert all("Accept pack" in labels(message) for message in messages)
    assert "Next page" not in labels(messages[-1])
    assert "Back" not in labels(messages[0])


def test_a_page_says_what_stands_between_the_reader_and_accepting() -> None:
    promise = record(RecordKind.COMMITMENT, "S9", 1, what="A training", due="2026-12-01")
    done = e.AddingDone(at=NOW, by=OLGA, question="S9")
    messages = turned(pack("A line.", promise, done, segment=Segment.SMB))
    page = next(message for message in messages if "A training" in message.text)
    assert "Before you accept: 1 promise or issue to decide." in page.text
    assert "With Olga, not decided yet" in words(page)
    assert {"Accept", "Renegotiate", "Decline", "Ask about this"} <= set(labels(page))
    named = [x for b in page.blocks for x in b.get("elements", []) if "accessibility_label" in x]
    assert "Accept: A training" in {x["accessibility_label"] for x in named}


def test_only_whoever_takes_over_reads_page_by_page() -> None:
    handover = then(pack("A line."), e.PageTurned(at=NOW, by=IVAN, page=1))
    for viewer in (OLGA, LENA):
        assert build(Kind.READING, "", make_scene(handover, viewer)) is None


@pytest.mark.parametrize("text", ["A training", LONG[:2900]])
def test_the_messages_and_modals_of_an_item(text: str) -> None:
    promise = record(RecordKind.COMMITMENT, "CM1", 1, what=text, due="2027-01-11", to_whom=text)
    handover = pack("A line.", promise)
    scene, item = make_scene(handover, IVAN), items(handover)[-1]
    for form in (receiving_forms.propose_form, receiving_forms.no_form):
        check_view(form(scene, item))
    change = {"what": f"{text} half", "due": "2027-02-01"}
    proposed = then(
        handover, e.ItemProposed(at=NOW, by=IVAN, id=item.id, proposal=change, why=text)
    )
    asked = shown(Kind.PROPOSAL, proposed, OLGA, item.id)
    assert labels(asked) == ["Agree to the change", "It can't be changed"]
    assert "It says Mon 11 Jan 2027 now." in asked.text
    check_view(receiving_forms.refuse_form(make_scene(proposed, OLGA), items(proposed)[-1]))
    declined = then(handover, e.ItemDeclined(at=NOW, by=IVAN, id=item.id, why=text))
    assert labels(shown(Kind.ITEM_DECLINED, declined, LENA, item.id)) == ["Decide"]
    check_view(receiving_forms.settle_form(make_scene(declined, LENA), items(declined)[-1]))
    assert build(Kind.ITEM_DECLINED, item.id, make_scene(declined, OLGA)) is None


def test_questions_before_accepting_offer_every_answer() -> None:
    handover = pack("A line.")
    form = check_view(receiving_forms.return_form(make_scene(handover, IVAN)))
    options = form["blocks"][0]["element"]["options"]
    assert len(options) == len(handover.answers)
    back = e.PackReturned(at=NOW, by=IVAN, questions=("SN1", "BG1"), text=LONG)
    returned = then(handover, back)
    told = shown(Kind.RETURNED, returned, OLGA, "1")
    assert "Ivan has 2 questions before taking Northwind over" in told.text
    asked = shown(Kind.QUESTION, returned, OLGA, "SN1")
    assert "Ivan asks:" in asked.text
    assert "Keep this answer" in labels(asked)
    assert build(Kind.RETURNED, "0", make_scene(returned, OLGA)) is None


@pytest.mark.parametrize("text", ["Short", LONG[:2900]])
def test_the_teach_back_from_the_first_question_to_the_last_word(text: str) -> None:
    handover = pack(text, *(record(RecordKind.RISK, "RK1", n, what=text) for n in (1, 2)))
    handover = then(
        handover,
        e.ItemsAccepted(at=NOW, by=IVAN, ids=tuple(item.id for item in items(handover))),
    )
    if keys := tuple(document.key for document in unopened(handover)):
        handover = then(handover, e.LinksTicked(at=NOW, by=IVAN, keys=keys, opens=True))
    accepted = then(handover, e.PackAccepted(at=NOW, by=IVAN))
    assert labels(shown(Kind.TEACH_BACK, accepted)) == ["Answer in your words"]
    form = check_view(teach_back.form(make_scene(accepted, IVAN)))
    topics = [asked.topic for asked in asked_back(accepted, BOOK)]
    assert len([block for block in form["blocks"] if block["type"] == "input"]) == len(topics)
    answers = dict.fromkeys(topics, text)
    taught = then(accepted, e.TaughtBack(at=NOW, by=IVAN, answers=answers))
    marks = shown(Kind.TAUGHT, taught, OLGA)
    assert labels(marks).count("That's right") == len(topics)
    check_view(teach_back.add_form(make_scene(taught, OLGA), topics[0]))
    marked = then(
        taught,
        *(
            e.TaughtMarked(at=NOW + timedelta(minutes=n), by=OLGA, topic=topic, added=text)
            for n, topic in enumerate(topics)
        ),
    )
    assert "You have looked at all of them" in shown(Kind.TAUGHT, marked, OLGA).text
    assert labels(shown(Kind.ADDITIONS, marked)) == ["I have read it"]
    seen = then(marked, e.TaughtSeen(at=NOW, by=IVAN))
    assert labels(shown(Kind.ADDITIONS, seen)) == []
    passed = shown(Kind.TEACH_BACK, seen)
    assert "You know Northwind: Olga has read your answers. For your first week:" in passed.text
    assert "How they like things formatted and sent" in words(passed)


def test_a_link_that_does_not_open_asks_its_author_and_lets_the_leader_go_on() -> None:
    link = "https://docs.example.com/plan"
    said = Said(source="1795500000.000001", text=f"See {link}", links=(link,))
    given = e.AnswerGiven(at=NOW, by=OLGA, question="S1", said=said)
    handover = then(pack("A line.", segment=Segment.SMB), given)
    [key] = [document.key for document in unopened(handover)]
    broken = then(handover, e.LinksTicked(at=NOW, by=IVAN, keys=(key,), opens=False))
    assert labels(shown(Kind.LINK_BROKEN, broken, OLGA, key)) == ["Change my answer"]
    assert labels(shown(Kind.LINK_BROKEN, broken, LENA, key)) == ["Go on without it"]
    waived = then(broken, e.LinkWaived(at=NOW, by=LENA, key=key))
    assert "is not needed any more" in shown(Kind.LINK_BROKEN, waived, OLGA, key).text
    gone = then(broken, reply("S1", "No link", minutes=3))
    assert shown(Kind.LINK_BROKEN, gone, OLGA, key)
    assert "has been replaced" in shown(Kind.LINK_BROKEN, gone, OLGA, "none").text


def test_show_tells_who_owes_what() -> None:
    promise = record(RecordKind.COMMITMENT, "CM1", 1, what="A training", due="2026-12-01")
    done = e.AddingDone(at=NOW, by=OLGA, question="CM1")
    handover = pack("A line.", promise, done)
    message = show_message(make_scene(handover, LENA))
    assert message
    open_now = words(check_message(message)).split("What is open")[-1]
    assert "• Olga: see to a promise or issue: “A training”, by Tue 1 Dec 2026" in open_now
    assert "• Ivan: read the pack and accept it" in open_now
    assert "; Open items: 6 promises and 5 open issues; 11 not decided" in message.text
    own = show_message(make_scene(handover, IVAN))
    assert own
    assert "read the pack and accept it" in words(own).split("What is open")[0]
    assert press(own, "Read the pack")


def test_whoever_got_an_item_is_known_by_name() -> None:
    handover = pack("A line.", record(RecordKind.COMMITMENT, "CM1", 1, what="A training"))
    key, keeper = items(handover)[-1].id, Party(user="UKEEPER", name="Ann")
    passed = then(
        handover,
        e.ItemDeclined(at=NOW, by=IVAN, id=key, why="Ask <@UWHY>"),
        e.ItemSettled(at=NOW, by=LENA, id=key, outcome=ItemOutcome.HAND_ON, keeper=keeper),
    )
    assert {"UKEEPER", "UWHY"} <= people_of(passed)


def test_the_leader_can_go_on_without_a_document_from_where_they_look() -> None:
    link = "https://docs.example.com/plan"
    said = Said(source="1795500000.000001", text=f"See {link}", links=(link,))
    given = e.AnswerGiven(at=NOW, by=OLGA, question="DC1", said=said)
    handover = pack("A line.", given, e.PageTurned(at=NOW, by=IVAN, page=1))
    key = next(document.key for document in unopened(handover) if document.link == link)
    broken = then(handover, e.LinksTicked(at=NOW, by=IVAN, keys=(key,), opens=False))
    look = {viewer: show_message(make_scene(broken, viewer)) for viewer in (LENA, IVAN, OLGA)}
    able = [
        who for who, message in look.items() if "Go on without it" in labels(check_message(message))
    ]
    assert able == [LENA]
    waits = next(page for page in turned(broken) if "docs.example.com/plan" in page.text)
    assert "it is being looked at, and Lena can go on without it" in words(waits)


def test_where_it_stands_can_be_read_when_answers_were_taken_back() -> None:
    handover = then(pack("A line."), e.PageTurned(at=NOW, by=IVAN, page=1))
    few = dict(list(handover.answers.items())[:4])
    message = check_message(
        show_message(make_scene(handover.model_copy(update={"answers": few}), LENA))
    )
    assert "Pack: answers still open" in message.text


def test_a_proposal_is_only_for_whoever_confirms_it() -> None:
    promise = record(RecordKind.COMMITMENT, "CM1", 1, what="A training")
    handover = pack("A line.", promise)
    key = items(handover)[-1].id
    change = e.ItemProposed(at=NOW, by=IVAN, id=key, proposal={"what": "Less"})
    asked = then(handover, change)
    assert labels(shown(Kind.PROPOSAL, asked, OLGA, key)) == [
        "Agree to the change",
        "It can't be changed",
    ]
    # Lena was asked while nobody else could be.
    assert labels(shown(Kind.PROPOSAL, asked, LENA, key)) == []


@pytest.mark.parametrize("count", [11, 17, 40])
def test_a_page_of_many_short_sections_is_one_message(count: int) -> None:
    """Every section has a line or two, and a page has all that fits."""
    kinds = ((RecordKind.STAKEHOLDER, "S8"), (RecordKind.RISK, "S10"), (RecordKind.ISSUE, "S9"))
    started = make_handover([ACCEPTED], segment=Segment.SMB)
    more: list[e.Event] = [
        record(kind, question, n, **{default_field(kind): f"Line {n}"})
        for n in range(1, count)
        for kind, question in (kinds[n % 3],)
    ]
    more += [
        e.MessageAdded(
            at=NOW,
            by=OLGA,
            id=f"M{n}",
            text="x",
            section=title,
            quoted=Quoted(author=OLGA, at=NOW),
        )
        for n, title in enumerate(BOOK.sections)
    ]
    assert turned(then(answer_all(started, text="x"), *more))


def default_field(kind: RecordKind) -> str:
    return BOOK.specs[kind].fields[0].key


def test_the_leader_opens_again_what_they_decided() -> None:
    handover = pack("A line.", record(RecordKind.COMMITMENT, "CM1", 1, what="A training"))
    key = items(handover)[-1].id
    settled = then(
        handover,
        e.ItemDeclined(at=NOW, by=IVAN, id=key, why="No"),
        e.ItemSettled(at=NOW, by=LENA, id=key, outcome=ItemOutcome.WITHDRAW),
    )
    assert labels(shown(Kind.ITEM_DECLINED, settled, LENA, key)) == ["Open it again"]
    done = then(settled, e.ItemDone(at=NOW, by=IVAN, id=key))
    assert labels(shown(Kind.ITEM_DECLINED, done, LENA, key)) == []


def test_two_hundred_records_and_a_hundred_documents_are_read_to_the_end() -> None:
    kinds = (RecordKind.COMMITMENT, RecordKind.ISSUE, RecordKind.RISK, RecordKind.OPPORTUNITY)
    questions = {"commitment": "CM1", "issue": "OI1", "risk": "RK1", "opportunity": "OP1"}
    many = [
        record(kind, questions[kind], 10 * n + k, what=f"{kind} {n}: {'more ' * 20}")
        for n in range(50)
        for k, kind in enumerate(kinds)
    ]
    links = tuple(f"https://docs.example.com/{n}" for n in range(100))
    said = Said(source="1795500000.000001", text="All of it", links=links)
    handover = pack("A line.", *many, e.AnswerGiven(at=NOW, by=OLGA, question="DC1", said=said))
    messages = turned(handover)
    seen = "\n".join(words(message) for message in messages)
    assert all(f"{kind} {n}:" in seen for kind in kinds for n in range(50))
    assert all(f"docs.example.com/{n}" in seen for n in range(100))
    for viewer in (IVAN, OLGA, LENA):
        check_message(show_message(make_scene(handover, viewer)))
    check_view(receiving_forms.return_form(make_scene(handover, IVAN)))
