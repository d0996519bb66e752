"""Handovers with a word of its own planted in every field, so that it shows where each comes out.

A canary says which handover and which field it stands in: `canary17riskwhatq`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from random import Random
from typing import Any, NamedTuple

from flows.advance import start
from flows.confidential.vault import Explained, Vault
from flows.customer.moods import Check, Feeling, Moods, Signal
from flows.customer.sent import Sending, Sent, Way
from flows.end.endings import Ended, Ending, Gap, Visit
from flows.end.kits import Kit, KitItem, Ticked
from flows.handover import (
    Acceptance,
    Answer,
    Answered,
    Ask,
    Choice,
    Decision,
    Essential,
    File,
    Found,
    Given,
    Handover,
    Heard,
    Interview,
    Known,
    Move,
    Origin,
    Party,
    Prefill,
    Quoted,
    Reading,
    Record,
    Returned,
    Said,
    Schedule,
    Stage,
    Standing,
    Taught,
    TeachBack,
    Telling,
    Tick,
    Topic,
    Unsorted,
    Verdict,
    Warn,
    When,
    Wording,
)
from flows.nudges.ruling import Ruling
from flows.playbook import Question
from flows.side_by_side.check_ins import CheckIn
from flows.side_by_side.leading import Debrief, Leading, Readiness, Session, SessionKind, Span, Went
from flows.staffing.changes import Changes, DatesChange, Interim, PersonChange
from flows.staffing.guests import Admitted, Guests
from flows.terms import Confidential, DateIs, How, PartKind, Reason, RecordKind, Role, Segment
from flows.texts.composing import letter_specs
from flows.texts.letters import Approval, Letters, PlanVersion, Remark, Version
from flows.texts.pieces import customer_days
from tests.make import IVAN, KIM, LENA, NOW, OLGA, default_playbook, make_started

BOOK = default_playbook()
BORIS, ZOE, TESS, GUS = "U0BORIS", "U0ZOE", "U0TESS", "U0GUS"
"""The backup, somebody who is asked one thing, and a stranger. Kim only started it for others."""

_CANARY = re.compile(r"canary(\d+)([a-z0-9]+)q", re.IGNORECASE)
_CLOSE, _HOME = "CC2", "SK1"
"""The question that is sensitive by itself, and the one under which records are listed."""
OLGAS, LEADERS = "olgasmood", "leadersvisit"
"""A line that only its author and leaders read, and notes that only leaders read."""
TOLD = ("Fix comes with release 9", "On Monday by mail", "told Ana in June")
DENIED = ("", "-", "Nothing so far", "not yet", "We haven't told them", "No.", "n/a", "internal")
"""What was noted of what a customer was told, and that they were told nothing."""


class Canary(NamedTuple):
    """A planted word: of which handover, and in which field."""

    number: int
    field: str


def canaries(text: str) -> set[Canary]:
    """Every planted word in a text, whatever became of its letters."""
    return {Canary(int(number), field.lower()) for number, field in _CANARY.findall(text)}


@dataclass(frozen=True)
class Planted:
    """One handover and its vault; `known` are the fields whose words the customer knows."""

    number: int
    handover: Handover
    vault: Vault
    known: frozenset[str]

    @cached_property
    def fields(self) -> frozenset[str]:
        """Every field that has a canary, of the vault too."""
        texts = self.handover.model_dump_json() + self.vault.model_dump_json()
        return frozenset(canary.field for canary in canaries(texts))

    @cached_property
    def of_vault(self) -> frozenset[str]:
        return frozenset(canary.field for canary in canaries(self.vault.model_dump_json()))

    @cached_property
    def close(self) -> frozenset[str]:
        """The fields that only the CSMs and leaders read."""
        return frozenset(field for field in self.fields if field.startswith("close"))

    def allowed(self, fields: frozenset[str]) -> set[Canary]:
        return {Canary(self.number, field) for field in fields}


class _Hand:
    """Plants in one handover."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.chance = Random(number)  # noqa: S311 - the same handover in every run

    def word(self, field: str) -> str:
        return f"canary{self.number}{field.lower()}q"

    def said(self, field: str) -> Said:
        """A reply with a text, an address, a file, and from whom it was heard."""
        ts = f"{self.number}.{len(field):06}"
        file = File(
            id=f"F{self.number}",
            name=f"{self.word(field + 'file')}.pdf",
            url=f"https://files.example.com/{self.word(field + 'url')}",
        )
        link = f"https://docs.example.com/{self.word(field + 'link')}"
        heard = Heard(who=self.word(f"{field}heard"), on=NOW.date(), how=How.CALL)
        text = f"It is so: {self.word(field)} <{link}>"
        return Said(source=ts, text=text, by=OLGA, links=(link,), files=(file,), heard=heard)

    def often(self, share: float) -> bool:
        return self.chance.random() < share


