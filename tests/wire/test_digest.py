"""The digest as people get it: chosen for a channel, posted once a week, and never among others."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.sandbox import Person
from bot.sandbox.conversation import Conversation
from flows import events as e
from flows.customer.moods import Feeling, Signal
from flows.reports.weekly import ChannelDigest
from storage import undelivered, workspaces
from tests.digests import CHOSEN, HEAD, posted, posts_in, sees, store_under_way
from tests.wire.stage import list_leaders, record, sqlite_url, staged
from tests.wire.week import Week, week

SECRET = "Ana went to our CEO"


def channel_of(play: Week, name: str = "team-handovers", **known: bool) -> Conversation:
    stage = play.stage
    return stage.slack.channel(name, [stage.olga, stage.ivan, stage.lena], **known)


def choose(play: Week, channel: Conversation, by: Person | None = None, day: str = "Monday") -> str:
    """Somebody chooses a channel in the settings; what the modal says then."""
    who = by or play.stage.ada
    who.types("/handover settings")
    who.modal("Settings").click("Add a channel")
    form = who.modal("Weekly digest")
    form.pick_channel("Channel", channel)
    form.choose("Day", day)
    form.choose("Hour", "09:00")
    form.choose("Time zone", "UTC")
    result = form.submit()
    if result.errors:
        who.modal().close(all_of_them=True)
        return result.errors["Channel"]
    text = who.modal("Weekly digest").text
    who.modal().close(all_of_them=True)
    return text


def test_a_channel_is_chosen_changed_and_removed(tmp_path: Path) -> None:
    with week(sqlite_url(tmp_path)) as play:
        ada, channel = play.stage.ada, channel_of(play)
        other = channel_of(play, "leaders", private=True)
        said = choose(play, channel)
        assert CHOSEN in said
        assert "Mondays at 09:00 (UTC)" in said
        assert CHOSEN in choose(play, other, day="Friday")
        ada.types("/handover settings")
        settings = ada.modal("Settings")
        settings.click("Change", below="team-handovers")
        form = ada.modal("Weekly digest")
        assert form.value("Day") == "Monday"
        form.choose("Day", "Wednesday")
        form.choose("Hour", "16:00")
        form.submit()
        play.stage.rest()
        ada.modal("Weekly digest").close()
        assert "Wednesdays at 16:00 (UTC)" in settings.text
        settings.click("Remove", below="#leaders")
        play.stage.until(lambda: "gets no digest any more" in settings.text)
        assert "Fridays" not in settings.text
        assert settings.value("Leaders") == "Lena Berg"


def test_only_leaders_and_admins_choose(tmp_path: Path) -> None:
    with week(sqlite_url(tmp_path)) as play:
        assert "admins and leaders" in play.stage.ivan.types("/handover settings").text
        assert CHOSEN in choose(play, channel_of(play), by=play.stage.lena)
        play.stage.lena.types("/handover settings")
        assert play.stage.lena.modal("Settings").labels == []


def test_a_channel_with_others_is_not_chosen(tmp_path: Path) -> None:
    with week(sqlite_url(tmp_path)) as play:
        slack = play.stage.slack
        assert "not in this channel" in choose(play, channel_of(play, "far", bot_in=False))
        assert "from outside" in choose(play, channel_of(play, "shared", external=True))
        invited = channel_of(play, "soon")
        slack.update_channel(invited, invited=True)
        assert "are invited" in choose(play, invited)
        kept = channel_of(play, "old")
        slack.update_channel(kept, archived=True)
        assert "archived" in choose(play, kept)
        for number, gus in enumerate(
            (
                slack.person("Gus Guest", guest=True),
                slack.person("Gus Single", single_channel_guest=True),
                slack.person("Gus Stranger", stranger=True),
            )
        ):
            mixed = channel_of(play, f"mixed-{number}")
            slack.join(mixed, gus)
            assert "guests in this channel" in choose(play, mixed)
        play.stage.ada.types("/handover settings")
        assert "No channel gets it yet" in play.stage.ada.modal("Settings").text


def test_one_post_a_week_that_is_kept_up_to_date(database_url: str) -> None:
    with week(database_url) as play:
        stage, channel = play.stage, channel_of(play)
        choose(play, channel, day="Tuesday")
        play.starts("Northwind", "Acme")
        posted(play, 1, "08:59")
        assert posts_in(channel) == []
        posted(play, 1, "09:00")
        [digest] = posts_in(channel)
        assert "2 under way" in digest.text
        for account in ("Northwind", "Acme"):
            assert (
                f"{account} · Knowledge pack under way · Lead now: Olga Costa (until" in digest.text
            )
            assert account in digest.fallback
        assert "Reassign" not in digest.text
        record(stage, stage.lena, e.HandoverCancelled, why="They stay")
        sees(play)
        assert "Northwind" not in digest.text
        assert "1 under way" in digest.text
        edits = len(digest.edit_history)
        sees(play)
        assert len(digest.edit_history) == edits
        posted(play, 3, "08:00")
        assert "overdue" in digest.text
        assert "say whether" not in digest.text
        stage.house.restart()
        posted(play, 4, "09:00")
        assert len(posts_in(channel)) == 1
        posted(play, 8, "09:00")
        assert len(posts_in(channel)) == 2


def test_a_moment_that_was_missed_is_made_up_for_in_its_week(tmp_path: Path) -> None:
    with week(sqlite_url(tmp_path)) as play:
        stage, channel = play.stage, channel_of(play)
        choose(play, channel, day="Tuesday")
        play.starts("Northwind")
        stage.house.end()
        play.clock.goes_to(4, "12:00")
        stage.house.begin()
        sees(play)
        sees(play)
        assert len(posts_in(channel)) == 1
        stage.house.end()
        play.clock.goes_to(14, "08:00")
        stage.house.begin()
        sees(play)
        assert len(posts_in(channel)) == 1
        posted(play, 15, "09:00")
        assert len(posts_in(channel)) == 2


def test_what_is_chosen_after_its_moment_begins_next_week(tmp_path: Path) -> None:
    with week(sqlite_url(tmp_path)) as play:
        channel = channel_of(play)
        play.starts("Northwind")
        play.clock.goes_to(2, "12:00")
        choose(play, channel, day="Monday")
        sees(play)
        assert posts_in(channel) == []
        posted(play, 7, "09:00")
        assert len(posts_in(channel)) == 1


@pytest.mark.parametrize("how", ["shared", "guest"])
def test_nothing_is_posted_once_others_are_in_the_channel(tmp_path: Path, how: str) -> None:
    with week(sqlite_url(tmp_path)) as play:
        stage, channel = play.stage, channel_of(play)
        choose(play, channel, by=stage.lena)
        play.starts("Northwind")
        if how == "shared":
            stage.slack.update_channel(channel, external=True)
        else:
            stage.slack.join(channel, stage.slack.person("Gus Guest", guest=True))
        for days in (7, 8, 14):
            posted(play, days, "09:00")
        assert channel.messages == []
        told = [m for m in stage.lena.dm().messages if "#team-handovers" in m.text]
        assert len(told) == 1
        assert "There is no digest in #team-handovers for now." in told[0].text
        with stage.bot.database.read() as connection:
            assert undelivered.dead_letters(connection, stage.slack.team_id) == []


def test_a_post_whose_answer_is_lost_comes_once(tmp_path: Path) -> None:
    """By the real clock, which Slack's names of messages follow."""
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start()
        channel = stage.slack.channel("team-handovers", [stage.olga])
        now = stage.bot.clock.now()
        digest = ChannelDigest(
            channel=channel.id,
            name="team-handovers",
            weekday=now.weekday(),
            hour=0,
            zone="UTC",
            by=stage.ada.id,
            since=now - timedelta(days=7),
        )
        with stage.bot.database.write() as connection:
            before = workspaces.hold(connection, stage.slack.team_id)
            after = before.model_copy(update={"digests": (digest,)})
            workspaces.keep(connection, after, stage.ada.id, now)
        stage.slack.fault("conversations.members", "http_500")
        stage.slack.fault(
            "chat.postMessage", "lost_after", where=lambda args: args["channel"] == channel.id
        )
        stage.bot.ticker.run("digests")
        stage.rest(later=True)
        [only] = posts_in(channel)
        assert "1 under way" in only.text


