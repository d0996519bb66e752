"""Whoever has no business here is refused, whatever their payload says."""

from pathlib import Path

from bot.ids import Act, Carried, Draft, Form, Ref
from bot.sandbox import Person
from storage import tables
from tests.privacy.cast import ACCOUNT, Cast, cast
from tests.privacy.forged import Values, click, click_payload, event, picker_of, send, submit
from tests.privacy.traces import rows, screens

FACTS = (
    tables.handovers,
    tables.vaults,
    tables.journal,
    tables.tasks,
    tables.participants,
    tables.outbox,
    tables.workspaces,
    tables.strays,
    tables.canvases,
    tables.canvas_readers,
)
MADE_UP = "0" * 20
OWN = {
    Act.MENU_START,
    Act.MENU_LIST,
    Act.MENU_HELP,
    Act.MENU_SETTINGS,
    Act.EXAMPLE_TRY,
    Act.REMINDERS_OPEN,
    Act.DIGEST_CHOOSE,
    Act.DIGEST_REMOVE,
    Act.DIGEST_PAGE,
}
"""What anybody may press, or any leader, for it is about no handover."""


def facts(play: Cast) -> list[list[str]]:
    # Whether a task has been taken up by the sweep yet hangs on when that came.
    return [rows(play, table, "is_new") for table in FACTS]


def about(play: Cast, handover: str) -> Ref:
    """As much as a button of a handover can carry, all of it true."""
    asked = next((ask.id for ask in play.stage.stored(ACCOUNT).asks), MADE_UP)
    return Ref(h=handover, q="S1", p="health", k="issue", r=MADE_UP, a=asked, v="incoming")


def pressed(play: Cast, person: Person, handover: str, act: Act) -> int:
    value = about(play, handover)
    if act is Act.RECORD_MENU:
        value = value.model_copy(update={"v": "change"})
    return click(play, person, act.of("incoming"), value, picker_of(act)).status


def sent(play: Cast, person: Person, handover: str, form: Form) -> tuple[int, str]:
    carried: Carried = about(play, handover)
    if form is Form.TELLINGS:
        carried = Draft(handover=handover, account=ACCOUNT)
    elif form is Form.START:
        carried = filled_draft(play, handover)
    elif form is Form.SECTION:
        carried = about(play, handover).model_copy(update={"q": "", "v": "Snapshot"})
    leader = play.stage.lena.id
    values: Values = {
        "text": {"v": {"type": "plain_text_input", "value": "x"}},
        "note": {"v": {"type": "plain_text_input", "value": "x"}},
        "incoming": {"v": {"type": "users_select", "selected_user": play.kim.id}},
        "leaders": {"v": {"type": "multi_users_select", "selected_users": [person.id]}},
        "person": {"v": {"type": "static_select", "selected_option": {"value": leader}}},
        "due": {"v": {"type": "datepicker", "selected_date": "2036-12-01"}},
        "on": {"v": {"type": "datepicker", "selected_date": "2020-12-01"}},
        "word": {"v": {"type": "static_select", "selected_option": {"value": "heard"}}},
    }
    receipt = submit(play, person, form, carried, values)
    return receipt.status, receipt.body


def filled_draft(play: Cast, handover: str) -> Draft:
    """The whole form of a stored draft, with another incoming CSM and a guess at the vault."""
    stage = play.stage
    return Draft(
        handover=handover,
        account=ACCOUNT,
        outgoing=stage.olga.id,
        incoming=play.kim.id,
        segment="smb",
        reason="promotion",
        confidential="underperforming",
        leader=stage.lena.id,
        day="2036-12-01",
        day_is="switch_by",
    )


def in_flight(play: Cast) -> None:
    """A handover with an ask and an answer on it."""
    play.prepare(confidential="Underperforming")
    ivan = play.stage.ivan
    ivan.dm().wait(f"take {ACCOUNT} over").click("Ask first")
    form = ivan.modal()
    form.fill("Your question", "When?")
    assert form.submit().closed
    play.rest()


