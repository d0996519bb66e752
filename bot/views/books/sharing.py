"""Who takes which accounts of a book over: a proposal, line by line, and its sums (N9, G7)."""

from collections.abc import Mapping, Sequence
from math import ceil
from typing import NamedTuple

from bot.books.ids import BookAct, BookForm
from bot.ids import Field, Ref
from bot.views import people
from bot.views.blocks import (
    TITLE,
    Block,
    Choice,
    Element,
    actions,
    button,
    checkboxes,
    context,
    field,
    fitted,
    header,
    modal,
    multi_select,
    section,
    select,
    users_select,
)
from bot.views.books.scene import BookScene
from bot.views.dates import day
from bot.views.slack_text import Surface, from_form, one_line
from bot.views.state import Values, picked_options, picked_users
from bot.views.words import SEGMENTS, band, counted
from flows.books.book import Book, can_be_taken
from flows.books.rows import Row
from flows.books.rules import BookRules
from flows.books.sharing_out import (
    NO_LOAD,
    Candidate,
    Caution,
    Known,
    Load,
    Why,
    both_away,
    cautions,
    loads_after,
    overloaded,
)

PAGE = 30
MOST_CANDIDATES = 25
NOBODY = "-"
ANEW = "anew"
_LOADS, _SKILL = 2900, 75
_WHY = {
    Why.FEWEST: "fewest open handovers",
    Why.MOST_TIME: "has the most time",
    Why.ONLY_ONE: "the only one who does",
    Why.NOBODY_KNOWS: "nobody of those you picked knows or speaks it",
    Why.NOBODY_THERE: "nobody is picked",
}


class Sheet(NamedTuple):
    """What the table is made from besides the book: what each has to do now, by user, and what is
    known of the accounts.
    """

    rules: BookRules
    loads: Mapping[str, Load]
    known: Known


def share_button(book: Book, ref: Ref) -> Element | None:
    """Opens the form, once there is an account to be taken over; `ref` is the book's."""
    return button("Who takes what?", BookAct.SHARE_OPEN, ref) if can_be_taken(book) else None


def candidates_form(scene: BookScene) -> Block:
    """Who could take accounts over."""
    book = scene.book
    rows = can_be_taken(book)
    without = sum(row.incoming is None for row in rows)
    thought_of = [one.user for one in book.sharing.candidates]
    named = [row.incoming.user for row in rows if row.incoming and row.incoming.user]
    anew = Choice(ANEW, "Also share out the accounts that have somebody already")
    return modal(
        BookForm.SHARE,
        "Who takes what?",
        [
            section(
                f"{counted(len(rows), 'account')} of {scene.outgoing}'s, {without} without anybody."
                " You get a proposal by what each has to do, and can change every line of it. "
                "Nobody is told before the book is started."
            ),
            field(
                Field.PERSON,
                "Who could take accounts over?",
                users_select(list(dict.fromkeys([*thought_of, *named])), "Pick people"),
            ),
            field(Field.CHOICE, "Which accounts?", checkboxes([anew], []), optional=True),
        ],
        submit="Next" if asked_skills(rows) else "Propose",
        carried=scene.ref(),
    )


def read_candidates(values: Values) -> tuple[tuple[str, ...], bool]:
    """Who was picked, and whether all accounts are shared out anew."""
    users = tuple(dict.fromkeys(picked_users(values, Field.PERSON)))
    return users, ANEW in picked_options(values, Field.CHOICE)


def asked_skills(rows: Sequence[Row]) -> list[str]:
    """What the accounts ask of whoever takes them over, each once, in the first spelling."""
    found: dict[str, str] = {}
    for row in rows:
        for skill in row.skills:
            found.setdefault(skill.casefold(), skill)
    return sorted(found.values())


def skills_form(scene: BookScene, users: Sequence[str], *, anew: bool) -> Block:
    """Who knows or speaks what the accounts ask for; what was said before is kept."""
    skills = asked_skills(can_be_taken(scene.book))
    known = {one.user: one.skills for one in scene.book.sharing.candidates}
    choices = [Choice(str(n), skill) for n, skill in enumerate(skills)]
    blocks = []
    for user in users:
        element = multi_select(choices, "Pick what fits")
        had = {skill.casefold() for skill in known.get(user, ())}
        chosen = [n for n, skill in enumerate(skills) if skill.casefold() in had]
        if chosen:
            element["initial_options"] = [element["options"][n] for n in chosen]
        name = people.person(user, scene.names, Surface.PLAIN)
        blocks.append(field(f"skills:{user}", f"{name} knows or speaks", element, optional=True))
    carried = scene.ref(n=tuple(users), v=ANEW if anew else "")
    return modal(BookForm.SKILLS, "Who knows what?", blocks, submit="Propose", carried=carried)


def read_skills(values: Values, book: Book, users: Sequence[str]) -> dict[str, frozenset[str]]:
    """What each is said to know."""
    skills = asked_skills(can_be_taken(book))
    return {
        user: frozenset(skills[int(n)] for n in picked_options(values, f"skills:{user}"))
        for user in users
    }


