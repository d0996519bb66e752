"""The whole brief as a Word document, fit to be sent to an executive."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from bot.exports.markdown import UNSORTED, UNSORTED_IS
from bot.exports.word_page import Cell, Line, Page, Run, length, words
from bot.exports.word_text import line, paragraphs
from bot.exports.writer import ASKED, Writer, facts, marks, missing
from bot.views import people
from bot.views.slack_text import Names, Surface, escaped, one_line
from bot.views.waived import WAIVED
from bot.views.words import VERDICTS, counted, given, labelled, value
from flows.handover import Record, Unsorted, Verdict
from flows.knowledge.ledger import Document
from flows.playbook import Part, Playbook
from flows.taking_over.brief import Brief, Entry, Section
from flows.terms import PartKind

_PLAIN = Surface.PLAIN
_COLUMNS = 5
_NARROWEST, _WIDEST = 13, 40
_NOT_FOR_THEM = "Internal: not for the customer"


def brief_word(brief: Brief, names: Names, playbook: Playbook) -> bytes:
    """The file's bytes."""
    account = people.account(brief.handover, names, _PLAIN)
    version = f"Version {brief.version}"
    page = Page(f"{account}: handover brief", version, brief.made_at)
    page.running(f"{account}: handover brief", version, _NOT_FOR_THEM)
    paper = _Paper(brief, names, playbook, page)
    paper.head(account)
    for number, part in enumerate(brief.sections):
        if not part.empty:
            paper.section(part, number)
    paper.asked()
    paper.unsorted()
    paper.let_be()
    return page.bytes()


