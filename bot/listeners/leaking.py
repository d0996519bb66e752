"""A text for a customer that says too much: told in its modal, where a leader may let it stand."""

from collections.abc import Callable, Sequence
from typing import Any

from bot.ids import Field
from bot.listeners.starting import Answer, refused
from bot.payloads import Submission
from bot.views.scene import Scene
from bot.views.texts.leaks import leak_words
from flows.errors import FlowError
from flows.privacy import leads
from flows.texts.leaks import Leak, LeakError


def leaking(
    error: LeakError,
    submission: Submission,
    scene: Scene,
    again: Callable[[Sequence[Leak]], dict[str, Any]],
) -> Answer:
    """What is wrong, at the field; to a leader who may let it stand, the modal `again` that asks
    why, with all that was typed.
    """
    in_text = error.field == Field.TEXT
    if in_text and error.overridable and leads(scene.handover, submission.user):
        return {"response_action": "update", "view": again(error.leaks)}
    code = ("leak" if error.overridable else "leak_for_good") if in_text else "leak_in_why"
    found = leak_words(error.leaks, scene.names)
    return refused(FlowError(code, field=error.field), submission, found=found)
