"""Where a sitting goes on: the buttons of the next account, and what waits there."""

from bot.books.ids import BookAct
from bot.ids import Ref
from bot.views import people
from bot.views.blocks import Element, button, cut
from bot.views.books.scene import BookScene
from bot.views.slack_text import Surface, render
from bot.views.words import VERDICTS, counted, given
from flows.books.sitting import Account
from flows.handover import Known, Verdict
from flows.knowledge.interview import put_to
from flows.known.prefills import in_lines, prefill_of
from flows.playbook import Question

_SHOWN = 10
_ANSWER = 150


def waiting(one: Account, user: str) -> list[Question]:
    """Somebody's questions of an account for which something waits to be confirmed."""
    path = put_to(one.handover, one.playbook, user)
    return [question for question in path if prefill_of(one.handover, question)]


def known_lines(one: Account, scene: BookScene) -> list[str]:
    """What would be confirmed, a line each, so that nobody confirms what they have not read."""
    asked = waiting(one, scene.viewer)
    lines = []
    for question in asked[:_SHOWN]:
        prefill = prefill_of(one.handover, question)
        told = _told(prefill.known, question, scene) if prefill else ""
        lines.append(f"• {render(question.text, Surface.MRKDWN, scene.names, 100)} {told}")
    if len(asked) > _SHOWN:
        lines.append(f"and {len(asked) - _SHOWN} more, which stand under their questions")
    return lines


def _told(known: Known, question: Question, scene: BookScene) -> str:
    if known.verdict is not Verdict.GIVEN:
        return f"*{VERDICTS[known.verdict]}*"
    told = [
        given(part, known.given[part.key], scene.names, Surface.MRKDWN)
        for part in question.parts
        if part.key in known.given
    ]
    if text := in_lines(known).replace("\n", "; "):
        told.append(render(text, Surface.MRKDWN, scene.names, _ANSWER))
    return f"*{'; '.join(told)}*" if told else "*a file*"


def go_on(one: Account, scene: BookScene) -> list[Element | None]:
    """Go on with an account, at once with what is known of it, or as forms."""
    name, ref = people.account(one.handover, scene.names, Surface.PLAIN), Ref(h=one.handover.id)
    known = len(waiting(one, scene.viewer))
    return [
        button(f"Continue with {name}", BookAct.GO_ON, ref, "primary"),
        confirm_all(known, name, ref),
        button("Fill it in as forms", BookAct.FORMS, ref, about=name),
    ]


def confirm_all(known: int, name: str, ref: Ref) -> Element | None:
    """One act for everything that is known of an account already."""
    if not known:
        return None
    what = f"Confirm {counted(known, 'known answer')}"
    return button(cut(f"{what} of {name}", 75), BookAct.CONFIRM, ref, about=name)
