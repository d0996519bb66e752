"""What was changed in a text, word by word: ~struck out~ what went, *bold* what came.

Both have their marks, so nothing is told by looks alone; lines without a change are left out.
"""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from bot.views.slack_text import escaped

_WORDS = re.compile(r"\n|[^\s]+")
_LOOKALIKES = str.maketrans({"*": "∗", "~": "∼", "_": "＿", "`": "ˋ"})
_GAP = "…"
_PHRASE = 3


def difference(before: str, after: str) -> str:
    """The changed lines as mrkdwn, of two plain texts; empty where no word changed."""
    lines = "".join(_marked(_WORDS.findall(before), _WORDS.findall(after))).split("\n")
    found: list[str] = []
    for line in lines:
        shown = line.strip() if "\x00" in line else _GAP
        if shown != _GAP or found[-1:] != [_GAP]:
            found.append(shown)
    if found == [_GAP]:
        return ""
    return "\n".join(found).replace("\x00", "")


def _marked(before: list[str], after: list[str]) -> Iterator[str]:
    """The words of both in one order; a changed run begins with a mark that is no text."""
    done = (0, 0)
    for stays, goes_on, size in _kept(before, after):
        yield _joined(before[done[0] : stays], "~", ends=False)
        yield _joined(after[done[1] : goes_on], "*")
        done = (stays + size, goes_on + size)
        yield _joined(after[goes_on : done[1]], "")


def _kept(before: list[str], after: list[str]) -> list[tuple[int, int, int]]:
    """Where both are the same, and for how many words; a word or two between changes is changed
    with them, so that whole phrases are read.
    """
    runs = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    ends = (len(before), len(after))
    found = []
    for run in runs:
        words = [word for word in after[run.b : run.b + run.size] if word != "\n"]
        at_an_end = (run.a, run.b) == (0, 0) or (run.a + run.size, run.b + run.size) == ends
        if len(words) >= _PHRASE or at_an_end:
            found.append((run.a, run.b, run.size))
    return found


def _joined(words: list[str], mark: str, *, ends: bool = True) -> str:
    """Words in lines, each line marked by itself; the ends of lines that went are no ends now."""
    lines = " ".join(words).split("\n") if ends else [" ".join(w for w in words if w != "\n")]
    return "\n".join(_run(line.strip(), mark) for line in lines)


def _run(line: str, mark: str) -> str:
    if not line:
        return ""
    if not mark:
        return f"{escaped(line)} "
    return f"\x00{mark}{escaped(line.translate(_LOOKALIKES))}{mark} "
