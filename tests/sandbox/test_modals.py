"""A person fills in modals, field by field; the bot updates, pushes, clears and refuses."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox import CannotSubmit, ModalScreen, NothingThere, Person, Rejected, Sandbox
from tests.sandbox.kit import option, plain

JSON = dict[str, Any]
Connect = Callable[[], None]


def field(label: str, kind: str, **facts: object) -> JSON:
    element = {"type": kind, "action_id": label, **facts}
    return {"type": "input", "block_id": label, "label": plain(label), "element": element}


def modal(*blocks: JSON, title: str = "Form", **more: object) -> JSON:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain(title),
        "submit": plain("Send"),
        "blocks": list(blocks),
        **more,
    }


EVERY_FIELD = modal(
    field("Name", "plain_text_input", max_length=10),
    field("Hours", "number_input", is_decimal_allowed=False, max_value="40"),
    field("Mail", "email_text_input"),
    field("Link", "url_text_input", initial_value="https://x.y"),
    field("Segment", "static_select", options=[option("SMB"), option("Enterprise")]),
    field("Tags", "multi_static_select", options=[option("Red"), option("Blue")]),
    field("Account", "external_select", min_query_length=1),
    field("Leads", "multi_users_select"),
    field("Day", "datepicker"),
    field("Hour", "timepicker"),
    field("Tone", "radio_buttons", options=[option("Warm"), option("Cool")]),
    field("Agree", "checkboxes", options=[option("I agree"), option("Tell all")]),
    field("Paper", "file_input"),
)


class Bot:
    """Opens `view` on /probe, answers submits with `answer`, and notes every payload."""

    def __init__(self, app: App) -> None:
        self.view: JSON = EVERY_FIELD
        self.answer: JSON = {}
        self.payloads: list[JSON] = []
        app.command("/probe")(self.command)
        app.view("form")(self.submitted)
        app.view_closed("form")(self.noted)
        app.action("press")(self.noted)
        app.options("Account")(self.offer)

    def command(self, ack: Ack, body: JSON, client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=self.view)
        ack()

    def submitted(self, ack: Ack, body: JSON) -> None:
        self.payloads.append(body)
        ack(**self.answer)

    def noted(self, ack: Ack, body: JSON) -> None:
        self.payloads.append(body)
        ack()

    def offer(self, ack: Ack, body: JSON) -> None:
        ack(options=[option(name) for name in ("Northwind", "Acme") if body["value"] in name])


@pytest.fixture
def form(bot: App) -> Bot:
    return Bot(bot)


@pytest.fixture
def open_form(olga: Person, ivan: Person, form: Bot, connect: Connect) -> Callable[[], ModalScreen]:
    connect()

    def opened() -> ModalScreen:
        olga.types("/probe")
        return olga.modal()

    return opened


def test_every_kind_of_field(
    slack: Sandbox, ivan: Person, form: Bot, open_form: Callable[[], ModalScreen]
) -> None:
    screen = open_form()
    screen.fill("Name", "Northwind")
    screen.number("Hours", 12)
    screen.fill("Mail", "a@b.example")
    screen.choose("Segment", "SMB")
    screen.choose("Tags", "Red", "Blue")
    screen.choose("Account", "Acme")
    screen.pick_person("Leads", ivan)
    screen.pick_date("Day", date(2026, 12, 1))
    screen.time("Hour", time(9, 30))
    screen.choose("Tone", "Cool")
    screen.tick("I agree")
    screen.tick("Tell all")
    screen.tick("I agree", on=False)
    screen.upload("Paper", "plan.pdf", b"%PDF")
    shown = [screen.value(label) for label in screen.labels]
    assert shown == [
        "Northwind", "12", "a@b.example", "https://x.y", "SMB", "Red, Blue", "Acme",
        "Ivan Petrov", "2026-12-01", "09:30", "Cool", "Tell all", "plan.pdf",
    ]  # fmt: skip
    assert screen.submit().closed
    values = form.payloads[0]["view"]["state"]["values"]
    assert values["Hours"]["Hours"] == {"type": "number_input", "value": "12"}
    assert values["Leads"]["Leads"]["selected_users"] == [ivan.id]
    assert values["Paper"]["Paper"]["files"][0]["name"] == "plan.pdf"
    slack.assert_clean()


def test_the_client_does_not_send_what_cannot_be_right(
    slack: Sandbox, form: Bot, open_form: Callable[[], ModalScreen]
) -> None:
    form.view = modal(*EVERY_FIELD["blocks"][:3])
    screen = open_form()
    screen.fill("Name", "x" * 11)
    screen.number("Hours", 41)
    screen.fill("Mail", "nowhere")
    with pytest.raises(CannotSubmit) as complaint:
        screen.submit()
    for words in ("Name: at most 10", "Hours: at most 40", "Mail: please enter an email"):
        assert words in str(complaint.value)


def test_update_push_and_clear(
    slack: Sandbox, form: Bot, open_form: Callable[[], ModalScreen]
) -> None:
    screen = open_form()
    form.view = form.answer["view"] = modal(field("Name", "plain_text_input"))
    form.answer = {"response_action": "update", "view": modal(title="Two")}
    first = open_form()
    first.fill("Name", "x")
    updated = first.submit()
    assert not screen.is_open
    assert updated.modal is not None
    assert (updated.closed, updated.modal.title, first.title) == (False, "Two", "Two")
    form.answer = {"response_action": "push", "view": modal(title="Three")}
    pushed = first.submit().modal
    with pytest.raises(NothingThere, match="covered by 'Three'"):
        first.submit()
    assert pushed is not None
    assert pushed.title == "Three"
    form.answer = {}
    below = pushed.submit().modal
    assert below is not None
    assert below.title == "Two"
    form.answer = {"response_action": "clear"}
    assert below.submit().modal is None
    slack.assert_clean()


def test_errors_belong_to_input_blocks(
    slack: Sandbox, form: Bot, open_form: Callable[[], ModalScreen]
) -> None:
    form.view = modal(field("Name", "plain_text_input", initial_value="x"))
    form.answer = {"response_action": "errors", "errors": {"elsewhere": "No"}}
    with pytest.raises(Rejected):
        open_form().submit()
    assert [violation.rule for violation in slack.violations] == ["invalid_errors"]


def test_closing_is_told_only_on_request(
    slack: Sandbox, form: Bot, open_form: Callable[[], ModalScreen]
) -> None:
    form.view = modal()
    open_form().close()
    form.view = modal(notify_on_close=True)
    open_form().close(all_of_them=True)
    slack.idle(0.05)
    assert [(p["type"], p["is_cleared"]) for p in form.payloads] == [("view_closed", True)]


def test_a_fourth_modal_and_a_second_use_are_refused(
    olga: Person, bot: App, form: Bot, open_form: Callable[[], ModalScreen]
) -> None:
    codes: list[str] = []

    @bot.action("deeper")
    def deeper(ack: Ack, body: JSON, client: WebClient) -> None:
        ack()
        for _ in range(2):
            try:
                client.views_push(trigger_id=body["trigger_id"], view=form.view)
            except SlackApiError as refusal:
                codes.append(refusal.response["error"])

    button = {"type": "button", "action_id": "deeper", "text": plain("Deeper")}
    form.view = modal({"type": "actions", "elements": [button]})
    open_form()
    for _ in range(3):
        olga.modal().click("Deeper")
    used_again = ["exchanged_trigger_id"]
    assert codes == [*used_again * 2, "push_limit_reached", *used_again]


def test_a_stale_hash_is_a_conflict_and_no_violation(
    slack: Sandbox, client: WebClient, form: Bot, open_form: Callable[[], ModalScreen]
) -> None:
    form.view = modal(field("Name", "plain_text_input"), external_id="mine")
    screen = open_form()
    screen.fill("Name", "kept")
    opened = slack.journal[-1].answer["view"]
    client.views_update(external_id="mine", hash=opened["hash"], view=form.view)
    assert screen.value("Name") == "kept", "the field kept its ids, so it keeps its text"
    with pytest.raises(SlackApiError, match="hash_conflict"):
        client.views_update(view_id=opened["id"], hash=opened["hash"], view=form.view)
    screen.close()
    with pytest.raises(SlackApiError, match="not_found"):
        client.views_update(view_id=opened["id"], view=form.view)
    slack.assert_clean()
