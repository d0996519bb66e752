"""The start form keeps what is typed, and shows each person what is theirs to see."""

from typing import Any

from bot.ids import VALUE, Act, Draft, Field, Form, Ref
from bot.views.staffing import start_form as f
from flows.handover import Telling, When
from flows.terms import Confidential, Role
from tests.make import IVAN, KIM, LENA, OLGA, make_handover, name_of
from tests.views.limits import check_view, elements, fields, labels, press, words

DRAFT = Draft(
    account="North & <wind>",
    outgoing=OLGA,
    incoming=IVAN,
    segment="smb",
    reason="promotion",
    leader=LENA,
    day="2026-12-08",
    day_is="switch_by",
)


def form(
    draft: Draft = DRAFT,
    *,
    leader_view: bool = False,
    leaders: tuple[str, ...] = (LENA, KIM),
    name_leaders: bool = False,
) -> dict[str, Any]:
    view = f.start_form(
        draft, name_of, leader_view=leader_view, leaders=leaders, name_leaders=name_leaders
    )
    return check_view(view)


def state_of(view: dict[str, Any]) -> dict[str, dict[str, dict[str, Any]]]:
    """The state Slack sends when nothing is changed in a modal."""
    initial = {
        "initial_value": "value",
        "initial_user": "selected_user",
        "initial_date": "selected_date",
        "initial_option": "selected_option",
        "initial_date_time": "selected_date_time",
    }
    return {
        key: {
            VALUE: {
                told: block["element"][said]
                for said, told in initial.items()
                if said in block["element"]
            }
        }
        for key, block in fields(view).items()
    }


def test_the_labels_are_the_published_ones() -> None:
    view = form()
    assert view["title"]["text"] == "Start a handover"
    assert view["submit"]["text"] == "Next"
    assert [block["label"]["text"] for block in fields(view).values()] == [
        "Account",
        "Outgoing CSM",
        "Not on Slack or already gone? Type the name",
        "Incoming CSM",
        "Segment",
        "Reason",
        "Leader",
        "Date",
        "The date is",
    ]
    assert press(view, "More")["action_id"] == Act.START_MORE
    leader = [block["label"]["text"] for block in fields(form(leader_view=True)).values()]
    assert "Confidential reason" in leader


def test_more_shows_more_and_keeps_what_was_typed() -> None:
    view = form(DRAFT.model_copy(update={"more": True, "arr": "120k"}))
    shown = [block["label"]["text"] for block in fields(view).values()]
    assert shown[-4:] == ["Backup", "Annual revenue (ARR)", "Renewal date", "CRM link"]
    assert "More" not in labels(view)
    assert f.read_start(state_of(view), Draft()) == DRAFT.model_copy(update={"arr": "120k"})
    assert f.read_start({}, DRAFT) == DRAFT


def test_the_draft_survives_the_way_through_slack() -> None:
    draft = DRAFT.model_copy(
        update={
            "account": '"\\' * 100,
            "outgoing_name": '"' * 200,
            "crm_link": "https://" + "x" * 490,
        }
    )
    view = form(draft.model_copy(update={"more": True}))
    assert Draft.load(view["private_metadata"]).account == draft.account


def test_the_leader_is_picked_from_the_list_where_there_is_one() -> None:
    assert fields(form())[Field.LEADER]["element"]["type"] == "static_select"
    empty = fields(form(leaders=(), name_leaders=True))[Field.LEADER]
    assert empty["element"]["type"] == "users_select"
    assert "becomes the first on it" in empty["hint"]["text"]


def test_a_confidential_reason_presets_the_visible_one() -> None:
    draft = DRAFT.model_copy(update={"confidential": "underperforming", "reason": ""})
    view = form(draft, leader_view=True)
    option = fields(view)[Field.REASON]["element"]["initial_option"]
    assert option["text"]["text"] == "Reassignment"
    assert f.read_start(state_of(view), Draft()).confidential == "underperforming"
    none = form(leader_view=True)
    assert f.read_start(state_of(none), Draft()).confidential == ""


def test_everybody_stands_on_the_second_page_and_a_leader_says_when() -> None:
    view = check_view(f.tellings_form(DRAFT, name_of, LENA, leader_view=True))
    assert view["title"]["text"] == "Who is told what"
    assert view["submit"]["text"] == "Start and tell them"
    assert labels(view) == ["Save as draft"]
    assert "North &amp; &lt;wind&gt;" in words(view)
    assert "*Lena (you)*" in words(view)
    assert set(fields(view)) == {"when:outgoing", "at:outgoing", "when:incoming", "at:incoming"}
    assert not fields(check_view(f.tellings_form(DRAFT, name_of, OLGA, leader_view=False)))
    state = state_of(view)
    state["when:incoming"] = {VALUE: {"selected_option": {"value": "later"}}}
    state["at:incoming"] = {VALUE: {"selected_date_time": 1_796_000_000}}
    read = f.read_tellings(state, DRAFT)
    assert read.tellings[Role.INCOMING].at == 1_796_000_000
    assert read.tellings[Role.OUTGOING].when == When.NOW


def test_whoever_is_not_on_slack_or_not_named_is_told_nothing() -> None:
    draft = DRAFT.model_copy(update={"outgoing_name": "Pat", "incoming": ""})
    view = check_view(f.tellings_form(draft, name_of, LENA, leader_view=True))
    assert "*Pat* gets no message" in words(view)
    assert "Olga" not in words(view)
    assert "Nobody is named yet" in words(view)
    assert not fields(view)


def test_a_stored_draft_opens_as_it_was_left() -> None:
    later = Telling(when=When.LATER, at="2026-11-25T09:00:00Z")
    handover = make_handover(account="A &amp; B", draft=True, tellings={Role.OUTGOING: later})
    draft = f.draft_of(handover, name_of, Confidential.UNANNOUNCED)
    assert (draft.account, draft.confidential) == ("A & B", "unannounced")
    view = check_view(f.tellings_form(draft, name_of, LENA, leader_view=True))
    whens = [el["initial_option"]["value"] for el in elements(view) if "initial_option" in el]
    assert whens == ["later", "now"]
    assert labels(view) == ["Edit the draft", "Discard the draft"]
    assert press(view, "Edit the draft")["value"] == Ref(h="H1").dump()
    assert press(view, "Discard the draft")["confirm"]["confirm"]["text"] == "Discard"
    edited = check_view(form(draft, leader_view=True))
    assert (edited["title"]["text"], edited["submit"]["text"]) == ("Edit the draft", "Save")
    assert f.read_start(state_of(edited), draft) == draft
    saved = check_view(f.saved_draft_view(draft, name_of))
    assert "Nobody is told" in words(saved)
    assert saved["callback_id"] == Form.SAVED_DRAFT
    assert Ref.load(press(saved, "Open the draft")["value"]).h == "H1"
