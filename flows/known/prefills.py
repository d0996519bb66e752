"""What is known before anybody answered: kept beside the answers, and counted once confirmed (A10).

It comes from a paste, a file, an earlier handover of the account, or from the incoming CSM. It
never takes the place of an answer, and nothing of it is asked of leaders.
"""

import re
from collections.abc import Mapping

from flows.errors import FlowError
from flows.events import (
    AnswerGiven,
    EarlierUsed,
    FileRead,
    NoneDeclared,
    Pasted,
    PrefillConfirmed,
    SectionFilled,
    Started,
    ValueGiven,
    WroteAhead,
)
from flows.handover import (
    FORM,
    READ,
    Acceptance,
    Answer,
    Handover,
    Known,
    Listed,
    Origin,
    Prefill,
    Record,
    Said,
    Unsorted,
    Verdict,
)
from flows.happened import Happened
from flows.knowledge import answering
from flows.knowledge.interview import fewest_records, is_answered, questions, respondents
from flows.knowledge.ledger import checked_given, checked_value
from flows.playbook import Part, Playbook, Question, RecordSpec
from flows.privacy import told_user
from flows.terms import Need, PartKind, Role

_MOST_TEXT = 20_000
_MOST_LISTED = 200
_LONGEST_LINK = 2000
_LINK = re.compile(r"<(https?://[^|>\s]+)(?:\|[^>]*)?>")


def prefill_of(handover: Handover, question: Question) -> Prefill | None:
    """What waits to be confirmed of a question: of what was prefilled, what nobody answered yet."""
    prefill = handover.prefilled.get(question.id)
    if prefill is None or is_answered(handover, question):
        return None
    answer = handover.answers.get(question.id)
    if answer is None:
        return prefill
    if answer.returned:
        return None
    listed = any(record.question == question.id for record in handover.records)
    known = prefill.known
    left = known.model_copy(
        update={
            "text": "" if answer.said else known.text,
            "files": () if answer.said else known.files,
            "verdict": Verdict.GIVEN,
            "given": {k: v for k, v in known.given.items() if k not in answer.given},
            "listed": () if listed else known.listed,
        }
    )
    return prefill.model_copy(update={"known": left}) if says_something(left) else None


def says_something(known: Known) -> bool:
    """Whether there is anything to confirm."""
    told = known.text.strip() or known.given or known.listed or known.files
    return bool(told) or known.verdict is not Verdict.GIVEN


def in_lines(known: Known) -> str:
    """The text as a form's field takes it: records without words of their own are a line each."""
    return known.text or "\n".join(" – ".join(one.details.values()) for one in known.listed)


def askable(handover: Handover, playbook: Playbook) -> dict[str, Question]:
    """Every question that one of the CSMs is or may be asked here; nothing that leaders are."""
    return {
        question.id: question
        for role in (Role.OUTGOING, Role.INCOMING)
        for need in (Need.REQUIRED, Need.OFFERED)
        for question in questions(handover, playbook, role, need)
    }


def may_write_ahead(handover: Handover, playbook: Playbook, user: str) -> bool:
    """Whether somebody takes the account over, does not answer for the outgoing CSM anyway, and
    something is still open that they may know.
    """
    accepted = handover.acceptance is Acceptance.ACCEPTED
    if not accepted or user != told_user(handover, Role.INCOMING):
        return False
    others = user not in respondents(handover, Role.OUTGOING)
    return others and bool(open_ahead(handover, playbook, user))


def open_ahead(handover: Handover, playbook: Playbook, user: str) -> list[Question]:
    """What the incoming CSM may write ahead: what is asked of the outgoing side and neither
    answered nor known from somebody else.
    """
    return [
        question
        for question in questions(handover, playbook, Role.OUTGOING, Need.REQUIRED)
        if question.id not in handover.answers
        and (question.id not in handover.prefilled or handover.prefilled[question.id].by == user)
    ]


def fitted(
    handover: Handover, playbook: Playbook, found: Mapping[str, Known]
) -> tuple[dict[str, Known], list[str]]:
    """What is found, by the question that asks it here, and as it stood what is asked nowhere.

    What was asked apart in one segment is asked by a joined prompt in another one.
    """
    asked = askable(handover, playbook)
    homes: dict[str, Known] = {}
    left: list[str] = []
    for key, known in found.items():
        home = _home(asked, playbook, key)
        if home is None:
            left.append(_as_it_stood(known))
            continue
        fitting = _fitting(playbook, home, known)
        before = homes.get(home.id)
        homes[home.id] = _merged(before, fitting) if before else fitting
        if (fitting.given, fitting.listed) != (known.given, known.listed) and known.raw:
            left.append(known.raw)
    return homes, [piece for piece in left if piece.strip()]


def pasted(handover: Handover, event: Pasted, playbook: Playbook) -> Handover:
    """What was handed in whole is kept: what is known to a question there, the rest unsorted."""
    if not event.found:
        return answering.pasted(handover, event, playbook)
    if _is_known(handover, event.id):
        return handover
    handover, left = _prefilled(handover, playbook, event, event.found, (Origin.PASTED, event.id))
    rest = event.model_copy(update={"text": _joined(event.text, *left)})
    if not rest.text and not rest.files:
        return handover
    return answering.pasted(handover, rest, playbook)


