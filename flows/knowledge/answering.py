"""What an event of the interview does to the answers."""

from collections.abc import Callable

from flows.errors import FlowError
from flows.events import (
    AddingDone,
    AnswerGiven,
    MarkedSensitive,
    MessageAdded,
    NoneDeclared,
    Pasted,
    RecordAdded,
    RecordChanged,
    RecordRemoved,
    SaidEdited,
    SaidMoved,
    SaidWithdrawn,
    SectionFilled,
    Skipped,
    UnknownDeclared,
    ValueGiven,
)
from flows.frozen import Moment
from flows.handover import FORM, Answer, Given, Handover, Record, Said, Unsorted, Verdict
from flows.knowledge.interview import is_answered, put_before, questions
from flows.knowledge.ledger import (
    checked_details,
    checked_given,
    checked_value,
    typed_kind,
    typed_records,
)
from flows.knowledge.turns import is_replacing, replaced
from flows.playbook import Playbook, Question
from flows.privacy import is_sensitive
from flows.taking_over.items import forgotten
from flows.terms import Need, PartKind


def answer_given(handover: Handover, event: AnswerGiven, playbook: Playbook) -> Handover:
    """A reply joins what was said to the question before, unless the answer was put again.

    A message that is known already changes nothing, for it may have been edited meanwhile.
    """
    question, said = playbook.by_id[event.question], event.said
    if not said.says_something:
        raise FlowError("missing", field="text")
    if find_said(handover, said.source):
        return handover
    answer = _standing(handover, event, question.id)
    said = said.model_copy(update={"over": answer.verdict, "by": event.by})
    answer = answer.model_copy(update={"verdict": Verdict.GIVEN})
    replacing = is_replacing(handover, event.by, question.id)
    for piece in answer.said:
        if replacing or piece.source == said.source:
            handover, answer = _parted(handover, question, answer, piece)
    handover = replaced(handover, event.by, question.id)
    return _joined(handover, playbook, question, answer, said)


def value_given(handover: Handover, event: ValueGiven, playbook: Playbook) -> Handover:
    """A structured part takes the place of what was given for it before."""
    question = playbook.by_id[event.question]
    part = next((part for part in question.parts if part.key == event.part), None)
    if part is None:
        raise FlowError("no_such_part", field=event.part)
    answer = _standing(handover, event, question.id)
    chosen = checked_given(part, event.given)
    if _is_again(handover, event, Verdict.GIVEN) and answer.given.get(part.key) == chosen:
        return handover
    given = answer.given | {part.key: chosen}
    answer = answer.model_copy(update={"verdict": Verdict.GIVEN, "given": given})
    handover = _answered(handover, question.id, answer)
    return handover if question.text_needed else replaced(handover, event.by, question.id)


def declared(verdict: Verdict) -> Callable[..., Handover]:
    """An answer of one word; what was said before stays beside it."""

    def declare(
        handover: Handover, event: NoneDeclared | UnknownDeclared | Skipped, playbook: Playbook
    ) -> Handover:
        if _is_again(handover, event, verdict):
            return handover
        if isinstance(event, NoneDeclared) and (listed := _closed_list(handover, event, playbook)):
            return listed
        answer = _standing(handover, event, event.question)
        answer = answer.model_copy(update={"verdict": verdict})
        return replaced(_answered(handover, event.question, answer), event.by, event.question)

    return declare


def skipped(handover: Handover, event: Skipped, playbook: Playbook) -> Handover:
    """An offered question is left out. What is required is not: FlowError `not_offered`."""
    question = playbook.by_id[event.question]
    if question in questions(handover, playbook, question.asked_of, Need.REQUIRED):
        raise FlowError("not_offered")
    return declared(Verdict.SKIPPED)(handover, event, playbook)


