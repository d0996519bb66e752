"""Whoever is forgotten and whatever they are called: what is left is what it was, and no name."""

import json
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flows import events as e
from flows.advance import replay
from flows.audit.forgetting import Forgetting
from flows.confidential.vault import VAULT_EVENTS
from flows.events import EVENTS
from flows.handover import File, Handover, Said
from storage.documents import document_of
from tests.flows.make import BORIS, IVAN, KIM, LENA, OLGA, Story
from tests.flows.test_rights import underway
from tests.storage import samples

ALIAS = "Former colleague 0f0f0f0f"
NASTY = (
    *("Ólga Costa", unicodedata.normalize("NFD", "Ólga Costa"), 'Olga "Ol" Costa', "O'Neil \\ Ba"),
    *(
        "Иван Петров",
        "山田 太郎",
        "Jo Li",
        "İpek Weiß",
        "{}",
        '"by":',
        "null",
        "1",
        "🙁 ☂",
        "\u202e x",
    ),
)


@cache
def story() -> Story:
    """A handover under way, of which much is said."""
    story = underway()
    file = File(id="F1", name="plan.pdf", url="https://files.example.com/F1", size=9)
    words = f"{'; '.join(NASTY)}, <@{OLGA}|ol> and {OLGA}2, not x{OLGA}"
    story.does(OLGA, e.Asked, id="A1", text=words)
    story.does(KIM, e.Asked, id="A2", text="When?")
    answer = Said(source="1795400000.000900", text=unicodedata.normalize("NFD", words))
    story.does(IVAN, e.AskAnswered, ask="A1", said=answer)
    story.does(IVAN, e.Pasted, id="P1", text=words, files=(file,))
    for _ in range(6):
        story.answers(IVAN)
    story.does(IVAN, e.PutOff, question=story.open(IVAN))
    return story


@cache
def every_kind() -> list[tuple[str, Callable[[str], Any]]]:
    """An event of each type, as stored, and what reads it."""
    kinds = ((samples.EVENTS, EVENTS), (samples.VAULT_EVENTS, VAULT_EVENTS))
    return [
        (line, known.validate_json)
        for file, known in kinds
        for line in (samples.FOLDER / "v1" / file).read_text(encoding="utf-8").splitlines()
    ]


def strings(value: Any) -> Iterator[str]:  # noqa: ANN401 - whatever JSON holds
    """Every key and every text."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)
    elif isinstance(value, dict):
        yield from value
        for one in value.values():
            yield from strings(one)


@cache
def known_words() -> list[str]:
    told = [event.model_dump_json() for event in story().journal] + [
        line for line, _ in every_kind()
    ]
    found = {word for text in told for word in strings(json.loads(text))}
    return sorted(found | {part for word in found for part in word.split()})


PEOPLE = (OLGA, IVAN, LENA, KIM)


@st.composite
def anybody(draw: st.DrawFn) -> Forgetting:
    """By any id and any names: words that stand in what is stored, and some that are hard."""
    person = draw(st.sampled_from([*PEOPLE, "U", "UOL"]))
    words = st.sampled_from([word for word in known_words() if word not in (*PEOPLE, BORIS)])
    name = st.one_of(
        words, words.map(str.upper), st.sampled_from(NASTY), st.text(min_size=1, max_size=12)
    ).filter(str.strip)
    return Forgetting(person=person, alias=ALIAS, names=tuple(draw(st.lists(name, max_size=3))))


@settings(deadline=None, max_examples=12)
@given(who=anybody())
@example(who=Forgetting(person=OLGA, alias=ALIAS, names=NASTY))
@example(who=Forgetting(person=OLGA, alias=ALIAS, names=("green", "type", "S2", "2026-12-18")))
def test_every_event_is_still_the_event_that_it_was(who: Forgetting) -> None:
    for stored, parse in every_kind():
        after = parse(who.document(stored, parse))
        assert after.type == json.loads(stored)["type"]
        assert who.person not in _ids(after)


def _ids(event: Any) -> list[Any]:  # noqa: ANN401 - any event
    return [event.by, getattr(event, "to", None), getattr(event, "user", None)]


@settings(deadline=None, max_examples=25)
@given(who=anybody())
@example(who=Forgetting(person=OLGA, alias=ALIAS, names=NASTY))
@example(who=Forgetting(person=OLGA, alias=ALIAS, names=("what", "S2", "green")))
def test_a_journal_tells_of_the_handover_that_is_stored(who: Forgetting) -> None:
    parse = EVENTS.validate_json
    told = [parse(who.document(event.model_dump_json(), parse)) for event in story().journal]
    document = who.document(document_of(story().handover), Handover.model_validate_json)
    stored = Handover.model_validate_json(document)
    # An answer that was nothing but a name has more words now, and is not asked about again.
    asked = {"interviews", "follow_ups"}
    again = replay(told, story().playbook)
    assert again.model_dump(exclude=asked) == stored.model_dump(exclude=asked)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("name", NASTY)
def test_a_name_of_words_goes_however_it_is_written(name: str, form: Any) -> None:  # noqa: ANN401 - a Literal
    written = unicodedata.normalize(form, name)
    who = Forgetting(person="U1", alias=ALIAS, names=(name,))
    said = Said(source="1.1", text=f"Ask ({written}) now").model_dump_json()
    assert who.may_stand_in(said)
    without = Said.model_validate_json(who.document(said, Said.model_validate_json))
    assert without.text == (f"Ask ({ALIAS}) now" if " " in name else f"Ask ({written}) now")
    alone = Said(source="1.1", text=f" {written}\n").model_dump_json()
    assert Said.model_validate_json(who.document(alone, Said.model_validate_json)).text == ALIAS


def test_an_id_within_another_is_another() -> None:
    who = Forgetting(person="U1", alias="X", names=())
    assert who.text("U1, <@U1|ol>, U12, WU1 and key:U1:2") == "X, X, U12, WU1 and key:X:2"


def test_where_there_is_no_room_for_an_alias_a_name_goes_all_the_same() -> None:
    """A title has 200 characters, and an alias is longer than most names."""
    title = "Jo Li, " * 28
    started = story().journal[0].model_copy(update={"account": title})
    who = Forgetting(person="U1", alias=ALIAS, names=("Jo Li",))
    parse = EVENTS.validate_json
    without = who.document(started.model_dump_json(), parse)
    assert json.loads(without)["account"] == "…, " * 28


def test_who_is_named_like_somebody_else_in_part_is_somebody_else() -> None:
    who = Forgetting(person="U1", alias="X", names=("Olga Costa",))
    others = unicodedata.normalize("NFD", "Olga Costá, Volga Costa, Olga Costas")
    assert who.text(others) == others
    assert who.text("OLGA\u00a0 costa's") == "X's"
