"""Scenes for tests: one handover, one reader."""

from bot.views.messages import Scene
from flows.confidential.vault import Vault
from flows.handover import Handover
from tests.make import NOW, default_playbook, make_vault, name_of


def make_scene(handover: Handover, viewer: str, vault: Vault | None = None) -> Scene:
    return Scene(
        handover=handover,
        playbook=default_playbook(),
        vault=vault or make_vault(),
        viewer=viewer,
        names=name_of,
        now=NOW,
        others={viewer: 2},
    )
