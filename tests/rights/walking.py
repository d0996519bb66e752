"""Everybody there is, and everything that they can try."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from bot.books.ids import BookField, is_of_book
from bot.desk import Receipt
from bot.ids import ADD_MESSAGE, Act, Field, Form, Ref
from bot.listeners import doors
from bot.payloads import key_of
from bot.views.errors import say
from flows import events as e
from flows.books import events as b
from flows.books.book import Shared
from flows.books.rows import Row
from flows.handover import Party, Said, Telling
from flows.parts import parts
from flows.terms import DateIs, Reason, Role, Segment
from flows.who_may import Do
from tests.rights.house import TEAM, House

IVAN, OLGA, LENA, BORIS, KIM, INA = "UIVAN", "UOLGA", "ULENA", "UBORIS", "UKIM", "UINA"
"""Outgoing, incoming, leader, backup, creator and who leads in between."""
ALF, GIA, SAM = "UALF", "UGIA", "USAM"
"""Somebody asked once, a guest whom Lena admitted, and who answers for somebody not on Slack."""
LUKE, ADA, MAX = "ULUKE", "UADA", "UMAX"
"""Another leader, an admin and a member: none has a part."""
OUTSIDERS = {
    "UGUS": {"is_guest": True},
    "USVEN": {"is_stranger": True},
    "UBOB": {"is_bot": True},
    "UGREG": {"is_gone": True},
}
MEMBERS = (IVAN, OLGA, LENA, BORIS, KIM, INA, ALF, SAM, LUKE, ADA, MAX)
MADE_UP = "0" * 20
_NO = tuple(say(code) for code in ("not_found", "not_a_member", "admins_only", "leaders_only"))


def begin(house: House) -> dict[str, str]:
    """Two handovers under way: one with everybody, one whose outgoing CSM is not on Slack."""
    for user in MEMBERS:
        house.meet(user, is_admin=user == ADA)
    house.meet(GIA, is_guest=True)
    for user, known in OUTSIDERS.items():
        house.meet(user, **known)
    receipt = Receipt(TEAM, "leaders")
    house.bot.errands.choose_settings(receipt, (LENA, BORIS, LUKE), ADA, per_person=False)
    house.office.roster.refresh()
    whole = start(house, "Northwind", Party(user=IVAN, name="Ivan"))
    does(house, whole, OLGA, e.Accepted)
    does(house, whole, IVAN, e.AnswerGiven, question="S2", said=Said(source="9.1", text="x"))
    for number, (to, by) in enumerate(((ALF, IVAN), (LENA, IVAN))):
        does(house, whole, by, e.SomebodyAsked, id=f"A{number}", question="S1", text="?", to=to,
             due="2026-12-01")  # fmt: skip
    ina = {"person": Party(user=INA, name="Ina"), "until": "2027-01-15"}
    does(house, whole, LENA, e.InterimNamed, **ina)
    does(house, whole, LENA, e.GuestsChosen, guests=[GIA])
    does(house, whole, IVAN, e.SomebodyAsked, id="A2", question="S1", text="?", to=GIA,
         due="2026-12-01")  # fmt: skip
    apart = start(house, "Contoso", Party(user=None, name="Ann"))
    does(house, apart, LENA, e.SourceNamed, user=SAM)
    return {"whole": whole, "apart": apart}


def start(house: House, account: str, outgoing: Party) -> str:
    now = house.clock.now()
    event = e.Started(
        at=now,
        by=KIM,
        id=account.lower().ljust(20, "0"),
        team=TEAM,
        playbook=house.bot.desk.playbooks.name,
        today=now.date(),
        account=account,
        segment=Segment.SMB,
        reason=Reason.REASSIGNMENT,
        outgoing=outgoing,
        incoming=Party(user=OLGA, name="Olga"),
        leader=LENA,
        backup=BORIS,
        day="2026-12-18",
        day_is=DateIs.SWITCH_BY,
        tellings={Role.OUTGOING: Telling(), Role.INCOMING: Telling()},
    )
    house.bot.desk.start(Receipt(TEAM, f"start-{account}"), event)
    return event.id


def does(house: House, handover: str, by: str, kind: type[e.Happened], **fields: object) -> None:
    made = kind.model_validate({"at": house.clock.now(), "by": by} | fields)
    event = e.EVENTS.validate_python(made)
    key = key_of(handover, by, str(fields), kind.__name__)
    house.bot.desk.record(Receipt(TEAM, key), handover, event)


Try = Callable[[str, str], list[Any]]


class Walk:
    """Everything that can be done about one handover, as somebody's client would send it."""

    def __init__(self, house: House, known: dict[str, str]) -> None:
        self.house = house
        self.known = known
        self.parts = {
            (user, h): parts(house.stored(h), user) | house.office.roster.parts(user)
            for h in known.values()
            for user in (*MEMBERS, GIA)
        }

    def tries(self, *, of_book: bool = False) -> Iterator[tuple[str, Do, Try]]:
        """The name of each thing to do, its row, and how somebody does it to a handover."""
        for name, do in doors.CLICKS.items():
            if is_of_book(name) is of_book:
                yield f"click {name}", do, partial(self._clicked, name)
        for name, do in doors.SUBMISSIONS.items():
            if is_of_book(name) is of_book:
                yield f"submit {name}", do, partial(self._submitted, name)
        if of_book:
            return
        for word, do in doors.WORDS.items():
            yield f"/handover {word}", do, partial(self._typed, word)
        yield "home", doors.HOME, lambda user, _h: self.house.home(user)
        shortcut = doors.SHORTCUTS[ADD_MESSAGE]
        yield "shortcut", shortcut, lambda user, _h: self.house.shortcut(user, ADD_MESSAGE)

    def nothing_there(self, user: str, tried: Try) -> str:
        """What somebody is answered for a handover that does not exist."""
        before = self.house.writes()
        said = about(tried(user, MADE_UP), MADE_UP)
        if self.house.writes() != before:
            self.house.restore()
        return said

    def _typed(self, word: str, user: str, handover: str) -> list[Any]:
        account = ACCOUNTS.get(handover, "Nowhere")
        asks = " who decides" if word == "ask" else ""
        return self.house.command(user, f"{word} {account}{asks}")

    def _clicked(self, name: str, user: str, handover: str) -> list[Any]:
        ref = Ref(h=handover, **(USUAL | ABOUT.get(name, {})))
        if name in IN_VIEW:
            view = {"id": "V1", "type": "modal", "callback_id": "x", "hash": "1",
                    "private_metadata": "{}", "state": {"values": VALUES}}  # fmt: skip
            return self.house.click_in_view(user, name, ref.dump(), view)
        return self.house.click(user, name, ref.dump())

    def _submitted(self, name: str, user: str, handover: str) -> list[Any]:
        ref = Ref(h=handover, **(USUAL | ABOUT.get(name, {})))
        picked = OPTIONS.get(name, {})
        values = {key: {"v": anything(picked.get(key, handover))} for key in VALUES}
        return self.house.submit(user, name, ref.dump(), values)


