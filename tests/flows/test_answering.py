"""What people say becomes answers and records, and can be taken back, edited and moved."""

import pytest

from flows import events as e
from flows.handover import File, Given, Said, Verdict
from flows.knowledge.interview import is_answered, missing_parts
from flows.knowledge.ledger import documents
from flows.terms import RecordKind, Segment
from tests.flows.make import IVAN, LENA, OLGA, PLAYBOOK, ZOE, Story

NOTES = File(id="F1", name="notes.pdf", url="https://files.example.com/F1")


def test_replies_join_in_the_order_in_which_they_were_sent() -> None:
    story = Story()
    second = Said(source="1795400000.000009", text="and two")
    first = Said(source="1795400000.000008", text="one")
    story.does(IVAN, e.AnswerGiven, question="S1", said=second)
    story.does(IVAN, e.AnswerGiven, question="S1", said=first)
    assert story.texts("S1") == ["one", "and two"]
    assert story.open(IVAN) == "S1"
    story.gives(IVAN, "health", "green")
    assert story.open(IVAN) == "S2"


def test_a_message_that_is_delivered_again_undoes_no_edit() -> None:
    # The same message again put the text back that had been edited meanwhile.
    story = Story()
    source = story.says(IVAN, "teh top 3")
    story.does(IVAN, e.SaidEdited, source=source, text="the top 3", edited="2")
    said = Said(source=source, text="teh top 3")
    story.ignores(IVAN, e.AnswerGiven, question="S1", said=said)
    story.ignores(IVAN, e.AnswerGiven, question="S2", said=said)


def test_a_reply_without_words_or_files_is_none() -> None:
    story = Story()
    said = Said(source="1", text="  ")
    assert story.refuses(IVAN, e.AnswerGiven, question="S1", said=said) == "missing"
    story.says(IVAN, "", question="DC5", files=(NOTES,))
    assert story.titles("DC5") == ["notes.pdf"]


@pytest.mark.parametrize("question", ["UP1", "TR2", "XX9", ""])
def test_what_is_not_asked_of_somebody_is_not_theirs_to_answer(question: str) -> None:
    story = Story()
    story.does(OLGA, e.Accepted)
    said = Said(source="1", text="x")
    assert story.refuses(IVAN, e.AnswerGiven, question=question, said=said) == "not_yours"
    assert story.refuses(LENA, e.AnswerGiven, question="UP1", said=said) == "not_yours"
    filled = {question: {"text": "x"}, "S1": {"text": "y"}}
    assert story.refuses(IVAN, e.SectionFilled, answers=filled) == "not_yours"


def test_none_and_unknown_are_answers_until_something_is_said() -> None:
    story = Story(segment=Segment.ENTERPRISE)
    story.does(IVAN, e.NoneDeclared, question="OI1")
    assert is_answered(story.handover, PLAYBOOK.by_id["OI1"])
    story.says(IVAN, "Export fails", question="OI1")
    assert story.answer("OI1").verdict is Verdict.GIVEN
    assert story.titles("OI1") == ["Export fails"]
    story.does(IVAN, e.UnknownDeclared, question="SN1")
    assert story.open(IVAN) == "SN2"
    story.says(IVAN, "Three things", question="SN1")
    story.does(IVAN, e.NoneDeclared, question="SN1")
    assert story.texts("SN1") == ["Three things"]


def test_the_next_reply_replaces_an_answer_that_is_changed() -> None:
    story = Story(segment=Segment.ENTERPRISE)
    story.says(IVAN, "Ana – support\nTom – finance", question="SK1")
    story.says(IVAN, "60", question="CH1")
    story.does(IVAN, e.ChangeWished, question="SK1")
    story.says(IVAN, "Ana\nTom\nKim\nJo\nLi")
    assert story.titles("SK1") == ["Ana", "Tom", "Kim", "Jo", "Li"]
    story.does(IVAN, e.ChangeWished, question="CH1")
    # The number of the former reply stood on beside the new one.
    story.says(IVAN, "70 %")
    assert story.answer("CH1").given["usage"].values == ("70",)
    assert story.texts("CH1") == ["70 %"]


def test_a_number_typed_fills_the_first_number_that_is_open() -> None:
    story = Story()
    story.says(IVAN, "48k", question="S5")
    story.says(IVAN, "60%", question="S5")
    story.says(IVAN, "nothing else", question="S5")
    given = {key: value.values for key, value in story.answer("S5").given.items()}
    assert given == {"arr": ("48000",), "usage": ("60",)}
    assert [part.key for part in missing_parts(PLAYBOOK.by_id["S5"], story.answer("S5"))] == [
        *("renewal", "likelihood"),
    ]


