"""A reply answers the question that was newest when it was sent, by Slack's own clock.

A question stands in Slack a moment before we know of it, and after a crash much longer. A reply
that came in between was taken for the question before; once it is known where the question stands,
the reply goes where it belongs.
"""

import re
from collections.abc import Iterable

from flows.events import AnswerGiven, MarkedSensitive, Pasted, QuestionLanded, SaidWithdrawn
from flows.frozen import Moment
from flows.handover import Handover, Interview, Said
from flows.knowledge.answering import answer_given, find_said, marked_sensitive, said_withdrawn
from flows.knowledge.interview import current_question, roles_answered_by
from flows.playbook import Playbook

_TS = re.compile(r"\d+\.\d{6}")


def could_mean(known: Iterable[Handover], user: str) -> list[Handover]:
    """The handovers that a reply outside every thread may be about: those that ask its author
    something now, else those whose questions are theirs.
    """
    theirs = [handover for handover in known if roles_answered_by(handover, user)]
    return [handover for handover in theirs if current_question(handover, user)] or theirs


def filed(handover: Handover, user: str, said: Said, at: Moment) -> AnswerGiven | Pasted:
    """What a reply says whose author named the account: an answer, or something to be sorted."""
    if question := current_question(handover, user):
        return AnswerGiven(at=at, by=user, question=question, said=said)
    return Pasted(at=at, by=user, id=said.source, text=said.text, files=said.files)


def early_replies(handover: Handover, user: str, question: str, ts: str) -> list[Said]:
    """Replies of theirs to the question put before this one that were sent after `ts`."""
    asked = handover.interviews.get(user, Interview()).asked
    here = len(asked) - 1 - asked[::-1].index(question) if question in asked else 0
    before = asked[here - 1] if here else ""
    answer = handover.answers.get(before)
    if answer is None or before == question:
        return []
    own = (said for said in answer.said if said.by in ("", user))
    # What came by a form, or from whoever was asked, has no time of Slack's.
    return [said for said in own if _TS.fullmatch(said.source) and said.source > ts]


def question_landed(handover: Handover, event: QuestionLanded, playbook: Playbook) -> Handover:
    """Move every early reply to the question that it was sent for."""
    for said in early_replies(handover, event.user, event.question, event.ts):
        before = handover.answers[find_said(handover, said.source) or ""]
        gone = SaidWithdrawn(at=event.at, by=event.user, source=said.source)
        given = AnswerGiven(at=event.at, by=event.user, question=event.question, said=said)
        handover = answer_given(said_withdrawn(handover, gone, playbook), given, playbook)
        if before.sensitive:
            marked = MarkedSensitive(
                at=event.at, by=event.user, question=event.question, sensitive=True
            )
            handover = marked_sensitive(handover, marked, playbook)
    return handover
