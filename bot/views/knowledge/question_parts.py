"""The parts of a question in a message: one-tap inputs, what was given, and its records."""

from bot.ids import Act
from bot.views.blocks import (
    Block,
    Choice,
    Element,
    actions,
    button,
    context,
    date_picker,
    overflow,
    section,
    select,
    users_select,
)
from bot.views.scene import Scene
from bot.views.slack_text import Surface, one_line
from bot.views.words import article, given, labelled, value
from flows.handover import Answer, Handover, Record
from flows.knowledge.interview import is_answered
from flows.playbook import Part, Question, RecordSpec
from flows.terms import DateIs, PartKind

_BUTTONS = 5
_INPUTS = 6
_SHOWN = 12
_HEADS = 20
_HEAD = 80
_DETAIL = 120
_DETAILS = 8
_IN_A_LINE = 3
_IN_A_FORM = frozenset({PartKind.NUMBER, PartKind.LINK, PartKind.TEXT})


def wants_form(question: Question) -> bool:
    """Whether a form is the easier way: several parts, or one that has no one-tap input."""
    kinds = [part.kind for part in question.parts]
    return len(kinds) > 1 or any(kind in _IN_A_FORM for kind in kinds)


def inputs(scene: Scene, question: Question) -> list[Block]:
    """The one-tap inputs of a question, and what the start form said, to be confirmed."""
    answer = scene.handover.answers.get(question.id)
    blocks: list[Block] = []
    confirm: list[Element] = []
    for part in question.parts[:_INPUTS]:
        now = answer.given[part.key].values if answer and part.key in answer.given else ()
        known = "" if now else prefilled(scene.handover, part)
        if known:
            confirm.append(_confirm(scene, question, part, known))
        blocks += _input(scene, question, part, now or ((known,) if known else ()))
    return blocks + actions(confirm)


def prefilled(handover: Handover, part: Part) -> str:
    """What the start form said already, in the canonical form of an answer; empty if nothing."""
    last_day = handover.day if handover.day_is is DateIs.LAST_DAY else None
    known: dict[tuple[str, PartKind], object] = {
        ("renewal", PartKind.DATE): handover.renewal,
        ("arr", PartKind.NUMBER): handover.arr,
        ("last_day", PartKind.DATE): last_day,
        ("lead_until", PartKind.DATE): handover.day if handover.outgoing.reachable else None,
    }
    found = known.get((part.key, part.kind))
    return "" if found is None else str(found)


def given_lines(scene: Scene, question: Question, answer: Answer) -> list[str]:
    """The structured parts of an answer, one a line."""
    return [
        f"*{labelled(scene.typed(part.label), '').rstrip()}* "
        f"{given(part, answer.given[part.key], scene.names, Surface.MRKDWN)}"
        for part in question.parts
        if part.key in answer.given
    ]


def record_heads(scene: Scene, question: Question) -> list[str]:
    """A line for each of a question's records, the first ones when there are many."""
    own = _own(scene, question)
    lines = [f"• {' – '.join(_details(scene, record)[:_IN_A_LINE])}" for record in own[:_HEADS]]
    return [*lines, f"and {len(own) - _HEADS} more"] if len(own) > _HEADS else lines


def records(scene: Scene, question: Question) -> list[Block]:
    """The list of a question's records, and what adds to it."""
    if not question.records:
        return []
    own = _own(scene, question)
    older, newest = own[:-_SHOWN], own[-_SHOWN:]
    blocks: list[Block] = []
    if older:
        blocks.append(_older(scene, question, older))
    blocks += [_record(scene, question, record) for record in newest]
    answer = scene.handover.answers.get(question.id)
    done = is_answered(scene.handover, question) or bool(answer and answer.done)
    adds_to, adding = _specs(scene, question), adds(scene, question)
    finish = button("Done adding", Act.RECORD_DONE, scene.ref(q=question.id), "primary")
    hint = "Or just write it: one line for each."
    if len(question.records) == 1:
        hint = f"Or type one a line: {line_of(adds_to[0])}"
    return [
        *blocks,
        *actions([*adding, finish if own and not done else None]),
        *([context(hint)] if hint and not own else []),
    ]


