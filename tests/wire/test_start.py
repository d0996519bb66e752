from pathlib import Path

from tests.wire.stage import list_leaders, sqlite_url, staged


def test_a_start_reaches_all_three(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        card = stage.start()
        print(card.text, card.buttons)
        question = stage.olga.dm().wait("1 of")
        print(question.text, question.buttons)
        accept = stage.ivan.dm().wait("Northwind")
        print(accept.text, accept.buttons)
        notice = stage.lena.dm().wait("Northwind")
        print(notice.text, notice.buttons)
