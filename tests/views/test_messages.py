"""Each message says what is true for its reader, and offers what they can do."""

import pytest

from bot.ids import Ref
from bot.views.knowledge import closing
from bot.views.messages import BUILDERS, Message, build
from flows import events as e
from flows.advance import advance
from flows.confidential.vault import Explained, Vault
from flows.effects import Kind
from flows.handover import Handover, Party, Said, Telling, When
from flows.privacy import may_know
from flows.terms import Reason, Role, Segment
from tests.make import (
    AMPLE,
    IVAN,
    KIM,
    LENA,
    NOW,
    OLGA,
    answer_all,
    default_playbook,
    make_handover,
    make_vault,
    reply,
)
from tests.views.limits import check_message, elements, labels, press, words
from tests.views.scenes import make_scene

ACCEPTED = e.Accepted(at=NOW, by=IVAN)
DECLINED = e.Declined(at=NOW, by=IVAN)
ASKED = e.Asked(at=NOW, by=IVAN, id="A1", text="How many hours & which <days>?")


def shown(
    kind: Kind, handover: Handover, viewer: str, subject: str = "", vault: Vault | None = None
) -> Message:
    return check_message(build(kind, subject, make_scene(handover, viewer, vault)))


def gone(kind: Kind, handover: Handover, viewer: str, subject: str = "") -> bool:
    return build(kind, subject, make_scene(handover, viewer)) is None


def test_the_card_thanks_first_and_says_who_reads() -> None:
    card = shown(Kind.CARD, make_handover(), OLGA)
    assert "Knowledge pack: Northwind" in words(card)
    assert "Thank you for passing on what you know about Northwind." in card.text
    assert "It takes about 45 minutes, stop any time" in card.text
    assert "0 of 13 required answered" in words(card)
    assert (
        "What you write is read by Ivan, Lena and whoever leads Northwind later; "
        "what you mark sensitive, only Ivan and Lena." in words(card)
    )
    assert "Lead now: Olga (until Tue 8 Dec 2026)" in words(card)
    assert labels(card)[:3] == ["Paste what you have", "Continue", "Fill this section as a form"]
    assert labels(card)[3:] == ["Days away"]


def test_the_card_tells_of_progress_and_of_the_brief() -> None:
    keys = ["S1", "S2", "S3", "S4", "S5"]
    unknown = [e.UnknownDeclared(at=NOW, by=OLGA, question=key) for key in keys]
    card = shown(Kind.CARD, make_handover(unknown, day=AMPLE), OLGA)
    assert "5 of 13 required answered" in card.text
    assert "Next: Path forward, question 6 of 13." in card.text
    assert "unfinished" in card.text
    assert "Show the brief" in labels(card)
    assert "Thank you" not in card.text


def test_a_finished_card_offers_what_else_there_is() -> None:
    card = shown(Kind.CARD, answer_all(make_handover()), OLGA)
    assert "13 of 13 required answered" in card.text
    assert labels(card) == [
        *("Paste what you have", "Show the brief", "Drafts"),
        *("Anything else?", "Days away"),
    ]
    assert gone(Kind.CARD, make_handover(), LENA)


def test_a_leader_who_stands_in_has_card_and_leaders_buttons() -> None:
    handover = make_handover(outgoing=Party(user=None, name="Pat", gone=True))
    card = shown(Kind.CARD, handover, LENA)
    assert "Lead now: Lena" in words(card)
    assert "what you mark sensitive, only Ivan." in words(card)
    assert {"Continue", "Open Leader's checks"} <= set(labels(card))


def test_the_accept_card_says_what_it_means_to_accept() -> None:
    card = shown(Kind.ACCEPT, make_handover(arr="60000", renewal="2027-01-15"), IVAN)
    assert "Will you take Northwind over from Olga?" in card.text
    for fact in (
        "50k–100k",
        "Fri 15 Jan 2027",
        "SMB",
        "about 3 hours",
        "Other open handovers you have: 2",
    ):
        assert fact in card.text
    assert labels(card) == ["Accept handover", "Ask first", "Decline"]
    assert "Annual revenue" not in shown(Kind.ACCEPT, make_handover(), IVAN).text


