"""The modals in which a leader does the same with several accounts: which ones, then what."""

from collections.abc import Mapping, Sequence

from bot.books.ids import BookForm
from bot.ids import Field
from bot.views import people
from bot.views.blocks import (
    OPTIONS,
    Block,
    Choice,
    context,
    date_picker,
    field,
    fitted,
    grouped_multi_select,
    modal,
    multi_select,
    section,
    select,
    text_input,
    user_select,
)
from bot.views.books.scene import BookScene
from bot.views.rows import Row
from bot.views.slack_text import Surface, from_form, one_line
from bot.views.state import Values, picked_date, picked_option, picked_options, picked_user, typed
from bot.views.words import counted, stage
from flows.books.standing import Verb, fits, is_alone, keys_of
from flows.schedule.workdays import add_workdays

_MOST, _REST, _NAMES, _LABEL, _NAMED = 1000, 5, 2500, 60, 100
_READERS = "Everybody who works on these handovers reads it."
_EVERY, _PICKED = "every", "picked"
_TITLES = {
    Verb.PAUSE: "Pause accounts",
    Verb.TAKE_UP: "Take up again",
    Verb.CANCEL: "Cancel accounts",
    Verb.CHANGE: "Change incoming CSM",
}
_SURE = {
    Verb.PAUSE: "Pause {many}",
    Verb.TAKE_UP: "Take up {many}",
    Verb.CANCEL: "Cancel {many}",
    Verb.CHANGE: "Change {many}",
}
_WHAT = {
    Verb.PAUSE: "Nothing is asked of anybody on {many} until the day you say:",
    Verb.TAKE_UP: "The work on {many} goes on:",
    Verb.CANCEL: "{many} {stay} with {outgoing}. This cannot be undone:",
    Verb.CHANGE: "Somebody else takes over {many}, and is asked:",
}


def choose_form(scene: BookScene, verb: Verb) -> Block:
    """Which accounts: all, those of a stage, or some by name."""
    found = fitting(scene, verb)
    stages = _by_stage(found)
    choices = [
        Choice(_EVERY, f"All of them: {counted(len(found), 'account')}"),
        *(Choice(words, f"{words}: {len(rows)}") for words, rows in stages.items()),
        Choice(_PICKED, "Only those that I pick below"),
    ]
    names = [
        Choice(key, people.account(row.handover, scene.names, Surface.PLAIN)[:_LABEL])
        for row, key in zip(found, _keys(scene, found), strict=True)
    ]
    hint = "Only where you chose to pick them."
    blocks: list[Block] = [
        field(Field.CHOICE, "Which accounts?", select(choices, "", "Choose")),
        field(Field.WHAT, "Accounts", _picker(names), hint=hint, optional=True),
        *_apart(scene, verb),
    ]
    carried = scene.ref(v=verb)
    title = _TITLES[verb]
    return modal(BookForm.SEVERAL, title, blocks, submit="Continue", carried=carried)


def nothing_form(scene: BookScene, verb: Verb) -> Block:
    """There is no account with which this could be done together."""
    words = "There is no account with which you could do that now."
    return modal(
        BookForm.SHOWN, _TITLES[verb], [section(words), *_apart(scene, verb)], carried=scene.ref()
    )


def read_chosen(scene: BookScene, verb: Verb, values: Values) -> tuple[str, ...]:
    """The keys of the rows that were chosen; none where nothing was picked."""
    chosen, found = picked_option(values, Field.CHOICE), fitting(scene, verb)
    if chosen == _PICKED:
        wanted = picked_options(values, Field.WHAT)
        return tuple(key for key in _keys(scene, found) if key in wanted)
    if chosen != _EVERY:
        found = _by_stage(found).get(chosen, [])
    return _keys(scene, found)


def sure_form(scene: BookScene, verb: Verb, keys: Sequence[str]) -> Block:
    """What will be done with the accounts of these rows, and what is needed for it."""
    wanted, found = set(keys), fitting(scene, verb)
    rows = [row for row, key in zip(found, _keys(scene, found), strict=True) if key in wanted]
    many = counted(len(rows), "account")
    lines = [f"• {_name(scene, row)}" for row in rows]
    stay = "stays" if len(rows) == 1 else "stay"
    what = _WHAT[verb].format(many=many, stay=stay, outgoing=scene.outgoing)
    blocks: list[Block] = [section(fitted([f"*{what}*", *lines], _NAMES)), *_asked(scene, verb)]
    carried = scene.ref(v=verb, n=packed(keys))
    submit = _SURE[verb].format(many=many)
    title = _TITLES[verb]
    return modal(BookForm.SURE, title, blocks, submit=submit, close="Keep it", carried=carried)


