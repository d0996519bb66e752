"""Everybody there is, and everything that they can try."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import insert

from bot.books.ids import BookAct, BookField, BookForm, is_of_book
from bot.desk import Receipt
from bot.ids import ADD_MESSAGE, Act, Draft, Field, Form, Ref
from bot.listeners import doors
from bot.payloads import key_of
from bot.views.errors import say
from bot.views.staffing.start_form import NONE
from flows import events as e
from flows.books import events as b
from flows.books.book import Shared
from flows.books.rows import Row
from flows.handover import Party, Said, Telling, When
from flows.knowledge.interview import is_answered, put_to
from flows.parts import parts
from flows.reports.lessons import ENOUGH
from flows.reports.weekly import ChannelDigest
from flows.terms import DateIs, Reason, RecordKind, Role, Segment
from flows.who_may import Do
from storage import tables
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
    champion = {"kind": RecordKind.STAKEHOLDER, "details": {"name": "Ana"}}
    does(house, whole, IVAN, e.RecordAdded, id="R1", question="SK1", **champion)
    does(house, whole, IVAN, e.Pasted, id="N1", text="They pay late")
    apart = start(house, "Contoso", Party(user=None, name="Ann"))
    does(house, apart, LENA, e.SourceNamed, user=SAM)
    sent = start(house, "Adatum", Party(user=IVAN, name="Ivan"))
    send(house, sent)
    happens_beside(house, (whole, apart, sent))
    return {"whole": whole, "apart": apart, "sent": sent}


def send(house: House, handover: str) -> None:
    """Everything is answered, read and agreed to, and waits for Lena's approval."""
    playbook = house.bot.desk.playbooks.current
    does(house, handover, OLGA, e.Accepted)
    for user in (OLGA, IVAN):
        for question in put_to(house.stored(handover), playbook, user):
            if not is_answered(house.stored(handover), question):
                does(house, handover, user, e.UnknownDeclared, question=question.id)
    does(house, handover, OLGA, e.PackAccepted)
    for user in (OLGA, IVAN):
        does(house, handover, user, e.ReasonAgreed, version=1)
    does(house, handover, LENA, e.BackupNamed, user=BORIS)
    does(house, handover, IVAN, e.SentForApproval)


def happens_beside(house: House, all_of_them: tuple[str, ...]) -> None:
    """What is not told by a handover itself: a digest, reminders, and what follow-ups taught."""
    known = {"weekday": 0, "hour": 9, "zone": "UTC", "by": LENA, "since": house.clock.now()}
    digest = ChannelDigest.model_validate({"channel": "D1", "name": "all"} | known)
    house.office.digests.choose(Receipt(TEAM, "digest"), digest, "")
    house.bot.ticker.ticks["reminders"].work()
    gap = {"team": TEAM, "question": "S1", "segment": Segment.SMB.value}
    assert len(all_of_them) == ENOUGH
    with house.bot.database.write() as connection:
        connection.execute(insert(tables.gaps), [gap | {"handover": one} for one in all_of_them])
    house.office.roster.refresh()


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


def does(house: House, handover: str, by: str, kind: type[e.Happened], /, **fields: object) -> None:
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
        self.accounts: dict[str, str] = {}
        """The handover of a book's one account."""
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
        about = self._about(name, handover)
        if name in IN_VIEW:
            view = {"id": "V1", "type": "modal", "callback_id": "x", "hash": "1",
                    "private_metadata": DRAFT.dump(), "state": {"values": VALUES}}  # fmt: skip
            return self.house.click_in_view(user, name, about, view)
        if name == Act.TASK_SNOOZE:
            days = {"type": "static_select", "selected_option": {"value": "1"}}
            return self.house.click(user, name, about, **days)
        return self.house.click(user, name, about)

    def _submitted(self, name: str, user: str, handover: str) -> list[Any]:
        picked = OPTIONS.get(name, {})
        values = {key: {"v": anything(picked.get(key, handover))} for key in VALUES}
        if name in STARTS:
            return self.house.submit(user, name, DRAFT.dump(), values)
        if name == BookForm.WHICH:
            account = anything(Ref(h=self.accounts.get(handover, handover)).dump())
            values |= {BookField.ACCOUNT: {"v": account}}
        return self.house.submit(user, name, self._about(name, handover), values)

    def _about(self, name: str, handover: str) -> str:
        about = self.accounts.get(handover, handover) if name in OF_ACCOUNT else handover
        return Ref(h=about, **(USUAL | ABOUT.get(name, {}))).dump()


