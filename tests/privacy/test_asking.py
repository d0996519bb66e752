"""Asking gives away no more than reading does."""

from pathlib import Path

from bot.ids import Act, Form, Ref
from bot.sandbox import Person
from tests.privacy.cast import ACCOUNT, LATER, NEVER, Cast, MovedClock, cast
from tests.privacy.forged import Values, click, submit
from tests.wire.stage import question

BUG = "The export bug has cost us trust"


def answered(play: Cast) -> str:
    """Olga has answered one question; the handover's id."""
    first = question(play.stage.olga, "1 of 12", ACCOUNT)
    first.click("Green: going well")
    first.reply(BUG)
    question(play.stage.olga, "2 of 12", ACCOUNT)
    return play.stage.stored(ACCOUNT).id


def reads(person: Person, account: str = ACCOUNT) -> str:
    return person.types(f"/handover ask {account} is there an export bug?").text


def test_who_is_not_told_yet_is_answered_as_if_it_were_not_there(tmp_path: Path) -> None:
    with cast(tmp_path, MovedClock()) as play:
        play.prepare(incoming=NEVER)
        answered(play)
        ivan = play.stage.ivan
        assert reads(ivan) == reads(ivan, "Southwind")
        assert BUG in reads(play.stage.lena)


def test_a_copied_button_or_form_asks_nothing_for_strangers(tmp_path: Path) -> None:
    with cast(tmp_path) as play:
        play.prepare()
        row = answered(play)
        reads(play.stage.ivan)
        found = play.stage.stored(ACCOUNT).found[0].id
        before = play.stage.stored(ACCOUNT)
        values: Values = {"text": {"v": {"type": "plain_text_input", "value": "export bug?"}}}
        for person in (play.boris, play.zoe, play.kim):
            bodies = []
            for handover in (row, "0" * 20):
                ref = Ref(h=handover, a=found)
                bodies.append(submit(play, person, Form.PACK_ASK, ref, values).body)
                click(play, person, Act.PACK_KNOCK, ref)
            assert bodies[0] == bodies[1]
        # A participant's copy of somebody else's button asks nothing in their name either.
        click(play, play.stage.lena, Act.PACK_KNOCK, Ref(h=row, a=found))
        play.rest()
        assert play.stage.stored(ACCOUNT) == before
        for person in (play.boris, play.zoe, play.kim):
            assert not any(BUG in seen for seen in play.stage.slack.seen_by(person))


def test_who_is_told_later_sees_neither_question_nor_answer_before(tmp_path: Path) -> None:
    clock = MovedClock()
    with cast(tmp_path, clock) as play:
        at = clock.now().replace(microsecond=0)
        play.prepare(incoming=LATER, at=at.replace(year=at.year + 1))
        answered(play)
        play.stage.lena.types(f"/handover ask {ACCOUNT} zebra?")
        play.stage.olga.dm().wait("zebra?").reply("Striped")
        play.stage.lena.dm().wait("Striped")
        play.rest()
        assert not any(
            "zebra" in seen or "Striped" in seen
            for seen in play.stage.slack.seen_by(play.stage.ivan)
        )
