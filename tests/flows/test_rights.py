"""Who may do what: every event with everybody, against one table."""

from typing import get_args

import pytest

from flows import events as e
from flows.handover import Given, Quoted, Said
from flows.knowledge.interview import respondents
from flows.rights import RIGHTS, may
from flows.terms import Role
from tests.flows.make import (
    BORIS,
    IVAN,
    KIM,
    LENA,
    MONDAY,
    NEVER,
    OLGA,
    PLAYBOOK,
    ZOE,
    Story,
    made_form,
    party,
)

EVERYBODY = (IVAN, OLGA, LENA, BORIS, KIM, ZOE, e.CLOCK)
"""Outgoing, incoming, leader, backup, creator, stranger and the clock."""

TABLE: dict[type[e.Happened], tuple[set[str], dict[str, object]]] = {
    e.Redrafted: ({KIM}, made_form()),
    e.Discarded: ({KIM}, {}),
    e.Opened: ({KIM}, {}),
    e.StartUndone: ({KIM, LENA, BORIS}, {}),
    e.Told: ({LENA, BORIS}, {"role": Role.INCOMING}),
    e.TimePassed: ({e.CLOCK}, {}),
    e.Accepted: ({OLGA}, {}),
    e.Declined: ({OLGA}, {}),
    e.IncomingNamed: ({LENA, BORIS}, {"incoming": party("UNEW")}),
    e.SourceNamed: ({LENA, BORIS}, {"user": "UNEW"}),
    e.Asked: ({IVAN, OLGA, LENA, BORIS, KIM}, {"id": "A1", "text": "?"}),
    e.AskAnswered: (
        {IVAN, OLGA, LENA, BORIS, KIM},
        {"ask": "A1", "said": Said(source="form", text="!")},
    ),
    e.PackAnswered: ({IVAN, OLGA, LENA, BORIS, KIM}, {"id": "F1", "text": "?"}),
    e.AnswerGiven: ({IVAN}, {"question": "S1", "said": Said(source="9", text="x")}),
    e.ValueGiven: (
        {IVAN},
        {"question": "S1", "part": "health", "given": Given(values=("green",))},
    ),
    e.NoneDeclared: ({IVAN}, {"question": "S1"}),
    e.UnknownDeclared: ({IVAN}, {"question": "S1"}),
    e.Skipped: ({IVAN}, {"question": "CH4"}),
    e.PutOff: ({IVAN}, {"question": "S1"}),
    e.SteppedBack: ({IVAN}, {"question": "S1"}),
    e.ChangeWished: ({IVAN}, {"question": "S1"}),
    e.AnswerKept: ({IVAN}, {"question": "S1"}),
    e.Resumed: ({IVAN, OLGA}, {}),
    e.OfferedPicked: ({IVAN}, {"question": "CH4"}),
    e.InterviewFinished: ({IVAN, OLGA}, {}),
    e.SaidEdited: ({IVAN}, {"source": "1795400000.000001", "text": "x", "edited": "2"}),
    e.SaidWithdrawn: ({IVAN}, {"source": "1795400000.000001"}),
    e.SaidMoved: ({IVAN}, {"source": "1795400000.000001", "question": "S2"}),
    e.MarkedSensitive: ({IVAN}, {"question": "S2", "sensitive": True}),
    e.RecordAdded: (
        {IVAN},
        {"id": "R2", "question": "S9", "kind": "issue", "details": {"what": "It"}},
    ),
    e.RecordChanged: ({IVAN}, {"id": "R1", "details": {"what": "It"}}),
    e.RecordRemoved: ({IVAN}, {"id": "R1"}),
    e.AddingDone: ({IVAN}, {"question": "S9"}),
    e.SectionFilled: ({IVAN}, {"answers": {"S1": {"text": "x"}}}),
    e.Pasted: ({IVAN, OLGA}, {"id": "P1", "text": "x"}),
    e.FileRead: ({IVAN, OLGA}, {"piece": "P0", "file": "F1"}),
    e.EarlierUsed: ({IVAN, OLGA}, {"earlier": "H0", "found": {}}),
    e.WroteAhead: ({OLGA}, {"id": "W1", "found": {}}),
    e.PrefillConfirmed: ({IVAN}, {"questions": ["S1"]}),
    e.UnsortedFiled: ({IVAN}, {"piece": "P0", "question": "S1"}),
    e.UnsortedDropped: ({IVAN, OLGA}, {"piece": "P0"}),
    # While somebody leads, nobody names a leader.
    e.LeaderNamed: (set(), {"leader": ZOE}),
    e.MessageAdded: (
        {IVAN, OLGA, LENA, BORIS, KIM},
        {"id": "M1", "text": "x", "quoted": Quoted(author=ZOE, at=MONDAY)},
    ),
    e.PersonGone: ({e.CLOCK}, {"user": ZOE}),
    e.QuestionLanded: ({e.CLOCK}, {"user": OLGA, "question": "S2", "ts": "1795400000.000002"}),
    e.ItemsAccepted: ({OLGA}, {"ids": ["R1"]}),
    e.ItemProposed: ({OLGA}, {"id": "R1", "proposal": {"what": "Less"}}),
    e.ProposalSettled: ({IVAN}, {"id": "R1", "agreed": True}),
    e.ItemDeclined: ({OLGA}, {"id": "R1", "why": "No"}),
    e.ItemSettled: ({LENA, BORIS}, {"id": "R1", "outcome": "withdraw"}),
    e.ItemDone: ({IVAN, OLGA, LENA, BORIS}, {"id": "R1"}),
    e.ItemReopened: ({OLGA}, {"id": "R1"}),
    e.PageTurned: ({OLGA}, {"page": 1}),
    e.LinksTicked: ({OLGA}, {"keys": ["k"], "opens": True}),
    e.LinkWaived: ({LENA, BORIS}, {"key": "k"}),
    e.EssentialsTicked: ({OLGA}, {"found": []}),
    e.PackAccepted: ({OLGA}, {}),
    e.PackReturned: ({OLGA}, {"questions": ["S1"], "text": "?"}),
    e.TaughtBack: ({OLGA}, {"answers": {"risk": "!"}}),
    e.TaughtMarked: ({IVAN, LENA, BORIS}, {"topic": "risk"}),
    e.TaughtSeen: ({OLGA}, {}),
    e.ReasonWorded: ({IVAN, OLGA, LENA, BORIS}, {"text": "We grow."}),
    e.ReasonAgreed: ({IVAN, OLGA}, {"version": 1}),
    e.SurenessGiven: ({IVAN}, {"question": "S2", "sureness": "guess"}),
    e.AsOfGiven: ({IVAN}, {"question": "S2", "part": "usage", "day": "2026-11-23"}),
    e.SomebodyAsked: (
        {IVAN},
        {"id": "A2", "question": "S2", "text": "?", "to": ZOE, "due": "2026-11-25"},
    ),
    e.AnswerRecorded: (
        {IVAN, OLGA, LENA, BORIS, KIM},
        {"ask": "A1", "text": "!", "who": "Sam", "on": "2026-11-23", "how": "call"},
    ),
    e.DaysOffLearned: ({e.CLOCK}, {"people": {IVAN: {"days": ["2026-12-08"]}}}),
    e.AwayGiven: (
        {IVAN, OLGA, LENA, BORIS},
        {"away": [{"first": "2026-12-07", "last": "2026-12-09"}]},
    ),
    e.MilestoneMoved: ({IVAN, OLGA, LENA, BORIS}, {"key": "call", "day": "2026-12-10"}),
    e.MilestoneDone: ({IVAN, OLGA, LENA, BORIS}, {"key": "call"}),
    e.MilestoneReopened: ({IVAN, OLGA, LENA, BORIS}, {"key": "call"}),
    e.IntroductionsPlanned: ({IVAN, OLGA, LENA, BORIS}, {"people": {}}),
    e.StakeholderTicked: (
        {IVAN, OLGA, LENA, BORIS},
        {"id": "R1", "step": "heads_up", "on": "2026-11-23"},
    ),
    e.CallTimed: (
        {IVAN, OLGA, LENA, BORIS},
        {"key": "call", "start": None, "zone": "UTC", "minutes": 30},
    ),
    e.InvitationFetched: ({IVAN, OLGA, LENA, BORIS}, {"key": "call"}),
    e.TickTakenBack: ({IVAN, OLGA, LENA, BORIS}, {"id": "R1", "step": "heads_up"}),
    e.WarningAnswered: (
        {LENA, BORIS},
        {"warning": "quarter_end", "choice": "go_on", "why": "They wish it so."},
    ),
    e.BackupNamed: ({LENA, BORIS}, {"user": None, "why": "Nobody else leads here."}),
    e.SentForApproval: ({IVAN, OLGA, LENA, BORIS}, {}),
    e.LetterWorded: (
        {IVAN, OLGA, LENA, BORIS},
        {"key": "hello", "version": 0, "text": "Good morning"},
    ),
    e.PiecesApproved: ({LENA, BORIS}, {"pieces": {"plan": 1}}),
    e.ChangesRequested: ({LENA, BORIS}, {"piece": "plan", "version": 1, "comment": "Later"}),
    e.PointWaived: ({LENA, BORIS}, {"what": "pack", "why": "!"}),
    e.Signed: ({IVAN, OLGA, LENA, BORIS}, {}),
    e.Completed: ({LENA, BORIS}, {}),
    e.HandoverPaused: ({LENA, BORIS}, {"why": "!", "until": "2026-12-08"}),
    e.HandoverTakenUp: ({LENA, BORIS}, {}),
    e.HandoverCancelled: ({LENA, BORIS}, {"why": "!"}),
    e.Reversed: ({LENA, BORIS}, {"why": "!"}),
    e.FollowedUp: ({LENA, BORIS}, {"key": "follow_up", "explained_again": False, "well": True}),
    e.AftercareBegun: ({LENA, BORIS}, {"owner": IVAN, "what": "!", "due": "2026-12-08"}),
    e.AftercareDone: ({IVAN, OLGA, LENA, BORIS}, {"number": 0}),
    e.MoodGiven: ({IVAN, OLGA}, {"round": "sentiment_3", "feeling": "same"}),
    e.ActionTaken: ({LENA, BORIS}, {"round": "sentiment_3", "what": "!", "due": "2026-12-08"}),
    e.ActionDone: ({LENA, BORIS}, {"round": "sentiment_3"}),
    e.RhythmSet: ({IVAN, OLGA, LENA, BORIS}, {"days": 7}),
    e.Touched: ({IVAN, OLGA, LENA, BORIS}, {"on": "2026-11-23"}),
    e.SessionLogged: (
        {IVAN, OLGA, LENA, BORIS},
        {"id": "S1", "kind": "shadow", "on": "2026-11-23"},
    ),
    e.SessionDebriefed: ({IVAN, OLGA, LENA, BORIS}, {"session": "S1", "went": "well"}),
    e.ReadinessGiven: ({OLGA}, {"score": 4}),
    e.ReadinessAsked: ({LENA, BORIS}, {}),
    e.LeadSwitched: ({IVAN, OLGA, LENA, BORIS}, {}),
    e.LetterObjected: ({IVAN, OLGA}, {"key": "hello", "version": 1, "why": "Too formal"}),
    e.TakenOutOfGroup: ({LENA, BORIS}, {}),
    e.ActionAdded: (
        {LENA, BORIS},
        {"id": "L1", "text": "Call the CFO", "owner": party(IVAN), "due": "2026-12-04"},
    ),
    e.CallsArranged: ({LENA, BORIS}, {"without_outgoing": True}),
    e.LetterSent: (
        {OLGA, LENA, BORIS},
        {"key": "hello", "version": 1, "on": "2026-11-23", "way": "mail"},
    ),
    # Where nobody has noted anything yet, nobody but a leader takes it back.
    e.SendingTakenBack: ({LENA, BORIS}, {"key": "hello", "marks": 1}),
    e.CustomerAnswered: ({IVAN, OLGA, LENA, BORIS}, {"key": "hello", "marks": 1, "says": "fine"}),
    e.OldContactDecided: ({LENA, BORIS}, {"key": "hello", "outcome": "go_on"}),
    e.TaskExtended: (
        {LENA, BORIS},
        {"key": "answer_questions:UIVAN", "day": "2026-12-01", "why": "He is ill."},
    ),
    e.CheckedIn: ({IVAN}, {"week": 0}),
    e.TaskReassigned: ({LENA, BORIS}, {"key": "answer_questions:UIVAN", "to": OLGA}),
    e.TaskWaived: ({LENA, BORIS}, {"key": "answer_questions:UIVAN", "why": "Enough."}),
    e.DatesChanged: (
        {LENA, BORIS},
        {"today": MONDAY.date(), "day": "2026-12-16", "day_is": "switch_by"},
    ),
    e.InterimNamed: ({LENA, BORIS}, {"person": party("UNEW"), "until": "2026-12-31"}),
    e.KitTicked: ({IVAN, OLGA, LENA, BORIS}, {"item": "meetings"}),
    e.LeaderChanged: ({LENA, BORIS}, {"leader": "UNEW", "backup": "UB"}),
    e.PersonBack: ({e.CLOCK}, {"user": IVAN}),
    e.PersonRenamed: ({e.CLOCK}, {"user": IVAN, "name": "Ivan II"}),
    e.AskedLess: ({IVAN, LENA, BORIS}, {}),
    e.GuestsChosen: ({LENA, BORIS}, {"guests": ["UGUEST"]}),
}


