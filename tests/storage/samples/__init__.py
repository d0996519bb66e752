"""What each version stored. `python -m tests.storage.samples` writes this version's anew.

Until a version is released; from then on its samples stay as they are, and a change of shape that
they cannot be read with is a new DOCUMENT_VERSION.
"""

from pathlib import Path

FOLDER = Path(__file__).parent
HANDOVER, VAULT, EVENTS, VAULT_EVENTS = (
    "handover.json",
    "vault.json",
    "events.jsonl",
    "vault_events.jsonl",
)
