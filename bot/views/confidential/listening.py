"""What the customer said, as only whoever may open the vault reads it: in modals, page by page."""

from collections.abc import Iterator
from datetime import date
from math import ceil

from bot.ids import Act, Field, Form, Ref
from bot.views import people
from bot.views.blocks import (
    Block,
    Choice,
    Element,
    actions,
    button,
    checkboxes,
    context,
    date_picker,
    divider,
    field,
    modal,
    section,
    select,
    text_input,
)
from bot.views.dates import day
from bot.views.scene import Scene, quoted
from bot.views.slack_text import Surface, from_form, one_line, to_form
from bot.views.state import Values, picked_date, picked_options, picked_user, typed
from bot.views.words import counted
from flows.confidential.listening import Lack, Point, State, action_of, keeper, state_of
from flows.confidential.vault import listening_call, unheard
from flows.privacy import leads, vault_openers

_PAGE = 10
_SAID, _ACTION, _ABOUT = 900, 300, 60
_NONE = "none"
_LEFT = {
    Lack.CALL: ("the listening call", "the listening call"),
    Lack.CLOSE: ("point to close", "points to close"),
    Lack.TELL: ("point to tell the customer about", "points to tell the customer about"),
}


def points_view(scene: Scene, page: int = 0) -> Block:
    """A page of the points with what can be done; a page that is not there is the last one."""
    points = scene.vault.listening.points
    pages = max(1, ceil(len(points) / _PAGE))
    page = max(0, min(page, pages - 1))
    ref = scene.ref(v=str(page))
    blocks: list[Block] = [*_call(scene, ref), context(_left(scene))]
    for point in points[page * _PAGE : (page + 1) * _PAGE]:
        blocks += [divider(), section(_words(scene, point)), *_ways(scene, ref, point)]
    where = [context(f"Page {page + 1} of {pages}")] if pages > 1 else []
    turns = [
        _turn(scene, "Previous page", page - 1) if page else None,
        _turn(scene, "Next page", page + 1) if page + 1 < pages else None,
    ]
    add = button("Add point", Act.POINT_ADD, ref, "primary")
    blocks += [divider(), *where, *actions([add, *turns])]
    return modal(Form.LISTENING, "What the customer said", blocks, close="Close", carried=ref)


def point_form(scene: Scene, ref: Ref, due: date, point: Point | None = None) -> Block:
    """A new point, or one to be changed; `due` is filled in for a new one."""
    said = to_form(point.said, scene.names) if point else ""
    owners = [
        Choice(user, people.person(user, scene.names, Surface.PLAIN))
        for user in vault_openers(scene.handover)
    ]
    whose = (keeper(scene.handover, point) if point else None) or scene.handover.leader
    hint = "One thing at a time, as they said it. Only whoever opens Leader's checks reads it."
    shown = text_input(said, multiline=True)
    blocks: list[Block] = [
        field(Field.TEXT, "What did the customer say?", shown, hint=hint),
        field(Field.PERSON, "Who sees to it", select(owners, whose, "Choose")),
        field(Field.DUE, "By when", date_picker((point.due if point else due).isoformat())),
    ]
    title = "Change this point" if point else "Add point"
    return modal(Form.POINT, title, blocks, submit="Save", carried=ref)


def read_point(values: Values) -> tuple[str, str, date | None]:
    """What was said in its stored form, the owner's Slack id, and the day; none without one."""
    due = picked_date(values, Field.DUE)
    text, who = from_form(typed(values, Field.TEXT)), picked_user(values, Field.PERSON)
    return text, who, date.fromisoformat(due) if due else None


def told_form(scene: Scene, ref: Ref, point: Point, today: date) -> Block:
    """On which day the customer was told what became of a point."""
    blocks: list[Block] = [
        section(quoted(scene.typed(point.said, _SAID))),
        field(Field.ON, "When was the customer told?", date_picker(today.isoformat())),
    ]
    title = "Told the customer"
    return modal(Form.POINT_TOLD, title, blocks, submit="Told the customer", carried=ref)


def held_form(scene: Scene, ref: Ref, today: date) -> Block:
    """On which day the customer was heard out, unless they want no such call."""
    held = scene.vault.listening.held
    on = held.on if held and held.on else today
    none = [_NONE] if held and held.on is None else []
    box = checkboxes([Choice(_NONE, "The customer wants no such call")], none)
    blocks: list[Block] = [
        field(Field.ON, "When was it held?", date_picker(on.isoformat()), optional=True),
        field(Field.CHOICE, "Or", box, optional=True),
    ]
    return modal(Form.LISTEN_HELD, "Listening call", blocks, submit="Save", carried=ref)


