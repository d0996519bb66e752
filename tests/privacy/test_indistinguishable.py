"""Two handovers alike but for the confidential field are the same to all but their leaders."""

import difflib
from pathlib import Path

from bot.sandbox import Person
from tests.privacy.cast import Cast, cast
from tests.privacy.story import Story
from tests.privacy.traces import payloads, screens, stored

Seen = dict[str, list[str]]
"""What came of one play: each person's screen and client, and what is stored of them."""


def outsiders(play: Cast) -> list[Person]:
    """Both CSMs, the one who declined, an admin, a leader and a CSM without a part."""
    return [person for person in play.everybody if person != play.stage.lena]


def played(folder: Path, confidential: str, *, whole: bool, word: str = "") -> Seen:
    """`word` is what Ivan is told, who then is no outsider any more."""
    folder.mkdir()
    with cast(folder) as play:
        story = Story(play, confidential)
        if whole:
            story.whole()
        else:
            story.short(word)
        others = [p for p in outsiders(play) if not word or p != play.stage.ivan]
        # The order is compared in what was sent; here edits come between posts by chance.
        found = {f"{p.name}'s screen": sorted(set(screens(play, p))) for p in others}
        found |= {f"{p.name}'s client": payloads(play, p) for p in others}
        return found | stored(play, others)


def assert_alike(one: Seen, other: Seen) -> None:
    """Nothing is more, less, other or in another order; the failure shows what is."""
    found: list[str] = []
    for name in one:
        found += difflib.unified_diff(one[name], other[name], name, name, lineterm="", n=0)
    shown = "\n".join(line[:600] for line in found)
    assert not found, shown
    assert all(lines for name, lines in one.items() if "'s " in name)


def test_a_whole_handover_looks_like_any_other(tmp_path: Path) -> None:
    """The one reason that asks the leader questions, and everything that there is: the customer is
    heard out, and what they said is passed on, closed and told.
    """
    plain = played(tmp_path / "plain", "None", whole=True)
    assert_alike(plain, played(tmp_path / "secret", "Underperforming", whole=True))


def test_every_confidential_reason_looks_like_none(tmp_path: Path) -> None:
    plain = played(tmp_path / "plain", "None", whole=False)
    unannounced = played(tmp_path / "unannounced", "Departure not announced", whole=False)
    assert_alike(plain, unannounced)
    asked = played(tmp_path / "asked", "Customer asked for a change", whole=False)
    assert_alike(plain, asked)


def test_what_the_incoming_csm_is_told_nobody_else_can_tell(tmp_path: Path) -> None:
    heard = "That the customer wants to be heard"
    plain = played(tmp_path / "plain", "None", whole=False, word="Nothing")
    secret = ("Underperforming", "The confidential reason")
    told = played(tmp_path / "told", secret[0], whole=False, word=secret[1])
    assert_alike(plain, told)
    assert_alike(plain, played(tmp_path / "heard", secret[0], whole=False, word=heard))
