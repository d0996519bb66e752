"""Where a person stands in their questions, and what moves them on, back and away.

A click on a card that is no longer the open one, or the same click again, moves nobody.
"""

from datetime import timedelta

from flows.errors import FlowError
from flows.events import (
    AnswerKept,
    ChangeWished,
    InterviewFinished,
    OfferedPicked,
    PutOff,
    Resumed,
    SteppedBack,
)
from flows.handover import Handover, Interview
from flows.knowledge.interview import next_question, put_to, still_offered
from flows.playbook import Playbook

_SAME_CLICK = timedelta(seconds=5)
"""Continue pressed again within this time is the same wish: one question is enough."""


def interview_of(handover: Handover, user: str) -> Interview:
    """Where somebody stands; at the start, if they were asked nothing yet."""
    return handover.interviews.get(user, Interview())


def moved(handover: Handover, user: str, **change: object) -> Handover:
    """The handover with somebody standing elsewhere."""
    interview = interview_of(handover, user).model_copy(update=change)
    return handover.model_copy(update={"interviews": handover.interviews | {user: interview}})


def is_replacing(handover: Handover, user: str, question: str) -> bool:
    """Whether the next reply takes the place of this question's answer."""
    interview = interview_of(handover, user)
    return interview.replacing and interview.current == question


def replaced(handover: Handover, user: str, question: str) -> Handover:
    """A question that was put again has its new answer, so that the interview goes on."""
    if not is_replacing(handover, user, question):
        return handover
    return moved(handover, user, replacing=False)


def put_off(handover: Handover, event: PutOff, playbook: Playbook) -> Handover:
    """The question goes to the end; when nothing else is open, the interview rests."""
    interview = interview_of(handover, event.by)
    here = interview.current == event.question
    if not here and event.question in interview.later:
        return handover
    path = put_to(handover, playbook, event.by)
    if not here and playbook.by_id[event.question] not in path:
        raise FlowError("not_open")
    later = (*(key for key in interview.later if key != event.question), event.question)
    if not here:
        return moved(handover, event.by, later=later)
    after = moved(handover, event.by, later=later, current=None, replacing=False)
    following = next_question(after, playbook, event.by)
    return moved(after, event.by, resting=following is not None and following.id == event.question)


def stepped_back(handover: Handover, event: SteppedBack, playbook: Playbook) -> Handover:
    """The question before this one is put again. FlowError `at_the_start` if there is none."""
    path = [question.id for question in put_to(handover, playbook, event.by)]
    here = path.index(event.question) if event.question in path else 0
    if not here:
        raise FlowError("at_the_start")
    return _put_again(handover, event.by, path[here - 1])


def change_wished(handover: Handover, event: ChangeWished, playbook: Playbook) -> Handover:
    """A question is put again, also one that is no longer asked but has an answer.

    Raises FlowError `not_asked`.
    """
    question = playbook.by_id[event.question]
    if question not in put_to(handover, playbook, event.by):
        if question.id not in handover.answers:
            raise FlowError("not_asked")
        picked = (*interview_of(handover, event.by).picked, question.id)
        handover = moved(handover, event.by, picked=picked)
    return _put_again(handover, event.by, question.id)


def answer_kept(handover: Handover, event: AnswerKept, _playbook: Playbook) -> Handover:
    """What stands stays, also for the incoming CSM who asked about it; the interview goes on."""
    answer = handover.answers.get(event.question)
    if answer and answer.returned:
        kept = answer.model_copy(update={"returned": None})
        handover = handover.model_copy(
            update={"answers": handover.answers | {event.question: kept}}
        )
    return replaced(handover, event.by, event.question)


def resumed(handover: Handover, event: Resumed, playbook: Playbook) -> Handover:
    """The open question is put again, at the end of the thread where the person is looking."""
    interview = interview_of(handover, event.by)
    if interview.resumed_at and abs(event.at - interview.resumed_at) < _SAME_CLICK:
        return handover
    if interview.current:
        again = (*interview.asked, interview.current)
        return moved(handover, event.by, asked=again, resumed_at=event.at)
    if next_question(handover, playbook, event.by) is None:
        raise FlowError("nothing_open")
    return moved(handover, event.by, resting=False, resumed_at=event.at)


def offered_picked(handover: Handover, event: OfferedPicked, playbook: Playbook) -> Handover:
    """A question from the closing menu joins what is asked."""
    if event.question in interview_of(handover, event.by).picked:
        return handover
    if event.question not in {q.id for q in still_offered(handover, playbook, event.by)}:
        raise FlowError("not_offered")
    picked = (*interview_of(handover, event.by).picked, event.question)
    return moved(handover, event.by, picked=picked, finished=False, resting=False)


def interview_finished(handover: Handover, event: InterviewFinished, _: Playbook) -> Handover:
    """The closing menu is closed; it can be opened again from the card."""
    return moved(handover, event.by, finished=True)


def _put_again(handover: Handover, user: str, question: str) -> Handover:
    if is_replacing(handover, user, question):
        return handover
    asked = (*interview_of(handover, user).asked, question)
    return moved(handover, user, current=question, asked=asked, replacing=True, resting=False)