def read_sure(values: Values) -> tuple[str, str, str]:
    """The reason in its stored form, the day as an ISO date and the user picked; empty if none."""
    why = from_form(typed(values, Field.TEXT))
    return why, picked_date(values, Field.DAY), picked_user(values, Field.INCOMING)


def backup_form(scene: BookScene, leaders: Sequence[str]) -> Block:
    """Who approves in the leader's place, for all accounts of the book; `leaders` are who could."""
    choices = [
        Choice(user, people.person(user, scene.names, Surface.PLAIN)) for user in leaders[:OPTIONS]
    ]
    words = "The backup approves what customers hear when you are silent for two working days."
    blocks: list[Block] = [
        section(words),
        field(Field.BACKUP, "Who approves in your place?", select(choices, "", "Pick")),
    ]
    carried = scene.ref()
    return modal(BookForm.BACKUP, "Name a backup", blocks, submit="Save", carried=carried)


def read_backup(values: Values) -> str:
    """The user picked."""
    return picked_option(values, Field.BACKUP)


def fitting(scene: BookScene, verb: Verb) -> list[Row]:
    """The accounts with which the reader may do this together, by name."""
    return [row for row in scene.rows if fits(verb, row.handover, scene.viewer)]


def packed(keys: Sequence[str]) -> tuple[str, ...]:
    """Row keys as runs, "1-14": five hundred of them have to fit into a modal's 3000 characters."""
    runs: list[list[int]] = []
    for number in sorted(map(int, keys)):
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    text = ",".join(f"{first}-{last}" if first != last else f"{first}" for first, last in runs)
    return (text,) if text else ()


def unpacked(runs: Sequence[str]) -> tuple[str, ...]:
    """The keys that `packed` made runs of. Raises ValueError for anything else."""
    found: list[str] = []
    for run in ",".join(runs).split(",") if runs else ():
        first, _, last = run.partition("-")
        found += [str(number) for number in range(int(first), int(last or first) + 1)]
    return tuple(found)


def _keys(scene: BookScene, rows: Sequence[Row]) -> tuple[str, ...]:
    """The row's key of each account, in the order of the accounts."""
    keys = keys_of(scene.book)
    return tuple(keys[row.handover.id] for row in rows)


def _by_stage(rows: Sequence[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(stage(row.handover, row.playbook), []).append(row)
    return found


def _picker(names: Sequence[Choice]) -> Block:
    if len(names) <= OPTIONS:
        return multi_select(names, "Pick accounts")
    groups: Mapping[str, Sequence[Choice]] = {
        f"{start + 1} to {min(start + OPTIONS, len(names))}": names[start : start + OPTIONS]
        for start in range(0, len(names), OPTIONS)
    }
    return grouped_multi_select(groups, "Pick accounts")


def _apart(scene: BookScene, verb: Verb) -> list[Block]:
    """The accounts that are handled one by one, and why."""
    apart = [row for row in scene.rows if is_alone(verb, row.handover, scene.viewer)]
    if not apart:
        return []
    names = [f"• {_name(scene, row)}" for row in apart]
    first = (
        f"{counted(len(apart), 'account')} of which the customer knows already "
        f"{'is' if len(apart) == 1 else 'are'} handled one by one, with what the customer hears:"
    )
    return [section(fitted([first, *names], _NAMES))]


def _name(scene: BookScene, row: Row) -> str:
    return one_line(row.handover.account, Surface.MRKDWN, scene.names, _NAMED) or "…"


def _asked(scene: BookScene, verb: Verb) -> list[Block]:
    why = text_input(multiline=True, most=_MOST)
    match verb:
        case Verb.PAUSE:
            until = add_workdays(scene.now.date(), _REST)
            return [
                field(Field.TEXT, "Why do they rest?", why),
                field(Field.DAY, "Until when?", date_picker(until.isoformat())),
                context(_READERS),
            ]
        case Verb.CANCEL:
            return [field(Field.TEXT, "Why are they cancelled?", why), context(_READERS)]
        case Verb.CHANGE:
            picker = user_select(placeholder="Pick somebody")
            return [field(Field.INCOMING, "Who takes them over?", picker)]
        case _:
            return []
