"""Deliveries: interactions once and at once, events in the background and again if need be."""

import heapq
import itertools
import threading
import time
from dataclasses import replace
from typing import Any

from bot.sandbox.faults import Faults
from bot.sandbox.journal import Delivery, Journal
from bot.sandbox.transport import Kind, Parcel, Receipt, Transport

JSON = dict[str, Any]

RETRY_AFTER = (0.0, 60.0, 300.0)
# With "Delayed Events" switched on Slack goes on every hour for a day.
DELAYED = (3600.0,) * 24
HELD_BACK = 0.5  # seconds that `reorder` waits for more events
LEAST_OK, MOST_OK = 200, 299


class Courier:
    """Hands payloads to the bot. Events go out one after another, in the order they happened."""

    def __init__(self, journal: Journal, faults: Faults, speed: float, *, delayed: bool) -> None:
        self._delays = RETRY_AFTER + (DELAYED if delayed else ())
        self.transport: Transport | None = None
        self.duplicate = False
        self.reorder = False
        self._journal = journal
        self._faults = faults
        self._speed = speed
        self._wake = threading.Condition()
        self._queue: list[tuple[float, int, Parcel]] = []
        self._order = itertools.count()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="slack-events", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """No delivery starts after this; the one under way is waited for."""
        with self._wake:
            self._closed = True
            self._wake.notify_all()
        self._thread.join()

    def interact(self, kind: Kind, payload: JSON) -> Receipt:
        """Deliver a command or click and wait for the ack; never retried."""
        parcel = Parcel(kind, payload)
        receipt = self._deliver(parcel)
        if self.duplicate:
            self._deliver(parcel)
        return receipt

    def event(self, payload: JSON) -> None:
        """Put an event on its way and return at once."""
        if self.transport is None:
            return
        for _ in range(2 if self.duplicate else 1):
            self._put(Parcel("events_api", payload), 0.0)

    def _put(self, parcel: Parcel, seconds: float) -> None:
        self._journal.begin()
        with self._wake:
            due, place = time.monotonic() + seconds / self._speed, next(self._order)
            if self.reorder:
                # Events that come close together go out at the same time, the newest first.
                due, place = self._queue[0][0] if self._queue else due + HELD_BACK, -place
            heapq.heappush(self._queue, (due, place, parcel))
            self._wake.notify_all()

    def _run(self) -> None:
        while (parcel := self._next()) is not None:
            try:
                receipt = self._deliver(parcel)
                if receipt.reason and receipt.headers.get("x-slack-no-retry") != "1":
                    self._again(parcel, receipt.reason)
            finally:
                self._journal.end()

    def _next(self) -> Parcel | None:
        with self._wake:
            while not self._closed:
                rest = self._queue[0][0] - time.monotonic() if self._queue else None
                if rest is not None and rest <= 0:
                    return heapq.heappop(self._queue)[2]
                self._wake.wait(rest)
        return None

    def _again(self, parcel: Parcel, reason: str) -> None:
        number = parcel.retry[0] if parcel.retry else 0
        if number < len(self._delays) and not self._closed:
            retry = (number + 1, reason)
            self._put(replace(parcel, retry=retry), self._delays[number])

    def _deliver(self, parcel: Parcel) -> Receipt:
        began, wall, fired = time.monotonic(), time.time(), self._faults.fired
        self._journal.begin()
        try:
            receipt = self._sent(parcel)
        finally:
            self._journal.end()
        seconds = time.monotonic() - began
        self._journal.deliveries.append(
            Delivery(
                kind=parcel.kind,
                payload=parcel.payload,
                headers=receipt.sent_headers,
                status=receipt.status,
                body=receipt.body,
                seconds=seconds,
                at=wall,
            )
        )
        if receipt.reason == "http_timeout" and self._faults.fired == fired:
            detail = f"no answer within {seconds:.1f} s"
            self._journal.blame(parcel.type, "late_ack", detail)
        return receipt

    def _sent(self, parcel: Parcel) -> Receipt:
        if self.transport is None:
            return Receipt(0, "the bot is not connected", "connection_failed")
        receipt = self.transport.send(parcel)
        if not receipt.reason and not LEAST_OK <= receipt.status <= MOST_OK:
            return replace(receipt, reason="http_error")
        return receipt