def planted(number: int) -> Planted:
    """One handover, of another kind each time: who knows of it, how far it is, what it holds."""
    hand = _Hand(number)
    known: set[str] = {"account"}
    handover = _begun(hand).model_copy(
        update={
            "answers": dict(_answers(hand)),
            "records": (*_records(hand, known), _action()),
            "unsorted": tuple(_unsorted(hand)),
            "asks": tuple(_asks(hand)),
            "found": (Found(id="D", by=IVAN, at=NOW, text=hand.word("closefound"), about=_CLOSE),),
            "prefilled": _prefilled(hand),
            "reading": _reading(hand),
            "teach_back": _teach_back(hand) if hand.often(0.7) else None,
            "wording": _wording(hand) if hand.often(0.8) else None,
            "schedule": _schedule(hand),
            "leading": _leading(hand),
            "moods": _moods(hand),
            "changes": _changes(hand),
            "check_ins": (CheckIn(by=OLGA, at=NOW, help=hand.word("closehelp")),),
            "rulings": {"milestone:call": _let_be(hand)},
            "guests": Guests(admitted=(Admitted(user=GUS, by=LENA, at=NOW),)),
            "interviews": {OLGA: Interview(current="S4", asked=("S1", "S4"), menu=True)},
        }
    )
    if handover.started_at and number % 5 == 4:
        handover = handover.model_copy(update=_over(hand))
    known |= {"wording"} & ({"wording"} if handover.wording else set())
    if handover.wording:
        handover = handover.model_copy(update={"letters": _letters(handover, hand)})
        first = letter_specs(handover, BOOK)[0]
        sent = Sent(
            key=first.key,
            letter=first.letter,
            version=2,
            by=OLGA,
            at=NOW,
            on=NOW.date(),
            way=Way.MAIL,
        )
        handover = handover.model_copy(update={"sending": Sending(sent=(sent,))})
    return Planted(number, handover, _vault(hand), frozenset(known))


def _action() -> Record:
    """What a leader gave Olga to do."""
    given = Decision(
        standing=Standing.PASSED,
        by=LENA,
        at=NOW,
        until=NOW.date(),
        keeper=Party(user=OLGA, name="Olga"),
    )
    details = {"what": "Call them", "due": NOW.date().isoformat()}
    return Record(
        id="ACTION",
        kind=RecordKind.ISSUE,
        question="",
        details=details,
        by=LENA,
        at=NOW,
        decision=given,
    )


def _begun(hand: _Hand) -> Handover:
    told = Telling(when=When.NOW)
    never = Telling(when=When.NEVER)
    tellings = {
        Role.OUTGOING: told if hand.often(0.8) else never,
        Role.INCOMING: told if hand.often(0.8) else never,
    }
    event = make_started(
        id=f"H{hand.number}",
        account=f"Account {hand.word('account')}",
        by=hand.chance.choice([KIM, LENA]),
        backup=BORIS,
        segment=hand.chance.choice(list(Segment)),
        reason=hand.chance.choice(list(Reason)),
        tellings=tellings,
        arr=Decimal(hand.chance.randrange(10_000, 900_000)),
        crm_link=f"https://crm.example.com/{hand.word('crm')}",
        draft=hand.often(0.05),
    )
    handover = start(event, BOOK).handover
    incoming = Party(user=IVAN, name="Ivan", gone=hand.often(0.05))
    change = {"acceptance": hand.chance.choice(list(Acceptance)), "incoming": incoming}
    return handover.model_copy(update=change)


