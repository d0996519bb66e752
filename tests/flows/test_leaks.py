"""The leak check: what a customer is not to read is found however it is written, nothing else."""

from collections.abc import Callable
from decimal import Decimal
from importlib.resources import files
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows import events as e
from flows.errors import PlaybookError
from flows.handover import (
    Answer,
    Handover,
    Move,
    Record,
    Said,
    Schedule,
    Taught,
    TeachBack,
    Topic,
    Unsorted,
)
from flows.happened import ForCustomer
from flows.playbook import read_playbook
from flows.terms import RecordKind
from flows.texts import for_customers
from flows.texts.leaks import Leak, LeakKind, check, name_key, name_keys
from tests.flows.make import IVAN, PLAYBOOK, Story
from tests.make import NOW

OTHERS = (
    "Contoso GmbH",
    "Fabrikam",
    "Blue Yonder Airlines",
    "SAP",
    "Target",
    "Müller & Söhne",
    "Northwind",
    "Training",
    "It",
)
"""What else is handed over in this workspace; the account is Northwind Traders."""


def sensitive(text: str, key: str = "CC2") -> Handover:
    """Ivan hands Northwind Traders to Olga and has told something in confidence."""
    story = Story(account="Northwind Traders", arr=Decimal(250000))
    answer = Answer(by=IVAN, at=NOW, said=(Said(source="1.1", text=text, by=IVAN),), sensitive=True)
    return story.handover.model_copy(update={"answers": {key: answer}})


CLOSE = sensitive("Larkspur: never mention the merger to Ana. Pemberton\nHates being surprised")

