"""A figure: what was to be reached, what was measured, and how it is shown and kept."""

import json
import platform
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

RESULTS = Path(".bench/results.json")


@dataclass(frozen=True)
class Figure:
    """One line of the table. `details` are the numbers behind the result."""

    name: str
    goal: str
    result: str
    met: bool
    details: Mapping[str, float | str] = field(default_factory=dict)


def ms(seconds: float) -> float:
    """Seconds as milliseconds, to be read by people."""
    return round(seconds * 1000, 3)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of all values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median, 99th percentile and worst, in milliseconds."""
    return {
        "n": len(values),
        "p50_ms": ms(statistics.median(values)),
        "p99_ms": ms(percentile(values, 0.99)),
        "max_ms": ms(max(values)),
    }


def show(figures: Sequence[Figure], console: Console) -> None:
    """All figures as one table."""
    table = Table(title="Figures")
    for title in ("what", "goal", "result", "", "details"):
        table.add_column(title)
    for figure in figures:
        details = ", ".join(f"{name} {value}" for name, value in figure.details.items())
        mark = "[green]met[/]" if figure.met else "[red]missed[/]"
        table.add_row(figure.name, figure.goal, figure.result, mark, details)
    console.print(table)


def keep(figures: Sequence[Figure]) -> None:
    """Write the figures where a later run, or CI, can compare them."""
    RESULTS.parent.mkdir(exist_ok=True)
    known = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "figures": [asdict(figure) for figure in figures],
    }
    RESULTS.write_text(json.dumps(known, indent=2) + "\n", encoding="utf-8")