def test_a_part_is_checked() -> None:
    story = Story()
    health = {"question": "S1", "part": "health"}
    assert story.refuses(IVAN, e.ValueGiven, **health, given=Given(values=("blue",))) == (
        "not_a_choice"
    )
    wrong = {"question": "S1", "part": "wealth", "given": Given(values=("green",))}
    assert story.refuses(IVAN, e.ValueGiven, **wrong) == "no_such_part"


# --- Edits, deletions, moves


def test_an_edit_changes_the_answer_and_its_records() -> None:
    story = Story(segment=Segment.ENTERPRISE)
    source = story.says(IVAN, "Export fails\nLogin slow", question="OI1")
    story.says(IVAN, "Sync", question="OI1")
    story.does(IVAN, e.SaidEdited, source=source, text="Export fails", edited="20")
    assert story.texts("OI1") == ["Export fails", "Sync"]
    assert sorted(story.titles("OI1")) == ["Export fails", "Sync"]
    story.ignores(IVAN, e.SaidEdited, source=source, text="older", edited="19")
    story.ignores(IVAN, e.SaidEdited, source=source, text="same", edited="20")
    assert story.refuses(IVAN, e.SaidEdited, source="9", text="x", edited="1") == "no_such_reply"


def test_an_edited_number_is_the_number_that_counts() -> None:
    # The number that was read from the first text stood on.
    story = Story(segment=Segment.ENTERPRISE)
    source = story.says(IVAN, "50", question="CH1")
    story.does(IVAN, e.SaidEdited, source=source, text="60", edited="2")
    assert story.answer("CH1").given["usage"].values == ("60",)
    story.does(IVAN, e.SaidWithdrawn, source=source)
    assert "CH1" not in story.handover.answers


def test_an_edit_to_nothing_withdraws() -> None:
    story = Story()
    source = story.says(IVAN, "x", question="S2")
    story.does(IVAN, e.SaidEdited, source=source, text=" ", edited="2")
    assert "S2" not in story.handover.answers


def test_an_edit_of_a_prompt_that_is_no_longer_asked_still_counts() -> None:
    story = Story(reason="segment_change")
    source = story.says(IVAN, "Ana – support", question="S8")
    story.gives(IVAN, "segment", "enterprise", question="SG0")
    story.does(IVAN, e.SaidEdited, source=source, text="Ana – sales", edited="2")
    assert story.texts("S8") == ["Ana – sales"]
    assert story.titles("S8") == ["Ana"]


def test_a_deleted_reply_reopens_its_question() -> None:
    story = Story()
    story.gives(IVAN, "health", "red")
    source = story.says(IVAN, "x marks it")
    assert story.open(IVAN) == "S2"
    story.does(IVAN, e.SaidWithdrawn, source=source)
    assert story.open(IVAN) == "S2"
    story.says(IVAN, "who they are")
    assert story.open(IVAN) == "S1"
    assert story.answer("S1").given["health"].values == ("red",)
    assert story.refuses(IVAN, e.SaidWithdrawn, source=source) == "no_such_reply"


def test_a_reply_moves_to_the_question_that_was_put_before() -> None:
    story = Story(segment=Segment.ENTERPRISE)
    story.says(IVAN, "Three things")
    source = story.says(IVAN, "and a fourth", question="SN2")
    story.does(IVAN, e.SaidMoved, source=source, question="SN2")
    assert story.texts("SN1") == ["Three things", "and a fourth"]
    assert "SN2" not in story.handover.answers
    story.ignores(IVAN, e.SaidMoved, source=source, question="SN2")
    assert story.refuses(IVAN, e.SaidMoved, source=source, question="SN1") == "at_the_start"


def test_a_sensitive_reply_that_moves_stays_sensitive() -> None:
    story = Story(segment=Segment.ENTERPRISE)
    story.says(IVAN, "Three things")
    source = story.says(IVAN, "and a secret", question="SN2")
    story.does(IVAN, e.MarkedSensitive, question="SN2", sensitive=True)
    story.ignores(IVAN, e.MarkedSensitive, question="SN2", sensitive=True)
    story.does(IVAN, e.SaidMoved, source=source, question="SN2")
    assert story.answer("SN1").sensitive
    story.does(IVAN, e.MarkedSensitive, question="SN1", sensitive=False)
    assert not story.answer("SN1").sensitive


