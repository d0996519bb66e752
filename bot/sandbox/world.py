"""What persons and their screens share: the workspace, the way to the bot, and their patience."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox import messages
from bot.sandbox.interactions import Interactions
from bot.sandbox.journal import Journal
from bot.sandbox.workspace import Workspace

PATIENCE_SECONDS = 30.0
"""How long somebody waits for what is to come: it costs nothing where all is well."""


@dataclass
class World:
    workspace: Workspace
    interactions: Interactions
    journal: Journal
    patience: float = PATIENCE_SECONDS

    def named(self, some_id: str) -> str:
        return messages.name_of(self.workspace, some_id)

    def moment(self) -> str:
        with self.workspace.changed:
            return self.workspace.ids.ts()


def at_once(act: Callable[[], object], times: int) -> None:
    """The same act several times at the same moment; the first failure is raised when all end."""
    failures: list[Exception] = []
    barrier = threading.Barrier(times)

    def one() -> None:
        barrier.wait()
        try:
            act()
        except Exception as failure:  # noqa: BLE001 - carried over to the caller's thread
            failures.append(failure)

    threads = [threading.Thread(target=one) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
