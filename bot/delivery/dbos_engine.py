"""The engine on DBOS: lanes are the partitions of one queue, a job is a workflow of one step.

Its tables lie in a file or schema of their own. It reports to nobody: that takes a key which is
never given.
"""

import logging
import queue
import threading
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from dbos import DBOS, DBOSConfig
from sqlalchemy import URL, Engine, create_engine, event, make_url

from bot.delivery.engine import Handle
from bot.delivery.pace import Rate
from bot.times import Clock
from storage.moments import to_stored
from storage.outbox import Job

_log = logging.getLogger(__name__)
_QUEUE = "posts"
_WORKFLOW = "deliver"
# A job of another version would stay for ever; a job is one step, so there is nothing to differ.
_VERSION = "stable"
_SCHEMA = "handover_engine"
_POLL_SECONDS = 0.25
_AT_ONCE = 32
_POOL = 5
_ENDED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
_BATCH = 500
_ORDER = 2**30
_SECOND = 1_000_000


class DbosEngine:
    """A `DeliveryEngine`: on SQLite for one process, on PostgreSQL for many. One per process.

    `replica` names the process; on SQLite always alike, so that a restart goes on at once.
    """

    def __init__(
        self, url: str, replica: str, rate: Rate | None, clock: Clock, handle: Handle
    ) -> None:
        self._url = make_url(url)
        self._replica = replica
        self._rate = rate
        self._clock = clock
        self._handle = handle
        self._told: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._teller: threading.Thread | None = None
        self._own: Engine | None = None
        self._running = 0
        self._count = threading.Lock()

    def start(self) -> None:
        # Without a handler of its own DBOS's log comes to ours, at the level that is set here.
        logging.getLogger("dbos").addHandler(logging.NullHandler())
        DBOS(config=self._config())

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
            worker_concurrency=_AT_ONCE,
            polling_interval_sec=_POLL_SECONDS,
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

    def reap(self, dead_replica: str) -> int:
        left = DBOS.list_workflows(
            executor_id=dead_replica,
            status="PENDING",
            queue_name=_QUEUE,
            load_input=False,
            load_output=False,
        )
        for status in left:
            # Without its queue it would run at once, past the lane and its pace.
            DBOS.resume_workflow(status.workflow_id, queue_name=_QUEUE)
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
        with self._count:
            self._running += 1
        try:
            self.enqueue(self._handle(number, attempt))
        finally:
            with self._count:
                self._running -= 1

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
            "app_version": _VERSION,
            "queue_partition_key": job.lane,
            "priority": 1 + job.id % _ORDER + (0 if job.first else _ORDER),
        }
        delay = (job.not_before - to_stored(self._clock.now())) / _SECOND
        if delay > 0:
            options["delay_seconds"] = delay
        DBOS.enqueue_workflow_with_options(options, job.id, job.attempt)  # type: ignore[arg-type]

    def _config(self) -> DBOSConfig:
        config: DBOSConfig = {
            "name": "handover",
            "executor_id": self._replica,
            "application_version": _VERSION,
            "log_level": "WARNING",
            "enable_otlp": False,
            "use_listen_notify": False,
            "notification_listener_polling_interval_sec": 0.2,
            "scheduler_polling_interval_sec": 3600,
            "max_executor_threads": _AT_ONCE + 8,
        }
        if self._url.get_backend_name() == "sqlite":
            self._own = _own_file(self._url)
            config["system_database_engine"] = self._own
            config["system_database_url"] = self._own.url.render_as_string(hide_password=False)
        else:
            config["system_database_url"] = self._url.render_as_string(hide_password=False)
            config["dbos_system_schema"] = _SCHEMA
            config["sys_db_pool_size"] = _POOL
        return config


def _own_file(url: URL) -> Engine:
    """NAME-engine.db beside NAME.db: in the same file its polling would stand in the facts' way."""
    facts = Path(url.database or "handover.db")
    engine = create_engine(
        url.set(database=str(facts.with_name(f"{facts.stem}-engine.db"))),
        pool_size=_POOL,
        max_overflow=_AT_ONCE,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own type
        connection.isolation_level = "IMMEDIATE"
        for pragma in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=NORMAL"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("PRAGMA foreign_keys=ON")

    return engine


def _id(job: Job) -> str:
    return f"{job.id}:{job.attempt}"
