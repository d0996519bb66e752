"""Calls as they stand in people's calendars: their time, and who has fetched which invitation."""

from datetime import date, time

from pydantic import Field

from flows.frozen import Frozen, Moment


class CallSpec(Frozen):
    """A milestone that people meet in, as a playbook tells.

    `time_by` working days before it, somebody is to set its time; 0: nobody is asked to. With the
    customer, `summary` is what they read in their calendar (blanks: the two CSMs and the account),
    and key stakeholders who are met by call or meeting are its `guests` or not.
    """

    minutes: int = Field(default=45, ge=5, le=480)
    time_by: int = Field(default=0, ge=0)
    summary: str = Field(default="", max_length=100)
    guests: bool = False


class CallTime(Frozen):
    """When a call begins on its day, in a zone (IANA) of whoever said so; none: all day."""

    start: time | None
    zone: str
    minutes: int


class Appointment(Frozen):
    """What an invitation says of when, and which of us are in it (Slack ids)."""

    day: date
    start: time | None
    zone: str
    minutes: int
    people: tuple[str, ...]


class Issued(Frozen):
    """The newest invitation that anybody has fetched; `sequence` grows with every other one.

    A `cancelled` one takes the appointment back.
    """

    sequence: int
    appointment: Appointment
    cancelled: bool = False


class Fetched(Frozen):
    """Which invitation somebody has, and since when."""

    sequence: int
    at: Moment


class Calls(Frozen):
    """The calls of a handover by milestone; who has `fetched` them also by Slack id."""

    times: dict[str, CallTime] = {}
    issued: dict[str, Issued] = {}
    fetched: dict[str, dict[str, Fetched]] = {}


NO_CALLS = Calls()
"""One value for all whose calls have no time yet."""
