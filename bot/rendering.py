"""What a message says, made from what is true when it is sent; nothing where there is nothing true.

Whoever may not know of the handover gets nothing, whatever the outbox says.
"""

import re
from collections.abc import Iterator

from sqlalchemy import Connection

from bot.delivery.port import FileToSend, Rendered, Row
from bot.desk import Desk
from bot.roster import Roster
from bot.times import in_zone
from bot.views.blocks import Message
from bot.views.brief import brief_markdown, brief_message
from bot.views.leaders import leader_added
from bot.views.loss import message_lost
from bot.views.messages import build
from bot.views.scene import Scene
from bot.views.which import which_account
from flows.brief import Brief, make_brief
from flows.effects import ROOTS, Kind
from flows.errors import FlowError
from flows.handover import Handover, Stage
from flows.privacy import may_know
from flows.terms import Role
from storage import handovers, strays, undelivered

_USER = re.compile(r"[UW][A-Z0-9]+")
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)")
_SAYS_OF_VAULT = frozenset({Kind.CHECKS, Kind.NOTICE})
"""Only these are edited when the vault changes, or an edit would tell of a leader-only act."""
_IN_THREAD = frozenset({Kind.QUESTION, Kind.CLOSING})


class Renderer:
    """Builds messages for delivery. One short read per message."""

    def __init__(self, desk: Desk, roster: Roster) -> None:
        self._desk = desk
        self._roster = roster

    def first(self, row: Row) -> Rendered | None:
        """What to post; none if it is not wanted any more."""
        return self._render(row, posting=True)

    def again(self, row: Row) -> Rendered | None:
        """What to show in the place of a message that stands."""
        return self._render(row, posting=False)

    def _render(self, row: Row, *, posting: bool) -> Rendered | None:
        kind = Kind(row.kind)
        if kind is Kind.WHICH:
            return self._which(row)
        if kind is Kind.LOSS:
            return self._loss(row)
        if kind is Kind.LEADERS:
            return self._leader_added(row)
        scene = self._scene(row, posting=posting)
        if scene is None or (posting and _settled(kind, row, scene)):
            return None
        version = scene.handover.seq
        if kind in (Kind.BRIEF, Kind.BRIEF_FILE):
            return self._brief(kind, scene, version)
        message = build(kind, row.subject, scene)
        if message is None:
            return None
        vault = scene.vault.seq if kind in _SAYS_OF_VAULT else None
        return Rendered(message, version, thread=kind in _IN_THREAD, vault=vault)

    def _brief(self, kind: Kind, scene: Scene, version: int) -> Rendered | None:
        try:
            brief = make_brief(scene.handover, scene.playbook, scene.viewer, scene.now)
        except FlowError:
            return None
        if kind is Kind.BRIEF:
            return Rendered(
                brief_message(brief, scene.names, scene.playbook), version, thread=False
            )
        text = brief_markdown(brief, scene.names, scene.playbook)
        return Rendered(
            Message(f"{brief.handover.account}: the whole brief", []),
            version,
            thread=False,
            file=FileToSend(_file_name(brief), text.encode()),
        )

    def _scene(self, row: Row, *, posting: bool) -> Scene | None:
        """What is true now; none for whoever may not know.

        An accept card that stands is brought up to date once more when somebody else is named: it
        then says just that, to a person who knew.
        """
        replaced = not posting and row.kind == Kind.ACCEPT
        with self._desk.database.read() as connection:
            stored = handovers.load(connection, row.team, row.handover)
            vault = handovers.load_vault(connection, row.team, row.handover)
            if stored is None or vault is None:
                return None
            if not (may_know(stored.value, row.person) or replaced):
                return None
            playbook = self._desk.playbooks.of(connection, stored.value)
            incoming = stored.value.user(Role.INCOMING)
            others = {incoming: _others(connection, stored.value, incoming)} if incoming else {}
        reader = self._roster.known(row.person)
        return Scene(
            handover=stored.value,
            playbook=playbook,
            vault=vault.value,
            viewer=row.person,
            names=self._roster.names(people_of(stored.value) | _subject(row)),
            now=in_zone(self._desk.clock.now(), reader.tz if reader else ""),
            others=others,
        )

    def _leader_added(self, row: Row) -> Rendered:
        added, _, by = row.subject.partition(":")
        names = self._roster.names({added, by})
        return Rendered(leader_added(added, by, row.person, names), 0, thread=False)

    def _loss(self, row: Row) -> Rendered | None:
        with self._desk.database.read() as connection:
            letters = undelivered.dead_letters(connection, row.team)
        lost = next((letter for letter in letters if str(letter.id) == row.subject), None)
        return Rendered(message_lost(lost.error), 0, thread=False) if lost else None

    def _which(self, row: Row) -> Rendered | None:
        with self._desk.database.read() as connection:
            channel, _, ts = row.subject.partition(":")
            said = strays.find(connection, row.team, channel, ts, row.person)
            theirs = handovers.taking_part(connection, row.team, row.person)
        if said is None:
            return None
        open_ones = [
            handover
            for handover in theirs
            if may_know(handover, row.person)
            and (interview := handover.interviews.get(row.person))
            and interview.current
        ]
        message = which_account(said, open_ones, self._roster.names())
        return Rendered(message, 0, thread=False)


def people_of(handover: Handover) -> set[str]:
    """Everybody whose name a message of this handover may show."""
    users = {handover.user(role) for role in Role}
    users |= {party.user for party in (handover.outgoing, handover.incoming) if party}
    users |= {user for ask in handover.asks for user in (ask.by, ask.to)}
    users |= {answer.by for answer in handover.answers.values()}
    users |= {piece.quoted.author for piece in handover.unsorted if piece.quoted}
    for answer in handover.answers.values():
        for given in answer.given.values():
            users |= {value for value in given.values if _USER.fullmatch(value)}
    for text in _typed(handover):
        users |= mentioned(text)
    return {user for user in users if user}


def mentioned(text: str) -> set[str]:
    """The users whom a text as Slack sent it mentions."""
    return set(_MENTION.findall(text))


def _typed(handover: Handover) -> Iterator[str]:
    """Every text that somebody typed."""
    yield handover.account
    for answer in handover.answers.values():
        yield from (said.text for said in answer.said)
    for record in handover.records:
        yield from record.details.values()
    for piece in handover.unsorted:
        yield from (piece.text, piece.note)
    for ask in handover.asks:
        yield from (ask.text, ask.reply)


def _subject(row: Row) -> set[str]:
    """Whom a message is about who takes no part in the handover."""
    return {row.subject} if row.kind == Kind.CLASH else set()


def _settled(kind: Kind, row: Row, scene: Scene) -> bool:
    """Whether a message that was to be posted has been overtaken by what happened since."""
    if kind is Kind.QUESTION:
        return scene.interview.current != row.subject
    return kind in ROOTS and scene.handover.stage is Stage.DRAFT


def _file_name(brief: Brief) -> str:
    words = "".join(c if c.isalnum() else " " for c in brief.handover.account).split()
    return f"{'-'.join(words).lower() or 'account'}-brief-v{brief.version}.md"


def _others(connection: Connection, handover: Handover, user: str) -> int:
    """How many other handovers under way a person is a CSM of, as far as they know of them."""
    return sum(
        other.id != handover.id
        and other.stage is not Stage.DRAFT
        and user in (other.user(Role.INCOMING), other.user(Role.OUTGOING))
        and may_know(other, user)
        for other in handovers.taking_part(connection, handover.team, user)
    )
