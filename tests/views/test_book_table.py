"""A book as its readers see it: one table in pages that Slack takes, one line on Home."""

import csv
import io
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from bot.books.ids import BookAct
from bot.exports.book_rows import book_csv
from bot.ids import Ref
from bot.views.books import acts_forms as book_acts_forms
from bot.views.books import notice as book_notice
from bot.views.books import table as book_table
from bot.views.books.scene import BookScene
from bot.views.books.table import Filter
from bot.views.home import home_view
from bot.views.lists import list_message
from bot.views.rows import Row
from flows import events as e
from flows.books.book import handover_of
from flows.books.events import Carried, RowsRead, SharedSet
from flows.books.standing import Verb
from flows.customer.moods import Feeling, Signal
from flows.handover import Done, Handover, Telling, When
from flows.privacy import as_read_by, may_know
from flows.tasks import Todo, open_tasks
from flows.terms import Role
from tests.flows.books import BookStory, made_row, made_shared
from tests.flows.make import MONDAY, party
from tests.make import IVAN, KIM, LENA, NOW, OLGA, default_playbook, make_handover, name_of
from tests.views.limits import check_message, check_view, labels, press, words

PLAYBOOK = default_playbook()


@dataclass(frozen=True)
class Owes:
    handover: str
    account: str
    todo: str
    subject: str
    due: str
    owner: str


def begun(count: int, **change: object) -> BookStory:
    """Lena starts a book of Olga's accounts."""
    story = BookStory(by=LENA)
    story.does(LENA, SharedSet, shared=made_shared(outgoing=party(OLGA), leader=LENA))
    story.does(LENA, RowsRead, rows=tuple(made_row(number) for number in range(1, count + 1)))
    story.begins(LENA, **change)
    return story


def account(number: int, *happens: e.Event, **changes: object) -> Handover:
    known = {"id": handover_of("B1", str(number)), "account": f"Account {number:03}", "book": "B1"}
    whole: dict[str, Any] = {**known, **changes}
    return make_handover(happens, **whole)


def scene_of(handovers: list[Handover], viewer: str, story: BookStory | None = None) -> BookScene:
    seen = [handover for handover in handovers if may_know(handover, viewer)]
    read = [as_read_by(handover, PLAYBOOK, viewer) for handover in seen]
    owed = [
        Owes(h.id, h.account, task.todo, task.subject, task.due.isoformat(), task.owner)
        for h in seen
        for task in open_tasks(h, PLAYBOOK, viewer)
        if viewer in (task.owner, LENA)
    ]
    return BookScene(
        book=(story or begun(len(handovers))).book,
        rows=tuple(Row(handover, PLAYBOOK) for handover in read),
        playbooks={},
        viewer=viewer,
        names=name_of,
        now=NOW,
        owed=tuple(sorted(owed, key=lambda task: task.due)),
    )


def accepted() -> e.Event:
    return e.Accepted(at=NOW, by=IVAN)


def red() -> e.Event:
    return e.MoodGiven(
        at=NOW,
        by=OLGA,
        round="sentiment_1",
        feeling=Feeling.WORSE,
        signals=(Signal.ESCALATION,),
        note="They called our CEO",
    )


@pytest.mark.parametrize("viewer", [LENA, OLGA, IVAN])
def test_five_hundred_accounts_in_pages(viewer: str) -> None:
    one = account(1, account="<&>" * 66)
    handovers = [
        one.model_copy(update={"id": handover_of("B1", str(number))}) for number in range(1, 501)
    ]
    scene = scene_of(handovers, viewer)
    first = check_message(book_table.build(scene, Ref(h="B1")))
    assert "500 accounts, 0 accepted" in first.text
    assert "All accounts, page 1 of 34" in words(first)
    for page in ("1", "33", "99"):
        shown = check_message(book_table.build(scene, Ref(h="B1", t=page)))
        assert "Previous page" in labels(shown)
    own = check_message(book_table.build(scene, Ref(h="B1", v=Filter.OWN)))
    assert "Waiting for me, page 1 of" in words(own)
    if viewer == LENA:
        check_message(book_notice.build("", scene))
        form = check_view(book_acts_forms.choose_form(scene, Verb.CANCEL))
        keys = tuple(row.key for row in scene.book.rows)
        assert book_acts_forms.unpacked(book_acts_forms.packed(keys)) == keys
        odd = keys[::2]
        assert book_acts_forms.unpacked(book_acts_forms.packed(odd)) == odd
        sure = check_view(book_acts_forms.sure_form(scene, Verb.CANCEL, odd))
        assert len(sure["private_metadata"]) < 3000
        assert len(form["blocks"][1]["element"]["option_groups"]) == 5


