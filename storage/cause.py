"""What caused what is being written: the id of the delivery from Slack, or of the tick, under way.

It goes with the flow of control, so that neither a listener nor a table has to pass it on: every
line of the log carries it, and every outbox row keeps it for whoever posts the message later.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

CAUSE: ContextVar[str] = ContextVar("cause", default="")
"""At most 16 characters; empty where nothing is under way."""


@contextmanager
def caused_by(cause: str) -> Iterator[None]:
    """Whatever happens in here is caused by this."""
    token = CAUSE.set(cause)
    try:
        yield
    finally:
        CAUSE.reset(token)
