"""Who leads: the announcement, who led when, and what comes before the switch."""

from datetime import date
from itertools import pairwise

from bot.ids import Act, Field, Form
from bot.views import people
from bot.views.blocks import (
    Block,
    Element,
    Message,
    button,
    context,
    field,
    fitted,
    modal,
    section,
    text_input,
)
from bot.views.dates import day
from bot.views.scene import Scene
from bot.views.slack_text import Surface, from_form
from bot.views.state import Values, typed
from bot.views.words import counted
from flows.frozen import Moment
from flows.handover import Acceptance, Stage
from flows.happened import CLOCK
from flows.privacy import leads, may_read_sensitive, told_user
from flows.side_by_side.lead import has_switched, lead_now
from flows.side_by_side.leading import Span
from flows.side_by_side.overlap import Before, Hurdle, before_switch
from flows.terms import DateIs, Role

_HISTORY, _WHY = 1500, 600
_BOTH = 2
_SAYS_SO = "The brief and the copy for the customer say so from now on."
_BEFORE = {
    Before.NOT_ACCEPTED: "have the pack accepted",
    Before.NOT_APPROVED: "approve message and plan",
    Before.TEACH_BACK: "finish the teach-back",
    Before.READINESS: "say how ready they are",
    Before.NOT_READY: "decide, as {incoming} does not feel ready yet",
    Before.SHADOW: "hold shadow sessions ({done} of {of})",
    Before.REVERSE: "hold reverse sessions ({done} of {of})",
}


def build(subject: str, scene: Scene) -> Message | None:
    """The announcement of one change of the lead; a later one is told in its place."""
    spans, number = scene.handover.leading.spans, int(subject) if subject.isdecimal() else 0
    if not 1 < number <= len(spans):
        return None
    before, span = spans[number - 2], spans[number - 1]
    since = day(_local(scene, span.since))
    if number < len(spans):
        words = f"{scene.account}: {_name(scene, span)} led from {since}. {scene.lead}."
        return Message(words, [section(words)])
    said = f"{scene.lead} · since {since} · before: {_name(scene, before)}"
    notes = [words for words in (_why(scene, span, before), _to_reader(scene, before)) if words]
    head = f"{scene.account}\n*{said}*"
    blocks = [section(head), context(*notes, _SAYS_SO)]
    return Message(" ".join([f"{scene.account}: {said}.", *notes, _SAYS_SO]), blocks)


def history(scene: Scene) -> list[Block]:
    """Who led when, newest last; nothing while it was one person all the time."""
    spans = scene.handover.leading.spans
    if len(spans) < _BOTH:
        return []
    lines = []
    for span, following in pairwise(spans):
        first, last = _local(scene, span.since), _local(scene, following.since)
        lines.append(f"• {_name(scene, span)}: {day(first)} to {day(last)}")
    lines.append(f"• {_name(scene, spans[-1])}: since {day(_local(scene, spans[-1].since))}")
    return [section(f"*Who led when*\n{fitted(lines, _HISTORY)}")]


def on_the_way(scene: Scene) -> bool:
    """Whether the reader works towards the switch: somebody takes over and does not lead yet."""
    handover = scene.handover
    taken = handover.acceptance is Acceptance.ACCEPTED and told_user(handover, Role.INCOMING)
    under_way = handover.stage is Stage.IN_FLIGHT and not has_switched(handover)
    return bool(taken) and under_way and may_read_sensitive(handover, scene.viewer)


def deciders(scene: Scene) -> tuple[str, ...]:
    """Whoever leads the handover, and so reads what is said on the way to the switch."""
    users = (scene.handover.leader, scene.handover.backup)
    return tuple(dict.fromkeys(u for u in users if u and leads(scene.handover, u)))


def switch_button(scene: Scene) -> Element | None:
    """Opens the switch, or what comes before it."""
    if not on_the_way(scene):
        return None
    is_open = bool(before_switch(scene.handover, scene.playbook))
    return button("Switch lead", Act.SWITCH_OPEN, scene.ref(), "" if is_open else "primary")


