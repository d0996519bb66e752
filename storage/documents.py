"""A handover as the JSON that is stored. Of its answers and records, which are the bulk of it, only
what is new is written out; the others remember how they were written.
"""

import json
from functools import lru_cache

from flows.handover import Answer, Handover, Record
from flows.remembering import remembered


def document_of(handover: Handover) -> str:
    """What `handover.model_dump_json(exclude_defaults=True)` says, in another order."""
    rest = handover.model_copy(update={"answers": {}, "records": ()})
    answers = ",".join(
        f"{_key(question)}:{_written(answer)}" for question, answer in handover.answers.items()
    )
    records = ",".join(_written(record) for record in handover.records)
    written = rest.model_dump_json(exclude_defaults=True)
    return f'{written[:-1]},"answers":{{{answers}}},"records":[{records}]}}'


@remembered
def _written(part: Answer | Record) -> str:
    return part.model_dump_json(exclude_defaults=True)


@lru_cache(maxsize=1024)
def _key(question: str) -> str:
    return json.dumps(question)