def test_copied_values_are_worth_nothing(tmp_path: Path) -> None:
    """Every button and every modal, by a leader and a CSM who are not on the row: nothing changes,
    and nothing is answered otherwise than for a made-up handover.
    """
    with cast(tmp_path) as play:
        in_flight(play)
        before, row = facts(play), play.stage.stored(ACCOUNT)
        for person in (play.boris, play.zoe):
            seen = []
            for handover in (row.id, MADE_UP):
                mark = len(screens(play, person))
                acts = [act for act in Act if act not in OWN]
                answers = [str((act, pressed(play, person, handover, act))) for act in acts]
                answers += [str((form, sent(play, person, handover, form))) for form in Form]
                play.rest()
                # What is whispered after the ack comes in no certain order.
                seen.append(answers + sorted(screens(play, person)[mark:]))
            assert seen[0] == seen[1]
            assert ACCOUNT not in "".join(seen[0])
            assert not person.has_modal()
        assert facts(play) == before


def test_a_draft_of_another_is_not_there_to_be_changed_or_discarded(tmp_path: Path) -> None:
    with cast(tmp_path) as play:
        told = play.leader_form("Underperforming").submit().modal
        assert told is not None
        told.click("Save as draft")
        play.stage.lena.modal("Saved as draft").close()
        play.rest()
        before, row = facts(play), play.stage.stored(ACCOUNT)
        for person in (play.boris, play.stage.olga, play.stage.ivan):
            answers = [
                [sent(play, person, handover, form) for form in (Form.START, Form.TELLINGS)]
                + [
                    pressed(play, person, handover, act)
                    for act in (Act.DRAFT_OPEN, Act.DRAFT_EDIT, Act.DRAFT_DISCARD)
                ]
                for handover in (row.id, MADE_UP)
            ]
            play.rest()
            assert answers[0] == answers[1]
            assert not person.has_modal()
        assert facts(play) == before


def test_who_is_no_full_member_gets_nothing(tmp_path: Path) -> None:
    """The row's own leader, as if their account had become another, and a stranger."""
    with cast(tmp_path) as play:
        in_flight(play)
        slack, lena = play.stage.slack, play.stage.lena
        for became in ("guest", "single_channel_guest", "stranger", "bot", "deleted"):
            slack.update_person(lena, **{became: True})
            assert_refused(play, lena)
            if became == "deleted":
                break
            slack.update_person(lena, **{became: False})
        assert_refused(play, slack.person("Sven Elsewhere", stranger=True))


def assert_refused(play: Cast, person: Person) -> None:
    """Nothing that this person sends changes anything, or is answered with more than a no."""
    play.rest()
    before, mark = facts(play), len(screens(play, person))
    row = play.stage.stored(ACCOUNT)
    for act in Act:
        assert pressed(play, person, row.id, act) == 200
    for form in Form:
        status, answer = sent(play, person, row.id, form)
        assert status == 200
        assert not answer or "Handovers are for members" in answer
    event(play, person, "Hello")
    person._opens("home")
    reply = person.types(f"/handover show {ACCOUNT}")
    assert reply.text == "Handovers are for members of this workspace."
    play.rest()
    lines = {line for text in screens(play, person)[mark:] for line in text.splitlines()}
    assert lines == {reply.text}
    assert not person.has_modal()
    assert facts(play) == before


def test_a_payload_of_another_workspace_is_refused(tmp_path: Path) -> None:
    """Even with the leader's own id: ids are unique within a workspace only."""
    with cast(tmp_path) as play:
        in_flight(play)
        lena, before = play.stage.lena, facts(play)
        ref = about(play, play.stage.stored(ACCOUNT).id)
        elsewhere = {"id": "T0ELSEWHERE1", "domain": "elsewhere"}
        for act in Act:
            payload = click_payload(play, lena, act, ref.dump())
            payload |= {"team": elsewhere, "user": payload["user"] | {"team_id": elsewhere["id"]}}
            assert send(play, "interactive", payload).status == 200
        play.rest()
        assert not lena.has_modal()
        assert facts(play) == before
