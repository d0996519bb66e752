"""Who may bring an event about, read from the stored handover; what is not listed is refused."""

from collections.abc import Callable, Mapping

from flows import events as e
from flows.answering import find_record, find_said
from flows.handover import Acceptance, Handover
from flows.interview import may_answer, roles_answered_by
from flows.items import LEADERS_WORD, items
from flows.playbook import Playbook
from flows.privacy import (
    is_csm,
    is_led,
    leads,
    may_know,
    may_read_sensitive,
    may_take_part,
    outgoing_or_leader,
    told_user,
)
from flows.replies import replied_in, unsorted_of
from flows.terms import Role
from flows.to_send import find_spec, may_send
from flows.wording import agreers

Right = Callable[[Handover, Playbook, e.Event], bool]


def _clock(_handover: Handover, _playbook: Playbook, event: e.Event) -> bool:
    return event.by == e.CLOCK


def _creator(handover: Handover, _playbook: Playbook, event: e.Event) -> bool:
    return event.by == handover.created_by


def _creator_or_leader(handover: Handover, playbook: Playbook, event: e.Event) -> bool:
    return _creator(handover, playbook, event) or _leader(handover, playbook, event)


def _nobody_leads(handover: Handover, _playbook: Playbook, event: e.Event) -> bool:
    """Only where nobody leads; that it is an admin who acts is for those who know the workspace."""
    return not is_led(handover) and event.by != e.CLOCK


def _leader(handover: Handover, _playbook: Playbook, event: e.Event) -> bool:
    return leads(handover, event.by) and may_know(handover, event.by)


def _incoming(handover: Handover, _playbook: Playbook, event: e.Event) -> bool:
    return event.by == handover.user(Role.INCOMING) and may_know(handover, event.by)


def _knows(handover: Handover, _playbook: Playbook, event: e.Event) -> bool:
    return may_know(handover, event.by)


def _respondent(handover: Handover, _playbook: Playbook, event: e.Event) -> bool:
    return bool(roles_answered_by(handover, event.by))


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


def _asks_of(handover: Handover, playbook: Playbook, event: e.Event) -> bool:
    """Who answers a question and knows of the handover may ask others about it."""
    return _knows(handover, playbook, event) and _own_question(handover, playbook, event)


def _takes_part(handover: Handover, _playbook: Playbook, event: e.Event) -> bool:
    return may_take_part(handover, event.by)


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


def _knowing_respondent(handover: Handover, playbook: Playbook, event: e.Event) -> bool:
    return may_know(handover, event.by) and _respondent(handover, playbook, event)


def _receiver(handover: Handover, _playbook: Playbook, event: e.Event) -> bool:
    """The incoming CSM, once they have taken the account over."""
    accepted = handover.acceptance is Acceptance.ACCEPTED
    return accepted and event.by == told_user(handover, Role.INCOMING)


def _vouches(handover: Handover, _playbook: Playbook, event: e.Event) -> bool:
    return may_know(handover, event.by) and event.by == outgoing_or_leader(handover)


def _works_on_it(handover: Handover, _playbook: Playbook, event: e.Event) -> bool:
    return may_read_sensitive(handover, event.by)


def _decided_it(handover: Handover, playbook: Playbook, event: e.Event) -> bool:
    """Whoever had the last word opens an item again; what is done with, all who work on it do."""
    key = getattr(event, "id", "")
    item = next((item for item in items(handover) if item.id == key), None)
    if item is None or item.done:
        return _works_on_it(handover, playbook, event)
    if item.decision.standing in LEADERS_WORD:
        return _leader(handover, playbook, event)
    return _receiver(handover, playbook, event)


def _vouches_or_leads(handover: Handover, playbook: Playbook, event: e.Event) -> bool:
    return _vouches(handover, playbook, event) or _leader(handover, playbook, event)


def _agrees(handover: Handover, _playbook: Playbook, event: e.Event) -> bool:
    return event.by in agreers(handover)


def _checks_in(handover: Handover, _playbook: Playbook, event: e.Event) -> bool:
    return event.by == told_user(handover, Role.OUTGOING)


def _csm(handover: Handover, _playbook: Playbook, event: e.Event) -> bool:
    return is_csm(handover, event.by)


def _agrees_or_leads(handover: Handover, playbook: Playbook, event: e.Event) -> bool:
    return _agrees(handover, playbook, event) or _leader(handover, playbook, event)


def _sends(handover: Handover, playbook: Playbook, event: e.Event) -> bool:
    """Whoever sends the text, and leaders, who also send for others."""
    spec = find_spec(handover, playbook, getattr(event, "key", ""))
    if spec is None:
        return _leader(handover, playbook, event)
    return may_send(handover, spec, event.by)


def _noted_it(handover: Handover, _playbook: Playbook, event: e.Event) -> bool:
    """Whoever noted the last thing about a text, unless a leader has decided about it since."""
    sent = handover.sending.by_key(getattr(event, "key", ""))
    last = sent and (sent.answer or sent)
    decided = sent and sent.answer and sent.answer.decided
    own = last is not None and last.by == event.by and not decided
    return may_know(handover, event.by) and (own or leads(handover, event.by))


