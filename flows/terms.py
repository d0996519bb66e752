"""The field's own words: segments, reasons, roles and the kinds of things people tell."""

from enum import StrEnum


class Segment(StrEnum):
    """How much attention an account gets; the order is from the lightest to the strictest."""

    SMB = "smb"
    MID_MARKET = "mid_market"
    ENTERPRISE = "enterprise"


class Reason(StrEnum):
    """Why the account moves, as both CSMs may know it (G3-G8)."""

    ATTRITION = "attrition"
    PROMOTION = "promotion"
    REALLOCATION = "reallocation"
    LOAD_BALANCING = "load_balancing"
    SEGMENT_CHANGE = "segment_change"
    REASSIGNMENT = "reassignment"


class Confidential(StrEnum):
    """Why it really moves, known only to the leaders on the row (G5, N4)."""

    UNDERPERFORMING = "underperforming"
    UNANNOUNCED = "unannounced"
    CUSTOMER_ASKED = "customer_asked"


class Word(StrEnum):
    """How much the incoming CSM is told of a confidential reason."""

    NOTHING = "nothing"
    HEARD = "heard"
    REASON = "reason"


class Role(StrEnum):
    """Who somebody is on one handover. A source is asked where the outgoing CSM cannot answer; an
    interim leads where nobody has taken over in time.
    """

    OUTGOING = "outgoing"
    INCOMING = "incoming"
    LEADER = "leader"
    BACKUP = "backup"
    CREATOR = "creator"
    SOURCE = "source"
    INTERIM = "interim"


THE_THREE = (Role.OUTGOING, Role.INCOMING, Role.LEADER)
"""Who acts in every handover, and is asked something."""


class DateIs(StrEnum):
    """What the date of the start form means."""

    LAST_DAY = "last_day"
    SWITCH_BY = "switch_by"


class Need(StrEnum):
    """Whether a question is asked, only offered, or left out."""

    REQUIRED = "required"
    OFFERED = "offered"
    LEFT_OUT = "left_out"


class PartKind(StrEnum):
    """What kind of thing one part of an answer is."""

    TEXT = "text"
    CHOICE = "choice"
    DATE = "date"
    NUMBER = "number"
    PEOPLE = "people"
    LINK = "link"


class RecordKind(StrEnum):
    """What can be listed one by one (C2, N2)."""

    STAKEHOLDER = "stakeholder"
    EPISODE = "episode"
    ISSUE = "issue"
    COMMITMENT = "commitment"
    OPPORTUNITY = "opportunity"
    RISK = "risk"
    DOCUMENT = "document"


class FollowUp(StrEnum):
    """Whether one more detail is asked for where an answer says little, or was (N11)."""

    OPEN = "open"
    DONE = "done"


class Sureness(StrEnum):
    """How sure an author is of an answer (N10)."""

    KNOW = "know"
    THINK = "think"
    GUESS = "guess"


class How(StrEnum):
    """How somebody who is not asked in Slack told something."""

    CALL = "call"
    MAIL = "mail"
    MEETING = "meeting"
    OTHER = "other"
