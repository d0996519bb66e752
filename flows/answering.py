"""What an event of the interview does to the answers and to where a person stands."""

from collections.abc import Callable

from flows.errors import FlowError
from flows.events import (
    AddingDone,
    AnswerGiven,
    AnswerKept,
    ChangeWished,
    InterviewFinished,
    NoneDeclared,
    OfferedPicked,
    Pasted,
    PutOff,
    RecordAdded,
    RecordChanged,
    RecordRemoved,
    Resumed,
    SaidEdited,
    SaidMoved,
    SaidWithdrawn,
    SectionFilled,
    Skipped,
    SteppedBack,
    UnknownDeclared,
    ValueGiven,
)
from flows.handover import Answer, Given, Handover, Interview, Record, Said, Unsorted, Verdict
from flows.interview import next_question, put_to, still_offered
from flows.ledger import checked_details, checked_given, checked_value, typed_kind, typed_records
from flows.playbook import Playbook, Question
from flows.terms import PartKind

FORM = "form"
"""The source of a text that was typed into a form's field."""


def answer_given(handover: Handover, event: AnswerGiven, playbook: Playbook) -> Handover:
    """A reply joins what was said to the question before, unless the answer was put again."""
    question = playbook.by_id[event.question]
    interview = _interview(handover, event.by)
    answer = _standing(handover, event, question.id)
    if interview.replacing and interview.current == question.id:
        handover = _without_typed(handover, {said.source for said in answer.said})
        answer = answer.model_copy(update={"said": ()})
        handover = _moved(handover, event.by, replacing=False)
    said = [piece for piece in answer.said if piece.source != event.said.source] + [event.said]
    answer = answer.model_copy(
        update={
            "verdict": Verdict.GIVEN,
            "said": tuple(sorted(said, key=lambda piece: piece.source)),
            "given": answer.given | _number_typed(question, answer, event.said),
        }
    )
    return _with_typed(_answered(handover, question.id, answer), playbook, question, event.said)


def value_given(handover: Handover, event: ValueGiven, playbook: Playbook) -> Handover:
    """A structured part takes the place of what was given for it before."""
    question = playbook.by_id[event.question]
    part = next((part for part in question.parts if part.key == event.part), None)
    if part is None:
        raise FlowError("no_such_part", field=event.part)
    answer = _standing(handover, event, question.id)
    given = answer.given | {part.key: checked_given(part, event.given)}
    answer = answer.model_copy(update={"verdict": Verdict.GIVEN, "given": given})
    return _answered(handover, question.id, answer)


def declared(verdict: Verdict) -> Callable[..., Handover]:
    """An answer of one word; what was said before stays beside it."""

    def declare(
        handover: Handover, event: NoneDeclared | UnknownDeclared | Skipped, _playbook: Playbook
    ) -> Handover:
        answer = _standing(handover, event, event.question)
        answer = answer.model_copy(update={"verdict": verdict})
        return _moved(_answered(handover, event.question, answer), event.by, replacing=False)

    return declare


def put_off(handover: Handover, event: PutOff, playbook: Playbook) -> Handover:
    """The question goes to the end; when nothing else is open, the interview rests."""
    later = tuple(key for key in _interview(handover, event.by).later if key != event.question)
    moved = _moved(
        handover, event.by, later=(*later, event.question), current=None, replacing=False
    )
    following = next_question(moved, playbook, event.by)
    rests = following is None or following.id == event.question
    return _moved(moved, event.by, resting=rests)


def stepped_back(handover: Handover, event: SteppedBack, playbook: Playbook) -> Handover:
    """The question put before this one is put again. FlowError `at_the_start` if there is none."""
    asked = _interview(handover, event.by).asked
    here = len(asked) - 1 - asked[::-1].index(event.question) if event.question in asked else 0
    open_to = {question.id for question in put_to(handover, playbook, event.by)}
    before = [key for key in asked[:here] if key != event.question and key in open_to]
    if not before:
        raise FlowError("at_the_start")
    return _put_again(handover, event.by, before[-1])


def change_wished(handover: Handover, event: ChangeWished, _playbook: Playbook) -> Handover:
    """An answered question is put again."""
    return _put_again(handover, event.by, event.question)