def test_a_moved_reply_is_added_also_where_an_answer_is_being_changed() -> None:
    # Moving took the place of the answer that was put again, and its text was lost.
    story = Story(segment=Segment.ENTERPRISE)
    story.says(IVAN, "Three things")
    source = story.says(IVAN, "and a fourth", question="SN2")
    story.does(IVAN, e.SteppedBack, question="SN2")
    story.does(IVAN, e.SaidMoved, source=source, question="SN2")
    assert story.texts("SN1") == ["Three things", "and a fourth"]


def test_a_reply_moves_to_what_was_put_last_not_to_what_comes_first() -> None:
    story = Story()
    story.does(IVAN, e.PutOff, question="S1")
    for _ in range(11):
        story.answers(IVAN)
    story.gives(IVAN, "health", "green")
    source = story.says(IVAN, "also: finance")
    story.does(IVAN, e.SaidMoved, source=source, question="S1")
    assert "also: finance" in story.texts("RS2")
    assert story.open(IVAN) == "S1"


def test_a_reply_to_what_was_never_put_does_not_move() -> None:
    story = Story()
    source = story.says(IVAN, "x", question="S7")
    assert story.refuses(IVAN, e.SaidMoved, source=source, question="S7") == "at_the_start"
    assert story.refuses(IVAN, e.SaidMoved, source="9", question="S7") == "no_such_reply"


# --- Records


def added(question: str = "S9", kind: str = "commitment", **details: str) -> dict[str, object]:
    return {"id": "R1", "question": question, "kind": kind, "details": {"what": "It"} | details}


def test_records_are_added_changed_and_removed() -> None:
    story = Story()
    story.does(IVAN, e.RecordAdded, **added(due="2026-12-01"))
    story.ignores(IVAN, e.RecordAdded, **added())
    assert not is_answered(story.handover, PLAYBOOK.by_id["S9"])
    story.does(IVAN, e.AddingDone, question="S9")
    assert is_answered(story.handover, PLAYBOOK.by_id["S9"])
    story.does(IVAN, e.RecordChanged, id="R1", details={"what": "A training"})
    assert story.handover.records[0].details == {"what": "A training"}
    assert story.refuses(IVAN, e.RecordChanged, id="R1", details={}) == "missing"
    story.does(IVAN, e.RecordRemoved, id="R1")
    # An answer that said nothing more stayed behind, and counted.
    assert story.handover.answers == {}
    assert story.refuses(IVAN, e.RecordRemoved, id="R1") == "no_such_record"
    assert story.refuses(ZOE, e.RecordRemoved, id="R1") == "not_yours"


def test_a_list_without_entries_is_not_complete() -> None:
    story = Story()
    assert story.refuses(IVAN, e.AddingDone, question="S9") == "nothing_added"
    assert story.refuses(IVAN, e.RecordAdded, **added(kind="risk")) == "no_such_record"


def test_a_changed_list_is_done_when_it_is_done() -> None:
    story = Story()
    story.does(IVAN, e.RecordAdded, **added())
    story.does(IVAN, e.AddingDone, question="S9")
    story.does(IVAN, e.ChangeWished, question="S9")
    assert story.open(IVAN) == "S9"
    story.does(IVAN, e.RecordAdded, **added() | {"id": "R2"})
    assert story.open(IVAN) == "S9"
    story.does(IVAN, e.AddingDone, question="S9")
    assert story.open(IVAN) == "S1"


def test_a_bigger_account_wants_its_stakeholders() -> None:
    story = Story(segment=Segment.MID_MARKET)
    story.says(IVAN, "Ana – support – by email", question="SK1")
    assert not is_answered(story.handover, PLAYBOOK.by_id["SK1"])
    story.says(IVAN, "Tom\nKim", question="SK1")
    assert is_answered(story.handover, PLAYBOOK.by_id["SK1"])


def test_a_prompt_takes_prose_and_lists_only_lines_in_pieces() -> None:
    story = Story()
    story.says(IVAN, "All calm here.\nAna – head of support", question="S8")
    assert story.titles("S8") == ["Ana"]
    # A prompt with several kinds of records cannot tell which one a line is.
    story.says(IVAN, "Training – by May", question="S9")
    assert story.titles("S9") == []
    assert is_answered(story.handover, PLAYBOOK.by_id["S9"])


def test_documents_take_the_link_of_their_line() -> None:
    story = Story()
    link = "https://d.example.com/deck"
    story.says(IVAN, f"Deck – {link}\nPlan – later", question="DC1", links=(link,))
    assert [record.details.get("link") for record in story.handover.records] == [link, None]


# --- Forms and pastes


