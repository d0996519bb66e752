"""Words planted where only leaders may read turn up nowhere else, and no text in any log."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage import tables
from tests.privacy.cast import cast
from tests.privacy.story import CHECK, NOTE, POINT, WHY_NOT, Story
from tests.privacy.traces import everything, payloads, rows
from tests.wire.stage import APP_TOKEN, SECRET, TOKEN

REASONS = ("underperforming", "Underperforming")
FOR_LEADERS = (WHY_NOT, NOTE, CHECK, POINT, *REASONS)
TYPED = ("First line for", "renewal soon", "In spring", "What is this?")
OWN_LOGGERS = ("bot", "flows", "storage", "migrations")


@contextmanager
def overheard(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Everything that is logged: all of our own, what matters of the others'."""
    for name in OWN_LOGGERS:
        caplog.set_level(logging.DEBUG, logger=name)
    caplog.set_level(logging.INFO)
    yield


def test_leader_only_words_stay_with_the_leader(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with overheard(caplog), cast(tmp_path) as play:
        logging.getLogger("bot").info("the log is heard")
        Story(play, "Underperforming").whole()
        lena = play.stage.lena
        read_by_lena = "\n".join(play.stage.slack.seen_by(lena))
        assert all(word in read_by_lena for word in (WHY_NOT, NOTE, CHECK, POINT))
        for person in play.everybody:
            if person != lena:
                assert_absent(FOR_LEADERS, play.stage.slack.seen_by(person))
                assert_absent(FOR_LEADERS, payloads(play, person))
        assert_absent(FOR_LEADERS, [everything(play)])
        assert_absent(FOR_LEADERS, rows(play, tables.handovers))
        assert_absent((*FOR_LEADERS, *TYPED), rows(play, tables.outbox))
        assert_absent((*FOR_LEADERS, *TYPED), rows(play, tables.posts))
        assert_absent((*FOR_LEADERS, *TYPED), rows(play, tables.tasks))
    assert "the log is heard" in caplog.text
    assert_absent((*FOR_LEADERS, *TYPED, TOKEN, APP_TOKEN, SECRET), [caplog.text])


def assert_absent(words: tuple[str, ...], texts: list[str]) -> None:
    found = [(word, text[:300]) for text in texts for word in words if word in text]
    assert not found, found
