"""`python -m tests.bench`: every figure with its goal, as a table and in `.bench/results.json`."""

import tempfile
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tests.bench import (
    acks,
    books,
    clicks,
    custody,
    digest,
    exports,
    idle,
    memory,
    outgoing,
    plans,
    replicas,
    report,
    scale,
    search,
    sizes,
    sweep,
    wire,
)
from tests.bench.figures import Figure, keep, show

Measure = Callable[[Path], Iterable[Figure]]


def main(
    only: Annotated[list[str] | None, typer.Option(help="clicks, scale, wire ...")] = None,
    rows: Annotated[
        int, typer.Option(help="closed handovers beside the answers, and tasks beside a sweep")
    ] = 1_000_000,
    interactions: Annotated[int, typer.Option(help="clicks before memory is looked at")] = 20_000,
) -> None:
    """Measure, show and keep."""
    known: Mapping[str, Measure] = {
        "clicks": clicks.figures,
        "acks": acks.figures,
        "scale": partial(scale.figures, rows=rows),
        "search": search.figures,
        "wire": wire.figures,
        "outgoing": outgoing.figures,
        "idle": idle.figures,
        "exports": exports.figures,
        "plans": plans.figures,
        "replicas": replicas.figures,
        "report": report.figures,
        "digest": digest.figures,
        "books": books.figures,
        "sweep": partial(sweep.figures, rows=rows),
        "sizes": sizes.figures,
        "custody": partial(custody.figures, handovers=rows // 100),
        "memory": partial(memory.figures, many=interactions),
    }
    console, found = Console(), list[Figure]()
    for name in only or known:
        with tempfile.TemporaryDirectory(prefix="handover-bench-") as folder:
            for figure in known[name](Path(folder)):
                console.print(f"{figure.name}: {figure.result}")
                found.append(figure)
    show(found, console)
    keep(found)


typer.run(main)
