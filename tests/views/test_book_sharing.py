"""Who takes what of 500 accounts: a page of it within Slack's limits, with sums and cautions."""

from datetime import date
from decimal import Decimal

from bot.ids import Field, Ref
from bot.views.books import sharing as book_sharing
from bot.views.books.scene import BookScene
from bot.views.books.sharing import Sheet
from flows.books import events as e
from flows.books.book import Book
from flows.books.rules import BookRules
from flows.books.sharing_out import Candidate, Known, Load, Why
from tests.flows.books import BookStory, made_row
from tests.flows.make import IVAN, KIM, LENA, OLGA, ZOE, party
from tests.make import NOW, name_of
from tests.views.limits import check_view, elements, words

SKILLS = frozenset({"German"})


def shared_out(count: int) -> Book:
    """So many accounts, all of them Olga's, of 25 people who were thought of."""
    rows = [
        made_row(n, account=f"Account & Sons {n} " + "x" * 150, skills=["German"], arr=70_000)
        for n in range(1, count + 1)
    ]
    story = BookStory(*rows)
    people = [Candidate(user=OLGA, name="Olga", skills=SKILLS)]
    people += [Candidate(user=f"U{n:08}", name="A long name " * 10) for n in range(24)]
    why = {row.key: (Why.SKILLED, Why.ONLY_ONE) for row in rows}
    taken = {row.key: party(OLGA) for row in rows}
    return story.does(LENA, e.SharedOut, incoming=taken, candidates=people, why=why)


def scene_of(book: Book, viewer: str = LENA) -> BookScene:
    return BookScene(book=book, rows=(), playbooks={}, viewer=viewer, names=name_of, now=NOW)


def sheet_of(book: Book) -> Sheet:
    week = NOW.date().isocalendar()[:2]
    off = {IVAN: frozenset({week}), OLGA: frozenset({week})}
    earlier = {row.key: 1 for row in book.rows}
    loads = {one.user: Load(1, 3, 2, Decimal(9)) for one in book.sharing.candidates}
    return Sheet(BookRules(), loads, Known(NOW.date(), IVAN, earlier, off))


def test_five_hundred_accounts_are_looked_through_page_by_page() -> None:
    book = shared_out(500)
    for page in (0, 16, 99):
        view = check_view(book_sharing.table(scene_of(book), sheet_of(book), page))
        assert f"Page {min(page, 16) + 1} of 17" in words(view)
    view = book_sharing.table(scene_of(book), sheet_of(book), 1)
    assert "1 → 501 open handovers" in words(view)
    assert "much more to do than most" in words(view)
    for said in ("CSM number 3 in 24 months", "both are away in week", "knows German"):
        assert said in words(view)


def test_what_each_has_is_counted_before_and_after() -> None:
    story = BookStory(made_row(1, renewal=date(2026, 12, 24)), made_row(2))
    book = story.named("1", to=party(KIM))
    sheet = Sheet(BookRules(), {KIM: Load(2, 11, 4, Decimal(0))}, Known(NOW.date(), IVAN, {}, {}))
    view = check_view(book_sharing.table(scene_of(book), sheet, 0))
    assert "2 → 3 open handovers · 11 → 14 hours · 4 → 5 accounts taken over" in words(view)
    assert "hands over 1 of 2 accounts" in words(view)
    assert "renewal Thu 24 Dec 2026" in words(view)
    assert "nobody yet" in words(view)


def test_the_forms_fit_and_keep_what_was_said() -> None:
    book = shared_out(3)
    check_view(book_sharing.candidates_form(scene_of(book)))
    users = [one.user for one in book.sharing.candidates]
    view = check_view(book_sharing.skills_form(scene_of(book), users, anew=True))
    first = view["blocks"][0]["element"]
    assert [option["text"]["text"] for option in first["initial_options"]] == ["German"]
    chosen = {"v": {"selected_options": [{"value": "0"}]}}
    read = book_sharing.read_skills({f"skills:{ZOE}": chosen}, book, [ZOE, KIM])
    assert read == {ZOE: {"German"}, KIM: frozenset()}
    picked = {str(Field.PERSON): {"v": {"selected_users": [KIM, KIM]}}}
    assert book_sharing.read_candidates(picked) == ((KIM,), False)


def test_it_is_offered_once_there_is_something_to_share() -> None:
    book = shared_out(1)
    assert book_sharing.share_button(book, Ref(h="B1"))
    assert book_sharing.share_button(BookStory().book, Ref(h="B1")) is None
    menus = elements(book_sharing.table(scene_of(book), sheet_of(book), 0))
    assert any(menu["type"] == "static_select" for menu in menus)