ACCOUNTS = {name.lower().ljust(20, "0"): name for name in ("Northwind", "Contoso")}
USUAL: dict[str, Any] = {"q": "S1", "p": "health", "v": "incoming", "k": "issue", "a": "A0"}
ABOUT: dict[str, dict[str, Any]] = {
    Act.HOME_TASK: {"v": "cover"},
    Act.TASK_SNOOZE: {"v": "1", "t": "answer_questions:UIVAN"},
    Act.PIECE_READ: {"p": "plan"},
    Act.KIT_COPY: {"r": "auto_reply"},
    Act.LISTEN_PAGE: {"v": "0"},
    Act.TAUGHT_RIGHT: {"v": "risk"},
    Act.TAUGHT_ADD: {"v": "risk"},
    Act.REASON_AGREE: {"v": "1"},
    Act.LETTER_OBJECT: {"p": "hello", "v": "1"},
    Act.MOOD_GIVE: {"r": "sentiment_3", "v": "same"},
    Act.CHECK_IN_WELL: {"r": "0"},
    Act.COVER_TICK: {"r": "R1", "v": "heads_up"},
    Act.COVER_BACK: {"r": "R1", "v": "heads_up"},
    Act.DEBRIEF_SAY: {"r": "S1", "v": "well"},
    Act.RHYTHM_SET: {"v": "7"},
    Act.CARE_DONE: {"r": "0"},
    Act.READ_TURN: {"v": "1"},
    Act.ITEM_ACCEPT: {"n": ("R1",)},
    Act.LINK_OPENS: {"n": ("k",)},
    Act.LINK_BROKEN: {"n": ("k",)},
    Act.PIECES_APPROVE: {"n": ("plan:1",)},
    Act.WAIVE_OPEN: {"v": "pack"},
    Form.WAIVE: {"v": "pack"},
    Form.COVER_PLAN: {"v": "0"},
    Form.CUSTOMER_AGREED: {"p": "hello", "v": "1"},
    Form.CUSTOMER_DATE: {"p": "hello", "v": "1"},
    Form.CUSTOMER_TALK: {"p": "hello", "v": "1"},
    Form.PIECE_CHANGES: {"p": "plan", "v": "1"},
    Form.DATES_SURE: {"v": "2026-12-20", "k": "switch_by"},
    Form.CHECK_IN: {"r": "0"},
    Act.KIT_DONE: {"r": "meetings"},
    Act.CUSTOMER_FINE: {"p": "hello", "v": "1"},
    Act.CUSTOMER_NAME: {"p": "hello", "v": "1"},
    Act.CUSTOMER_SILENT: {"p": "hello", "v": "1"},
    Act.LETTER_BACK: {"p": "hello", "v": "1"},
    Act.LETTER_SENT: {"p": "hello", "v": "1"},
    Act.LETTER_COPY: {"p": "hello", "v": "1"},
    Act.LETTER_MAIL: {"p": "hello", "v": "1"},
    Act.LIST_PAGE: {"v": "0"},
    Act.DIGEST_PAGE: {"v": "0"},
    Act.DIGEST_MORE: {"v": "0"},
    Act.REPORT_SEND: {"v": "90", "k": ""},
}
NOT_THERE = {
    *("click task-snooze", "click piece-read", "click pack-knock", "click digest-more"),
    *("click lesson-noted", "click draft-save", "submit start", "submit tellings", "submit mood"),
}
"""What these are about is not there, or not filled in."""
OPTIONS: dict[str, dict[str, str]] = {
    Form.CALL_TIME: {Field.MINUTES: "30"},
    Form.COVER_NOTE: {Field.OUTCOME: "heads_up", Field.HOW: "mail", Field.PERSON: OLGA},
    Form.SESSION: {Field.CHOICE: "shadow"},
    Form.DEBRIEF: {Field.CHOICE: "well"},
    Form.SIGN: {Field.RATING: "4"},
    Form.DATES: {Field.DAY_IS: "switch_by"},
    Form.REMINDERS: {Field.FREQUENCY: "daily"},
    Form.DIGEST: {Field.WEEKDAY: "1", Field.HOUR: "9", Field.ZONE: "UTC"},
}
IN_VIEW = {
    str(act)
    for act in (Act.START_MORE, Act.DRAFT_SAVE, Act.COVER_PAGE, Act.LISTEN_PAGE, Act.LISTEN_HELD)
} | {str(Act.POINT_ADD)}


