"""Somebody with very many handovers finds each of them, and each of their replies its own."""

from datetime import timedelta

from bot.desk import Receipt
from flows.events import Started
from flows.handover import Party
from flows.terms import DateIs, Reason, Segment
from tests.wire.stage import Stage, list_leaders, question, staged, today


def drafts(stage: Stage, count: int) -> None:
    """Olga has so many drafts, without a word in Slack."""
    desk, team = stage.bot.desk, stage.slack.team_id
    for number in range(count):
        event = Started(
            at=desk.clock.now(),
            by=stage.olga.id,
            id=f"H{number}",
            team=team,
            playbook=desk.playbooks.name,
            account=f"Account {number:03}",
            segment=Segment.SMB,
            reason=Reason.LOAD_BALANCING,
            outgoing=Party(user=stage.olga.id, name="Olga Costa"),
            incoming=None,
            leader=stage.lena.id,
            day=today() + timedelta(days=25),
            day_is=DateIs.SWITCH_BY,
            draft=True,
            today=today(),
        )
        desk.start(Receipt(team, f"draft-{number}"), event, None)


def test_every_handover_of_many_is_found(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        list_leaders(stage)
        drafts(stage, 120)
        stage.start("Zenith")
        reply = question(stage.olga, "1 of 12", "Zenith").reply("They lov us")
        card = question(stage.olga, "1 of 12", "Zenith")
        stage.until(lambda: "They lov us" in card.text)
        reply.edit("They love us")
        stage.until(lambda: "They love us" in card.text)
        outside = stage.olga.says("and they pay")
        stage.until(lambda: "and they pay" in card.text)
        outside.delete()
        stage.until(lambda: "and they pay" not in card.text)
        home = stage.olga.opens_home()
        assert "Your handovers: 121" in home.text
        home.click("Show all my handovers")
        every = stage.olga.modal()
        assert "Page 1 of 7" in every.text
        every.click("Next page")
        stage.until(lambda: "Account 020" in stage.olga.modal().text)
        stage.olga.modal().close()
        shown = stage.olga.types("/handover list")
        assert "Page 1 of 7" in shown.text
