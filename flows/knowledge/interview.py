"""The knowledge transfer as a conversation: what is asked of whom, and what comes next.

Everything here is read from the handover; nothing is stored that can be derived.
"""

from collections.abc import Iterable
from operator import attrgetter

from flows.frozen import Frozen
from flows.handover import Acceptance, Answer, Handover, Interview, Verdict
from flows.often import ANSWERING, ASKING
from flows.playbook import Part, Playbook, Question
from flows.privacy import is_source, told_user
from flows.remembering import entry_by_entry, unmoved_by
from flows.schedule.milestones import Notice
from flows.schedule.notice import notice_of
from flows.terms import FollowUp, Need, Role, Segment

_ORDER = tuple(Segment)
_SEGMENT_BEFORE = "SG0"
_ALL_OF_IT = frozenset({Notice.FULL, Notice.SHORT})
BRIEF_FROM = 5
"""A brief exists from this many answers on (decisions: "First ten minutes")."""


class Progress(Frozen):
    """How far one person's part is: answered and required questions, and minutes still to go."""

    answered: int
    required: int
    minutes_left: int

    @property
    def complete(self) -> bool:
        """Whether nothing required is open."""
        return self.answered == self.required


def strictest_segment(handover: Handover) -> Segment:
    """The segment whose questions apply: the stricter one when it changes (G8)."""
    before = handover.answers.get(_SEGMENT_BEFORE)
    given = before.given.get("segment") if before else None
    if given is None:
        return handover.segment
    return max(handover.segment, Segment(given.values[0]), key=_ORDER.index)


@unmoved_by(ASKING)
def questions(
    handover: Handover, playbook: Playbook, role: Role, need: Need
) -> tuple[Question, ...]:
    """The questions of this need that are asked of a role, in the playbook's order.

    Where there is little time the outgoing side is asked less, what matters most first; what they
    answered before stays theirs.
    """
    segment, reason = strictest_segment(handover), handover.reason
    if role is not Role.OUTGOING:
        return playbook.asked[segment, reason, role, Notice.FULL, need]
    notice = notice_of(handover, playbook, segment)
    found = playbook.asked[segment, reason, role, notice, need]
    if notice in _ALL_OF_IT:
        return found
    usual = playbook.asked[segment, reason, role, Notice.FULL, Need.REQUIRED]
    kept = [question for question in usual if _is_kept(handover, question)]
    if need is Need.REQUIRED:
        return found + tuple(question for question in kept if question not in found)
    return tuple(question for question in found if question not in kept)


def _is_kept(handover: Handover, question: Question) -> bool:
    """Whether a question stays, with its answer, where less is asked than usual."""
    answer = handover.answers.get(question.id)
    return answer is not None and (answer.returned is not None or is_answered(handover, question))


def asked_at(handover: Handover, playbook: Playbook) -> Notice:
    """The notice by which the outgoing side is asked."""
    return notice_of(handover, playbook, strictest_segment(handover))


@unmoved_by(ANSWERING)
def respondents(handover: Handover, role: Role) -> tuple[str, ...]:
    """Who answers what is asked of a role, as Slack ids.

    When the outgoing CSM is gone or not on Slack, the leader, the incoming CSM and whoever the
    leader named besides answer instead.
    Somebody who is there but not told yet is waited for: to put their questions to others
    would give away what is being prepared. Whoever takes it over may accept meanwhile, is asked to
    keep it quiet, and puts their questions to the leader; "Tell NAME now" starts the interview.
    """
    incoming = (
        told_user(handover, Role.INCOMING) if handover.acceptance is Acceptance.ACCEPTED else None
    )
    if role is Role.INCOMING:
        return (incoming,) if incoming else ()
    if role is not Role.OUTGOING:
        return ()
    if handover.outgoing.reachable:
        outgoing = told_user(handover, role)
        return (outgoing,) if outgoing else ()
    source = handover.user(Role.SOURCE)
    stand_ins = [told_user(handover, Role.LEADER), incoming, source]
    return tuple(dict.fromkeys(user for user in stand_ins if user))


def roles_answered_by(handover: Handover, user: str) -> list[Role]:
    """The roles whose questions this user answers here."""
    return [r for r in (Role.OUTGOING, Role.INCOMING) if user in respondents(handover, r)]


def may_answer(handover: Handover, playbook: Playbook, user: str, question: str) -> bool:
    """Whether this question is this user's to answer."""
    found = playbook.by_id.get(question)
    return (
        found is not None
        and found.confidential is None
        and user in respondents(handover, found.asked_of)
        and bool(_tell_nothing(handover, user, [found]))
    )


def _tell_nothing(handover: Handover, user: str, asked: Iterable[Question]) -> Iterable[Question]:
    """Those questions that give nothing away to somebody: a source is asked neither what tells the
    reason, nor what somebody else has answered.
    """
    if not is_source(handover, user):
        return asked
    answers = handover.answers
    return [
        question
        for question in asked
        if question.reason is None
        and (question.id not in answers or user in answers[question.id].authors)
    ]


def missing_parts(question: Question, answer: Answer | None) -> list[Part]:
    """The required structured parts that nobody has given yet."""
    given = answer.given if answer else {}
    return [part for part in question.parts if part.required and part.key not in given]


def fewest_records(handover: Handover, question: Question) -> int:
    """How many records make an answer to this question."""
    return question.at_least.get(strictest_segment(handover), 1)