def underway() -> Story:
    """Kim started it for Ivan and Olga; Olga has accepted, Ivan has begun."""
    story = Story(by=KIM)
    story.does(OLGA, e.Accepted)
    story.says(IVAN, "x", question="S2")
    record = {"id": "R1", "question": "S9", "details": {"what": "It"}}
    story.does(IVAN, e.RecordAdded, kind="issue", **record)
    return story


def test_the_table_knows_every_event() -> None:
    assert set(TABLE) | {e.Started} == set(get_args(e.Event))
    assert set(RIGHTS) == set(TABLE) | {e.Started}


@pytest.mark.parametrize("kind", TABLE, ids=lambda kind: kind.__name__)
def test_only_those_in_the_table_may(kind: type[e.Happened]) -> None:
    story = underway()
    allowed, fields = TABLE[kind]
    events = {by: story.event(kind, by, **fields) for by in EVERYBODY}
    assert {by for by, event in events.items() if may(story.handover, PLAYBOOK, event)} == allowed
    for by in set(EVERYBODY) - allowed:
        assert story.refuses(by, kind, **fields) == "not_yours"


@pytest.mark.parametrize("kind", TABLE, ids=lambda kind: kind.__name__)
def test_whoever_is_untold_may_nothing(kind: type[e.Happened]) -> None:
    story = Story(by=KIM, tellings={Role.OUTGOING: NEVER, Role.INCOMING: NEVER})
    for by in (IVAN, OLGA):
        assert story.refuses(by, kind, **TABLE[kind][1]) == "not_yours"


