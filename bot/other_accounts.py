"""Which other accounts a text for a customer names, as far as a word about them tells nothing."""

from typing import TypeVar

from sqlalchemy import Connection

from flows.handover import Handover
from flows.happened import ForCustomer
from flows.playbook import Playbook
from flows.privacy import is_announced, may_know
from flows.texts.for_customers import words_of
from flows.texts.leaks import name_keys
from storage import handovers

E = TypeVar("E", bound=ForCustomer)


def with_others(connection: Connection, handover: Handover, event: E, playbook: Playbook) -> E:
    """The event with the names of other accounts in its words, for the leak check.

    Only accounts count that everybody may hear of, or that the typist knows anyway: a refusal must
    not tell of a handover that is being prepared quietly.
    """
    text, typist = words_of(handover, event, playbook)
    found = handovers.named(connection, handover.team, name_keys(text), handover.account)
    others = (
        other.account
        for other in found
        if not other.example and (is_announced(other) or may_know(other, typist))
    )
    return event.model_copy(update={"others": tuple(dict.fromkeys(others))})