ACCOUNTS = {name.lower().ljust(20, "0"): name for name in ("Northwind", "Contoso", "Adatum")}
USUAL: dict[str, Any] = {"q": "S1", "p": "health", "v": "incoming", "k": "issue", "a": "A0"}
ABOUT: dict[str, dict[str, Any]] = {
    Act.HOME_TASK: {"v": "cover"},
    Act.TASK_SNOOZE: {"t": "answer_questions:UIVAN"},
    Act.PIECE_READ: {"p": "plan"},
    Act.ANSWER_MENU: {"q": "S2", "p": "", "v": "guess"},
    Act.RECORD_MENU: {"v": "change", "r": "R1"},
    Act.LESSON_NOTED: {"q": "S1"},
    Form.MOOD: {"p": "say_mood", "r": "sentiment_1"},
    Form.LETTER: {"p": "hello", "v": "1", "k": ""},
    Form.UNSORTED_FILE: {"v": "N1"},
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
    BookAct.SHOW: {"v": "mine", "k": "accept"},
    BookAct.OFFER_PAGE: {"v": "0"},
    BookAct.OFFER_ALL: {"v": "1"},
    BookAct.APPROVE_PAGE: {"p": "load_balancing-smb", "v": "0"},
    BookAct.APPROVE_READ: {"v": "1"},
    BookAct.APPROVE_APART: {"v": "1"},
    BookAct.APPROVE_ALL: {"n": ("plan:1=1",)},
    BookAct.SEND_ALL: {"v": "1"},
    BookAct.SEVERAL: {"v": "pause"},
    BookForm.SEVERAL: {"v": "pause"},
    BookForm.SURE: {"v": "pause", "n": ("1",)},
    BookForm.FORMS: {"v": "Snapshot"},
}
OF_ACCOUNT = {
    *(BookAct.GO_ON, BookAct.CONFIRM, BookAct.FORMS, BookForm.FORMS),
}
"""What of a book is about one of its accounts."""
THEIRS = {
    *("click task-snooze", "click pack-knock", "click lesson-noted", "submit mood"),
    "click piece-read",
}
"""What some who may in general do not get through to: it is not theirs, or not there yet."""
OPTIONS: dict[str, dict[str, str]] = {
    Form.CALL_TIME: {Field.MINUTES: "30"},
    Form.COVER_NOTE: {Field.OUTCOME: "heads_up", Field.HOW: "mail", Field.PERSON: OLGA},
    Form.START: {
        Field.SEGMENT: "smb",
        Field.REASON: "load_balancing",
        Field.CONFIDENTIAL: NONE,
        Field.DAY_IS: "switch_by",
    },
    Form.MOOD: {Field.CHOICE: "same", Field.SIGNALS: "escalation"},
    Form.READY: {Field.CHOICE: "4"},
    Form.UNSORTED_FILE: {Field.QUESTION: "S1"},
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


STARTS = {Form.START, Form.TELLINGS}
DRAFT = Draft(
    account="Fabrikam",
    outgoing=IVAN,
    incoming=OLGA,
    segment=Segment.SMB,
    reason=Reason.LOAD_BALANCING,
    leader=LENA,
    day="2026-12-18",
    day_is=DateIs.SWITCH_BY,
)
"""What the start form carries."""
VALUES = {str(name): {"v": anything()} for name in (*Field, *BookField, "S1:text", "S1.health")}


BOOK_STAGES = ("prepared", "undone", "started", "sent")


def begin_book(house: House, book: str, stage: str) -> None:
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
    at_once, later = Telling(), Telling(when=When.LATER, at=now + timedelta(days=1))
    telling = later if stage == "undone" else at_once
    told = {Role.OUTGOING: telling, Role.INCOMING: telling}
    begun = b.BookBegun(at=now, by=LENA, order="begin", today=now.date(), tellings=told)
    undone = b.BookUndone(at=now, by=LENA, order="undo")
    more: Mapping[str, list[b.BookEvent]] = {"prepared": [], "undone": [begun, undone]}
    for number, event in enumerate([*events, *more.get(stage, [begun])]):
        house.bot.books.record(Receipt(TEAM, f"{book}-{number}"), book, event)
    house.bot.books.carry(TEAM, book)
    if stage == "sent":
        send(house, house.accounts_of(book)[0].id)


def refused(said: list[Any]) -> bool:
    return any(no in repr(said) for no in _NO)


_CHANCE = re.compile(r"\b(t|V)\d+\b|\b[0-9a-f]{20}\b")


def about(said: list[Any], handover: str) -> str:
    """What somebody was told, without the name of what they asked for."""
    return _CHANCE.sub("<id>", repr(said).replace(handover, "H"))
