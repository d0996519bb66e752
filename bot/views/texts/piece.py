"""One thing to be approved, as people read it: the reason, a text for the customer, or the plan.

Parts are made whole. Where a message has no room for all of them, the longest are shown up to a
point, with a button to the whole; nothing is cut without it.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain

from bot.ids import Act
from bot.views import people
from bot.views.blocks import SECTION, Block, Element, actions, button, context, cut, section
from bot.views.dates import day
from bot.views.scene import Scene
from bot.views.slack_text import Surface, one_line
from bot.views.texts.difference import difference
from bot.views.texts.letter_text import filled_in, to_edit
from flows.frozen import Moment
from flows.schedule.timeline import make_plan
from flows.terms import Role
from flows.texts.composing import sender
from flows.texts.letter_facts import own_days
from flows.texts.letter_specs import Element as Has
from flows.texts.letter_specs import LetterSpec, Medium
from flows.texts.letters import PLAN, REASON, PlanVersion
from flows.texts.pieces import Piece
from flows.texts.wording import still_to_agree

MEDIA = {Medium.MAIL: "mail", Medium.CALL: "call"}
HAS = {
    Has.THANKS: "thanks",
    Has.REASON: "the agreed reason",
    Has.WHO: "who looks after them",
    Has.CHANGE: "what changes for them",
    Has.HELP: "who helps, and until when",
    Has.MEETING: "the day of the introduction",
    Has.CREDENTIALS: "experience of the new CSM",
    Has.LEAD: "who leads until when",
    Has.DATES: "the dates",
    Has.CALL: "an invitation to a call",
    Has.OPEN_ITEMS: "what is open",
    Has.CONTINUITY: "that all goes on",
    Has.LEADER: "the leader as a contact",
}
"""What a text is looked through for, as it reads both with "✓" and after "Missing:"."""
_THERE = HAS | {Has.REASON: "reason stated"}
_OWN_DAYS = {
    "reachable": (Role.OUTGOING, "answers questions until then"),
    "last_day": (Role.OUTGOING, "has the last working day"),
    "kept": (Role.OUTGOING, "stays until then"),
    "interim_until": (Role.INTERIM, "is there for the customer until then"),
    "talk": (Role.LEADER, "talks to the customer by then"),
}
"""What happens on the days that no milestone has, and who does it."""
_ATOMS = re.compile(r"<[^<>]*>|&\w+;|[^\s<&]{1,80}|[\s<&]")
_SECTION = SECTION - 100
_REMARK = 300
_CONTENT = 12_600
_BLOCKS = 50
_FULL = 4
"""How many blocks a part takes: what it says, what it is looked through for, what was changed, and
its buttons.
"""


@dataclass(frozen=True)
class Part:
    """One piece for one reader: `head` and `note` are mrkdwn, `body` the lines of the text.

    `change` is the difference to what was known before, `ways` what can be done, `whole` opens it.
    """

    name: str
    head: str
    body: tuple[str, ...]
    note: str
    change: str
    ways: tuple[Element, ...]
    whole: Element


def part(scene: Scene, piece: Piece, state: str, ways: Sequence[Element | None]) -> Part:
    """A piece with what is said of it and what its reader can do."""
    head = [f"*{title(scene, piece.key)}*", *_how(scene, piece), state]
    found = tuple(way for way in ways if way)
    ref = scene.ref(p=piece.key)
    name = title(scene, piece.key, Surface.PLAIN)
    return Part(
        name=name,
        head=" · ".join(word for word in head if word),
        body=tuple(body(scene, piece)),
        note=checked(piece),
        change=changed(scene, piece),
        ways=found,
        whole=button("Read all of it", Act.PIECE_READ.of(piece.key), ref, about=name),
    )


def title(scene: Scene, key: str, surface: Surface = Surface.MRKDWN) -> str:
    """What a piece is called."""
    if key in (REASON, PLAN):
        return f"The {key}"
    spec = spec_of(scene, key)
    return one_line(spec.title, surface, scene.names) if spec else "A text"


def spec_of(scene: Scene, key: str) -> LetterSpec | None:
    """The template of a text."""
    return next((spec for spec in scene.playbook.letters if spec.key == key), None)


def lowered(name: str) -> str:
    """A title in the middle of a sentence: "introduction", "the plan"."""
    return name[:1].lower() + name[1:]


def body(scene: Scene, piece: Piece) -> Iterator[str]:
    """The lines of a piece, each fit for mrkdwn."""
    if piece.key == PLAN:
        versions = scene.handover.letters.plan
        yield from days(scene, versions[-1]) if versions else ()
    else:
        for line in filled_in(scene, piece.text).split("\n"):
            yield f"> {scene.typed(line)}".rstrip()


def days(scene: Scene, version: PlanVersion) -> Iterator[str]:
    """The days that the customer is told, with those of the plan that was approved before."""
    approved = [v for v in scene.handover.letters.plan if v.approved and v.number < version.number]
    known = approved[-1].days if approved else {}
    lines = [
        (m.day, m.key, f"*{scene.typed(m.title)}* · {_names(scene, m.owners)}")
        for m in make_plan(scene.handover, scene.playbook).milestones
        if m.key in version.days
    ]
    for key, when in own_days(scene.handover, scene.playbook).items():
        role, words = _OWN_DAYS[key]
        who = people.role_holder(scene.handover, role, scene.names)
        lines.append((when, key, f"{who} {words}"))
    for when, key, words in sorted(lines):
        moved = f" (was {day(known[key])})" if known.get(key, when) != when else ""
        yield f"{day(when)}{moved} · {words}"


def checked(piece: Piece) -> str:
    """What a text is looked through for: what is in it, and what is missing."""
    there = [f"{_THERE[element]} ✓" for element, found in piece.there.items() if found]
    lacks = [HAS[element] for element in piece.missing]
    return " · ".join([*there, *([f"*Missing:* {people.listed(lacks)}"] if lacks else [])])


def changed(scene: Scene, piece: Piece) -> str:
    """What was changed since the leaders knew it last, as mrkdwn."""
    if not piece.before:
        return ""
    return compared(scene, piece.before, piece.text)


def compared(scene: Scene, before: str, after: str) -> str:
    """What was changed between two versions of a text, as mrkdwn."""
    return difference(to_edit(scene, before), to_edit(scene, after))


def remark(scene: Scene, text: str) -> str:
    """What somebody wants to be different, in a line."""
    return one_line(text, Surface.MRKDWN, scene.names, _REMARK)


def on(scene: Scene, at: Moment) -> str:
    """The day of a moment where the reader is."""
    return day(at.astimezone(scene.now.tzinfo).date())


def whole(part: Part) -> list[Block]:
    """Everything of a part, for where there is room."""
    return _blocks(part, lambda _of: _SECTION * 10)


def fitted(parts: Sequence[Part], around: Sequence[Block]) -> list[Block]:
    """The parts as far as a message has room beside what stands `around` them."""
    count = len(parts)
    room = _BLOCKS - len(around) - 6
    full = count if count * _FULL <= room else max(0, (room - count) // (_FULL - 1))
    short = [_short(one) for one in parts[full : full + room]]
    empty = [_blocks(replace(one, body=(), change=""), lambda _of: 0) for one in parts[:full]]
    left = _CONTENT - weight([*around, *empty, *short]) - 20 * full
    pieces = [len("\n".join(one.body)) for one in parts[:full]]
    pieces += [len(one.change) for one in parts[:full]]
    shares = _shares(pieces, max(left, 0))
    blocks: list[Block] = []
    for number, one in enumerate(parts[:full]):
        share = {"body": shares[number], "change": shares[full + number]}
        blocks += _blocks(one, partial(_share, share))
    return blocks + short


def weight(node: object) -> int:
    """How many characters of text something has."""
    if isinstance(node, dict):
        own = len(node["text"]) if isinstance(node.get("text"), str) else 0
        return own + sum(weight(value) for key, value in node.items() if key != "value")
    return sum(weight(value) for value in node) if isinstance(node, list | tuple) else 0


def _share(share: dict[str, int], of: str) -> int:
    return share[of]


def _short(part: Part) -> Block:
    return section(part.head, part.whole)


def _blocks(part: Part, room: Callable[[str], int]) -> list[Block]:
    body, cut_off = _taken(part.body, room("body"))
    change, change_cut = _taken(tuple(part.change.split("\n")), room("change"))
    said = [part.head, *body]
    blocks = [section(words) for words in _sections(said)]
    if part.note:
        blocks.append(context(part.note))
    if part.change and change:
        blocks += [section(words) for words in _sections(["Changed:", *change])]
    ways = [*part.ways, *([part.whole] if cut_off or change_cut else [])]
    return [*blocks, *actions(ways)]


def _taken(lines: Sequence[str], room: int) -> tuple[list[str], bool]:
    """As much of some lines as there is room for, and whether something is left."""
    found: list[str] = []
    for line in lines:
        if len(line) + 1 > room:
            words = _beginning(line, room - 2)
            return [*found, f"{words} …"] if words.strip("> ") else found, True
        found.append(line)
        room -= len(line) + 1
    return found, False


def _beginning(line: str, room: int) -> str:
    """The first words of a line; no link and no escaped character is cut in two."""
    found = ""
    for atom in _ATOMS.findall(line):
        if len(found) + len(atom) > room:
            break
        found += atom
    return found


def _sections(lines: Sequence[str]) -> Iterator[str]:
    """Lines in texts that fit into a section each."""
    text = ""
    for line in chain.from_iterable(map(_broken, lines)):
        if text and len(text) + len(line) + 1 > _SECTION:
            yield text
            text = line
        else:
            text = f"{text}\n{line}" if text else line
    if text:
        yield text


def _broken(line: str) -> Iterator[str]:
    """A line that is longer than a section, in several."""
    start = "> " if line.startswith("> ") else ""
    while len(line) > _SECTION:
        first = _beginning(line, _SECTION) or cut(line, _SECTION)
        yield first
        line = start + line[len(first) :].lstrip()
    yield line


def _shares(lengths: Sequence[int], room: int) -> list[int]:
    """How much of a room each gets: what it needs, or as much as the others that need more."""
    found = [0] * len(lengths)
    order = sorted(range(len(lengths)), key=lambda number: lengths[number])
    for place, number in enumerate(order):
        found[number] = min(lengths[number] + 2, room // (len(order) - place))
        room -= found[number]
    return found


def _how(scene: Scene, piece: Piece) -> list[str]:
    """By whom a text goes to the customer, and in which version it is."""
    spec = piece.spec
    number = f"version {piece.version}" if piece.version > 1 else ""
    if spec is None:
        return [number]
    who = scene.name(sender(scene.handover, spec))
    return [f"{MEDIA[spec.medium]}, from {who}", number]


def _names(scene: Scene, users: Sequence[str]) -> str:
    return people.listed([scene.name(user) for user in users])


def to_agree(scene: Scene) -> str:
    """Who is still to agree to the reason, by name; the reader is "you"."""
    return _names(scene, still_to_agree(scene.handover))
