"""The wall clock is set a day ahead, and back, while the bot runs: no reminder is lost or doubled,
and what people do in between is answered at once.
"""

import pytest

from tests.conftest import Tell
from tests.wire.stage import question
from tests.wire.week import week

SAID = ("What I know of it, in enough words.", "And some more of it, in enough words.")
STRAIGHT = {1: 1, 2: 2, 3: 2, 4: 3, 5: 3, 6: 3, 7: 3}
"""How many agendas Ivan has got by each day of a week in which the clock is right."""


def test_jumps_by_a_day(sqlite_url: str, tell: Tell) -> None:
    jump(sqlite_url, tell)


@pytest.mark.campaign
def test_jumps_by_a_day_on_postgresql(postgresql_url: str, tell: Tell) -> None:
    jump(postgresql_url, tell)


def jump(url: str, tell: Tell) -> None:
    with week(url) as play:
        stage = play.stage
        ivan, olga = stage.ivan, stage.olga
        play.starts("Northwind", "Acme")
        play.comes(1, "10:00")
        assert len(play.told(ivan)) == STRAIGHT[1]
        asked = question(olga, "1 of 12")
        play.clock.goes_to(2, "10:00")
        stage.bot.ticker.look()
        # What is under way tomorrow has to be shown when it is today again.
        stage.slack.fault("chat.update", "ratelimited")
        asked.reply(SAID[0])
        stage.until(lambda: any(call.status == 429 for call in stage.slack.journal))
        play.clock.goes_to(1, "10:05")
        stage.bot.ticker.look()
        olga.dm().wait_until(lambda: SAID[0] in asked.text)
        asked.reply(SAID[1])
        olga.dm().wait_until(lambda: SAID[1] in asked.text)
        counts = {}
        for days in STRAIGHT:
            play.comes(days, "11:00")
            counts[days] = len(play.told(ivan))
        assert counts == STRAIGHT
        play.clock.goes_to(8, "11:00")
        stage.bot.ticker.look()
        play.comes(7, "11:05")
        assert len(play.told(ivan)) == STRAIGHT[7]
        heard = len(stage.slack.deliveries)
    tell(
        f"clock jumps of +1 and -1 day on {stage.bot.database.url.get_backend_name()}: "
        f"{heard} deliveries, {counts[7]} reminders in a week as without; "
        "lost 0, doubled 0, no lane held up"
    )