LEAKS = (
    # Why somebody really goes: nobody lets it through.
    ("Ivan was underperforming, so Olga takes over.", "vault", "underperforming"),
    ("We moved you because of UNDERPERFORMANCE.", "vault", "UNDERPERFORMANCE"),
    ("Ivan has been under-performing.", "vault", "under-performing"),
    ("Ivan was under\u200bperforming", "vault", "under\u200bperforming"),
    ("Ivan was u.n.d.e.r.p.e.r.f.o.r.m.i.n.g", "vault", "u.n.d.e.r.p.e.r.f.o.r.m.i.n.g"),
    ("He was u n d e r p e r f o r m i n g a lot", "vault", "u n d e r p e r f o r m i n g a"),
    ("Ivan was ünderperfôrming", "vault", "ünderperfôrming"),
    ("Ivan was undеrpеrfоrming", "vault", "undеrpеrfоrming"),
    ("Ivan was \uff55\uff4e\uff44\uff45\uff52\uff50erforming", "vault", None),
    ("Ivan was un*der*per*forming", "vault", "un*der*per*forming"),
    ("Ivan was let go last week.", "vault", "was let go"),
    ("We let Ivan go.", "vault", "let Ivan go"),
    ("We let our colleague go.", "vault", "let our colleague go"),
    ("Ivan's contract was terminated.", "vault", "Ivan's contract was terminated"),
    ("Your contact got fired.", "vault", "contact got fired"),
    ("She's been fired", "vault", "She's been fired"),
    ("Ivan was laid off.", "vault", "laid off"),
    ("There is a performance improvement plan.", "vault", "performance improvement plan"),
    ("His departure is not announced yet.", "vault", "departure is not announced"),
    ("I can't tell you the confidential reason.", "vault", "confidential reason"),
    # What may tell it.
    ("Fired last week, so Olga takes over.", "hint", "Fired"),
    ("There was a performance issue.", "hint", "performance issue"),
    ("The performance issues of your CSM", "hint", "performance issues of your CSM"),
    ("Ivan resigned, and Olga takes over.", "hint", "resigned"),
    ("Ivan has decided to quit.", "hint", "Ivan has decided to quit"),
    ("The customer complained about Ivan.", "hint", "complained about Ivan"),
    ("He gave his notice on Monday.", "hint", "gave his notice"),
    ("Ivan's performance was the reason.", "hint", "Ivan's performance"),
    ("It isn't public yet.", "hint", "isn't public yet"),
    ("You asked for a different contact.", "hint", "asked for a different contact"),
    # What was told in confidence.
    ("We never mention the merger to Ana, promised.", "private", "never mention the merger to Ana"),
    ("NEVER  mention—the merger!", "private", "NEVER  mention—the merger"),
    ("Greetings from Pemberton", "private", "Pemberton"),
    ("I know that Tom hates being surprised.", "private", "hates being surprised"),
    # Other accounts.
    ("As we did for Contoso in May", "account", "Contoso"),
    ("as we did for CONTOSO GMBH", "account", "CONTOSO"),
    ("As with C-o-n-t-o-s-o", "account", "C-o-n-t-o-s-o"),
    ("Blue  Yonder Airlines do it, too", "account", "Blue  Yonder Airlines"),
    ("like Muller &amp; Sohne", "account", "Muller &amp; Sohne"),
    ("like SAP does", "account", "SAP"),
    # What they pay, and how we rate them.
    ("You pay us 250000 a year.", "revenue", "250000"),
    ("You pay us 250,000 a year.", "revenue", "250,000"),
    ("You pay us 250.000,00 EUR.", "revenue", "250.000,00 EUR"),
    ("You pay us 250 000", "revenue", "250 000"),
    ("A 250k account", "revenue", "250k"),
    ("A €250k account", "revenue", "€250k"),
    ("It is worth $0.25m.", "revenue", "$0.25m"),
    ("It is worth 0,25 Mio €", "revenue", "0,25 Mio €"),
    ("Health: amber", "rating", "Health: amber"),
    ("The account is red at the moment.", "rating", "account is red"),
    ("Your NRR was fine.", "rating", "NRR"),
    ("We fear that you churn.", "rating", "churn"),
    ("There is upsell in it, and up-selling.", "rating", "upsell"),
    ("The likelihood of the renewal is low.", "rating", "likelihood of the renewal"),
    ("Your ARR", "rating", "ARR"),
    ("Tom is a sceptic", "rating", "sceptic"),
)
KINDS = {
    "vault": (LeakKind.REASON, False),
    "hint": (LeakKind.REASON, True),
    "private": (LeakKind.PRIVATE, True),
    "account": (LeakKind.ACCOUNT, True),
    "revenue": (LeakKind.REVENUE, True),
    "rating": (LeakKind.RATING, True),
}
HARMLESS = (
    "Ivan is leaving us, and Olga will look after you from now on.",
    "We fixed the performance issues of your export, and it performs well.",
    "The team reported performance problems when many users log in.",
    "The alert was fired twice last night; please let go of the old rule.",
    "We re-signed the contract in May.",
    "Your subscription can be terminated any month.",
    "Please quit the app and start it again.",
    "I take on a new role here; it was a joy to work with you.",
    "The date of the release is not public yet.",
    "We know that a change asks something of you; here is what stays as it is.",
    "Olga has looked after clinics for six years and led the rollout at three of them.",
    "Northwind is in good hands, and so are the Traders.",
    "Our target for the training is 40 people; it is next to your office.",
    "Within it, 25,000 rows are exported in 250 seconds, by 2026.",
    "Health data stays in the EU; green is the colour of the button.",
    "Please tell Ana that the review is on Tuesday 8 December at 10.",
    "Being surprised by a bill hates nobody.",
    "The account manager is Olga, her mail is on the way.",
    "Arrange a call, and a sap of a tree.",
    "We upgraded the up-to-date sales page.",
    "Who is fired up for the workshop?",
    "Sorry for the performance issues last week; the issue you reported is solved.",
    "The health check was green; thanks for answering the NPS survey.",
    "The build fired a webhook, so we dismissed the idea.",
    "You gave us notice in time. A real reason to celebrate!",
    "Please let us know, and we will let you go through the list first.",
    "Your chance to renew at the old price ends in May.",
    "It is our risk if the export is late.",
)


