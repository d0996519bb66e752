"""What `handover audit verify` finds."""

from storage.auditing import Fault, Seen, verify
from storage.engine import Database


def faults(database: Database) -> list[Fault]:
    return list(verify(database, Seen()))
