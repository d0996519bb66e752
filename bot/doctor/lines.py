"""What the doctor says: a line for each check, with what to do where all is not well."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.health import Grade
from bot.logs import hide


@dataclass(frozen=True, slots=True)
class Line:
    """One finding. `where` is the id of the workspace that it is about, if it is about one."""

    grade: Grade
    check: str
    says: str
    todo: str = ""
    where: str = ""

    def __str__(self) -> str:
        said = f"{self.where}: {self.says}" if self.where else self.says
        advice = f" -> {self.todo}" if self.todo else ""
        # Whatever a foreign error says: no token gets out.
        return hide(f"{self.grade:<5}  {self.check:<9}  {said}{advice}")


def well(check: str, says: str) -> Line:
    return Line("ok", check, says)


def look(check: str, says: str, todo: str) -> Line:
    return Line("look", check, says, todo)


def wrong(check: str, says: str, todo: str) -> Line:
    return Line("wrong", check, says, todo)


def folded(lines: Iterable[Line]) -> Iterator[Line]:
    """Of many workspaces, those where something is to be done, and how many are well."""
    by_check: dict[str, list[Line]] = {}
    for line in lines:
        by_check.setdefault(line.check, []).append(line)
    for check, found in by_check.items():
        faulty = [line for line in found if line.grade != "ok"]
        yield from faulty
        everywhere, ill = {line.where for line in found}, {line.where for line in faulty}
        if well_there := everywhere - ill:
            yield well(check, f"{len(well_there)} of {len(everywhere)} workspaces")