def found(text: str, handover: Handover = CLOSE) -> tuple[Leak, ...]:
    return check(text, handover, PLAYBOOK, OTHERS)


@pytest.mark.parametrize(("text", "kind", "words"), LEAKS)
def test_a_leak_is_found_and_told_in_the_typists_own_words(
    text: str, kind: str, words: str | None
) -> None:
    leaks = found(text)
    first = leaks[0]
    assert (first.kind, first.overridable) == KINDS[kind], leaks
    assert first.words == text[first.at : first.at + len(first.words)]
    assert words is None or words == first.words
    assert {leak.kind for leak in leaks} == {first.kind}


@pytest.mark.parametrize("text", [*HARMLESS, *PLAYBOOK.wordings.values()])
def test_what_customers_are_told_every_day_is_none(text: str) -> None:
    assert found(text.format(outgoing="Ivan", incoming="Olga")) == ()


def test_what_this_handover_does_not_keep_close_is_none_here() -> None:
    """The words of the playbook are the same everywhere; everything else hangs on the handover."""
    plain = Story(arr=Decimal(9000)).handover
    for text, kind, _words in LEAKS:
        leaks = check(text, plain, PLAYBOOK)
        if kind in {"vault", "hint", "rating"}:
            assert leaks == found(text)
        else:
            assert leaks == ()
    assert [leak.words for leak in check("9000 users pay us €9k", plain, PLAYBOOK)] == ["€9k"]


@pytest.mark.parametrize(
    ("arr", "text", "leaks"),
    [
        ("48000.50", "48k", True),
        ("250000", "٢٥٠٠٠٠", True),
        ("250000", "２５０ｋ", True),
        ("48000.50", "48,000", True),
        ("48000.50", "48,000.50", True),
        ("252000", "0.25m", True),
        ("1200000", "1.2 million", True),
        ("600000", "1m", False),
        ("250000", "2500", False),
        ("250000", "250", False),
        ("250000", "version 250.000.1", False),
        ("2026", "in 2026", False),
        ("2026", "2,026 EUR", True),
    ],
)
def test_revenue_is_known_in_its_usual_spellings(arr: str, text: str, leaks: bool) -> None:
    handover = Story(arr=Decimal(arr)).handover
    assert bool(check(text, handover, PLAYBOOK)) == leaks


# --- What was told in confidence ---

LETTERS = "bcdfghjklmnpqrstvwxz"
made_up = st.text(LETTERS, min_size=6, max_size=12)


@given(st.lists(made_up, min_size=1, max_size=8, unique=True), st.sampled_from(range(9)))
def test_a_canary_is_found_wherever_it_was_planted(canary: list[str], place: int) -> None:
    """Whatever stands as a passage of its own where only a few read is found when it is copied."""
    planted = " ".join(canary)
    text = f"Thank you for the good years! {planted.upper()}, and see you soon."
    leaks = check(text, PLACES[place](f"Our words.\n{planted}"), PLAYBOOK)
    assert [(leak.kind, leak.words) for leak in leaks] == [(LeakKind.PRIVATE, planted.upper())]
    assert check(text, Story().handover, PLAYBOOK) == ()


@given(st.lists(made_up, min_size=12, max_size=20, unique=True), st.data())
def test_four_words_in_a_row_are_enough(secret: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(secret) - 4))
    part = " - ".join(secret[start : start + 4])
    assert check(f"As we say: {part}!", sensitive(" ".join(secret)), PLAYBOOK)


def record(kind: RecordKind, question: str = "S1", **details: str) -> Handover:
    one = Record(id="R", kind=kind, question=question, details=details, by=IVAN, at=NOW)
    return Story().handover.model_copy(update={"records": (one,)})