def test_a_digest_that_is_not_wanted_any_more_says_so(tmp_path: Path) -> None:
    with week(sqlite_url(tmp_path)) as play:
        stage, channel = play.stage, channel_of(play)
        choose(play, channel)
        play.starts("Northwind")
        posted(play, 7, "09:00")
        [digest] = posts_in(channel)
        stage.lena.types("/handover settings")
        settings = stage.lena.modal("Settings")
        settings.click("Remove")
        stage.until(lambda: "No channel gets it yet" in settings.text)
        stage.until(lambda: "not kept up to date any more" in digest.text)
        posted(play, 14, "09:00")
        assert len(posts_in(channel)) == 1


def test_a_digest_is_taken_back_when_others_come(tmp_path: Path) -> None:
    with week(sqlite_url(tmp_path)) as play:
        stage, channel = play.stage, channel_of(play)
        choose(play, channel)
        play.starts("Northwind")
        posted(play, 7, "09:00")
        [digest] = posts_in(channel)
        stage.slack.update_channel(channel, external=True)
        play.starts("Acme")
        sees(play)
        assert "The digest was taken back." in digest.text
        assert "Northwind" not in digest.text
        stage.ada.dm().wait("There is no digest in")


def test_what_has_no_room_is_a_press_away_and_only_for_who_presses(tmp_path: Path) -> None:
    with week(sqlite_url(tmp_path)) as play:
        stage, channel = play.stage, channel_of(play)
        choose(play, channel)
        store_under_way(stage.bot.database, stage.slack.team_id, 120)
        posted(play, 7, "09:00")
        [digest] = posts_in(channel)
        assert "120 under way" in digest.text
        seen = {f"Account {n:04}" for n in range(120) if f"Account {n:04}" in digest.text}
        assert f"and {120 - len(seen)} more" in digest.text
        reader = stage.ivan.reads(channel)
        [own] = [m for m in reader.messages if HEAD in m.text]
        own.click("Show more")
        page = stage.hears(stage.ivan, HEAD)
        while True:
            seen |= {f"Account {n:04}" for n in range(120) if f"Account {n:04}" in page.text}
            if "Show more" not in page.buttons:
                break
            before = page.text
            page.click("Show more")
            stage.until(lambda before=before: page.text != before)  # type: ignore[misc]
        assert len(seen) == 120
        assert len(posts_in(channel)) == 1
        assert not stage.slack.ephemerals(stage.olga)


