"""The corpus has one delivery of every sort that people can cause: what is not in it is named here.

A new button or modal needs a story that presses it (`tests/wire`), and then to be recorded.
"""

from bot.books.ids import BookAct, BookForm
from bot.ids import ADD_MESSAGE, Act, Form
from bot.manifest import manifest
from tests.forged.corpus import corpus

PICKED = {Act.RECORD_CHANGE, Act.RECORD_REMOVE}
"""No buttons: what the menu beside a record stands for."""
SAID = {
    *(Form.SAVED_DRAFT, Form.UNSORTED, Form.SHOWN, Form.LISTENING, BookForm.SHOWN),
    *(BookForm.CHOOSE, BookForm.READING, BookForm.BEGUN, BookForm.SHARES),
}
"""Modals that say something and have nothing to send."""


def names(of_type: str) -> set[str]:
    return {sample.name for sample in corpus() if sample.type == of_type}


def test_every_button_is_in_it() -> None:
    known = names("block_actions")
    assert known >= {*Act, *BookAct} - PICKED
    assert not known & PICKED


def test_every_modal_that_is_submitted_is_in_it() -> None:
    known = names("view_submission")
    assert known >= {*Form, *BookForm} - SAID
    assert not known & SAID


def test_everything_else_that_slack_sends_is_in_it() -> None:
    heard = {*manifest()["settings"]["event_subscriptions"]["bot_events"]}
    heard |= {"app_uninstalled", "tokens_revoked"}
    types = {sample.type for sample in corpus()}
    assert {"message" if "message" in event else event for event in heard} - types == set()
    assert names("message") >= {"", " in a thread", "message_changed", "message_deleted"}
    assert any(name.startswith("file_share") for name in names("message"))
    assert names("message_action") == {ADD_MESSAGE}
    assert names("command") >= {"", "start", "list", "show", "brief", "settings", "help", "book"}
