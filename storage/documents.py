"""A handover as the JSON that is stored. Only what is new is written out: answers and records,
which are the bulk of it, remember how they were written, and so does what answers leave as it is.
"""

import json
from functools import lru_cache

from flows.handover import Answer, Handover, Record
from flows.often import ANSWERING
from flows.remembering import remembered, unmoved_by

_ANSWERING = set(ANSWERING)
_OFTEN = _ANSWERING - {"answers", "records"}
_EMPTY = len("{}")


def document_of(handover: Handover) -> str:
    """What `handover.model_dump_json(exclude_defaults=True)` says, in another order."""
    often = handover.model_dump_json(include=_OFTEN, exclude_defaults=True)
    answers = ",".join(
        [f"{_key(question)}:{_written(answer)}" for question, answer in handover.answers.items()]
    )
    records = ",".join([_written(record) for record in handover.records])
    rest = f'"answers":{{{answers}}},"records":[{records}]}}'
    return f"{_seldom(handover)[:-1]},{often[1:-1]}{',' if len(often) > _EMPTY else ''}{rest}"


@unmoved_by(ANSWERING)
def _seldom(handover: Handover) -> str:
    return handover.model_dump_json(exclude=_ANSWERING, exclude_defaults=True)


@remembered
def _written(part: Answer | Record) -> str:
    return part.model_dump_json(exclude_defaults=True)


@lru_cache(maxsize=1024)
def _key(question: str) -> str:
    return json.dumps(question)