def answer_kept(handover: Handover, event: AnswerKept, _playbook: Playbook) -> Handover:
    """What stands stays; the interview goes on."""
    return _moved(handover, event.by, current=None, replacing=False)


def resumed(handover: Handover, event: Resumed, playbook: Playbook) -> Handover:
    """The open question is put again, at the end of the thread where the person is looking."""
    following = next_question(handover, playbook, event.by)
    if following is None:
        raise FlowError("nothing_open")
    return _moved(handover, event.by, current=None, resting=False, replacing=False)


def offered_picked(handover: Handover, event: OfferedPicked, playbook: Playbook) -> Handover:
    """A question from the closing menu joins what is asked."""
    if event.question not in {q.id for q in still_offered(handover, playbook, event.by)}:
        raise FlowError("not_offered")
    picked = (*_interview(handover, event.by).picked, event.question)
    return _moved(handover, event.by, picked=picked, finished=False)


def interview_finished(handover: Handover, event: InterviewFinished, _: Playbook) -> Handover:
    """The closing menu is closed; it can be opened again from the card."""
    return _moved(handover, event.by, finished=True)


def said_edited(handover: Handover, event: SaidEdited, playbook: Playbook) -> Handover:
    """An edit of a reply changes the answer, unless a later edit came first."""
    key, answer, said = _said(handover, event.source)
    if event.edited <= said.edited:
        return handover
    edited = said.model_copy(
        update={"text": event.text, "edited": event.edited, "links": event.links}
    )
    pieces = tuple(edited if piece.source == said.source else piece for piece in answer.said)
    handover = _answered(handover, key, answer.model_copy(update={"said": pieces}))
    handover = _without_typed(handover, {said.source})
    return _with_typed(handover, playbook, playbook.by_id[key], edited)


def said_withdrawn(handover: Handover, event: SaidWithdrawn, _playbook: Playbook) -> Handover:
    """A deleted reply is no answer any more."""
    key, answer, said = _said(handover, event.source)
    pieces = tuple(piece for piece in answer.said if piece.source != said.source)
    handover = _without_typed(handover, {said.source})
    return _answered(handover, key, answer.model_copy(update={"said": pieces}))


def said_moved(handover: Handover, event: SaidMoved, playbook: Playbook) -> Handover:
    """A reply is added to the question that was put before the one it was taken for."""
    key, _answer, said = _said(handover, event.source)
    asked = _interview(handover, event.by).asked
    before = [other for other in asked[: asked.index(key)] if other != key] if key in asked else []
    if not before:
        raise FlowError("at_the_start")
    withdrawn = SaidWithdrawn(at=event.at, by=event.by, source=event.source)
    given = AnswerGiven(at=event.at, by=event.by, question=before[-1], said=said)
    return answer_given(said_withdrawn(handover, withdrawn, playbook), given, playbook)


def record_added(handover: Handover, event: RecordAdded, playbook: Playbook) -> Handover:
    """A record joins the list; the same id again changes nothing."""
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
    answer = _standing(handover, event, question.id).model_copy(update={"verdict": Verdict.GIVEN})
    handover = handover.model_copy(update={"records": (*handover.records, record)})
    return _answered(handover, question.id, answer)


def record_changed(handover: Handover, event: RecordChanged, playbook: Playbook) -> Handover:
    """A record's fields are replaced."""
    record = find_record(handover, event.id)
    details = checked_details(playbook.specs[record.kind], event.details)
    changed = record.model_copy(update={"details": details})
    records = tuple(changed if old.id == record.id else old for old in handover.records)
    return handover.model_copy(update={"records": records})


def record_removed(handover: Handover, event: RecordRemoved, _playbook: Playbook) -> Handover:
    """A record is taken out."""
    record = find_record(handover, event.id)
    left = tuple(other for other in handover.records if other.id != record.id)
    return handover.model_copy(update={"records": left})


def adding_done(handover: Handover, event: AddingDone, _playbook: Playbook) -> Handover:
    """The list is complete."""
    answer = _standing(handover, event, event.question)
    return _answered(handover, event.question, answer.model_copy(update={"done": True}))


