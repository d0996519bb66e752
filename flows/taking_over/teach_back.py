"""The teach-back: the incoming CSM says in their own words what matters (N1, G10).

What is asked back is read from the pack. Whoever knows marks each answer right or adds what is
missing, which joins the pack. Until it is passed, the lead does not switch.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from flows.errors import FlowError
from flows.events import TaughtBack, TaughtMarked, TaughtSeen
from flows.handover import Handover, Record, Taught, TeachBack, Topic, Unsorted, Verdict
from flows.knowledge.ledger import records_of
from flows.playbook import Playbook
from flows.taking_over.items import due_day, open_items
from flows.terms import RecordKind

FEWEST, MOST = 3, 5
_LEVELS = ("high", "medium", "low")
_QUESTIONS = {
    Topic.RISK: ("RK1",),
    Topic.SENSITIVE: ("CC2",),
    Topic.EXPECTS: ("PF2", "PF1"),
    Topic.FIRST: ("SN1",),
    Topic.USE: ("BG2",),
}
"""Which answers speak of a topic where no record does; the first that was given counts."""


class AskedBack(NamedTuple):
    """A topic, and the question or record that holds what the pack says about it."""

    topic: Topic
    about: str


def asked_back(handover: Handover, playbook: Playbook) -> list[AskedBack]:
    """Three to five questions, the most telling first; fewer only where the pack holds no more."""
    found = [
        AskedBack(topic, about)
        for topic, find in _FINDERS.items()
        if (about := find(handover) or _answered(handover, playbook, topic))
    ]
    fill = [
        AskedBack(topic, about)
        for topic in (Topic.FIRST, Topic.USE)
        if (about := _answered(handover, playbook, topic))
    ]
    return [*found, *fill[: max(0, FEWEST - len(found))]][:MOST]


def is_passed(handover: Handover) -> bool:
    """Whether every answer was marked, and what was added has been read."""
    taught = handover.teach_back
    if taught is None or any(item.right is None for item in taught.items):
        return False
    return taught.seen or not any(item.added for item in taught.items)


def is_due(handover: Handover) -> bool:
    """Whether the incoming CSM is to answer: the pack is accepted, and they have not yet."""
    return handover.reading.accepted_at is not None and handover.teach_back is None


def unmarked(handover: Handover) -> list[Taught]:
    """The answers that nobody has looked at."""
    taught = handover.teach_back
    return [item for item in taught.items if item.right is None] if taught else []


def additions_unread(handover: Handover) -> bool:
    """Whether everything is marked, something was added, and the incoming CSM has not read it."""
    taught = handover.teach_back
    return bool(taught and not unmarked(handover) and not is_passed(handover))


def taught_back(handover: Handover, event: TaughtBack, playbook: Playbook) -> Handover:
    """The answers, to the questions that the pack asks now.

    What it asked when the form was opened and does not ask any more is kept as well, and enough
    where it makes up for what is asked now. Raises FlowError `pack_not_accepted`,
    `taught_already`, `missing` with the topic.
    """
    if handover.reading.accepted_at is None:
        raise FlowError("pack_not_accepted")
    if handover.teach_back:
        raise FlowError("taught_already")
    asked = {one.topic: one.about for one in asked_back(handover, playbook)}
    answers = {topic: text for topic, text in event.answers.items() if text.strip()}
    left = [topic for topic in asked if topic not in answers]
    if left and len(answers) < min(FEWEST, len(asked)):
        raise FlowError("missing", field=left[0])
    topics = [topic for topic in Topic if topic in answers]
    items = (Taught(topic=t, about=asked.get(t, ""), answer=answers[t]) for t in topics)
    taught = TeachBack(at=event.at, items=tuple(items))
    return handover.model_copy(update={"teach_back": taught})


def taught_marked(handover: Handover, event: TaughtMarked, playbook: Playbook) -> Handover:
    """Right, or what is missing, which joins the pack; a stale "right" changes nothing.

    What several people add stands side by side. Raises FlowError `not_taught`.
    """
    taught = handover.teach_back
    marked = next((i for i in taught.items if i.topic is event.topic), None) if taught else None
    if taught is None or marked is None:
        raise FlowError("not_taught")
    new = event.added.strip()
    if marked.right is not None and (not new or new in marked.added.split("\n")):
        return handover
    added = "\n".join(text for text in (marked.added, new) if text)
    mark = {"right": not added, "added": added, "marked_by": event.by}
    items = tuple(
        item.model_copy(update=mark) if item.topic is event.topic else item for item in taught.items
    )
    seen = taught.seen and not new
    again = taught.model_copy(update={"items": items, "seen": seen})
    after = handover.model_copy(update={"teach_back": again})
    return _in_the_pack(after, event, playbook, marked.about) if new else after


def _in_the_pack(
    handover: Handover, event: TaughtMarked, playbook: Playbook, about: str
) -> Handover:
    """What was added stands beside what it is about, and is read by those who may read that."""
    record = next((r for r in handover.records if r.id == about), None)
    question = record.question if record else about
    piece = Unsorted(
        id=f"taught.{event.topic}.{handover.seq}",
        by=event.by,
        at=event.at,
        text=event.added.strip(),
        question=question if question in playbook.by_id else "",
    )
    return handover.model_copy(update={"unsorted": (*handover.unsorted, piece)})


def taught_seen(handover: Handover, _event: TaughtSeen, _playbook: Playbook) -> Handover:
    """What was added has been read. Raises FlowError `not_taught` while something is unmarked."""
    taught = handover.teach_back
    if taught is None or unmarked(handover):
        raise FlowError("not_taught")
    return handover.model_copy(update={"teach_back": taught.model_copy(update={"seen": True})})


def _top_risk(handover: Handover) -> str:
    def weight(risk: Record) -> int:
        found = (risk.details.get(key, "medium") for key in ("likely", "impact"))
        return sum(_LEVELS.index(level) for level in found)

    return _first(sorted(records_of(handover, RecordKind.RISK), key=weight))


def _next_promise(handover: Handover) -> str:
    promises = [item for item in open_items(handover) if item.kind is RecordKind.COMMITMENT]
    dated = [(day, item.id) for item in promises if (day := due_day(item))]
    return min(dated)[1] if dated else _first(promises)


def _sponsor(handover: Handover) -> str:
    people = records_of(handover, RecordKind.STAKEHOLDER)
    sponsors = [person for person in people if person.details.get("type") == "sponsor"]
    return _first(sponsors or people)


def _nothing_listed(_handover: Handover) -> str:
    return ""


def _first(records: Sequence[Record]) -> str:
    return records[0].id if records else ""


_FINDERS: dict[Topic, Callable[[Handover], str]] = {
    Topic.RISK: _top_risk,
    Topic.PROMISE: _next_promise,
    Topic.SPONSOR: _sponsor,
    Topic.SENSITIVE: _nothing_listed,
    Topic.EXPECTS: _nothing_listed,
}


def _answered(handover: Handover, playbook: Playbook, topic: Topic) -> str:
    return first_given(handover, playbook, _QUESTIONS.get(topic, ()))


def first_given(handover: Handover, playbook: Playbook, wanted: tuple[str, ...]) -> str:
    """The first of these questions with an answer of content, or the joined prompt that covers it;
    empty where there is none.
    """
    return next(_given(handover, playbook, wanted), "")


def _given(handover: Handover, playbook: Playbook, wanted: tuple[str, ...]) -> Iterator[str]:
    """Answers of content to these questions, or to the joined prompts that cover them."""
    for key in wanted:
        covering = (q.id for q in playbook.questions if key in q.covers)
        for question in (key, *covering):
            answer = handover.answers.get(question)
            if answer and answer.verdict is Verdict.GIVEN:
                yield question
