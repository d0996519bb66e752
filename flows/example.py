"""A made-up account, for whoever tries the bot: what is known of it, to be confirmed or changed."""

from flows.handover import Given, Known, Listed
from flows.terms import RecordKind

ACCOUNT = "Bluebird Dental (example)"
SOURCE = "example"


def _listed(kind: RecordKind, **details: str) -> Listed:
    return Listed(kind=kind, details=details)


KNOWN: dict[str, Known] = {
    "S1": Known(
        text="Renewal in spring is theirs to lose. Ana decides everything. Never call on Fridays.",
        given={"health": Given(values=("green",))},
    ),
    "S2": Known(text="Software for dental clinics, 40 people. Chose us for our support."),
    "S3": Known(text="Their support team answers tickets; the goal is under two hours."),
    "S4": Known(text="One outage in June, solved within a day. Single sign-on, two integrations."),
    "S5": Known(
        text="Everybody logs in daily, and they like us.",
        given={"usage": Given(values=("85",)), "likelihood": Given(values=("likely",))},
    ),
    "S6": Known(text="A pilot with a second team; speed matters most. I would call Ana."),
    "S8": Known(
        text="Ana first, by a call of three.",
        listed=(_listed(RecordKind.STAKEHOLDER, name="Ana Silva", role="Head of support"),),
    ),
    "S9": Known(
        listed=(
            _listed(RecordKind.COMMITMENT, what="Training for the second team"),
            _listed(RecordKind.ISSUE, what="The export is slow"),
        )
    ),
    "S10": Known(
        text="The account moves to a colleague who knows clinics.",
        listed=(_listed(RecordKind.RISK, what="Ana may leave in summer"),),
    ),
}
"""By the ids of the default playbook; a team's own takes what it knows of."""
