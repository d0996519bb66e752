"""The corpus has one delivery of every sort that people can cause, but for what is said here."""

from bot.books.ids import BookAct, BookForm
from bot.ids import ADD_MESSAGE, Act, Form
from bot.manifest import manifest
from tests.forged.corpus import corpus

_MENU = "chosen in the menu of a record, which is another act"
_NOTHING_TO_SEND = "a modal that says something and has no submit"
_NEVER = "no story presses it; the fuzzed payloads and the walk of the buttons do"

GAPS: dict[str, str] = {
    Act.RECORD_CHANGE: _MENU,
    Act.RECORD_REMOVE: _MENU,
    Act.GUESTS_CHOOSE: _NEVER,
    **dict.fromkeys(
        (
            *(Act.ANSWER_CONFIRM, Act.SOURCE_NAME, Act.READ_TURN),
            *(Act.COVER_TICK, Act.COVER_NOTE, Act.COVER_BACK, Act.PAUSE_OPEN, Act.TAKE_UP),
            *(Act.REVERSE_OPEN, Act.DIGEST_PAGE, BookAct.NEW, BookAct.SHEET),
            BookAct.SHARE_PAGE,
        ),
        _NEVER,
    ),
}
FORM_GAPS: dict[str, str] = {
    **dict.fromkeys(
        (
            *(Form.SAVED_DRAFT, Form.UNSORTED, Form.SHOWN, Form.LISTENING, BookForm.SHOWN),
            *(BookForm.CHOOSE, BookForm.READING, BookForm.BEGUN, BookForm.SHARES),
        ),
        _NOTHING_TO_SEND,
    ),
    **dict.fromkeys(
        (
            *(Form.NAME_SOURCE, Form.COVER_NOTE, Form.PAUSE, Form.REVERSE, Form.GUESTS),
            BookForm.PICK,
        ),
        _NEVER,
    ),
}


def names(of_type: str) -> set[str]:
    return {sample.name for sample in corpus() if sample.type == of_type}


def test_every_button_is_in_it() -> None:
    known = names("block_actions")
    assert {act.value for act in (*Act, *BookAct)} - known == set(GAPS)


def test_every_modal_that_is_submitted_is_in_it() -> None:
    known = names("view_submission")
    assert {form.value for form in (*Form, *BookForm)} - known == set(FORM_GAPS)


def test_everything_else_that_slack_sends_is_in_it() -> None:
    heard = {*manifest()["settings"]["event_subscriptions"]["bot_events"]}
    heard |= {"app_uninstalled", "tokens_revoked"}
    types = {sample.type for sample in corpus()}
    assert {"message" if "message" in event else event for event in heard} - types == set()
    assert names("message") >= {"", " in a thread", "message_changed", "message_deleted"}
    assert any(name.startswith("file_share") for name in names("message"))
    assert names("message_action") == {ADD_MESSAGE}
    assert names("command") >= {"", "start", "list", "show", "brief", "settings", "help", "book"}
