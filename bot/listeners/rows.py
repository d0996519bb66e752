"""One handover as stored, for somebody who may know of it."""

from bot.office import Office
from flows import privacy
from flows.confidential.vault import Vault
from flows.errors import FlowError
from flows.handover import Handover
from flows.playbook import Playbook
from storage import handovers

Row = tuple[Handover, Vault, Playbook]


def open_row(office: Office, handover: str, user: str) -> Row:
    """A handover with its vault, for somebody who may know of it. Raises FlowError `not_found`."""
    row = _open(office, handover)
    if not privacy.may_know(row[0], user):
        raise FlowError("not_found")
    return row


def open_interview(office: Office, handover: str, user: str) -> Row:
    """A handover as far as somebody who answers questions may read it.

    Raises FlowError `not_found`.
    """
    row, vault, playbook = _open(office, handover)
    if not privacy.may_take_part(row, user):
        raise FlowError("not_found")
    return privacy.as_read_by(row, playbook, user), vault, playbook


def _open(office: Office, handover: str) -> Row:
    with office.desk.database.read() as connection:
        stored = handovers.load(connection, office.team, handover)
        vault = handovers.load_vault(connection, office.team, handover)
        if stored is None or vault is None:
            raise FlowError("not_found")
        return stored.value, vault.value, office.desk.playbooks.of(connection, stored.value)