def read_on(values: Values) -> date | None:
    """The day that was picked."""
    on = picked_date(values, Field.ON)
    return date.fromisoformat(on) if on else None


def read_unwanted(values: Values) -> bool:
    """Whether the customer wants no call."""
    return _NONE in picked_options(values, Field.CHOICE)


def _call(scene: Scene, ref: Ref) -> Iterator[Block]:
    call = listening_call(scene.vault, scene.handover, scene.playbook)
    held = scene.vault.listening.held
    if call is None and held is None:
        return
    if held:
        words = f"held on {day(held.on)} ✓" if held.on else "the customer wants none ✓"
        yield section(f"*Listening call:* {words}", button("Change", Act.LISTEN_HELD, ref))
    elif call:
        who = people.listed([people.person(user, scene.names) for user in call.listeners])
        before = f"Before the introduction on {day(call.introduction)}: by {day(call.due)}."
        words = f"*Listening call:* {who} on {day(call.on)}\n{before}"
        yield section(words, button("It was held", Act.LISTEN_HELD, ref, "primary"))


def _left(scene: Scene) -> str:
    """What the leader alone reads: what would keep the handover from being completed."""
    left = unheard(scene.vault, scene.handover, scene.playbook)
    counts = {lack: sum(one.lack is lack for one in left) for lack in Lack}
    found = [
        words[0] if lack is Lack.CALL else counted(counts[lack], *words)
        for lack, words in _LEFT.items()
        if counts[lack]
    ]
    if found:
        return f"Before the handover can be completed: {people.listed(found)}."
    if scene.vault.listening.points:
        return "Every point is closed, and the customer knows."
    return "Each point is closed, and told to the customer, before the handover can be completed."


def _words(scene: Scene, point: Point) -> str:
    """A point, whose it is until when, and how it stands."""
    who = keeper(scene.handover, point)
    name = scene.name(who) if who else "nobody"
    said = quoted(scene.typed(point.said, _SAID))
    return f"{said}\nWith {name}, by {day(point.due)} · {_state(scene, point)}"


def _state(scene: Scene, point: Point) -> str:
    action = action_of(scene.handover, point)
    passed = ""
    if action:
        first = next(iter(action.details.values()), "")
        what = one_line(first, Surface.MRKDWN, scene.names, _ACTION)
        taker = action.decision.keeper
        name = f" to {people.party(taker, scene.names)}" if taker else ""
        passed = f"passed on{name}: “{what}”" + (", done ✓" if action.done else "")
    match state_of(scene.handover, point):
        case State.OPEN:
            return "open"
        case State.PASSED_ON:
            return passed
        case State.CLOSED:
            return f"{passed or 'closed ✓'}; the customer is to be told"
        case State.TOLD:
            told = f"the customer was told on {day(point.told.on)} ✓" if point.told else ""
            return "; ".join(words for words in (passed, told) if words)


def _ways(scene: Scene, ref: Ref, point: Point) -> list[Block]:
    about = ref.model_copy(update={"r": point.id})
    what = one_line(point.said, Surface.PLAIN, scene.names, _ABOUT)

    def way(label: str, act: Act, style: str = "") -> Element:
        return button(label, act, about, "primary" if style else "", about=what)

    change = way("Change", Act.POINT_CHANGE)
    match state_of(scene.handover, point):
        case State.OPEN:
            # Only a leader adds an action; who merely started the handover closes points.
            may = leads(scene.handover, scene.viewer)
            pass_on = way("Pass on as an action", Act.POINT_HAND_ON) if may else None
            return actions([way("Close point", Act.POINT_CLOSE), pass_on, change])
        case State.PASSED_ON:
            return actions([way("Close point", Act.POINT_CLOSE), change])
        case State.CLOSED:
            told = way("Told the customer", Act.POINT_TOLD, "primary")
            return actions([told, way("Open again", Act.POINT_REOPEN)])
        case State.TOLD:
            return actions([way("Open again", Act.POINT_REOPEN)])


def _turn(scene: Scene, label: str, page: int) -> Element:
    return button(label, Act.LISTEN_PAGE.of(str(page)), scene.ref(v=str(page)))
