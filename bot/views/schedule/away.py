"""Days away: the button, the modal in which they are written, and what everybody reads of them."""

from bot.ids import Act, Field, Form
from bot.views import people
from bot.views.blocks import Block, Element, button, context, field, modal, text_input
from bot.views.dates import span
from bot.views.scene import Scene
from bot.views.slack_text import from_form
from bot.views.state import Values, typed
from flows.privacy import everybody

_MOST = 1000
_EXAMPLE = "12–14 March"


def away_button(scene: Scene) -> Element:
    """Opens the modal."""
    return button("Days away", Act.AWAY_OPEN, scene.ref())


def away_line(scene: Scene) -> str:
    """When the reader is away; empty while they are not."""
    days = _to_come(scene, scene.viewer)
    return f"You are away {people.listed(days)}: the plan avoids it." if days else ""


def who_is_away(scene: Scene) -> str:
    """When anybody on the handover is away; empty while nobody is."""
    told = sorted(everybody(scene.handover) & scene.handover.schedule.away.keys())
    found = [(scene.name(user), _to_come(scene, user)) for user in told]
    lines = [f"{name} {people.listed(days)}" for name, days in found if days]
    return f"Away: {'; '.join(lines)}" if lines else ""


def away_form(scene: Scene) -> Block:
    """The days as they are known, to be added to or taken out."""
    known = "\n".join(_to_come(scene, scene.viewer))
    days = text_input(known, multiline=True, most=_MOST, placeholder=_EXAMPLE)
    hint = "One line each, like 12–14 March or 5 Dec. Take a line out to remove it."
    blocks: list[Block] = [
        field(Field.DAYS, "When are you away?", days, hint=hint, optional=True),
        context("Until the handover is complete; the plan avoids these days. No reason needed."),
    ]
    return modal(Form.AWAY, "Days away", blocks, submit="Save", carried=scene.ref())


def read_away(values: Values) -> str:
    """What was typed."""
    return from_form(typed(values, Field.DAYS))


def _to_come(scene: Scene, user: str) -> list[str]:
    today = scene.now.date()
    absences = scene.handover.schedule.away.get(user, ())
    return [span(one.first, one.last) for one in absences if one.last >= today]
