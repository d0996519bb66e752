"""What the slash command answers: lists, one handover, help and the menu."""

from collections.abc import Sequence
from math import ceil

from bot.books.ids import BookAct
from bot.ids import Act, Ref
from bot.views import notice, people, standing
from bot.views.blocks import (
    Block,
    Element,
    Message,
    actions,
    button,
    context,
    fitted,
    group,
    header,
    section,
)
from bot.views.books.rows import folded, group_block, group_line
from bot.views.confidential import word
from bot.views.customer import coverage, mood, sending
from bot.views.end import ending, following_up
from bot.views.knowledge import card
from bot.views.rows import Row
from bot.views.scene import Scene
from bot.views.schedule import plan
from bot.views.side_by_side import check_in, lead, ready, sessions
from bot.views.slack_text import Names, Surface
from bot.views.staffing import changed
from bot.views.taking_over import accept, pack
from bot.views.texts import letters, wording
from flows.end.completing import is_over
from flows.handover import Acceptance, Stage
from flows.knowledge.interview import BRIEF_FROM, answers_so_far, roles_answered_by
from flows.privacy import leads, may_know
from flows.terms import Role

_ROWS = 20
_TEXT = 3700
_OPEN = 1800
_HOW = (
    "I help to hand a customer account from one CSM to another.\n"
    "1. Somebody starts a handover: who hands over, who takes over, who leads, and a date.\n"
    "2. The outgoing CSM answers questions here, one at a time; the incoming CSM accepts or asks.\n"
    "3. I make a brief of the answers, and tell each person what is theirs to do.\n"
    "4. Whatever is on Slack already joins it: choose Add to handover on any message."
)
_COMMANDS = {
    "/handover start": "start a handover; add the account's name if you like",
    "/handover list": "the handovers you take part in",
    "/handover show ACCOUNT": "where one handover stands",
    "/handover brief ACCOUNT": "everything known about an account, as one document",
    "/handover ask ACCOUNT QUESTION": "what the pack says, or else whoever knows",
    "/handover book": "many accounts at once",
    "/handover report": "how your handovers went, in figures (for leaders)",
    "/handover digest": "this week's handovers, as far as they are yours",
    "/handover settings": "who may lead, and which channels get a digest (admins and leaders)",
    "/handover help": "this list",
}


def list_message(rows: Sequence[Row], names: Names, page: int = 0) -> Message:
    """The handovers of one person, a page of them; a page that is not there is the last one."""
    if not rows:
        words = "No handover involves you right now."
        start = button("Start a handover", Act.MENU_START, style="primary")
        return Message(words, [section(words), *actions([start])])
    first = f"Your handovers: {len(rows)}"
    groups = folded(rows)
    pages = ceil(len(groups) / _ROWS)
    page = max(0, min(page, pages - 1))
    shown = groups[page * _ROWS : (page + 1) * _ROWS]
    where = f"Page {page + 1} of {pages}; /handover show ACCOUNT finds each" if pages > 1 else ""
    blocks: list[Block] = [
        header(first),
        *(group_block(group, names) for group in shown),
        *([context(where)] if where else []),
        *actions(
            [
                _page("Previous page", page - 1) if page else None,
                _page("Next page", page + 1) if page + 1 < pages else None,
            ]
        ),
    ]
    lines = [group_line(group, names).replace("\n", ", ").replace("*", "") for group in shown]
    text = "\n".join(piece for piece in (first, fitted(lines, _TEXT), where) if piece)
    return Message(text, blocks)


def _page(label: str, page: int) -> Element:
    return button(label, Act.LIST_PAGE.of(str(page)), Ref(v=str(page)))


def show_message(scene: Scene) -> Message | None:
    """One handover as the viewer may see it; none for whoever may not know of it."""
    handover, viewer = scene.handover, scene.viewer
    if not may_know(handover, viewer):
        return None
    if is_over(handover):
        return _over(scene)
    title = people.account(handover, scene.names, Surface.PLAIN)
    lines = notice.facts(scene)
    started = handover.stage is not Stage.DRAFT
    if started:
        lines += [plan.plan_line(scene), *sending.facts(scene)]
    leader = leads(handover, viewer) and started
    if leader:
        lines += [*notice.tellings(scene), notice.checks_line(scene)]
    if started:
        side = [*sessions.fact(scene), *ready.fact(scene), *lead.before_fact(scene)]
        lines += [*coverage.line(scene), *side]
    lines += [*mood.lines(scene), *check_in.lines(scene), *ending.lines(scene)]
    lines += pack.counts(scene)
    doing = [ready.ready_button(scene), sessions.log_button(scene), lead.switch_button(scene)]
    led = notice.leader_actions(scene) if leader else []
    blocks: list[Block] = [
        header(title),
        section("\n".join(f"*{label}:* {words}" for label, words in lines)),
        *_open_blocks(scene),
        *lead.history(scene),
        *changed.history(scene),
        *sessions.held(scene),
        *wording.told(scene),
        *standing.broken_links(scene),
        *_next_steps(scene),
        *group(
            "To read",
            actions(_ways(scene)) if started else [],
            pack.ask_action(scene),
            word.read_button(scene),
        ),
        *group("With the customer", actions(doing), mood.ways(scene)),
        *group("To decide", led, changed.ways(scene), ending.ways(scene)),
    ]
    return _told(scene, lines, blocks)


