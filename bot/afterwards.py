"""What is done after the answer to a delivery: what its person sees a moment later, such as Home.

It may be lost in a crash or when too much waits, so only what its person can ask for again comes
here, never what must arrive. An answer that changes a modal and a call that changes it once more
have to reach Slack in this order, so what a delivery leaves for afterwards begins when its answer
has been written.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context, ContextVar, copy_context
from dataclasses import dataclass, field
from typing import Protocol

from bot.lines import Lines
from flows.errors import FlowError
from storage.reading import NewerReleaseError

log = logging.getLogger(__name__)
Do = Callable[[], object]


class Soon(Protocol):
    """Have something done after the answer, once while another of the same `once` waits, and in
    its lane one after the other.
    """

    def __call__(self, do: Do, once: str = "", lane: str = "") -> None: ...


@dataclass(frozen=True, slots=True)
class _Job:
    team: str
    do: Do
    once: str
    lane: str
    context: Context


@dataclass(slots=True)
class Answer:
    """An answer that is being made, and what waits for it."""

    jobs: list[_Job] = field(default_factory=list)


_answer: ContextVar[Answer | None] = ContextVar("answer", default=None)


class Afterwards:
    """A few threads that do what was left for after the answers."""

    def __init__(self) -> None:
        self._lines = Lines("soon")
        self._changed = threading.Condition()
        self._answers = 0
        self._waiting: set[tuple[str, str]] = set()
        self._jobs = 0

    def soon(self, team: str, do: Do, once: str = "", lane: str = "") -> None:
        """Have it done for a workspace after the answer under way, or at once when there is none;
        nothing more while another of the same `once` waits there.
        """
        # What comes of it is caused by whatever is under way.
        job, answer = _Job(team, do, once, lane, copy_context()), _answer.get()
        # By the time it is done, the answer is written.
        job.context.run(_answer.set, None)
        if answer is None:
            self._add(job)
        else:
            answer.jobs.append(job)

    @contextmanager
    def answering(self) -> Iterator[Answer]:
        """A block that makes the answer to a delivery; `written` must follow, come what may."""
        answer = Answer()
        with self._changed:
            self._answers += 1
        token = _answer.set(answer)
        try:
            yield answer
        finally:
            _answer.reset(token)

    def written(self, answer: Answer) -> None:
        """The answer is on its way, or never will be: what waits for it begins."""
        for job in answer.jobs:
            self._add(job)
        with self._changed:
            self._answers -= 1
            self._changed.notify_all()

    def rest(self, patience: float) -> bool:
        """Until all answers are written and all that waited is done; whether that came to be."""
        with self._changed:
            return self._changed.wait_for(lambda: not (self._answers or self._jobs), patience)

    def stop(self) -> None:
        """What is under way comes to its end; what waits is left out."""
        self._lines.stop()

    def _add(self, job: _Job) -> None:
        key = (job.team, job.once)
        with self._changed:
            if key in self._waiting:
                return
            if job.once:
                self._waiting.add(key)
            self._jobs += 1
        if not self._lines.ask(job.team, lambda: job.context.run(self._run, job), job.lane):
            log.warning("something is left out that could wait: too much waits, or all ends")
            self._begun(job)
            self._done()

    def _run(self, job: _Job) -> None:
        # What changes from here on asks for another.
        self._begun(job)
        try:
            quietly(job.do)
        finally:
            self._done()

    def _begun(self, job: _Job) -> None:
        with self._changed:
            self._waiting.discard((job.team, job.once))

    def _done(self) -> None:
        with self._changed:
            self._jobs -= 1
            self._changed.notify_all()


def quietly(do: Do) -> None:
    """Do it; what fails is logged, since nobody waits for it."""
    try:
        do()
    except FlowError as error:
        log.info("not done: %s", error.code)
    except NewerReleaseError:
        log.info("not done: it is left to a newer release")
    except Exception:
        log.exception("something that could wait failed")
