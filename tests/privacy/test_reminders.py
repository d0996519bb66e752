"""Days pass, and nobody is reminded of what they may not know."""

from pathlib import Path

from tests.privacy.cast import ACCOUNT, NEVER, Cast, cast
from tests.wire.week import Days, agendas, looks

DAYS = (1, 2, 3, 4, 7, 8)


def pass_days(play: Cast, clock: Days) -> None:
    """A week and a day pass; everybody is where no day is a holiday."""
    for person in play.everybody:
        play.stage.slack.update_person(person, tz="UTC")
    looks(play.stage)
    for number in DAYS:
        clock.goes_to(number, "10:00")
        looks(play.stage)


def told(folder: Path, confidential: str) -> dict[str, list[str]]:
    """What everybody but the leader is reminded of."""
    folder.mkdir()
    clock = Days()
    with cast(folder, clock) as play:
        play.prepare(confidential=confidential)
        pass_days(play, clock)
        outsiders = [person for person in play.everybody if person != play.stage.lena]
        assert any("Leader's checks" in m.text for m in agendas(play.stage.lena))
        return {person.name: [m.text for m in agendas(person)] for person in outsiders}


def test_a_confidential_reason_reminds_nobody_else_of_anything(tmp_path: Path) -> None:
    plain = told(tmp_path / "plain", "None")
    assert {name for name, texts in plain.items() if texts} == {"Olga Costa", "Ivan Petrov"}
    assert told(tmp_path / "secret", "Underperforming") == plain


def test_whoever_is_not_told_is_not_reminded(tmp_path: Path) -> None:
    clock = Days()
    with cast(tmp_path, clock) as play:
        play.prepare(incoming=NEVER, outgoing=NEVER)
        pass_days(play, clock)
        assert agendas(play.stage.lena)
        for person in play.everybody:
            if person != play.stage.lena:
                assert not any(ACCOUNT in text for text in play.heard(person))


def test_what_is_somebody_elses_by_now_leaves_the_agenda(tmp_path: Path) -> None:
    clock = Days()
    with cast(tmp_path, clock) as play:
        stage = play.stage
        play.prepare()
        pass_days(play, clock)
        stage.ivan.dm().wait(f"take {ACCOUNT} over").click("Decline")
        assert stage.ivan.modal().submit().closed
        stage.lena.dm().wait("can't take Northwind over").click("See why and name another")
        form = stage.lena.modal()
        form.pick_person("Incoming CSM", play.kim)
        assert form.submit().closed
        play.rest()
        assert ACCOUNT not in agendas(stage.ivan)[-1].text