def adds(scene: Scene, question: Question) -> list[Element]:
    """What adds to a question's records, a button for each kind."""
    return [_add(scene, question, spec) for spec in _specs(scene, question)]


def line_of(spec: RecordSpec) -> str:
    """What a typed line of this kind is made of: "Name – role – how they like …"."""
    texts = [part.label for part in spec.fields if part.kind is PartKind.TEXT][:_IN_A_LINE]
    return " – ".join([*texts[:1], *(label[:1].lower() + label[1:] for label in texts[1:])])


def title(record: Record, scene: Scene, surface: Surface) -> str:
    """What a record is called: its first field."""
    first = next(iter(record.details.values()), "")
    return one_line(first, surface, scene.names, _HEAD)


def _own(scene: Scene, question: Question) -> list[Record]:
    return [record for record in scene.handover.records if record.question == question.id]


def _specs(scene: Scene, question: Question) -> list[RecordSpec]:
    return [scene.playbook.specs[kind] for kind in question.records]


def _input(scene: Scene, question: Question, part: Part, now: tuple[str, ...]) -> list[Block]:
    ref = scene.ref(q=question.id, p=part.key)
    label = f"*{scene.typed(part.label)}*"
    match part.kind:
        case PartKind.CHOICE if len(part.options) <= _BUTTONS:
            buttons = [
                button(
                    o.label, Act.ANSWER_CHOICE.of(o.value), ref.model_copy(update={"v": o.value})
                )
                for o in part.options
            ]
            return [section(label), *actions(buttons)]
        case PartKind.CHOICE:
            choices = [
                Choice(ref.model_copy(update={"v": o.value}).dump(), o.label) for o in part.options
            ]
            initial = ref.model_copy(update={"v": now[0]}).dump() if now else ""
            menu = select(choices, initial, "Choose", Act.ANSWER_CHOICE)
            return [section(label, menu, ref.dump())]
        case PartKind.DATE:
            picker = date_picker(now[0] if now else "", "Pick a date", Act.ANSWER_DATE)
            return [section(label, picker, ref.dump())]
        case PartKind.PEOPLE:
            people = users_select(now, "Pick people", Act.ANSWER_PEOPLE)
            return [section(label, people, ref.dump())]
        case PartKind.NUMBER | PartKind.LINK | PartKind.TEXT:
            return []


def _confirm(scene: Scene, question: Question, part: Part, known: str) -> Element:
    label = part.label[:1].lower() + part.label[1:]
    words = f"Confirm: {label} {value(part, known, scene.names, Surface.PLAIN)}"
    ref = scene.ref(q=question.id, p=part.key, v=known)
    return button(words, Act.ANSWER_CONFIRM.of(part.key), ref)


def _add(scene: Scene, question: Question, spec: RecordSpec) -> Element:
    ref = scene.ref(q=question.id, k=spec.kind)
    return button(f"Add {article(spec.one)}", Act.RECORD_ADD.of(spec.kind), ref)


def _record(scene: Scene, question: Question, record: Record) -> Block:
    spec = scene.playbook.specs[record.kind]
    head, *rest = _details(scene, record) or [""]
    kind = f" ({scene.typed(spec.one)})" if len(question.records) > 1 else ""
    menu = overflow(
        Act.RECORD_MENU,
        [
            Choice(scene.ref(r=record.id, v=verb.lower()).dump(), verb)
            for verb in ("Change", "Remove")
        ],
    )
    return section(" – ".join([f"*{head}*{kind}", *rest[:_DETAILS]]), menu)


def _details(scene: Scene, record: Record) -> list[str]:
    """What is known of a record, in the order of the playbook."""
    return [
        value(part, record.details[part.key], scene.names, Surface.MRKDWN, _DETAIL)
        for part in scene.playbook.specs[record.kind].fields
        if part.key in record.details
    ]


def _older(scene: Scene, question: Question, older: list[Record]) -> Block:
    choices = [
        Choice(scene.ref(r=record.id).dump(), title(record, scene, Surface.PLAIN) or "…")
        for record in older
    ]
    menu = select(choices, "", "Change an earlier one", Act.RECORD_CHANGE)
    return section(f"{len(older)} earlier ones", menu, scene.ref(q=question.id, v="older").dump())
