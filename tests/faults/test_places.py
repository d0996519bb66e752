"""Every place at which the process can be told to die is died at by some test, on both databases."""

import ast
from collections.abc import Iterator
from pathlib import Path

import bot
from tests.crash import test_book, test_story
from tests.delivery import test_crash

ROOT = Path(bot.__file__).parent
CALLS = {"_call", "_ask", "_open", "_look"}
"""The gateway's own ways to a method of Slack's, each of which passes `slack.METHOD`."""


def named_in(tree: ast.AST) -> Iterator[str]:
    """The places that a module names, and the methods of Slack's that it calls."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and node.args):
            continue
        first = node.args[0]
        if not (isinstance(first, ast.Constant) and isinstance(first.value, str)):
            continue
        if isinstance(node.func, ast.Name) and node.func.id == "crash_point":
            yield first.value
        if isinstance(node.func, ast.Attribute) and node.func.attr in CALLS:
            yield f"slack.{first.value}"


def planned() -> set[str]:
    plans = (
        test_crash.PLACES,
        test_story.START,
        test_story.ANSWERS,
        test_story.BRIEF,
        test_book.PLAN,
    )
    return {place.partition(":")[0] for plan in plans for place in plan}


def test_every_place_is_in_a_plan() -> None:
    named = {
        name
        for file in ROOT.rglob("*.py")
        for name in named_in(ast.parse(file.read_text(encoding="utf-8")))
    }
    print(sorted(named - planned()), len(named))
    assert named - planned() == set()
    assert planned() - named == set()
