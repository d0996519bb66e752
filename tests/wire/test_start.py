from pathlib import Path

from tests.wire.stage import list_leaders, sqlite_url, staged


def test_a_whole_smb_interview(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        card = stage.start(reason="Leaving the company")
        dm = stage.olga.dm()
        seen = None
        for n in range(40):
            q = card.thread[-1] if card.thread else dm.wait("1 of")

            dm.wait_until(
                lambda: (
                    card.thread
                    and any("None" in m.buttons or "Ask me these" in m.buttons for m in card.thread)
                )
            )
            open_ones = [m for m in card.thread if "None" in m.buttons]
            if not open_ones:
                break
            q = open_ones[-1]
            print("-----", n, "\n", q.text)
            before = q.text
            dates = [b for b in q.buttons if b.startswith("Confirm")]
            if dates:
                q.click(dates[0])
            elif "Green" in q.buttons and "*Green" not in q.text and n == 0:
                q.click("Green")
            elif seen == q.ts:
                q.click("None")
            else:
                seen = q.ts
                card.reply(
                    "Maria Silva – CFO – likes numbers\nTom – admin\nsee <https://example.com/deck|the deck>"
                ) if False else q.reply(
                    "Maria Silva – CFO – likes numbers\nTom – admin, see https://example.com/deck"
                )
            dm.wait_until(lambda: q.text != before)
        stage.slack.idle()
        for m in card.thread:
            print("=====", m.text, m.fallback)
        print(card.text)
        print(stage.olga.types("/handover brief north").text)
        print(dm.wait("Knowledge pack: Northwind", since=card).text)
        stage.slack.idle()
        for f in stage.slack.files:
            print(f.name)
        print(stage.slack.files[0].content.decode() if stage.slack.files else None)
        print(stage.ivan.dm().messages[-1].text)
