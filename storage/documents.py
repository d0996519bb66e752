"""A handover as the JSON that is stored. Only what is new is written out: answers and records,
which are the bulk of it, remember how they were written, and so does what answers leave as it is.
"""

import json

from flows.handover import Handover, Record
from flows.often import ANSWERING, UNLISTED
from flows.remembering import entry_by_entry, remembered, unmoved_by

_ANSWERING = set(ANSWERING)
_OFTEN = _ANSWERING - {"answers", "records"}
_EMPTY = len("{}")


def document_of(handover: Handover) -> str:
    """What `handover.model_dump_json(exclude_defaults=True)` says, in another order."""
    often = handover.model_dump_json(include=_OFTEN, exclude_defaults=True)
    answers = ",".join(_answers(handover).values())
    rest = f'"answers":{{{answers}}},"records":[{_records(handover)}]}}'
    return f"{_seldom(handover)[:-1]},{often[1:-1]}{',' if len(often) > _EMPTY else ''}{rest}"


@unmoved_by(ANSWERING)
def _seldom(handover: Handover) -> str:
    return handover.model_dump_json(exclude=_ANSWERING, exclude_defaults=True)


@entry_by_entry("answers")
def _answers(handover: Handover, question: str) -> str:
    answer = handover.answers[question].model_dump_json(exclude_defaults=True)
    return f"{json.dumps(question)}:{answer}"


@unmoved_by(UNLISTED)
def _records(handover: Handover) -> str:
    return ",".join([_written(record) for record in handover.records])


@remembered
def _written(record: Record) -> str:
    return record.model_dump_json(exclude_defaults=True)