def switch_form(scene: Scene) -> Block:
    """The switch to be confirmed; while things are open, they, and a leader's way past them."""
    hurdles = before_switch(scene.handover, scene.playbook)
    if not hurdles:
        blocks = [
            section(_switches(scene)),
            context("Everybody on the handover is told.", _SAYS_SO),
        ]
        return modal(Form.SWITCH, "Switch lead", blocks, submit="Switch lead", carried=scene.ref())
    first = section(f"*Before the switch: {before_words(scene, hurdles)}*\n{_by_owner(scene)}")
    if not leads(scene.handover, scene.viewer):
        leader = people.person(scene.handover.leader, scene.names)
        after = context(f"{leader} can have it switched all the same, and says why.")
        return modal(Form.SWITCH, "Switch lead", [first, after], close="Close")
    why = field(
        Field.TEXT,
        "Switch all the same, because …",
        text_input(multiline=True, most=1000),
        hint="Everybody on the handover is told, and reads this.",
    )
    return modal(
        Form.SWITCH, "Switch lead", [first, why], submit="Switch lead", carried=scene.ref()
    )


def read_switch(values: Values) -> str:
    """A leader's reason, in its stored form; empty where none was asked."""
    return from_form(typed(values, Field.TEXT))


def before_words(scene: Scene, hurdles: tuple[Hurdle, ...]) -> str:
    """How much is open before the switch, and with whom: "2 things, both with Olga"."""
    owners = dict.fromkeys(hurdle.owner for hurdle in hurdles)
    count = counted(len(hurdles), "thing")
    if len(owners) == 1:
        together = {1: "", _BOTH: "both "}.get(len(hurdles), "all ")
        return f"{count}, {together}with {scene.name(hurdles[0].owner)}"
    shares = [
        f"{sum(hurdle.owner == owner for hurdle in hurdles)} with {scene.name(owner)}"
        for owner in owners
    ]
    return f"{count}, {people.listed(shares)}"


def before_fact(scene: Scene) -> list[tuple[str, str]]:
    """What is open before the switch, as label and words, once the pack is taken over."""
    if not (on_the_way(scene) and scene.handover.reading.accepted_at):
        return []
    hurdles = before_switch(scene.handover, scene.playbook)
    words = before_words(scene, hurdles) if hurdles else "nothing is open; the lead can switch"
    return [("Before the switch", words)]


def _by_owner(scene: Scene) -> str:
    """What each of them sees to, a line for everybody."""
    hurdles = before_switch(scene.handover, scene.playbook)
    lines = []
    for owner in dict.fromkeys(hurdle.owner for hurdle in hurdles):
        todo = [_hurdle(scene, hurdle) for hurdle in hurdles if hurdle.owner == owner]
        name = scene.name(owner)
        lines.append(f"• *{name[:1].upper()}{name[1:]}:* {people.listed(todo)}")
    return "\n".join(lines)


def _hurdle(scene: Scene, hurdle: Hurdle) -> str:
    if hurdle.what is Before.READINESS and hurdle.owner == scene.viewer:
        return "say how ready you are"
    facts = {"done": hurdle.done, "of": hurdle.of, "incoming": scene.incoming}
    return _BEFORE[hurdle.what].format_map(facts)


def _switches(scene: Scene) -> str:
    lead, incoming = lead_now(scene.handover)[0], told_user(scene.handover, Role.INCOMING)
    if lead == incoming:
        return f"{scene.incoming} leads {scene.account} already; this step is done then."
    name = people.lead_name(scene.handover, lead, scene.names, Surface.MRKDWN)
    return f"*{scene.incoming} leads {scene.account} from now on.* Until now it is {name}."


def _why(scene: Scene, span: Span, before: Span) -> str:
    """How it came to it."""
    leading = scene.handover.leading
    if span.by == CLOCK and leading.passed_at == span.since:
        day_is = scene.handover.day_is
        it_was = "the last working day" if day_is is DateIs.LAST_DAY else "the day of the handover"
        return f"It was {it_was} of {_name(scene, before)}: the lead passed on at noon."
    if span.by == CLOCK:
        return f"{_name(scene, before)} is not here any more."
    why = leading.why if leading.said_by == span.by else ""
    reason = f": {scene.typed(' '.join(why.split()), _WHY)}" if why else "."
    return f"Switched by {scene.name(span.by)}{reason}"


def _to_reader(scene: Scene, before: Span) -> str:
    if lead_now(scene.handover)[0] == scene.viewer:
        return f"What comes from {scene.account} is yours from now on."
    if before.who == scene.viewer:
        return f"Thank you for leading {scene.account} until now!"
    return ""


def _name(scene: Scene, span: Span) -> str:
    return people.lead_name(scene.handover, span.who, scene.names, Surface.MRKDWN)


def _local(scene: Scene, at: Moment) -> date:
    return at.astimezone(scene.now.tzinfo).date()
