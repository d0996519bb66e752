"""Figures tell nobody of what they may not know, and nobody why an account really moves."""

from pathlib import Path

from bot.ids import Act, Ref
from bot.sandbox import Person
from tests.privacy.cast import ACCOUNT, NEVER, Cast, cast
from tests.privacy.forged import click
from tests.privacy.test_oracles import starts, zoe_fills
from tests.privacy.traces import blurred, screens


def names_csms(play: Cast) -> None:
    """Ada wants figures per CSM, so that there is most to read."""
    ada = play.stage.ada
    ada.types("/handover settings")
    form = ada.modal()
    form.tick("Figures per CSM in reports")
    assert form.submit().closed


def reads(play: Cast, person: Person) -> list[str]:
    """All that a report brings to somebody: what they see, and what is in its files."""
    known = set(person.dm().every_message)
    before = len(screens(play, person))
    person.types("/handover report")
    play.rest()
    names = {name for m in set(person.dm().every_message) - known for name in m.files}
    files = [file for file in play.stage.slack.files if file.name in names]
    said = [blurred(play, f"{file.name} {file.alt} {file.content!r}") for file in files]
    return screens(play, person)[before:] + said


def beside(folder: Path, *, hidden: bool) -> dict[str, list[str]]:
    """What a report brings to everybody but Lena, beside a row of hers or without one."""
    folder.mkdir()
    with cast(folder) as play:
        names_csms(play)
        starts(zoe_fills(play, "Contoso"))
        play.rest()
        if hidden:
            play.prepare(NEVER, NEVER, confidential="Underperforming")
        others = [person for person in play.everybody if person != play.stage.lena]
        return {person.name: reads(play, person) for person in others}


def test_a_hidden_row_is_in_nobody_elses_figures(tmp_path: Path) -> None:
    """Nor in those of a CSM about themselves, while they are not told."""
    alone = beside(tmp_path / "alone", hidden=False)
    assert beside(tmp_path / "beside", hidden=True) == alone
    assert any("Contoso" in text for text in alone["Boris Meier"])
    assert any("Handing over: 1 handover" in text for text in alone["Zoe Stern"])
    assert not any("handover;" in text for text in alone["Ivan Petrov"])


def lenas(folder: Path, confidential: str) -> list[str]:
    folder.mkdir()
    with cast(folder) as play:
        names_csms(play)
        play.prepare(confidential=confidential)
        return reads(play, play.stage.lena)


def test_not_even_its_leaders_figures_tell_of_a_confidential_reason(tmp_path: Path) -> None:
    """A file travels: what is counted is the reason that everybody on the handover knows."""
    told = lenas(tmp_path / "secret", "Underperforming")
    assert told == lenas(tmp_path / "plain", "None")
    assert any(ACCOUNT in text and "Reassignment" in text for text in told)


def test_buttons_of_a_report_give_nobody_more(tmp_path: Path) -> None:
    with cast(tmp_path) as play:
        play.prepare()
        olga, zoe = play.stage.olga, play.zoe
        for person in (olga, zoe):
            click(play, person, Act.REPORT_SEND, Ref(v="90", k="leader"))
            click(play, person, Act.LESSON_NOTED, Ref(q="S1"))
            play.rest()
            assert not any("Report: " in m.text for m in person.dm().every_message)
        assert not play.stage.slack.files
        office = play.stage.bot.offices.of(play.stage.slack.team_id)
        assert office is not None
        assert office.roster.workspace.noted == ()
