"""What a form is built from is what is read back from it."""

from typing import Any

import pytest

from bot.ids import VALUE, Field, Form, Ref, part_field, text_field
from bot.views.knowledge import forms
from bot.views.reports.digest_forms import digest_parts
from bot.views.staffing import leader_forms
from flows import events as e
from flows.confidential.vault import Explained
from flows.events import FormAnswer
from flows.handover import Ask, Given
from flows.terms import PartKind, RecordKind, Segment
from tests.make import IVAN, NOW, OLGA, default_playbook, make_handover, make_vault, name_of, reply
from tests.views.limits import check_view, fields, words

BOOK = default_playbook()
REF = Ref(h="H1")


def filled(**blocks: dict[str, Any]) -> dict[str, dict[str, dict[str, Any]]]:
    """The state of a modal; a block id's dot and colon are written as __ and ___."""
    return {
        key.replace("___", ":").replace("__", "."): {VALUE: state} for key, state in blocks.items()
    }


def test_a_question_comes_back_as_it_was_filled_in() -> None:
    question = BOOK.by_id["S5"]
    view = check_view(
        forms.question_form(question, make_handover(), REF.model_copy(update={"q": "S5"}), name_of)
    )
    assert view["callback_id"] == Form.QUESTION
    assert Ref.load(view["private_metadata"]) == Ref(h="H1", q="S5")
    assert set(fields(view)) == {
        "S5:text",
        "S5.renewal",
        "S5.likelihood",
        "S5.arr",
        "S5.usage",
        "S5.usage:as_of",
    }
    state = filled(
        S5___text={"value": "30 <seats>, see https://a.b/c."},
        S5__renewal={"selected_date": "2027-01-15"},
        S5__likelihood={"selected_option": {"value": "likely"}},
        S5__arr={"value": None},
        S5__usage={"value": " 60% "},
        S5__usage___as_of={"selected_date": "2026-11-01"},
    )
    read = forms.read_questions(state, [question])["S5"]
    assert read.text == "30 &lt;seats&gt;, see <https://a.b/c>."
    assert read.links == ("https://a.b/c",)
    assert read.given["renewal"] == Given(values=("2027-01-15",))
    assert read.given["likelihood"] == Given(values=("likely",))
    assert read.given["usage"].values == ("60%",)
    assert str(read.given["usage"].as_of) == "2026-11-01"
    assert "arr" not in read.given


def test_an_empty_form_says_nothing() -> None:
    assert forms.read_questions({}, list(BOOK.questions)) == {}


def test_a_form_keeps_what_was_typed_in_it_and_leaves_replies_alone() -> None:
    section = e.SectionFilled(at=NOW, by=OLGA, answers={"S1": FormAnswer(text="a &amp; b")})
    handover = make_handover([section, reply("S1", "said in the thread")])
    view = forms.question_form(BOOK.by_id["S1"], handover, REF, name_of)
    assert fields(view)["S1:text"]["element"]["initial_value"] == "a & b"


def test_the_start_form_is_not_asked_again() -> None:
    handover = make_handover(renewal="2027-03-31", arr="120000")
    view = check_view(forms.question_form(BOOK.by_id["SN3"], handover, REF, name_of))
    assert fields(view)["SN3.renewal"]["element"]["initial_date"] == "2027-03-31"
    assert fields(view)["SN3.arr"]["element"]["initial_value"] == "120000"


@pytest.mark.parametrize("section", BOOK.sections)
def test_a_section_has_at_most_eight_fields(section: str) -> None:
    questions = [question for question in BOOK.questions if question.section == section]
    handover = make_handover(segment=Segment.ENTERPRISE)
    view = check_view(forms.section_form(section, questions, handover, REF, name_of))
    assert 1 <= len(fields(view)) <= forms.MOST_FIELDS
    assert len(view["blocks"]) > 1


def test_a_section_shows_what_is_open_first() -> None:
    questions = [BOOK.by_id[key] for key in ("SN1", "SN2")]
    unknown = e.UnknownDeclared(at=NOW, by=OLGA, question="SN1")
    handover = make_handover([unknown], segment=Segment.ENTERPRISE)
    assert forms.section_questions(questions, handover) == [BOOK.by_id["SN2"]]


@pytest.mark.parametrize("kind", RecordKind)
def test_a_record_comes_back_as_it_was_filled_in(kind: RecordKind) -> None:
    spec = BOOK.specs[kind]
    details = {
        part.key: "x &amp; y" if part.kind is PartKind.TEXT else "https://a.b"
        for part in spec.fields
        if part.kind in (PartKind.TEXT, PartKind.LINK)
    }
    view = check_view(forms.record_form(spec, REF, details, name_of))
    assert view["title"]["text"].startswith("Add a")
    state = {
        key: {VALUE: {"value": field["element"].get("initial_value")}}
        for key, field in fields(view).items()
    }
    assert forms.read_record(spec, state) == details
    required = [key for key, block in fields(view).items() if not block.get("optional")]
    assert required == [part_field(kind, spec.fields[0].key)]


