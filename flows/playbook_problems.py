"""What does not hold together in a playbook, told to whoever writes one."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from string import Formatter
from typing import TYPE_CHECKING

from flows.folding import signs, words
from flows.schedule.milestones import Track, plan_problems
from flows.terms import THE_THREE, Need, PartKind, Reason, RecordKind, Role, Segment
from flows.texts.leak_words import LISTS
from flows.texts.letter_specs import letter_problems

if TYPE_CHECKING:
    from flows.playbook import Milestones, Playbook, Question


def problems(playbook: "Playbook") -> Iterator[str]:
    """Whatever does not hold together in a playbook, a readable line each, naming the place."""
    yield from (f"section {name} stands {n} times" for name, n in _twice(playbook.sections))
    ids = [question.id for question in playbook.questions]
    yield from (f"question {key} stands {n} times" for key, n in _twice(ids))
    for question in playbook.questions:
        problems = (
            *_own_problems(question, playbook),
            *_covering(question, playbook),
            *_shared(question),
        )
        yield from (f"question {question.id}: {problem}" for problem in problems)
    described = [spec.kind for spec in playbook.records]
    yield from (f"record {kind} stands {n} times" for kind, n in _twice(described))
    for spec in playbook.records:
        title, keys = spec.fields[0], [part.key for part in spec.fields]
        yield from (f"record {spec.kind}: field {k} stands {n} times" for k, n in _twice(keys))
        if title.kind is not PartKind.TEXT or not title.required:
            yield f"record {spec.kind}: the first field is its title, a required text"
    yield from _disorder(playbook.milestones)
    yield from _unworded(playbook.wordings)
    for name, keys in playbook.short_notice:
        yield from (f"short_notice.{name}: no question is called {k}" for k in keys if k not in ids)
    yield from _telling(playbook)
    yield from plan_problems(playbook.plan)
    yield from letter_problems(playbook.letters, (milestone.key for milestone in playbook.plan))
    yield from _strange_parts(playbook)
    yield from _strange_calls(playbook)


def _own_problems(question: "Question", playbook: "Playbook") -> Iterator[str]:
    if question.section not in playbook.sections:
        yield f"no section is called {question.section!r}"
    yield from (f"its need for {s} is missing" for s in Segment if s not in question.need)
    if question.asked_of not in THE_THREE:
        yield f"nothing is asked of the {question.asked_of}"
    if (question.asked_of is Role.LEADER) != bool(question.confidential):
        yield "what is confidential is asked of the leader, and nothing else is"
    if question.reason and question.confidential:
        yield "it belongs to a reason or to a confidential one, not to both"
    for kind in question.records:
        if kind not in playbook.specs:
            yield f"lists {kind}, which [[records]] does not describe"
    if question.at_least and not question.records:
        yield "at_least counts records, and it lists none"
    if not (question.text_needed or question.parts or question.records):
        yield "without text it needs parts or records"
    for key, count in _twice(part.key for part in question.parts):
        yield f"part {key} stands {count} times"


def _shared(question: "Question") -> Iterator[str]:
    once = question.once_per_book or any(part.once_per_book for part in question.parts)
    if once and question.asked_of is not Role.OUTGOING:
        yield "only what the outgoing CSM is asked is asked once per book"


def _covering(question: "Question", playbook: "Playbook") -> Iterator[str]:
    for key in question.covers:
        covered = playbook.by_id.get(key)
        if covered is None:
            yield f"covers {key}, which does not exist"
        elif covered is question:
            yield "covers itself"
        elif covered.asked_of is not question.asked_of:
            yield f"covers {key}, which is asked of the {covered.asked_of}"
        for other in playbook.questions[: playbook.questions.index(question)]:
            shared = [s for s in Segment if _joins(question, s) and _joins(other, s)]
            if shared and key in other.covers:
                yield f"covers {key} for {shared[0]}, which {other.id} covers already"


def _joins(question: "Question", segment: Segment) -> bool:
    return question.need.get(segment) is Need.REQUIRED


def _strange_calls(playbook: "Playbook") -> Iterator[str]:
    """Each call is a milestone; what a customer is invited to says so in words for customers."""
    milestones = {milestone.key: milestone for milestone in playbook.plan}
    for key, call in playbook.calls.items():
        if key not in milestones:
            yield f"calls {key}: no milestone is called so"
        elif (milestones[key].track is Track.CUSTOMER) != bool(call.summary.strip()):
            yield f"calls {key}: with the customer it has a summary, among us it has none"
        if not _blanks(call.summary) <= {"outgoing", "incoming", "account"}:
            yield f"calls {key}: a blank is none of {{outgoing}}, {{incoming}} and {{account}}"


def _blanks(text: str) -> set[str]:
    """The names of a text's blanks; one that is not well formed is called "{"."""
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        return {"{"}


def _unworded(wordings: Mapping[Reason, str]) -> Iterator[str]:
    """A text for every reason, with no other blanks than the two names."""
    for reason in Reason:
        text = wordings.get(reason, "")
        if not text.strip():
            yield f"wordings: {reason} is missing"
            continue
        if not _blanks(text) <= {"outgoing", "incoming"}:
            yield f"wordings: {reason} has a blank that is neither {{outgoing}} nor {{incoming}}"


def _telling(playbook: "Playbook") -> Iterator[str]:
    """What is proposed to customers has none of the words that they are not to read."""
    texts = [(f"wordings: {reason}", text) for reason, text in playbook.wordings.items()]
    texts += [
        (f"letter {spec.key}", paragraph.text)
        for spec in playbook.letters
        for paragraph in spec.paragraphs
    ]
    for place, text in texts:
        said = words(signs(text))
        for name in LISTS:
            for word in playbook.leaks.found(name, said, ("outgoing", "incoming")):
                yield f"{place} says {word.text!r}, which leaks.{name} lists"


def _strange_parts(playbook: "Playbook") -> Iterator[str]:
    """The parts that no stakeholder can play, and yet are named where they are introduced."""
    spec, rules = playbook.specs.get(RecordKind.STAKEHOLDER), playbook.coverage
    fields = spec.fields if spec else ()
    known = {option.value for part in fields if part.key == "type" for option in part.options}
    for name in dict.fromkeys([*rules.key, *rules.sponsors]):
        if known and name not in known:
            yield f"coverage: no stakeholder can be a {name!r}"


def _disorder(milestones: "Milestones") -> Iterator[str]:
    plan = milestones.named
    for name, days in plan.items():
        yield from (f"milestones.{name}: {s} is missing" for s in Segment if s not in days)
    for segment in Segment:
        order = [days[segment] for days in plan.values() if segment in days]
        if order != sorted(order):
            yield f"milestones: for {segment} they are not in order, {' <= '.join(plan)}"


def _twice(names: Iterable[str]) -> list[tuple[str, int]]:
    return [(name, count) for name, count in Counter(names).items() if count > 1]
