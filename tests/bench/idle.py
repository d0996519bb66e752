"""What a bot costs while nobody does anything: its own process, looked at from outside."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.clicks import sandbox
from tests.bench.figures import Figure
from tests.wire.stage import APP_TOKEN, SECRET, TOKEN, sqlite_url

SETTLING, SECONDS = 5.0, 20.0
_CHILD = (sys.executable, "-m", "bot", "serve")
_CHILD_ENDS = 30


def figures(folder: Path) -> Iterator[Figure]:
    """Share of a core and memory, over SECONDS."""
    url = sqlite_url(folder)
    with sandbox() as slack:
        settings = {
            "SLACK_BOT_TOKEN": TOKEN,
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_API_URL": slack.api_url,
            "DATABASE_URL": url,
            "PORT": "0",
        }
        environment = dict(os.environ) | settings  # noqa: TID251 - the child's, not ours
        child = subprocess.Popen(_CHILD, env=environment)
        try:
            time.sleep(SETTLING)  # noqa: TID251
            before = _cpu_seconds(child.pid)
            time.sleep(SECONDS)  # noqa: TID251
            share = (_cpu_seconds(child.pid) - before) / SECONDS
            memory = resident_bytes(child.pid) / 1e6
        finally:
            child.terminate()
            child.wait(_CHILD_ENDS)
    yield Figure(
        f"idle process over {SECONDS:.0f} s",
        "≤ 3 % of a core, ≤ 150 MB",
        f"{share:.1%}, {memory:.0f} MB",
        share <= 0.03 and memory <= 150,
        {"cpu seconds": round(share * SECONDS, 2)},
    )


def _cpu_seconds(process: int) -> float:
    """User and system time so far."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_bytes(process: int | str) -> int:
    """What a process, or the one that asks (`self`), holds in memory."""
    pages = Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * resource.getpagesize()
