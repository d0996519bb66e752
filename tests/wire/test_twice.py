"""Every delivery twice and every button double-clicked: the same end state as once."""

from pathlib import Path
from typing import Any

from flows.knowledge.ledger import records_of
from flows.terms import RecordKind
from tests.wire.stage import Stage, asked, list_leaders, question, sqlite_url, staged


def _play(folder: Path, *, clicks: int, doubled: bool) -> tuple[dict[str, Any], list[int], int]:
    """A story with a bit of everything; what is stored, how many messages each has, whispers."""
    folder.mkdir()
    with staged(sqlite_url(folder)) as stage:
        list_leaders(stage)
        stage.slack.duplicate_deliveries = doubled
        card = stage.start()
        stage.ivan.dm().wait("take Northwind over").click("Accept handover", times=clicks)
        question(stage.ivan, "1 of 1").click("I don't know", times=clicks)
        first = question(stage.olga, "1 of 12")
        first.reply("They love us")
        stage.olga.dm().wait("One more detail")
        first.click("Green: going well", times=clicks)
        second = asked(stage.olga, "Who are they")
        second.click("Later", times=clicks)
        third = asked(stage.olga, "What do they use", since=second)
        third.click("Back", times=clicks)
        again = asked(stage.olga, "Your next reply replaces this", since=third)
        again.click("Keep this answer", times=clicks)
        third = asked(stage.olga, "What do they use", since=again)
        third.click("None of these", times=clicks)
        asked(stage.olga, "technical events", since=third)
        stage.until(lambda: "Change" in again.buttons)
        again.click("Change", times=clicks)
        again = asked(stage.olga, "Your next reply replaces this", since=third)
        again.reply("They like us")
        fourth = asked(stage.olga, "technical events", since=again)
        _records(stage, clicks)
        stage.rest()
        card.click("Continue", times=clicks)
        asked(stage.olga, "How are usage", since=fourth)
        stage.rest()
        stored = stage.stored().model_dump(exclude={"id", "seq"})
        people = (stage.olga, stage.ivan, stage.lena)
        counts = [len(person.dm().every_message) for person in people]
        return _timeless(stored), counts, len(stage.slack.ephemerals(stage.olga))


def _records(stage: Stage, clicks: int) -> None:
    events = asked(stage.olga, "technical events")
    events.click("Add a technical event")
    form = stage.olga.modal("Add a technical event")
    form.fill("What happened", "Sync broke")
    assert form.submit().closed
    stage.until(lambda: "Sync broke" in events.text)
    events.click("Done adding", times=clicks)
    stage.until(lambda: "Answered ✓" in events.text)
    assert len(records_of(stage.stored(), RecordKind.EPISODE)) == 1


_OF_THE_RUN = frozenset(
    {
        *("at", "created_at", "started_at", "told_at", "incoming_since", "resumed_at", "since"),
        *("id", "source"),
    }
)


def _timeless(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """A stored value without moments and made-up ids, which differ from run to run."""
    if isinstance(value, dict):
        left = {key: _timeless(inner) for key, inner in value.items()}
        return {key: inner for key, inner in left.items() if key not in _OF_THE_RUN}
    return [_timeless(inner) for inner in value] if isinstance(value, list | tuple) else value


def test_twice_is_once(tmp_path: Path) -> None:
    once = _play(tmp_path / "once", clicks=1, doubled=False)
    assert _play(tmp_path / "delivered", clicks=1, doubled=True) == once
    assert _play(tmp_path / "clicked", clicks=2, doubled=False) == once
