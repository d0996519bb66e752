"""What an incoming CSM is asked to take over from a book, in one message (N9).

The accounts that wait for an answer come first, each with its facts and its own three answers, as
many as fit; the others follow as these are answered, and all of them can be looked through.
"""

from collections.abc import Sequence
from math import ceil

from bot.books.ids import BookAct
from bot.ids import Act, Ref
from bot.views import people
from bot.views.blocks import (
    Block,
    Element,
    Message,
    actions,
    button,
    confirm,
    context,
    fitted,
    header,
    section,
)
from bot.views.books.orders import keyed, packed, refused, under_way
from bot.views.books.scene import BookScene
from bot.views.dates import day
from bot.views.rows import Row
from bot.views.slack_text import Surface, one_line
from bot.views.words import REASONS, SEGMENTS, band, counted
from flows.end.completing import is_over
from flows.events import Accepted
from flows.handover import Acceptance
from flows.knowledge.interview import next_question
from flows.tasks import first_dates
from flows.terms import Role

_ASKED, _PAGE = 15, 40
_TEXT, _NAMES = 3700, 1200


def build(_subject: str, scene: BookScene) -> Message | None:
    """Every account that is theirs, each with its own answer; nothing for whoever takes none."""
    mine = _mine(scene)
    if not (mine or scene.passed_on):
        return None
    asked = _those(mine, Acceptance.WAITING)
    title = f"From {scene.plain_outgoing}: {counted(len(mine), 'account')} for you"
    lines = _lines(scene, mine, asked)
    accounts = [_account(scene, row) for row in asked[:_ASKED]]
    shown: list[Block] = []
    for row, words in zip(asked, accounts, strict=False):
        shown += [section(words), *actions(_answers(scene, row))]
    more = len(asked) - len(accounts)
    left = f"{more} more wait for your answer; they come up here as you go." if more else ""
    notes = _notes(scene, asked)
    blocks: list[Block] = [
        header(title),
        section("\n".join(lines)),
        *([context(*notes)] if notes else []),
        *actions([_go_on(scene, mine), _accept_all(scene, asked), _show_all(scene, mine)]),
        *shown,
        *([context(left)] if left else []),
    ]
    said = [f"{title}.", *lines, *accounts, *([left] if left else []), *notes]
    return Message(fitted([line.replace("*", "") for line in said], _TEXT), blocks)


def gone() -> Message:
    """What the offer says once nothing in it is with its reader any more."""
    words = "Somebody else takes these accounts over now. Nothing is left for you to do."
    return Message(words, [section(words)])


def page(scene: BookScene, number: int) -> Message | None:
    """All accounts of the reader, `number` from 0; a page that is not there is the last one."""
    mine = _mine(scene)
    if not mine:
        return None
    pages = ceil(len(mine) / _PAGE)
    number = max(0, min(number, pages - 1))
    lines: list[str] = []
    blocks: list[Block] = []
    for row in mine[number * _PAGE : (number + 1) * _PAGE]:
        name = people.account(row.handover, scene.names, Surface.PLAIN)
        show = button("Show", Act.LIST_SHOW, Ref(h=row.handover.id), about=name)
        lines.append(f"*{people.account(row.handover, scene.names)}*: {_standing(row)}")
        blocks.append(section(lines[-1], show))
    where = f"Page {number + 1} of {pages}"
    turns = actions(
        [
            _turn(scene, "Previous page", number - 1) if number else None,
            _turn(scene, "Next page", number + 1) if number + 1 < pages else None,
        ]
    )
    return Message(fitted([where, *lines], _TEXT), [*blocks, context(where), *turns])


def waiting(scene: BookScene) -> list[Row]:
    """The accounts that the reader is asked to take over and has not answered."""
    return _those(_mine(scene), Acceptance.WAITING)


def _mine(scene: BookScene) -> list[Row]:
    return [
        row
        for row in scene.rows
        if row.handover.user(Role.INCOMING) == scene.viewer and not is_over(row.handover)
    ]


def _those(rows: Sequence[Row], acceptance: Acceptance) -> list[Row]:
    return [row for row in rows if row.handover.acceptance is acceptance]


def _lines(scene: BookScene, mine: Sequence[Row], asked: Sequence[Row]) -> list[str]:
    """What all of it asks of the reader, what they answered, and what did not work."""
    taken, declined = (
        _those(mine, answer) for answer in (Acceptance.ACCEPTED, Acceptance.DECLINED)
    )
    found = []
    if asked:
        reasons = dict.fromkeys(REASONS[row.handover.reason] for row in asked)
        found.append(f"*Reason:* {people.listed(list(reasons))}")
    if asked or taken:
        hours = sum(_hours(row) for row in (*asked, *taken))
        count = scene.others + len(asked) + len(taken)
        found.append(f"*Your time until the switch:* about {hours:g} hours for all of them")
        found.append(
            f"*Open handovers you have:* {scene.others or 'no'} others, {count} with these"
        )
    found += _named("You take over", scene, taken)
    if declined:
        leaders = dict.fromkeys(people.person(row.handover.leader, scene.names) for row in declined)
        who = people.listed(list(leaders))
        found += _named(f"You declined ({who} knows and names somebody else)", scene, declined)
    if scene.passed_on:
        names = [one_line(account, Surface.MRKDWN, scene.names, 200) for account in scene.passed_on]
        found.append(_counted_names("You declined, and somebody else takes over now", names))
    if faults := refused(scene, Accepted, [row.handover for row in asked]):
        found.append(fitted(["*This did not work:*", *faults], _NAMES))
    return found


