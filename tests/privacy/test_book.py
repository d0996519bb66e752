"""Two books alike but for the confidential reason are the same to the CSMs, however they look."""

from pathlib import Path

from bot.sandbox import Person
from flows.handover import Party
from flows.terms import Confidential
from tests.flows.books import made_row
from tests.privacy.cast import Cast, cast
from tests.privacy.test_indistinguishable import Seen, assert_alike, outsiders
from tests.privacy.traces import payloads, screens, stored
from tests.wire.books import begin_book
from tests.wire.stage import Stage

NAMES = ("Northwind", "Contoso", "Fabrikam")


def looks(play: Cast, person: Person) -> None:
    """Everything there is to see of a book; of what somebody may not know there is nothing."""
    person.opens_home()
    play.rest()
    person.types("/handover list")
    person.types("/handover digest")
    shown = person.types("/handover book")
    play.rest()
    if "Book of" in shown.text:
        table = play.stage.hears(person, "All accounts, page 1")
        table.click("Send me this as CSV")
        table.click("Waiting for me")
    play.rest()


def pauses(stage: Stage) -> None:
    """Lena has two accounts rest, and the third one goes on."""
    stage.lena.types("/handover book")
    stage.hears(stage.lena, "All accounts, page 1").click("Pause accounts")
    form = stage.lena.modal("Pause accounts")
    form.choose("Which accounts?", "Only those that I pick below")
    form.choose("Accounts", "Contoso", "Fabrikam")
    form.submit()
    sure = stage.lena.modal("Pause accounts")
    sure.fill("Why do they rest?", "Their office moves.")
    sure.submit()
    stage.lena.modal().close()


def played(folder: Path, confidential: Confidential | None) -> Seen:
    folder.mkdir()
    with cast(folder) as play:
        stage = play.stage
        for person in play.everybody:
            person.opens_home()
        ivan = Party(user=stage.ivan.id, name="Ivan")
        rows = [made_row(n, account=name, incoming=ivan) for n, name in enumerate(NAMES, start=1)]
        begin_book(stage, rows, confidential=confidential, named="BTWIN")
        play.rest()
        for paused in (False, True):
            if paused:
                pauses(stage)
            play.rest()
            for person in (stage.olga, stage.ivan, play.zoe):
                looks(play, person)
        others = outsiders(play)
        found = {f"{p.name}'s screen": sorted(set(screens(play, p))) for p in others}
        found |= {f"{p.name}'s client": payloads(play, p) for p in others}
        assert any("3 accounts" in line for line in found["Ivan Petrov's screen"])
        assert not any("Contoso" in line for line in found["Zoe Stern's screen"])
        return found | stored(play, others)


def test_a_book_with_a_confidential_reason_looks_like_any_other(tmp_path: Path) -> None:
    plain = played(tmp_path / "plain", None)
    assert_alike(plain, played(tmp_path / "secret", Confidential.UNDERPERFORMING))
