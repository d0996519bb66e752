"""Writes this version's samples: a handover under way, its vault, an event of each type."""

from collections.abc import Iterator, Sequence

from pydantic import BaseModel

from flows import events as e
from flows.confidential import listening_events as ln
from flows.confidential.vault import DeclineExplained, VaultEvent
from flows.handover import DOCUMENT_VERSION, File, Said
from tests.flows import test_listening
from tests.flows.make import IVAN, KIM, LENA, MONDAY, OLGA, made_start
from tests.flows.test_listening import made
from tests.flows.test_rights import TABLE, underway
from tests.flows.test_vault import after, filled, opened
from tests.storage.samples import EVENTS, FOLDER, HANDOVER, VAULT, VAULT_EVENTS


def _handover() -> BaseModel:
    story = underway()
    file = File(id="F1", name="plan.pdf", url="https://files.example.com/F1", size=9)
    story.does(OLGA, e.Asked, id="A1", text="Who renews?")
    story.does(KIM, e.Asked, id="A2", text="When?")
    story.does(
        IVAN, e.AskAnswered, ask="A1", said=Said(source="1795400000.000900", text="Ana does.")
    )
    story.does(IVAN, e.Pasted, id="P1", text="Notes", files=(file,))
    for _ in range(6):
        story.answers(IVAN)
    story.does(IVAN, e.PutOff, question=story.open(IVAN))
    return story.handover


def _events() -> list[BaseModel]:
    usual = {"at": MONDAY, "by": OLGA}
    return [made_start(), *(kind.model_validate(usual | of) for kind, (_, of) in TABLE.items())]


LOOP = (
    ln.CallHeld,
    ln.PointRaised,
    ln.PointChanged,
    ln.PointPassedOn,
    ln.PointClosed,
    ln.PointReopened,
    ln.PointClosed,
    ln.PointTold,
    ln.WordGiven,
)
"""A listening loop from beginning to end."""


def _heard() -> Iterator[VaultEvent]:
    for kind in LOOP:
        point = {"id": "P1"} if "id" in kind.model_fields else {}
        yield made(kind, story, LENA, test_listening.EVENTS[kind] | point)


def _lines(values: Sequence[BaseModel]) -> str:
    return "".join(value.model_dump_json() + "\n" for value in values)


story = underway()
vault = opened(story).vault
kept: list[VaultEvent] = [
    DeclineExplained(at=MONDAY, by=OLGA, text="Too many accounts."),
    filled(),
    *_heard(),
]
for event in kept:
    vault = after(vault, story, event).vault

folder = FOLDER / f"v{DOCUMENT_VERSION}"
folder.mkdir(exist_ok=True)
for name, content in {
    HANDOVER: _handover().model_dump_json(exclude_defaults=True) + "\n",
    VAULT: vault.model_dump_json(exclude_defaults=True) + "\n",
    EVENTS: _lines(_events()),
    VAULT_EVENTS: _lines(kept),
}.items():
    (folder / name).write_text(content, encoding="utf-8")