def _named(words: str, scene: BookScene, rows: Sequence[Row]) -> list[str]:
    if not rows:
        return []
    return [_counted_names(words, [people.account(row.handover, scene.names) for row in rows])]


def _counted_names(words: str, names: Sequence[str]) -> str:
    """How many, and as many of the names as there is room for."""
    shown: list[str] = []
    room = _NAMES // 2
    for name in names:
        room -= len(name) + 2
        if room < 0:
            break
        shown.append(name)
    left = len(names) - len(shown)
    more = f" and {left} more" if left else ""
    return f"*{words}:* {len(names)} ({', '.join(shown)}{more})"


def _account(scene: BookScene, row: Row) -> str:
    """The facts of one account, as they stand in an accept card."""
    handover = row.handover
    facts = [
        SEGMENTS[handover.segment],
        f"{band(handover.arr)} a year" if handover.arr is not None else "",
        f"renewal {day(handover.renewal)}" if handover.renewal else "",
        f"about {_hours(row):g} hours",
        f"you lead by {day(first_dates(handover, row.playbook)['switch'])}",
    ]
    account = people.account(handover, scene.names)
    return f"*{account}*: {' · '.join(fact for fact in facts if fact)}"


def _answers(scene: BookScene, row: Row) -> list[Element]:
    name = people.account(row.handover, scene.names, Surface.PLAIN)
    ref = Ref(h=row.handover.id)
    return [
        button("Accept handover", Act.ACCEPT_YES, ref, "primary", about=name),
        button("Ask first", Act.ACCEPT_ASK, ref, about=name),
        button("Decline", Act.ACCEPT_NO, ref, about=name),
    ]


def _accept_all(scene: BookScene, asked: Sequence[Row]) -> Element | None:
    """Takes over exactly the accounts that were waiting when this was shown."""
    if len(asked) < 2 or under_way(scene, Accepted):  # noqa: PLR2004 - one has its own button
        return None
    rows = keyed(scene, (row.handover for row in asked))
    found = button(f"Accept all {len(rows)}", BookAct.OFFER_ALL, scene.ref(v=packed(rows)))
    hours = sum(_hours(row) for row in asked)
    question = (
        f"You take over {len(rows)} accounts from {scene.plain_outgoing}, about {hours:g} hours of "
        "your time until the switch. Your own questions wait until you press Continue."
    )
    found["confirm"] = confirm(
        f"Take over {len(rows)} accounts?", question, "Accept all", "Not yet"
    )
    return found


def _show_all(scene: BookScene, mine: Sequence[Row]) -> Element | None:
    if len(mine) <= 1:
        return None
    return button(f"Show all {len(mine)} accounts", BookAct.OFFER_PAGE, scene.ref(v="0"))


def _turn(scene: BookScene, label: str, number: int) -> Element:
    return button(label, BookAct.OFFER_PAGE.of(str(number)), scene.ref(v=str(number)))


def _go_on(scene: BookScene, mine: Sequence[Row]) -> Element | None:
    """The reader's own questions rest until they press this, an account after the other."""
    taken = _those(mine, Acceptance.ACCEPTED)
    row = next((r for r in taken if next_question(r.handover, r.playbook, scene.viewer)), None)
    if row is None:
        return None
    name = people.account(row.handover, scene.names, Surface.PLAIN)
    label = f"Continue with {name}"
    return button(label, Act.CARD_CONTINUE, Ref(h=row.handover.id), "primary")


def _notes(scene: BookScene, asked: Sequence[Row]) -> list[str]:
    if not asked:
        return []
    first = asked[0].handover
    hint = f"If you decline, only {people.person(first.leader, scene.names)} reads why."
    quiet = people.kept_quiet(first, scene.names)
    return [note for note in (hint, quiet) if note]


def _hours(row: Row) -> float:
    return row.playbook.books.hours[row.handover.segment]


def _standing(row: Row) -> str:
    said = {
        Acceptance.WAITING: "waits for your answer",
        Acceptance.ACCEPTED: "you take it over",
        Acceptance.DECLINED: "you declined",
    }[row.handover.acceptance]
    return f"{SEGMENTS[row.handover.segment]}, {said}"
