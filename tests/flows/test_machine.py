"""Whole handovers, played at random by random people: what must hold whatever happens."""

from datetime import time, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from typing_extensions import override

from flows import events as e
from flows.advance import Step, advance, replay
from flows.confidential.vault import (
    ChecksFilled,
    DeclineExplained,
    VaultEvent,
    VaultOpened,
    open_vault,
)
from flows.confidential.vault import advance_vault as shut
from flows.customer.introductions import Step as Taken
from flows.effects import Effect, Refresh
from flows.errors import FlowError
from flows.handover import FORM, File, Given, Handover, Said
from flows.knowledge.answering import find_said
from flows.knowledge.interview import answered, is_answered, next_question, put_to, respondents
from flows.passing import due_at
from flows.privacy import (
    as_read_by,
    is_asked,
    is_led,
    is_sensitive,
    may_know,
    may_open_vault,
    may_read_sensitive,
    may_take_part,
)
from flows.schedule.plan_warnings import plan_warnings
from flows.schedule.timeline import compose, make_plan
from flows.schedule.workdays import last_workday
from flows.taking_over.brief import make_brief
from flows.tasks import ADMINS, all_tasks, open_tasks
from flows.terms import Confidential, DateIs, FollowUp, Reason, RecordKind, Role, Segment, Sureness
from tests.flows.make import (
    BORIS,
    IVAN,
    KIM,
    LENA,
    NEVER,
    NOW,
    OLGA,
    PLAYBOOK,
    ZOE,
    Story,
    later,
    made_form,
    party,
)

# A failure is shrunk to a short story, which takes a while.
pytestmark = pytest.mark.timeout(300)

EVERYBODY = (IVAN, OLGA, LENA, BORIS, KIM, ZOE)
OPEN = "whatever is open"
ASKED = "whoever is asked"

people = st.sampled_from((ASKED,) * 8 + (IVAN, OLGA, OLGA, LENA, LENA, BORIS, KIM, ZOE))
asked = st.sampled_from(
    (OPEN,) * 20
    + ("S1", "S2", "S5", "S8", "S9", "SN1", "SN2", "CH1", "CH4", "OI1", "SK1", "DC1", "DC8")
    + ("TR2", "AT1", "SG0", "RS2", "UP1", "XX9")
)
words = st.sampled_from(
    (
        "All calm",
        "ok",
        "see Salesforce",
        "48k",
        "60",
        "- Ana – support\n- Tom",
        "Plan | later\n\nx",
        " ",
    )
)
tellings = st.sampled_from((NOW,) * 6 + (later(1), later(-1), NEVER))
parties = st.sampled_from((OLGA, OLGA, KIM, IVAN, LENA, BORIS, None)).map(party)
sources = st.integers(min_value=0, max_value=30)


