"""A replica as its supervisor holds it: started, told to stop, killed, frozen."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Mapping
from pathlib import Path

from tests.fleet.child import run

PATIENCE = 60.0
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.fleet.child"])


class Replica:
    """A process of `handover serve`; what it logs stands in `log`."""

    def __init__(
        self, name: str, environment: Mapping[str, str], folder: Path, *, socket: bool = False
    ) -> None:
        """Begin to start it; `wait` until it serves."""
        self.name = name
        self.port = 0
        self._log = folder / f"{name}.log"
        known = dict(environment) | {"HANDOVER_REPLICA": name, "PORT": "0"}
        self._ready, theirs = _FORKS.Pipe(duplex=False)
        self._process = _FORKS.Process(
            target=run, args=(known, self._log, theirs), kwargs={"socket": socket}
        )
        self._process.start()
        theirs.close()

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    @property
    def log(self) -> str:
        """What it has said so far."""
        return self._log.read_text(encoding="utf-8")

    @property
    def url(self) -> str:
        """Where Slack's deliveries reach it."""
        return f"http://127.0.0.1:{self.port}/slack/events"

    def wait(self) -> None:
        """Until it serves."""
        try:
            assert self._ready.poll(PATIENCE), self.log
            self.port = self._ready.recv()
        except EOFError:
            raise AssertionError(f"{self.name} did not come up:\n{self.log}") from None

    def terminate(self) -> None:
        """Ask it to stop; `ended` waits for it."""
        os.kill(self.pid, signal.SIGTERM)

    def kill(self) -> None:
        """End it as a power cut does."""
        os.kill(self.pid, signal.SIGKILL)
        self.ended()

    def freeze(self) -> None:
        """Hold it where it stands, and return once it does."""
        os.kill(self.pid, signal.SIGSTOP)
        while not self._stands_still():
            threading.Event().wait(0.01)

    def thaw(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def ended(self, patience: float = PATIENCE) -> int:
        """Its exit code, once it has ended."""
        self._process.join(patience)
        code = self._process.exitcode
        assert code is not None, f"{self.name} does not end:\n{self.log}"
        return code

    @property
    def lives(self) -> bool:
        return self._process.is_alive()

    def _stands_still(self) -> bool:
        stat = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii")
        return stat.rpartition(")")[2].split()[0] == "T"
