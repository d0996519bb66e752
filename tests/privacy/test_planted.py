"""Thousands of handovers with a word planted in every field, and all that goes out of them."""

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import pytest

from bot.delivery.port import Row as Addressed
from bot.exports.book_rows import book_csv
from bot.exports.customer import customer_markdown, customer_word
from bot.exports.files import export, slug
from bot.exports.formats import FOR_THE_CUSTOMER, Format
from bot.ids import Ref
from bot.rendering import seen_by
from bot.sandbox.reading import readable
from bot.views.blocks import Message, actions, button
from bot.views.books import table as book_table
from bot.views.books.scene import BookScene
from bot.views.books.table import Filter
from bot.views.home import home_view
from bot.views.lists import list_message, show_message
from bot.views.messages import BUILDERS, build
from bot.views.rows import Row
from bot.views.scene import Scene
from bot.views.staffing import leader_forms
from bot.views.taking_over import receiving_forms
from bot.views.texts import wording
from flows.books.book import Book
from flows.confidential.vault import vault_posts, vault_tasks
from flows.effects import Kind, effects
from flows.errors import FlowError
from flows.events import PackAccepted
from flows.handover import Handover
from flows.privacy import as_read_by, is_asked, leads, may_know, may_read_sensitive
from flows.schedule.milestones import Track
from flows.schedule.timeline import make_plan
from flows.tasks import all_tasks
from flows.terms import RecordKind
from flows.texts.composing import composed
from flows.texts.kept_close import kept_close
from flows.texts.leaks import LeakError, let_through
from flows.texts.safe_facts import safe_facts
from flows.texts.wording import proposed
from storage.tasks import BookTask
from tests.make import IVAN, KIM, LENA, NOW, OLGA, name_of
from tests.privacy.planting import (
    BOOK,
    BORIS,
    GUS,
    LEADERS,
    OLGAS,
    TESS,
    ZOE,
    Canary,
    Planted,
    canaries,
    planted,
)

HANDOVERS, PARTS = 2_000, 4
EVERYBODY = (OLGA, IVAN, LENA, BORIS, KIM, ZOE, TESS, GUS)
SAMPLED = 50
"""One in so many is also written as Word, which takes longer than all the rest."""


@dataclass(frozen=True)
class Out:
    """Something that goes out: where it comes from, what it says, and what it may say."""

    source: str
    text: str
    allowed: set[Canary]

    @property
    def leaked(self) -> set[Canary]:
        return canaries(self.text) - self.allowed


Source = Callable[[Planted], Iterator[Out]]


def for_the_customer(one: Planted) -> Iterator[Out]:
    """The copy, and the part of the plan that the customer takes part in."""
    handover = one.handover
    told = one.allowed(one.known - {"wording"})
    theirs = [m for m in make_plan(handover, BOOK).milestones if m.track is Track.CUSTOMER]
    yield Out("plan", " ".join(f"{m.title} {m.day}" for m in theirs), set())
    written = {f"answer{key}" for key in ("tr2", "pr1", "sg1", "sg2")}
    for text in composed(handover, BOOK):
        yield Out("draft", text.text, one.allowed(one.known | written))
    try:
        facts = safe_facts(handover, BOOK, LENA)
    except FlowError:
        return
    yield Out("safe facts", facts.model_dump_json(), told)
    yield Out("copy in Markdown", customer_markdown(facts, name_of, NOW), told)
    if one.number % SAMPLED == 0:
        yield Out("copy in Word", readable(customer_word(facts, name_of, NOW)), told)


def typed(one: Planted) -> Iterator[Out]:
    """A text for the customer in which somebody uses a passage that is kept close: typed by a CSM,
    or told as the reason that is then proposed.
    """
    closed = [passage for passage in kept_close(one.handover, BOOK) if canaries(passage)]
    text = f"Dear Ana, {closed[one.number // 2 % len(closed)]} See you!"
    if one.number % 2:
        try:
            let_through(OLGA, text, "", one.handover, BOOK)
        except LeakError as error:
            yield Out("refusal", f"{error!r} {error}", set())
        else:
            yield Out("typed text", text, set())
        return
    answer = one.handover.answers["TR1"]
    said = (answer.said[0].model_copy(update={"text": text}),)
    answers = one.handover.answers | {"TR1": answer.model_copy(update={"said": said})}
    asked = one.handover.model_copy(update={"answers": answers, "wording": None})
    found = proposed(asked, PackAccepted(at=NOW, by=IVAN), BOOK).wording
    yield Out("proposal", found.text if found else "", set())


