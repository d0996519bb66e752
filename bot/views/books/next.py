"""One account of a book is through: the next one is offered, in the same thread."""

from bot.books.ids import BookAct
from bot.views import people
from bot.views.blocks import Block, Message, actions, button, fitted, section
from bot.views.books.scene import BookScene
from bot.views.books.turns import go_on, known_lines
from bot.views.slack_text import Surface
from bot.views.words import counted
from flows.books.sitting import asked_of, following, is_open

_KNOWN = 2600


def build(subject: str, scene: BookScene) -> Message | None:
    """Which account is done (`subject`) and which comes next; a last word after the last.

    What was gone on from, and what is not the newest of its kind, is a thank-you.
    """
    done = next((h for h in scene.handovers if h.id == subject), None)
    if done is None:
        return None
    own = asked_of(scene.accounts, scene.viewer)
    open_ones = [one for one in own if is_open(one, scene.viewer)]
    thanks = f"{people.account(done, scene.names)} is complete. Thank you!"
    known = (one.handover.interviews.get(scene.viewer) for one in open_ones)
    begun = any(interview and interview.current for interview in known)
    if open_ones and (begun or scene.gone_on):
        return Message(thanks, [section(thanks)])
    first = following(own, scene.viewer)
    if first is None:
        words = f"{thanks} That was the last account of your book."
        return Message(words, [section(words)])
    name = people.account(first.handover, scene.names, Surface.PLAIN)
    words = f"{thanks} {counted(len(open_ones), 'account')} to go."
    blocks: list[Block] = [section(words)]
    if lines := known_lines(first, scene):
        blocks.append(section(fitted([f"*Known already of {name}:*", *lines], _KNOWN)))
    stop = button("Stop for today", BookAct.STOP, scene.ref())
    blocks += actions([*go_on(first, scene), stop])
    return Message(f"{words} Next: {name}.", blocks)