def test_a_paste_takes_text_and_files() -> None:
    view = check_view(forms.paste_form(REF))
    assert all(block["optional"] for block in fields(view).values())
    file = {"id": "F1", "name": "old & new.md", "permalink": "https://a.b/f", "size": 7}
    state = filled(text={"value": "<b>"}, files={"files": [file]})
    text, files = forms.read_paste(state)
    assert text == "<b>"
    assert files[0].model_dump() == {
        "id": "F1",
        "name": "old &amp; new.md",
        "url": "https://a.b/f",
        "size": 7,
    }


def test_forms_between_people_say_who_reads() -> None:
    assert "Only Lena reads" in words(check_view(leader_forms.decline_form(REF, "Lena")))
    assert "It goes to Olga" in words(check_view(leader_forms.ask_form(REF, "Olga")))
    ask = Ask(id="A1", by=IVAN, to=OLGA, at=NOW, text="How?" * 5000)
    assert "Ivan asks:" in words(check_view(leader_forms.ask_answer_form(REF, ask, name_of)))
    assert leader_forms.read_text(filled(text={"value": " a<b "})) == "a&lt;b"


def test_why_somebody_declined_is_shown_where_another_is_named() -> None:
    why = Explained(by=IVAN, at=NOW, text="No <!channel> time " * 900)
    view = check_view(leader_forms.name_incoming_form(REF, (why,) * 7, name_of, NOW))
    assert "Ivan, Mon 23 Nov 2026, 09:30:" in words(view)
    state = filled(incoming={"selected_user": "U0KIM"})
    assert leader_forms.read_incoming(state) == "U0KIM"


def test_leaders_checks_look_alike_but_for_their_questions() -> None:
    plain, marked = (
        check_view(leader_forms.checks_form(vault, make_handover(), BOOK, REF, name_of))
        for vault in (make_vault(), make_vault(confidential="underperforming"))
    )
    for view in (plain, marked):
        assert "Olga may one day ask for what is written here; write facts." in words(view)
    assert set(fields(plain)) == {"note"}
    assert {"UP1:text", "UP2.listener", "UP2.listens_on", "note"} <= set(fields(marked))
    state = filled(UP1___text={"value": "a&b"}, UP2__listener={"selected_users": ["U0LENA"]})
    answers, note = leader_forms.read_checks(
        state, make_vault(confidential="underperforming"), BOOK
    )
    assert (answers["UP1"].text, note) == ("a&amp;b", "")
    assert answers["UP2"].given["listener"].values == ("U0LENA",)
    assert text_field("UP2") not in fields(marked)


def test_settings_name_the_leaders() -> None:
    view = check_view(leader_forms.settings_form(("U0LENA",), 0, digest_parts(()), admin=True))
    assert fields(view)[Field.LEADERS]["element"]["initial_users"] == ["U0LENA"]
    assert list(fields(view)) == [Field.LEADERS, Field.PER_PERSON]
    state = filled(leaders={"selected_users": ["U0LENA", "U0KIM"]})
    assert leader_forms.read_settings(state) == (("U0LENA", "U0KIM"), "")


def usual_settings(*, per_person: bool = False) -> Any:  # noqa: ANN401 - a view
    digests = digest_parts(())
    return leader_forms.settings_form((), 0, digests, admin=True, per_person=per_person)


def test_reports_name_no_csm_until_an_admin_says_so() -> None:
    off = fields(check_view(usual_settings()))[Field.PER_PERSON]["element"]
    on = fields(usual_settings(per_person=True))[Field.PER_PERSON]["element"]
    assert "initial_options" not in off
    ticked = filled(per_person={"selected_options": on["initial_options"]})
    assert leader_forms.read_per_person(ticked)
    assert not leader_forms.read_per_person(filled(per_person={"selected_options": []}))


@pytest.mark.parametrize(
    ("unled", "told"),
    [
        (1, "*1 handover has nobody to lead it.*"),
        (2, "*2 handovers have nobody to lead them.*"),
    ],
)
def test_settings_tell_how_many_handovers_nobody_leads(unled: int, told: str) -> None:
    view = check_view(leader_forms.settings_form((), unled, digest_parts(()), admin=True))
    assert told in words(view)
    state = filled(leaders={"selected_users": ["U0KIM"]}, heir={"selected_user": "U0KIM"})
    assert leader_forms.read_settings(state) == (("U0KIM",), "U0KIM")
