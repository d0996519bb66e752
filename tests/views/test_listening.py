"""The windows of the listening loop fit into Slack, whatever is typed; an action looks like any."""

from datetime import date, timedelta
from io import BytesIO
from zipfile import is_zipfile

import pytest

from bot.exports.files import export
from bot.exports.formats import Format
from bot.ids import Ref
from bot.sandbox.reading import readable
from bot.views.confidential import action, listening, word
from bot.views.lists import show_message
from bot.views.messages import build
from bot.views.staffing import leader_forms
from flows import events as e
from flows.confidential.listening import Listening, Point
from flows.confidential.vault import Vault
from flows.confidential.word import Spoken
from flows.effects import Kind
from flows.handover import Done, Party
from flows.known.reading_back import known_of
from flows.taking_over.brief import known_to, make_brief
from flows.taking_over.passages import passages
from flows.taking_over.portable import portable
from flows.terms import Confidential, Word
from tests.make import (
    IVAN,
    KIM,
    LENA,
    NOW,
    OLGA,
    answer_all,
    default_playbook,
    make_handover,
    make_vault,
    name_of,
)
from tests.views.limits import check_message, check_view, fields, labels, words
from tests.views.scenes import make_scene

BOOK = default_playbook()
DAY = date(2026, 12, 4)
LONG = "<@U1> *angry* & loud\n" * 140
TITLE = "Agree on a weekly call"


def gives(to: str = OLGA, text: str = TITLE) -> e.ActionAdded:
    owner = Party(user=to, name="Olga")
    return e.ActionAdded(at=NOW, by=LENA, id="L1", text=text, owner=owner, due=DAY)


def vault_with(*points: Point, **changes: object) -> Vault:
    return make_vault(listening=Listening(points=points), **changes)


def point(number: int, **changes: object) -> Point:
    usual = {"id": f"P{number}", "said": LONG, "owner": LENA, "due": DAY, "by": LENA, "at": NOW}
    return Point.model_validate(usual | changes)


def test_a_full_page_of_long_points_fits() -> None:
    handover = make_handover([gives(text="Write &" * 400)])
    done = Done(by=LENA, at=NOW)
    states: tuple[dict[str, object], ...] = ({}, {"action": "L1"}, {"closed": done})
    vault = vault_with(*(point(n, **states[n % 3]) for n in range(25)))
    for page, count in ((0, 10), (1, 10), (2, 5), (9, 5)):
        view = check_view(listening.points_view(make_scene(handover, LENA, vault), page))
        assert sum(label in ("Close point", "Open again") for label in labels(view)) == count
        assert f"Page {min(page, 2) + 1} of 3" in words(view)


def test_what_was_typed_comes_back_to_be_changed() -> None:
    scene = make_scene(make_handover(), LENA, vault_with(point(1, said="It is <b>slow</b> & late")))
    stands = scene.vault.listening.points[0]
    for view in (
        listening.point_form(scene, Ref(h="H1"), DAY),
        listening.point_form(scene, Ref(h="H1"), DAY, stands),
        listening.told_form(scene, Ref(h="H1"), stands, DAY),
        listening.held_form(scene, Ref(h="H1"), DAY),
        word.give_form(scene, Ref(h="H1", u=IVAN)),
    ):
        check_view(view)


def test_whoever_only_started_it_passes_nothing_on() -> None:
    handover, vault = make_handover(by=KIM), vault_with(point(1))
    view = listening.points_view(make_scene(handover, KIM, vault))
    assert "Close point" in labels(view)
    assert "Pass on as an action" not in labels(view)


def test_an_action_is_typed_anew_below_what_was_said() -> None:
    scene = make_scene(make_handover(), LENA, vault_with(point(1)))
    passed = check_view(action.action_form(scene, Ref(h="H1"), DAY, point(1)))
    plain = check_view(action.action_form(scene, Ref(h="H1"), DAY))
    assert "angry" in words(passed)
    assert fields(passed) == fields(plain)
    assert "initial_value" not in fields(passed)["text"]


def test_the_message_of_an_action_and_what_becomes_of_it() -> None:
    handover = make_handover([gives(text="Call <!here> & write")])
    shown = check_message(build(Kind.ACTION, "L1", make_scene(handover, OLGA)))
    assert labels(shown) == ["Mark done"]
    assert "Lena asks you to see to this by Fri 4 Dec 2026" in shown.text
    others = check_message(build(Kind.ACTION, "L1", make_scene(handover, IVAN)))
    assert labels(others) == []
    assert build(Kind.ACTION, "L9", make_scene(handover, OLGA)) is None


def test_an_action_stands_wherever_open_issues_do_and_never_with_the_customer() -> None:
    handover = answer_all(make_handover([gives(), e.Accepted(at=NOW, by=IVAN)]))
    later = NOW + timedelta(days=1)
    for wanted in Format:
        content = export(wanted, handover, BOOK, LENA, name_of, later).content
        text = readable(content) if is_zipfile(BytesIO(content)) else content.decode("utf-8")
        assert (TITLE in text) == ("customer" not in wanted), wanted
    assert TITLE in {p.text.split("\n")[0] for p in passages(handover, BOOK, IVAN)}
    assert any(r.id == "L1" for s in known_to(handover, BOOK, IVAN).sections for r in s.records)
    # Used again it answers no question of another handover.
    found = known_of(portable(make_brief(handover, BOOK, LENA, later), name_of), BOOK)
    used = e.EarlierUsed(at=later, by=OLGA, earlier="H0", found=found)
    again = make_handover([used])
    assert again.prefilled
    assert TITLE not in again.model_dump_json()


@pytest.mark.parametrize("confidential", [None, *Confidential])
def test_the_word_has_one_window_on_every_handover(confidential: Confidential | None) -> None:
    handover = make_handover()
    for told in Word:
        spoken = Spoken(to=IVAN, word=told, by=LENA, at=NOW)
        vault = make_vault(confidential=confidential, spoken=spoken)
        view = check_view(word.read_view(make_scene(handover, IVAN, vault)))
        assert view["title"]["text"] == "A word from your leader"
        tells = told is Word.REASON and confidential is not None
        assert ("between you and Lena" in words(view)) == tells
        message = build(Kind.WORD, "", make_scene(handover, IVAN, vault))
        assert (message is None) == (told is Word.NOTHING)
        if message:
            assert check_message(message).text == "Northwind: Lena has a word for you."
        # Nobody else reads a word of it, and the button is there whatever was said.
        for other in (OLGA, LENA):
            assert "nothing to add" in words(word.read_view(make_scene(handover, other, vault)))
            assert build(Kind.WORD, "", make_scene(handover, other, vault)) is None
        shown = check_message(show_message(make_scene(handover, IVAN, vault)))
        assert "A word from your leader" in labels(shown)


def test_leaders_checks_have_the_same_ways_whatever_the_reason() -> None:
    seen = [
        labels(
            check_view(
                leader_forms.checks_form(
                    make_vault(confidential=why), make_handover(), BOOK, Ref(h="H1"), name_of
                )
            )
        )
        for why in (None, *Confidential)
    ]
    assert seen == [["What the customer said", "What Ivan is told"]] * len(seen)
