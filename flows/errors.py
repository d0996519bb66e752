"""What flows refuses, each with a stable code that the outer rooms turn into words."""


class FlowError(Exception):
    """An event that does not fit the handover; the handover is as it was.

    `code` is stable and says which rule refused; `field` names the field of a form
    that is at fault, if one is.
    """

    def __init__(self, code: str, *, field: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.field = field


class PlaybookError(Exception):
    """A playbook that cannot be used; `problems` has one readable line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
