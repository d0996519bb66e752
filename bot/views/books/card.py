"""The card on top of the one thread in which somebody hands over many accounts."""

from collections.abc import Sequence

from bot.books.ids import BookAct
from bot.ids import Ref
from bot.views import people
from bot.views.blocks import (
    Block,
    Choice,
    Element,
    Message,
    actions,
    button,
    context,
    fitted,
    header,
    section,
    select,
)
from bot.views.books import sending as book_sending
from bot.views.books.scene import BookScene
from bot.views.books.turns import go_on, known_lines, waiting
from bot.views.dates import iso_day
from bot.views.slack_text import Surface
from bot.views.words import counted
from flows.books.once import asked_once
from flows.books.sitting import (
    Account,
    Time,
    asked_of,
    following,
    health,
    is_leaving,
    is_open,
    time_of,
    to_leave_out,
)
from flows.knowledge.interview import progress, roles_answered_by
from flows.terms import Role

_TEXT, _LINES, _KNOWN = 3700, 2400, 2600
_NAMED, _MENU = 5, 25
_HEALTH = {"red": "in danger", "amber": "needs care"}


def build(_subject: str, scene: BookScene) -> Message | None:
    """How far each account is, and the next one; nothing for whoever answers for none of them."""
    own = asked_of(scene.accounts, scene.viewer)
    if not own:
        return None
    left = [one for one in own if is_open(one, scene.viewer)]
    title = f"Your book: {counted(len(own), 'account')}"
    time = time_of(own, scene.viewer, scene.hours_a_day, scene.now.date())
    first = _far(own, left, time)
    following_one = following(own, scene.viewer)
    lines = [_line(one, scene) for one in left]
    blocks: list[Block] = [header(title), section(first), *_too_much(own, time, scene)]
    if following_one:
        known = known_lines(following_one, scene)
        if known:
            blocks.append(section(fitted(["*Known already of the next one:*", *known], _KNOWN)))
        blocks += actions(go_on(following_one, scene))
        blocks.append(section(fitted(["*In this order:*", *lines], _LINES)))
        blocks += _another(left, following_one, scene)
    blocks += actions(_for_all(own, left, time, scene))
    blocks += book_sending.blocks(scene)
    if len(left) < len(own):
        done = counted(len(own) - len(left), "account")
        blocks.append(context(f"{done} complete. Thank you!"))
    return Message(fitted([f"{title}.", first, *lines], _TEXT), blocks)


def _far(own: Sequence[Account], left: Sequence[Account], time: Time | None) -> str:
    """How far it is, and whether the time is enough."""
    done = f"{len(own) - len(left)} of {len(own)} accounts complete."
    if not left:
        return f"{done} That was everything. Thank you!"
    if time is None:
        return f"{done} Stop any time: everything is kept."
    until = "your last day" if is_leaving(own) else "the switch"
    needed, have = hours(time.needed), hours(time.left)
    return f"{done} *{needed} needed, {have} left before {until}.* Stop any time: all is kept."


def hours(count: float) -> str:
    """Hours as an honest guess, by halves and never nothing of something: "9.5 hours"."""
    halves = max(round(count * 2), 1 if count else 0) / 2
    return "1 hour" if halves == 1 else f"{halves:g} hours"


def _too_much(own: Sequence[Account], time: Time | None, scene: BookScene) -> list[Block]:
    """What can be left out where the time is not enough."""
    less = to_leave_out(own, scene.viewer, time)
    if not less:
        return []
    names = [people.account(one.handover, scene.names) for one in less[:_NAMED]]
    if len(less) > _NAMED:
        names.append(f"{len(less) - _NAMED} more")
    words = (
        f"That does not fit. Of {counted(len(less), 'account')} at the end of the order, only the "
        f"essentials could be asked, at most 8 questions each: {', '.join(names)}."
    )
    label = f"Ask only the essentials for {counted(len(less), 'account')}"
    return [
        section(words),
        *actions([button(label, BookAct.LESS, scene.ref(v=str(len(less))))]),
    ]


def _line(one: Account, scene: BookScene) -> str:
    """One account in the order: how far it is, and why it stands where it does."""
    handover = one.handover
    parts = [progress(handover, one.playbook, r) for r in roles_answered_by(handover, scene.viewer)]
    done, required = sum(p.answered for p in parts), sum(p.required for p in parts)
    known = len(waiting(one, scene.viewer))
    told = [
        f"{done} of {required} answered",
        f"{known} to confirm" if known else "",
        _HEALTH.get(health(one), ""),
        f"renewal {iso_day(handover.renewal.isoformat())}" if handover.renewal else "",
        "essentials only" if handover.asked_less else "",
    ]
    account = people.account(handover, scene.names)
    return f"{account}: {', '.join(piece for piece in told if piece)}"


def _another(left: Sequence[Account], first: Account, scene: BookScene) -> list[Block]:
    """Another account than the proposed one; a menu holds some, a modal all of them."""
    others = [one for one in left if one is not first]
    if not others:
        return []
    if len(others) > _MENU:
        return actions([button("Choose another account", BookAct.CHOOSE, scene.ref())])
    choices = [choice(one, scene) for one in others]
    return actions([select(choices, placeholder="Another account", action=BookAct.GO_ON)])


def choice(one: Account, scene: BookScene) -> Choice:
    """An account in a menu."""
    name = people.account(one.handover, scene.names, Surface.PLAIN)
    return Choice(Ref(h=one.handover.id).dump(), name)


def _for_all(
    own: Sequence[Account], left: Sequence[Account], time: Time | None, scene: BookScene
) -> list[Element | None]:
    """What is done for all accounts at once."""
    ref, stays = scene.ref(), any(one.handover.asked_less for one in own)
    mine = [one for one in own if one.handover.user(Role.OUTGOING) == scene.viewer]
    return [
        button("Once for all accounts", BookAct.ONCE, ref) if asked_once(mine) else None,
        button("Paste for all accounts", BookAct.NOTES, ref) if left else None,
        button("Say how many hours you have", BookAct.HOURS, ref) if left and time else None,
        button("Ask everything again", BookAct.MORE, ref) if stays else None,
    ]
