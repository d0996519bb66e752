"""One question of an interview, in whichever state it is for the reader now."""

import re
from dataclasses import dataclass
from enum import Enum, auto

from bot.books.ids import BookAct
from bot.ids import SENSITIVE, Act, Ref
from bot.views import people, readers
from bot.views.blocks import (
    Block,
    Choice,
    Element,
    Message,
    actions,
    button,
    context,
    cut,
    fitted,
    overflow,
    section,
)
from bot.views.books.turns import confirm_all, waiting
from bot.views.knowledge import question_parts as parts
from bot.views.knowledge.listed import own_records, prose
from bot.views.known import prefill
from bot.views.people import listed
from bot.views.scene import Scene, quoted
from bot.views.slack_text import Surface
from bot.views.words import VERDICTS, asked_of, counted
from flows.books.sitting import Account
from flows.handover import FORM, Answer, Record, Verdict
from flows.knowledge.asking import asks_for
from flows.knowledge.asking import waiting as unanswered
from flows.knowledge.interview import (
    fewest_records,
    is_answered,
    may_answer,
    missing_parts,
    put_before,
    whole_path,
)
from flows.knowledge.quality import undated
from flows.knowledge.thin import Thin, is_followed_up, thin
from flows.known.prefills import prefill_of
from flows.playbook import Question
from flows.privacy import is_sensitive, may_know
from flows.terms import Sureness

_SHORT = 300
_WHOLE = 1200
_FILE = 80
_FILES = 5
_KEPT = 2500
_CHOICES = 5
SURE = {Sureness.THINK: "You think so", Sureness.GUESS: "A guess"}
_SAYS = (
    (Sureness.KNOW, "I know this"),
    (Sureness.THINK, "I think so"),
    (Sureness.GUESS, "It is a guess"),
)
_TOLD = 600
_MARKS = re.compile(r"^(?:> |• |\*(.+?)\*)", re.MULTILINE)


class State(Enum):
    """How a question stands: put now (open, partly answered, followed up, again, asked about),
    answered, or put off.
    """

    OPEN = auto()
    PARTLY = auto()
    FOLLOWED_UP = auto()
    AGAIN = auto()
    RETURNED = auto()
    ANSWERED = auto()
    PUT_OFF = auto()


@dataclass(frozen=True)
class Asked:
    """A question as the reader stands to it."""

    scene: Scene
    question: Question

    @property
    def answer(self) -> Answer | None:
        return self.scene.handover.answers.get(self.question.id)

    @property
    def is_sensitive(self) -> bool:
        return self.answer is not None and is_sensitive(self.question, self.answer)

    @property
    def state(self) -> State:
        interview = self.scene.interview
        current = interview.current == self.question.id
        if current and interview.replacing and self.answer:
            return State.AGAIN
        if is_answered(self.scene.handover, self.question):
            return State.ANSWERED
        if not current:
            return State.PUT_OFF
        if self.answer and self.answer.returned:
            return State.RETURNED
        if is_followed_up(self.scene.handover, self.question.id):
            return State.FOLLOWED_UP
        return State.PARTLY if self.answer else State.OPEN


def build(subject: str, scene: Scene) -> Message | None:
    """The question; none when it is not (any more) the reader's to answer."""
    found = scene.playbook.by_id.get(subject)
    if found is None or not may_answer(scene.handover, scene.playbook, scene.viewer, subject):
        return None
    asked = Asked(scene, found)
    put = asked.state not in (State.ANSWERED, State.PUT_OFF)
    return _put(asked) if put else _put_aside(asked)


def build_past(subject: str, scene: Scene) -> Message | None:
    """Where the question stood before it was put again: nothing to press, nothing to miss."""
    found = scene.playbook.by_id.get(subject)
    if found is None or not may_answer(scene.handover, scene.playbook, scene.viewer, subject):
        return None
    where, text = _place(Asked(scene, found)), scene.typed(found.text)
    words = "This question stands again below."
    return Message(f"{where}: {text} {words}", [context(where), section(f"{text}\n*{words}*")])