def anything(option: str = "x") -> dict[str, Any]:
    """An input that has a value whatever kind it is."""
    return {
        "value": "Something",
        "selected_option": {"value": option},
        "selected_options": [{"value": option}],
        "selected_user": MAX,
        "selected_users": [MAX],
        "selected_date": "2026-12-01",
        "selected_conversation": "C1",
        "selected_date_time": 1_796_000_000,
        "selected_time": "09:00",
        "files": [],
    }


VALUES = {str(name): {"v": anything()} for name in (*Field, *BookField, "S1:text", "S1.health")}


def begin_book(house: House, book: str, *, started: bool) -> None:
    """Kim puts a book of Ivan's together for Lena to start; its one account is for Olga."""
    now = house.clock.now()
    opened = b.BookOpened(id=book, team=TEAM, at=now, by=KIM)
    house.bot.books.open(Receipt(TEAM, f"open-{book}"), opened)
    shared = Shared(
        outgoing=Party(user=IVAN, name="Ivan"),
        reason=Reason.LOAD_BALANCING,
        day=(now + timedelta(days=25)).date(),
        day_is=DateIs.SWITCH_BY,
        leader=LENA,
        backup=BORIS,
    )
    olga = Party(user=OLGA, name="Olga")
    row = Row(line=1, key="1", account=f"Account {book}", segment=Segment.SMB, incoming=olga)
    events: list[b.BookEvent] = [
        b.SharedSet(shared=shared, at=now, by=KIM),
        b.RowsRead(rows=(row,), at=now, by=KIM),
        b.LeaderAsked(at=now, by=KIM),
    ]
    told = {Role.OUTGOING: Telling(), Role.INCOMING: Telling()}
    begun = b.BookBegun(at=now, by=LENA, order="begin", today=now.date(), tellings=told)
    for number, event in enumerate([*events, begun] if started else events):
        house.bot.books.record(Receipt(TEAM, f"{book}-{number}"), book, event)
    if started:
        house.bot.books.carry(TEAM, book)


def refused(said: list[Any]) -> bool:
    return any(no in repr(said) for no in _NO)


_CHANCE = re.compile(r"\b(t|V)\d+\b|\b[0-9a-f]{20}\b")


def about(said: list[Any], handover: str) -> str:
    """What somebody was told, without the name of what they asked for."""
    return _CHANCE.sub("<id>", repr(said).replace(handover, "H"))