def said_edited(handover: Handover, event: SaidEdited, playbook: Playbook) -> Handover:
    """An edit of a reply changes the answer, unless a later edit came first.

    What was edited away to nothing is withdrawn.
    """
    question, answer, said = _said(handover, event.source, playbook)
    if event.edited <= said.edited:
        return handover
    before = handover
    handover, answer = _parted(handover, question, answer, said)
    edited = said.model_copy(
        update={"text": event.text, "edited": event.edited, "links": event.links}
    )
    if not edited.says_something:
        return _answered(handover, question.id, answer)
    answer = answer.model_copy(update={"returned": None})
    return _still_decided(before, _joined(handover, playbook, question, answer, edited))


def said_withdrawn(handover: Handover, event: SaidWithdrawn, playbook: Playbook) -> Handover:
    """A deleted reply is no answer any more."""
    question, answer, said = _said(handover, event.source, playbook)
    handover, answer = _parted(handover, question, answer, said)
    if said.over is not Verdict.GIVEN:
        answer = answer.model_copy(update={"verdict": said.over})
    return _answered(handover, question.id, answer)


def said_moved(handover: Handover, event: SaidMoved, playbook: Playbook) -> Handover:
    """A reply is added to the question that was put before the one it was taken for.

    The same wish again moves it no further. What was sensitive stays so where it goes.
    """
    question, answer, said = _said(handover, event.source, playbook)
    if question.id != event.question:
        return handover
    before = put_before(handover, playbook, event.by, question.id)
    if before is None:
        raise FlowError("at_the_start")
    kept_close = is_sensitive(question, answer)
    handover, answer = _parted(handover, question, answer, said)
    handover = _answered(handover, question.id, answer)
    target = _standing(handover, event, before.id)
    joined = {"verdict": Verdict.GIVEN, "sensitive": target.sensitive or kept_close}
    return _joined(handover, playbook, before, target.model_copy(update=joined), said)


def marked_sensitive(handover: Handover, event: MarkedSensitive, _playbook: Playbook) -> Handover:
    """Who reads an answer changes, not the answer."""
    answer = handover.answers[event.question]
    marked = answer.model_copy(update={"sensitive": event.sensitive})
    return _answered(handover, event.question, marked)


def record_added(handover: Handover, event: RecordAdded, playbook: Playbook) -> Handover:
    """A record joins the list; the same id again changes nothing. What was answered stays so."""
    question = playbook.by_id[event.question]
    if event.kind not in question.records:
        raise FlowError("no_such_record")
    if any(record.id == event.id for record in handover.records):
        return handover
    record = Record(
        id=event.id,
        kind=event.kind,
        question=question.id,
        details=checked_details(playbook.specs[event.kind], event.details),
        by=event.by,
        at=event.at,
    )
    answered = is_answered(handover, question) and not is_replacing(handover, event.by, question.id)
    answer = _standing(handover, event, question.id)
    change = {"verdict": Verdict.GIVEN, "done": answer.done or answered}
    answer = answer.model_copy(update=change)
    handover = handover.model_copy(update={"records": (*handover.records, record)})
    return _answered(handover, question.id, answer)


def record_changed(handover: Handover, event: RecordChanged, playbook: Playbook) -> Handover:
    """A record's fields are replaced; whoever accepted it before is asked again."""
    record = find_record(handover, event.id)
    details = checked_details(playbook.specs[record.kind], event.details)
    if details == record.details:
        return handover
    changed = forgotten(record).model_copy(update={"details": details})
    records = tuple(changed if old.id == record.id else old for old in handover.records)
    return handover.model_copy(update={"records": records})


def record_removed(handover: Handover, event: RecordRemoved, _playbook: Playbook) -> Handover:
    """A record is taken out."""
    record = find_record(handover, event.id)
    left = tuple(other for other in handover.records if other.id != record.id)
    handover = handover.model_copy(update={"records": left})
    return _answered(handover, record.question, handover.answers[record.question])


