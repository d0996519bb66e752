"""Home, lists and refusals: what is mine, what I can do, and kind words when I can't."""

import re
from dataclasses import dataclass
from pathlib import Path

import flows
from bot.ids import Act, Ref
from bot.views import lists
from bot.views.errors import say
from bot.views.home import Beside, home_view
from bot.views.rows import Row
from flows.tasks import Todo
from tests.make import IVAN, LENA, NOW, OLGA, default_playbook, make_handover, name_of
from tests.views.limits import check_message, check_view, labels, press, words
from tests.views.scenes import make_scene


@dataclass(frozen=True)
class OwnTask:
    handover: str
    account: str
    todo: str
    subject: str
    due: str


def row(account: str = "Northwind") -> Row:
    return Row(make_handover(account=account), default_playbook())


def test_an_empty_home_says_hello_and_where_to_start() -> None:
    view = check_view(home_view([], [], OLGA, name_of, NOW))
    assert "Hello Olga!" in words(view)
    assert labels(view) == ["Start a handover", "How it works", "Try with an example"]


def test_an_admins_first_day_starts_with_leaders() -> None:
    view = check_view(home_view([], [], OLGA, name_of, NOW, Beside(first_day=True)))
    assert press(view, "Name leaders")["action_id"] == Act.MENU_SETTINGS


def test_home_puts_what_is_to_do_first_each_with_its_button() -> None:
    tasks = [OwnTask("H1", "Northwind", todo, "A1", "2026-11-20") for todo in Todo]
    view = check_view(home_view([row()], tasks, OLGA, name_of, NOW))
    assert f"For you: {len(tasks)} things to do, {len(tasks)} of them due before today" in words(
        view
    )
    assert "by Fri 20 Nov 2026" in words(view)
    assert "Lead now: Olga (until Tue 8 Dec 2026)" in words(view)
    assert Ref.load(press(view, "Answer")["value"]).a == "A1"
    assert press(view, "Show Northwind")["action_id"] == Act.LIST_SHOW


def test_a_full_home_and_a_full_list_fit() -> None:
    rows = [row(account="<A>" * 66)] * 90
    tasks = [OwnTask("H1", "N" * 200, Todo.ACCEPT, "", "2026-12-01")] * 90
    view = check_view(home_view(rows, tasks, OLGA, name_of, NOW))
    assert "and 70 more" in words(view)
    assert "and 50 more" in words(view)
    assert press(view, "Show all my handovers")["action_id"] == Act.MENU_LIST
    first = check_message(lists.list_message(rows, name_of))
    assert "Page 1 of 5" in first.text
    assert labels(first)[-1] == "Next page"
    last = check_message(lists.list_message(rows, name_of, 99))
    assert "Page 5 of 5" in last.text
    assert len(labels(last)) == 10 + 1
    assert labels(last)[-1] == "Previous page"
    assert "Start a handover" in labels(check_message(lists.list_message([], name_of)))


def test_show_gives_each_reader_their_own_buttons() -> None:
    handover = make_handover()
    shown = {
        user: check_message(lists.show_message(make_scene(handover, user)))
        for user in (OLGA, IVAN, LENA)
    }
    assert "Continue" in labels(shown[OLGA])
    assert "Accept handover" in labels(shown[IVAN])
    assert "Open Leader's checks" in labels(shown[LENA])
    assert "checks" not in shown[OLGA].text + shown[IVAN].text
    assert lists.show_message(make_scene(handover, "U0NOBODY")) is None
    draft = make_handover(draft=True)
    shown_draft = check_message(lists.show_message(make_scene(draft, LENA)))
    assert labels(shown_draft) == ["Open the draft"]


def test_help_and_menu_name_the_commands() -> None:
    text = check_message(lists.help_message()).text
    for command in ("start", "list", "show ACCOUNT", "brief ACCOUNT", "settings", "help"):
        assert f"/handover {command}" in text
    assert "Settings" in labels(check_message(lists.menu_message(admin=True)))
    assert "Settings" not in labels(check_message(lists.menu_message()))


def test_every_refusal_of_flows_has_words() -> None:
    sources = Path(flows.__file__).parent.rglob("*.py")
    found = (re.findall(r'FlowError\("(\w+)"', path.read_text("utf-8")) for path in sources)
    codes = {code for many in found for code in many}
    neutral = say("no such code")
    assert len(codes) > 15
    assert all(say(code) != neutral for code in codes)
    assert say("not_yours") == say("not_found")
    assert say("already_told", name="Ivan") == "Ivan knows already."
