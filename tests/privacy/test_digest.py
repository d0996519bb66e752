"""Digests tell channels nothing that is kept close, and nobody of what they were not told."""

from datetime import date
from pathlib import Path

from bot.sandbox.conversation import Conversation
from bot.views.errors import say
from bot.views.reports.digest import channel_digest, own_digest
from flows.customer.moods import Feeling
from flows.privacy import leads, may_know
from flows.reports.digest import Told, is_listed, make_alarm, make_line, readers
from flows.terms import RecordKind
from storage import tables
from tests.digests import posts_in
from tests.make import NOW, name_of
from tests.privacy.cast import ACCOUNT, NEVER, Cast, cast
from tests.privacy.planting import BOOK, canaries, planted
from tests.privacy.traces import blurred, rows
from tests.wire.week import Days

TODAY = NOW.date()
PLANTED, CLOSE = 150, "CC2"
"""How many handovers are looked at, and a question that is sensitive by itself."""


def test_nothing_planted_stands_in_a_digest() -> None:
    seen = 0
    for one in map(planted, range(PLANTED)):
        handover = one.handover
        line = make_line(handover, BOOK)
        if line is None:
            continue
        seen += 1
        account = one.allowed(frozenset({"account"}))
        assert canaries(line.model_dump_json()) <= account
        assert canaries(make_alarm(handover).model_dump_json()) == set()
        told = Told(line, make_alarm(handover))
        for made in (
            channel_digest([Told(line)], name_of, TODAY, TODAY),
            own_digest([told], name_of, TODAY),
        ):
            assert canaries(f"{made.text} {made.blocks}") == account
    assert seen > PLANTED / 2


def test_only_who_may_know_has_it_in_a_digest_and_only_who_leads_an_alarm() -> None:
    for one in map(planted, range(PLANTED)):
        for user, alarmed in readers(one.handover).items():
            assert may_know(one.handover, user)
            assert alarmed == leads(one.handover, user)


def test_a_channel_reads_the_same_however_the_customer_seems() -> None:
    found = set()
    for one in map(planted, range(PLANTED)):
        if not is_listed(one.handover, BOOK):
            continue
        moods = one.handover.moods
        same = {"feeling": Feeling.SAME, "signals": ()}
        checks = tuple(check.model_copy(update=same) for check in moods.checks)
        calm = moods.model_copy(update={"checks": checks, "actions": (), "alarmed_at": None})
        other = one.handover.model_copy(update={"moods": calm})
        assert make_line(one.handover, BOOK) == make_line(other, BOOK)
        found.add(make_alarm(one.handover).red)
    assert found == {True, False}


def test_what_is_kept_close_is_not_even_counted() -> None:
    one = next(
        each
        for each in map(planted, range(PLANTED))
        if (line := make_line(each.handover, BOOK)) and line.sponsors
    )
    people = RecordKind.STAKEHOLDER
    records = tuple(
        record.model_copy(update={"question": CLOSE}) if record.kind is people else record
        for record in one.handover.records
    )
    after = make_line(one.handover.model_copy(update={"records": records}), BOOK)
    assert after is not None
    assert after.sponsors == 0


def channel_of(play: Cast) -> Conversation:
    """The channel of everybody, as Ada chooses it for Mondays at nine."""
    channel = play.stage.slack.channel("team", play.everybody)
    ada = play.stage.ada
    ada.types("/handover settings")
    ada.modal("Settings").click("Add a channel")
    form = ada.modal("Weekly digest")
    form.pick_channel("Channel", channel)
    form.choose("Time zone", "UTC")
    form.submit()
    ada.modal("Weekly digest").close(all_of_them=True)
    return channel


def sees(play: Cast) -> None:
    play.stage.bot.ticker.run("digests")
    play.stage.rest(later=True)


def played(folder: Path, confidential: str) -> dict[str, list[str]]:
    """What the channel and everybody but the leader read of a week, and what is stored for it."""
    folder.mkdir()
    clock = Days()
    with cast(folder, clock) as play:
        channel = channel_of(play)
        play.prepare(confidential=confidential)
        play.stage.lena.dm().wait(f"Handover: {ACCOUNT}").click("Open Leader's checks")
        form = play.stage.lena.modal()
        form.fill("Note", "Quicksilver")
        form.submit()
        clock.goes_to(7, "09:00")
        sees(play)
        clock.goes_to(9, "09:00")
        sees(play)
        [digest] = posts_in(channel)
        others = [person for person in play.everybody if person != play.stage.lena]
        found = {p.name: [p.types("/handover digest").text] for p in others}
        found["channel"] = [*digest.edit_history, digest.text, digest.fallback]
        found["lines"] = rows(play, tables.digest_lines)
        found["readers"] = rows(play, tables.digest_readers)
        posts = rows(play, tables.posts)
        found["posts"] = [line for line in posts if '"digest"' in line]
        return {name: [blurred(play, text) for text in texts] for name, texts in found.items()}


def test_two_handovers_alike_but_for_the_confidential_field_give_the_same_digest(
    tmp_path: Path,
) -> None:
    plain = played(tmp_path / "plain", "None")
    assert any(ACCOUNT in text for text in plain["channel"])
    assert played(tmp_path / "secret", "Departure not announced") == plain
    assert played(tmp_path / "asked", "Underperforming") == plain


def test_what_is_not_announced_is_absent_from_channels_even_as_a_number(tmp_path: Path) -> None:
    clock = Days()
    with cast(tmp_path, clock) as play:
        stage, channel = play.stage, channel_of(play)
        play.prepare(outgoing=NEVER)
        clock.goes_to(7, "09:00")
        sees(play)
        assert posts_in(channel) == []
        assert say("not_found") not in stage.ivan.types("/handover digest").text
        assert ACCOUNT in stage.ivan.types("/handover digest").text
        assert ACCOUNT in stage.lena.types("/handover digest").text
        nothing = play.zoe.types("/handover digest").text
        for person in (stage.olga, play.boris, stage.ada):
            assert person.types("/handover digest").text == nothing
        stage.olga.types("/handover start Acme")
        form = stage.fill(stage.olga.modal())
        form.pick_date("Date", date(2030, 1, 8))
        tellings = form.submit().modal
        assert tellings
        assert tellings.submit().closed
        play.rest()
        sees(play)
        [digest] = posts_in(channel)
        assert "1 under way" in digest.text
        assert ACCOUNT not in digest.text
        before = digest.text
        clock.goes_to(7, "10:00")
        sees(play)
        assert digest.text == before
        stage.lena.dm().wait("Tell Olga Costa now").click("Tell Olga Costa now")
        play.rest()
        sees(play)
        assert "2 under way" in digest.text
        assert ACCOUNT in digest.text