def table(scene: BookScene, sheet: Sheet, page: int) -> Block:
    """Who takes what, a page of it, with what each would have to do; every line can be changed."""
    rows = can_be_taken(scene.book)
    pages = max(1, ceil(len(rows) / PAGE))
    page = max(0, min(page, pages - 1))
    after = loads_after(rows, sheet.loads, sheet.rules)
    blocks: list[Block] = [
        header("What changes for each"),
        section(fitted(_loads(scene, sheet, after), _LOADS)),
        header("Who takes what"),
    ]
    for row in shown_rows(scene.book, page):
        about = scene.ref(v=row.key, p=str(page))
        blocks.append(section(_line(scene, sheet, row), _picker(scene, row), about.dump()))
    if not rows:
        blocks.append(section("No account can be taken over yet."))
    turns = actions(
        [
            _turn(scene, "Previous page", page - 1) if page else None,
            _turn(scene, "Next page", page + 1) if page + 1 < pages else None,
        ]
    )
    blocks += [context(f"Page {page + 1} of {pages}. What you change is kept at once."), *turns]
    title = "Who takes what?"[:TITLE]
    return modal(BookForm.SHARES, title, blocks, close="Done", carried=scene.ref(p=str(page)))


def shown_rows(book: Book, page: int) -> tuple[Row, ...]:
    """The accounts of a page; a page that is not there is the last one."""
    rows = can_be_taken(book)
    page = max(0, min(page, max(1, ceil(len(rows) / PAGE)) - 1))
    return rows[page * PAGE : (page + 1) * PAGE]


def _loads(scene: BookScene, sheet: Sheet, after: Mapping[str, Load]) -> list[str]:
    """What each has before and after, the outgoing CSM last (G7)."""
    much = overloaded(after, sheet.rules)
    lines = []
    for user, load in sorted(after.items()):
        before = sheet.loads.get(user, NO_LOAD)
        revenue = band(load.revenue) if load.revenue else ""
        words = [
            f"{before.open} → {load.open} open handovers",
            f"{before.hours:g} → {load.hours:g} hours",
            f"{before.accounts} → {load.accounts} accounts taken over",
            f"{revenue} a year" if revenue else "",
            ":warning: much more to do than most" if user in much else "",
        ]
        told = " · ".join(word for word in words if word)
        lines.append(f"*{people.person(user, scene.names)}*: {told}")
    rows = can_be_taken(scene.book)
    given = sum(row.incoming is not None for row in rows)
    lines.append(f"*{scene.outgoing}* hands over {given} of {counted(len(rows), 'account')}")
    return lines


def _line(scene: BookScene, sheet: Sheet, row: Row) -> str:
    facts = [
        SEGMENTS[row.segment] if row.segment else "",
        f"{band(row.arr)} a year" if row.arr is not None else "",
        f"asks for {_listed(scene, row.skills)}" if row.skills else "",
        f"{_typed(scene, row.incoming.name)} takes it" if row.incoming else "*nobody yet*",
        *(_why(scene, row, why) for why in scene.book.sharing.why.get(row.key, ())),
        *(f":warning: {_caution(sheet, row, one)}" for one in _cautions(sheet, row)),
    ]
    return f"*{_typed(scene, row.account)}*: {' · '.join(fact for fact in facts if fact)}"


def _why(scene: BookScene, row: Row, why: Why) -> str:
    return f"knows {_listed(scene, row.skills)}" if why is Why.SKILLED else _WHY[why]


def _cautions(sheet: Sheet, row: Row) -> list[Caution]:
    return cautions(row, sheet.known, sheet.rules)


def _caution(sheet: Sheet, row: Row, caution: Caution) -> str:
    rules = sheet.rules
    match caution:
        case Caution.RENEWAL:
            return f"renewal {day(row.renewal)}" if row.renewal else "renewal soon"
        case Caution.CHANGES:
            count = sheet.known.earlier.get(row.key, 0) + 2
            return f"CSM number {count} in {rules.changes_months} months"
        case Caution.BOTH_AWAY:
            user = row.incoming.user if row.incoming else None
            weeks = [str(week) for _, week in both_away(sheet.known, user)]
            return f"both are away in week {people.listed(weeks)}"


def _picker(scene: BookScene, row: Row) -> Element:
    """Everybody who was thought of, and whoever has it now."""
    there = {one.user: one.name for one in scene.book.sharing.candidates}
    if row.incoming and row.incoming.user:
        there.setdefault(row.incoming.user, row.incoming.name)
    choices = [Choice(NOBODY, "Nobody yet")]
    choices += [Choice(user, _plain(scene, name)) for user, name in there.items()]
    chosen = row.incoming.user if row.incoming and row.incoming.user else NOBODY
    asked = f"Who takes {_plain(scene, row.account)}?"
    return select(choices, chosen, asked, BookAct.SHARE_ROW)


def _turn(scene: BookScene, label: str, page: int) -> Element:
    return button(label, BookAct.SHARE_PAGE.of(str(page)), scene.ref(v=str(page)))


def candidate_of(user: str, name: str, skills: frozenset[str]) -> Candidate:
    """Somebody who was picked, with a name as it is stored."""
    return Candidate(user=user, name=from_form(name), skills=skills)


def _listed(scene: BookScene, words: Sequence[str]) -> str:
    return people.listed([_typed(scene, word) for word in words])


def _typed(scene: BookScene, text: str) -> str:
    return one_line(text, Surface.MRKDWN, scene.names, 200)


def _plain(scene: BookScene, text: str) -> str:
    return one_line(text, Surface.PLAIN, scene.names, _SKILL)
