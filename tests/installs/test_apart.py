"""Two workspaces in one database, with the same ids of people: neither knows the other."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from bot.delivery.gateway import Gateway
from bot.offices import Offices
from bot.sandbox import Sandbox
from tests.installs.houses import Houses, houses
from tests.wire.stage import Stage, list_leaders

if TYPE_CHECKING:
    from bot.office import Office

TICKS = ("due", "reminders", "delivery", "roster", "checkpoint", "receipts", "tidy", "tokens")


def posts(stage: Stage) -> int:
    return sum(call.method == "chat.postMessage" for call in stage.slack.journal)


def everything_said(slack: Sandbox) -> str:
    """All that the bot ever sent to a workspace."""
    return str([call.args for call in slack.journal])


@contextmanager
def both(url: str) -> Iterator[Houses]:
    with houses(url) as here:
        for stage in (here.acme, here.beta):
            assert here.install(stage).status == 200
            list_leaders(stage)
        yield here


def test_what_happens_in_one_workspace_is_seen_in_no_other(database_url: str) -> None:
    with both(database_url) as here:
        acme, beta = here.acme, here.beta
        assert [p.id for p in (acme.olga, acme.ivan)] == [p.id for p in (beta.olga, beta.ivan)]
        acme.start("Acmeonly")
        beta.start("Betaonly")
        for stage in (acme, beta):
            stage.ivan.dm().wait("only over").click("Accept handover")
        here.house.rest()
        for name in TICKS:
            here.house.bot.ticker.run(name)
        here.house.rest()
        for person, own, other in (
            (acme.olga, "Acmeonly", "Betaonly"),
            (beta.olga, "Betaonly", "Acmeonly"),
        ):
            shown = person.types("/handover list").text
            assert own in shown
            assert other not in shown
            assert other not in person.types(f"/handover show {other}").text.replace(other, "", 1)
        assert "Betaonly" not in everything_said(acme.slack)
        assert "Acmeonly" not in everything_said(beta.slack)


def test_a_slow_workspace_holds_up_no_other(sqlite_url: str) -> None:
    with both(sqlite_url) as here:
        acme, beta = here.acme, here.beta
        acme.slack.fault("chat.postMessage", "ratelimited", times=3, seconds=300)
        acme.form("Acmeonly").submit()
        beta.start("Betaonly")
        beta.ivan.dm().wait("take Betaonly over")
        here.acme.slack.uninstall()
        here.acme.slack.idle(0.05)


def test_calls_are_made_with_the_workspaces_own_token(sqlite_url: str) -> None:
    """The stage's Slack takes each token in its own workspace only."""
    with both(sqlite_url) as here:
        here.house.rest()
        said, elsewhere = posts(here.acme), posts(here.beta)
        here.acme.start()
        here.house.rest()
        assert posts(here.acme) > said
        assert posts(here.beta) == elsewhere


class Stuck:
    """A workspace of which the database says nothing yet, and all the others."""

    def __init__(self) -> None:
        self.asked, self.told = threading.Event(), threading.Event()

    def teams(self) -> list[str]:
        return []

    def gateway(self, team: str, org: str | None = None, sent: int | None = None) -> Gateway:
        if team == "T1" and not self.told.is_set():
            self.asked.set()
            self.told.wait(30)
        return cast("Gateway", team)


def test_nobody_waits_for_another_workspace_to_be_looked_up() -> None:
    homes, found = Stuck(), list[object]()
    offices = Offices(homes, lambda team, _gateway: cast("Office", [team]))
    waiting = threading.Thread(target=lambda: found.append(offices.of("T1")))
    waiting.start()
    assert homes.asked.wait(30)
    others = threading.Thread(target=lambda: found.append(offices.of("T2")))
    others.start()
    others.join(10)
    assert found == [["T2"]]
    homes.told.set()
    waiting.join()
    assert offices.of("T1") is found[-1], "one office, however many made one"