def is_answered(handover: Handover, question: Question) -> bool:
    """Whether a question counts as answered; an explicit none, unknown or skip does,
    and whatever somebody else was asked for and told.

    One that the incoming CSM asks about before they accept the pack is open again.
    """
    answer = handover.answers.get(question.id)
    if answer is None or answer.returned:
        return False
    if answer.verdict is not Verdict.GIVEN:
        return True
    if handover.follow_ups.get(question.id) is FollowUp.OPEN:
        return False
    asks = handover.asks
    if asks and any(ask.fills and ask.replies and ask.about == question.id for ask in asks):
        return True
    if question.parts and missing_parts(question, answer):
        return False
    own = [r for r in handover.records if r.question == question.id] if question.records else []
    if own:
        finished = answer.done or any(record.source for record in own)
        return finished and len(own) >= fewest_records(handover, question)
    return bool(answer.said) if question.text_needed else bool(answer.said or answer.given)


@unmoved_by(ASKING)
def answered(handover: Handover, playbook: Playbook) -> frozenset[str]:
    """The ids of all questions that count as answered."""
    found = _each_answered(handover, playbook, strictest_segment(handover))
    return frozenset([key for key, done in found.items() if done])


@entry_by_entry("answers", "records", "asks", "follow_ups")
def _each_answered(handover: Handover, key: str, playbook: Playbook, _segment: Segment) -> bool:
    """The same of one question; how many records it takes hangs on the segment."""
    question = playbook.by_id.get(key)
    return question is not None and is_answered(handover, question)


def progress(handover: Handover, playbook: Playbook, role: Role) -> Progress:
    """How far what is asked of a role is (N of M counts only what is asked of the reader)."""
    required = questions(handover, playbook, role, Need.REQUIRED)
    done = answered(handover, playbook)
    left = [question for question in required if question.id not in done]
    minutes = sum(question.minutes for question in left)
    return Progress(
        answered=len(required) - len(left),
        required=len(required),
        minutes_left=max(1, round(minutes)) if left else 0,
    )


@unmoved_by(ASKING)
def is_complete(handover: Handover, playbook: Playbook, role: Role) -> bool:
    """Whether nothing required of a role is open."""
    required = questions(handover, playbook, role, Need.REQUIRED)
    return answered(handover, playbook).issuperset([question.id for question in required])


def pack_complete(handover: Handover, playbook: Playbook) -> bool:
    """Whether everything required of the outgoing side is answered (M2)."""
    return is_complete(handover, playbook, Role.OUTGOING)


def answers_so_far(handover: Handover) -> int:
    """How many questions have any answer."""
    return len(handover.answers)


def put_to(handover: Handover, playbook: Playbook, user: str) -> list[Question]:
    """Every question that a person can be asked now, in order, answered or not: of their whole
    path, what does not wait for the pack.
    """
    path = whole_path(handover, playbook, user)
    if any(question.after_pack for question in path) and not pack_complete(handover, playbook):
        return [question for question in path if not question.after_pack]
    return path


def whole_path(handover: Handover, playbook: Playbook, user: str) -> list[Question]:
    """Every question that a person goes through, in order; its length is what places count to.

    What waits for the pack comes after the rest, and last what was put off, in the order in which
    it was put off.
    """
    interview = handover.interviews.get(user, Interview())
    required = [
        question
        for role in roles_answered_by(handover, user)
        for question in _tell_nothing(
            handover, user, questions(handover, playbook, role, Need.REQUIRED)
        )
    ]
    required.sort(key=attrgetter("after_pack"))
    picked = [playbook.by_id[key] for key in interview.picked if key in playbook.by_id]
    path = {question.id: question for question in (*required, *picked)}
    later = [path.pop(key) for key in interview.later if key in path]
    return [*path.values(), *later]


def put_before(handover: Handover, playbook: Playbook, user: str, question: str) -> Question | None:
    """The question that was put to somebody before this one, if it is theirs still."""
    asked = handover.interviews.get(user, Interview()).asked
    here = len(asked) - 1 - asked[::-1].index(question) if question in asked else 0
    path = {other.id: other for other in put_to(handover, playbook, user)}
    before = (key for key in reversed(asked[:here]) if key != question and key in path)
    return path.get(next(before, ""))


def next_question(handover: Handover, playbook: Playbook, user: str) -> Question | None:
    """The first open question of a person, none when there is nothing left to ask."""
    return first_open(handover, playbook, put_to(handover, playbook, user))


def first_open(handover: Handover, playbook: Playbook, path: Iterable[Question]) -> Question | None:
    """The first of these questions that is not answered."""
    done = answered(handover, playbook)
    return next((question for question in path if question.id not in done), None)


def current_question(handover: Handover, user: str) -> str:
    """The question that is put to somebody now; empty if there is none."""
    return handover.interviews.get(user, Interview()).current or ""


def still_offered(handover: Handover, playbook: Playbook, user: str) -> list[Question]:
    """What the closing menu offers: optional questions that nobody answered or took yet."""
    picked = handover.interviews.get(user, Interview()).picked
    return [
        question
        for role in roles_answered_by(handover, user)
        for question in _tell_nothing(
            handover, user, questions(handover, playbook, role, Need.OFFERED)
        )
        if question.id not in picked and question.id not in handover.answers
    ]
