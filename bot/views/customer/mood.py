"""How the customer seems: the tap of each CSM, what a leader does about red, and the silence."""

from bot.ids import Act
from bot.views import people
from bot.views.blocks import (
    Block,
    Choice,
    Element,
    Message,
    Style,
    actions,
    button,
    context,
    header,
    section,
    select,
)
from bot.views.dates import day
from bot.views.scene import Scene, quoted
from bot.views.slack_text import Surface
from flows.customer.moods import Check, Colour, Feeling, Signal
from flows.customer.sentiment import Round, check_of, rounds, silent_since
from flows.end.completing import is_over
from flows.handover import Stage
from flows.privacy import is_csm, leads, may_read_sensitive

FEELINGS = {
    Feeling.BETTER: "Better",
    Feeling.SAME: "Same",
    Feeling.WORSE: "Worse",
    Feeling.CANNOT_TELL: "Cannot tell",
}
SIGNALS = {
    Signal.SLOWER_REPLIES: "They answer more slowly",
    Signal.SPONSOR_ABSENT: "The sponsor stays away",
    Signal.ASKS_FOR_FORMER: "They ask for the former CSM",
    Signal.MEETING_CANCELLED: "A meeting was cancelled",
    Signal.REPEATS_THEMSELVES: "They have to repeat themselves",
    Signal.ESCALATION: "They went to somebody higher up",
    Signal.COMPETITOR: "They talk of prices or competitors",
}
COLOURS = {Colour.GREEN: "calm (green)", Colour.AMBER: "uneasy (amber)", Colour.RED: "alarm (red)"}
RHYTHMS = {
    1: "every day",
    3: "twice a week",
    7: "weekly",
    14: "every two weeks",
    30: "monthly",
    90: "every quarter",
}
_READERS = "The choice counts for all; your line is read by you and whoever leads."
_NOTE, _LAST = 1500, 5


def build(subject: str, scene: Scene) -> Message | None:
    """One round's question to one of the CSMs, with what they said so far; one tap is enough."""
    milestone = next((m for m in scene.playbook.plan if m.key == subject), None)
    if milestone is None or not is_csm(scene.handover, scene.viewer):
        return None
    account = people.account(scene.handover, scene.names, Surface.PLAIN)
    said = check_of(scene.handover, subject, scene.viewer)
    over = is_over(scene.handover)
    if over and said is None:
        words = f"{scene.account}: this handover is over, so this is not asked any more."
        return Message(words, [section(words)])
    question = f"How does {scene.account} seem about the change?"
    told = f"Thank you! You said: {_said(scene, said)}" if said else "One tap is enough."
    told = told.rstrip()
    blocks: list[Block] = [section(f"*{question}*\n{told}"), context(_READERS)]
    if not over:
        taps: list[Element | None] = [
            button(
                words,
                Act.MOOD_GIVE.of(feeling),
                scene.ref(r=subject, v=feeling),
                "primary" if said and said.feeling is feeling else "",
                about=f"how {account} seems",
            )
            for feeling, words in FEELINGS.items()
        ]
        more = button("Add signs and a line", Act.MOOD_MORE, scene.ref(r=subject))
        blocks += actions([*taps, more if said else None])
    return Message(f"{question} {told}", blocks)


def build_red(subject: str, scene: Scene) -> Message | None:
    """A red round, to whoever leads: who said what, and what is done about it."""
    if not leads(scene.handover, scene.viewer):
        return None
    each = next((each for each in rounds(scene.handover) if each.key == subject), None)
    if each is None:
        return None
    title = f"{people.account(scene.handover, scene.names, Surface.PLAIN)}: mood check"
    lines = [f"• {people.person(c.by, scene.names)}: {_said(scene, c)}" for c in each.checks]
    is_red = each.colour is Colour.RED
    first = f"{scene.account}: the mood of the customer is {COLOURS[each.colour]}."
    blocks: list[Block] = [header(title), section("\n".join([first, *lines]))]
    told = _done_about(scene, each)
    if told:
        blocks.append(section(told))
    elif is_red and not is_over(scene.handover):
        blocks.append(section("What do we do about it, and by when?"))
    if not is_over(scene.handover):
        blocks += actions(_ways(scene, each))
    said = " ".join([first, *lines, told]).replace("\n> ", " ").replace("*", "")
    return Message(said[:3800], blocks)


