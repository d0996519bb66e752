"""The engine on DBOS: lanes are the partitions of one queue, a job is a workflow of one step.

A lane's jobs are ordered by priority; the limits of the queue hold for each lane by itself.
"""

import logging
import queue
import threading
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from dbos import DBOS
from sqlalchemy import Engine, make_url

from bot.delivery.dbos_store import AT_ONCE, VERSION, make_config
from bot.delivery.engine import Handle
from bot.delivery.pace import Rate
from bot.times import Clock
from storage.moments import to_stored
from storage.outbox import Job

_log = logging.getLogger(__name__)
_QUEUE = "posts"
_WORKFLOW = "deliver"
_ENDED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
_BATCH = 500
_ORDER = 2**30
_SECOND = 1_000_000


class DbosEngine:
    """A `DeliveryEngine`: on SQLite for one process, on PostgreSQL for many. One per process.

    `replica` names the process; on SQLite always alike, so that a restart goes on at once. Every
    `poll_seconds` it looks for what is to be done. What it took and is seen not to run for
    `stuck_seconds` was lost: by the monotonic clock, as the database's tells another time.
    """

    def __init__(
        self,
        url: str,
        replica: str,
        rate: Rate | None,
        clock: Clock,
        handle: Handle,
        stuck_seconds: float = 60.0,
        poll_seconds: float = 0.25,
    ) -> None:
        self._url = make_url(url)
        self._replica = replica
        self._rate = rate
        self._clock = clock
        self._handle = handle
        self._told: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._teller: threading.Thread | None = None
        self._own: Engine | None = None
        self._running: set[str] = set()
        self._idle: dict[str, float] = {}
        self._turn = threading.Lock()
        self._stuck = stuck_seconds
        self._poll = poll_seconds

    def start(self) -> None:
        # Without a handler of its own DBOS's log comes to ours, at the level that is set here.
        logging.getLogger("dbos").addHandler(logging.NullHandler())
        config, self._own = make_config(self._url, self._replica)
        DBOS(config=config)

        @DBOS.workflow(name=_WORKFLOW)
        def _deliver(number: int, attempt: int) -> None:
            self._run(number, attempt)

        DBOS.launch()
        DBOS.register_queue(
            _QUEUE,
            partition_concurrency=1,
            partition_limiter=(
                {"limit": self._rate.limit, "period": self._rate.period} if self._rate else None
            ),
            worker_concurrency=AT_ONCE,
            polling_interval_sec=self._poll,
            on_conflict="always_update",
        )
        self._teller = threading.Thread(target=self._tell, name="delivery-teller", daemon=True)
        self._teller.start()

    def enqueue(self, jobs: Iterable[Job]) -> None:
        for job in jobs:
            self._told.put(job)

    def ended(self, jobs: Iterable[Job]) -> set[tuple[int, int]]:
        by_id = {_id(job): (job.id, job.attempt) for job in jobs}
        if not by_id:
            return set()
        found = DBOS.list_workflows(
            workflow_ids=list(by_id), status=_ENDED, load_input=False, load_output=False
        )
        return {by_id[status.workflow_id] for status in found}

    def owners(self) -> set[str]:
        taken = DBOS.list_workflows(
            status="PENDING", queue_name=_QUEUE, load_input=False, load_output=False
        )
        return {status.executor_id for status in taken if status.executor_id}

    def reap(self, dead_replica: str) -> int:
        return self._resume(self._not_run(dead_replica))

    def recover(self) -> int:
        now, before = self._clock.monotonic(), self._idle
        self._idle = {
            workflow: before.get(workflow, now) for workflow in self._not_run(self._replica)
        }
        return self._resume(w for w, since in self._idle.items() if now - since >= self._stuck)

    def _not_run(self, replica: str) -> list[str]:
        """What a replica has taken, and this process does not run."""
        taken = DBOS.list_workflows(
            executor_id=replica,
            status="PENDING",
            queue_name=_QUEUE,
            load_input=False,
            load_output=False,
        )
        return [status.workflow_id for status in taken if status.workflow_id not in self._running]

    def _resume(self, workflows: Iterable[str]) -> int:
        left = list(workflows)
        for workflow in left:
            # Without its queue it would run at once, past the lane and its pace.
            DBOS.resume_workflow(workflow, queue_name=_QUEUE)
            self._idle.pop(workflow, None)
        return len(left)

    def purge(self, older: timedelta) -> int:
        # After the clock was set back, what ended lies in the future and blocks its lane's pace.
        before = (self._clock.now() - older).isoformat() if older else None
        purged = 0
        while True:
            found = DBOS.list_workflows(
                status=_ENDED,
                completed_before=before,
                limit=_BATCH,
                load_input=False,
                load_output=False,
            )
            if not found:
                return purged
            DBOS.delete_workflows([status.workflow_id for status in found])
            purged += len(found)

    def healthy(self) -> bool:
        alive = {thread.name for thread in threading.enumerate()}
        return {f"queue-worker-{_QUEUE}", "delivery-teller"} <= alive

    def waiting(self) -> int:
        return self._told.qsize()

    def running(self) -> int:
        return len(self._running)

    def stop(self, drain_seconds: float) -> None:
        self._told.put(None)
        if self._teller:
            self._teller.join(drain_seconds)
        # DBOS waits in whole seconds, and one at least, so only if there is something to wait for.
        wait = max(1, round(drain_seconds)) if self._running and drain_seconds else 0
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=wait)
        if self._own:
            self._own.dispose()

    def _run(self, number: int, attempt: int) -> None:
        workflow = f"{number}:{attempt}"
        with self._turn:
            if workflow in self._running:
                # It was taken for lost, as after this process stood still, and is not.
                return
            self._running.add(workflow)
        try:
            self.enqueue(self._handle(number, attempt))
        finally:
            self._running.discard(workflow)

    def _tell(self) -> None:
        """Enqueue off everybody's path. What is lost here is told again by the reconciling tick."""
        while (job := self._told.get()) is not None:
            try:
                self._enqueue(job)
            except Exception:
                _log.exception("the engine did not take %s", _id(job))

    def _enqueue(self, job: Job) -> None:
        options: dict[str, Any] = {
            "workflow_name": _WORKFLOW,
            "queue_name": _QUEUE,
            "workflow_id": _id(job),
            "app_version": VERSION,
            "queue_partition_key": job.lane,
            "priority": 1 + job.id % _ORDER + (0 if job.first else _ORDER),
        }
        delay = (job.not_before - to_stored(self._clock.now())) / _SECOND
        if delay > 0:
            options["delay_seconds"] = delay
        DBOS.enqueue_workflow_with_options(options, job.id, job.attempt)  # type: ignore[arg-type]


def _id(job: Job) -> str:
    return f"{job.id}:{job.attempt}"
