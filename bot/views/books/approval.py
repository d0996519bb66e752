"""What the customers of several accounts are told, for the leader to approve at once (C3, N9).

The texts stand once, with a place in brackets for whatever differs; then each account with what is
its own. An account whose text a person put in other words is read and approved by itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from math import ceil
from types import MappingProxyType
from typing import NamedTuple

from bot.books.ids import BookAct
from bot.views import people
from bot.views.blocks import (
    SECTION,
    Block,
    Element,
    Message,
    actions,
    button,
    context,
    fitted,
    header,
    section,
)
from bot.views.books.orders import keyed, packed, refused, under_way, unpacked
from bot.views.books.scene import BookScene
from bot.views.dates import day
from bot.views.slack_text import Surface, escaped, one_line, render
from bot.views.texts.letter_text import CUSTOMER
from bot.views.texts.piece import HAS, MEDIA, weight
from bot.views.words import SEGMENTS, counted
from flows.books.together import Own, Same, group_of, in_common, in_group, to_decide
from flows.events import PiecesApproved
from flows.handover import Handover
from flows.playbook import Playbook
from flows.privacy import leads
from flows.texts.composing import joined
from flows.texts.letters import filled, slot
from flows.texts.pieces import is_being_agreed, pending

_TEXT, _TEMPLATE, _CONTENT, _BLOCKS = 3700, 6000, 12_400, 46
_PAGE, _LINE, _VALUE, _PEOPLE, _CARRIED = 30, 900, 200, 5, 1900
_FACTS = {
    "account": "account",
    "outgoing": "outgoing CSM",
    "incoming": "new CSM",
    "reason": "the agreed reason",
    "credentials": "about the new CSM",
    "stays": "what stays",
    "changes": "what changes",
    "instead": "what they get instead",
    "items": "what is open",
    "reachable": "until when they answer",
    "last_day": "last working day",
    "kept": "until when somebody stays",
    "talk": "by when the leader talks to them",
}
"""What stands in brackets in place of a fact that is another one for each account."""


class _Account(NamedTuple):
    row: str
    handover: Handover
    own: Own


class _Group(NamedTuple):
    scene: BookScene
    playbook: Playbook
    same: Same
    accounts: list[_Account]


def build(subject: str, scene: BookScene) -> Message | None:
    """The card of a group of accounts, to whoever may approve; nothing for anybody else."""
    led = [
        handover
        for handover in scene.handovers
        if in_group(handover) and group_of(handover) == subject and leads(handover, scene.viewer)
    ]
    group = _group(subject, scene)
    if not group:
        return _nothing_left(led)
    count = counted(len(group.accounts), "account")
    segment = SEGMENTS[group.accounts[0].handover.segment]
    title = f"Please approve: {count} of {scene.plain_outgoing}'s ({segment})"
    first = (
        f"What {count} are told waits for your word. All of them get these texts; what stands in "
        "brackets differs and is listed below. Nothing goes to a customer before."
    )
    template = list(_template(group))
    faults = refused(scene, PiecesApproved, [one.handover for one in group.accounts])
    notes = [fitted(["*Not approved:*", *faults], _LINE * 2)] if faults else []
    top: list[Block] = [
        header(title),
        section(first),
        *(section(text) for text in (*template, *notes)),
    ]
    bottom = actions([_approve(group), _show_all(group, subject)])
    shown: list[Block] = []
    for number, one in enumerate(group.accounts):
        blocks = _blocks(group, one)
        used = [*top, *shown, *blocks, *bottom]
        if len(used) > _BLOCKS or weight(used) > _CONTENT:
            left = len(group.accounts) - number
            shown.append(context(f"and {left} more: press “Show all” below"))
            break
        shown += blocks
    said = [f"{title}.", first, *notes, *(_line(group, one) for one in group.accounts), *template]
    text = fitted([line.replace("*", "").replace("\n", " ") for line in said], _TEXT)
    return Message(text, [*top, *shown, *bottom])


def page(scene: BookScene, subject: str, number: int) -> Message | None:
    """All accounts of a group, `number` from 0; a page that is not there is the last one."""
    group = _group(subject, scene)
    if not group:
        return None
    pages = ceil(len(group.accounts) / _PAGE)
    number = max(0, min(number, pages - 1))
    shown = group.accounts[number * _PAGE : (number + 1) * _PAGE]
    where = f"Page {number + 1} of {pages}"
    turns = actions(
        [
            _turn(scene, subject, "Previous page", number - 1) if number else None,
            _turn(scene, subject, "Next page", number + 1) if number + 1 < pages else None,
        ]
    )
    blocks = [block for one in shown for block in _blocks(group, one)]
    lines = [_line(group, one).replace("*", "") for one in shown]
    return Message(fitted([where, *lines], _TEXT), [*blocks, context(where), *turns])


def read_versions(carried: Sequence[str]) -> dict[str, dict[str, int]]:
    """What a button approves: versions by key, by row. Raises ValueError for what is not ours."""
    found: dict[str, dict[str, int]] = {}
    for one in carried:
        pieces, _, rows = one.partition("=")
        pairs = (piece.partition(":") for piece in pieces.split(","))
        versions = {key: int(version) for key, _, version in pairs}
        found |= dict.fromkeys(unpacked(rows), versions)
    return found


def _group(subject: str, scene: BookScene) -> _Group | None:
    waiting = keyed(scene, to_decide(scene.handovers, subject, scene.viewer))
    if not waiting:
        return None
    playbooks = {row.handover.id: row.playbook for row in scene.rows}
    same = in_common([(h, playbooks[h.id]) for h in waiting.values()])
    accounts = [_Account(row, h, same.own[h.id]) for row, h in waiting.items()]
    return _Group(scene, playbooks[accounts[0].handover.id], same, accounts)


def _nothing_left(led: Sequence[Handover]) -> Message | None:
    if not led:
        return None
    count = counted(len(led), "account")
    words = f"Everything here is decided ({count}). Thank you!"
    if any(pending(handover) or is_being_agreed(handover) for handover in led):
        words = f"Nothing here waits for you right now ({count})."
    return Message(words, [section(words)])


def _template(group: _Group) -> Iterator[str]:
    """Every text once, as a section, and the days that all customers are told."""
    room = min(SECTION - 100, _TEMPLATE // (len(group.same.texts) + 1))
    for spec, paragraphs in group.same.texts:
        text = joined(
            paragraph.text.format_map({name: slot(name) for name in paragraph.facts})
            for paragraph in paragraphs
        )
        head = f"*{_typed(group, spec.title)}* · {MEDIA[spec.medium]}"
        lines = _filled(group, text).split("\n")
        yield fitted([head, *(f"> {_typed(group, line)}".rstrip() for line in lines)], room)
    if group.same.days:
        yield fitted(["*The days that all are told*", *_days(group, group.same.days)], room)


def _filled(group: _Group, text: str, own: Mapping[str, str] = MappingProxyType({})) -> str:
    """A text with what its slots mean in all accounts, or in brackets what they stand for."""
    leader = people.person(group.accounts[0].handover.leader, group.scene.names, Surface.PLAIN)
    known = {"customer": CUSTOMER, "leader": escaped(leader)} | dict(group.same.facts) | dict(own)
    known |= {key: day(when) for key, when in group.same.days.items()}

    def value(key: str) -> str:
        return known.get(key) or f"[{_label(group, key)}]"

    # What is the same in all may itself name somebody who is not.
    return filled(filled(text, value), value)


def _blocks(group: _Group, one: _Account) -> list[Block]:
    """An account with what is its own, and what can be done with it alone."""
    handover = one.handover
    name = people.account(handover, group.scene.names, Surface.PLAIN)
    ref = group.scene.ref(v=one.row)
    ways = [
        button("Read", BookAct.APPROVE_READ, ref, about=name),
        button("Take out", BookAct.APPROVE_APART, ref, about=name),
    ]
    return [section(_line(group, one)), *actions(ways)]


def _line(group: _Group, one: _Account) -> str:
    """What an account does not share with the others, and what to look at."""
    own, names = one.own, group.scene.names
    facts = [
        f"{_label(group, name)}: {_short(group, _filled(group, text, own.facts))}"
        for name, text in own.facts.items()
        if name != "account"
    ]
    whom = [_short(group, name) for name in own.people[:_PEOPLE]]
    rest = len(own.people) - len(whom)
    told = [f"for {people.listed([*whom, *([f'{rest} more'] if rest else [])])}"] if whom else []
    lacks = [
        f"{_short(group, text)} lacks {people.listed([HAS[what] for what in elements])}"
        for text, elements in own.lacks.items()
    ]
    left_out = [_label(group, name) for name in own.without]
    without = [f"left out: {people.listed(left_out)}"] if left_out else []
    worded = [_short(group, spec.title) for spec in own.worded]
    other = [f"other words in {people.listed(worded)}: read and approve it alone"] if worded else []
    account = people.account(one.handover, names)
    warned = [f":warning: {words}" for words in (*other, *lacks)]
    return fitted(
        [f"*{account}*", *told, *facts, *without, *_days(group, own.days), *warned], _LINE
    )


def _approve(group: _Group) -> Element | None:
    """Approves exactly the versions that are shown, of all that follow the template."""
    if under_way(group.scene, PiecesApproved):
        return None
    alike = [one for one in group.accounts if not one.own.worded]
    by_versions: dict[str, list[str]] = {}
    for one in alike:
        pieces = ",".join(f"{key}:{number}" for key, number in pending(one.handover).items())
        by_versions.setdefault(pieces, []).append(one.row)
    carried: list[str] = []
    count = 0
    for pieces, rows in sorted(by_versions.items(), key=lambda item: -len(item[1])):
        more = [*carried, f"{pieces}={packed(rows)}"]
        if len(group.scene.ref(n=tuple(more)).dump()) <= _CARRIED:
            carried, count = more, count + len(rows)
    if not count:
        return None
    label = f"Approve for {counted(count, 'account')}"
    return button(label, BookAct.APPROVE_ALL, group.scene.ref(n=tuple(carried)), "primary")


def _show_all(group: _Group, subject: str) -> Element | None:
    if len(group.accounts) <= 1:
        return None
    ref = group.scene.ref(p=subject, v="0")
    return button(f"Show all {len(group.accounts)}", BookAct.APPROVE_PAGE, ref)


def _turn(scene: BookScene, subject: str, label: str, number: int) -> Element:
    ref = scene.ref(p=subject, v=str(number))
    return button(label, BookAct.APPROVE_PAGE.of(str(number)), ref)


def _label(group: _Group, key: str) -> str:
    titles = {milestone.key: milestone.title for milestone in group.playbook.plan}
    return _FACTS.get(key) or titles.get(key, key)


def _days(group: _Group, days: Mapping[str, date]) -> list[str]:
    return [
        f"{_typed(group, _label(group, key))}: {day(when)}"
        for key, when in sorted(days.items(), key=lambda item: item[1])
    ]


def _typed(group: _Group, text: str) -> str:
    return render(text, Surface.MRKDWN, group.scene.names)


def _short(group: _Group, text: str) -> str:
    return one_line(text, Surface.MRKDWN, group.scene.names, _VALUE)
