"""The agenda: short, by account, each task with what can be done about it."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.ids import Act, Ref
from bot.listeners.clicks import EVENTS
from bot.views.blocks import Message
from bot.views.nudges.agenda import Agenda, Item, agenda_message
from bot.views.nudges.reminder_forms import extend_form, waive_form, wishes_form
from bot.views.rows import Row
from bot.views.standing import others_lines, own_lines
from flows.events import Asked, TaskExtended, TaskWaived
from flows.nudges.reminders import Wishes
from flows.nudges.rhythm import Rhythm
from flows.nudges.rulings import WAIVABLE
from flows.tasks import Todo
from tests.make import IVAN, LENA, NOW, OLGA, default_playbook, make_handover, name_of
from tests.views.limits import check_message, check_view, labels, press, words
from tests.views.scenes import make_scene

TODAY = NOW.date()
MARKED = {Todo.MILESTONE, Todo.DO_ITEM, Todo.TELL_WITHDRAWN, Todo.AFTERCARE, Todo.KIT}
LONG = "<!channel> " + "N" * 180


@dataclass(frozen=True)
class OwnTask:
    handover: str
    account: str
    todo: str
    subject: str
    due: str


def item(todo: Todo = Todo.READ_PACK, *, account: str = "Northwind", **more: object) -> Item:
    number = str(more.pop("id", account))
    handover = make_handover(account=account).model_copy(update={"id": number})
    due = TODAY + timedelta(days=int(str(more.pop("days", 0))))
    subject = "0" if todo is Todo.AFTERCARE else "A1"
    task = OwnTask(number, account, todo, subject, due.isoformat())
    known: dict[str, object] = {"owner": IVAN, "can_wait": True} | more
    row = Row(handover, default_playbook())
    return Item(row, task, f"{todo}:{IVAN}:{number}", **known)  # type: ignore[arg-type]


def told(own: list[Item], others: list[Item] | None = None, days: int = 0) -> Message:
    day = TODAY + timedelta(days=days)
    agenda = Agenda(LENA, day, own, others or [], Rhythm())
    return check_message(agenda_message(agenda, name_of, NOW))


def test_tasks_stand_by_account_the_most_urgent_first() -> None:
    message = told(
        [
            item(account="Acme", days=-1),
            item(Todo.TEACH_BACK, account="Northwind"),
            item(Todo.DO_ITEM, account="Acme", days=1),
        ]
    )
    text = words(message)
    assert text.count("*Acme*") == text.count("*Northwind*") == 1
    assert text.index("was due on Sun 22 Nov 2026") < text.index("by Tue 24 Nov 2026")
    assert text.index("by Tue 24 Nov 2026") < text.index("due today")
    assert message.text.startswith("Hello Lena! For today: 3 things.")
    for line in ("Acme:", "read the pack and accept it, was due on", "answer in your own words"):
        assert line in message.text


def test_only_what_is_simply_done_can_be_marked() -> None:
    for todo in Todo:
        ways = labels(told([item(todo)]))
        assert ("Done" in ways) == (todo in MARKED)


@pytest.mark.parametrize("todo", Todo)
def test_open_leads_there_and_decides_nothing(todo: Todo) -> None:
    action = press(told([item(todo)]), "Open")["action_id"]
    assert action not in set(EVENTS) - {Act.CARD_CONTINUE}


def test_a_menu_says_what_it_puts_off() -> None:
    [block] = [
        block
        for block in told([item(id="H7")]).blocks
        if any(element["type"] == "static_select" for element in block.get("elements", ()))
    ]
    ref = Ref.load(block["block_id"])
    assert (ref.h, ref.t) == ("H7", f"read_pack:{IVAN}:H7")
    assert "Snooze" not in words(told([item(can_wait=False)]))


def test_what_is_late_with_others_is_first_seen_then_decided() -> None:
    seen = told([], [item(Todo.ACCEPT, days=-4)])
    assert seen.text.startswith("Hello Lena! Overdue with others: 1 thing. You are told so that")
    assert "*Northwind* · Ivan: say whether you take it over, was due on" in words(seen)
    assert labels(seen) == ["Open", "Change my reminders"]
    asked = told(
        [], [item(todo, id=todo, to_decide=True) for todo in (Todo.ACCEPT, Todo.ANSWER_ASK)]
    )
    assert labels(asked)[:3] == ["Extend", "Reassign", "Open"]
    assert labels(asked)[3:6] == ["Extend", "Waive", "Open"]
    step = press(told([], [item(Todo.MILESTONE, to_decide=True)]), "Extend")
    assert step["action_id"] == Act.PLAN_MOVE
    assert Todo.ACCEPT not in WAIVABLE


def test_nothing_is_left() -> None:
    assert told([]).text == "All done for today. Thank you!"
    assert told([], days=-3).text.startswith("Nothing is left to do in this message.")


def test_a_full_agenda_fits() -> None:
    own = [item(account=f"{number}{LONG}", id=f"H{number:018}") for number in range(40)]
    late = [item(Todo.ANSWER_ASK, account=LONG, id=f"L{n}", to_decide=True) for n in range(40)]
    message = told(own, late)
    assert "65 more things on Home." in words(message)
    assert "<!channel>" not in message.text


def test_the_modals_fit() -> None:
    soon = TODAY + timedelta(days=3)
    ref = Ref(h="H" * 20, t="k" * 200)
    for known in (Wishes(), Wishes(stopped_until=soon), Wishes(stopped_until=TODAY)):
        view = check_view(wishes_form(known, Rhythm(), TODAY))
        assert (soon.isoformat() in str(view)) == (known.stopped_until == soon)
        assert TODAY.isoformat() not in str(view)
    check_view(extend_form(ref, "*Northwind* · Ivan: answer a question"))
    check_view(waive_form(ref, "*Northwind* · Ivan: answer a question"))


def test_what_was_decided_stands_where_the_handover_is_shown() -> None:
    asked = Asked(at=NOW, by=IVAN, id="A1", text="How many hours?")
    more = {"key": f"accept:{IVAN}", "day": TODAY + timedelta(days=7), "why": "<!here> Ill."}
    extended = TaskExtended.model_validate({"at": NOW, "by": LENA} | more)
    waived = TaskWaived(at=NOW, by=LENA, key=f"answer_ask:{OLGA}:A1", why="We know.")
    scene = make_scene(make_handover([asked, extended, waived]), OLGA)
    lines = "\n".join([*own_lines(scene), *others_lines(scene)])
    assert "by Mon 30 Nov 2026 (Lena gave more time: @" in lines
    assert "<!here>" not in lines
    assert "Waived by Lena: answer a question: We know." in lines


def test_a_book_is_one_thing_to_do() -> None:
    own = [item(Todo.ANSWER_QUESTIONS, account="Acme", in_book=3, can_wait=False), item()]
    message = told(own)
    assert "Your book: 3 accounts" in message.text
    assert "Acme" not in message.text
    assert labels(message).count("Continue with your book") == 1