def _answers(hand: _Hand) -> Iterator[tuple[str, Answer]]:
    """A dozen answers, the close one always, another one close because its author said so."""
    always = {_CLOSE, "TR1", _HOME}
    asked = [q for q in BOOK.questions if q.confidential is None and q.id not in always]
    some = hand.chance.sample(asked, 10)
    marked = some[0].id
    for question in [*some, BOOK.by_id[_CLOSE], BOOK.by_id["TR1"]]:
        close = question.id in {marked, _CLOSE}
        field = f"{'close' if close else 'answer'}{question.id}"
        yield (
            question.id,
            Answer(
                by=OLGA,
                at=NOW,
                verdict=Verdict.GIVEN,
                said=(hand.said(field),),
                given=dict(_given(hand, question, field)),
                sensitive=question.id == marked,
                returned=Returned(by=IVAN, at=NOW, text=hand.word(f"{field}returned")),
            ),
        )


def _given(hand: _Hand, question: Question, field: str) -> Iterator[tuple[str, Given]]:
    for part in question.parts:
        match part.kind:
            case PartKind.CHOICE:
                yield part.key, Given(values=(part.options[0].value,))
            case PartKind.DATE:
                yield part.key, Given(values=("2026-12-18",))
            case PartKind.NUMBER:
                yield part.key, Given(values=("60",))
            case PartKind.PEOPLE:
                yield part.key, Given(values=(KIM,))
            case PartKind.TEXT | PartKind.LINK:
                yield part.key, Given(values=(hand.word(f"{field}{part.key}".replace("_", "")),))


def _records(hand: _Hand, known: set[str]) -> Iterator[Record]:
    """One of each kind, and one in confidence; whether the customer knows of it is chance."""
    for kind in RecordKind:
        tells = hand.often(0.5)
        yield planted_record(hand.number, kind, known=tells, word=hand.word)
        if tells and kind in (RecordKind.COMMITMENT, RecordKind.ISSUE):
            known.add(f"{kind}0")
    close = planted_record(
        hand.number,
        RecordKind.COMMITMENT,
        known=True,
        word=lambda f: hand.word(f"close{f}"),
    )
    yield close.model_copy(update={"question": _CLOSE, "id": f"RC{hand.number}"})


def planted_record(
    number: int, kind: RecordKind, *, known: bool, word: Callable[[str], str]
) -> Record:
    """A record with a word in each field that takes one: `word` makes it from the kind and the
    field's place. `known` tells whether the customer knows of it.
    """
    details = {}
    for place, part in enumerate(BOOK.specs[kind].fields):
        match part.kind:
            case PartKind.CHOICE:
                details[part.key] = part.options[number % len(part.options)].value
            case PartKind.DATE:
                details[part.key] = "2026-12-18"
            case PartKind.LINK:
                details[part.key] = f"https://docs.example.com/{word(f'{kind}{place}')}"
            case _:
                details[part.key] = word(f"{kind}{place}")
    if "in_writing" in details:
        details["in_writing"] = "yes" if known else "no"
    if "last_told" in details:
        words = f"{TOLD[number % len(TOLD)]} {word(f'{kind}told')}"
        details["last_told"] = words if known else DENIED[number % len(DENIED)]
    decision = Decision(
        standing=(Standing.PROPOSED, Standing.DECLINED)[number % 2],
        by=IVAN,
        at=NOW,
        why=word(f"{kind}why"),
        proposal={"what": word(f"{kind}proposal")},
    )
    item = kind in (RecordKind.COMMITMENT, RecordKind.ISSUE)
    return Record(
        id=f"R{number}{kind}",
        kind=kind,
        question=_HOME,
        details=details,
        by=OLGA,
        at=NOW,
        decision=decision if item else Decision(),
    )


def _unsorted(hand: _Hand) -> Iterator[Unsorted]:
    for field, question in (("pasted", ""), ("closepasted", _CLOSE)):
        said = hand.said(field)
        yield Unsorted(
            id=f"P{field}{hand.number}",
            by=OLGA,
            at=NOW,
            text=said.text,
            files=said.files,
            links=said.links,
            question=question,
            note=hand.word(f"{field}note"),
            quoted=Quoted(author=hand.word(f"{field}author"), at=NOW),
        )


