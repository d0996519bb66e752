"""The law: a handover changes here and nowhere else.

`advance` takes a handover and an event and returns the handover that results, with the effects that
the change asks for. An event that does not fit raises FlowError and nothing has changed: values are
frozen. What follows from a state rather than from an event (which question is next, whether the
closing menu is due) is settled after every event, so that no handler can forget it.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from flows import events as e
from flows import passing
from flows.books import sitting
from flows.confidential import actions
from flows.customer import covering, sending, sentiment
from flows.effects import Effect, effects
from flows.end import completing, following_up, kit
from flows.end.completing import is_over
from flows.errors import FlowError
from flows.handover import Handover, Interview, Stage, Verdict
from flows.knowledge import answering, asking, landing, quality, replies, turns
from flows.knowledge.interview import answered, first_open, put_to, respondents, still_offered
from flows.knowledge.thin import followed_up
from flows.known import prefills, unsorted
from flows.nudges import rulings
from flows.playbook import Playbook
from flows.rights import may
from flows.schedule import calls, planning
from flows.side_by_side import checking_in, overlap
from flows.side_by_side.lead import with_span
from flows.staffing import admitting, changing, joining, reassigning
from flows.taking_over import items, knocks, reading, teach_back
from flows.terms import Role
from flows.texts import approving, wording
from flows.texts.renewing import settled


class Step(NamedTuple):
    """What an event led to."""

    handover: Handover
    effects: tuple[Effect, ...] = ()


_HANDLERS: Mapping[type[e.Happened], Callable[[Handover, Any, Playbook], Handover]] = {
    e.Redrafted: joining.redrafted,
    e.Discarded: joining.discarded,
    e.Opened: joining.opened,
    e.StartUndone: joining.start_undone,
    e.Told: joining.told,
    e.TimePassed: passing.time_passed,
    e.Accepted: joining.accepted,
    e.Declined: joining.declined,
    e.IncomingNamed: joining.incoming_named,
    e.SourceNamed: joining.source_named,
    e.Asked: joining.asked,
    e.AskAnswered: asking.answered,
    e.PackAnswered: knocks.pack_answered,
    e.PersonGone: joining.person_gone,
    e.LeaderNamed: joining.leader_named,
    e.AnswerGiven: answering.answer_given,
    e.ValueGiven: answering.value_given,
    e.NoneDeclared: answering.declared(Verdict.NONE),
    e.UnknownDeclared: answering.declared(Verdict.UNKNOWN),
    e.Skipped: answering.skipped,
    e.PutOff: turns.put_off,
    e.SteppedBack: turns.stepped_back,
    e.ChangeWished: turns.change_wished,
    e.AnswerKept: turns.answer_kept,
    e.Resumed: turns.resumed,
    e.OfferedPicked: turns.offered_picked,
    e.InterviewFinished: turns.interview_finished,
    e.SaidEdited: replies.said_edited,
    e.SaidWithdrawn: replies.said_withdrawn,
    e.SaidMoved: answering.said_moved,
    e.MarkedSensitive: answering.marked_sensitive,
    e.QuestionLanded: landing.question_landed,
    e.RecordAdded: answering.record_added,
    e.RecordChanged: answering.record_changed,
    e.RecordRemoved: answering.record_removed,
    e.AddingDone: answering.adding_done,
    e.SectionFilled: prefills.section_filled,
    e.Pasted: prefills.pasted,
    e.FileRead: prefills.file_read,
    e.EarlierUsed: prefills.earlier_used,
    e.WroteAhead: prefills.wrote_ahead,
    e.PrefillConfirmed: prefills.prefill_confirmed,
    e.UnsortedFiled: unsorted.unsorted_filed,
    e.UnsortedDropped: unsorted.unsorted_dropped,
    e.ItemsAccepted: items.items_accepted,
    e.ItemProposed: items.item_proposed,
    e.ProposalSettled: items.proposal_settled,
    e.ItemDeclined: items.item_declined,
    e.ItemSettled: items.item_settled,
    e.ItemDone: items.item_done,
    e.ItemReopened: items.item_reopened,
    e.PageTurned: reading.page_turned,
    e.LinksTicked: reading.links_ticked,
    e.LinkWaived: reading.link_waived,
    e.EssentialsTicked: reading.essentials_ticked,
    e.PackAccepted: reading.pack_accepted,
    e.PackReturned: reading.pack_returned,
    e.TaughtBack: teach_back.taught_back,
    e.TaughtMarked: teach_back.taught_marked,
    e.TaughtSeen: teach_back.taught_seen,
    e.ReasonWorded: wording.reason_worded,
    e.ReasonAgreed: wording.reason_agreed,
    e.MessageAdded: answering.message_added,
    e.SurenessGiven: quality.sureness_given,
    e.AsOfGiven: quality.as_of_given,
    e.SomebodyAsked: asking.somebody_asked,
    e.AnswerRecorded: asking.recorded,
    e.DaysOffLearned: planning.days_off_learned,
    e.AwayGiven: planning.away_given,
    e.MilestoneMoved: planning.milestone_moved,
    e.MilestoneDone: planning.milestone_done,
    e.MilestoneReopened: planning.milestone_reopened,
    e.WarningAnswered: planning.warning_answered,
    e.BackupNamed: approving.backup_named,
    e.SentForApproval: approving.sent_for_approval,
    e.LetterWorded: approving.letter_worded,
    e.PiecesApproved: approving.pieces_approved,
    e.ChangesRequested: approving.changes_requested,
    e.LetterObjected: approving.letter_objected,
    e.TakenOutOfGroup: approving.taken_out_of_group,
    e.TaskExtended: rulings.task_extended,
    e.CheckedIn: checking_in.checked_in,
    e.TaskReassigned: reassigning.task_reassigned,
    e.TaskWaived: rulings.task_waived,
    e.SessionLogged: overlap.session_logged,
    e.SessionDebriefed: overlap.session_debriefed,
    e.ReadinessGiven: overlap.readiness_given,
    e.ReadinessAsked: overlap.readiness_asked,
    e.LeadSwitched: overlap.lead_switched,
    e.MoodGiven: sentiment.mood_given,
    e.ActionTaken: sentiment.action_taken,
    e.ActionDone: sentiment.action_done,
    e.RhythmSet: sentiment.rhythm_set,
    e.Touched: sentiment.touched,
    e.PointWaived: completing.point_waived,
    e.Signed: completing.signed,
    e.Completed: completing.completed,
    e.HandoverPaused: completing.paused,
    e.HandoverTakenUp: completing.taken_up,
    e.HandoverCancelled: sending.called_off,
    e.Reversed: completing.reversed_,
    e.FollowedUp: following_up.followed_up,
    e.AftercareBegun: following_up.aftercare_begun,
    e.AftercareDone: following_up.aftercare_done,
    e.ActionAdded: actions.action_added,
    e.CallsArranged: planning.calls_arranged,
    e.IntroductionsPlanned: covering.introductions_planned,
    e.StakeholderTicked: covering.stakeholder_ticked,
    e.TickTakenBack: covering.tick_taken_back,
    e.CallTimed: calls.call_timed,
    e.InvitationFetched: calls.invitation_fetched,
    e.LetterSent: sending.letter_sent,
    e.SendingTakenBack: sending.taken_back,
    e.CustomerAnswered: sending.customer_answered,
    e.OldContactDecided: sending.old_contact_decided,
    e.DatesChanged: changing.dates_changed,
    e.InterimNamed: changing.interim_named,
    e.KitTicked: kit.ticked,
    e.LeaderChanged: changing.leader_changed,
    e.PersonBack: changing.person_back,
    e.PersonRenamed: changing.person_renamed,
    e.AskedLess: sitting.asked_less,
    e.GuestsChosen: admitting.guests_chosen,
}

_IN_DRAFT = (e.Redrafted, e.Discarded, e.Opened, e.PersonGone, e.PersonBack, e.PersonRenamed)
_WHEN_OVER = (
    *(e.FollowedUp, e.AftercareBegun, e.AftercareDone, e.Reversed, e.TimePassed),
    *(e.Asked, e.AskAnswered, e.PackAnswered, e.PersonGone, e.LeaderNamed, e.DaysOffLearned),
    e.TaskExtended,
    e.TaskReassigned,
    e.TaskWaived,
    e.LeaderChanged,
    e.KitTicked,
    e.PersonBack,
    e.PersonRenamed,
    e.GuestsChosen,
)
"""A handover that is over is read-only but for what comes weeks later, and questions."""


def start(event: e.Started, playbook: Playbook) -> Step:
    """A new handover. Raises FormError whose faults name the form's fields."""
    handover = prefills.listed(joining.started(event), event, playbook)
    return _step(None, with_span(handover, event.at, event.by), playbook)


