"""Sessions side by side: to be noted, how they went in one tap, and what was held."""

from collections.abc import Iterator
from datetime import date

from bot.ids import Act, Field, Form, Ref
from bot.views import people
from bot.views.blocks import (
    Block,
    Choice,
    Element,
    Message,
    actions,
    button,
    context,
    date_picker,
    field,
    fitted,
    modal,
    section,
    select,
    text_input,
)
from bot.views.dates import day
from bot.views.scene import Scene, quoted
from bot.views.side_by_side.lead import deciders, on_the_way
from bot.views.slack_text import Surface, from_form, to_form
from bot.views.state import Values, picked_date, picked_option, typed
from flows.privacy import leads, may_read_sensitive, outgoing_or_leader
from flows.side_by_side.lead import LADDER
from flows.side_by_side.leading import Debrief, Session, SessionKind, Went
from flows.side_by_side.overlap import sessions_due, sessions_short

KINDS = {SessionKind.SHADOW: "Shadow session", SessionKind.REVERSE: "Reverse session"}
WENT = {Went.WELL: "Well", Went.SO_SO: "So-so", Went.BADLY: "Badly"}
_NOTE, _SHORT, _MOST = 900, 200, 1000
_SHOWN, _TEXT = 8, 2400


def log_button(scene: Scene) -> Element | None:
    """Opens the form that notes a session."""
    return button("Log session", Act.SESSION_LOG, scene.ref()) if on_the_way(scene) else None


def log_form(scene: Scene, milestone: str = "") -> Block:
    """A session that was held; `milestone` is the one of the plan that waits for it."""
    kinds = [
        Choice(kind.value, KINDS[kind], _who(scene, kind, Surface.PLAIN)) for kind in SessionKind
    ]
    wanted = next((kind for kind, name in LADDER.items() if milestone.startswith(name)), "")
    today = scene.now.date().isoformat()
    note = text_input(multiline=True, most=_MOST)
    readers = [people.person(user, scene.names, Surface.PLAIN) for user in deciders(scene)]
    hint = f"{people.listed(['Both CSMs', *readers])} read it."
    blocks: list[Block] = [
        field(Field.CHOICE, "Which kind?", select(kinds, wanted, "Shadow or reverse")),
        field(Field.DAY, "When was it?", date_picker(today)),
        field(Field.NOTE, "Note", note, hint=hint, optional=True),
        context(*(f"*{KINDS[kind]}:* {_who(scene, kind)}" for kind in SessionKind)),
        context("Both are then asked how it went: one tap."),
    ]
    return modal(Form.SESSION, "Log session", blocks, submit="Log session", carried=scene.ref())


def read_log(values: Values) -> dict[str, object]:
    """The fields of a SessionLogged but its id, as they were filled in."""
    return {
        "kind": SessionKind(picked_option(values, Field.CHOICE)),
        "on": date.fromisoformat(picked_date(values, Field.DAY)),
        "note": from_form(typed(values, Field.NOTE)),
    }


def build_debrief(subject: str, scene: Scene) -> Message | None:
    """One of the two is asked how a session went; nothing for anybody else."""
    session = find(scene, subject)
    if session is None or scene.viewer not in (session.lead, session.observer):
        return None
    kind = KINDS[session.kind].lower()
    first = f"{scene.account}: how did the {kind} on {day(session.on)} go?"
    lines = [_roles(scene, session), *_said_by_others(scene, session)]
    mine = session.debriefs.get(scene.viewer)
    if mine:
        lines.append(f"You: {_debrief(scene, mine)}")
    about = title(session)
    ref = scene.ref(r=session.id)
    taps = [
        button(words, Act.DEBRIEF_SAY.of(went), scene.ref(r=session.id, v=went), about=about)
        for went, words in WENT.items()
    ]
    label = "Change what I said" if mine and mine.note else "Add a note"
    ways = [button(label, Act.DEBRIEF_NOTE, ref, about=about)] if mine else taps
    note = f"\n{quoted(scene.typed(session.note, _NOTE))}" if session.note else ""
    words = "\n".join(lines)
    blocks = [section(f"*{first}*{note}"), section(words), context(_readers(scene, session))]
    spoken = [f"Note: {scene.typed(' '.join(session.note.split()), _NOTE)}"] if session.note else []
    text = f"{first} {'. '.join([*spoken, *lines])}. {_readers(scene, session)}"
    return Message(text, [*blocks, *actions(ways)])