def test_a_form_answers_a_whole_section() -> None:
    story = Story(segment=Segment.ENTERPRISE)
    health = {"health": {"values": ["green"]}}
    filled = {"SN1": {"text": "Three things"}, "SN2": {"text": "Calm waters", "given": health}}
    story.does(IVAN, e.SectionFilled, answers=filled)
    assert story.open(IVAN) == "SN3"
    story.does(IVAN, e.SectionFilled, answers={"SN1": {"text": "Other things"}, "SN2": {}})
    assert story.texts("SN1") == ["Other things"]
    assert story.texts("SN2") == ["Calm waters"]
    story.ignores(IVAN, e.SectionFilled, answers={"SN2": {}})


def test_a_form_lists_records_of_every_question_apart() -> None:
    # All forms shared one source: the records of one field took the place of another's.
    story = Story(segment=Segment.ENTERPRISE)
    filled = {"OP1": {"text": "20 seats\nAPI"}, "OP2": {"text": "A demo"}}
    story.does(IVAN, e.SectionFilled, answers=filled)
    story.does(IVAN, e.SectionFilled, answers={"OP1": {"text": "20 seats"}})
    assert (story.titles("OP1"), story.titles("OP2")) == (["20 seats"], ["A demo"])
    story.does(IVAN, e.ChangeWished, question="OP1")
    story.says(IVAN, "API")
    assert (story.titles("OP1"), story.titles("OP2")) == (["API"], ["A demo"])
    assert len({record.id for record in story.handover.records}) == 2
    assert story.refuses(IVAN, e.SaidWithdrawn, source="form") == "no_such_reply"


def test_a_form_with_a_wrong_field_changes_nothing() -> None:
    story = Story(segment=Segment.ENTERPRISE)
    filled = {"SN1": {"text": "x"}, "SN3": {"given": {"arr": {"values": ["lots"]}}}}
    assert story.refuses(IVAN, e.SectionFilled, answers=filled) == "not_a_number"


def test_what_is_pasted_is_kept() -> None:
    story = Story()
    story.does(IVAN, e.Pasted, id="P1", text="Long notes", files=(NOTES,))
    story.ignores(IVAN, e.Pasted, id="P1", text="Long notes")
    assert [piece.text for piece in story.handover.unsorted] == ["Long notes"]
    assert story.refuses(IVAN, e.Pasted, id="P2") == "missing"


def test_a_line_beside_a_file_is_its_title() -> None:
    story = Story(segment=Segment.ENTERPRISE)
    file = File(id="F1", name="org-2026.pdf", url="https://files.slack.com/F1")
    story.says(IVAN, "Org chart", question="DC2", files=(file,))
    found = documents(story.handover)
    assert [(d.title, d.link, d.file) for d in found] == [("Org chart", file.url, file)]
    story.says(IVAN, "Two more\nwithout a name", question="DC3", files=(file,))
    assert [d.title for d in documents(story.handover)] == [
        *("Org chart", "Two more", "without a name"),
    ]


def joined() -> Story:
    """Ivan is at S9: promises, issues and opportunities in one prompt."""
    story = Story()
    for key in ("S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8"):
        story.answers(IVAN, key)
    assert story.open(IVAN) == "S9"
    return story


def test_what_a_joined_prompt_lists_can_be_added_after_its_answer() -> None:
    story = joined()
    story.says(IVAN, "I promised a discount, and the export fails")
    assert story.open(IVAN) == "S10"
    for number, kind in enumerate(("commitment", "issue")):
        spec = PLAYBOOK.specs[RecordKind(kind)]
        details = {spec.fields[0].key: "Export"}
        story.does(IVAN, e.RecordAdded, id=f"R{number}", question="S9", kind=kind, details=details)
    assert story.open(IVAN) == "S10"
    assert len(story.titles("S9")) == 2


def test_none_of_a_joined_prompt_keeps_what_was_added() -> None:
    story = joined()
    first = PLAYBOOK.specs[RecordKind.ISSUE].fields[0].key
    story.does(
        IVAN, e.RecordAdded, id="R1", question="S9", kind="issue", details={first: "Export fails"}
    )
    assert story.open(IVAN) == "S9"
    story.does(IVAN, e.NoneDeclared, question="S9")
    assert story.open(IVAN) == "S10"
    assert (story.titles("S9"), story.answer("S9").verdict) == (["Export fails"], Verdict.GIVEN)
    bare = joined()
    bare.does(IVAN, e.NoneDeclared, question="S9")
    assert bare.answer("S9").verdict is Verdict.NONE
