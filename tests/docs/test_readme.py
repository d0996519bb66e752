"""The README is true: its settings, commands and diagrams are those of the code."""

import re
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from prometheus_client import CollectorRegistry
from pydantic.fields import FieldInfo
from typer.testing import CliRunner

from bot.cli import app
from bot.health import pages
from bot.listeners.commands import WORDS
from bot.serving import STOP_SECONDS
from bot.settings import Settings
from flows.parts import Part
from tests.docs.diagrams import _COLUMNS, README, diagrams, filled

TEXT = README.read_text(encoding="utf-8")


def table(heading: str) -> dict[str, list[str]]:
    """The rows of the table under a heading, by their first cell."""
    section = TEXT.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [line.strip("| ").split("|") for line in section.splitlines() if line.startswith("|")]
    return {row[0].strip().strip("`"): [cell.strip() for cell in row[1:]] for row in rows[2:]}


def test_the_settings_are_those_of_the_code() -> None:
    told = table("Settings")
    fields = {str(field.alias): field for field in Settings.model_fields.values()}
    assert set(told) == set(fields)
    for name, field in fields.items():
        assert (told[name][0] == "needed") == field.is_required()
        if spelled(field):
            assert told[name][0] == f"`{spelled(field)}`"


def spelled(field: FieldInfo) -> str:
    """A default as an operator would type it; empty where there is none."""
    simple = isinstance(field.default, str | int | float)
    return str(field.default) if simple and not field.is_required() else ""


def test_the_commands_are_those_that_are_listened_to() -> None:
    told = {[*row.split(), ""][1] for row in table("What people type")}
    assert told == set(WORDS)


@pytest.mark.parametrize(
    "name", ["serve", "migrate", "doctor", "manifest", "demo", "playbook check"]
)
def test_every_command_has_its_help(name: str) -> None:
    done = CliRunner().invoke(app, [*name.split(), "--help"])
    assert done.exit_code == 0
    assert name.rsplit(maxsplit=1)[-1] in done.stdout


def test_the_make_targets_exist() -> None:
    targets = set(re.findall(r"^(\w+):", (README.parent / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"^make (\w+)", TEXT, re.MULTILINE)) <= targets


def test_the_diagrams_are_what_the_code_does() -> None:
    assert all(f"<!-- {name} -->\n{made[:10]}" in TEXT for name, made in diagrams().items())
    assert set(_COLUMNS) == set(Part)
    assert filled(TEXT) == TEXT


def compose() -> dict[str, Any]:
    """The compose.yaml of the README."""
    (found,) = re.findall(r"```yaml\n# compose.yaml\n(.*?)```", TEXT, re.DOTALL)
    read: dict[str, Any] = yaml.safe_load(found)
    return read


def test_the_replicas_of_the_compose_file_can_be_served() -> None:
    known = compose()
    services = known["services"]
    ours = {name: one for name, one in services.items() if one["image"].startswith("handover:")}
    assert {name for name, one in ours.items() if "command" not in one} == {"bot-1", "bot-2"}
    fields = {str(field.alias): field for field in Settings.model_fields.values()}
    for one in ours.values():
        assert set(one["environment"]) <= set(fields)
        for needed in one["depends_on"]:
            assert needed in services
    for word in ours["migrate"]["command"]:
        assert CliRunner().invoke(app, [word, "--help"]).exit_code == 0
    for name in ("bot-1", "bot-2"):
        bot = ours[name]
        Settings.model_validate(bot["environment"])
        assert bot["hostname"] == name
        assert float(bot["stop_grace_period"].removesuffix("s")) >= STOP_SECONDS + 2
        checked = re.search(r":(\d+)(/\w+)", bot["healthcheck"]["test"][-1])
        assert checked
        assert checked[1] == bot["environment"]["PORT"]
        assert checked[2] in pages({}, CollectorRegistry())
        assert f"{name}:{checked[1]}" in known["configs"]["door"]["content"]