class _Paper(Writer):
    """Puts the brief on the page, from the title to the last paste."""

    def __init__(self, brief: Brief, names: Names, playbook: Playbook, page: Page) -> None:
        super().__init__(brief, names, playbook)
        self._page = page
        said = Counter(self._byline(e) for part in brief.sections for e in part.entries)
        self._usual = next(iter(said.most_common(1)), ("", 0))[0]

    def head(self, account: str) -> None:
        """What somebody sees who reads no further."""
        brief, page = self.brief, self._page
        page.say(words("Handover brief"), "Overline")
        page.say(words(account), "Title")
        page.say(words(people.lead_line(brief.handover, self.names, _PLAIN)), "Subtitle")
        page.say(words("  ·  ".join(marks(brief))), "Status")
        if brief.unfinished:
            left = brief.required - brief.answered
            wait = f"{counted(left, 'required answer')} still to come. {missing(brief)}"
            page.say((Run("Unfinished: ", bold=True), Run(wait.strip())), "Callout")
        crm = brief.handover.crm_link
        known = facts(brief, self.names, _PLAIN)
        page.facts(
            [
                (label, self._address(crm) if label == "CRM" else words(text))
                for label, text in known.items()
            ],
            f"{account} in short",
        )
        self._contents()
        if self._usual:
            whose = f"Answers are by {self._usual}, unless something else stands below them."
            page.say(words(whose), "SaidBy")

    def section(self, part: Section, number: int) -> None:
        """A section with its answers, and what is listed in it."""
        self._page.heading(part.title, 1, f"section{number}")
        if introduced := self.introduced(part, Surface.PLAIN):
            self._page.say(words(introduced))
        for entry in part.entries:
            self._entry(entry, part)
        records, documents = self.loose(part)
        self._listed(records, documents)
        by = dict.fromkeys(self._person(record.by) for record in records)
        self._said_by(people.listed(list(by)))
        for piece in part.pieces:
            self._piece(piece)

    def asked(self) -> None:
        """What was asked after the pack, with its answers."""
        if self.brief.asked:
            self._page.heading(ASKED, 1, "asked")
        for ask in self.brief.asked:
            self._page.heading(one_line(ask.text, _PLAIN, self.names), 2)
            self._text(ask.reply)
            self._said_by(f"{self._person(ask.to)}, asked by {self._person(ask.by)}", "Answered")

    def unsorted(self) -> None:
        """What was pasted and belongs to no question yet."""
        if self.brief.unsorted:
            self._page.heading(UNSORTED, 1, "unsorted")
            self._page.say(words(UNSORTED_IS))
        for piece in self.brief.unsorted:
            self._piece(piece)

    def let_be(self) -> None:
        """What leaders let be, and why."""
        found = self.waived(_PLAIN)
        if found:
            self._page.heading(WAIVED, 1, "waived")
        for one in found:
            said = f": {one.why} ({one.by}, {self.day(one.at)})"
            self._page.say((Run(one.what, bold=True), Run(said)), "ListBullet")

    def _contents(self) -> None:
        titles = [
            (p.title, f"#section{n}") for n, p in enumerate(self.brief.sections) if not p.empty
        ]
        if self.brief.asked:
            titles.append((ASKED, "#asked"))
        if self.brief.unsorted:
            titles.append((UNSORTED, "#unsorted"))
        if self.waived(_PLAIN):
            titles.append((WAIVED, "#waived"))
        links = [run for title, mark in titles for run in (Run("  ·  "), Run(title, address=mark))]
        self._page.say((Run("In this brief: ", bold=True), *links[1:]), "Contents")

    def _piece(self, piece: Unsorted) -> None:
        self._text(piece.text)
        self._files([file.name for file in piece.files])
        if piece.note:
            self._text(f"Note: {piece.note}")
        self._said_by(*self.origin(piece, _PLAIN))

    def _entry(self, entry: Entry, part: Section) -> None:
        page, (records, documents) = self._page, self.own(part, entry)
        page.heading(entry.question.text, 2)
        texts, files = self.texts(entry), self.unlisted(entry, documents)
        if entry.verdict is not Verdict.GIVEN:
            page.say(words(f"{VERDICTS[entry.verdict]}."))
            if texts or records or entry.given:
                page.say(words("Said before:"))
        for asked in entry.question.parts:
            if asked.key in entry.given:
                page.say(self._given(entry, asked), "ListBullet")
        for text in texts:
            self._text(text)
        self._listed(records, documents)
        self._files(files)
        self._said_by(self._byline(entry))
        if entry.open:
            page.say(words("Something is still missing here."), "SaidBy")

    def _given(self, entry: Entry, asked: Part) -> Line:
        """A structured part of an answer under its label."""
        told = entry.given[asked.key]
        if asked.kind is PartKind.LINK:
            return (Run(f"{asked.label}: "), *self._value(asked, told.values[0]))
        return words(labelled(asked.label, given(asked, told, self.names, _PLAIN)))

    def _listed(self, records: Sequence[Record], documents: Sequence[Document]) -> None:
        if records:
            self._records(records)
        if documents:
            self._documents(documents)

    def _records(self, records: Sequence[Record]) -> None:
        """A table: the fields in use, in the last column those that are too many."""
        spec = self.playbook.specs[records[0].kind]
        used = [part for part in spec.fields if any(part.key in r.details for r in records)]
        apart = used if len(used) <= _COLUMNS else used[: _COLUMNS - 1]
        rest = used[len(apart) :]
        rows = [self._row(record, apart, rest) for record in records]
        heads = [part.label for part in apart] + (["More"] if rest else [])
        self._table(heads, rows, f"{spec.many.capitalize()}, {len(records)} in all")

    def _row(self, record: Record, apart: Sequence[Part], rest: Sequence[Part]) -> list[Cell]:
        details = record.details
        cells = [
            Cell((self._value(part, details.get(part.key, ""), bold=not number),))
            for number, part in enumerate(apart)
        ]
        more = [
            (Run(f"{part.label}: "), *self._value(part, details[part.key]))
            for part in rest
            if part.key in details
        ]
        return [*cells, Cell(more)] if rest else cells

    def _documents(self, documents: Sequence[Document]) -> None:
        notes = [list(self._noted(document)) for document in documents]
        found = zip(documents, notes, strict=True)
        if any(notes):
            rows = [[Cell((self._title(one),)), Cell(noted)] for one, noted in found]
        else:
            rows = [[Cell((self._title(one),))] for one in documents]
        heads = ["Document", "About it"][: len(rows[0])]
        self._table(heads, rows, f"Documents, {len(documents)} in all")

    def _noted(self, document: Document) -> Iterator[Line]:
        for part, text in self.notes(document):
            yield (Run(f"{part.label}: "), *self._value(part, text))

    def _table(self, heads: Sequence[str], rows: Sequence[Sequence[Cell]], about: str) -> None:
        """Columns are as wide as what stands in them asks for, within reason."""
        shares = [
            min(max(_NARROWEST, len(head), *(length(row[place]) for row in rows)), _WIDEST)
            for place, head in enumerate(heads)
        ]
        self._page.table(heads, rows, about, shares)

    def _title(self, document: Document) -> Line:
        shown = line(document.title, self.names)
        address = self._address(document.link) if document.link else ()
        linked = next((run.address for run in address if run.address), "")
        if linked and document.link != document.title:
            return [Run("".join(run.text for run in shown), address=linked)]
        return address or shown

    def _value(self, part: Part, text: str, *, bold: bool = False) -> Line:
        """A field as it stands in a cell."""
        if not text:
            return ()
        if part.kind is PartKind.LINK:
            return self._address(text)
        if part.kind is PartKind.TEXT:
            found = line(text, self.names)
            return [Run(run.text, bold or run.bold, run.italic, run.address) for run in found]
        return words(value(part, text, self.names, _PLAIN), bold=bold)

    def _address(self, address: str) -> Line:
        return line(f"<{escaped(address)}>", self.names)

    def _text(self, text: str) -> None:
        for style, runs in paragraphs(text, self.names):
            self._page.say(runs, style)

    def _files(self, names: Iterable[str]) -> None:
        if listed := ", ".join(names):
            self._page.say(words(f"Files: {listed}"))

    def _said_by(self, who: str, verb: str = "Said") -> None:
        if who and who != self._usual:
            self._page.say(words(f"{verb} by {who}"), "SaidBy")

    def _byline(self, entry: Entry) -> str:
        said = (self._person(entry.by) if entry.by else "", self.answered(entry))
        return ", ".join(piece for piece in said if piece) + self.quality(entry, _PLAIN)

    def _person(self, user: str) -> str:
        return people.person(user, self.names, _PLAIN)