def test_what_waits_for_the_reader_comes_first_and_can_be_asked_for_alone() -> None:
    handovers = [account(1, accepted()), account(2), account(3, accepted(), red())]
    ivan = book_table.build(scene_of(handovers, IVAN), Ref(h="B1"))
    shown = words(check_message(ivan))
    assert "3 accounts, 2 accepted, 0 packs complete" in shown
    assert "*Account 002* · to Ivan (has not answered yet)" in shown
    assert "Waits for you: say whether you take it over" in shown
    waiting = book_table.build(scene_of(handovers, IVAN), Ref(h="B1", v=Filter.WAITING))
    assert "Account 002" in words(waiting)
    assert "Account 001" not in words(waiting)
    own = book_table.build(scene_of(handovers, IVAN), Ref(h="B1", v=Filter.OWN, k=Todo.ACCEPT))
    assert labels(check_message(own)).count("Accept handover") == 1


def test_red_is_for_leaders_alone() -> None:
    handovers = [account(1), account(2, red())]
    lena = scene_of(handovers, LENA)
    shown = check_message(book_table.build(lena, Ref(h="B1")))
    assert "Mood red, nothing planned yet" in words(shown)
    assert "1 red" in words(shown)
    assert "Account 001" not in words(book_table.build(lena, Ref(h="B1", v=Filter.RED)))
    for viewer in (OLGA, IVAN):
        other = scene_of(handovers, viewer)
        assert "Mood red" not in words(book_table.build(other, Ref(h="B1")))
        assert "Red" not in labels(book_table.build(other, Ref(h="B1")))
        assert "Mood red" not in book_csv(other).decode("utf-8-sig")
        nothing = book_table.build(other, Ref(h="B1", v=Filter.RED))
        assert "No account is like that." in words(nothing)


def test_somebody_reads_only_the_accounts_that_they_know_of() -> None:
    kim = party(KIM)
    handovers = [account(1), account(2, incoming=kim), account(3, incoming=kim)]
    shown = words(book_table.build(scene_of(handovers, IVAN), Ref(h="B1")))
    assert "1 account, " in shown
    assert "Account 002" not in shown
    assert book_csv(scene_of(handovers, IVAN)).count(b"\r\n") == 1 + 1
    assert book_csv(scene_of(handovers, LENA)).count(b"\r\n") == 1 + 3


def test_a_file_of_the_table_calculates_nothing() -> None:
    handovers = [account(1, account="=HYPERLINK(0)"), account(2)]
    read = list(
        csv.DictReader(io.StringIO(book_csv(scene_of(handovers, LENA)).decode("utf-8-sig")))
    )
    assert {row["Account"] for row in read} == {"'=HYPERLINK(0)", "Account 002"}
    assert {row["Incoming CSM"] for row in read} == {"Ivan (has not answered yet)"}


def test_what_was_refused_is_told_by_account_to_whoever_leads() -> None:
    story = begun(3)
    still = "I am still at what was ordered for 3 accounts."
    assert still in words(book_table.build(scene_of([], LENA, story), Ref(h="B1")))
    assert still not in words(book_table.build(scene_of([account(1)], IVAN, story), Ref(h="B1")))
    story.does(e.CLOCK, Carried, order="O1", refused={"2": "in_flight"})
    handovers = [account(1), account(3)]
    lena = words(book_table.build(scene_of(handovers, LENA, story), Ref(h="B1")))
    assert "Not done for 1 account" in lena
    assert still not in lena
    assert "*Account 2* could not be started" in lena
    for viewer in (OLGA, IVAN):
        other = scene_of(handovers, viewer, story)
        assert "Account 2*" not in words(book_table.build(other, Ref(h="B1")))