def _over(scene: Scene) -> Message:
    """One that is over: how it ended and what is left of it, to be read."""
    lines = [*notice.facts(scene), *ending.lines(scene), *following_up.lines(scene)]
    leader = leads(scene.handover, scene.viewer)
    lines += [notice.checks_line(scene)] if leader else []
    lines += [*coverage.line(scene), *mood.lines(scene), *check_in.lines(scene)]
    lines += pack.counts(scene)
    led = notice.leader_actions(scene) if leader else []
    blocks: list[Block] = [
        header(people.account(scene.handover, scene.names, Surface.PLAIN)),
        section("\n".join(f"*{label}:* {words}" for label, words in lines)),
        *_open_blocks(scene),
        *changed.history(scene),
        *group("To read", _brief(scene), pack.ask_action(scene), word.read_button(scene)),
        *group("To decide", led, changed.ways(scene), ending.ways(scene)),
    ]
    return _told(scene, lines, blocks)


def _open_blocks(scene: Scene) -> list[Block]:
    """What is open: first the reader's own, each with its button, then what others owe."""
    others = fitted(standing.others_lines(scene), _OPEN)
    rest = [section(f"*What is open*\n{others}")] if others else []
    return [*standing.own_blocks(scene), *rest]


def _told(scene: Scene, lines: Sequence[tuple[str, str]], blocks: list[Block]) -> Message:
    said = "; ".join(f"{label}: {words}" for label, words in lines)
    own = "; ".join(standing.own_lines(scene))
    others = fitted(standing.others_lines(scene), _OPEN)
    mine = f" For you: {own}." if own else ""
    still = f" What is open: {others}" if others else ""
    return Message(f"{scene.account}. {said}.{mine}{still}", blocks)


def _brief(scene: Scene) -> list[Block]:
    enough = answers_so_far(scene.handover) >= BRIEF_FROM
    return actions([button("Show the brief", Act.CARD_BRIEF, scene.ref()) if enough else None])


def _ways(scene: Scene) -> list[Element | None]:
    return [
        show_plan(scene),
        coverage.show_button(scene),
        letters.drafts_button(scene),
        sending.to_send_button(scene),
    ]


def show_plan(scene: Scene) -> Element:
    """Has the plan sent."""
    return button("Show the plan", Act.PLAN_SHOW, scene.ref())


def help_message(*, unknown: bool = False) -> Message:
    """How it goes and the commands, in plain words; `unknown` where a word meant nothing."""
    lines = [f"`{command}`: {words}" for command, words in _COMMANDS.items()]
    sorry = ["I don't know that word. This is what I can do:"] if unknown else []
    plain = "\n".join([*sorry, _HOW, *lines]).replace("`", "")
    first = "\n".join([*sorry, _HOW])
    menu = actions(button(label, act) for label, act in _menu_items() if act != Act.MENU_HELP)
    return Message(plain, [section(first), section("\n".join(lines)), *menu])


def menu_message(*, admin: bool = False, leader: bool = False) -> Message:
    """What a bare /handover answers; an admin also gets to the settings, a leader to books and to
    the report.
    """
    words = "What would you like to do?"
    items = _menu_items(admin=admin, leader=leader)
    labels = ", ".join(label for label, _action in items)
    menu = actions(button(label, action) for label, action in items)
    return Message(f"{words} {labels}.", [section(words), *menu])


def _menu_items(*, admin: bool = False, leader: bool = False) -> list[tuple[str, str]]:
    items: list[tuple[str, str]] = [
        ("Start a handover", Act.MENU_START),
        *([("Hand over a book", BookAct.BEGIN)] if leader else []),
        ("My handovers", Act.MENU_LIST),
        ("How it works", Act.MENU_HELP),
        ("Try with an example", Act.EXAMPLE_TRY),
    ]
    items += [("My report", Act.REPORT_SEND)] if leader else []
    return [*items, ("Settings", Act.MENU_SETTINGS)] if admin else items


def _next_steps(scene: Scene) -> list[Block]:
    """What the viewer can do from here, by what they are to the handover."""
    handover = scene.handover
    if handover.stage is Stage.DRAFT:
        return actions([button("Open the draft", Act.DRAFT_OPEN, scene.ref(), "primary")])
    waiting = handover.acceptance is Acceptance.WAITING
    if waiting and scene.viewer == handover.user(Role.INCOMING):
        return accept.accept_actions(scene)
    if roles_answered_by(handover, scene.viewer):
        return card.interview_actions(scene)
    return _brief(scene)
