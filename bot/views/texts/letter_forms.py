"""The modals of the customer's texts: other words, what should be different, no, and the backup."""

from collections.abc import Iterator, Sequence

from bot.ids import Field, Form, Ref, part_field
from bot.views import people
from bot.views.blocks import (
    INPUT,
    OPTIONS,
    Block,
    Choice,
    context,
    field,
    modal,
    section,
    select,
    text_input,
)
from bot.views.scene import Scene, quoted
from bot.views.slack_text import Surface, from_form
from bot.views.state import Values, picked_option, typed
from bot.views.texts.leaks import let_stand
from bot.views.texts.letter_text import to_edit
from bot.views.texts.piece import checked, compared, title
from flows.handover import Handover
from flows.privacy import leads, told_user
from flows.terms import Role
from flows.texts.leaks import Leak
from flows.texts.letter_specs import Medium
from flows.texts.letters import PieceState
from flows.texts.pieces import Piece

_PART = 2500
"""A longer text stands in several fields, each with room to write more."""
_JOINTS = {"p": "\n\n", "l": "\n", "w": " ", "n": ""}
_COMMENT, _WHY, _SHOWN = 2000, 1000, 2800
NOBODY = "nobody"


def edit_form(scene: Scene, piece: Piece) -> Block:
    """A text to be put in other words."""
    parts, joints = _split(to_edit(scene, piece.text))
    return _edit_form(scene, piece, parts, scene.ref(v=str(piece.version), k=joints))


def edit_again(scene: Scene, piece: Piece, values: Values, ref: Ref) -> Block:
    """The same where somebody saved a newer version meanwhile: what was typed stands as it stood,
    above it what is new, and saving it again counts for the newer version.
    """
    form = _edit_form(
        scene, piece, _typed_parts(values, ref), scene.ref(v=str(piece.version), k=ref.k)
    )
    return form | {"blocks": [section(_newer(scene, piece, int(ref.v))), *form["blocks"]]}


def leaking_form(
    scene: Scene, piece: Piece, values: Values, ref: Ref, despite: str, leaks: Sequence[Leak]
) -> Block:
    """The text as a leader typed it, who may let stand what was found in it."""
    form = _edit_form(scene, piece, _typed_parts(values, ref), ref)
    return form | {"blocks": [*form["blocks"], *let_stand(leaks, despite, scene.names)]}


def _edit_form(scene: Scene, piece: Piece, parts: list[str], read: Ref) -> Block:
    """The form with these parts in its fields; `read` tells the version and how they are joined."""
    blocks: list[Block] = [context(note)] if (note := checked(piece)) else []
    for number, part in enumerate(parts, start=1):
        where = f", part {number} of {len(parts)}" if read.k else ""
        label = f"{title(scene, piece.key, Surface.PLAIN)}, as the customer reads it{where}"
        blocks.append(field(_field(number), label, text_input(part, multiline=True, most=INPUT)))
    blocks.append(context(*_consequences(scene, piece)))
    own = _counts_as_approval(scene)
    ref = scene.ref(p=piece.key, v=read.v, k=read.k)
    submit = "Save and approve" if own else "Save"
    return modal(Form.LETTER, "Edit the text", blocks, submit=submit, carried=ref)


def read_edit(values: Values, ref: Ref) -> str:
    """The whole text as typed. Raises ValueError for parts that are joined as no form of ours."""
    if not set(ref.k) <= _JOINTS.keys():
        raise ValueError("joints")
    joints = [*(_JOINTS[joint] for joint in ref.k), ""]
    pieces = zip(_typed_parts(values, ref), joints, strict=True)
    return "".join(part + joint for part, joint in pieces).strip()


def changes_form(scene: Scene, offered: Sequence[Piece], comment: str = "") -> Block:
    """What should be different about a piece, or about one of several."""
    blocks: list[Block] = []
    ref = scene.ref()
    if len(offered) == 1:
        ref = scene.ref(p=offered[0].key, v=str(offered[0].version))
        who = people.person(offered[0].author, scene.names)
        blocks.append(context(f"{title(scene, offered[0].key)}: {who} reads this and changes it."))
    else:
        choices = [
            Choice(f"{piece.key}:{piece.version}", title(scene, piece.key, Surface.PLAIN))
            for piece in offered[:OPTIONS]
        ]
        blocks.append(field(Field.CHOICE, "About what?", select(choices, placeholder="Pick one")))
    text = text_input(comment, multiline=True, most=_COMMENT)
    blocks.append(field(Field.TEXT, "What should be different?", text))
    return modal(
        Form.PIECE_CHANGES, "Request changes", blocks, submit="Request changes", carried=ref
    )


def read_changes(values: Values, ref: Ref) -> tuple[str, int, str]:
    """The piece, the version that was read, and what should be different."""
    key, _, version = picked_option(values, Field.CHOICE).partition(":")
    if ref.p:
        key, version = ref.p, ref.v
    return key, int(version or 0), from_form(typed(values, Field.TEXT))