def advance(handover: Handover, event: e.Event, playbook: Playbook) -> Step:
    """What the event makes of the handover.

    Raises FlowError: `not_yours` where the person has no right to it (to be told like `not_found`),
    else the rule that refuses. An event that changes nothing returns the very same handover.
    """
    if isinstance(event, e.Started):
        raise FlowError("already_started")
    if handover.stage is Stage.DISCARDED:
        raise FlowError("not_found")
    if not may(handover, playbook, event):
        raise FlowError("not_yours")
    if handover.stage is Stage.DRAFT and not isinstance(event, _IN_DRAFT):
        raise FlowError("still_a_draft")
    if is_over(handover) and not isinstance(event, _WHEN_OVER):
        raise FlowError("is_over")
    after = _HANDLERS[type(event)](handover, event, playbook)
    after = followed_up(handover, after, event, playbook)
    if after == handover:
        return Step(handover=handover)
    after = changing.noted(handover, after, event)
    after = planning.pack_noted(after, playbook, event.at)
    after = settled(handover, after, event.at, playbook)
    return _step(handover, with_span(after, event.at, event.by), playbook)


def replay(events: list[e.Event], playbook: Playbook) -> Handover:
    """The handover that a journal tells of; the first event is its start."""
    first, *rest = events
    if not isinstance(first, e.Started):
        raise FlowError("no_start")
    handover = start(first, playbook).handover
    for event in rest:
        handover = advance(handover, event, playbook).handover
    return handover