def _put(asked: Asked) -> Message:
    scene, question = asked.scene, asked.question
    where, text, hint = _place(asked), scene.typed(question.text), _hint(asked)
    status, kept, known = _status(asked), _kept(asked), prefill.shown(scene, question)
    blocks: list[Block] = [
        context(where),
        section(f"*{text}*\n{hint}" if hint else f"*{text}*"),
        *([section(status)] if status else []),
        *([section(kept)] if kept else []),
        *([section(known)] if known else []),
        *parts.inputs(scene, question),
        *parts.records(scene, question),
        *_row(asked),
    ]
    said = [f"{where}:", text, hint, status, spoken(kept), cut(spoken(known), _TOLD)]
    return Message(" ".join(piece for piece in said if piece), blocks)


def _put_aside(asked: Asked) -> Message:
    """An answered question, or one put off: what stands, and the way back to it."""
    scene, text = asked.scene, asked.scene.typed(asked.question.text)
    verdict = asked.answer.verdict if asked.answer else Verdict.GIVEN
    label, status = "Change", "Answered ✓"
    if asked.state is State.PUT_OFF:
        label, status = "Answer now", "Not answered yet"
        if asked.question.id in scene.interview.later:
            status = "For later: it comes again at the end"
    elif verdict is not Verdict.GIVEN:
        status = f"Answered ✓ {VERDICTS[verdict]}"
    elif asked.is_sensitive:
        status = f"Answered ✓ Sensitive: {readers.few(scene)}"
    kept, waits = _kept(asked), _waits(asked)
    if asked.answer and asked.state is State.ANSWERED and asked.answer.sureness in SURE:
        status += f". {SURE[asked.answer.sureness]}"
    if kept and verdict is not Verdict.GIVEN:
        kept = f"Kept from before:\n{kept}"
    again = button(label, Act.ANSWER_CHANGE, scene.ref(q=asked.question.id))
    blocks = [
        context(_place(asked)),
        section(f"{text}\n*{status}*", again),
        *([section(kept, _menu(asked))] if kept else []),
        *([context(waits)] if waits else []),
        *actions([_ask_somebody(asked), *_more(asked), _move(asked)]),
    ]
    said = (f"{_place(asked)}:", text, f"{status}.", spoken(kept), waits)
    return Message(" ".join(piece for piece in said if piece), blocks)


def _ask_somebody(asked: Asked) -> Element | None:
    """What somebody does not know another may; offered, and only to who knows of the handover."""
    scene, answer = asked.scene, asked.answer
    unknown = answer is not None and answer.verdict is Verdict.UNKNOWN
    if not unknown or asks_for(scene.handover, asked.question.id):
        return None
    if not may_know(scene.handover, scene.viewer):
        return None
    return button("Ask somebody", Act.ASK_SOMEBODY, scene.ref(q=asked.question.id))


def _waits(asked: Asked) -> str:
    """Who is asked for the answer and has not told it yet."""
    scene = asked.scene
    waits = unanswered(asks_for(scene.handover, asked.question.id))
    return "; ".join(asked_of(ask, scene.names, Surface.MRKDWN) for ask in waits)


def _more(asked: Asked) -> list[Element]:
    """A joined prompt is answered in prose at once; what it lists can be added all the same."""
    joined = asked.state is State.ANSWERED and asked.question.covers
    return parts.adds(asked.scene, asked.question) if joined else []


def _hint(asked: Asked) -> str:
    """What helps to answer, and who reads the answer where that is few."""
    few = f"Sensitive: {readers.few(asked.scene)}." if asked.question.sensitive else ""
    shared = asked.scene.in_book and asked.question.once_per_book
    once = "It is about you: your answer is kept for all accounts of your book." if shared else ""
    told = (asked.scene.typed(asked.question.help), once, few)
    return " ".join(piece for piece in told if piece)


