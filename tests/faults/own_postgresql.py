"""A PostgreSQL server of a test's own, to be stopped without warning and frozen."""

import os
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import make_url

from tests.databases import ensure_running, prepare, started_server

_PATIENCE_SECONDS = 60.0


class OwnServer:
    """One server. What it does is done to the processes that were started here, by their ids."""

    def __init__(self, folder: Path) -> None:
        # It wants a private runtime folder.
        runtime = folder / "run"
        runtime.mkdir(mode=0o700)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))  # noqa: TID251
        self._server = started_server(folder / "data")
        url = make_url(self._server.get_uri()).set(drivername="postgresql+psycopg")
        self.url = url.render_as_string(hide_password=False)

    def stop(self) -> None:
        """As `pg_ctl stop -m immediate`: no connection is ended in good order."""
        postmaster = self._server.get_pid() or 0
        os.kill(postmaster, signal.SIGQUIT)
        until = time.monotonic() + _PATIENCE_SECONDS
        while Path(f"/proc/{postmaster}").exists():
            assert time.monotonic() < until, "the server does not stop"
            time.sleep(0.02)  # noqa: TID251

    def start(self) -> None:
        """Start it again; it recovers what was committed."""
        ensure_running(self._server)

    def freeze(self) -> None:
        """Nothing is answered any more, and no connection ends."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def close(self) -> None:
        self._server.cleanup()

    def _signal(self, what: signal.Signals) -> None:
        postmaster = self._server.get_pid() or 0
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children")
        # First whoever begins others, so that none is missed.
        os.kill(postmaster, what)
        for child in children.read_text(encoding="ascii").split():
            # One that ended while all stood still is gone as soon as its parent goes on.
            with suppress(ProcessLookupError):
                os.kill(int(child), what)


@contextmanager
def own_postgresql() -> Iterator[OwnServer]:
    """A server with a database at the newest schema."""
    with tempfile.TemporaryDirectory(prefix="handover-own-pg-") as folder:
        # It runs as another user, who has to come by.
        Path(folder).chmod(0o755)
        server = OwnServer(Path(folder))
        try:
            prepare(server.url)
            yield server
        finally:
            server.close()
