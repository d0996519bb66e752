"""Which words of an event a customer may come to read, and who typed them."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from flows.handover import Handover
from flows.happened import CLOCK, ForCustomer
from flows.playbook import Playbook
from flows.staffing.change_events import InterimNamed
from flows.taking_over.receiving_events import PackAccepted
from flows.texts.letter_events import LetterWorded, SentForApproval
from flows.texts.letter_facts import written_for_them
from flows.texts.wording import asked_for
from flows.texts.wording_events import ReasonWorded


class Words(NamedTuple):
    """A text, and whoever typed it just now: CLOCK where it is proposed to everybody."""

    text: str
    typist: str


_WORDS: Mapping[type[ForCustomer], Callable[[Handover, Any, Playbook], Words]] = {
    ReasonWorded: lambda _handover, event, _playbook: Words(event.text, event.by),
    LetterWorded: lambda _handover, event, _playbook: Words(event.text, event.by),
    PackAccepted: lambda handover, _event, book: Words(asked_for(handover, book), CLOCK),
    InterimNamed: lambda handover, _event, book: Words(asked_for(handover, book), CLOCK),
    SentForApproval: lambda handover, _event, book: Words(written_for_them(handover, book), CLOCK),
}


def words_of(handover: Handover, event: ForCustomer, playbook: Playbook) -> Words:
    """What is to be looked through for the names of other accounts."""
    return _WORDS[type(event)](handover, event, playbook)
