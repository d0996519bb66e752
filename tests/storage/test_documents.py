"""A handover's document says the whole of it, however much of it was written before."""

import json

from flows.handover import Handover, Record
from flows.terms import RecordKind
from storage.documents import document_of
from tests.bench.material import Workload, half_answered
from tests.make import NOW, OLGA, make_handover


def said(handover: Handover) -> dict[str, object]:
    written: dict[str, object] = json.loads(handover.model_dump_json(exclude_defaults=True))
    return {"answers": {}, "records": []} | written


def test_the_document_is_what_pydantic_would_write() -> None:
    full = half_answered(Workload("T1", "book", 1), 1)
    for handover in (make_handover(), full, full):
        assert json.loads(document_of(handover)) == said(handover)


def test_only_what_is_new_is_written_anew_and_nothing_old_stays() -> None:
    full = half_answered(Workload("T1", "book", 1), 1)
    document_of(full)
    key, answer = next(iter(full.answers.items()))
    record = Record(
        id="R1", kind=RecordKind.RISK, question="TH1", details={"title": '\u2028"'}, by=OLGA, at=NOW
    )
    changed = full.model_copy(
        update={
            "answers": full.answers | {key: answer.model_copy(update={"sensitive": True})},
            "records": (*full.records[1:], record),
        }
    )
    assert json.loads(document_of(changed)) == said(changed)
    assert Handover.model_validate_json(document_of(changed)) == changed