RIGHTS: Mapping[type[e.Happened], Right] = {
    e.Redrafted: _creator,
    e.Discarded: _creator,
    e.Opened: _creator,
    e.StartUndone: _creator_or_leader,
    e.Told: _leader,
    e.TimePassed: _clock,
    e.Accepted: _incoming,
    e.Declined: _incoming,
    e.IncomingNamed: _leader,
    e.SourceNamed: _leader,
    e.Asked: _knows,
    e.AskAnswered: _takes_part,
    e.PackAnswered: _knows,
    e.AnswerGiven: _own_question,
    e.ValueGiven: _own_question,
    e.NoneDeclared: _own_question,
    e.UnknownDeclared: _own_question,
    e.Skipped: _own_question,
    e.PutOff: _own_question,
    e.SteppedBack: _own_question,
    e.ChangeWished: _own_question,
    e.AnswerKept: _own_question,
    e.Resumed: _respondent,
    e.OfferedPicked: _own_question,
    e.InterviewFinished: _respondent,
    e.SaidEdited: _own_reply,
    e.SaidWithdrawn: _own_reply,
    e.SaidMoved: _own_reply,
    e.MarkedSensitive: _own_answer,
    e.RecordAdded: _own_question,
    e.RecordChanged: _own_record,
    e.RecordRemoved: _own_record,
    e.AddingDone: _own_question,
    e.SectionFilled: _own_section,
    e.Pasted: _respondent,
    e.FileRead: _respondent,
    e.EarlierUsed: _knowing_respondent,
    e.WroteAhead: _receiver,
    e.PrefillConfirmed: _confirms,
    e.UnsortedFiled: _files,
    e.UnsortedDropped: _sorts,
    e.LeaderNamed: _nobody_leads,
    e.MessageAdded: _knows,
    e.PersonGone: _clock,
    e.QuestionLanded: _clock,
    e.ItemsAccepted: _receiver,
    e.ItemProposed: _receiver,
    e.ProposalSettled: _vouches,
    e.ItemDeclined: _receiver,
    e.ItemSettled: _leader,
    e.ItemDone: _works_on_it,
    e.ItemReopened: _decided_it,
    e.PageTurned: _receiver,
    e.LinksTicked: _receiver,
    e.LinkWaived: _leader,
    e.EssentialsTicked: _receiver,
    e.PackAccepted: _receiver,
    e.PackReturned: _receiver,
    e.TaughtBack: _receiver,
    e.TaughtMarked: _vouches_or_leads,
    e.TaughtSeen: _receiver,
    e.ReasonWorded: _agrees_or_leads,
    e.ReasonAgreed: _agrees,
    e.SurenessGiven: _own_answer,
    e.AsOfGiven: _own_answer,
    e.SomebodyAsked: _asks_of,
    e.AnswerRecorded: _knows,
    e.DaysOffLearned: _clock,
    e.AwayGiven: _works_on_it,
    e.MilestoneMoved: _works_on_it,
    e.MilestoneDone: _works_on_it,
    e.MilestoneReopened: _works_on_it,
    e.WarningAnswered: _leader,
    e.BackupNamed: _leader,
    e.SentForApproval: _works_on_it,
    e.LetterWorded: _works_on_it,
    e.PiecesApproved: _leader,
    e.ChangesRequested: _leader,
    e.LetterObjected: _csm,
    e.TakenOutOfGroup: _leader,
    e.TaskExtended: _leader,
    e.CheckedIn: _checks_in,
    e.TaskReassigned: _leader,
    e.TaskWaived: _leader,
    e.SessionLogged: _works_on_it,
    e.SessionDebriefed: _works_on_it,
    e.ReadinessGiven: _receiver,
    e.ReadinessAsked: _leader,
    e.LeadSwitched: _works_on_it,
    e.MoodGiven: _csm,
    e.ActionTaken: _leader,
    e.ActionDone: _leader,
    e.RhythmSet: _works_on_it,
    e.Touched: _works_on_it,
    e.PointWaived: _leader,
    e.Signed: _works_on_it,
    e.Completed: _leader,
    e.HandoverPaused: _leader,
    e.HandoverTakenUp: _leader,
    e.HandoverCancelled: _leader,
    e.Reversed: _leader,
    e.FollowedUp: _leader,
    e.AftercareBegun: _leader,
    e.AftercareDone: _works_on_it,
    e.ActionAdded: _leader,
    e.CallsArranged: _leader,
    e.IntroductionsPlanned: _works_on_it,
    e.StakeholderTicked: _works_on_it,
    e.TickTakenBack: _works_on_it,
    e.CallTimed: _works_on_it,
    e.InvitationFetched: _works_on_it,
    e.LetterSent: _sends,
    e.SendingTakenBack: _noted_it,
    e.CustomerAnswered: _works_on_it,
    e.OldContactDecided: _leader,
    e.DatesChanged: _leader,
    e.InterimNamed: _leader,
    e.KitTicked: _works_on_it,
    e.LeaderChanged: _leader,
    e.PersonBack: _clock,
    e.PersonRenamed: _clock,
    e.AskedLess: _vouches_or_leads,
}


def may(handover: Handover, playbook: Playbook, event: e.Event) -> bool:
    """Whether whoever did this had the right to; an event without a rule is refused."""
    right = RIGHTS.get(type(event))
    return right is not None and right(handover, playbook, event)