def read_by(one: Planted, viewer: str) -> set[Canary]:
    """What somebody may read of a handover, in whatever message; nobody there reads the vault."""
    handover = one.handover
    hidden = one.of_vault
    if not leads(handover, viewer):
        hidden |= {LEADERS} if viewer == OLGA else {LEADERS, OLGAS}
    if may_read_sensitive(handover, viewer):
        return one.allowed(one.fields - hidden)
    if may_know(handover, viewer):
        return one.allowed(one.fields - hidden - one.close)
    if is_asked(handover, viewer):
        own = {field for field in one.fields if field.startswith("aside")}
        return one.allowed(frozenset({"account", *own}))
    return set()


def subjects(handover: Handover, kind: Kind) -> Sequence[str]:
    """What messages of a kind can be about."""
    records = [record.id for record in handover.records]
    texts = [f"{key}:2" for key in handover.letters.drafts] or [""]
    known = {
        Kind.QUESTION: [*handover.answers, "S5"],
        Kind.PAST: [*handover.answers],
        Kind.ASK: [ask.id for ask in handover.asks],
        Kind.ASK_REPLY: [ask.id for ask in handover.asks],
        Kind.PROPOSAL: records,
        Kind.ITEM_DECLINED: records,
        Kind.LINK_BROKEN: [*handover.reading.ticks],
        Kind.REASON: ["1", "2"],
        Kind.APPROVAL: ["1"],
        Kind.LEAD: ["2"],
        Kind.NOT_READY: ["1"],
        Kind.CUSTOMER_COPY: texts,
        Kind.CUSTOMER_SILENT: [sent.key for sent in handover.sending.sent] or [""],
        Kind.ACTION: ["ACTION"],
        Kind.WANTED: texts,
        Kind.REWORDED: texts,
        Kind.OBJECTION: texts,
        Kind.RETURNED: ["1"],
        Kind.CLASH: [handover.created_by],
        Kind.DEBRIEF: [session.id for session in handover.leading.sessions],
        Kind.MOOD: ["sentiment_1"],
        Kind.RED: ["sentiment_1"],
        Kind.FOLLOW_UP: ["follow_up"],
        Kind.DATES: ["1"],
        Kind.PERSON: ["1", "2"],
        Kind.LAST_DAY: ["2026-12-18"],
        Kind.KIT_COPY: ["auto_reply", "goodbye"],
        Kind.FOLLOWED_UP: ["follow_up"],
        Kind.HELP: ["0"],
        Kind.IMPORT: [prefill.source for prefill in handover.prefilled.values()],
    }
    return known.get(kind, [""])


def scene_for(one: Planted, seen: Handover, viewer: str) -> Scene:
    return Scene(
        handover=seen,
        playbook=BOOK,
        vault=one.vault,
        viewer=viewer,
        names=name_of,
        now=NOW,
        others={},
    )


def messages(one: Planted) -> Iterator[Out]:
    """Every message to one of all, posted or edited, with what it carries unseen."""
    handover = one.handover
    viewer, turn = EVERYBODY[one.number % len(EVERYBODY)], one.number // len(EVERYBODY)
    for kind in BUILDERS:
        row = Addressed(handover.team, handover.id, viewer, kind, "")
        seen = seen_by(row, handover, BOOK, posting=turn % 2 == 0)
        if seen:
            allowed = read_by(one, viewer) or one.allowed(frozenset({"account"}))
            about = subjects(handover, kind)
            made = build(kind, about[turn % len(about)], scene_for(one, seen, viewer))
            yield from shown(f"{kind} to {viewer}", made, allowed)


def carried(view: object) -> Iterator[str]:
    """What a message or a modal carries unseen: ids, values, and metadata."""
    if isinstance(view, dict):
        for key, value in view.items():
            if key in _UNSEEN and isinstance(value, str):
                yield value
            else:
                yield from carried(value)
    elif isinstance(view, list | tuple):
        for value in view:
            yield from carried(value)


_UNSEEN = frozenset({"value", "action_id", "block_id", "private_metadata", "callback_id"})


def shown(source: str, made: Message | None, allowed: set[Canary]) -> Iterator[Out]:
    if made is None:
        return
    yield Out(source, f"{made.text} {json.dumps(made.blocks, ensure_ascii=False)}", allowed)
    yield Out(f"{source}, carried", " ".join(carried(made.blocks)), set())