@pytest.mark.parametrize("kind", TABLE, ids=lambda kind: kind.__name__)
def test_a_draft_is_moved_by_its_creator_alone(kind: type[e.Happened]) -> None:
    story = Story(by=KIM, draft=True)
    fields = TABLE[kind][1]
    for by in (IVAN, OLGA, LENA, BORIS, ZOE):
        assert story.refuses(by, kind, **fields) == "not_yours"
    if kind not in (e.Redrafted, e.Discarded, e.Opened):
        assert story.refuses(KIM, kind, **fields) in {"not_yours", "still_a_draft"}


def test_a_reply_or_record_that_is_not_there_is_no_oracle() -> None:
    story = underway()
    for by in (LENA, ZOE):
        assert story.refuses(by, e.SaidWithdrawn, source="none") == "not_yours"
        assert story.refuses(by, e.RecordRemoved, id="none") == "not_yours"


def test_an_event_that_has_no_rule_is_refused() -> None:
    story = underway()
    assert not may(story.handover, PLAYBOOK, story.journal[0])
    empty = e.SectionFilled(at=MONDAY, by=IVAN, answers={})
    assert not may(story.handover, PLAYBOOK, empty)


def test_whoever_is_told_nothing_of_a_discarded_draft_may_nothing() -> None:
    story = Story(by=KIM, draft=True)
    story.does(KIM, e.Discarded)
    for kind, (_, fields) in TABLE.items():
        for by in set(EVERYBODY) - {e.CLOCK}:
            assert story.refuses(by, kind, **fields) in {"not_yours", "not_found"}


