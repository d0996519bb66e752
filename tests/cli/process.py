"""`handover` as an operator runs it: a process of its own, with an environment of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.manifest import manifest
from bot.sandbox import Sandbox
from tests.wire.stage import ACK_SECONDS

TOKEN, APP_TOKEN, SECRET = "xoxb-1-very-secret", "xapp-1-very-secret", "signing-very-secret"
SECONDS = 120.0
_KEPT = ("PATH", "HOME", "TMPDIR", "LANG", "COVERAGE_PROCESS_START")


def environment(**settings: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}  # noqa: TID251
    return kept | settings


def handover(*words: str, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        env=environment(PYTHONPATH=str(Path.cwd()), **settings),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def settings_for(slack: Sandbox, folder: Path) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": f"sqlite:///{folder / 'handover.db'}",
        "HANDOVER_POST_RATE": "0",
        "HANDOVER_QUIET": "off",
        "PORT": "0",
    }


def make_slack(*, socket: bool = False) -> Sandbox:
    return Sandbox(
        manifest=manifest(socket=socket),
        bot_token=TOKEN,
        app_token=APP_TOKEN,
        signing_secret=SECRET,
        ack_seconds=ACK_SECONDS,
    )


class Serving:
    """A running `handover serve`."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.lines: list[str] = []
        self.port = 0

    def wait(self) -> None:
        """Until it serves; its port is read from its log."""
        assert self.process.stderr
        for line in self.process.stderr:
            self.lines.append(line)
            if "serving on port" in line:
                self.port = int(line.split("serving on port ")[1].split()[0].strip('",}'))
                return
        raise AssertionError("it did not come up:\n" + "".join(self.lines))

    def rest(self) -> str:
        """Everything else that it logs, until its end."""
        assert self.process.stderr
        self.lines += list(self.process.stderr)
        return "".join(self.lines)


@contextmanager
def serving(*words: str, folder: Path, **settings: str) -> Iterator[Serving]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "serve", *words],
        env=environment(PYTHONPATH=str(Path.cwd()), **settings),
        cwd=folder,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        found = Serving(process)
        found.wait()
        yield found
    finally:
        process.kill()
        process.wait()
        if process.stderr:
            process.stderr.close()
