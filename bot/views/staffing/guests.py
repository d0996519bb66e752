"""Guests of the workspace whom a leader admits: the modal that says who, and what they are told."""

from bot.ids import Act, Field, Form
from bot.views import people
from bot.views.blocks import (
    Block,
    Element,
    Message,
    button,
    context,
    field,
    modal,
    section,
    users_select,
)
from bot.views.scene import Scene
from bot.views.state import Values, picked_users

_MAY = (
    "They may be asked for single answers, and read that question, the account's name, who asks, "
    "and their own words; nothing else. Whoever you take out has no part any more at once, and "
    "what they still owe comes to you."
)


def guests_form(scene: Scene) -> Block:
    """Who is admitted; whoever is taken out of the field is not any more."""
    admitted = [guest.user for guest in scene.handover.guests.admitted]
    blocks: list[Block] = [
        field(
            Field.GUESTS,
            "Guests who may answer here",
            users_select(admitted),
            hint="Guests of this workspace, for example a partner who knows the account.",
            optional=True,
        ),
        context(_MAY),
    ]
    return modal(Form.GUESTS, "Admit guests", blocks, submit="Save", carried=scene.ref())


def read_guests(values: Values) -> tuple[str, ...]:
    """Everybody picked, by Slack id."""
    return picked_users(values, Field.GUESTS)


def guests_button(scene: Scene) -> Element:
    """Opens the modal."""
    return button("Admit guests", Act.GUESTS_CHOOSE, scene.ref())


def fact(scene: Scene) -> list[tuple[str, str]]:
    """Which guests may answer here; nothing where nobody is admitted."""
    names = [scene.name(guest.user) for guest in scene.handover.guests.admitted]
    return [("Guests", people.listed(names))] if names else []


def build(_subject: str, scene: Scene) -> Message | None:
    """To the guest: where they were let in, and what that means."""
    known = scene.handover.guests.admitted
    guest = next((guest for guest in known if guest.user == scene.viewer), None)
    if guest is None:
        return None
    first = f"{scene.name(guest.by)} lets you help with the handover of {scene.account}."
    note = (
        "If somebody asks you something about it, the question comes here, and you answer in its "
        "thread. Whoever looks after the account reads your answers. Thank you!"
    )
    return Message(f"{first} {note}", [section(f"*{first}*"), context(note)])
