"""What whoever leads can decide about a task of somebody else."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from flows.happened import Happened

Words = Annotated[str, Field(max_length=2000)]


class TaskExtended(Happened):
    """Somebody got more time for a task, named by its key."""

    type: Literal["task_extended"] = "task_extended"
    key: str
    day: date
    why: Words = ""


class TaskReassigned(Happened):
    """Somebody else is to do a task, named by its key."""

    type: Literal["task_reassigned"] = "task_reassigned"
    key: str
    to: str
    why: Words = ""


class TaskWaived(Happened):
    """A task, named by its key, need not be done."""

    type: Literal["task_waived"] = "task_waived"
    key: str
    why: Words