def object_form(scene: Scene, key: str, version: int) -> Block:
    """Why a CSM does not agree to a leader's words."""
    blocks: list[Block] = [
        field(Field.TEXT, "What is wrong with it?", text_input(multiline=True, most=_COMMENT)),
        context(
            f"{people.person(scene.handover.leader, scene.names)} reads this and changes the text "
            "or lets it stand. Until then it stands as it is."
        ),
    ]
    ref = scene.ref(p=key, v=str(version))
    return modal(Form.LETTER_OBJECT, "Object", blocks, submit="Object", carried=ref)


def alone_form(scene: Scene, wanted: tuple[str, ...]) -> Block:
    """Why somebody approves what nobody but they have looked at."""
    hint = "You sent this yourself and nobody else can approve it, so the reason is kept with it."
    why = text_input(multiline=True, most=_WHY)
    blocks = [field(Field.TEXT, "Why do you approve it yourself?", why, hint=hint)]
    ref = scene.ref(n=wanted)
    return modal(Form.PIECES_APPROVE, "Approve", blocks, submit="Approve", carried=ref)


def backup_form(scene: Scene, leaders: Sequence[str]) -> Block:
    """Who approves in the leader's place; `leaders` are those who could."""
    choices = [
        Choice(user, people.person(user, scene.names, Surface.PLAIN))
        for user in leaders[: OPTIONS - 1]
    ]
    nobody = Choice(NOBODY, "There is no other leader")
    blocks: list[Block] = [
        section(
            f"Before {scene.account} hears anything, somebody approves it. The backup is asked "
            "when you are silent for two working days, or sent it yourself."
        ),
        field(Field.BACKUP, "Who approves in your place?", select([*choices, nobody], "", "Pick")),
        field(
            Field.TEXT,
            "Why is there nobody?",
            text_input(multiline=True, most=_WHY),
            hint="Only where there is no other leader. Everybody on the handover may read it.",
            optional=True,
        ),
    ]
    return modal(Form.BACKUP, "Name a backup", blocks, submit="Save", carried=scene.ref())


def read_backup(values: Values) -> tuple[str, str]:
    """The user picked, NOBODY or nothing; and why there is nobody."""
    return picked_option(values, Field.BACKUP), from_form(typed(values, Field.TEXT))


def _typed_parts(values: Values, ref: Ref) -> list[str]:
    return [typed(values, _field(number + 1)) for number in range(len(ref.k) + 1)]


def _field(number: int) -> str:
    return Field.TEXT.value if number == 1 else part_field(Field.TEXT, str(number))


def _split(text: str) -> tuple[list[str], str]:
    """A text in parts that fit into a field each, and how they are put together again."""
    parts: list[str] = []
    joints = ""
    while len(text) > INPUT or (parts and len(text) > _PART):
        joint = next((j for j, mark in _JOINTS.items() if text.rfind(mark, 1, _PART) > 0), "n")
        at = text.rfind(_JOINTS[joint], 1, _PART) if _JOINTS[joint] else _PART
        parts.append(text[:at])
        text = text[at + len(_JOINTS[joint]) :]
        joints += joint
    return [*parts, text], joints


def _newer(scene: Scene, piece: Piece, read: int) -> str:
    """What somebody else saved in the meantime."""
    versions = scene.handover.letters.drafts.get(piece.key, ())
    known = next((version.text for version in versions if version.number == read), "")
    who = people.person(piece.author, scene.names)
    change = compared(scene, known, piece.text) if known else ""
    first = (
        f"*This text was changed while you wrote:* it is version {piece.version} now, by {who}. "
        "Your own words stand below; saving puts them in its place."
    )
    return f"{first}\n{quoted(change)[:_SHOWN]}" if change else first


def _consequences(scene: Scene, piece: Piece) -> list[str]:
    """What saving brings about, and what is good to know of the text."""
    handover = scene.handover
    leader = people.person(handover.leader, scene.names)
    notes = []
    if _counts_as_approval(scene):
        csms = [people.person(user, scene.names) for user in _csms(handover)]
        notes.append(
            f"You lead this handover: what you save is approved with it. {people.listed(csms)} "
            "see what you changed and may object within one working day."
        )
    elif piece.state is PieceState.APPROVED:
        notes.append(f"This is approved; what you change asks {leader} again.")
    if piece.spec and piece.spec.medium is Medium.CALL:
        notes.append("What stands below “--- In the call ---” is said, what stands above written.")
    notes.append("A date left as it is written moves with the plan; [name] is the customer's.")
    return notes


def _counts_as_approval(scene: Scene) -> bool:
    asked = scene.handover.letters.asked_at is not None
    return asked and leads(scene.handover, scene.viewer)


def _csms(handover: Handover) -> Iterator[str]:
    for role in (Role.OUTGOING, Role.INCOMING):
        if user := told_user(handover, role):
            yield user
