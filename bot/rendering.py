"""What a message says, made from what is true when it is sent; nothing where there is nothing true.

Whoever may not know of the handover gets nothing, whatever the outbox says.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from bot.books.rendering import book_file, book_message
from bot.delivery.port import Canvas, FileToBring, FileToSend, Rendered, Row
from bot.desk import Desk
from bot.earlier import earlier_of
from bot.exports.customer_mail import mail_file
from bot.exports.files import export
from bot.exports.formats import Format
from bot.exports.gantt import plan_picture
from bot.exports.invitation import invitation
from bot.exports.markdown import brief_canvas
from bot.named import people_of
from bot.nudges.agendas import agenda
from bot.nudges.overtaken import is_overtaken
from bot.reports.digests import Digests
from bot.reports.report import lesson, report
from bot.roster import Roster
from bot.times import in_zone
from bot.views import people
from bot.views.blocks import Message
from bot.views.knowledge.which import filed, which_account
from bot.views.loss import message_lost
from bot.views.messages import build
from bot.views.scene import Scene
from bot.views.slack_text import Surface
from bot.views.staffing.leaders import leader_added
from bot.views.taking_over.brief import brief_message, canvas_message
from bot.views.taking_over.bringing import MOST_BYTES, brought, not_brought
from bot.workload import under_way
from flows.effects import Kind
from flows.errors import FlowError
from flows.handover import Handover
from flows.knowledge.landing import could_mean
from flows.knowledge.ledger import given_file
from flows.playbook import Playbook
from flows.privacy import as_read_by, everybody, is_asked, is_source, may_know, may_take_part
from flows.saying import IN_CHANNELS, OF_BOOK
from flows.taking_over.brief import make_brief
from flows.terms import Role
from storage import handovers, strays, undelivered, workspaces
from storage.engine import Database
from storage.moments import to_stored
from storage.reading import NewerReleaseError

_SAYS_OF_VAULT = frozenset({Kind.CHECKS, Kind.NOTICE})
"""Only these are edited when the vault changes, or an edit would tell of a leader-only act."""
_BRIEFS = frozenset({Kind.BRIEF, Kind.BRIEF_FILE, Kind.BRIEF_CANVAS})
_OF_SOURCE = frozenset({Kind.CARD, Kind.QUESTION, Kind.PAST, Kind.CLOSING, Kind.IMPORT})
_OF_GUEST = frozenset({Kind.GUEST, Kind.ASK})
_IN_THREAD = frozenset(
    {
        Kind.IMPORT,
        Kind.QUESTION,
        Kind.CLOSING,
        Kind.READING,
        Kind.RETURNED,
        Kind.TEACH_BACK,
        Kind.ADDITIONS,
        Kind.REASON,
        Kind.REWORDED,
        Kind.DEBRIEF,
    }
)


class Renderer:
    """Builds messages for delivery. One short read per message."""

    def __init__(self, desk: Desk, roster: Roster, digests: Digests) -> None:
        self._desk = desk
        self._roster = roster
        self._digests = digests

    def first(self, row: Row) -> Rendered | None:
        """What to post; none if it is not wanted any more."""
        return None if self._is_out(row) else self._render(row, posting=True)

    def again(self, row: Row) -> Rendered | None:
        """What to show in the place of a message that stands."""
        return self._render(row, posting=False)

    def _render(self, row: Row, *, posting: bool) -> Rendered | None:
        kind = _kind(row.kind)
        if not row.handover:
            return self._of_no_handover(kind, row, posting=posting)
        if kind in OF_BOOK:
            return book_message(self._desk, self._roster, row, people_of, posting=posting)
        if kind is Kind.BOOK_ROWS:
            return book_file(self._desk, self._roster, row, people_of) if posting else None
        scene = self._scene(row, posting=posting)
        if scene is None or (posting and is_overtaken(kind, row.subject, scene)):
            return None
        if kind in _BRIEFS:
            return self._brief(kind, row.subject, scene)
        if made := _FILES.get(kind):
            # What is said in the place of a file that does not come is not made again.
            return made(row.subject, scene) if posting else None
        message = build(kind, row.subject, scene)
        if message is None:
            return None
        vault = scene.vault.seq if kind in _SAYS_OF_VAULT else None
        return Rendered(message, scene.handover.seq, thread=kind in _IN_THREAD, vault=vault)

    def _is_out(self, row: Row) -> bool:
        """Whether a message's reader is no member, whatever they were when it was asked for; a
        guest may be one that a leader admits, and is told only what such guests are.
        """
        kind = Kind(row.kind)
        if kind in IN_CHANNELS:
            return False
        reader = self._roster.known(row.person)
        if reader is None or reader.is_colleague:
            return False
        return not (reader.is_only_guest and row.handover and kind in _OF_GUEST)

    def _of_no_handover(self, kind: Kind, row: Row, *, posting: bool) -> Rendered | None:
        """What is about none of them, or about several."""
        match kind:
            case Kind.WHICH:
                return self._which(row, posting=posting)
            case Kind.AGENDA:
                about = (self._desk, self._roster, self._digests, row, people_of)
                return agenda(*about, posting=posting)
            case Kind.DIGEST | Kind.NO_DIGEST:
                told, is_told = self._digests, kind is Kind.DIGEST
                return told.posted(row, posting=posting) if is_told else told.refused(row)
            case Kind.LOSS:
                return self._loss(row)
            case Kind.LEADERS:
                return self._leader_added(row)
            case Kind.REPORT | Kind.REPORT_PICTURE | Kind.REPORT_ROWS:
                return report(self._desk, self._roster, row) if posting else None
            case Kind.LESSON:
                return lesson(self._desk, self._roster, row, posting=posting)
            case _:
                return None

    def _brief(self, kind: Kind, wanted: str, scene: Scene) -> Rendered | None:
        """The brief in some form; nothing for whoever may not have it any more."""
        try:
            match kind:
                case Kind.BRIEF_FILE:
                    return _file(scene, Format(wanted))
                case Kind.BRIEF_CANVAS:
                    return _canvas(scene)
                case _:
                    return self._heads(scene)
        except FlowError:
            return None

    def _heads(self, scene: Scene) -> Rendered:
        handover, names, book = scene.handover, scene.names, scene.playbook
        brief = make_brief(handover, book, scene.viewer, scene.now)
        canvas = canvas_offered(self._desk.database, handover.team, scene.now)
        message = brief_message(brief, names, book, scene.viewer, canvas=canvas)
        return Rendered(message, handover.seq, thread=False)

    def _scene(self, row: Row, *, posting: bool) -> Scene | None:
        """What is true now; none for whoever may not know."""
        with self._desk.database.read() as connection:
            stored = handovers.load(connection, row.team, row.handover)
            vault = handovers.load_vault(connection, row.team, row.handover)
            if stored is None or vault is None:
                return None
            playbook = self._desk.playbooks.of(connection, stored.value)
            shown = seen_by(row, stored.value, playbook, posting=posting)
            if shown is None:
                return None
            # Each of the two reads many handovers, and stands in one kind of message.
            incoming = stored.value.user(Role.INCOMING) if row.kind == Kind.ACCEPT else None
            others = (
                {incoming: len(under_way(connection, row.team, incoming, {row.handover}))}
                if incoming
                else {}
            )
            carded = row.kind == Kind.CARD
            known = earlier_of(connection, stored.value, row.person) if carded else None
            place = _place_in_book(connection, row, stored.value)
        reader = self._roster.known(row.person)
        return Scene(
            handover=shown,
            playbook=playbook,
            vault=vault.value,
            viewer=row.person,
            names=self._roster.names(people_of(stored.value) | _subject(row)),
            now=in_zone(self._desk.clock.now(), reader.tz if reader else ""),
            others=others,
            earlier=known,
            joined=row.joined,
            in_book=place,
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

    def _which(self, row: Row, *, posting: bool) -> Rendered | None:
        with self._desk.database.read() as connection:
            channel, _, ts = row.subject.partition(":")
            stray = strays.find(connection, row.team, channel, ts, row.person)
            theirs = handovers.taking_part(connection, row.team, row.person)
        known = [handover for handover in theirs if may_take_part(handover, row.person)]
        place = next((h for h in known if stray and h.id == stray.handover), None)
        if stray and not stray.handover:
            open_ones = could_mean(known, row.person)
            message = which_account(stray.said, open_ones, self._roster.names())
        elif posting:
            return None
        else:
            message = filed(place, self._roster.names())
        return Rendered(message, 0, thread=False)


def seen_by(row: Row, handover: Handover, playbook: Playbook, *, posting: bool) -> Handover | None:
    """A handover as far as a message about it may tell its reader; none for whoever may not know.

    An accept card and a page that stand are brought up to date once more when somebody else is
    named: they then say just that, to a person who knew.
    """
    replaced = not posting and row.kind in (Kind.ACCEPT, Kind.READING)
    if not (may_know(handover, row.person) or replaced or _is_asked(handover, row)):
        return None
    return as_read_by(handover, playbook, row.person)


def _is_asked(handover: Handover, row: Row) -> bool:
    """Whether a message is one of those that somebody gets who only answers: a source the card and
    the questions, whoever is asked one thing just that.
    """
    if row.kind == Kind.ASK:
        return is_asked(handover, row.person)
    if row.kind == Kind.GUEST:
        return handover.guests.has(row.person)
    return is_source(handover, row.person) and row.kind in _OF_SOURCE


def _file(scene: Scene, wanted: Format) -> Rendered:
    handover, names = scene.handover, scene.names
    file = export(wanted, handover, scene.playbook, scene.viewer, names, scene.now)
    sent = FileToSend(file.name, file.content)
    return Rendered(Message(file.title, []), handover.seq, thread=False, file=sent)


def _picture(_subject: str, scene: Scene) -> Rendered:
    """The plan as a picture; the message that says the same comes after it."""
    drawn = plan_picture(scene.handover, scene.playbook, scene.names, scene.now.date())
    sent = FileToSend(drawn.name, drawn.content, drawn.alt)
    return Rendered(Message(drawn.title, []), scene.handover.seq, thread=False, file=sent)


def _invitation(key: str, scene: Scene) -> Rendered | None:
    """An invitation as an .ics file; nothing for whoever may not have it any more."""
    known = (scene.handover, scene.playbook, scene.viewer)
    try:
        file = invitation(*known, key, scene.names, scene.now)
    except FlowError:
        return None
    sent = FileToSend(file.name, file.content)
    return Rendered(Message(file.title, []), scene.handover.seq, thread=False, file=sent)


def _mail(subject: str, scene: Scene) -> Rendered | None:
    """A text for the customer, to be opened in a mail program; nothing where it is not current."""
    file = mail_file(subject, scene)
    if file is None:
        return None
    sent = FileToSend(file.name, file.content)
    return Rendered(Message(file.title, []), scene.handover.seq, thread=False, file=sent)


def _brought(file_id: str, scene: Scene) -> Rendered | None:
    """A file of the pack; nothing where its reader may not read it any more."""
    document = given_file(scene.handover, file_id)
    if document is None or document.file is None:
        return None
    file = document.file
    wanted = FileToBring(file.id, file.name, MOST_BYTES, partial(not_brought, scene, document))
    return Rendered(brought(scene, document), scene.handover.seq, thread=True, bring=wanted)


def _canvas(scene: Scene) -> Rendered:
    """The canvas that all share; where there is none, the Word document."""
    handover, names, book = scene.handover, scene.names, scene.playbook
    shared = make_brief(handover, book, scene.viewer, scene.now, shared=True)
    canvas = Canvas(
        title=f"Brief: {people.account(handover, names, Surface.PLAIN)}",
        markdown=brief_canvas(shared, names, book),
        readers=everybody(handover),
        told=partial(canvas_message, handover, names),
        instead=partial(_file, scene, Format.WORD),
    )
    return Rendered(canvas.told(""), handover.seq, thread=False, canvas=canvas)


_FILES: Mapping[Kind, Callable[[str, Scene], Rendered | None]] = {
    Kind.PLAN_PICTURE: _picture,
    Kind.FILE: _brought,
    Kind.INVITATION: _invitation,
    Kind.CUSTOMER_MAIL: _mail,
}


def canvas_offered(database: Database, team: str, now: datetime) -> bool:
    """Whether a workspace may have canvases, as far as Slack has let on."""
    with database.read() as connection:
        return workspaces.find(connection, team).may_have_canvas(to_stored(now))


def _kind(stored: str) -> Kind:
    """What is to be said. Raises NewerReleaseError where this release cannot say it."""
    try:
        return Kind(stored)
    except ValueError:
        raise NewerReleaseError(stored) from None


def _subject(row: Row) -> set[str]:
    """Whom a message is about who takes no part in the handover."""
    return {row.subject} if row.kind == Kind.CLASH else set()


def _place_in_book(connection: Connection, row: Row, handover: Handover) -> tuple[int, int] | None:
    """Which account of how many somebody is at, who hands over a book of them."""
    asks = row.kind == Kind.QUESTION and handover.book
    if not asks or row.person != handover.user(Role.OUTGOING):
        return None
    through, count = handovers.place_in_book(connection, row.team, handover.book)
    return (through + 1, count) if through < count else None
