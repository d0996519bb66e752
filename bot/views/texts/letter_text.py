"""A customer's text as people read and type it: days and names where it has slots, and back.

Texts are kept as Slack sends them, with slots (`flows.letters`); so is what stands in a slot.
"""

from bot.views import people
from bot.views.dates import day
from bot.views.scene import Scene
from bot.views.slack_text import Surface, escaped, from_form, to_form
from flows.schedule.numbering import plan_days
from flows.texts.letter_facts import own_days
from flows.texts.letters import filled, slots_in, slotted

CUSTOMER = "[name]"
"""What stands for the customer's name until somebody writes to them."""
_NO_DAY = "[date]"


def filled_in(scene: Scene, text: str, customer: str = "") -> str:
    """A stored text with what its slots mean now, in the stored form; so is the customer's name."""
    known = _values(scene, text) | ({"customer": customer} if customer else {})
    return filled(text, lambda key: known[key])


def to_edit(scene: Scene, text: str) -> str:
    """A stored text as it stands in a modal's field."""
    return to_form(filled_in(scene, text), scene.names)


def read_edit(scene: Scene, typed: str, before: str) -> str:
    """What was typed over a text, in the stored form: days and names are slots again.

    What was left as it stood is the very same text as before.
    """
    if typed == to_edit(scene, before).strip():
        return before
    return slotted(from_form(typed), _values(scene, before), before)


def _values(scene: Scene, text: str) -> dict[str, str]:
    """What each slot means now: those of the plan, and whatever else this text has."""
    handover, playbook = scene.handover, scene.playbook
    days = plan_days(handover, playbook) | own_days(handover, playbook)
    leader = people.person(handover.leader, scene.names, Surface.PLAIN)
    unknown = dict.fromkeys(slots_in(text), _NO_DAY)
    named = {"leader": escaped(leader), "customer": CUSTOMER}
    return unknown | {key: day(when) for key, when in days.items()} | named