def _menu(asked: Asked) -> Element | None:
    """What an author may say of an answer, behind three dots; the playbook's word stands."""
    answer, question, scene = asked.answer, asked.question, asked.scene
    if answer is None or scene.viewer not in answer.authors:
        return None
    said = [] if answer.verdict is not Verdict.GIVEN else _SAYS
    choices = [
        Choice(scene.ref(q=question.id, v=sureness).dump(), label)
        for sureness, label in said
        if sureness is not answer.sureness
    ]
    choices += [
        Choice(
            scene.ref(q=question.id, p=part.key).dump(), f"{scene.plain(part.label)}: as of today"
        )
        for part in undated(question.parts, answer)
    ]
    if not question.sensitive:
        value, label = SENSITIVE, "Mark as sensitive"
        if answer.sensitive:
            value, label = "open", "Not sensitive any more"
        choices.append(Choice(scene.ref(q=question.id, v=value).dump(), label))
    return overflow(Act.ANSWER_MENU, choices[-_CHOICES:]) if choices else None


def _move(asked: Asked) -> Element | None:
    """Where the newest reply may belong to the question before, a tap takes it there.

    Offered while the question is the last one that was put, or the one before it: later on a reply
    is seldom found in the wrong place, and a button on every answer would be in the way.
    """
    scene, key = asked.scene, asked.question.id
    newest = dict.fromkeys(reversed(scene.interview.asked))
    said = asked.answer.said if asked.answer else ()
    written = [piece for piece in said if piece.source != FORM and piece.by == scene.viewer]
    if not written or key not in list(newest)[:2]:
        return None
    if put_before(scene.handover, scene.playbook, scene.viewer, key) is None:
        return None
    return button("Add to previous answer", Act.ANSWER_MOVE, scene.ref(q=key, v=written[-1].source))


def _place(asked: Asked) -> str:
    """Account, place and section: "Northwind · 7 of 18 · Stakeholders"; in a book also which
    account it is.
    """
    scene = asked.scene
    order = [question.id for question in whole_path(scene.handover, scene.playbook, scene.viewer)]
    place = [scene.account]
    if asked.question.id in order:
        place.append(f"{order.index(asked.question.id) + 1} of {len(order)}")
    place.append(scene.typed(asked.question.section))
    if scene.in_book and not scene.progress.complete:
        place.append("account {} of {}".format(*scene.in_book))
    return " · ".join(place)


def spoken(kept: str) -> str:
    """What is kept, for a screen reader: without the marks of quotations and bold labels."""
    return _MARKS.sub(lambda found: found[1] or "", kept)


def _status(asked: Asked) -> str:
    match asked.state:
        case State.AGAIN:
            verdict = asked.answer.verdict if asked.answer else Verdict.GIVEN
            before = "this" if verdict is Verdict.GIVEN else f"“{VERDICTS[verdict]}”"
            return f"Your next reply replaces {before}."
        case State.RETURNED:
            return _asked_back(asked)
        case State.FOLLOWED_UP:
            return f"Thanks, kept. One more detail? {follow_up(asked.scene, asked.question)}"
        case State.PARTLY:
            missing, own = _missing(asked), _own(asked)
            more = f"One more detail: {listed(missing)}." if missing else ""
            done = "Press Done adding when the list is complete." if own and not more else ""
            return " ".join(piece for piece in ("Thanks, kept.", more, done) if piece)
        case _:
            return ""


def follow_up(scene: Scene, question: Question) -> str:
    """The one detail that is asked for where an answer says little."""
    more = scene.typed(question.more)
    match thin(scene.handover, scene.playbook, question):
        case Thin.LINK:
            return f"In a line, what is behind the link? {more}".rstrip()
        case Thin.ELSEWHERE:
            return f"A line here helps whoever can't look there. {more}".rstrip()
        case _:
            return more or "A line in your own words helps most."


def _asked_back(asked: Asked) -> str:
    """What the incoming CSM wants to know about an answer that stands."""
    scene = asked.scene
    back = asked.answer.returned if asked.answer else None
    if back is None:
        return ""
    words = quoted(scene.typed(back.text, _SHORT))
    return f"{scene.name(back.by)} asks:\n{words}\nAdd to what you said, or keep it as it is."