def test_the_accept_card_closes_with_every_decision() -> None:
    accepted = shown(Kind.ACCEPT, make_handover([ACCEPTED]), IVAN)
    assert "You take Northwind over from Olga. Thank you!" in accepted.text
    assert "Accept handover" not in labels(accepted)
    assert "Continue" in labels(accepted)
    declined = shown(Kind.ACCEPT, make_handover([DECLINED]), IVAN)
    assert "Lena knows" in declined.text
    assert labels(declined) == []
    named = e.IncomingNamed(at=NOW, by=LENA, incoming=Party(user=KIM, name="Kim"))
    replaced = shown(Kind.ACCEPT, make_handover([DECLINED, named]), IVAN)
    assert "Somebody else takes Northwind over now" in replaced.text


def test_the_notice_tells_the_leader_everything_and_the_checks() -> None:
    later = Telling(when=When.LATER, at="2026-11-25T09:00:00Z")
    tellings = {Role.OUTGOING: later, Role.INCOMING: Telling(when=When.NEVER)}
    notice = shown(Kind.NOTICE, make_handover(tellings=tellings), LENA)
    for fact in ("From: Olga", "Ivan (not asked yet)", "Leaving the company", "Tue 8 Dec 2026"):
        assert fact in notice.text
    assert "The outgoing CSM: will be told on Wed 25 Nov 2026, 09:00" in notice.text
    assert "The incoming CSM: not through the bot" in notice.text
    ways = [
        *("Open Leader's checks", "Days away", "Add an action"),
        *("Tell Olga now", "Tell Ivan now"),
        *("Change dates", "Change leader", "Change incoming CSM", "Admit guests"),
    ]
    assert labels(notice)[1:] == ways
    tell = press(notice, "Tell Olga now")
    assert (tell["action_id"], Ref.load(tell["value"]).v) == ("tell-now:outgoing", "outgoing")
    done = shown(Kind.NOTICE, make_handover(), LENA, vault=make_vault(checked_at=NOW))
    assert labels(done) == ["Show the plan", *ways[:3], *ways[5:]]
    assert gone(Kind.NOTICE, make_handover(), OLGA)


def test_the_leader_names_somebody_where_nobody_is() -> None:
    for handover in (make_handover(incoming=None), make_handover([DECLINED])):
        assert "Name the incoming CSM" in labels(shown(Kind.NOTICE, handover, LENA))


def test_why_somebody_declined_stands_in_no_message() -> None:
    why = Explained(by=IVAN, at=NOW, text="secret-why")
    vault = make_vault(declines=(why,), note="secret-note", confidential="underperforming")
    handover = make_handover([DECLINED])
    declined = shown(Kind.DECLINED, handover, LENA, vault=vault)
    assert declined.text == "Ivan can't take Northwind over."
    assert labels(declined) == ["See why and name another"]
    for kind in BUILDERS:
        for viewer in (OLGA, IVAN, LENA):
            message = build(kind, "", make_scene(handover, viewer, vault))
            text = words(message) + message.text if message else ""
            assert "secret" not in text
            assert "nderperforming" not in text


@pytest.mark.parametrize("kind", list(BUILDERS))
def test_what_is_confidential_changes_nobody_elses_message(kind: Kind) -> None:
    handover = make_handover([reply("S1", "x"), ASKED], reason=Reason.REASSIGNMENT)
    secret = make_vault(confidential="underperforming", checked_at=NOW)
    for viewer in (OLGA, IVAN):
        for subject in ("", "S1", "A1"):
            plain, marked = (
                build(kind, subject, make_scene(handover, viewer, vault))
                for vault in (make_vault(), secret)
            )
            assert plain == marked


def test_silence_is_told_as_a_chance_to_help() -> None:
    passed = e.TimePassed(at="2026-11-26T10:00:00Z", by=e.CLOCK)
    silent = shown(Kind.SILENT, make_handover([passed]), LENA)
    assert "so that you can help" in silent.text
    assert labels(silent) == ["Name another CSM"]
    settled = shown(Kind.SILENT, make_handover([passed, ACCEPTED]), LENA)
    assert settled.text == "Ivan takes Northwind over."