def section_filled(handover: Handover, event: SectionFilled, playbook: Playbook) -> Handover:
    """A form's fields take the place of what stood in that form before."""
    for key, filled in event.answers.items():
        for part, given in filled.given.items():
            chosen = ValueGiven(at=event.at, by=event.by, question=key, part=part, given=given)
            handover = value_given(handover, chosen, playbook)
        if filled.text:
            said = Said(source=FORM, text=filled.text, links=filled.links)
            handover = _without_typed(handover, {FORM}, question=key)
            given_text = AnswerGiven(at=event.at, by=event.by, question=key, said=said)
            handover = answer_given(handover, given_text, playbook)
    return handover


def pasted(handover: Handover, event: Pasted, _playbook: Playbook) -> Handover:
    """What was handed in whole is kept as it is."""
    if not event.text and not event.files:
        raise FlowError("missing", field="text")
    piece = Unsorted(id=event.id, by=event.by, at=event.at, text=event.text, files=event.files)
    return handover.model_copy(update={"unsorted": (*handover.unsorted, piece)})


def find_record(handover: Handover, record: str) -> Record:
    """A record by its id. Raises FlowError `no_such_record`."""
    found = next((other for other in handover.records if other.id == record), None)
    if found is None:
        raise FlowError("no_such_record")
    return found


def find_said(handover: Handover, source: str) -> str | None:
    """The question that a reply, known by its message, was taken for."""
    return next(
        (
            key
            for key, answer in handover.answers.items()
            if any(piece.source == source for piece in answer.said)
        ),
        None,
    )


def _said(handover: Handover, source: str) -> tuple[str, Answer, Said]:
    key = find_said(handover, source)
    if key is None:
        raise FlowError("no_such_reply")
    answer = handover.answers[key]
    return key, answer, next(piece for piece in answer.said if piece.source == source)


def _interview(handover: Handover, user: str) -> Interview:
    return handover.interviews.get(user, Interview())


def _moved(handover: Handover, user: str, **change: object) -> Handover:
    interview = _interview(handover, user).model_copy(update=change)
    return handover.model_copy(update={"interviews": handover.interviews | {user: interview}})


def _put_again(handover: Handover, user: str, question: str) -> Handover:
    asked = (*_interview(handover, user).asked, question)
    return _moved(handover, user, current=question, asked=asked, replacing=True, resting=False)


def _standing(
    handover: Handover,
    event: AnswerGiven
    | ValueGiven
    | NoneDeclared
    | UnknownDeclared
    | Skipped
    | RecordAdded
    | AddingDone,
    question: str,
) -> Answer:
    before = handover.answers.get(question)
    by = {"by": event.by, "at": event.at}
    return before.model_copy(update=by) if before else Answer(by=event.by, at=event.at)


def _answered(handover: Handover, question: str, answer: Answer) -> Handover:
    """Store an answer; one that says nothing at all is taken out."""
    empty = answer.verdict is Verdict.GIVEN and not (answer.said or answer.given or answer.done)
    if empty and not any(record.question == question for record in handover.records):
        left = {key: other for key, other in handover.answers.items() if key != question}
        return handover.model_copy(update={"answers": left})
    return handover.model_copy(update={"answers": handover.answers | {question: answer}})


def _number_typed(question: Question, answer: Answer, said: Said) -> dict[str, Given]:
    """A reply that is just a number fills the question's open number."""
    for part in question.parts:
        if part.kind is PartKind.NUMBER and part.key not in answer.given:
            try:
                return {part.key: Given(values=(checked_value(part, said.text),))}
            except FlowError:
                return {}
    return {}


def _without_typed(handover: Handover, sources: set[str], question: str = "") -> Handover:
    left = tuple(
        record
        for record in handover.records
        if record.source not in sources or (question and record.question != question)
    )
    return handover.model_copy(update={"records": left})


def _with_typed(handover: Handover, playbook: Playbook, question: Question, said: Said) -> Handover:
    kind = typed_kind(question)
    if kind is None:
        return handover
    answer = handover.answers[question.id]
    template = Record(
        id="", kind=kind, question=question.id, details={}, by=answer.by, at=answer.at
    )
    typed = typed_records(playbook, question, said, template)
    known = {record.id for record in typed}
    left = tuple(record for record in handover.records if record.id not in known)
    return handover.model_copy(update={"records": left + typed})
