"""Messages are dated by the clock that the sandbox is given, and never two alike."""

from bot.sandbox import Sandbox
from tests.sandbox.conftest import APP_TOKEN, BOT_TOKEN, MANIFEST, SECRET

NOON = 1_790_000_000.0


def test_messages_bear_the_date_of_the_clock() -> None:
    moment = [NOON]
    with Sandbox(
        manifest=MANIFEST,
        bot_token=BOT_TOKEN,
        app_token=APP_TOKEN,
        signing_secret=SECRET,
        now=lambda: moment[0],
    ) as slack:
        ana = slack.person("Ana")
        said = [ana.says("One").ts, ana.says("Two").ts]
        moment[0] += 3600
        said.append(ana.says("Three").ts)
        assert [int(float(ts) - NOON) for ts in said] == [0, 0, 3600]
        assert len(set(said)) == 3
