"""Nothing answers differently because of a handover that whoever asks may not know of."""

from pathlib import Path

from bot.ids import Act, Ref
from bot.sandbox import ModalScreen
from tests.privacy.cast import ACCOUNT, NEVER, NOW, Cast, cast
from tests.privacy.forged import click
from tests.privacy.traces import screens

CLASH = f"Another handover of {ACCOUNT} was started by"


def zoe_fills(play: Cast, account: str) -> ModalScreen:
    """Zoe hands an account of her own to Kim; Boris leads."""
    play.zoe.types(f"/handover start {account}")
    form = play.stage.fill(play.zoe.modal())
    form.pick_person("Incoming CSM", play.kim)
    form.choose("Leader", "Boris Meier")
    return form


def starts(form: ModalScreen) -> None:
    tellings = form.submit().modal
    assert tellings is not None
    assert tellings.submit().closed


def zoe_starts(folder: Path, *, hidden: bool) -> list[list[str]]:
    """What a start of Zoe's brings to everybody but Lena, beside a row of hers or without one."""
    folder.mkdir()
    with cast(folder) as play:
        if hidden:
            play.prepare(NEVER, NEVER, confidential="Underperforming")
        starts(zoe_fills(play, ACCOUNT))
        play.rest()
        clashes = [message for message in play.stage.lena.dm().messages if CLASH in message.text]
        assert len(clashes) == hidden
        assert all("Zoe Stern" in clash.text and not clash.buttons for clash in clashes)
        # Home is made anew after the ack, the messages by delivery: in no certain order.
        return [sorted(screens(play, p)) for p in play.everybody if p != play.stage.lena]


def test_a_start_that_clashes_with_a_hidden_row_looks_like_any_other(tmp_path: Path) -> None:
    clashing = zoe_starts(tmp_path / "clashing", hidden=True)
    assert clashing == zoe_starts(tmp_path / "free", hidden=False)
    assert sum(map(bool, clashing)) > 2


def test_a_row_that_one_may_see_is_named_in_the_form(tmp_path: Path) -> None:
    with cast(tmp_path) as play:
        starts(zoe_fills(play, ACCOUNT))
        play.rest()
        again = zoe_fills(play, f"  {ACCOUNT.upper()} ").submit()
        assert again.errors == {
            "Account": "NORTHWIND is being handed over already: /handover show NORTHWIND"
        }
        assert play.boris.dm().find(CLASH) is None
        assert len(play.stage.all_stored(ACCOUNT)) == 1


def test_a_quiet_row_makes_no_noise_before_everybody_on_it_knows(tmp_path: Path) -> None:
    with cast(tmp_path) as play:
        starts(zoe_fills(play, ACCOUNT))
        play.rest()
        play.prepare(NEVER, NOW)
        assert play.boris.dm().find(CLASH) is None
        play.stage.lena.dm().wait("Tell Olga Costa now").click("Tell Olga Costa now")
        assert "Lena Berg" in play.boris.dm().wait(CLASH).text
        play.rest()
        assert [m for m in play.boris.dm().messages if ACCOUNT in m.text and "Olga" in m.text] == []


def test_not_yours_reads_like_not_found(tmp_path: Path) -> None:
    """Olga knows of the handover, but not of everything that can be done with it."""
    with cast(tmp_path) as play:
        play.prepare()
        olga, row = play.stage.olga, play.stage.stored(ACCOUNT)
        words = play.zoe.types(f"/handover show {ACCOUNT}").text
        assert words == play.zoe.types("/handover show Nobody").text
        for act in (Act.CHECKS_OPEN, Act.INCOMING_NAME, Act.DECLINE_OPEN, Act.ACCEPT_NO):
            for handover in (row.id, "0" * 20):
                before = len(screens(play, olga))
                click(play, olga, act, Ref(h=handover))
                play.rest()
                answer = screens(play, olga)[before:]
                assert len(answer) == 1
                assert words in answer[0]


def test_a_new_leader_sees_no_row_and_the_others_hear_of_them(tmp_path: Path) -> None:
    with cast(tmp_path) as play:
        play.prepare()
        stage = play.stage
        leaders = (stage.lena, play.boris, play.zoe)
        stage.ada.types("/handover settings")
        form = stage.ada.modal()
        form.pick_person("Leaders", stage.lena, play.zoe)
        assert form.submit().closed
        told = stage.lena.dm().wait("Ada Admin added Zoe Stern to the leaders")
        assert "none of those that exist already" in told.text
        play.rest()
        # Boris is no leader any more, Zoe knows, and nobody is added by naming the same again.
        stage.ada.types("/handover settings")
        assert stage.ada.modal().submit().closed
        play.rest()
        assert play.heard(play.boris) == play.heard(play.zoe) == []
        heard = [sum("to the leaders" in m.text for m in p.dm().messages) for p in leaders]
        assert heard == [2, 1, 1]

        assert "No handover involves you" in play.zoe.types("/handover list").text
        assert "No handover involves you" in play.zoe.opens_home().text
        nothing = play.zoe.types("/handover show Elsewhere").text
        assert play.zoe.types(f"/handover show {ACCOUNT}").text == nothing
        click(play, play.zoe, Act.CHECKS_OPEN, Ref(h=stage.stored(ACCOUNT).id))
        assert not play.zoe.has_modal()