def _step(before: Handover | None, after: Handover, playbook: Playbook) -> Step:
    interviews = _settled(after, playbook)
    settled = after.model_copy(update={"seq": after.seq + 1, "interviews": interviews})
    return Step(handover=settled, effects=effects(before, settled, playbook))


def _settled(handover: Handover, playbook: Playbook) -> dict[str, Interview]:
    """The next question for everybody who has one open, and the closing menu where it is due."""
    if not handover.started_at:
        return handover.interviews
    users = dict.fromkeys(
        [*respondents(handover, Role.OUTGOING), *respondents(handover, Role.INCOMING)]
    )
    interviews = dict(handover.interviews)
    for user in users:
        interviews[user] = _next(handover, playbook, user)
    return interviews


def _next(handover: Handover, playbook: Playbook, user: str) -> Interview:
    # In a book the accounts are taken one after the other, so each waits until it is wanted.
    interview = handover.interviews.get(user) or Interview(resting=bool(handover.book))
    current = playbook.by_id.get(interview.current or "")
    path = put_to(handover, playbook, user)
    is_open = current and (interview.replacing or current.id not in answered(handover, playbook))
    if is_open and any(question is current for question in path):
        return interview
    following = first_open(handover, playbook, path)
    if following is None:
        menu = interview.menu or bool(interview.asked and still_offered(handover, playbook, user))
        return interview.model_copy(
            update={"current": None, "replacing": False, "resting": False, "menu": menu}
        )
    if interview.resting:
        return interview
    return interview.model_copy(
        update={
            "current": following.id,
            "asked": (*interview.asked, following.id),
            "replacing": False,
        }
    )
