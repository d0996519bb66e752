"""Quiet preparation (N17): whoever is untold finds nothing, whatever they try."""

from datetime import timedelta
from pathlib import Path

from bot.ids import Act, Ref
from bot.sandbox import Person
from tests.privacy.cast import ACCOUNT, LATER, NEVER, Cast, MovedClock, cast
from tests.privacy.forged import click, event
from tests.privacy.traces import screens

HOUR = timedelta(hours=1)
LOOKS = ("list", f"show {ACCOUNT}", f"brief {ACCOUNT}")


def looks(play: Cast, person: Person) -> list[str]:
    """Everything that somebody finds who looks everywhere, and writes to the bot."""
    before = len(screens(play, person))
    for words in LOOKS:
        person.types(f"/handover {words}")
    person.opens_home()
    play.rest()
    person.says("Is there anything for me?")
    play.rest()
    # What a leader may begin is theirs whatever they know of.
    found = (text.replace("[Hand over a book]\n", "") for text in screens(play, person)[before:])
    return [text.replace(person.name, "NAME") for text in found]


def tries(play: Cast, person: Person, handover: str) -> list[str]:
    """What somebody is answered who clicks and replies with the ids of a handover."""
    before = len(screens(play, person))
    for act in (Act.ACCEPT_YES, Act.ACCEPT_NO, Act.ACCEPT_ASK, Act.CARD_CONTINUE, Act.LIST_SHOW):
        assert click(play, person, act, Ref(h=handover)).status == 200
        play.rest()
    for message in play.stage.lena.dm().messages:
        event(play, person, "Yes", thread=message.ts)
    play.rest()
    return [text.replace(person.name, "NAME") for text in screens(play, person)[before:]]


def assert_knows_nothing(play: Cast, person: Person) -> None:
    """What this person finds is what somebody finds who has no part in anything."""
    row = play.stage.stored(ACCOUNT)
    assert play.heard(person) == []
    assert looks(play, person) == looks(play, play.zoe)
    made_up = tries(play, person, "0" * 20)
    assert tries(play, person, row.id) == made_up
    assert all(ACCOUNT not in text for text in screens(play, person))
    assert play.stage.stored(ACCOUNT) == row


def test_whoever_is_not_told_through_the_bot_finds_nothing(tmp_path: Path) -> None:
    clock = MovedClock()
    with cast(tmp_path, clock) as play:
        play.prepare(NEVER, NEVER)
        olga, ivan, lena = play.stage.olga, play.stage.ivan, play.stage.lena
        assert play.stage.stored(ACCOUNT).interviews == {}
        for person in (olga, ivan, play.boris):
            assert_knows_nothing(play, person)
        clock.pass_by(days=20)
        play.stage.bot.ticker.run("due")
        play.rest()
        assert_knows_nothing(play, ivan)
        # Nobody is chased for an answer that nobody asked for.
        assert lena.dm().find("has not said yet") is None

        # Ivan's card for another account does not count this one.
        other = lena_starts_another(play)
        assert "have: none" in other

        lena.dm().wait("Tell Ivan Petrov now").click("Tell Ivan Petrov now")
        card = ivan.dm().wait(f"take {ACCOUNT} over")
        assert "have: 1" in card.text
        assert "Olga Costa does not know of this yet" in card.text
        lena.dm().wait("Tell Ivan Petrov now", gone=True)
        # What Ivan asks goes to Lena: Olga would learn of it.
        card.click("Ask first")
        assert "It goes to Lena Berg" in ivan.modal().text
        ivan.modal().close()
        card.click("Accept handover")
        play.rest()
        assert olga.id not in play.stage.stored(ACCOUNT).interviews
        assert [text for text in screens(play, olga) if ACCOUNT in text] == []

        lena.dm().wait("Tell Olga Costa now").click("Tell Olga Costa now")
        olga.dm().wait(f"Knowledge pack: {ACCOUNT}")
        ivan.dm().wait("does not know of this yet", gone=True)


def lena_starts_another(play: Cast) -> str:
    """Ivan's accept card for Contoso, which everybody knows of."""
    stage = play.stage
    stage.lena.types("/handover start Contoso")
    form = stage.fill(stage.lena.modal(), reason="Reassignment")
    form.pick_person("Outgoing CSM", play.kim)
    tellings = form.submit().modal
    assert tellings is not None
    assert tellings.submit().closed
    return stage.ivan.dm().wait("take Contoso over").text


def test_the_moment_to_be_told_comes_once_also_after_a_standstill(tmp_path: Path) -> None:
    clock = MovedClock()
    with cast(tmp_path, clock) as play:
        at = clock.now().replace(second=0, microsecond=0)
        play.prepare(LATER, LATER, at=at.replace(minute=0) + 2 * HOUR)
        olga, ivan, house = play.stage.olga, play.stage.ivan, play.stage.house
        notice = play.stage.lena.dm().wait(f"Handover: {ACCOUNT}")
        assert notice.text.count("will be told on") >= 2
        clock.pass_by(minutes=30)
        play.stage.bot.ticker.run("due")
        assert_knows_nothing(play, olga)
        assert_knows_nothing(play, ivan)

        house.end()
        clock.pass_by(hours=3)
        house.begin()
        olga.dm().wait(f"Knowledge pack: {ACCOUNT}")
        ivan.dm().wait(f"take {ACCOUNT} over")
        for _ in range(3):
            play.stage.bot.ticker.run("due")
        house.restart()
        play.rest()
        assert roots(olga, f"Knowledge pack: {ACCOUNT}") == 1
        assert roots(ivan, f"take {ACCOUNT} over") == 1
        assert "Tell" not in "".join(play.stage.lena.dm().wait(f"Handover: {ACCOUNT}").buttons)


def roots(person: Person, words: str) -> int:
    return sum(words in message.text for message in person.dm().messages)


def test_a_draft_is_known_to_its_creator_alone(tmp_path: Path) -> None:
    with cast(tmp_path) as play:
        stage = play.stage
        tellings = play.leader_form("Underperforming").submit().modal
        assert tellings is not None
        tellings.click("Save as draft")
        stage.lena.modal("Saved as draft").close(all_of_them=True)
        play.rest()
        assert play.heard(stage.lena) == []
        for person in (stage.olga, stage.ivan, play.boris):
            assert_knows_nothing(play, person)
        assert "finish the draft" in stage.lena.opens_home().text
        assert "Draft, nobody is told" in stage.lena.types(f"/handover show {ACCOUNT}").text
        assert stage.lena.types(f"/handover brief {ACCOUNT}").text.startswith("There is a brief")
