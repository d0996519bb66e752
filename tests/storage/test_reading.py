"""A newer release's document is told from one that is broken."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from flows.events import EVENTS
from flows.handover import Handover
from storage.documents import document_of
from storage.reading import NewerReleaseError, read, readable
from tests.make import make_handover, make_started

JSON = dict[str, Any]


def document(**changes: object) -> str:
    known: JSON = json.loads(document_of(make_handover()))
    return json.dumps(known | changes)


@pytest.mark.parametrize("changes", [{"of_tomorrow": 1}, {"stage": "of-tomorrow"}])
def test_a_field_or_value_never_heard_of_is_a_newer_releases(changes: JSON) -> None:
    with pytest.raises(NewerReleaseError):
        read(Handover.model_validate_json, document(**changes))


@pytest.mark.parametrize("changes", [{"account": 7}, {"seq": "many"}, {"created_at": "today"}])
def test_what_is_wrong_is_broken(changes: JSON) -> None:
    with pytest.raises(ValidationError):
        read(Handover.model_validate_json, document(**changes))
    with pytest.raises(ValidationError):
        read(Handover.model_validate_json, document()[:-1])


def test_so_are_events() -> None:
    event = json.loads(make_started().model_dump_json())
    with pytest.raises(NewerReleaseError):
        read(EVENTS.validate_json, json.dumps(event | {"type": "of-tomorrow"}))
    with pytest.raises(ValidationError):
        read(EVENTS.validate_json, json.dumps(event | {"at": "today"}))


def test_what_can_be_read_is_shown() -> None:
    texts = [document(id="H1"), document(id="H2", of_tomorrow=1), document(id="H3")]
    assert [found.id for found in readable(Handover.model_validate_json, texts)] == ["H1", "H3"]
