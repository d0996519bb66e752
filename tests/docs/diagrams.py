"""The README's diagrams, found by trying: every event on every state that can be reached.

So they show what the code does, not what somebody once drew. `python -m tests.docs.diagrams` writes
them into README.md; a test compares.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from flows import events as e
from flows.advance import advance
from flows.errors import FlowError
from flows.handover import Acceptance, Handover, Interview, Party, Stage
from flows.knowledge.interview import next_question, pack_complete, still_offered
from flows.parts import Part
from flows.who_may import TABLE, Cell
from tests.make import IVAN, KIM, LENA, NOW, OLGA, default_playbook, make_handover, reply

README = Path(__file__).parents[2] / "README.md"
_MOST_ANSWERS = 60
_PLAYBOOK = default_playbook()

Label = Callable[[Handover], str]


def handover_state(handover: Handover) -> str:
    """What a handover is called from outside."""
    if handover.stage is not Stage.IN_FLIGHT:
        return handover.stage.capitalize()
    said = {
        Acceptance.WAITING: "Waiting for the incoming CSM",
        Acceptance.ACCEPTED: "Accepted",
        Acceptance.DECLINED: "Declined",
    }[handover.acceptance]
    if handover.reading.accepted_at:
        return f"{said}, pack taken over"
    return f"{said}, pack {'complete' if pack_complete(handover, _PLAYBOOK) else 'under way'}"


def interview_state(handover: Handover) -> str:
    """Where the outgoing CSM stands in their questions."""
    interview = handover.interviews.get(OLGA, Interview())
    if interview.replacing:
        return "An answer is put again"
    if interview.current:
        return "A question is put"
    if interview.finished:
        return "Finished"
    if interview.menu:
        return "Closing menu"
    return "Resting" if interview.resting else "Nothing is asked"


def samples(handover: Handover) -> Iterator[e.Event]:
    """One event of each kind that may move either state."""
    interview = handover.interviews.get(OLGA, Interview())
    by_olga = {"at": NOW, "by": OLGA}
    yield e.Discarded(at=NOW, by=handover.created_by)
    yield e.Opened(at=NOW, by=handover.created_by, tellings=make_handover().tellings)
    yield e.Accepted(at=NOW, by=IVAN)
    yield e.Declined(at=NOW, by=IVAN)
    yield e.IncomingNamed(at=NOW, by=LENA, incoming=Party(user=KIM, name="Kim"))
    yield e.PackAccepted(at=NOW, by=IVAN)
    if handover.answers:
        back = tuple(handover.answers)[:1]
        yield e.PackReturned(at=NOW, by=IVAN, questions=back, text="Which?")
    yield e.Resumed.model_validate(by_olga)
    yield e.InterviewFinished.model_validate(by_olga)
    if interview.current:
        question = {"question": interview.current}
        yield e.NoneDeclared.model_validate(by_olga | question)
        yield e.AnswerKept.model_validate(by_olga | question)
        yield reply(interview.current, "A reply")
    if handover.answers:
        answered = next(iter(handover.answers))
        yield e.ChangeWished.model_validate(by_olga | {"question": answered})
    for offered in still_offered(handover, _PLAYBOOK, OLGA)[:1]:
        yield e.OfferedPicked.model_validate(by_olga | {"question": offered.id})


def transitions(first: Handover, label: Label) -> list[tuple[str, str, str]]:
    """(from, event, to) of every change of state that can be reached."""
    found: dict[tuple[str, str, str], None] = {}
    known, waiting = {label(first)}, [first]
    while waiting:
        before = waiting.pop(0)
        for event in samples(before):
            after = _tried(before, event, label)
            if after is None or label(after) == label(before):
                continue
            found[label(before), _words(event), label(after)] = None
            if label(after) not in known:
                known.add(label(after))
                waiting.append(after)
    return list(found)


def _tried(before: Handover, event: e.Event, label: Label) -> Handover | None:
    """What comes of an event; answers are given on and on, for only the last one may count."""
    try:
        after = advance(before, event, _PLAYBOOK).handover
        for _ in range(_MOST_ANSWERS * isinstance(event, e.NoneDeclared)):
            following = next_question(after, _PLAYBOOK, OLGA)
            if label(after) != label(before) or following is None:
                break
            more = event.model_copy(update={"question": following.id})
            after = advance(after, more, _PLAYBOOK).handover
    except FlowError:
        return None
    return after


def _words(event: e.Event) -> str:
    """`IncomingNamed` -> "incoming named"."""
    if isinstance(event, e.NoneDeclared):
        return "last answer"
    if isinstance(event, e.AnswerGiven):
        return "answer given"
    return re.sub(r"(?<!^)(?=[A-Z])", " ", type(event).__name__).lower()


def mermaid(rows: list[tuple[str, str, str]]) -> str:
    """A state diagram."""
    names = list(dict.fromkeys(state for before, _, after in rows for state in (before, after)))
    short = {name: f"s{number}" for number, name in enumerate(names)}
    lines = [f"    state {name!r} as {key}".replace("'", '"') for name, key in short.items()]
    lines += [f"    [*] --> {short[names[0]]}"]
    lines += [f"    {short[before]} --> {short[after]}: {event}" for before, event, after in rows]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```"])


_COLUMNS = {
    Part.OUTGOING: "Outgoing CSM",
    Part.INCOMING: "Incoming CSM",
    Part.LEADER: "Leader",
    Part.BACKUP: "Backup",
    Part.CREATOR: "Who started it",
    Part.INTERIM: "Interim",
    Part.SOURCE: "Source",
    Part.ASKED: "Asked once",
    Part.GUEST: "Admitted guest",
    Part.LISTED: "Any leader",
    Part.ADMIN: "Admin",
    Part.MEMBER: "Any member",
    Part.CLOCK: "Clock",
}
_CELLS = {Cell.YES: "●", Cell.OWN: "own", None: ""}


def rights() -> str:
    """The table of rights, as the code decides by it."""
    rows = [["", *_COLUMNS.values()], ["---"] * (len(_COLUMNS) + 1)]
    rows += [[do.value, *(_CELLS[row.get(part)] for part in _COLUMNS)] for do, row in TABLE.items()]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def diagrams() -> dict[str, str]:
    """Each diagram by its marker in the README, and the table of rights."""
    draft = make_handover(draft=True, by=OLGA)
    return {
        "rights": rights(),
        "handover": mermaid(transitions(draft, handover_state)),
        "interview": mermaid(transitions(make_handover(), interview_state)),
    }


def filled(readme: str) -> str:
    """The README with its diagrams as they are now."""
    for name, diagram in diagrams().items():
        between = rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)"
        readme = re.sub(between, rf"\g<1>{diagram}\n\g<2>", readme, flags=re.DOTALL)
    return readme


if __name__ == "__main__":
    README.write_text(filled(README.read_text(encoding="utf-8")), encoding="utf-8")
