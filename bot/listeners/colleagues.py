"""Somebody picked in a modal, who has to be a full member of the workspace."""

from bot.ids import Field
from bot.office import Office
from flows.errors import FlowError
from storage.people import Person


def colleague(office: Office, user: str, field: Field) -> Person:
    """Whoever was picked in a field. Raises FlowError `missing`, `try_again`, `not_a_colleague`."""
    if not user:
        raise FlowError("missing", field=field)
    met = office.roster.meet({user}).get(user)
    if met is None or not met.is_colleague:
        raise FlowError("try_again" if met is None else "not_a_colleague", field=field)
    return met
