"""Whatever is typed or sent: a kind word or a refusal, never a stack trace, never a change."""

import logging
from pathlib import Path

import pytest

from bot.sandbox.reading import readable
from tests.wire.knocking import JSON, knock, last_payload
from tests.wire.stage import Stage, asked, list_leaders, question, sqlite_url, staged

TEXTS = [
    "x" * 40_000,
    "bell \a and \x00 and \x1b[31m",
    "<!channel> <!here> @channel",
    "see <https://a.example|here> and https://b.example",
    "\u202eevil\u202c \u0645\u0631\u062d\u0628\u0627 👩‍👩‍👧 🎉",
    "*bold* _it_ `code` ```block``` > quote & < >",
]


def test_whatever_is_typed_is_kept_and_shown(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        card = stage.start("A & B")
        first = question(stage.olga, "1 of 12", "A & B")
        for text in [*TEXTS, f"ask @{stage.ada.name} <@{stage.ada.id}>"]:
            first.reply(text)
        stored = "A &amp; B"
        question(stage.olga, "1 of 12", "A & B")
        stage.until(lambda: _said(stage, stored) == 7)
        assert len(stage.stored(stored).answers["S1"].said[0].text) == 40_000
        first.click("Green: going well")
        card.click("Paste what you have")
        form = stage.olga.modal("Paste what you have")
        form.fill("Paste what you have", "\n".join(TEXTS[1:]))
        assert form.submit().closed
        stage.olga.dm().wait("Unsorted: 1 piece")
        stage.settle(stage.olga, account=stored)
        stage.ivan.dm().wait("take A & B over").click("Ask first")
        form = stage.ivan.modal("Ask first")
        form.fill("Your question", "".join(TEXTS[1:]))
        assert form.submit().closed
        stage.olga.dm().wait("asks before taking").reply(TEXTS[0])
        stage.ivan.dm().wait("answered your question")
        card.click("Show the brief")
        stage.until(lambda: len(stage.slack.files) == 1)
        assert "x" * 40_000 in readable(stage.slack.files[0].content)
        stage.olga.types("/handover " + "y" * 3000)
        stage.olga.types("/handover show " + TEXTS[3])
        stage.olga.types("/handover start " + "&" * 3000)
        assert len(stage.olga.modal().value("Account")) == 200


def _said(stage: Stage, account: str) -> int:
    answer = stage.stored(account).answers.get("S1")
    return len(answer.said) if answer else 0


def test_clicks_that_nobody_could_make_change_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        card = stage.start()
        question(stage.olga, "1 of 12").click("None of these")
        asked(stage.olga, "Who are they")
        before = stage.stored()
        good = last_payload(stage)
        action = good["actions"][0]
        for value in ("", "{}", "x", '{"h":"nope"}', '{"h":1}', '{"z":1}', "[1]", "null"):
            changed = good | {"actions": [action | {"value": value, "action_ts": f"1.{value}"}]}
            assert knock(stage, changed) == 200, value
            stage.until(lambda: "I can't find that" in stage.told(stage.olga))
        for name in ("record-add:nope", "record-menu", "tell-now", "card-section", "unheard-of"):
            changed = good | {"actions": [action | {"action_id": name, "action_ts": f"2.{name}"}]}
            assert knock(stage, changed) == 200, name
        for person in (stage.ada, stage.ivan, stage.lena):
            stranger = good["user"] | {"id": person.id}
            assert knock(stage, good | {"user": stranger}) == 200
        elsewhere = {"team": {"id": "T0ELSEWHERE"}, "user": good["user"] | {"team_id": "T0"}}
        assert knock(stage, good | elsewhere) == 200
        guest = stage.slack.person("Gil Guest", guest=True)
        assert knock(stage, good | {"user": good["user"] | {"id": guest.id}}) == 200
        assert "Handovers are for members" in guest.types("/handover list").text
        broken_ones: list[JSON] = [{"actions": []}, {"actions": None}, {"user": None}, {"user": {}}]
        for broken in broken_ones:
            assert knock(stage, good | broken) == 400
        assert knock(stage, {"type": "nonsense"}) in (400, 404)
        card.click("Fill this section as a form")
        form = stage.olga.modal("Fill this section")
        assert form.submit().closed
        sent = last_payload(stage)
        for garbled in ("", "{}", "x", '{"h":"nope"}', '{"z":1}'):
            view = sent["view"] | {"private_metadata": garbled, "hash": garbled}
            assert knock(stage, sent | {"view": view}) == 200, garbled
        view = sent["view"] | {"callback_id": "nobodys"}
        assert knock(stage, sent | {"view": view}) == 200
        assert knock(stage, sent | {"view": {"id": "V1"}}) in (400, 404)
        message = last_payload(stage, "events_api")
        for event in ({"type": "message"}, {"type": "app_home_opened"}, {"type": "user_change"}):
            assert knock(stage, message | {"event": event}, "events_api") in (200, 400)
        stage.rest()
        assert stage.stored() == before
        assert [r for r in caplog.records if r.levelno >= logging.ERROR] == []


def test_what_no_database_takes_is_left_out_wherever_it_stands(database_url: str) -> None:
    with staged(database_url) as stage:
        list_leaders(stage)
        stage.olga.types("/handover start North\x00wind")
        told = stage.fill(stage.olga.modal()).submit().modal
        assert told is not None
        assert told.submit().closed
        stage.olga.dm().wait("Knowledge pack: Northwind").click("Paste what you have")
        form = stage.olga.modal("Paste what you have")
        form.upload("Or add files", "old.md", b"# old")
        assert form.submit().closed
        sent = last_payload(stage)
        sent["view"]["id"] += "2"
        [file] = next(iter(sent["view"]["state"]["values"]["files"].values()))["files"]
        file["name"] = "n\x00ew \ud800.md"
        assert knock(stage, sent) == 200
        names = [file.name for piece in stage.stored().unsorted for file in piece.files]
        assert names == ["old.md", "new \ufffd.md"]
