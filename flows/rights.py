"""Who may bring an event about: the row of the table it stands in, and what is theirs in that row.

Everything that can happen to a handover is in exactly one row; what is in none is refused.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from flows import events as e
from flows.customer.to_send import find_spec, may_send
from flows.handover import Acceptance, Handover
from flows.knowledge.answering import find_record, find_said
from flows.knowledge.interview import may_answer, roles_answered_by
from flows.knowledge.replies import replied_in, unsorted_of
from flows.parts import Part, parts
from flows.playbook import Playbook
from flows.privacy import is_led, leads, may_know, may_take_part, outgoing_or_leader
from flows.taking_over.items import LEADERS_WORD, items
from flows.terms import Role
from flows.texts.wording import agreers
from flows.who_may import Do, granted

Theirs = Callable[[Handover, Playbook, e.Event], bool]


class Right(NamedTuple):
    """The row of an event. `theirs` tells what is one's own there; without it nothing is.

    `claims` is what whoever acts was found to be before, by those who know the workspace.
    """

    do: Do
    theirs: Theirs | None = None
    claims: Part | None = None


def _nobody_leads(handover: Handover, _playbook: Playbook, event: e.Event) -> bool:
    """Only where nobody leads; that it is an admin who acts is for those who know the workspace."""
    return not is_led(handover) and event.by != e.CLOCK


def _respondent(handover: Handover, _playbook: Playbook, event: e.Event) -> bool:
    return bool(roles_answered_by(handover, event.by))


def _has_accepted(handover: Handover, _playbook: Playbook, _event: e.Event) -> bool:
    """What is for the incoming CSM once they have taken the account over."""
    return handover.acceptance is Acceptance.ACCEPTED


def _stands_in(handover: Handover, _playbook: Playbook, event: e.Event) -> bool:
    """Whoever vouches for what the outgoing CSM knows, where they cannot."""
    return event.by == outgoing_or_leader(handover)


def _own_question(handover: Handover, playbook: Playbook, event: e.Event) -> bool:
    return may_answer(handover, playbook, event.by, getattr(event, "question", ""))


def _own_reply(handover: Handover, playbook: Playbook, event: e.Event) -> bool:
    source = getattr(event, "source", "")
    if found := replied_in(handover, source):
        return found[1].by == event.by and may_take_part(handover, event.by)
    if kept := unsorted_of(handover, source):
        return kept.by == event.by and may_take_part(handover, event.by)
    key = find_said(handover, source)
    if key is None:
        return _respondent(handover, playbook, event)
    return may_answer(handover, playbook, event.by, key)


def _own_answer(handover: Handover, playbook: Playbook, event: e.Event) -> bool:
    answer = handover.answers.get(getattr(event, "question", ""))
    return (
        answer is not None
        and event.by in answer.authors
        and _own_question(handover, playbook, event)
    )


def _own_record(handover: Handover, playbook: Playbook, event: e.Event) -> bool:
    if not _respondent(handover, playbook, event):
        return False
    record = find_record(handover, getattr(event, "id", ""))
    return may_answer(handover, playbook, event.by, record.question)


def _own_section(handover: Handover, playbook: Playbook, event: e.Event) -> bool:
    keys = event.answers if isinstance(event, e.SectionFilled) else {}
    return bool(keys) and all(may_answer(handover, playbook, event.by, key) for key in keys)


def _confirms(handover: Handover, playbook: Playbook, event: e.Event) -> bool:
    """Whoever may answer confirms; who reads only their own words, only what they brought."""
    keys = event.questions if isinstance(event, e.PrefillConfirmed) else ()
    knows = may_know(handover, event.by)
    return bool(keys) and all(
        may_answer(handover, playbook, event.by, key)
        and (knows or _brought(handover, event.by, key))
        for key in keys
    )


def _brought(handover: Handover, user: str, question: str) -> bool:
    prefill = handover.prefilled.get(question)
    return prefill is None or prefill.by == user


def _sorts(handover: Handover, playbook: Playbook, event: e.Event) -> bool:
    """Whoever answers sorts what was pasted; who reads only their own words, only their own."""
    kept = unsorted_of(handover, getattr(event, "piece", ""))
    own = kept is None or kept.by == event.by or may_know(handover, event.by)
    return own and _respondent(handover, playbook, event)


def _files(handover: Handover, playbook: Playbook, event: e.Event) -> bool:
    return _sorts(handover, playbook, event) and _own_question(handover, playbook, event)


def _decided_it(handover: Handover, playbook: Playbook, event: e.Event) -> bool:
    """Whoever had the last word opens an item again; what is done with, all who work on it do."""
    key = getattr(event, "id", "")
    item = next((item for item in items(handover) if item.id == key), None)
    if item is None or item.done:
        return True
    if item.decision.standing in LEADERS_WORD:
        return leads(handover, event.by)
    takes_over = event.by == handover.user(Role.INCOMING)
    return takes_over and _has_accepted(handover, playbook, event)


def _agrees(handover: Handover, _playbook: Playbook, event: e.Event) -> bool:
    return event.by in agreers(handover)


def _sends(handover: Handover, playbook: Playbook, event: e.Event) -> bool:
    """Whoever is to send the text."""
    spec = find_spec(handover, playbook, getattr(event, "key", ""))
    return spec is not None and may_send(handover, spec, event.by)


def _noted_it(handover: Handover, _playbook: Playbook, event: e.Event) -> bool:
    """Whoever noted the last thing about a text, unless a leader has decided about it since."""
    sent = handover.sending.by_key(getattr(event, "key", ""))
    last = sent and (sent.answer or sent)
    decided = sent and sent.answer and sent.answer.decided
    return last is not None and last.by == event.by and not decided


RIGHTS: Mapping[type[e.Happened], Right] = {
    e.Started: Right(Do.START),
    e.Redrafted: Right(Do.PREPARE),
    e.Discarded: Right(Do.PREPARE),
    e.Opened: Right(Do.PREPARE),
    e.StartUndone: Right(Do.UNDO),
    e.Accepted: Right(Do.ACCEPT),
    e.Declined: Right(Do.ACCEPT),
    e.AnswerGiven: Right(Do.ANSWER, _own_question),
    e.ValueGiven: Right(Do.ANSWER, _own_question),
    e.NoneDeclared: Right(Do.ANSWER, _own_question),
    e.UnknownDeclared: Right(Do.ANSWER, _own_question),
    e.Skipped: Right(Do.ANSWER, _own_question),
    e.PutOff: Right(Do.ANSWER, _own_question),
    e.SteppedBack: Right(Do.ANSWER, _own_question),
    e.ChangeWished: Right(Do.ANSWER, _own_question),
    e.AnswerKept: Right(Do.ANSWER, _own_question),
    e.Resumed: Right(Do.ANSWER, _respondent),
    e.OfferedPicked: Right(Do.ANSWER, _own_question),
    e.InterviewFinished: Right(Do.ANSWER, _respondent),
    e.MarkedSensitive: Right(Do.ANSWER, _own_answer),
    e.RecordAdded: Right(Do.ANSWER, _own_question),
    e.RecordChanged: Right(Do.ANSWER, _own_record),
    e.RecordRemoved: Right(Do.ANSWER, _own_record),
    e.AddingDone: Right(Do.ANSWER, _own_question),
    e.SectionFilled: Right(Do.ANSWER, _own_section),
    e.Pasted: Right(Do.ANSWER, _respondent),
    e.FileRead: Right(Do.ANSWER, _respondent),
    e.PrefillConfirmed: Right(Do.ANSWER, _confirms),
    e.UnsortedFiled: Right(Do.ANSWER, _files),
    e.UnsortedDropped: Right(Do.ANSWER, _sorts),
    e.SurenessGiven: Right(Do.ANSWER, _own_answer),
    e.AsOfGiven: Right(Do.ANSWER, _own_answer),
    e.EarlierUsed: Right(Do.OTHERS, _respondent),
    e.SomebodyAsked: Right(Do.OTHERS, _own_question),
    e.SaidEdited: Right(Do.CORRECT, _own_reply),
    e.SaidWithdrawn: Right(Do.CORRECT, _own_reply),
    e.SaidMoved: Right(Do.CORRECT, _own_reply),
    e.Asked: Right(Do.ASK),
    e.PackAnswered: Right(Do.ASK),
    e.MessageAdded: Right(Do.ASK),
    e.AnswerRecorded: Right(Do.ASK),
    e.AskAnswered: Right(Do.REPLY),
    e.WroteAhead: Right(Do.RECEIVE, _has_accepted),
    e.ItemsAccepted: Right(Do.RECEIVE, _has_accepted),
    e.ItemProposed: Right(Do.RECEIVE, _has_accepted),
    e.ItemDeclined: Right(Do.RECEIVE, _has_accepted),
    e.PageTurned: Right(Do.RECEIVE, _has_accepted),
    e.LinksTicked: Right(Do.RECEIVE, _has_accepted),
    e.EssentialsTicked: Right(Do.RECEIVE, _has_accepted),
    e.PackAccepted: Right(Do.RECEIVE, _has_accepted),
    e.PackReturned: Right(Do.RECEIVE, _has_accepted),
    e.TaughtBack: Right(Do.RECEIVE, _has_accepted),
    e.TaughtSeen: Right(Do.RECEIVE, _has_accepted),
    e.ReadinessGiven: Right(Do.RECEIVE, _has_accepted),
    e.ItemReopened: Right(Do.REOPEN, _decided_it),
    e.ProposalSettled: Right(Do.SETTLE, _stands_in),
    e.TaughtMarked: Right(Do.VOUCH),
    e.AskedLess: Right(Do.VOUCH),
    e.ReasonWorded: Right(Do.REASON, _agrees),
    e.ReasonAgreed: Right(Do.AGREE, _agrees),
    e.LetterObjected: Right(Do.SAY),
    e.MoodGiven: Right(Do.SAY),
    e.CheckedIn: Right(Do.CHECK_IN),
    e.ItemDone: Right(Do.WORK),
    e.AwayGiven: Right(Do.WORK),
    e.MilestoneMoved: Right(Do.WORK),
    e.MilestoneDone: Right(Do.WORK),
    e.MilestoneReopened: Right(Do.WORK),
    e.SentForApproval: Right(Do.WORK),
    e.LetterWorded: Right(Do.WORK),
    e.SessionLogged: Right(Do.WORK),
    e.SessionDebriefed: Right(Do.WORK),
    e.LeadSwitched: Right(Do.WORK),
    e.RhythmSet: Right(Do.WORK),
    e.Touched: Right(Do.WORK),
    e.Signed: Right(Do.WORK),
    e.AftercareDone: Right(Do.WORK),
    e.IntroductionsPlanned: Right(Do.WORK),
    e.StakeholderTicked: Right(Do.WORK),
    e.TickTakenBack: Right(Do.WORK),
    e.CallTimed: Right(Do.WORK),
    e.InvitationFetched: Right(Do.WORK),
    e.CustomerAnswered: Right(Do.WORK),
    e.KitTicked: Right(Do.WORK),
    e.LetterSent: Right(Do.SEND, _sends),
    e.SendingTakenBack: Right(Do.UNSEND, _noted_it),
    e.PiecesApproved: Right(Do.APPROVE),
    e.ChangesRequested: Right(Do.APPROVE),
    e.TakenOutOfGroup: Right(Do.APPROVE),
    e.ItemSettled: Right(Do.DECIDE),
    e.LinkWaived: Right(Do.DECIDE),
    e.WarningAnswered: Right(Do.DECIDE),
    e.ReadinessAsked: Right(Do.DECIDE),
    e.CallsArranged: Right(Do.DECIDE),
    e.OldContactDecided: Right(Do.DECIDE),
    e.DatesChanged: Right(Do.DECIDE),
    e.TaskExtended: Right(Do.TASKS),
    e.TaskReassigned: Right(Do.TASKS),
    e.TaskWaived: Right(Do.TASKS),
    e.ActionTaken: Right(Do.TASKS),
    e.ActionDone: Right(Do.TASKS),
    e.ActionAdded: Right(Do.TASKS),
    e.Told: Right(Do.PEOPLE),
    e.IncomingNamed: Right(Do.PEOPLE),
    e.SourceNamed: Right(Do.PEOPLE),
    e.BackupNamed: Right(Do.PEOPLE),
    e.InterimNamed: Right(Do.PEOPLE),
    e.LeaderChanged: Right(Do.PEOPLE),
    e.GuestsChosen: Right(Do.PEOPLE),
    e.PointWaived: Right(Do.END),
    e.Completed: Right(Do.END),
    e.HandoverPaused: Right(Do.END),
    e.HandoverTakenUp: Right(Do.END),
    e.HandoverCancelled: Right(Do.END),
    e.Reversed: Right(Do.END),
    e.FollowedUp: Right(Do.END),
    e.AftercareBegun: Right(Do.END),
    e.LeaderNamed: Right(Do.LEADER, _nobody_leads, claims=Part.ADMIN),
    e.TimePassed: Right(Do.TIME),
    e.PersonGone: Right(Do.TIME),
    e.QuestionLanded: Right(Do.TIME),
    e.DaysOffLearned: Right(Do.TIME),
    e.PersonBack: Right(Do.TIME),
    e.PersonRenamed: Right(Do.TIME),
}


def may(handover: Handover, playbook: Playbook, event: e.Event) -> bool:
    """Whether whoever did this had the right to; an event without a row is refused."""
    right = RIGHTS.get(type(event))
    if right is None:
        return False
    known = {right.claims} if right.claims else parts(handover, event.by)
    if granted(right.do, known):
        return True
    own = right.theirs
    return (
        own is not None and granted(right.do, known, theirs=True) and own(handover, playbook, event)
    )