def looks(one: Planted) -> Iterator[Out]:
    """Lists, Home and what is shown to somebody who looks, with another handover beside it."""
    viewer = EVERYBODY[one.number % len(EVERYBODY)]
    both = [each for each in (one, neighbour(one.number)) if may_know(each.handover, viewer)]
    allowed: set[Canary] = set()
    for each in both:
        allowed |= read_by(each, viewer)
    shared = [as_read_by(each.handover, BOOK, viewer) for each in both]
    owed = [
        BookTask(
            row.id, row.account, task.todo, task.subject, task.due.isoformat(), viewer, close=False
        )
        for row in shared
        for task in all_tasks(row, BOOK)
        if task.owner == viewer
    ]
    rows = [Row(row, BOOK) for row in shared]
    yield from shown(f"list of {viewer}", list_message(rows, name_of), allowed)
    home = home_view(rows, owed, viewer, name_of, NOW)
    yield from shown(f"Home of {viewer}", Message("", [home]), allowed)
    if one.number % 4 == 0:
        yield from as_a_book(viewer, rows, owed, allowed)
    for each, row in zip(both[:1], shared, strict=False):
        made = show_message(scene_for(each, row, viewer))
        yield from shown(f"what {viewer} looks at", made, allowed)


def as_a_book(
    viewer: str, rows: Sequence[Row], owed: Sequence[BookTask], allowed: set[Canary]
) -> Iterator[Out]:
    """The same handovers as the accounts of a book: its table, what waits in it, and its file."""
    book = Book(id="B1", team="T1", created_by=LENA, created_at=NOW)
    scene = BookScene(book, tuple(rows), {}, viewer, name_of, NOW, owed=tuple(owed))
    for wanted in (Filter.ALL, Filter.OWN):
        table = book_table.build(scene, Ref(h="B1", v=wanted))
        yield from shown(f"book of {viewer}", table, allowed)
    yield Out(f"book's file of {viewer}", book_csv(scene).decode("utf-8-sig"), allowed)


def modals(one: Planted) -> Iterator[Out]:
    """What modals carry unseen, also those that show the vault; who opens them is tested apart."""
    scene = scene_for(one, one.handover, LENA)
    record = one.handover.records[0]
    ref = scene.ref()
    views = [
        wording.form(scene),
        receiving_forms.settle_form(scene, record),
        receiving_forms.return_form(scene),
        leader_forms.name_incoming_form(ref, one.vault.declines, name_of, NOW),
        leader_forms.checks_form(one.vault, one.handover, BOOK, ref, name_of),
    ]
    for view in views:
        yield Out(f"{view['callback_id']}, carried", " ".join(carried(view)), set())


@cache
def neighbour(number: int) -> Planted:
    return planted(HANDOVERS + number % 10)


def files(one: Planted) -> Iterator[Out]:
    """The brief for whoever may have it, and the names of files."""
    sampled = [Format.MARKDOWN, Format.CSV, Format.WORD] if one.number % SAMPLED == 0 else []
    wanted = [Format.JSON, *sampled, Format.CUSTOMER_MARKDOWN, Format.CUSTOMER_WORD]
    for place, format_ in enumerate(wanted):
        if format_ is Format.CUSTOMER_WORD and one.number % SAMPLED:
            continue
        viewer = EVERYBODY[(one.number + place) % len(EVERYBODY)]
        try:
            made = export(format_, one.handover, BOOK, viewer, name_of, NOW)
        except FlowError as error:
            yield Out(f"refusal of {format_}", repr(error), set())
            continue
        account = one.allowed(frozenset({"account"}))
        yield Out(f"name of {format_}", f"{made.name} {made.title}", account)
        allowed = (
            read_by(one, viewer) if format_ not in FOR_THE_CUSTOMER else one.allowed(one.known)
        )
        yield Out(f"{format_} for {viewer}", readable(made.content), allowed)


def rows(one: Planted) -> Iterator[Out]:
    """What is stored of messages and tasks: the keys of posts are made of it."""
    handover, vault = one.handover, one.vault
    said = [*effects(None, handover, BOOK), *vault_posts(vault, handover, BOOK)]
    for effect in said:
        yield Out("effect", effect.model_dump_json(), set())
    for task in [*all_tasks(handover, BOOK), *vault_tasks(vault, handover, BOOK)]:
        yield Out("task", repr(task), set())


EVERY: Mapping[Source, int] = {
    for_the_customer: 1,
    typed: 1,
    messages: 3,
    files: 4,
    looks: 6,
    rows: 6,
    modals: 8,
}
"""Each source, and of how many handovers one goes through it; the dear ones more seldom."""


def outs(sources: Mapping[Source, int], numbers: Iterable[int]) -> Iterator[Out]:
    for one in map(planted, numbers):
        for source, every in sources.items():
            # Whose turn it is changes within a source before the source is passed over.
            if one.number // (2 * len(EVERYBODY)) % every == 0:
                yield from source(one)


