"""A plain load balancer: each delivery goes to the next replica, past those that are not there."""

import threading
from dataclasses import dataclass

from bot.sandbox.transport import HttpTransport, Parcel, Receipt
from tests.fleet.replica import Replica

_REFUSED = "Connection refused"


@dataclass(frozen=True)
class Answered:
    """A delivery, and which replica answered it with what; status 0: it did not."""

    what: str
    replica: str
    status: int


class Balancer:
    """A `Transport` of the sandbox over several replicas, in turns."""

    def __init__(self, signing_secret: str, ack_seconds: float) -> None:
        self._secret, self._ack_seconds = signing_secret, ack_seconds
        self._turn = threading.Lock()
        self._behind: list[tuple[str, HttpTransport]] = []
        self.answered: list[Answered] = []

    def add(self, replica: Replica) -> None:
        """Deliver to this replica too; it is the next."""
        with self._turn:
            transport = HttpTransport(replica.url, self._secret, self._ack_seconds)
            self._behind.insert(0, (replica.name, transport))

    def take_out(self, replica: Replica) -> None:
        """Deliver nothing more to this replica, as where its /readyz fails."""
        with self._turn:
            self._behind = [one for one in self._behind if one[0] != replica.name]

    def send(self, parcel: Parcel) -> Receipt:
        """The answer of the next replica that takes connections."""
        receipt = Receipt(0, "no replica", "connection_failed")
        for _ in range(len(self._behind)):
            name, transport = self._next()
            receipt = transport.send(parcel)
            if _REFUSED not in receipt.body:
                self.answered.append(Answered(parcel.type, name, receipt.status))
                break
        return receipt

    def by(self, replica: Replica) -> list[Answered]:
        """What a replica has answered."""
        return [one for one in self.answered if one.replica == replica.name]

    def _next(self) -> tuple[str, HttpTransport]:
        with self._turn:
            found = self._behind.pop(0)
            self._behind.append(found)
            return found