def taught(text: str) -> Handover:
    item = Taught(topic=Topic.SENSITIVE, about="CC2", answer=text)
    return Story().handover.model_copy(update={"teach_back": TeachBack(at=NOW, items=(item,))})


def noted(**words: str) -> Handover:
    piece = Unsorted.model_validate({"id": "P", "by": IVAN, "at": NOW} | words)
    return Story().handover.model_copy(update={"unsorted": (piece,)})


def moved(text: str) -> Handover:
    handover = Story().handover
    move = Move(key="introduction", day=handover.day, by=IVAN, at=NOW, why=text)
    return handover.model_copy(update={"schedule": Schedule(moves=(move,))})


PLACES: list[Callable[[str], Handover]] = [
    sensitive,
    lambda text: sensitive(text, "S4"),
    lambda text: record(RecordKind.STAKEHOLDER, watch_outs=text),
    lambda text: record(RecordKind.RISK, what=text),
    lambda text: record(RecordKind.EPISODE, "CC2", what=text),
    taught,
    lambda text: noted(note=text),
    lambda text: noted(text=text, question="CC2"),
    moved,
]


def test_names_that_a_customer_knows_do_not_tell() -> None:
    handover = sensitive("Call Ana Silva of Northwind first\nAna Silva")
    known = record(RecordKind.STAKEHOLDER, name="Ana Silva").records
    both = handover.model_copy(update={"records": known})
    assert check("Please call Ana Silva of Northwind first.", both, PLAYBOOK) == ()


# --- The names of accounts ---


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Contoso GmbH", "contoso"),
        ("  CONTOSO,   Inc. ", "contoso"),
        ("AT&amp;T", "at t"),
        ("Müller &amp; Söhne", "muller sohne"),
        ("Northwind-Traders", "northwind traders"),
        ("One Two Three Four Five Six Seven", "one two three four five six"),
        ("SE", "se"),
        ("🙂", ""),
    ],
)
def test_an_account_is_looked_for_by_its_plain_words(name: str, key: str) -> None:
    assert name_key(name) == key
    assert not key or key in name_keys(f"We know {name}, as you do.")


@given(st.lists(made_up, min_size=1, max_size=3), st.sampled_from(["{}", "({})", "{}'s", "*{}*"]))
def test_a_name_that_the_check_finds_is_among_the_keys(name: list[str], how: str) -> None:
    text = f"It works at {how.format(' '.join(name))} as well"
    assert name_key(" ".join(name)) in name_keys(text)
    assert check(text, CLOSE, PLAYBOOK, [" ".join(name)])


# --- The playbook ---


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('"laid off"', '"laid-off"', "leaks.vault.*'laid-off' is no entry"),
        ('"laid off"', '"*"', "is no entry"),
        ('"laid off"', '"{csm}"', "is no entry"),
        ('"laid off"', '"look after"', "wordings: attrition says 'look after'.*leaks.vault lists"),
        ("[leaks]", "[other]", "leaks: Field required"),
    ],
)
def test_a_playbook_with_a_bad_list_is_refused(old: str, new: str, problem: str) -> None:
    text = files("flows").joinpath("playbook.toml").read_text(encoding="utf-8")
    with pytest.raises(PlaybookError, match=problem):
        read_playbook(text.replace(old, new))


def test_every_event_with_words_for_a_customer_tells_which_they_are() -> None:
    """Or a name in them would never be looked up."""
    events = {kind for kind in get_args(e.Event) if issubclass(kind, ForCustomer)}
    assert {e.ReasonWorded, e.PackAccepted} <= events
    assert events == set(for_customers._WORDS)


@pytest.mark.parametrize(
    "text",
    ["a." * 1500, "1 111" * 600, "let go " * 420, "not " * 750, "\u200b" * 3000, "1" * 3000],
)
def test_no_text_takes_long(text: str) -> None:
    assert len(check(text, CLOSE, PLAYBOOK, OTHERS)) < 1000
