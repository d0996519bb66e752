"""What a person may look at: their handovers, one of them, its brief, Home."""

from contextlib import nullcontext, suppress
from datetime import datetime

from bot.desk import Receipt
from bot.exports.formats import CANVAS, FOR_THE_CUSTOMER, Format
from bot.ids import Ref
from bot.listeners.rows import open_row
from bot.named import people_of
from bot.office import Office
from bot.rendering import canvas_offered
from bot.times import in_zone
from bot.views.blocks import Block, Message, section
from bot.views.errors import say
from bot.views.home import Beside, Step, home_view
from bot.views.lists import list_message, show_message
from bot.views.messages import build
from bot.views.rows import Row, row_block
from bot.views.scene import Scene
from bot.views.taking_over.brief import brief_message
from bot.views.texts import approval
from flows.account_names import account_key
from flows.effects import Kind, Post
from flows.errors import FlowError
from flows.handover import Handover
from flows.playbook import Playbook
from flows.privacy import as_read_by, may_know
from flows.taking_over.brief import make_brief
from flows.tasks import ADMINS, Todo
from flows.texts.safe_facts import safe_facts
from storage import handovers, tasks
from storage.reading import NewerReleaseError

_MOST_UNLED = 1000
_MOST_OWED = 3000
"""Home folds what is owed on the accounts of a book, and counts all of it."""
_MESSAGES: dict[str, Kind] = {
    Todo.ACCEPT: Kind.ACCEPT,
    Todo.SETTLE_PROPOSAL: Kind.PROPOSAL,
    Todo.FIX_LINK: Kind.LINK_BROKEN,
    Todo.MARK_TAUGHT: Kind.TAUGHT,
    Todo.READ_ADDITIONS: Kind.ADDITIONS,
    Todo.AGREE_REASON: Kind.REASON,
    Todo.SEND_LETTERS: Kind.LETTERS,
    Todo.APPROVE: Kind.APPROVAL,
    Todo.CHANGE_PIECE: Kind.WANTED,
    Todo.COVER: Kind.COVERAGE,
    Todo.SEND_TEXT: Kind.APPROVED,
    Todo.CALL_CUSTOMER: Kind.CUSTOMER_SILENT,
    Todo.TRY_ANOTHER: Kind.CUSTOMER_SILENT,
    Todo.NOTE_ANSWER: Kind.CUSTOMER_SILENT,
    Todo.TALK: Kind.APPROVED,
    Todo.DEBRIEF: Kind.DEBRIEF,
    Todo.DECIDE_READY: Kind.NOT_READY,
    Todo.SAY_MOOD: Kind.MOOD,
    Todo.ACT_ON_RED: Kind.RED,
    Todo.DO_ACTION: Kind.RED,
    Todo.SIGN: Kind.CONFIRM,
    Todo.CONFIRM_END: Kind.CONFIRM,
    Todo.MOVE_DATES: Kind.LAST_DAY,
    Todo.KIT: Kind.KIT,
    Todo.TELL_INCOMING: Kind.NOTICE,
    Todo.TELL_OUTGOING: Kind.NOTICE,
}
"""The tasks that are done in a message, which may have gone by long ago."""


def own_rows(office: Office, user: str, *, readable: bool = False) -> list[Row]:
    """The handovers that a person takes part in and may know of.

    Raises NewerReleaseError, unless only the `readable` ones are wanted, to be shown.
    """
    found = handovers.readable_of if readable else handovers.taking_part
    known = list[tuple[Handover, Playbook]]()
    with office.desk.database.read() as connection:
        for handover in found(connection, office.team, user):
            if may_know(handover, user):
                with suppress(NewerReleaseError) if readable else nullcontext():
                    known.append((handover, office.desk.playbooks.of(connection, handover)))
    return [Row(as_read_by(handover, playbook, user), playbook) for handover, playbook in known]


def listed(office: Office, user: str, page: int = 0) -> Message:
    """`/handover list`, a page of it."""
    rows = own_rows(office, user, readable=True)
    return list_message(rows, office.roster.names(_people(rows)), page)


def shown(office: Office, user: str, handover: str) -> Message:
    """One handover as this person may see it. Raises FlowError `not_found`."""
    message = show_message(scene_of(office, user, handover))
    if message is None:
        raise FlowError("not_found")
    return message


def task_message(office: Office, user: str, ref: Ref) -> Message:
    """What a task (`ref.v`, about `ref.r`) is about, as its message reads now: nobody decides about
    what they have not seen. Raises FlowError `not_found`.
    """
    kind = _MESSAGES.get(ref.v)
    message = build(kind, ref.r, scene_of(office, user, ref.h)) if kind else None
    if message is None:
        raise FlowError("not_found")
    return message


def looked_at(office: Office, user: str, ref: Ref) -> Message:
    """What a modal shows: one piece of what the customer is told (`ref.p`), what a task is about,
    or the handover. Raises FlowError `not_found`.
    """
    if ref.p:
        message = approval.one(scene_of(office, user, ref.h), ref.p)
        if message is None:
            raise FlowError("not_found")
        return message
    return task_message(office, user, ref) if ref.v else shown(office, user, ref.h)