def build_silence(subject: str, scene: Scene) -> Message | None:
    """That nobody was in touch for too long; once somebody was, just that."""
    moods = scene.handover.moods
    silent = moods.alarmed_at and subject in ("", str(len(moods.touches)))
    if not silent or is_over(scene.handover):
        last = max((touch.on for touch in moods.touches), default=None)
        when = f" Last on {day(last)}." if last else ""
        words = f"{scene.account}: the silence is over.{when} Thank you!"
        return Message(words, [section(words)])
    since = silent_since(scene.handover)
    when = f" since {day(since.astimezone(scene.now.tzinfo).date())}" if since else ""
    words = (
        f"{scene.account}: nobody has noted being in touch with the customer{when}; "
        f"usually it is {rhythm(moods.rhythm)}. Lead now: {scene.lead.split(': ', 1)[1]}."
    )
    return Message(words, [section(words), *actions([_touch(scene, "primary")])])


def lines(scene: Scene) -> list[tuple[str, str]]:
    """The trend, and a silence that lasts, as label and words: no more than what tasks tell."""
    handover = scene.handover
    found = [COLOURS[each.colour] for each in rounds(handover)]
    trend = ", then ".join(found[-_LAST:])
    known = [("Customer's mood", trend)] if trend else []
    if handover.moods.alarmed_at and not is_over(handover):
        known.append(("In touch", "too long ago"))
    return known


def ways(scene: Scene) -> list[Block]:
    """The rhythm and that somebody was in touch, for those who work on a handover under way."""
    handover = scene.handover
    if handover.stage is not Stage.IN_FLIGHT or not may_read_sensitive(handover, scene.viewer):
        return []
    usual = handover.moods.rhythm
    choices = [
        Choice(scene.ref(v=str(days)).dump(), f"Usually in touch: {words}")
        for days, words in RHYTHMS.items()
    ]
    known = scene.ref(v=str(usual)).dump() if usual else ""
    picker = select(choices, known, "How often are you in touch?", Act.RHYTHM_SET)
    return actions([picker, _touch(scene)])


def rhythm(days: int | None) -> str:
    """How often people are usually in touch, in words."""
    return RHYTHMS.get(days or 0, f"every {days} days")


def _touch(scene: Scene, style: Style = "") -> Element | None:
    if not may_read_sensitive(scene.handover, scene.viewer):
        return None
    return button("We were in touch", Act.TOUCH_OPEN, scene.ref(), style)


def _said(scene: Scene, check: Check) -> str:
    """What somebody noticed; their line only where the reader may read it."""
    signs = [SIGNALS[signal].lower() for signal in check.signals]
    words = FEELINGS[check.feeling] + (f"; {people.listed(signs)}" if signs else "")
    return f"{words}\n{quoted(scene.typed(check.note, _NOTE))}\n" if check.note else words


def _done_about(scene: Scene, each: Round) -> str:
    action = each.action
    if action is None:
        return ""
    what, who = scene.typed(action.what, _NOTE), people.person(action.by, scene.names)
    when = f"by {day(action.due)}"
    if action.done_at:
        when = f"done on {day(action.done_at.astimezone(scene.now.tzinfo).date())}"
    return f"*What we do* ({who}, {when}):\n{quoted(what)}"


def _ways(scene: Scene, each: Round) -> list[Element | None]:
    ref, action = scene.ref(r=each.key), each.action
    waits = action is not None and action.done_at is None
    plan = each.colour is Colour.RED or action is not None
    return [
        button("What we do", Act.RED_ACT, ref, "" if action else "primary") if plan else None,
        button("Done", Act.RED_DONE, ref, "primary") if waits else None,
    ]
