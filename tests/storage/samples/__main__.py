"""Writes this version's samples: a handover under way, its vault, an event of each type."""

from collections.abc import Sequence

from pydantic import BaseModel

from flows import events as e
from flows.handover import DOCUMENT_VERSION, File, Said
from flows.vault import DeclineExplained
from tests.flows.make import IVAN, KIM, MONDAY, OLGA, made_start
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


def _lines(values: Sequence[BaseModel]) -> str:
    return "".join(value.model_dump_json() + "\n" for value in values)


story = underway()
step = opened(story)
declined = DeclineExplained(at=MONDAY, by=OLGA, text="Too many accounts.")
vault = after(after(step.vault, story, declined).vault, story, filled()).vault

folder = FOLDER / f"v{DOCUMENT_VERSION}"
folder.mkdir(exist_ok=True)
for name, content in {
    HANDOVER: _handover().model_dump_json(exclude_defaults=True) + "\n",
    VAULT: vault.model_dump_json(exclude_defaults=True) + "\n",
    EVENTS: _lines(_events()),
    VAULT_EVENTS: _lines([declined, filled()]),
}.items():
    (folder / name).write_text(content, encoding="utf-8")