def test_nobody_answers_in_the_interview_for_a_leader() -> None:
    story = Story(by=LENA, outgoing=party(None, "Ann"))
    assert respondents(story.handover, Role.LEADER) == ()


def test_a_leader_who_is_a_csm_of_the_row_decides_nothing() -> None:
    story = Story(backup=None)
    story.does(e.CLOCK, e.PersonGone, user=LENA)
    assert story.handover.leader == IVAN
    assert story.refuses(IVAN, e.IncomingNamed, incoming=party("UNEW")) == "not_yours"


def test_others_with_a_part_may_what_the_table_says_of_them() -> None:
    """Who leads in between may what everybody may who works on it; who is asked, only answers."""
    story = underway()
    ina = {"person": party("UINA"), "until": "2027-01-15"}
    story.does(LENA, e.InterimNamed, **ina)
    story.does(LENA, e.GuestsChosen, guests=["UGIA"])
    story.does(IVAN, e.SomebodyAsked, id="A1", question="S3", text="?", to=ZOE, due="2026-12-01")
    everybody = {k for k, (who, _) in TABLE.items() if {IVAN, OLGA, LENA, BORIS} <= who}
    wanted = {
        "UINA": everybody - {e.ReasonWorded},
        ZOE: {e.AskAnswered},
        "UGIA": {e.AskAnswered},
        "UADMIN": set(),
    }
    for by, allowed in wanted.items():
        events = [story.event(kind, by, **fields) for kind, (_, fields) in TABLE.items()]
        assert {type(one) for one in events if may(story.handover, PLAYBOOK, one)} == allowed