class Handovers(RuleBasedStateMachine):
    """One handover, and beside it what it must not forget: every accepted reply, by its message."""

    def __init__(self) -> None:
        super().__init__()
        self.story = Story()
        self.dump = ""
        self.kept: dict[tuple[str, str], str] = {}
        self.settled: set[str] = set()
        self.number = 0

    @initialize(
        by=st.sampled_from((IVAN, IVAN, LENA, OLGA, KIM)),
        segment=st.sampled_from(Segment),
        reason=st.sampled_from(Reason),
        outgoing=st.sampled_from((IVAN, IVAN, IVAN, None)),
        incoming=st.sampled_from((OLGA, OLGA, None, "")),
        backup=st.sampled_from((BORIS, None)),
        told=st.fixed_dictionaries({Role.OUTGOING: tellings, Role.INCOMING: tellings}),
        draft=st.sampled_from((False, False, False, True)),
    )
    def start(self, outgoing: str | None, incoming: str | None, **fields: Any) -> None:  # noqa: ANN401
        fields["tellings"] = fields.pop("told")
        taker = None if incoming == "" else party(incoming, "Ann")
        self.story = Story(outgoing=party(outgoing, "Bob"), incoming=taker, **fields)
        self.check(None, Step(handover=self.story.handover, effects=self.story.effects))
        opening = {"at": self.story.at, "by": LENA, "handover": "H1", "team": "T1"}
        self.vaults = []
        for confidential in (Confidential.UNDERPERFORMING, None):
            event = VaultOpened.model_validate(opening | {"confidential": confidential})
            if may_open_vault(self.story.handover, LENA):
                self.vaults.append(open_vault(event, self.story.handover, PLAYBOOK).vault)

    def happens(self, kind: type[e.Happened], by: str, /, **fields: object) -> Handover | None:
        """Try it; gives the handover as it was before, nothing where it was refused."""
        story = self.story
        story.at += timedelta(minutes=7)
        by = self.person(by)
        event, before = story.event(kind, by, **fields), story.handover
        try:
            step = advance(before, event, PLAYBOOK)
        except FlowError:
            assert before.model_dump_json() == self.dump
            return None
        assert step == advance(before, event, PLAYBOOK)
        story.handover = step.handover
        story.journal.append(event)
        if step.handover is before:
            assert step.effects == ()
        else:
            assert step.handover.seq == before.seq + 1
            self.check(before, step)
        return before

    def check(self, before: Handover | None, step: Step) -> None:
        self.dump = step.handover.model_dump_json()
        assert Handover.model_validate_json(self.dump) == step.handover
        assert len(set(step.effects)) == len(step.effects)
        for effect in step.effects:
            left = before and isinstance(effect, Refresh) and may_know(before, effect.to)
            assert may_take_part(step.handover, effect.to) or left, effect

    def person(self, by: str) -> str:
        answering = respondents(self.story.handover, Role.OUTGOING) or (IVAN,)
        return answering[-1] if by == ASKED else by

    def resolved(self, by: str, question: str) -> str:
        """The question that is open for somebody, or else one that has an answer."""
        if question != OPEN:
            return question
        interview = self.story.handover.interviews.get(self.person(by))
        return (interview and interview.current) or next(iter(self.story.handover.answers), "S1")

    def source(self, number: int) -> str:
        """The source of some reply that stands, mostly."""
        known = sorted({source for _, source in self.kept})
        return known[number % len(known)] if known and number else "1795400000.999999"

    # --- What people say

    @rule(by=people, question=asked, text=words, old=st.booleans(), file=st.booleans())
    def reply(self, by: str, question: str, text: str, old: bool, file: bool) -> None:
        key = self.resolved(by, question)
        self.number += not old
        files = (File(id="F", name="f.pdf", url="https://f.example.com"),) if file else ()
        by = self.person(by)
        said = Said(source=f"1795400000.{self.number:06}", text=text, files=files)
        known = find_said(self.story.handover, said.source)
        interview = self.story.handover.interviews.get(by)
        replacing = bool(interview and interview.replacing and interview.current == key)
        if self.happens(e.AnswerGiven, by, question=key, said=said) and not known:
            if replacing:
                self.forget(lambda kept: kept[0] == key)
            self.kept[key, said.source] = text

    @rule(by=people, number=sources, text=words, edited=st.integers(1, 9))
    def edit(self, by: str, number: int, text: str, edited: int) -> None:
        before, source = self.story.handover, self.source(number)
        fields = {"source": source, "text": text, "edited": str(edited)}
        if self.happens(e.SaidEdited, by, **fields) and self.story.handover is not before:
            key = find_said(before, source) or ""
            assert all(
                piece.edited < str(edited)
                for piece in before.answers[key].said
                if piece.source == source
            )
            self.kept[key, source] = text
            if not find_said(self.story.handover, source):
                assert not text.strip()
                del self.kept[key, source]

    @rule(by=people, number=sources)
    def withdraw(self, by: str, number: int) -> None:
        source = self.source(number)
        if self.happens(e.SaidWithdrawn, by, source=source):
            self.forget(lambda kept: kept[1] == source)

    @rule(by=people, number=sources)
    def move(self, by: str, number: int) -> None:
        source = self.source(number)
        key = find_said(self.story.handover, source) or "S1"
        if before := self.happens(e.SaidMoved, by, source=source, question=key):
            old, new = find_said(before, source), find_said(self.story.handover, source)
            assert old
            assert new
            assert old != new
            self.kept[new, source] = self.kept.pop((old, source))

    @rule(
        by=people, question=asked, text=words, value=st.sampled_from(("green", "2026-12-01", "9"))
    )
    def fill(self, by: str, question: str, text: str, value: str) -> None:
        by = self.person(by)
        key = self.resolved(by, question)
        found = PLAYBOOK.by_id.get(key)
        given = {part.key: {"values": [value]} for part in (found.parts if found else ())[:1]}
        interview = self.story.handover.interviews.get(by)
        before = self.happens(e.SectionFilled, by, answers={key: {"text": text, "given": given}})
        if before and text.strip():
            still = self.story.handover.interviews.get(by)
            if interview and interview.replacing and interview.current == key:
                self.forget(lambda kept: kept[0] == key and self.gone(kept))
            assert still
            self.kept[key, FORM] = text

    def gone(self, kept: tuple[str, str]) -> bool:
        answer = self.story.handover.answers.get(kept[0])
        return kept[1] not in {piece.source for piece in (answer.said if answer else ())}

    def forget(self, which: Any) -> None:  # noqa: ANN401 - a small test on a key
        self.kept = {key: text for key, text in self.kept.items() if not which(key)}

    @rule(
        by=people,
        question=asked,
        which=st.integers(0, 3),
        value=st.sampled_from(("green", "enterprise", "smb", "2026-12-01", "48k", "all_open")),
    )
    def give(self, by: str, question: str, which: int, value: str) -> None:
        key = self.resolved(by, question)
        parts = PLAYBOOK.by_id[key].parts if key in PLAYBOOK.by_id else ()
        part = parts[which % len(parts)].key if parts else "none"
        self.happens(e.ValueGiven, by, question=key, part=part, given=Given(values=(value,)))

    @rule(by=people, number=st.integers(0, 5), question=asked, kind=st.sampled_from(RecordKind))
    def record(self, by: str, number: int, question: str, kind: RecordKind) -> None:
        key, title = self.resolved(by, question), PLAYBOOK.specs[kind].fields[0].key
        fields = {"id": f"R{number}", "question": key, "details": {title: "It"}}
        self.happens(e.RecordAdded, by, **fields, kind=kind)

    @rule(by=people, number=st.integers(0, 9), remove=st.booleans())
    def rerecord(self, by: str, number: int, remove: bool) -> None:
        records = self.story.handover.records
        key = records[number % len(records)].id if records else "R0"
        if remove:
            self.happens(e.RecordRemoved, by, id=key)
        else:
            self.happens(e.RecordChanged, by, id=key, details={"what": "That", "name": "Ana"})

    # --- How people move

    @rule(by=people, text=words, number=sources)
    def change(self, by: str, text: str, number: int) -> None:
        """Somebody puts an answer again and replies to it, as people do."""
        answered = [*self.story.handover.answers, "S1"]
        self.happens(e.ChangeWished, by, question=answered[number % len(answered)])
        self.reply(by=by, question=OPEN, text=text, old=False, file=False)

    @rule(by=people)
    def complete(self, by: str) -> None:
        """Somebody says that they know nothing of what is open, to get on."""
        self.happens(e.UnknownDeclared, by, question=self.resolved(by, OPEN))

    @rule(
        by=people,
        question=asked,
        kind=st.sampled_from(
            (
                *(e.NoneDeclared, e.UnknownDeclared, e.Skipped, e.PutOff, e.PutOff, e.SteppedBack),
                *(e.ChangeWished, e.ChangeWished, e.AnswerKept, e.OfferedPicked, e.AddingDone),
            )
        ),
    )
    def click(self, by: str, question: str, kind: type[e.Happened]) -> None:
        self.happens(kind, by, question=self.resolved(by, question))

    @rule(by=people, question=asked, sensitive=st.booleans())
    def mark(self, by: str, question: str, sensitive: bool) -> None:
        """What is kept close is to everybody else as if it had never been said."""
        key = self.resolved(by, question)
        marked = self.happens(e.MarkedSensitive, by, question=key, sensitive=sensitive)
        after = self.story.handover
        if marked and may_know(after, KIM):
            close = may_read_sensitive(after, KIM)
            assert (key in as_read_by(after, PLAYBOOK, KIM).answers) is (
                close or not is_sensitive(PLAYBOOK.by_id[key], after.answers[key])
            )

    @rule(
        by=people,
        kind=st.sampled_from((e.Resumed, e.InterviewFinished, e.Accepted, e.Declined, e.Opened)),
    )
    def act(self, by: str, kind: type[e.Happened]) -> None:
        self.happens(kind, by)

    @rule(by=people, segment=st.sampled_from(Segment), incoming=parties, keep=st.integers(0, 5))
    def redraft(self, by: str, segment: Segment, incoming: object, keep: int) -> None:
        if keep:
            form = made_form(segment=segment, incoming=incoming, leader=LENA, backup=None)
            self.happens(e.Redrafted, by, **form)
        else:
            self.happens(e.Discarded, by)

    @rule(by=people, leader=st.sampled_from(EVERYBODY))
    def lead(self, by: str, leader: str) -> None:
        if self.happens(e.LeaderNamed, by, leader=leader):
            assert is_led(self.story.handover)

    @rule(
        by=people,
        number=st.integers(0, 3),
        kind=st.sampled_from((e.AskAnswered, e.Asked, e.PackAnswered)),
        knock=st.booleans(),
    )
    def ask(self, by: str, number: int, kind: type[e.Happened], knock: bool) -> None:
        if kind is e.AskAnswered:
            self.happens(kind, by, ask=f"A{number}", said=Said(source=FORM, text="Yes"))
        else:
            also = {"knock": knock} if kind is e.Asked else {}
            self.happens(kind, by, id=f"A{number}", text="Why?", about="S1", **also)
        found = {known.id for known in self.story.handover.found}
        assert found.isdisjoint(ask.id for ask in self.story.handover.asks)

    @rule(by=people, to=st.sampled_from(("", *EVERYBODY)), question=asked, number=st.integers(0, 2))
    def ask_for_an_answer(self, by: str, to: str, question: str, number: int) -> None:
        key, due = self.resolved(by, question), self.story.at.date()
        whom = {"to": to, "whom": "" if to else "Sam Lee"}
        self.happens(e.SomebodyAsked, by, id=f"B{number}", question=key, text="?", due=due, **whom)

    @rule(by=st.sampled_from(EVERYBODY), number=st.integers(0, 2), record=st.booleans())
    def answer_for_somebody(self, by: str, number: int, record: bool) -> None:
        heard = {"text": "Yes", "who": "Sam", "on": self.story.at.date(), "how": "call"}
        said = {"said": Said(source=FORM, text="Yes")}
        kind, fields = (e.AnswerRecorded, heard) if record else (e.AskAnswered, said)
        if self.happens(kind, by, ask=f"B{number}", **fields):
            ask = next(ask for ask in self.story.handover.asks if ask.id == f"B{number}")
            self.kept[ask.about, f"{ask.id}.{len(ask.replies)}"] = "Yes"
            assert len({reply.by for reply in ask.replies}) == 1

    @rule(by=people, question=asked, sureness=st.sampled_from(Sureness))
    def rate(self, by: str, question: str, sureness: Sureness) -> None:
        self.happens(e.SurenessGiven, by, question=self.resolved(by, question), sureness=sureness)

    @rule(by=people, text=words, place=st.sampled_from(("", "Risks", "Gossip")), question=asked)
    def add_message(self, by: str, text: str, place: str, question: str) -> None:
        quoted = {"author": ZOE, "at": self.story.at}
        where = {"section": place, "question": "" if place else self.resolved(by, question)}
        self.happens(e.MessageAdded, by, id="M1", text=text, quoted=quoted, **where)

    @rule(by=people, text=words)
    def paste(self, by: str, text: str) -> None:
        self.happens(e.Pasted, by, id="P1", text=text)

    @rule(by=people, number=st.integers(0, 5), mail=st.booleans(), step=st.sampled_from(Taken))
    def introduce(self, by: str, number: int, mail: bool, step: Taken) -> None:
        key = next((r.id for r in self.story.handover.records[number:]), "R0")
        intended = {key: {"channel": "mail" if mail else "call", "place": number}}
        self.happens(e.IntroductionsPlanned, by, people=intended)
        today = self.story.at.date()
        if self.happens(e.StakeholderTicked, by, id=key, step=step, on=today):
            self.happens(e.TickTakenBack, by, id=key, step=step)

    @rule(by=people, key=st.sampled_from(sorted(PLAYBOOK.calls)), start=st.none() | st.times())
    def call(self, by: str, key: str, start: time | None) -> None:
        self.happens(e.CallTimed, by, key=key, start=start, zone="UTC", minutes=45)
        self.happens(e.InvitationFetched, by, key=key)

    # --- Who comes and goes

    @rule(by=people, incoming=parties)
    def name(self, by: str, incoming: object) -> None:
        if self.happens(e.IncomingNamed, by, incoming=incoming):
            self.forget(lambda kept: PLAYBOOK.by_id[kept[0]].asked_of is Role.INCOMING)

    @rule(by=people, user=st.sampled_from(EVERYBODY))
    def ask_somebody_else(self, by: str, user: str) -> None:
        self.happens(e.SourceNamed, by, user=user)

    @rule(by=st.sampled_from((LENA, BORIS, KIM)), days=st.integers(-2, 60), leaves=st.booleans())
    def change_dates(self, by: str, days: int, leaves: bool) -> None:
        today = self.story.at.date()
        is_ = DateIs.LAST_DAY if leaves else DateIs.SWITCH_BY
        day = last_workday(today + timedelta(days=days))
        self.happens(e.DatesChanged, by, today=today, day=day, day_is=is_)

    @rule(by=st.sampled_from((LENA, BORIS, KIM)), user=st.sampled_from(EVERYBODY))
    def change_leader(self, by: str, user: str) -> None:
        self.happens(e.LeaderChanged, by, leader=user)

    @rule(by=st.sampled_from((LENA, BORIS, KIM)), user=st.sampled_from(EVERYBODY))
    def stand_in(self, by: str, user: str) -> None:
        until = self.story.at.date() + timedelta(days=30)
        self.happens(e.InterimNamed, by, person=party(user), until=until)

    @rule(user=st.sampled_from(EVERYBODY), back=st.booleans())
    def rename(self, user: str, back: bool) -> None:
        if back:
            self.happens(e.PersonBack, e.CLOCK, user=user)
        else:
            self.happens(e.PersonRenamed, e.CLOCK, user=user, name=f"{user} Novak")

    @rule(by=people, role=st.sampled_from(Role))
    def tell(self, by: str, role: Role) -> None:
        self.happens(e.Told, by, role=role)

    @rule(user=st.sampled_from(EVERYBODY), really=st.integers(0, 4))
    def leave(self, user: str, really: int) -> None:
        self.happens(e.PersonGone, e.CLOCK if really == 1 else user, user=user)

    @rule(days=st.integers(0, 3))
    def wait(self, days: int) -> None:
        self.story.at += timedelta(days=days)
        if self.happens(e.TimePassed, e.CLOCK):
            due = due_at(self.story.handover, PLAYBOOK)
            assert due is None or due > self.story.at

    @rule(by=st.sampled_from(EVERYBODY), text=st.sampled_from(("", "Facts")), decline=st.booleans())
    def leaders(self, by: str, text: str, decline: bool) -> None:
        """Leader-only acts, on two vaults that differ in the confidential reason alone."""
        happened = {"at": self.story.at, "by": by}
        event: VaultEvent = ChecksFilled.model_validate(
            happened | {"answers": {"UP1": {"text": text}}, "note": text}
        )
        if decline:
            event = DeclineExplained.model_validate(happened | {"text": text or "No"})
        told: list[str | tuple[Effect, ...]] = []
        for place, vault in enumerate(self.vaults):
            try:
                step = shut(vault, self.story.handover, event, PLAYBOOK)
            except FlowError as refused:
                told.append(refused.code)
            else:
                self.vaults[place] = step.vault
                told.append(step.effects)
        assert len(set(told)) <= 1

    # --- What holds

    @invariant()
    def nothing_said_is_lost(self) -> None:
        said = {
            (key, piece.source): piece.text
            for key, answer in self.story.handover.answers.items()
            for piece in answer.said
        }
        assert said == self.kept

    @invariant()
    def records_belong_to_an_answer_and_stand_once(self) -> None:
        handover = self.story.handover
        assert len({record.id for record in handover.records}) == len(handover.records)
        for record in handover.records:
            assert record.question in handover.answers
            assert all(record.details.values())
            typed = {piece.source for piece in handover.answers[record.question].said}
            assert not record.source or record.source in typed

    @invariant()
    def an_open_question_is_put_or_the_person_rests(self) -> None:
        handover = self.story.handover
        for role in (Role.OUTGOING, Role.INCOMING) if handover.started_at else ():
            for user in respondents(handover, role):
                interview, following = (
                    handover.interviews[user],
                    next_question(handover, PLAYBOOK, user),
                )
                current = PLAYBOOK.by_id.get(interview.current or "")
                assert bool(current) or interview.resting or following is None
                assert not (current and interview.resting)
                if current:
                    assert current in put_to(handover, PLAYBOOK, user)
                    assert interview.replacing or not is_answered(handover, current)

    @invariant()
    def nobody_is_asked_for_more_of_what_was_settled(self) -> None:
        handover = self.story.handover
        settled = {key for key, state in handover.follow_ups.items() if state is FollowUp.DONE}
        assert self.settled <= settled
        self.settled = settled

    @invariant()
    def a_plan_is_the_one_that_would_be_made_anew(self) -> None:
        handover = self.story.handover
        if handover.started_at:
            anew = compose(Handover.model_validate_json(self.dump), PLAYBOOK)
            assert make_plan(handover, PLAYBOOK) == anew

    @invariant()
    def what_speaks_against_a_plan_is_found_anew_each_time(self) -> None:
        handover = self.story.handover
        if handover.started_at:
            anew = Handover.model_validate_json(self.dump).model_copy(update={"id": "anew"})
            assert plan_warnings(handover, PLAYBOOK) == plan_warnings(anew, PLAYBOOK)

    @invariant()
    def what_is_answered_is_what_would_be_worked_out_anew(self) -> None:
        anew = Handover.model_validate_json(self.dump)
        assert answered(self.story.handover, PLAYBOOK) == answered(anew, PLAYBOOK)

    @invariant()
    def what_is_remembered_is_what_would_be_worked_out_anew(self) -> None:
        handover = self.story.handover
        if handover.seq % 5 == 0:
            all_tasks(handover, PLAYBOOK)
            due_at(handover, PLAYBOOK)
            assert not forgotten(handover, Handover.model_validate_json(self.dump))

    @invariant()
    def whoever_may_not_know_is_not_there(self) -> None:
        handover = self.story.handover
        for task in all_tasks(handover, PLAYBOOK):
            assert task.owner == ADMINS or may_take_part(handover, task.owner)
        for viewer in EVERYBODY:
            if not may_know(handover, viewer):
                owed = open_tasks(handover, PLAYBOOK, viewer)
                assert all(task.owner == viewer for task in owed)
                assert not owed or is_asked(handover, viewer)
                assert not may_open_vault(handover, viewer)
                assert brief_code(handover, viewer) == "not_found"
                read = as_read_by(handover, PLAYBOOK, viewer)
                assert {said.by for a in read.answers.values() for said in a.said} <= {viewer}
                assert {record.by for record in read.records} <= {viewer}

    @override
    def teardown(self) -> None:
        assert replay(self.story.journal, PLAYBOOK) == self.story.handover


def forgotten(handover: Handover, anew: Handover) -> list[str]:
    """What is remembered of a handover, and is not so."""
    return [
        compute.__name__
        for unmoved in object.__getattribute__(handover, "_known").values()
        for compute, results in unmoved.items()
        for args, found in results.items()
        if compute(anew, *args) != found
    ]


def brief_code(handover: Handover, viewer: str) -> str:
    try:
        make_brief(handover, PLAYBOOK, viewer, handover.created_at)
    except FlowError as refused:
        return refused.code
    return ""


TestHandovers = Handovers.TestCase
TestHandovers.settings = settings(max_examples=150, stateful_step_count=50)
