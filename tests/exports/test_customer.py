"""The copy for the customer says what they know, and no word that was planted among us."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.exports.customer import customer_markdown, customer_word
from bot.sandbox.reading import readable
from bot.views.words import REASONS, SEGMENTS
from flows import events as e
from flows.errors import FlowError
from flows.handover import (
    Acceptance,
    Answer,
    Ask,
    File,
    Given,
    Handover,
    Party,
    Record,
    Said,
    Unsorted,
    Verdict,
)
from flows.terms import RecordKind
from flows.texts.safe_facts import CustomerText, safe_facts
from tests.make import IVAN, KIM, LENA, NOW, OLGA, default_playbook, make_handover, name_of
from tests.privacy.planting import planted_record

BOOK = default_playbook()


def copies(handover: Handover, viewer: str = LENA) -> str:
    """Every word of both formats, of properties too."""
    facts = safe_facts(handover, BOOK, viewer)
    word = readable(customer_word(facts, name_of, NOW))
    return f"{customer_markdown(facts, name_of, NOW)}\n{word}"


def accepted(**changes: object) -> Handover:
    return make_handover([e.Accepted(at=NOW, by=IVAN)]).model_copy(update=changes)


def promise(number: int = 1, question: str = "CM1", **details: str) -> Record:
    kind = RecordKind.COMMITMENT
    return Record(id=f"R{number}", kind=kind, question=question, details=details, by=OLGA, at=NOW)


def test_it_says_who_and_until_when_and_what_they_have_in_writing() -> None:
    records = (
        promise(1, what="A training in Porto", in_writing="yes", due="2026-12-04"),
        promise(2, what="A better price", in_writing="no"),
        promise(3, what="More seats", to_whom="Ana"),
    )
    told = {"what": "Export fails", "last_told": "Fix in release 9", "due": "2026-12-05"}
    issue = Record(id="I", kind=RecordKind.ISSUE, question="OI1", details=told, by=OLGA, at=NOW)
    text = copies(accepted(records=(*records, issue)))
    for words in (
        "- Export fails (No date agreed yet)",
        "Olga is your contact until Tue 8 Dec 2026.",
        "After that it is Ivan.",
        "- **Fri 4 Dec 2026**: A training in Porto\n- **Tue 8 Dec 2026**: Olga hands over to Ivan",
        "- A training in Porto (Fri 4 Dec 2026)",
        "Version 2, Mon 23 Nov 2026",
    ):
        assert words in text
    assert "5 Dec" not in text
    assert "price" not in text
    assert "seats" not in text


def test_nobody_is_named_who_has_not_accepted() -> None:
    waiting = make_handover()
    declined = waiting.model_copy(update={"acceptance": Acceptance.DECLINED})
    for handover in (waiting, declined):
        text = copies(handover)
        assert "Ivan" not in text
        assert "We will tell you in good time" in text


def test_a_contact_who_is_gone_is_not_their_contact() -> None:
    gone = Party(user=OLGA, name="Olga", gone=True)
    text = copies(accepted(outgoing=gone))
    assert "Ivan is your contact." in text
    assert "Olga" not in text


def test_only_leaders_and_the_two_csms_have_it() -> None:
    handover = make_handover(by=KIM)
    for viewer in (OLGA, IVAN, LENA):
        assert copies(handover, viewer)
    with pytest.raises(FlowError, match="not_yours"):
        safe_facts(handover, BOOK, KIM)
    with pytest.raises(FlowError, match="not_found"):
        safe_facts(handover, BOOK, "U0ZOE")


@pytest.mark.parametrize(
    "evil", ["see <https://wiki/x>", "a\nb", "x < y", "", "mail://x", "a" * 1001, "\u2028 b"]
)
def test_a_text_for_the_customer_is_one_plain_line(evil: str) -> None:
    with pytest.raises(ValidationError):
        CustomerText(words=evil)


def test_addresses_and_mentions_stay_behind() -> None:
    what = "<@U0KIM> trains them, see <https://wiki/plan|the plan> https://wiki/x kim@us.example"
    text = copies(accepted(records=(promise(what=what, in_writing="yes"),)))
    assert "- trains them, see the plan (" in text
    for word in ("wiki", "Kim", "us.example", "U0KIM"):
        assert word not in text


def test_a_promise_that_tells_why_somebody_goes_stays_behind() -> None:
    what = "A discount, for Olga was under-performing"
    text = copies(accepted(records=(promise(what=what, in_writing="yes"),)))
    assert "discount" not in text


def test_what_stands_under_a_sensitive_question_stays_behind() -> None:
    told = promise(question="CC2", what="Their merger", in_writing="yes")
    assert "merger" not in copies(accepted(records=(told,)))


@given(st.data())
def test_no_canary_gets_out(data: st.DataObject) -> None:
    """Words planted in every field; of all of them only what the customer knows may be read."""
    told = data.draw(st.lists(st.tuples(st.sampled_from(RecordKind), st.booleans()), max_size=12))
    records = tuple(
        planted_record(number, kind, known=known, word=f"canary{number}{{}}".format)
        for number, (kind, known) in enumerate(told)
    )
    known = {
        f"canary{number}{kind}0"
        for number, (kind, known) in enumerate(told)
        if known and kind in (RecordKind.COMMITMENT, RecordKind.ISSUE)
    }
    replied = Said(source="1.1", text="canaryReply")
    handover = accepted(
        records=records,
        answers=dict(answered()),
        unsorted=(Unsorted(id="P", by=KIM, at=NOW, text="canaryPasted", files=(file(),)),),
        asks=(Ask(id="A", by=IVAN, to=OLGA, at=NOW, text="canaryAsk", replies=(replied,)),),
        arr=Decimal(987654),
        renewal=date(2031, 3, 17),
        crm_link="https://canaryCrm.example.com",
    )
    text = copies(handover)
    assert set(re.findall(r"canary\w+", text)) == known
    internal = (*REASONS.values(), *SEGMENTS.values(), "987", "2031", "Kim", "Lena")
    assert not [word for word in internal if word in text]


def answered() -> Iterator[tuple[str, Answer]]:
    """An answer to every question, a canary in all that it holds."""
    for question in BOOK.questions:
        said = Said(
            source=f"1.{question.id}",
            text=f"canary{question.id}",
            links=("https://canaryLink.example.com",),
            files=(file(),),
        )
        parts = {part.key: Given(values=(f"canaryPart{question.id}",)) for part in question.parts}
        given_ = parts | {"segment": Given(values=("smb",))} if question.id == "SG0" else parts
        yield question.id, Answer(by=KIM, at=NOW, verdict=Verdict.GIVEN, said=(said,), given=given_)


def file() -> File:
    return File(id="F1", name="canaryFile.pdf", url="https://files.example.com/canaryUrl")
