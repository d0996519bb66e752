"""What the pack says, whom a question goes to, and the form that puts a message into a pack."""

from datetime import timedelta

from bot.exports.markdown import brief_markdown
from bot.ids import VALUE, Act, Field, Ref
from bot.views import lists
from bot.views.blocks import Message
from bot.views.known.message_form import Filed, added, message_form, read_filed
from bot.views.rows import Row
from bot.views.taking_over import pack
from bot.views.taking_over.brief import brief_message
from flows import events as e
from flows.handover import File, Handover, Quoted, Said, Unsorted
from flows.taking_over.brief import make_brief
from flows.taking_over.passages import passages
from flows.taking_over.search import search
from tests.make import (
    IVAN,
    LENA,
    NOW,
    OLGA,
    answer_all,
    default_playbook,
    make_handover,
    name_of,
    reply,
)
from tests.views.limits import check_message, check_view, fields, labels, press, words
from tests.views.scenes import make_scene

BOOK = default_playbook()
EVIL = "<!channel> *x* `y` & <https://a.b|see> <@U0IVAN> \u202e\n" * 900
LINK = "https://sandbox.slack.com/archives/C1/p1"
QUOTED = Quoted(author="U0KIM", at=NOW, link=LINK)


def added_message(text: str = "Ana left", **place: str) -> e.MessageAdded:
    return e.MessageAdded(at=NOW, by=IVAN, id="M1", text=text, quoted=QUOTED, **place)


def knocked(text: str, answer: str) -> list[e.Event]:
    asked = e.Asked(at=NOW, by=IVAN, id="A1", text=text, knock=True, about="S10")
    said = Said(source="form", text=answer)
    return [asked, e.AskAnswered(at=NOW + timedelta(days=1), by=OLGA, ask="A1", said=said)]


def found(handover: Handover, question: str, viewer: str = IVAN) -> Message:
    known = passages(handover, BOOK, viewer)
    hits = search(known, question, name_of, without=handover.account)
    return check_message(pack.told(hits, question, "F1", make_scene(handover, viewer)))


def test_an_answer_says_who_said_what_when_and_who_else_can_be_asked() -> None:
    message = found(make_handover([reply("S1", "The export bug")]), "export?")
    assert "Olga, Mon 23 Nov 2026" in message.text
    assert "> The export bug" in words(message)
    button = press(message, "Not what I need: ask Olga")
    assert (button["action_id"], Ref.load(button["value"])) == (
        Act.PACK_KNOCK,
        Ref(h="H1", a="F1"),
    )


def test_a_message_is_found_with_its_author_and_its_address() -> None:
    message = found(make_handover([added_message(section="Risks")]), "ana")
    assert "Kim, Mon 23 Nov 2026" in message.text
    assert LINK in words(message)
    bot = Quoted(author="Build <b> robot", at=NOW)
    piece = added_message().model_copy(update={"quoted": bot})
    assert "Build &lt;b&gt; robot, Mon" in found(make_handover([piece]), "ana").text


def test_whatever_was_written_it_fits_and_breaks_nothing() -> None:
    events = [
        reply("S1", EVIL),
        added_message(EVIL, section="Risks", note=EVIL[:900]),
        *knocked(EVIL, EVIL),
    ]
    handover = answer_all(make_handover(events, account="<!here> " + "A" * 180), text=EVIL)
    assert len(labels(found(handover, EVIL))) == 1
    ask = handover.asks[0]
    for missing in (True, False):
        check_message(pack.on_its_way(ask, make_scene(handover, IVAN), not_found=missing))
    check_message(pack.several([handover, make_handover(account="B" * 200)], EVIL, name_of))
    check_view(pack.ask_form(Ref(h="H1"), handover, name_of))
    check_message(added("Risks", make_scene(handover, IVAN)))
    piece = Unsorted(id="M1", by=IVAN, at=NOW, text=EVIL, quoted=QUOTED)
    rows = [Row(handover, BOOK)] * 101
    form = check_view(message_form(Ref(v="M1"), piece, rows, name_of))
    assert len(fields(form)[Field.ACCOUNT]["element"]["options"]) == 100
    brief = make_brief(handover, BOOK, LENA, NOW)
    check_message(brief_message(brief, name_of, BOOK, LENA))
    assert brief_markdown(brief, name_of, BOOK).count("[see](https://a.b)") >= 3600