def _missing(asked: Asked) -> list[str]:
    """What is still open, as people call it; nothing where only the list is to be closed."""
    question, own = asked.question, _own(asked)
    found = [
        asked.scene.typed(part.label).rstrip("?") for part in missing_parts(question, asked.answer)
    ]
    fewest = fewest_records(asked.scene.handover, question)
    if own and len(own) < fewest:
        one = asked.scene.playbook.specs[own[0].kind]
        more = fewest - len(own)
        found.append(counted(more, f"more {one.one}", f"more {one.many}"))
    elif not own and question.text_needed and not (asked.answer and asked.answer.said):
        found.append("a line in your own words")
    return found or ([] if own else ["a line in your own words"])


def _own(asked: Asked) -> list[Record]:
    return own_records(asked.scene.handover.records, asked.question.id)


def _kept(asked: Asked) -> str:
    """What is given so far, each thing once: what is listed as a record is not quoted as well.

    Typed texts are shortened, for the whole stands in the thread.
    """
    scene, answer = asked.scene, asked.answer
    if answer is None:
        return ""
    lines = parts.given_lines(scene, asked.question, answer)
    if asked.state in (State.ANSWERED, State.PUT_OFF):
        lines += parts.record_heads(scene, asked.question)
    for said in answer.said:
        told = [record for record in _own(asked) if record.source == said.source]
        names = {name for record in told for name in record.details.values()}
        files = [scene.typed(file.name, _FILE) for file in said.files if file.name not in names]
        text = prose(scene.playbook, asked.question, said.text, told)
        words = scene.typed(text, _WHOLE if said.source == FORM else _SHORT)
        if words.strip() or files:
            lines.append(quoted(f"{words} {', '.join(files[:_FILES])}".strip()))
    return fitted(lines, _KEPT)


def _for_many(asked: Asked) -> list[Element | None]:
    """In a book: all that is known of the account at once, and what is the same for all."""
    scene, question = asked.scene, asked.question
    handover = scene.handover
    if scene.in_book is None:
        return []
    known = waiting(Account(handover, scene.playbook), scene.viewer)
    name, book = people.account(handover, scene.names, Surface.PLAIN), Ref(h=handover.book)
    return [
        confirm_all(len(known), name, scene.ref()) if len(known) > 1 else None,
        button("Answer once for all accounts", BookAct.ONCE, book)
        if question.once_per_book
        else None,
    ]


def _none(asked: Asked) -> str:
    """What None is called: of a joined prompt it covers everything in it."""
    if not asked.question.covers:
        return "None"
    return "Nothing else" if _own(asked) else "None of these"


def _row(asked: Asked) -> list[Block]:
    """The answers of one tap, and the ways around the question."""
    scene, question = asked.scene, asked.question
    ref, again = scene.ref(q=question.id), asked.state in (State.AGAIN, State.RETURNED)
    if asked.state is State.FOLLOWED_UP:
        return actions([button("Keep it as it is", Act.ANSWER_KEEP, ref), _move(asked)])
    before = put_before(scene.handover, scene.playbook, scene.viewer, question.id)
    picked = question.id in scene.interview.picked
    known = prefill_of(scene.handover, question)
    found: list[Element | None] = [
        button("Confirm this answer", Act.PREFILL_CONFIRM, ref, "primary") if known else None,
        *_for_many(asked),
        button("Keep this answer", Act.ANSWER_KEEP, ref, "primary") if again else None,
        button("Answer in a form", Act.ANSWER_FORM, ref) if parts.wants_form(question) else None,
        button(_none(asked), Act.ANSWER_NONE, ref),
        button("I don't know", Act.ANSWER_UNKNOWN, ref),
        button("Skip", Act.ANSWER_SKIP, ref) if picked else None,
        button("Later", Act.ANSWER_LATER, ref) if not again else None,
        button("Back", Act.ANSWER_BACK, ref) if before else None,
        _move(asked) if asked.state is State.PARTLY else None,
    ]
    return actions(found)
