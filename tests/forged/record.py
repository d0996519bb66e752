"""Makes the corpus anew: `python -m tests.forged.record` plays the stories and keeps one of each.

A delivery of a sort that was kept already is left out; the shortest of a sort stays.
"""

import json
import sys
from typing import Any

import pytest

from bot.sandbox.courier import Courier
from bot.sandbox.transport import Parcel, Receipt
from tests.forged.corpus import PATH, Sample, corpus, keep

STORIES = ["tests/wire", "tests/installs", "tests/plan", "tests/privacy/test_vault.py"]


class Recorder:
    """Looks over the shoulder of every sandbox's courier."""

    def __init__(self) -> None:
        self.samples: dict[str, Sample] = {}

    def pytest_configure(self) -> None:
        deliver = Courier._deliver

        def noting(courier: Courier, parcel: Parcel) -> Receipt:
            receipt = deliver(courier, parcel)
            if 200 <= receipt.status < 300:
                self._note(parcel, receipt.sent_headers)
            return receipt

        Courier._deliver = noting  # type: ignore[method-assign,assignment]

    def _note(self, parcel: Parcel, headers: dict[str, str]) -> None:
        # Copied at once: the stories change what they have been given.
        payload: dict[str, Any] = json.loads(json.dumps(parcel.payload))
        found = Sample(kind=parcel.kind, payload=payload, headers=headers)
        known = self.samples.get(found.sort)
        if known is None or len(found.line) < len(known.line):
            self.samples[found.sort] = found


if __name__ == "__main__":
    recorder = Recorder()
    chosen = sys.argv[1:] or STORIES
    if sys.argv[1:]:
        # Only some of the stories: what is known of the others stays.
        recorder.samples = {sample.sort: sample for sample in corpus()}
    failed = pytest.main(["-q", "-p", "no:randomly", "-m", "not campaign", *chosen], [recorder])
    keep(recorder.samples.values())
    print(f"{len(recorder.samples)} samples in {PATH}")  # noqa: T201 - a command
    sys.exit(failed)
