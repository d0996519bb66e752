"""Every place at which the process can be told to die is in the plan of some test."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import bot
from tests.audit import test_forgetting
from tests.crash import test_book, test_story
from tests.delivery import test_crash
from tests.installs import test_tokens

ROOT = Path(bot.__file__).parent
METHOD = re.compile(r"[a-z]+(\.[a-z][A-Za-z]*)+")
"""A method of Slack's; after each that it calls, the gateway passes `slack.METHOD`."""


def texts_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def named_in(tree: ast.AST) -> Iterator[str]:
    """The places that a module names."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "crash_point"
            and isinstance(node.args[0], ast.Constant)
        ):
            yield str(node.args[0].value)


def named() -> set[str]:
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in ROOT.rglob("*.py")]
    calls = ast.parse((ROOT / "delivery" / "gateway.py").read_text(encoding="utf-8"))
    methods = {f"slack.{text}" for text in texts_in(calls) if METHOD.fullmatch(text)}
    return methods | {name for tree in trees for name in named_in(tree)}


SHOWN_TO_WHOEVER_ACTS = {
    "slack.chat.getPermalink",
    "slack.chat.postEphemeral",
    "slack.conversations.info",
    "slack.conversations.members",
    "slack.dnd.info",
    "slack.views.publish",
    "slack.views.push",
    "slack.views.update",
}
"""Asked for or shown on the way to an ack, with nothing written before or after: as with views.open
and users.info, which are in a plan, a death leaves nothing behind but a click to be repeated."""


def planned() -> set[str]:
    plans = (
        test_crash.EVERYWHERE,
        test_story.START,
        test_story.ANSWERS,
        test_story.BRIEF,
        test_book.PLAN,
        test_tokens.DEATHS,
        test_forgetting.PLACES,
        SHOWN_TO_WHOEVER_ACTS,
    )
    return {place.partition(":")[0] for plan in plans for place in plan}


def test_every_place_is_in_a_plan() -> None:
    assert named() - planned() == set()
    assert planned() - named() == set()
