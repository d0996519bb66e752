"""The vault opens to the row's leader, its backup and its creator, and never to one of its CSMs."""

from pathlib import Path
from typing import Any

from bot.ids import Act, Form, Ref
from bot.sandbox import ModalScreen, Person
from storage import tables
from tests.privacy.cast import ACCOUNT, Cast, cast
from tests.privacy.forged import click
from tests.privacy.story import NOTE
from tests.privacy.test_door import facts, sent
from tests.privacy.traces import blurred, rows

CHECKS = "Leader's checks"
LEADERS_ACTS = (
    Act.INCOMING_NAME,
    Act.DECLINE_OPEN,
    Act.ACTION_ADD,
    Act.PLAN_CALLS,
    Act.LISTEN_OPEN,
    Act.LISTEN_PAGE,
    Act.LISTEN_HELD,
    Act.POINT_ADD,
    Act.POINT_CHANGE,
    Act.POINT_CLOSE,
    Act.POINT_REOPEN,
    Act.POINT_TOLD,
    Act.POINT_HAND_ON,
    Act.WORD_GIVE,
    Act.READY_AGAIN,
)
LEADERS_FORMS = (
    Form.CHECKS,
    Form.NAME_INCOMING,
    Form.ACTION,
    Form.LISTEN_HELD,
    Form.POINT,
    Form.POINT_TOLD,
    Form.WORD,
)


def opened(play: Cast, person: Person) -> ModalScreen | None:
    """Leader's checks as this person gets to see them."""
    click(play, person, Act.CHECKS_OPEN, Ref(h=play.stage.stored(ACCOUNT).id))
    play.rest()
    return person.modal(CHECKS) if person.has_modal() else None


def assert_closed(play: Cast, person: Person) -> None:
    """Neither the modal opens, nor the one with reasons for declining, nor is anything taken."""
    before, row = facts(play), Ref(h=play.stage.stored(ACCOUNT).id)
    assert opened(play, person) is None
    for act in LEADERS_ACTS:
        click(play, person, act, row.model_copy(update={"r": "P1"}))
    assert not person.has_modal()
    for form in LEADERS_FORMS:
        sent(play, person, row.h, form)
    play.rest()
    assert facts(play) == before
    assert NOTE not in "".join(play.stage.slack.seen_by(person))


def lists(play: Cast, *leaders: Person) -> None:
    play.stage.ada.types("/handover settings")
    form = play.stage.ada.modal()
    form.pick_person("Leaders", *leaders)
    assert form.submit().closed


def boris_prepares(play: Cast) -> None:
    """Boris starts it for Lena to lead, with Kim behind her."""
    stage, boris = play.stage, play.boris
    boris.types(f"/handover start {ACCOUNT}")
    form = stage.fill(boris.modal(), reason="Reassignment")
    form.click("More")
    play.rest()
    form.pick_person("Outgoing CSM", stage.olga)
    form.pick_person("Backup", play.kim)
    form.choose("Confidential reason", "Underperforming")
    tellings = form.submit().modal
    assert tellings is not None
    assert tellings.submit().closed
    play.rest()


def test_who_opens_it_and_who_never_does(tmp_path: Path) -> None:
    with cast(tmp_path) as play:
        stage, slack = play.stage, play.stage.slack
        boris_prepares(play)
        for person in (stage.lena, play.kim, play.boris):
            form = opened(play, person)
            assert form is not None
            form.fill("Note", f"{NOTE} by {person.name}")
            assert form.submit().closed
        # Sensitive answers are not for who only started it, as a form neither.
        row = stage.stored(ACCOUNT)
        click(play, play.boris, Act.ANSWER_FORM, Ref(h=row.id, q="CC2"))
        assert not play.boris.has_modal()

        # Whatever the two CSMs are besides.
        lists(play, stage.lena, play.boris, stage.olga, stage.ivan)
        for csm in (stage.olga, stage.ivan):
            slack.update_person(csm, admin=True)
            play.rest()
            assert_closed(play, csm)
        assert_closed(play, play.zoe)
        assert_closed(play, stage.ada)

        # Who takes the account over loses what they could read as its creator.
        card = stage.ivan.dm().wait(f"take {ACCOUNT} over")
        card.click("Decline")
        assert stage.ivan.modal().submit().closed
        stage.lena.dm().wait(f"can't take {ACCOUNT} over").click("See why and name another")
        form = stage.lena.modal()
        form.pick_person("Incoming CSM", play.boris)
        assert form.submit().closed
        play.boris.dm().wait(f"take {ACCOUNT} over").click("Accept handover")
        play.rest()
        mark = len(slack.seen_by(play.boris))
        assert opened(play, play.boris) is None
        assert NOTE not in "".join(slack.seen_by(play.boris)[mark:])


def test_a_csm_who_starts_it_stays_out(tmp_path: Path) -> None:
    with cast(tmp_path) as play:
        play.stage.start(ACCOUNT)
        play.rest()
        assert_closed(play, play.stage.olga)
        form = opened(play, play.stage.lena)
        assert form is not None
        form.fill("Note", NOTE)
        assert form.submit().closed
        assert_closed(play, play.stage.olga)


def test_a_leader_who_hands_over_makes_nothing_confidential(tmp_path: Path) -> None:
    with cast(tmp_path) as play:
        lena, form = play.stage.lena, play.leader_form("Underperforming")
        form.pick_person("Outgoing CSM", lena)
        form.choose("Leader", "Boris Meier")
        errors = form.submit().errors
        assert errors == {
            "Confidential reason": "Only a leader who is not one of the two CSMs can choose this."
        }
        assert rows(play, tables.vaults) == []


def shape(play: Cast, form: ModalScreen) -> tuple[Any, ...]:
    """What an observer tells a modal by, without its fields."""
    view: dict[str, Any] = form._view.payload
    plain = blurred(play, view["private_metadata"])
    first, last = form.blocks[0]["text"]["text"], form.blocks[-1]
    return view["title"], view["callback_id"], view["submit"], plain, first, last["label"]


def test_checks_look_alike_from_afar(tmp_path: Path) -> None:
    """The same button, task, words and frame; only the fields inside are the reason's own."""
    seen = []
    for confidential in ("None", "Underperforming"):
        folder = tmp_path / confidential
        folder.mkdir()
        with cast(folder) as play:
            play.prepare(confidential=confidential)
            lena = play.stage.lena
            notice = lena.dm().wait(f"Handover: {ACCOUNT}")
            home = lena.opens_home()
            form = opened(play, lena)
            assert form is not None
            seen.append((notice.text, notice.buttons, home.text, shape(play, form)))
    assert seen[0] == seen[1]
