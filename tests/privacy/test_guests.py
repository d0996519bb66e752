"""A guest whom a leader admits to one handover answers there, and nobody else is any nearer."""

from pathlib import Path

from bot.ids import Act, Ref
from bot.sandbox import Person
from tests.privacy.cast import ACCOUNT, Cast, cast
from tests.privacy.forged import click
from tests.privacy.test_asked import HIDDEN, ask, begun
from tests.privacy.traces import screens


def admit(play: Cast, *guests: Person) -> dict[str, str]:
    """Lena says who is admitted, from where she looks at the handover; the errors she sees."""
    stage = play.stage
    stage.lena.types(f"/handover show {ACCOUNT}")
    play.rest()
    stage.slack.ephemerals(stage.lena)[-1].click("Admit guests")
    form = stage.lena.modal("Admit guests")
    form.pick_person("Guests who may answer here", *guests)
    errors = form.submit().errors
    if errors:
        form.close()
    play.rest()
    return errors


def asks(play: Cast, guest: Person) -> dict[str, str]:
    """Olga asks a guest what she does not know; the errors she sees."""
    ask(play)
    form = play.stage.olga.modal()
    form.pick_person("Who could know?", guest)
    errors = form.submit().errors
    if errors:
        form.close()
    play.rest()
    return errors


def test_a_guest_answers_where_they_are_admitted_and_as_long_as_they_are(tmp_path: Path) -> None:
    with cast(tmp_path) as play:
        stage = play.stage
        gia = stage.slack.person("Gia Partner", guest=True)
        play.prepare()
        begun(play)
        assert "member" in asks(play, gia)["Who could know?"]
        assert admit(play, play.kim) == {
            "Guests who may answer here": "Please pick guests of this workspace; members may be "
            "asked as they are."
        }
        assert admit(play, gia) == {}
        gia.dm().wait(f"lets you help with the handover of {ACCOUNT}")
        assert asks(play, gia) == {}
        question = gia.dm().wait(f"asks about {ACCOUNT}")
        question.reply("Dentists, 40 of them")
        play.rest()
        stage.olga.dm().wait("Gia Partner answered your question")

        # Nothing but that: no list, brief, shortcut or start, and no other handover.
        row, mark = stage.stored(ACCOUNT), len(screens(play, gia))
        for words in ("", "list", f"show {ACCOUNT}", f"brief {ACCOUNT}", f"ask {ACCOUNT} who"):
            assert gia.types(f"/handover {words}").text.startswith("Handovers are for members")
        for act in (Act.LIST_SHOW, Act.CARD_BRIEF, Act.CHECKS_OPEN, Act.ANSWER_FORM):
            click(play, gia, act, Ref(h=row.id, q="S1", a=row.asks[0].id))
        play.rest()
        assert stage.stored(ACCOUNT) == row
        seen = "\n".join(screens(play, gia))
        assert [words for words in HIDDEN if words in seen and words != "Lena"] == []
        assert "Larkspur" not in "\n".join(screens(play, gia)[mark:])

        # A new status is no reason to lose their part; being taken out is.
        stage.slack.update_person(gia, tz="Europe/Paris")
        play.rest()
        assert stage.stored(ACCOUNT).guests.has(gia.id)
        assert admit(play) == {}
        row = stage.stored(ACCOUNT)
        question.reply("And surgeons")
        play.rest()
        assert stage.stored(ACCOUNT) == row