def adding_done(handover: Handover, event: AddingDone, _playbook: Playbook) -> Handover:
    """The list is complete. An empty one is none: FlowError `nothing_added`."""
    if not any(record.question == event.question for record in handover.records):
        raise FlowError("nothing_added")
    before = handover.answers[event.question]
    if before.done and _is_again(handover, event, before.verdict):
        return handover
    answer = _standing(handover, event, event.question).model_copy(update={"done": True})
    return replaced(_answered(handover, event.question, answer), event.by, event.question)


def section_filled(handover: Handover, event: SectionFilled, playbook: Playbook) -> Handover:
    """A form's fields take the place of what stood in that form before."""
    for key, filled in event.answers.items():
        for part, given in filled.given.items():
            chosen = ValueGiven(at=event.at, by=event.by, question=key, part=part, given=given)
            handover = value_given(handover, chosen, playbook)
        if filled.text:
            said = Said(source=FORM, text=filled.text, links=filled.links)
            given_text = AnswerGiven(at=event.at, by=event.by, question=key, said=said)
            handover = answer_given(handover, given_text, playbook)
    return handover


def pasted(handover: Handover, event: Pasted, _playbook: Playbook) -> Handover:
    """What was handed in whole is kept as it is."""
    if not event.text and not event.files:
        raise FlowError("missing", field="text")
    if any(piece.id == event.id for piece in handover.unsorted):
        return handover
    piece = Unsorted(id=event.id, by=event.by, at=event.at, text=event.text, files=event.files)
    return handover.model_copy(update={"unsorted": (*handover.unsorted, piece)})


def message_added(handover: Handover, event: MessageAdded, playbook: Playbook) -> Handover:
    """A message from Slack joins the pack where it was filed; it answers no question by itself.

    Raises FlowError `no_such_place` for a place that the playbook does not have.
    """
    if not event.text.strip() and not event.files:
        raise FlowError("nothing_in_it")
    question = playbook.by_id.get(event.question)
    if event.question and (question is None or question.confidential):
        raise FlowError("no_such_place", field="place")
    if event.section and event.section not in playbook.sections:
        raise FlowError("no_such_place", field="place")
    if any(piece.id == event.id for piece in handover.unsorted):
        return handover
    piece = Unsorted.model_validate(event.model_dump(exclude={"type"}))
    return handover.model_copy(update={"unsorted": (*handover.unsorted, piece)})


def filled(
    handover: Handover, playbook: Playbook, question: str, said: Said, at: Moment
) -> Handover:
    """What somebody else was asked for joins an answer; where nothing was given, it is theirs."""
    before = handover.answers.get(question)
    answer = before or Answer(by=said.by, at=at)
    if answer.verdict is not Verdict.GIVEN:
        answer = answer.model_copy(update={"by": said.by, "at": at, "verdict": Verdict.GIVEN})
    over = before.verdict if before else Verdict.GIVEN
    said = said.model_copy(update={"over": over})
    return _joined(handover, playbook, playbook.by_id[question], answer, said)


def find_record(handover: Handover, record: str) -> Record:
    """A record by its id. Raises FlowError `no_such_record`."""
    found = next((other for other in handover.records if other.id == record), None)
    if found is None:
        raise FlowError("no_such_record")
    return found


def find_said(handover: Handover, source: str) -> str | None:
    """The question that a reply, known by its message, was taken for; a form is no message."""
    return next(
        (
            key
            for key, answer in handover.answers.items()
            if any(piece.source == source != FORM for piece in answer.said)
        ),
        None,
    )


def _closed_list(handover: Handover, event: NoneDeclared, playbook: Playbook) -> Handover | None:
    """None, where a joined prompt has a list already, says that there is nothing to add to it."""
    question = playbook.by_id[event.question]
    if not question.covers or not any(r.question == question.id for r in handover.records):
        return None
    done = AddingDone(at=event.at, by=event.by, question=question.id)
    closed = adding_done(handover, done, playbook)
    return closed if is_answered(closed, question) else None