def file_read(handover: Handover, event: FileRead, playbook: Playbook) -> Handover:
    """A file's content joins what is known; read once, it is not read again."""
    piece = next((piece for piece in handover.unsorted if piece.id == event.piece), None)
    source = f"{event.piece}:{event.file}"
    if _is_known(handover, source) or (piece and piece.read.get(event.file) == READ):
        return handover
    if piece is None and not (event.found and answering.find_said(handover, event.piece)):
        return handover
    origin = (Origin.PASTED, source)
    handover, left = _prefilled(handover, playbook, event, event.found, origin)
    if piece is None:
        return handover
    read = piece.model_copy(
        update={
            "text": _joined(piece.text, event.left, *left),
            "read": piece.read | {event.file: event.trouble or READ},
        }
    )
    pieces = tuple(read if other is piece else other for other in handover.unsorted)
    return handover.model_copy(update={"unsorted": pieces})


def earlier_used(handover: Handover, event: EarlierUsed, playbook: Playbook) -> Handover:
    """Answers of an earlier handover wait to be confirmed; what is asked nowhere stays there."""
    origin = (Origin.EARLIER, event.earlier)
    return _prefilled(handover, playbook, event, event.found, origin)[0]


def wrote_ahead(handover: Handover, event: WroteAhead, playbook: Playbook) -> Handover:
    """What the incoming CSM knows waits for whoever answers; what they wrote before is replaced.

    What is answered or known by then is kept as unsorted.
    """
    own = {
        key
        for key, known in handover.prefilled.items()
        if (known.origin, known.by) == (Origin.INCOMING, event.by)
    }
    again = {key: known for key, known in handover.prefilled.items() if key not in event.found}
    handover = handover.model_copy(
        update={"prefilled": again | {k: v for k, v in handover.prefilled.items() if k not in own}}
    )
    origin = (Origin.INCOMING, event.id)
    handover, left = _prefilled(handover, playbook, event, event.found, origin)
    if not left or any(piece.id == event.id for piece in handover.unsorted):
        return handover
    piece = Unsorted(id=event.id, by=event.by, at=event.at, text=_joined(*left))
    return handover.model_copy(update={"unsorted": (*handover.unsorted, piece)})


def listed(handover: Handover, event: Started, playbook: Playbook) -> Handover:
    """What was known of an account where it was listed waits to be confirmed; what is asked nowhere
    is unsorted.
    """
    if not event.known:
        return handover
    origin = (Origin.LISTED, event.book)
    handover, left = _prefilled(handover, playbook, event, event.known, origin)
    if not left:
        return handover
    piece = Unsorted(id=event.id, by=event.by, at=event.at, text=_joined(*left))
    return handover.model_copy(update={"unsorted": (piece,)})


def prefill_confirmed(handover: Handover, event: PrefillConfirmed, playbook: Playbook) -> Handover:
    """What was prefilled becomes the answer of whoever confirms it; confirmed again, nothing."""
    for key in event.questions:
        question = playbook.by_id[key]
        if prefill := prefill_of(handover, question):
            handover = _confirmed(handover, playbook, event, question, prefill)
    return handover


def section_filled(handover: Handover, event: SectionFilled, playbook: Playbook) -> Handover:
    """A form's fields become answers; a prefilled text left as it is, is confirmed with all that
    no field of the form holds.
    """
    answers = dict(event.answers)
    for key, filled in event.answers.items():
        question = playbook.by_id[key]
        prefill = prefill_of(handover, question)
        if prefill is None or not filled.text or filled.text != in_lines(prefill.known):
            continue
        beside = prefill.model_copy(
            update={"known": prefill.known.model_copy(update={"given": {}})}
        )
        handover = _confirmed(handover, playbook, event, question, beside)
        answers[key] = filled.model_copy(update={"text": "", "links": ()})
    rest = event.model_copy(update={"answers": answers})
    return answering.section_filled(handover, rest, playbook)


def added(handover: Handover, prefill: Prefill, question: str) -> Handover:
    """Something more is known to a question; it joins what waits there already."""
    before = handover.prefilled.get(question)
    known = _merged(before.known, prefill.known) if before else prefill.known
    joined = prefill.model_copy(update={"known": known})
    return handover.model_copy(update={"prefilled": handover.prefilled | {question: joined}})


def _prefilled(
    handover: Handover,
    playbook: Playbook,
    event: Happened,
    found: Mapping[str, Known],
    origin: tuple[Origin, str],
) -> tuple[Handover, list[str]]:
    """The handover with what was found, and as it stood what had no place."""
    homes, left = fitted(handover, playbook, found)
    prefilled = dict(handover.prefilled)
    for key, known in homes.items():
        if not says_something(known):
            continue
        if is_answered(handover, playbook.by_id[key]) or key in prefilled:
            left.append(_as_it_stood(known))
            continue
        prefilled[key] = Prefill(
            by=event.by, at=event.at, origin=origin[0], source=origin[1], known=known
        )
    return handover.model_copy(update={"prefilled": prefilled}), left