def scene_of(office: Office, user: str, handover: str) -> Scene:
    """One handover as this person sees it now. Raises FlowError `not_found`."""
    row, vault, playbook = open_row(office, handover, user)
    return Scene(
        handover=as_read_by(row, playbook, user),
        playbook=playbook,
        vault=vault,
        viewer=user,
        names=office.roster.names(people_of(row)),
        now=local_now(office, user),
        others={},
    )


def order_brief(office: Office, receipt: Receipt, user: str, handover: str) -> Message:
    """Have the brief sent to a person's DM. Raises FlowError `not_found`, `too_early`."""
    row, _vault, playbook = open_row(office, handover, user)
    make_brief(row, playbook, user, office.desk.clock.now())
    file = Post(to=user, kind=Kind.BRIEF_FILE, subject=Format.WORD)
    office.errands.order(receipt, row, (Post(to=user, kind=Kind.BRIEF), file))
    words = say("brief_coming")
    return Message(words, [section(words)])


def order_file(office: Office, receipt: Receipt, user: str, handover: str, wanted: str) -> Message:
    """Have the brief sent to a person's DM in a format or as a canvas, as it is true when sent.

    Gives the brief's message as it reads now. Raises FlowError `not_found`, `not_yours` and
    `too_early`.
    """
    scene = scene_of(office, user, handover)
    brief = make_brief(scene.handover, scene.playbook, user, scene.now)
    if wanted in FOR_THE_CUSTOMER:
        safe_facts(scene.handover, scene.playbook, user)
    if wanted == CANVAS:
        post = Post(to=user, kind=Kind.BRIEF_CANVAS)
    else:
        post = Post(to=user, kind=Kind.BRIEF_FILE, subject=Format(wanted))
    office.errands.order(receipt, scene.handover, (post,))
    canvas = canvas_offered(office.desk.database, office.team, scene.now)
    return brief_message(brief, scene.names, scene.playbook, user, canvas=canvas)


def find(office: Office, user: str, account: str) -> list[Handover]:
    """The handovers that a person may mean by an account's name: exactly, else by a part of it.

    Without a name they may mean any of theirs. Raises NewerReleaseError where they may mean one
    that only a newer release can read.
    """
    wanted = account_key(account)
    known = [row.handover for row in own_rows(office, user, readable=True)]
    exact = [handover for handover in known if account_key(handover.account) == wanted]
    if exact:
        return exact
    known = [row.handover for row in own_rows(office, user)]
    return [handover for handover in known if wanted in account_key(handover.account)]


def choose(office: Office, user: str, found: list[Handover]) -> Message:
    """Ask which one is meant where a name fits several."""
    wanted = {handover.id for handover in found}
    rows = [row for row in own_rows(office, user) if row.handover.id in wanted]
    names = office.roster.names(_people(rows))
    words = say("which_one")
    return Message(words, [section(words), *(row_block(row, names) for row in rows[:20])])


def home(office: Office, user: str) -> Block:
    """The Home tab of a person."""
    rows = own_rows(office, user, readable=True)
    with office.desk.database.read() as connection:
        owed = tasks.of_person(connection, office.team, user, _MOST_OWED)
    names = office.roster.names(_people(rows) | {user})
    first_day = office.roster.is_admin(user) and not office.roster.leaders
    ready = _getting_ready(office) if office.roster.is_admin(user) and not first_day else ()
    now = local_now(office, user)
    beside = Beside(first_day=first_day, ready=ready, leads=office.roster.is_leader(user))
    return home_view(rows, owed, user, names, now, beside)


def _getting_ready(office: Office) -> tuple[Step, ...]:
    """What whoever installs the bot has done and may do; nothing once all of it is done."""
    roster = office.roster
    steps = (
        Step("Leaders are named", done=bool(roster.leaders)),
        Step("A second leader can be the backup", done=len(roster.leaders) > 1),
        Step("A channel gets the weekly digest", done=bool(roster.workspace.digests)),
        Step("The example is tried", done=roster.workspace.example_tried),
    )
    return () if all(step.done for step in steps) else steps


def unled(office: Office) -> list[str]:
    """The handovers that wait for an admin to name a leader: ids, and nothing else of them."""
    with office.desk.database.read() as connection:
        waiting = tasks.of_person(connection, office.team, ADMINS, _MOST_UNLED)
    return [task.handover for task in waiting if task.todo == Todo.NAME_LEADER]


def publish_home(office: Office, user: str) -> None:
    """Bring a person's Home tab up to date, soon; what waits for its turn already is enough."""

    def publish() -> None:
        office.gateway.views_publish(user, home(office, user))

    office.soon(publish, once=f"home {user}")


def local_now(office: Office, user: str) -> datetime:
    """The time where a person is; UTC where Slack's zone is not known here."""
    person = office.roster.meet({user}).get(user)
    return in_zone(office.desk.clock.now(), person.tz if person else "")


def _people(rows: list[Row]) -> set[str]:
    return {user for row in rows for user in people_of(row.handover)}
