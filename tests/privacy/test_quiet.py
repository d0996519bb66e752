"""Quiet preparation (N17): whoever is untold finds nothing, whatever they try."""

from pathlib import Path

from tests.privacy.cast import NEVER, NOW, cast


def test_smoke(tmp_path: Path) -> None:
    with cast(tmp_path) as play:
        play.prepare(NEVER, NOW)
        print(play.stage.slack.seen_by(play.stage.olga))
        print(play.stage.slack.seen_by(play.stage.ivan))
        print(play.stage.slack.seen_by(play.stage.lena))
        raise SystemError
