"""The card on top of an interview's thread: what it is, how far it is, what comes next."""

from math import ceil

from bot.ids import Act
from bot.views import notice, people, readers
from bot.views.blocks import Block, Element, Message, actions, button, context, header, section
from bot.views.end import ending
from bot.views.known import prefill
from bot.views.scene import Scene
from bot.views.schedule.away import away_button, away_line
from bot.views.schedule.plan import short_notice
from bot.views.slack_text import Surface
from bot.views.texts import letters
from bot.views.words import counted
from flows.end.completing import is_over
from flows.knowledge.interview import (
    BRIEF_FROM,
    answers_so_far,
    next_question,
    respondents,
    still_offered,
    whole_path,
)
from flows.known.unsorted import placeless
from flows.privacy import is_source, leads
from flows.terms import Role

_STEP = 5
_LONG = 60


def build(_subject: str, scene: Scene) -> Message | None:
    """The card of whoever answers for the outgoing side."""
    if scene.viewer not in respondents(scene.handover, Role.OUTGOING):
        return None
    if is_source(scene.handover, scene.viewer):
        return _of_source(scene)
    title = f"Knowledge pack: {people.account(scene.handover, scene.names, Surface.PLAIN)}"
    if is_over(scene.handover):
        words = f"{title}. {ending.over(scene)}"
        return Message(words, [header(title), section(ending.over(scene))])
    lines = (short_notice(scene), whats_next(scene), prefilled_line(scene), brief_hint(scene))
    first, rest = opening(scene), [line for line in lines if line]
    blocks: list[Block] = [
        header(title),
        section("\n".join([first, *rest])),
        context(readers.everybody(scene), unsorted(scene), also_asked(scene)),
        context(scene.lead, away_line(scene), people.kept_quiet(scene.handover, scene.names)),
        *_earlier(scene),
        *interview_actions(scene, letters.drafts_button(scene)),
    ]
    if leads(scene.handover, scene.viewer):
        blocks += notice.leader_actions(scene)
    else:
        blocks += actions([away_button(scene)])
    said = [
        f"Knowledge pack: {scene.account}.",
        first,
        *rest,
        readers.everybody(scene),
        f"{scene.lead}.",
    ]
    return Message(" ".join(said), blocks)


def _of_source(scene: Scene) -> Message:
    """What somebody reads who only helps with what they know: the account's name and who asks."""
    title = f"Questions about {people.account(scene.handover, scene.names, Surface.PLAIN)}"
    asks = scene.name(scene.handover.leader)
    words = (
        f"{asks} asks for your help: would you tell what you know about {scene.account}? "
        "Answer what you can, “I don't know” is fine, and stop any time. "
        "Whoever takes the account over reads it, and whoever leads it."
    )
    ref, more = scene.ref(), bool(scene.interview.current or scene.interview.resting)
    buttons = [
        button("Continue", Act.CARD_CONTINUE, ref, "primary") if more else None,
        button("Paste what you have", Act.CARD_PASTE, ref),
        button("File what is unsorted", Act.UNSORTED_OPEN, ref)
        if placeless(scene.handover)
        else None,
    ]
    return Message(f"{title}. {words}", [header(title), section(words), *actions(buttons)])


def also_asked(scene: Scene) -> str:
    """For the leader: who was named to help out."""
    source = scene.handover.user(Role.SOURCE)
    if not (source and leads(scene.handover, scene.viewer)):
        return ""
    return f"{scene.name(source)} is asked as well."


def opening(scene: Scene) -> str:
    """Thanks and the honest time before the first answer, progress afterwards."""
    done = scene.progress
    counts = f"{done.answered} of {done.required} required answered"
    if done.complete:
        return f"{counts}. That is everything {scene.successor} needs to start. Thank you!"
    if not answers_so_far(scene.handover):
        return (
            f"Thank you for passing on what you know about {scene.account}. "
            f"It takes {about(done.minutes_left)}, stop any time: everything is kept.\n{counts}."
        )
    return f"{counts}, {about(done.minutes_left)} to go. Stop any time: everything is kept."


def about(minutes: int) -> str:
    """Minutes as an honest guess: "about 40 minutes", "about 2 hours"."""
    if minutes < _STEP:
        return "a few minutes"
    if minutes > _LONG:
        hours, half = divmod(ceil((minutes - _STEP) / 30), 2)
        if hours == 1:
            return "about an hour and a half" if half else "about an hour"
        return f"about {hours} and a half hours" if half else f"about {hours} hours"
    return f"about {round(minutes / _STEP) * _STEP} minutes"


def whats_next(scene: Scene) -> str:
    """Where the next question stands among all, and in which section."""
    following = next_question(scene.handover, scene.playbook, scene.viewer)
    if following is None:
        return ""
    order = [question.id for question in whole_path(scene.handover, scene.playbook, scene.viewer)]
    place = order.index(following.id) + 1
    return f"Next: {scene.typed(following.section)}, question {place} of {len(order)}."


def brief_hint(scene: Scene) -> str:
    """From the fifth answer on there is a brief; until all is answered it is unfinished."""
    if answers_so_far(scene.handover) < BRIEF_FROM or scene.progress.complete:
        return ""
    return "There is a brief already; it says that it is unfinished."


def unsorted(scene: Scene) -> str:
    """What was pasted and belongs to no question yet."""
    count = len(placeless(scene.handover))
    return f"Unsorted: {counted(count, 'piece')}, kept at the end of the brief." if count else ""


def prefilled_line(scene: Scene) -> str:
    """How much waits to be confirmed."""
    count = len(prefill.waiting(scene))
    if not count:
        return ""
    verb = "is" if count == 1 else "are"
    return f"{counted(count, 'answer')} {verb} prefilled: please confirm as the questions come."


def _earlier(scene: Scene) -> list[Block]:
    """An earlier handover of the account that the reader knows of, to be used again."""
    earlier = scene.earlier
    if earlier is None:
        return []
    words = (
        f"There is an earlier handover of {scene.account}, from {earlier.created_at:%B %Y}. "
        "Its answers can be prefilled here; you confirm each."
    )
    use = button("Use its answers", Act.EARLIER_USE, scene.ref(v=earlier.id))
    return [section(words, use)]


def interview_actions(scene: Scene, drafts: Element | None = None) -> list[Block]:
    """What a person can do with their questions and what came of them; nothing for whoever has
    none.
    """
    handover, ref = scene.handover, scene.ref()
    following = next_question(handover, scene.playbook, scene.viewer)
    offered = still_offered(handover, scene.playbook, scene.viewer)
    found: list[Element | None] = [button("Paste what you have", Act.CARD_PASTE, ref)]
    if following:
        in_section = scene.ref(v=following.section)
        found += [
            button("Continue", Act.CARD_CONTINUE, ref, "primary"),
            button("Fill this section as a form", Act.CARD_SECTION, in_section),
        ]
    if answers_so_far(handover) >= BRIEF_FROM:
        found.append(button("Show the brief", Act.CARD_BRIEF, ref))
        found.append(drafts)
    if placeless(handover):
        found.append(button("File what is unsorted", Act.UNSORTED_OPEN, ref))
    if offered and not following:
        found.append(button("Anything else?", Act.CLOSING_OPEN, ref))
    return actions(found)