def _is_known(handover: Handover, source: str) -> bool:
    return any(prefill.source == source for prefill in handover.prefilled.values())


def _home(asked: Mapping[str, Question], playbook: Playbook, key: str) -> Question | None:
    """The question that asks here what `key` asks: itself, what joins it, or a part of it."""
    if key in asked:
        return asked[key]
    joining = (question for question in asked.values() if key in question.covers)
    covers = playbook.by_id[key].covers if key in playbook.by_id else ()
    return next(joining, None) or next((asked[part] for part in covers if part in asked), None)


def _fitting(playbook: Playbook, question: Question, known: Known) -> Known:
    """Of what is known, what this question takes: parts that can be kept, records of its kinds."""
    parts = {part.key: part for part in question.parts}
    given = {}
    for key, value in known.given.items():
        try:
            if key in parts and all(_is_web(parts[key], one) for one in value.values):
                given[key] = checked_given(parts[key], value)
        except FlowError:
            continue
    kept = (
        Listed(kind=one.kind, details=_kept(playbook.specs[one.kind], one.details))
        for one in known.listed[:_MOST_LISTED]
        if one.kind in question.records
    )
    listed = tuple(one for one in kept if one.details)
    text = known.text[:_MOST_TEXT]
    return known.model_copy(update={"text": text, "given": given, "listed": listed})


def _is_web(part: Part, value: str) -> bool:
    """Whether a value is what its part takes as a link: a web address that fits a form's field."""
    web = value.startswith(("http://", "https://")) and len(value) <= _LONGEST_LINK
    return web or part.kind is not PartKind.LINK


def _kept(spec: RecordSpec, details: Mapping[str, str]) -> dict[str, str]:
    """The fields that can be kept; none where there is no title."""
    kept = {}
    for part in spec.fields:
        try:
            value = details.get(part.key, "").strip()
            if value and _is_web(part, value):
                kept[part.key] = checked_value(part, value[:_MOST_TEXT])
        except FlowError:
            continue
    return kept if spec.fields[0].key in kept else {}


def _merged(one: Known, other: Known) -> Known:
    return Known(
        text=_joined(one.text, other.text),
        verdict=one.verdict if one.verdict is other.verdict else Verdict.GIVEN,
        given=other.given | one.given,
        listed=(*one.listed, *other.listed),
        files=(*one.files, *other.files),
        raw=_joined(one.raw, other.raw),
    )


def _as_it_stood(known: Known) -> str:
    return known.raw or in_lines(known)


def _joined(*texts: str) -> str:
    return "\n".join(text for text in texts if text.strip())


def _confirmed(
    handover: Handover,
    playbook: Playbook,
    event: Happened,
    question: Question,
    prefill: Prefill,
) -> Handover:
    """The prefill as an answer of whoever confirms it, as if they had filled in a form."""
    known, about = prefill.known, {"at": event.at, "by": event.by, "question": question.id}
    for part, given in known.given.items():
        chosen = ValueGiven(**about, part=part, given=given)
        handover = answering.value_given(handover, chosen, playbook)
    if known.text.strip() or known.files:
        links = tuple(dict.fromkeys(_LINK.findall(known.text)))
        said = Said(source=FORM, text=known.text, links=links, files=known.files)
        handover = answering.answer_given(handover, AnswerGiven(**about, said=said), playbook)
    if known.listed:
        handover = _with_records(handover, question, prefill, event)
    if known.verdict is not Verdict.GIVEN:
        declared = NoneDeclared(**about)
        handover = answering.declared(known.verdict)(handover, declared, playbook)
    return handover


def _with_records(
    handover: Handover, question: Question, prefill: Prefill, event: Happened
) -> Handover:
    """The listed records join the answer; what its text told already is not told twice."""
    told = {
        (record.kind, _title(record.details))
        for record in handover.records
        if (record.question, record.source) == (question.id, FORM)
    }
    fresh = tuple(
        _record(question, prefill, event, number, one)
        for number, one in enumerate(prefill.known.listed)
        if (one.kind, _title(one.details)) not in told
    )
    before = handover.answers.get(question.id) or Answer(by=event.by, at=event.at)
    handover = handover.model_copy(update={"records": (*handover.records, *fresh)})
    own = [record for record in handover.records if record.question == question.id]
    enough = len(own) >= fewest_records(handover, question)
    answer = before.model_copy(update={"done": before.done or enough})
    return handover.model_copy(update={"answers": handover.answers | {question.id: answer}})


def _record(
    question: Question, prefill: Prefill, event: Happened, number: int, one: Listed
) -> Record:
    return Record(
        id=f"{question.id}.{prefill.source}.{number}",
        kind=one.kind,
        question=question.id,
        details=one.details,
        by=event.by,
        at=event.at,
    )


def _title(details: Mapping[str, str]) -> str:
    return next(iter(details.values()), "").casefold()
