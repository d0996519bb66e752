"""A replica as its supervisor holds it: started, told to stop, killed, frozen."""

import multiprocessing
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.cli.process import environment as environment_of
from tests.fleet.child import run

PATIENCE = 60.0
_LOOK_AGAIN = 0.02
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.fleet.child"])
_SERVING = re.compile(r"serving on port (\d+)")

Process = BaseProcess | subprocess.Popen[bytes]


class Replica:
    """A process of `handover serve`; what it logs stands in `log`.

    With a `tree`, the code that lies there runs instead of this one.
    """

    def __init__(
        self,
        name: str,
        environment: Mapping[str, str],
        folder: Path,
        *,
        socket: bool = False,
        tree: Path | None = None,
    ) -> None:
        """Begin to start it; `wait` until it serves."""
        self.name = name
        self.port = 0
        self._log = folder / f"{name}.log"
        self._log.touch()
        known = dict(environment) | {"HANDOVER_REPLICA": name, "PORT": "0"}
        start = _started_in(tree) if tree else _forked
        self._process = start(known, self._log, socket=socket)

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
        for _ in range(int(PATIENCE / _LOOK_AGAIN)):
            if found := _SERVING.search(self.log):
                self.port = int(found[1])
                return
            assert self.lives, f"{self.name} did not come up:\n{self.log}"
            threading.Event().wait(_LOOK_AGAIN)
        raise AssertionError(f"{self.name} takes too long:\n{self.log}")

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
            threading.Event().wait(_LOOK_AGAIN)

    def thaw(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def ended(self, patience: float = PATIENCE) -> int:
        """Its exit code, once it has ended."""
        for _ in range(int(patience / _LOOK_AGAIN)):
            if (code := _code(self._process)) is not None:
                return code
            threading.Event().wait(_LOOK_AGAIN)
        raise AssertionError(f"{self.name} does not end:\n{self.log}")

    @property
    def lives(self) -> bool:
        return _code(self._process) is None

    def _stands_still(self) -> bool:
        stat = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii")
        return stat.rpartition(")")[2].split()[0] == "T"


def _forked(environment: Mapping[str, str], log: Path, *, socket: bool) -> Process:
    process = _FORKS.Process(target=run, args=(environment, log), kwargs={"socket": socket})
    process.start()
    return process


def _started_in(tree: Path) -> Callable[..., Process]:
    """As an operator starts it."""

    def start(environment: Mapping[str, str], log: Path, *, socket: bool) -> Process:
        words = [sys.executable, "-m", "bot", "serve", *(["--socket"] if socket else [])]
        known = environment_of(PYTHONPATH=str(tree), **environment)
        with log.open("wb") as out:
            return subprocess.Popen(words, env=known, cwd=tree, stderr=out)

    return start


def _code(process: Process) -> int | None:
    return process.exitcode if isinstance(process, BaseProcess) else process.poll()