def _is_again(
    handover: Handover,
    event: ValueGiven | NoneDeclared | UnknownDeclared | Skipped | AddingDone,
    verdict: Verdict,
) -> bool:
    """Whether this person's answer of this kind stands already, as after a double click."""
    before = handover.answers.get(event.question)
    if before is None or before.returned or is_replacing(handover, event.by, event.question):
        return False
    return (before.by, before.verdict) == (event.by, verdict)


def _said(handover: Handover, source: str, playbook: Playbook) -> tuple[Question, Answer, Said]:
    key = find_said(handover, source)
    if key is None:
        raise FlowError("no_such_reply")
    answer = handover.answers[key]
    said = next(piece for piece in answer.said if piece.source == source)
    return playbook.by_id[key], answer, said


def _standing(
    handover: Handover,
    event: AnswerGiven
    | ValueGiven
    | NoneDeclared
    | UnknownDeclared
    | Skipped
    | SaidMoved
    | RecordAdded
    | AddingDone,
    question: str,
) -> Answer:
    before = handover.answers.get(question)
    by = {"by": event.by, "at": event.at, "returned": None}
    return before.model_copy(update=by) if before else Answer(by=event.by, at=event.at)


def _answered(handover: Handover, question: str, answer: Answer) -> Handover:
    """Store an answer; one that says nothing at all is taken out."""
    empty = answer.verdict is Verdict.GIVEN and not (answer.said or answer.given)
    if empty and not any(record.question == question for record in handover.records):
        left = {key: other for key, other in handover.answers.items() if key != question}
        return handover.model_copy(update={"answers": left})
    return handover.model_copy(update={"answers": handover.answers | {question: answer}})


def _joined(
    handover: Handover, playbook: Playbook, question: Question, answer: Answer, said: Said
) -> Handover:
    """A reply becomes part of an answer, with the number or the records that it tells."""
    numbers = {k: v for k, v in _numbers(question, said).items() if k not in answer.given}
    answer = answer.model_copy(
        update={
            "said": tuple(sorted((*answer.said, said), key=lambda piece: piece.source)),
            "given": answer.given | dict(list(numbers.items())[:1]),
        }
    )
    handover = _answered(handover, question.id, answer)
    kind = typed_kind(question)
    if kind is None:
        return handover
    template = Record(
        id="", kind=kind, question=question.id, details={}, by=answer.by, at=answer.at
    )
    records = (*handover.records, *typed_records(playbook, question, said, template))
    return handover.model_copy(update={"records": records})


def _parted(
    handover: Handover, question: Question, answer: Answer, said: Said
) -> tuple[Handover, Answer]:
    """A reply is taken out of an answer, with the number or the records that it told."""
    told = _numbers(question, said)
    answer = answer.model_copy(
        update={
            "said": tuple(piece for piece in answer.said if piece.source != said.source),
            "given": {k: v for k, v in answer.given.items() if told.get(k) != v},
        }
    )
    left = tuple(
        record
        for record in handover.records
        if (record.source, record.question) != (said.source, question.id)
    )
    return handover.model_copy(update={"records": left}), answer


def _still_decided(before: Handover, after: Handover) -> Handover:
    """A line that an edit left as it was keeps what has been decided about it."""
    known = [record for record in before.records if record.source]

    def kept(record: Record) -> Record:
        same = (old for old in known if old.source == record.source)
        old = next((old for old in same if old.details == record.details), record)
        return record.model_copy(update={"decision": old.decision, "done": old.done})

    records = tuple(kept(record) if record.source else record for record in after.records)
    return after.model_copy(update={"records": records})


def _numbers(question: Question, said: Said) -> dict[str, Given]:
    """What a reply that is just a number says, for each number that the question has."""
    parts = [part for part in question.parts if part.kind is PartKind.NUMBER]
    try:
        return {part.key: Given(values=(checked_value(part, said.text),)) for part in parts}
    except FlowError:
        return {}
