"""Who leads the account: exactly one person at any moment (G27)."""

from datetime import date

from flows.handover import Acceptance, Handover


def lead_now(handover: Handover) -> tuple[str, date | None]:
    """Who leads, by name or Slack id, and until when; never somebody who is gone (G27)."""
    outgoing, incoming = handover.outgoing, handover.incoming
    if not outgoing.gone:
        return outgoing.user or outgoing.name, handover.day
    if incoming and not incoming.gone and handover.acceptance is Acceptance.ACCEPTED:
        return incoming.user or incoming.name, None
    return handover.leader, None
