"""`python -m tests.bench`: every figure with its goal, as a table and in `.bench/results.json`."""

import tempfile
from pathlib import Path

import typer
from rich.console import Console

from tests.bench import clicks
from tests.bench.figures import keep, show


def main() -> None:
    """Measure, show and keep."""
    with tempfile.TemporaryDirectory(prefix="handover-bench-") as folder:
        found = list(clicks.figures(Path(folder)))
    show(found, Console())
    keep(found)


typer.run(main)