def test_the_asker_reads_who_was_asked_and_what_comes_of_it() -> None:
    handover = make_handover(knocked("Who signs?", "Ana")[:1])
    message = check_message(
        pack.on_its_way(handover.asks[0], make_scene(handover, IVAN), not_found=True)
    )
    assert "does not tell that yet, so I asked Olga" in message.text
    assert "it joins the pack" in message.text
    assert "You asked: Who signs?" in message.text


def test_what_was_asked_has_a_section_of_its_own_in_the_brief() -> None:
    keys = ["S1", "S2", "S3", "S4", "S5"]
    unknown = [e.UnknownDeclared(at=NOW, by=OLGA, question=key) for key in keys]
    handover = make_handover([*unknown, *knocked("Who # signs?", "Ana does")])
    brief = make_brief(handover, BOOK, LENA, NOW)
    whole = brief_markdown(brief, name_of, BOOK)
    assert "## Asked and answered\n\n### Who # signs?\n\nAna does" in whole
    assert "_Asked by Ivan, Mon 23 Nov 2026; answered by Olga, Tue 24 Nov 2026._" in whole
    assert "• Who # signs? – Ana does" in words(
        check_message(brief_message(brief, name_of, BOOK, LENA))
    )
    nothing = make_brief(make_handover(unknown), BOOK, LENA, NOW)
    assert "Asked and answered" not in brief_markdown(nothing, name_of, BOOK)


def test_a_message_stands_under_its_section_with_all_that_belongs_to_it() -> None:
    keys = ["S1", "S2", "S3", "S4", "S5"]
    unknown = [e.UnknownDeclared(at=NOW, by=OLGA, question=key) for key in keys]
    file = File(id="F1", name="a_b.pdf", url="https://files.slack.com/F1")
    piece = added_message(question="CM1", note="Ask & see").model_copy(update={"files": (file,)})
    brief = make_brief(make_handover([*unknown, piece]), BOOK, LENA, NOW)
    section = brief_markdown(brief, name_of, BOOK).split("## Commitments")[1].split("\n## ")[0]
    for part in ("Ana left", "a\\_b.pdf", "_Said by Kim on Slack", "added by Ivan", LINK):
        assert part in section
    assert "Note: Ask & see" in section


def test_the_row_shows_its_counts_once_there_are_any() -> None:
    handover = make_handover()
    shown = check_message(lists.show_message(make_scene(handover, IVAN)))
    assert "Asked after the pack" not in shown.text
    assert press(shown, "Ask about this account")["action_id"] == Act.PACK_ASK
    answered = e.PackAnswered(at=NOW, by=IVAN, id="F1", text="?", about="S10")
    handover = make_handover([*knocked("Who?", "Ana"), answered])
    shown = check_message(lists.show_message(make_scene(handover, LENA)))
    assert "Asked after the pack: 1, answered from the pack: 1" in shown.text
    assert "Wait for an answer: usually about 24 hours" in shown.text
    waiting = check_message(
        lists.show_message(make_scene(make_handover(knocked("?", "!")[:1]), IVAN))
    )
    assert "Wait for an answer: 1 still open" in waiting.text
    assert f"Most asked about: {BOOK.by_id['S10'].section} (2)" in shown.text


def test_the_form_is_read_back_as_it_was_filled_in() -> None:
    piece = Unsorted(id="M1", by=IVAN, at=NOW, text="Hi <@U0IVAN>", quoted=QUOTED)
    form = check_view(message_form(Ref(v="M1"), piece, [Row(make_handover(), BOOK)], name_of))
    assert "> Hi @Ivan" in words(form)
    account = fields(form)[Field.ACCOUNT]["element"]
    assert account["initial_option"] == account["options"][0]
    groups = fields(form)[Field.PLACE]["element"]["option_groups"]
    assert "Leader's checks" not in str(groups)
    state = {
        "account": {VALUE: {"selected_option": account["options"][0]}},
        "place": {VALUE: {"selected_option": groups[-1]["options"][0]}},
        "note": {VALUE: {"value": " a < b "}},
    }
    assert read_filed(state) == Filed("H1", "Transition", "a &lt; b")
    assert read_filed({}) == Filed("", "", "")
