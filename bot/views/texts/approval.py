"""One card for the leaders: reason, texts and plan, to be approved at once or each alone (C3)."""

from collections.abc import Iterator

from bot.ids import Act
from bot.views import people
from bot.views.blocks import (
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
from bot.views.dates import moment
from bot.views.scene import Scene
from bot.views.slack_text import Surface, to_form
from bot.views.texts.letters import edit_button, said
from bot.views.texts.piece import Part, lowered, on, part, remark, title, to_agree, whole
from bot.views.texts.piece import fitted as as_far_as_fits
from flows.privacy import leads, may_know
from flows.texts.letters import PLAN, REASON, PieceState
from flows.texts.pieces import (
    Piece,
    approvers,
    has_others,
    has_own,
    is_being_agreed,
    pending,
    pieces,
)
from flows.texts.rounds import Decided, decided_in

_TEXT, _LINES = 3600, 2800
_CARRIED = 800
"""A button's value has no more room for what was written."""


def build(subject: str, scene: Scene) -> Message | None:
    """The card of a round, to whoever may approve: what waits, and what was decided on it."""
    handover = scene.handover
    number = int(subject) if subject.isdigit() else 0
    rounds = handover.letters.rounds
    if not (number and leads(handover, scene.viewer)):
        return None
    if number > len(rounds):
        words = (
            f"What {scene.account} is told begins anew with {scene.successor}; a new card comes."
        )
        return Message(words, [section(words)])
    decided = [_decided_line(scene, one) for one in decided_in(handover, number)]
    if number < len(rounds):
        return _older(scene, number, decided)
    waits = pending(handover)
    known = {piece.key: piece for piece in pieces(handover, scene.playbook)}
    waiting = [known[key] for key in waits if key in known]
    if not waiting:
        return _nothing_left(scene, decided)
    name = people.account(handover, scene.names, Surface.PLAIN)
    first = _first_words(scene, waiting, number)
    top: list[Block] = [header(f"Please approve: {name}"), section(first), *_lines(decided)]
    bottom = [*_notes(scene, waiting), *actions(all_ways(scene))]
    parts = [part(scene, piece, "", ways(scene, piece)) for piece in waiting]
    blocks = [*top, *as_far_as_fits(parts, [*top, *bottom]), *bottom]
    return Message(_text(scene, [first, *decided], parts), blocks)


def all_ways(scene: Scene) -> list[Element | None]:
    """Approving everything that waits."""
    waits = pending(scene.handover)
    if not (waits and may_approve(scene, list(waits))):
        return []
    wanted = tuple(f"{key}:{version}" for key, version in waits.items())
    return [button("Approve all", Act.PIECES_APPROVE, scene.ref(n=wanted), "primary")]


def ways(scene: Scene, piece: Piece) -> list[Element | None]:
    """What a leader can do with a piece."""
    name = lowered(title(scene, piece.key, Surface.PLAIN))
    ref = scene.ref(n=(f"{piece.key}:{piece.version}",))
    waits, wished = piece.key in pending(scene.handover), piece.state is PieceState.CHANGES
    may = may_approve(scene, [piece.key])
    label = f"Approve {name}" if waits else f"Approve {name} after all"
    approve = Act.PIECES_APPROVE.of(piece.key)
    asked = scene.ref(p=piece.key, v=str(piece.version))
    return [
        button(label, approve, ref) if may and (waits or wished) else None,
        button("Request changes", Act.PIECE_CHANGES, asked, about=name) if waits else None,
        edit_button(scene, piece),
        button("Put it in other words", Act.REASON_EDIT, scene.ref())
        if piece.key == REASON
        else None,
        button("Set date", Act.PLAN_MOVE, scene.ref()) if piece.key == PLAN else None,
    ]


def one(scene: Scene, key: str) -> Message | None:
    """One piece whole, for a modal, with what its reader can do; none where there is none."""
    found = [piece for piece in pieces(scene.handover, scene.playbook) if piece.key == key]
    if not (found and may_know(scene.handover, scene.viewer)):
        return None
    asked = scene.handover.letters.asked_at is not None
    decides = asked and leads(scene.handover, scene.viewer)
    can = ways(scene, found[0]) if decides else [edit_button(scene, found[0])]
    shown = part(scene, found[0], said(scene, found[0]), can)
    return Message(_text(scene, [], [shown]), whole(shown))


def may_approve(scene: Scene, keys: list[str]) -> bool:
    """Whether the reader's word counts: not where they sent it and somebody else is there."""
    handover, viewer = scene.handover, scene.viewer
    own = has_own(handover, viewer, keys) and has_others(handover, viewer)
    return leads(handover, viewer) and not own


def answer_to_words(scene: Scene, said: str) -> Message | None:
    """What somebody reads who approves in words, or wants changes so: the buttons, with what they
    wrote, in the stored form; none where nothing waits for them.
    """
    if not (pending(scene.handover) and leads(scene.handover, scene.viewer)):
        return None
    words = "Please press it, so that it counts. What you wrote stays here."
    comment = to_form(said, scene.names)
    ref = scene.ref(v=comment if len(comment) <= _CARRIED else "")
    changes = button("Request changes", Act.PIECE_CHANGES, ref)
    return Message(words, [section(words), *actions([*all_ways(scene), changes])])


def _first_words(scene: Scene, waiting: list[Piece], number: int) -> str:
    letters = scene.handover.letters
    names = [lowered(title(scene, piece.key)) for piece in waiting]
    sender = scene.name(letters.asked_by)
    if number == 1:
        return (
            f"{sender[:1].upper()}{sender[1:]} sent what {scene.account} is to be told. "
            f"For you: {people.listed(names)}. Nothing goes to the customer before."
        )
    return (
        f"Something changed, so this is card {number} for {scene.account}: {people.listed(names)}."
    )


def _notes(scene: Scene, waiting: list[Piece]) -> list[Block]:
    keys = [piece.key for piece in waiting]
    if may_approve(scene, keys):
        return []
    others = [scene.name(user) for user in approvers(scene.handover) if user != scene.viewer]
    return [context(f"You sent this yourself, so {people.listed(others)} approves it.")]


def _decided_line(scene: Scene, one: Decided) -> str:
    """What was decided about a piece, by whom and when."""
    name = f"{title(scene, one.key)}, version {one.version}"
    if one.approved:
        how = "edited and approved" if one.edited else "approved"
        why = f" ({remark(scene, one.approved.why)})" if one.approved.why else ""
        when = moment(one.approved.at, scene.now)
        return f"• {name}: {how} by {scene.name(one.approved.by)} on {when} ✓{why}"
    wanted = one.wanted
    if wanted is None:
        return f"• {name}"
    who, when = scene.name(wanted.by), moment(wanted.at, scene.now)
    return f"• {name}: {who} asked for changes on {when}: “{remark(scene, wanted.text)}”"


def _lines(decided: list[str]) -> list[Block]:
    return [section(fitted(["*Decided here*", *decided], _LINES))] if decided else []


def _nothing_left(scene: Scene, decided: list[str]) -> Message:
    """The card once everything on it is decided, or while the CSMs agree anew."""
    name = people.account(scene.handover, scene.names, Surface.PLAIN)
    words = f"Everything here is decided. Thank you! ({scene.account})"
    if is_being_agreed(scene.handover):
        words = (
            f"The reason for {scene.account} was put in other words; {to_agree(scene)} agree to it "
            "first. A new card comes then."
        )
    blocks: list[Block] = [header(f"Decided: {name}"), section(words), *_lines(decided)]
    wished = [
        piece
        for piece in pieces(scene.handover, scene.playbook)
        if piece.state is PieceState.CHANGES and may_approve(scene, [piece.key])
    ]
    blocks += actions(ways(scene, piece)[0] for piece in wished)
    return Message(fitted([words, *decided], _TEXT), blocks)


def _older(scene: Scene, number: int, decided: list[str]) -> Message:
    """A card that another one has followed."""
    rounds = scene.handover.letters.rounds
    words = (
        f"This was card {number} for {scene.account}, of {on(scene, rounds[number - 1])}. "
        f"Something changed since: card {len(rounds)} stands below."
    )
    return Message(fitted([words, *decided], _TEXT), [section(words), *_lines(decided)])


def _text(scene: Scene, first: list[str], parts: list[Part]) -> str:
    lines = [f"Please approve: {scene.account}." if first else scene.account, *first]
    lines += [line for one in parts for line in (one.head, *one.body, one.note, one.change) if line]
    return fitted([line.replace("*", "") for line in _single(lines)], _TEXT)


def _single(lines: list[str]) -> Iterator[str]:
    for line in lines:
        yield from line.split("\n")
