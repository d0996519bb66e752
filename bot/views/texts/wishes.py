"""What leaders and CSMs want from each other about the customer's texts, one message each."""

from bot.ids import Act
from bot.views.blocks import Block, Element, Message, actions, button, context, cut, section
from bot.views.dates import moment
from bot.views.scene import Scene, quoted
from bot.views.texts.letters import edit_button
from bot.views.texts.piece import compared, lowered, on, remark, title
from flows.happened import CLOCK
from flows.privacy import leads, may_read_sensitive, told_user
from flows.terms import Role
from flows.texts.approving import objected_until
from flows.texts.letters import PLAN, REASON, Remark, Version
from flows.texts.pieces import Piece, first_sender, lacks_backup, pieces, wanted

_COMMENT, _CHANGE = 2000, 2500


def build_wanted(subject: str, scene: Scene) -> Message | None:
    """What is to be different, to whoever does it."""
    key, number = _read(subject)
    if not may_read_sensitive(scene.handover, scene.viewer):
        return None
    name = f"{lowered(title(scene, key))} for {scene.account}"
    version, said = wanted(scene.handover).get(key, (0, None))
    piece = _piece(scene, key)
    if piece is None or said is None or version != number:
        words = f"What was asked for in {name} has been dealt with. Thank you!"
        return Message(words, [section(words)])
    words, comment = _wish(scene, name, said)
    blocks = [section(f"{words}\n{quoted(comment)}" if comment else words)]
    return Message(f"{words} {comment}", [*blocks, *actions([_way(scene, piece)])])


def build_reworded(subject: str, scene: Scene) -> Message | None:
    """A leader's own words for a text, to a CSM, who may object for a working day."""
    key, number = _read(subject)
    version, before = _version(scene, key, number)
    if not _is_csm(scene):
        return None
    name = f"{lowered(title(scene, key))} for {scene.account}"
    if version is None or version is not scene.handover.letters.drafts[key][-1]:
        words = f"{title(scene, key)} for {scene.account} has been changed again since."
        return Message(words, [section(words)])
    until = objected_until(version)
    words = f"{scene.name(version.by)} changed {name}, and it is approved like that."
    change = compared(scene, before.text, version.text) if before else ""
    own = next((o for o in version.objections if o.by == scene.viewer), None)
    ends = f"If something is wrong with it, object until {moment(until, scene.now)}."
    if own:
        ends = f"You objected: “{remark(scene, own.text)}”"
    ref = scene.ref(p=key, v=str(number))
    may = own is None and scene.now <= until
    blocks: list[Block] = [
        section(f"{words}\n{quoted(cut(change, _CHANGE))}" if change else words),
        context(ends),
        *actions(
            [
                button("Read all of it", Act.PIECE_READ.of(key), scene.ref(p=key)),
                button("Object", Act.LETTER_OBJECT, ref) if may else None,
            ]
        ),
    ]
    return Message(f"{words} {cut(change, _CHANGE)} {ends}", blocks)


def build_objection(subject: str, scene: Scene) -> Message | None:
    """What CSMs say against a leader's words, to that leader."""
    key, number = _read(subject)
    version, _before = _version(scene, key, number)
    piece = _piece(scene, key)
    if piece is None or version is None or not leads(scene.handover, scene.viewer):
        return None
    name = f"{lowered(title(scene, key))} for {scene.account}"
    lines, said = [], []
    for objection in version.objections:
        first = f"{scene.name(objection.by)} objects to your words in {name}:"
        text = scene.typed(objection.text, _COMMENT // 2)
        lines.append(f"{first}\n{quoted(text)}")
        said.append(f"{first} {text}")
    newest = version is scene.handover.letters.drafts[key][-1]
    ends = "" if newest else f"It is version {piece.version} now."
    ends = ends or "Your words stand until you change them."
    blocks: list[Block] = [
        *(section(line) for line in lines),
        context(ends),
        *actions([edit_button(scene, piece) if newest else None]),
    ]
    return Message(" ".join([*said, ends]), blocks)


def build_backup(_subject: str, scene: Scene) -> Message | None:
    """Who approves in the leader's place is to be named, to the leader."""
    handover = scene.handover
    if not leads(handover, scene.viewer):
        return None
    if lacks_backup(handover):
        who = scene.name(first_sender(handover))
        words = (
            f"Who approves for {scene.account} when you are away? {who[:1].upper()}{who[1:]} waits "
            "for it: what the customer is told can be sent for approval then."
        )
        name = button("Name a backup", Act.BACKUP_NAME, scene.ref(), "primary")
        return Message(words, [section(words), *actions([name])])
    words = f"You approve for {scene.account} alone: {remark(scene, handover.letters.alone)}"
    if handover.backup:
        backup = scene.name(handover.backup)
        words = f"{backup} approves for {scene.account} when you are away. Thank you!"
    return Message(words, [section(words)])


def _wish(scene: Scene, name: str, said: Remark) -> tuple[str, str]:
    if said.by == CLOCK:
        words = f"The reason was put in other words, and {name} still has the former one."
        return f"{words} Please bring it up to date.", ""
    when = on(scene, said.at)
    words = f"{scene.name(said.by)} would like something different in {name} ({when}):"
    return words, scene.typed(said.text, _COMMENT)


def _way(scene: Scene, piece: Piece) -> Element | None:
    if piece.key == REASON:
        return button("Put it in other words", Act.REASON_EDIT, scene.ref(), "primary")
    if piece.key == PLAN:
        return button("Set date", Act.PLAN_MOVE, scene.ref(), "primary")
    return edit_button(scene, piece)


def _read(subject: str) -> tuple[str, int]:
    key, _, number = subject.partition(":")
    return key, int(number) if number.isdigit() else 0


def _piece(scene: Scene, key: str) -> Piece | None:
    every = pieces(scene.handover, scene.playbook)
    return next((piece for piece in every if piece.key == key), None)


def _version(scene: Scene, key: str, number: int) -> tuple[Version | None, Version | None]:
    """A version of a text, and the one before it."""
    versions = {v.number: v for v in scene.handover.letters.drafts.get(key, ())}
    return versions.get(number), versions.get(number - 1)


def _is_csm(scene: Scene) -> bool:
    csms = (told_user(scene.handover, role) for role in (Role.OUTGOING, Role.INCOMING))
    return scene.viewer in csms
