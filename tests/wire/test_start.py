from pathlib import Path

from tests.wire.stage import list_leaders, sqlite_url, staged


def test_a_start_reaches_all_three(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        card = stage.start()
        assert "0 of 12 required answered" in card.text
        stage.olga.dm().wait("1 of 12")
        assert "Accept handover" in stage.ivan.dm().wait("take Northwind over").buttons
        assert "Olga Costa" in stage.lena.dm().wait("Handover: Northwind").text