def _asks(hand: _Hand) -> Iterator[Ask]:
    people = (("ask", IVAN, OLGA, "S1"), ("closeask", IVAN, LENA, _CLOSE), ("aside", LENA, ZOE, ""))
    for field, by, to, about in people:
        reply = hand.said(f"{field}reply").model_copy(update={"by": to})
        yield Ask(
            id=f"A{field}",
            by=by,
            to=to,
            at=NOW,
            text=hand.word(field),
            about=about,
            fills=to == ZOE,
            whom=hand.word(f"{field}whom"),
            replies=(reply,) if hand.often(0.5) else (),
        )


def _prefilled(hand: _Hand) -> dict[str, Prefill]:
    return {
        key: Prefill(
            by=OLGA,
            at=NOW,
            origin=Origin.PASTED,
            source=f"P{hand.number}",
            known=Known(text=hand.word(field), raw=hand.word(f"{field}raw")),
        )
        for key, field in (("S5", "prefill"), (_CLOSE, "closeprefill"))
    }


def _reading(hand: _Hand) -> Reading:
    tick = Tick(by=IVAN, at=NOW, opens=False)
    return Reading(
        page=1,
        furthest=1,
        ticks={f"https://docs.example.com/{hand.word('document1')}": tick},
        found=(Essential.USE_CASE,),
        rounds=1,
        accepted_at=NOW if hand.often(0.5) else None,
    )


def _teach_back(hand: _Hand) -> TeachBack:
    return TeachBack(
        at=NOW,
        items=tuple(
            Taught(
                topic=topic,
                about=_CLOSE if topic is Topic.SENSITIVE else "S1",
                answer=hand.word(f"taught{topic}"),
                right=False,
                added=hand.word(f"added{topic}"),
                marked_by=OLGA,
            )
            for topic in Topic
        ),
    )


def _wording(hand: _Hand) -> Wording:
    return Wording(
        text=f"Words: {hand.word('wording')}",
        by=LENA,
        at=NOW,
        version=2,
        agreed=(IVAN,),
        waited=hand.often(0.5),
        despite=hand.word("despite"),
    )


def _changes(hand: _Hand) -> Changes:
    """Dates and the leader changed, somebody leads in between, and the last day is near."""
    on: dict[str, Any] = {"by": LENA, "at": NOW}
    is_ = DateIs.LAST_DAY
    before, day = NOW.date(), NOW.date() + timedelta(days=9)
    dates = DatesChange(was=before, was_is=is_, now=day, now_is=is_, why=hand.word("dates"), **on)
    person = PersonChange(role=Role.LEADER, was=TESS, now=LENA, why=hand.word("leader"), **on)
    stands_in = PersonChange(role=Role.INTERIM, was="", now=BORIS, **on)
    interim = Interim(user=BORIS, name="Boris", until=day, **on) if hand.often(0.2) else None
    kit = Kit(at=NOW, done={KitItem.CRM: Ticked(by=IVAN, at=NOW)}) if hand.often(0.7) else Kit()
    return Changes(dates=(dates,), people=(person, stands_in), interim=interim, kit=kit)


def _schedule(hand: _Hand) -> Schedule:
    move = Move(
        key="introduction",
        day=NOW.date() + timedelta(days=14),
        by=LENA,
        at=NOW,
        why=hand.word("moved"),
        insisted=True,
    )
    helper = Party(user=None, name=hand.word("helper"))
    decided = Answered(choice=Choice.HELP, by=LENA, at=NOW, why=hand.word("warned"), person=helper)
    return Schedule(moves=(move,), answered={Warn.HOURS: decided, Warn.NOTICE: decided})