def test_a_book_is_one_line_on_home_and_in_the_list() -> None:
    rows = [Row(account(number, accepted()), PLAYBOOK) for number in range(1, 15)]
    rows.append(Row(make_handover(account="Zenith"), PLAYBOOK))
    owed = [
        Owes(row.handover.id, row.handover.account, todo, "", "2026-11-30", IVAN)
        for todo in (Todo.ACCEPT, Todo.READ_PACK)
        for row in rows
    ]
    home = check_view(home_view(rows, owed, IVAN, name_of, NOW))
    assert "*Olga's book*: 14 accounts, 14 accepted" in words(home)
    assert "For you: 30 things to do" in words(home)
    assert "*Olga's book:* say whether you take it over, 14 accounts" in words(home)
    assert Ref.load(press(home, "Accept: 14 accounts")["value"]).k == Todo.ACCEPT
    assert labels(home).count("Show them") == 1
    assert "Account 003" not in words(home)
    assert "Show Zenith" in labels(home)
    listed = check_message(list_message(rows, name_of))
    assert "Your handovers: 15" in listed.text
    assert labels(listed) == ["Show the book", "Show Zenith"]
    assert press(listed, "Show the book")["action_id"] == BookAct.SHOW


def test_a_customer_who_knows_keeps_an_account_out_of_what_is_cancelled_together() -> None:
    done = {"heads_up": Done(by=OLGA, at=NOW)}
    knows = account(1)
    schedule = knows.schedule.model_copy(update={"done": done})
    handovers = [knows.model_copy(update={"schedule": schedule}), account(2), account(3)]
    scene = scene_of(handovers, LENA)
    form = check_view(book_acts_forms.choose_form(scene, Verb.CANCEL))
    assert "1 account of which the customer knows already is handled one by one" in words(form)
    assert "• Account 001" in words(form)
    assert "All of them: 2 accounts" in str(form)
    sure = check_view(book_acts_forms.sure_form(scene, Verb.CANCEL, ("2", "3")))
    assert "2 accounts stay with Olga" in words(sure)
    assert sure["submit"]["text"] == "Cancel 2 accounts"
    alone = scene_of(handovers[:1], LENA)
    nothing = check_view(book_acts_forms.nothing_form(alone, Verb.CANCEL))
    assert "There is no account with which you could do that now." in words(nothing)


def test_the_notice_counts_what_is_late_by_owner() -> None:
    handovers = [account(1), account(2)]
    scene = scene_of(handovers, LENA)
    late = [Owes(h.id, h.account, "accept", "", "2026-11-20", IVAN) for h in handovers]
    scene = replace(scene, owed=(*late, *scene.owed))
    notice = check_message(book_notice.build("", scene))
    assert "Late: Ivan 2." in notice.text
    assert "Name a backup" in labels(notice)
    assert "Undo the start" not in labels(notice)
    assert book_notice.build("", scene_of(handovers, OLGA)) is None


def test_a_book_of_which_nobody_knows_is_told_or_taken_back_as_a_whole() -> None:
    later = Telling(when=When.LATER, at=MONDAY + timedelta(days=30))
    tellings = {Role.OUTGOING: later, Role.INCOMING: later}
    story = begun(2, tellings=tellings)
    handovers = [account(number, tellings=tellings) for number in (1, 2)]
    scene = scene_of(handovers, LENA, story)
    notice = check_message(book_notice.build("", scene))
    tell = press(notice, "Tell Olga now")
    assert "2 accounts" in tell["confirm"]["text"]["text"]
    assert "Tell Ivan now" in labels(notice)
    assert "Undo the start" in labels(notice)
    then = replace(scene, now=MONDAY + timedelta(days=31))
    assert "Undo the start" not in labels(check_message(book_notice.build("", then)))
