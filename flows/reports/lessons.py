"""What follow-ups teach: a question that should have told it is to be required (N15).

A gap is tied to the question that should have told what a customer had to explain again. Three
handovers with a gap at the same question propose to require it, or where it is asked already to ask
it more plainly; once, for a leader notes it. Only handovers count of which everybody on them knows:
a proposal must not tell of a quiet one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from flows.frozen import Frozen
from flows.handover import Handover
from flows.knowledge.interview import strictest_segment
from flows.playbook import Playbook, Question
from flows.privacy import is_announced
from flows.terms import Need, Segment

ENOUGH = 3
"""So many handovers with the same gap are no accident."""


class Gap(Frozen):
    """One question that failed one handover of a segment."""

    question: str
    handover: str
    segment: Segment


class Lesson(Frozen):
    """A question to be required, in which segments, and after how many handovers.

    Without segments it is required wherever it was missed: its words are to be better.
    """

    question: str
    handovers: int
    segments: tuple[Segment, ...]


def gaps_of(handover: Handover) -> frozenset[Gap]:
    """The gaps that a handover's follow-ups found; none while somebody on it does not know."""
    visits = handover.ending.visits
    if not visits or handover.example or not is_announced(handover):
        return frozenset()
    segment = strictest_segment(handover)
    return frozenset(
        Gap(question=gap.question, handover=handover.id, segment=segment)
        for visit in visits
        for gap in visit.gaps
    )


def lessons(
    gaps: Iterable[Gap], playbook: Playbook, noted: Iterable[str] = ()
) -> tuple[Lesson, ...]:
    """The questions that should be better asked, by their ids; not those `noted`."""
    known: dict[str, set[Gap]] = defaultdict(set)
    for gap in gaps:
        known[gap.question].add(gap)
    found = []
    for key in sorted(set(known) - set(noted)):
        question, many = playbook.by_id.get(key), len({gap.handover for gap in known[key]})
        if question and many >= ENOUGH:
            segments = _lacking(playbook, question, known[key])
            found.append(Lesson(question=key, handovers=many, segments=segments))
    return tuple(found)


def needs_with(lesson: Lesson, playbook: Playbook) -> Mapping[Segment, Need]:
    """Who would be asked the question once the lesson is followed."""
    required = dict.fromkeys(lesson.segments, Need.REQUIRED)
    return playbook.by_id[lesson.question].need | required


def playbook_line(lesson: Lesson, playbook: Playbook) -> str:
    """The line to put into the playbook file, in the place of the question's `need`."""
    needs = needs_with(lesson, playbook)
    said = ", ".join(f'{s.value} = "{needs[s].value}"' for s in Segment if s in needs)
    return f"need = {{ {said} }}"


def _lacking(playbook: Playbook, question: Question, gaps: Iterable[Gap]) -> tuple[Segment, ...]:
    """The segments in which neither it is required nor a joined prompt that covers it."""
    missed = {gap.segment for gap in gaps}
    return tuple(
        segment
        for segment in Segment
        if segment in missed
        and question.need.get(segment) is not Need.REQUIRED
        and question.id not in playbook.joined[segment]
    )