def _letters(handover: Handover, hand: _Hand) -> Letters:
    """Every text in two versions: a leader's own words, one to be changed, one that waits."""
    drafts = {}
    for place, spec in enumerate(letter_specs(handover, BOOK)):
        before, text = (f"Dear ⟦customer⟧, {hand.word(name)}" for name in ("draftold", "draft"))
        first = Version(number=1, text=before, by=OLGA, at=NOW)
        second = Version(number=2, text=text, by=OLGA, at=NOW)
        match place % 3:
            case 0:
                objection = Remark(by=OLGA, at=NOW, text=hand.word("objection"))
                own = {"by": LENA, "approved": _approval(hand), "objections": (objection,)}
                second = second.model_copy(update=own)
            case 1:
                wish = Remark(by=LENA, at=NOW, text=hand.word("wish"))
                second = second.model_copy(update={"wanted": wish})
            case _:
                pass
        drafts[spec.key] = (first, second)
    return Letters(
        drafts=drafts,
        plan=(PlanVersion(number=1, days=customer_days(handover, BOOK), at=NOW),),
        asked_by=OLGA,
        asked_at=NOW,
        rounds=(NOW,),
        opened_at=NOW if hand.often(0.5) else None,
        alone=hand.word("alone"),
    )


def _approval(hand: _Hand) -> Approval:
    return Approval(by=LENA, at=NOW, why=hand.word("approved"))


def _leading(hand: _Hand) -> Leading:
    """Olga led, a session was held, and Ivan does not feel ready; by chance he leads."""
    debrief = Debrief(went=Went.BADLY, at=NOW, note=hand.word("closedebrief"))
    session = Session(
        id="G1",
        kind=SessionKind.SHADOW,
        on=NOW.date(),
        lead=OLGA,
        observer=IVAN,
        by=OLGA,
        at=NOW,
        note=hand.word("closesession"),
        debriefs={IVAN: debrief},
    )
    spans = tuple(Span(who=who, since=NOW, by=LENA) for who in (OLGA, IVAN))
    return Leading(
        spans=spans,
        switched_at=NOW if hand.often(0.5) else None,
        sessions=(session,),
        readiness=(Readiness(score=2, at=NOW, missing=hand.word("closemissing")),),
        said_by=LENA,
        why=hand.word("leadwhy"),
    )


def _moods(hand: _Hand) -> Moods:
    """A red round with a line of Olga's, which nobody but she and leaders read."""
    said = {"feeling": Feeling.WORSE, "signals": (Signal.ESCALATION,)}
    line = hand.word(OLGAS)
    check = Check(round="sentiment_1", by=OLGA, at=NOW, note=line, **said)
    return Moods(checks=(check,)) if hand.number % 3 else Moods()


def _let_be(hand: _Hand) -> Ruling:
    """A step that need not be taken, and why."""
    return Ruling(by=LENA, at=NOW, waived=True, why=hand.word("letbe"))


def _over(hand: _Hand) -> dict[str, object]:
    """Complete, with a follow-up whose notes only leaders read; or cancelled, and why."""
    if hand.number % 2:
        why, customer = hand.word("cancelled"), hand.word("closecustomer")
        ended = Ended(by=LENA, at=NOW, why=why, customer=customer)
        return {"stage": Stage.CANCELLED, "ending": Ending(cancelled=ended)}
    notes, gap = hand.word(LEADERS), Gap(question="S1", words=hand.word("closegap"))
    known = {"explained_again": True, "gaps": (gap,), "well": False, "notes": notes}
    visit = Visit(key="follow_up", by=LENA, at=NOW, **known)
    ending = Ending(completed=Ended(by=LENA, at=NOW), visits=(visit,))
    return {"stage": Stage.COMPLETE, "ending": ending}


def _vault(hand: _Hand) -> Vault:
    answers = {
        question.id: Answer(
            by=LENA,
            at=NOW,
            said=(hand.said(f"vault{question.id}"),),
            given=dict(_given(hand, question, f"vault{question.id}")),
        )
        for question in BOOK.questions
        if question.confidential
    }
    why = Explained(by=IVAN, at=NOW, text=hand.word("vaultdecline"))
    return Vault(
        handover=f"H{hand.number}",
        team="T1",
        confidential=hand.chance.choice([*Confidential, None]),
        answers=answers,
        declines=(why,),
        note=hand.word("vaultnote"),
        checked_at=NOW if hand.often(0.5) else None,
        seq=3,
    )