def test_a_digest_on_demand_shows_each_what_is_theirs(tmp_path: Path) -> None:
    with week(sqlite_url(tmp_path)) as play:
        stage = play.stage
        play.starts("Northwind")
        red = {"feeling": Feeling.WORSE, "signals": (Signal.ESCALATION,), "note": SECRET}
        record(stage, stage.olga, e.MoodGiven, round="sentiment_1", **red)
        zoe = stage.slack.person("Zoe Stern")
        leader, csm = (p.types("/handover digest").text for p in (stage.lena, stage.ivan))
        assert "Northwind" in leader
        assert "Mood red, nothing planned yet" in leader
        assert "Lead now: Olga Costa" in csm
        assert "red" not in csm
        assert SECRET not in leader + csm
        assert "No handover involves you" in zoe.types("/handover digest").text
        due = play.clock.day(3)
        record(stage, stage.lena, e.ActionTaken, round="sentiment_1", what="Call", due=due)
        assert "Mood red, plan until" in stage.lena.types("/handover digest").text


def test_a_leaders_week_opens_with_what_they_lead(database_url: str) -> None:
    with week(database_url) as play:
        stage, lena = play.stage, play.stage.lena
        play.starts("Northwind", "Acme")
        record(
            stage,
            stage.olga,
            e.MoodGiven,
            round="sentiment_1",
            feeling=Feeling.WORSE,
            signals=(Signal.ESCALATION,),
            note=SECRET,
        )
        sees(play)
        known = len(play.told(lena))
        play.comes(5, "10:00")
        assert len(play.told(lena)) == known
        play.comes(7, "09:29")
        assert len(play.told(lena)) == known
        play.comes(7, "09:30")
        *_, monday = play.told(lena)
        assert len(play.told(lena)) == known + 1
        assert "The week of what you lead: 2 under way" in monday.text
        assert "Mood red" in monday.text
        assert "Acme · Knowledge pack under way · Lead now: Olga Costa" in monday.text
        assert SECRET not in monday.text
        play.comes(7, "15:00")
        assert len(play.told(lena)) == known + 1
        play.comes(8, "10:00")
        assert not any("what you lead" in m.text for m in play.told(lena)[known + 1 :])
        assert not any("what you lead" in m.text for m in play.told(stage.ivan))


def test_a_leader_who_is_away_reads_of_the_week_when_back(tmp_path: Path) -> None:
    with week(sqlite_url(tmp_path)) as play:
        stage, lena = play.stage, play.stage.lena
        play.starts("Northwind")
        sees(play)
        back = play.clock.goes_to(9, "07:00")
        away = {"status": "Vacationing", "status_until": int(back.timestamp())}
        play.clock.pass_by(days=-2.5)
        stage.slack.update_person(lena, **away)
        for days in (7, 8):
            play.comes(days, "10:00")
        assert not any("what you lead" in m.text for m in play.told(lena))
        play.comes(9, "10:00")
        [opening] = [m for m in play.told(lena) if "what you lead" in m.text]
        assert "Northwind" in opening.text
        assert play.clock.day(9) - play.clock.day(7) == timedelta(days=2)


def test_what_has_no_room_in_somebodys_own_digest_is_a_press_away(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        team = stage.slack.team_id
        store_under_way(stage.bot.database, team, 120, leader=stage.lena.id)
        stage.lena.types("/handover digest")
        page = stage.hears(stage.lena, "120 under way")
        first = page.text
        page.click("Show more")
        stage.until(lambda: page.text != first)
        page.click("Earlier")
        stage.until(lambda: page.text == first)