def test_an_ask_goes_there_and_back() -> None:
    ask = shown(Kind.ASK, make_handover([ASKED]), OLGA, "A1")
    assert "Ivan asks before taking Northwind over:" in ask.text
    assert "How many hours &amp; which &lt;days&gt;?" in words(ask)
    assert labels(ask) == ["Answer"]
    assert gone(Kind.ASK, make_handover([ASKED]), LENA, "A1")
    assert gone(Kind.ASK_REPLY, make_handover([ASKED]), LENA, "A1")
    taken_back = shown(Kind.ASK_REPLY, make_handover([ASKED]), IVAN, "A1")
    assert "Olga took back the answer to your question about Northwind." in taken_back.text
    replied = make_handover(
        [ASKED, e.AskAnswered(at=NOW, by=OLGA, ask="A1", said=Said(source="form", text="Two"))]
    )
    assert labels(shown(Kind.ASK, replied, OLGA, "A1")) == []
    answer = shown(Kind.ASK_REPLY, replied, IVAN, "A1")
    assert "Olga answered your question about Northwind: Two" in answer.text
    assert "Accept handover" in labels(answer)


def test_the_closing_menu_offers_once_and_closes() -> None:
    handover = answer_all(make_handover(segment=Segment.MID_MARKET))
    menu = shown(Kind.CLOSING, handover, OLGA)
    assert "Anything else?" in menu.text
    assert labels(menu) == ["Ask me these", "That's all"]
    options = next(el for el in elements(menu) if el["type"] == "multi_static_select")["options"]
    assert "CC2" in [option["value"] for option in options]
    finished = e.InterviewFinished(at=NOW, by=OLGA)
    closed = advance(handover, finished, default_playbook()).handover
    assert labels(shown(Kind.CLOSING, closed, OLGA)) == []
    again = check_message(closing.menu(make_scene(closed, OLGA)))
    assert labels(again) == ["Ask me these", "That's all"]
    assert gone(Kind.CLOSING, make_handover(), OLGA)


def test_the_pack_is_announced_when_it_is_there() -> None:
    handover = answer_all(make_handover([ACCEPTED]))
    ready = shown(Kind.PACK_READY, handover, IVAN)
    assert "The knowledge pack for Northwind is ready: 13 of 13 required answered" in ready.text
    assert labels(ready) == ["Read the pack", "Show the brief", "Continue"]
    again = shown(Kind.PACK_READY, make_handover([ACCEPTED]), IVAN)
    assert "some answers are open again" in again.text
    assert labels(again) == ["Show the brief"]


def test_the_leaders_question_says_nothing_but_that_it_is_there() -> None:
    vault = make_vault(confidential="underperforming")
    asked = shown(Kind.CHECKS, make_handover(), LENA, vault=vault)
    assert words(asked) == "Northwind: a question for you\nOpen"
    done = shown(Kind.CHECKS, make_handover(), LENA, vault=make_vault(checked_at=NOW))
    assert done.text == "Northwind: done, thank you."
    assert gone(Kind.CHECKS, make_handover(), IVAN)


def test_what_cannot_be_seen_still_makes_a_message() -> None:
    handover = make_handover([e.Asked(at=NOW, by=IVAN, id="A1", text=" \u202e")], account="\u202e ")
    assert "> …" in words(shown(Kind.ASK, handover, OLGA, "A1"))
    for kind, viewer in ((Kind.CARD, OLGA), (Kind.ACCEPT, IVAN), (Kind.NOTICE, LENA)):
        shown(kind, handover, viewer)


def test_names_are_never_mentions_and_never_break_out() -> None:
    account = "<!channel> *B* & <@U0IVAN> " + "x" * 170
    outgoing = Party(user=None, name="<!here> " + "ע" * 190)
    handover = make_handover([ACCEPTED], account=account, outgoing=outgoing)
    for kind in BUILDERS:
        for viewer in (IVAN, LENA):
            message = build(kind, "S1", make_scene(handover, viewer))
            if message and may_know(handover, viewer):
                check_message(message)
