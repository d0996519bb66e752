"""What is prefilled and what is unsorted, within Slack's limits however much it is."""

from bot.ids import Ref
from bot.views.knowledge import forms
from bot.views.known import unsorted
from bot.views.messages import build
from flows import events as e
from flows.advance import advance
from flows.effects import Kind
from flows.handover import File, Known, Listed
from flows.terms import RecordKind
from tests.make import IVAN, NOW, OLGA, default_playbook, make_handover, name_of
from tests.views.limits import check_message, check_view, words
from tests.views.scenes import make_scene

BOOK = default_playbook()
REF = Ref(h="H1")
LONG = "<!channel> *bold* &lt;x&gt; " * 700
LISTED = Listed(kind=RecordKind.STAKEHOLDER, details={"name": LONG, "role": LONG, "avoid": LONG})


def test_much_that_waits_is_shown_within_limits() -> None:
    found = {"S8": Known(text=LONG, listed=(LISTED,) * 200), "S1": Known(text=LONG)}
    handover = make_handover([e.Pasted(at=NOW, by=OLGA, id="P1", found=found)])
    for key in ("S1", "S8"):
        event = e.PutOff(at=NOW, by=OLGA, question="S1")
        put = advance(handover, event, BOOK).handover if key == "S8" else handover
        put = put.model_copy(
            update={
                "interviews": put.interviews
                | {OLGA: put.interviews[OLGA].model_copy(update={"current": key})}
            }
        )
        shown = check_message(build(Kind.QUESTION, key, make_scene(put, OLGA)))
        assert "*Prefilled, please confirm* (pasted by you)" in words(shown)
    check_message(build(Kind.CARD, "", make_scene(handover, OLGA)))
    asked = [BOOK.by_id["S1"], BOOK.by_id["S8"]]
    check_view(forms.section_form("Snapshot", asked, handover, REF, name_of))


def test_many_pieces_and_files_fit_a_modal() -> None:
    files = tuple(File(id=f"F{n}", name="a & b <c>.md" * 30, url="") for n in range(10))
    pasted = [
        e.Pasted(at=NOW, by=OLGA, id=f"P{number}", text=LONG, files=files) for number in range(40)
    ]
    handover = make_handover(pasted)
    shown = words(check_view(unsorted.unsorted_view(handover, REF, name_of)))
    assert "and 20 more" in shown
    piece = handover.unsorted[0]
    asked = list(BOOK.questions[:90])
    check_view(unsorted.filing_form(piece, asked, REF, name_of, mine=True))


def test_what_came_of_a_file_is_told_where_there_is_something_to_tell() -> None:
    file = File(id="F1", name="old.docx", url="")
    kept = e.Pasted(at=NOW, by=OLGA, id="P1", files=(file,))
    failed = e.FileRead(at=NOW, by=OLGA, piece="P1", file="F1", trouble="not_word")
    scene = make_scene(make_handover([kept, failed]), OLGA)
    told = words(check_message(build(Kind.IMPORT, "P1:F1", scene)))
    assert "old.docx: This is not a Word document" in told
    assert "Read it again" in told
    assert build(Kind.IMPORT, "P9", scene) is None


def test_the_incoming_csm_is_told_who_confirms() -> None:
    handover = make_handover([e.Accepted(at=NOW, by=IVAN)])
    view = forms.ahead_form("Snapshot", [BOOK.by_id["S1"]], handover, REF, name_of)
    assert "Olga confirms or corrects it" in words(check_view(view))
    card = check_message(build(Kind.ACCEPT, "", make_scene(handover, IVAN)))
    assert "Write what you already know" in words(card)
