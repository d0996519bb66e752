"""Guests of the workspace whom a leader admitted to one handover.

A guest answers what they are asked there, and reads that question, the account's name, who asks,
and their own words: everybody else was promised who reads what they write.
"""

from flows.frozen import Frozen, Moment


class Admitted(Frozen):
    """A guest who may answer here, let in by a leader."""

    user: str
    by: str
    at: Moment


class Guests(Frozen):
    """Who is admitted, and who was and is not any more, by Slack id."""

    admitted: tuple[Admitted, ...] = ()
    taken_out: tuple[str, ...] = ()

    def has(self, user: str) -> bool:
        """Whether somebody is admitted."""
        return any(guest.user == user for guest in self.admitted)


NO_GUESTS = Guests()
"""One value for all to which nobody is admitted."""