def debrief_form(scene: Scene, session: Session) -> Block:
    """How it went, with a note."""
    mine = session.debriefs.get(scene.viewer)
    choices = [Choice(went.value, words) for went, words in WENT.items()]
    note = to_form(mine.note, scene.names) if mine else ""
    blocks: list[Block] = [
        section(f"*{title(session)}*\n{_roles(scene, session)}"),
        field(Field.CHOICE, "How did it go?", select(choices, mine.went if mine else "")),
        field(
            Field.NOTE,
            "What should the other one know?",
            text_input(note, multiline=True, most=_MOST),
            optional=True,
        ),
        context(_readers(scene, session)),
    ]
    ref = scene.ref(r=session.id)
    return modal(Form.DEBRIEF, "How did it go?", blocks, submit="Save", carried=ref)


def read_debrief(values: Values, ref: Ref) -> dict[str, object]:
    """The fields of a SessionDebriefed, as they were filled in."""
    return {
        "session": ref.r,
        "went": Went(picked_option(values, Field.CHOICE)),
        "note": from_form(typed(values, Field.NOTE)),
    }


def find(scene: Scene, key: str) -> Session | None:
    """A session of the handover."""
    return next((s for s in scene.handover.leading.sessions if s.id == key), None)


def title(session: Session) -> str:
    """A session in a few words: "Shadow session on Tue 24 Nov 2026"."""
    return f"{KINDS[session.kind]} on {day(session.on)}"


def fact(scene: Scene) -> list[tuple[str, str]]:
    """How many sessions were held of how many, as label and words; nothing where none is due."""
    pieces = []
    for kind in SessionKind:
        if due := sessions_due(scene.handover, scene.playbook, kind):
            held = due - sessions_short(scene.handover, scene.playbook, kind)
            pieces.append(f"{held} of {due} {kind} sessions")
    return [("Side by side", people.listed(pieces))] if pieces else []


def held(scene: Scene) -> list[Block]:
    """The sessions with what was said of them, for those who work on it; the newest ones."""
    if not may_read_sensitive(scene.handover, scene.viewer):
        return []
    sessions = sorted(scene.handover.leading.sessions, key=lambda s: (s.on, s.at))[-_SHOWN:]
    lines = [" · ".join([f"• {title(s)}", _roles(scene, s), *_notes(scene, s)]) for s in sessions]
    return [section(f"*Side by side*\n{fitted(lines, _TEXT)}")] if lines else []


def _notes(scene: Scene, session: Session) -> Iterator[str]:
    if session.note:
        yield scene.typed(" ".join(session.note.split()), _SHORT)
    for user, debrief in session.debriefs.items():
        if _may_read(scene, session, user):
            yield f"{scene.name(user)}: {_debrief(scene, debrief, _SHORT)}"


def _said_by_others(scene: Scene, session: Session) -> Iterator[str]:
    """What the other one said, once the reader has said theirs: nobody is led by it."""
    if scene.viewer not in session.debriefs:
        return
    for user in (session.lead, session.observer):
        if user == scene.viewer:
            continue
        debrief = session.debriefs.get(user)
        yield f"{scene.name(user)}: {_debrief(scene, debrief) if debrief else 'not said yet'}"


def _may_read(scene: Scene, session: Session, author: str) -> bool:
    own = author == scene.viewer or scene.viewer in session.debriefs
    return own or leads(scene.handover, scene.viewer)


def _debrief(scene: Scene, debrief: Debrief, limit: int = _NOTE) -> str:
    note = f", “{scene.typed(' '.join(debrief.note.split()), limit)}”" if debrief.note else ""
    return f"{WENT[debrief.went].lower()}{note}"


def _roles(scene: Scene, session: Session) -> str:
    leader = "You" if session.lead == scene.viewer else scene.name(session.lead)
    return f"{leader} led, {scene.name(session.observer)} watched"


def _who(scene: Scene, kind: SessionKind, surface: Surface = Surface.MRKDWN) -> str:
    outgoing = people.person(outgoing_or_leader(scene.handover), scene.names, surface)
    incoming = people.incoming(scene.handover, scene.names, surface)
    leader, observer = (outgoing, incoming) if kind is SessionKind.SHADOW else (incoming, outgoing)
    return f"{leader} leads, {observer} watches"


def _readers(scene: Scene, session: Session) -> str:
    """Who reads what the reader says."""
    users = dict.fromkeys((session.lead, session.observer, *deciders(scene)))
    others = [people.person(user, scene.names) for user in users if user != scene.viewer]
    return f"{people.listed(others)} will read what you say."