def leaks_of(sources: Mapping[Source, int], numbers: Iterable[int]) -> list[tuple[str, str]]:
    """What came out where it should not: the source, and the field that it came from."""
    return [(out.source, one.field) for out in outs(sources, numbers) for one in out.leaked]


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_planted_comes_out_where_it_should_not(
    part: int, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG), caplog.at_level(logging.DEBUG, logger="bot"):
        logging.getLogger("bot").info("the log is heard")
        assert leaks_of(EVERY, range(part, HANDOVERS, PARTS)) == []
    assert "the log is heard" in caplog.text
    assert canaries(caplog.text) == set()


def test_everything_is_built_and_says_what_it_may() -> None:
    """Nothing is found where nothing is said: each source shows what its reader is to read."""
    found: dict[str, set[str]] = {}
    for out in outs(dict.fromkeys(EVERY, 1), range(12 * len(EVERYBODY))):
        source = out.source.partition(" to ")[0].partition(" for ")[0]
        found.setdefault(source, set()).update(one.field for one in canaries(out.text))
    assert set(BUILDERS) - set(found) == set()
    assert {"account", "commitment0", "issue0"} == found["copy in Markdown"]
    assert found["copy in Word"] <= found["copy in Markdown"]
    assert {"closecc2", "vaultnote", "risk0"} & found["json"] == {"closecc2", "risk0"}
    assert {"wording", "despite"} <= found["reason"]
    assert {"wording", "draft", "draftold", "wish"} <= found["approval"]
    assert {"draft", "draftold", "objection"} <= found["objection"] | found["reworded"]
    assert "wording" in found["draft"]
    assert "leadwhy" in found["lead"]
    assert {"closesession", "closedebrief"} <= found["debrief"]
    assert "closemissing" in found["not_ready"]
    assert {f"{kind}0" for kind in RecordKind} <= found["json"]
    assert any(field.startswith("aside") for field in found["ask"])


def a_note_in_the_copy(one: Planted) -> Iterator[Out]:
    yield Out("copy", f"Your contact stays. {one.vault.note}", one.allowed(one.known))


def the_vault_in_a_message(one: Planted) -> Iterator[Out]:
    why = Message(one.vault.declines[0].text, [])
    yield from shown("notice", why, read_by(one, LENA))


def an_answer_in_a_button(one: Planted) -> Iterator[Out]:
    says = one.handover.answers["TR1"].said[0].text
    blocks = actions([button("I agree", "reason-agree", Ref(v=says))])
    yield from shown("reason", Message("", blocks), read_by(one, LENA))


def a_sensitive_answer_to_all(one: Planted) -> Iterator[Out]:
    made = Message(one.handover.answers["CC2"].said[0].text, [])
    yield from shown("brief", made, read_by(one, KIM))


def another_account_in_a_list(one: Planted) -> Iterator[Out]:
    rows = [Row(one.handover, BOOK), Row(neighbour(one.number).handover, BOOK)]
    yield from shown("list", list_message(rows, name_of), read_by(one, LENA))


def a_note_in_a_files_name(one: Planted) -> Iterator[Out]:
    yield Out("file", f"{slug(one.vault.note)}-brief.docx", one.allowed(frozenset({"account"})))


LEAKY = {
    a_note_in_the_copy: "vaultnote",
    the_vault_in_a_message: "vaultdecline",
    an_answer_in_a_button: "answertr1",
    a_sensitive_answer_to_all: "closecc2",
    another_account_in_a_list: "account",
    a_note_in_a_files_name: "vaultnote",
}


@pytest.mark.parametrize(
    ("source", "field"), LEAKY.items(), ids=[source.__name__ for source in LEAKY]
)
def test_a_leak_would_be_found(source: Source, field: str) -> None:
    found = leaks_of({source: 1}, range(len(EVERYBODY)))
    assert [told for _source, told in found].count(field) >= len(EVERYBODY)


def test_a_word_stands_in_every_field_and_would_be_found_wherever_it_stood() -> None:
    def all_of_it(one: Planted) -> Iterator[Out]:
        yield Out("all", one.handover.model_dump_json() + one.vault.model_dump_json(), set())

    for number in range(50):
        one = planted(number)
        assert {field for _source, field in leaks_of({all_of_it: 1}, [number])} == one.fields
        assert one.fields >= FIELDS
        assert min(map(len, (one.of_vault, one.close))) > 10


FIELDS = {
    *("vaultnote", "vaultdecline", "vaultup1", "closecc2", "closeask", "closefound"),
    *("closepasted", "closepastednote", "closeprefill", "pastednote", "moved", "warned"),
    *("stakeholder6", "risk0", "commitmentwhy", "issuewhy", "opportunity0", "document4"),
}
"""What is in every one of them, besides what chance adds."""
