"""What flows refuses, each with a stable code that the outer rooms turn into words."""

from collections.abc import Sequence

from typing_extensions import override


class FlowError(Exception):
    """An event that does not fit the handover; the handover is as it was.

    `code` is stable and says which rule refused; `field` names the field of a form
    that is at fault, if one is.
    """

    def __init__(self, code: str, *, field: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.field = field

    @property
    def faults(self) -> tuple["FlowError", ...]:
        """Everything that is wrong, each thing with its field."""
        return (self,)


class FormError(FlowError):
    """Everything that is wrong with a form (at least one thing); code and field are the first's."""

    def __init__(self, faults: Sequence[FlowError]) -> None:
        super().__init__(faults[0].code, field=faults[0].field)
        self._faults = tuple(faults)

    @property
    @override
    def faults(self) -> tuple[FlowError, ...]:
        return self._faults


class PlaybookError(Exception):
    """A playbook that cannot be used; `problems` has one readable line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
