"""One account of a book is through: the next one is offered, in the same thread."""

from bot.ids import Act, Ref
from bot.views import people
from bot.views.blocks import Message, actions, button, section
from bot.views.book_scene import BookScene
from bot.views.slack_text import Surface
from flows.interview import next_question


def build(subject: str, scene: BookScene) -> Message | None:
    """Which account is done (`subject`) and which comes next; a last word after the last."""
    done = next((h for h in scene.handovers if h.id == subject), None)
    if done is None:
        return None
    words = f"{people.account(done, scene.names)} is complete. Thank you!"
    following = next(
        (
            row.handover
            for row in scene.rows
            if next_question(row.handover, row.playbook, scene.viewer)
        ),
        None,
    )
    if following is None:
        words = f"{words} That was the last account of your book."
        return Message(words, [section(words)])
    name = people.account(following, scene.names, Surface.PLAIN)
    go_on = button(f"Continue with {name}", Act.CARD_CONTINUE, Ref(h=following.id), "primary")
    return Message(f"{words} Next: {name}.", [section(words), *actions([go_on])])
