"""What is logged as an error: nothing that comes from outside may cause one."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from typing_extensions import override


class Alarms(logging.Handler):
    """Whatever was logged as an error: nothing that comes from outside may cause one."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[logging.LogRecord] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    def take(self) -> list[str]:
        """What was logged since it was asked last."""
        found = [logging.Formatter().format(record) for record in self.records]
        self.records.clear()
        return found


@contextmanager
def alarmed() -> Iterator[Alarms]:
    """Hear of every error while it lasts."""
    alarms = Alarms()
    logging.getLogger().addHandler(alarms)
    try:
        yield alarms
    finally:
        logging.getLogger().removeHandler(alarms)
