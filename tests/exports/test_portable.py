"""JSON: what its published schema says, and enough to be read back in."""

import json
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from flows import events as e
from flows.advance import advance
from flows.handover import Handover, Record
from flows.taking_over.brief import make_brief
from flows.taking_over.portable import brief_schema, portable, read_portable, write_portable
from tests.exports.material import full_pack
from tests.make import LENA, NOW, OLGA, default_playbook, name_of

BOOK = default_playbook()
SCHEMA = files("flows").joinpath("brief.schema.json").read_text(encoding="utf-8")


def written(handover: Handover, viewer: str = LENA) -> str:
    return write_portable(portable(make_brief(handover, BOOK, viewer, NOW), name_of))


def test_the_published_schema_is_the_models() -> None:
    assert brief_schema() == SCHEMA
    Draft202012Validator.check_schema(json.loads(SCHEMA))


def test_a_brief_is_what_the_schema_says() -> None:
    validator = Draft202012Validator(json.loads(SCHEMA))
    content = json.loads(written(full_pack()))
    assert list(validator.iter_errors(content)) == []
    assert (content["kind"], content["schema_version"]) == ("handover-brief", 1)
    assert content["version"] == 103
    assert list(validator.iter_errors(content | {"schema_version": 2}))


def test_it_can_be_read_back_in() -> None:
    handover = full_pack(records=200, documents=100)
    pasted = e.Pasted(at=NOW, by=OLGA, id="P1", text="Old notes")
    handover = advance(handover, pasted, BOOK).handover
    found = read_portable(written(handover))
    answers = {answer.question: answer for part in found.sections for answer in part.answers}
    assert set(answers) == set(handover.answers)
    for key, answer in handover.answers.items():
        assert (answers[key].verdict, answers[key].given) == (answer.verdict, answer.given)
        assert (answers[key].by, answers[key].at) == (answer.by, answer.at)
        listed = {r.source for r in handover.records if r.question == key}
        kept = [s.text for s in answer.said if BOOK.by_id[key].covers or s.source not in listed]
        assert list(answers[key].texts) == kept
    records = {record.id: record for part in found.sections for record in part.records}
    assert {key: record.details for key, record in records.items()} == {
        record.id: record.details for record in handover.records if _is_listed(record)
    }
    documents = [one.details for part in found.sections for one in part.documents if one.details]
    assert documents == [record.details for record in handover.records if not _is_listed(record)]
    assert found.unsorted == handover.unsorted
    assert found.people[OLGA] == "Olga"


def test_another_file_is_refused() -> None:
    with pytest.raises(ValidationError):
        read_portable('{"kind": "something else"}')


def _is_listed(record: Record) -> bool:
    return record.kind != "document"
