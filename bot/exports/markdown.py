"""The whole brief as Markdown. Nothing that was typed can become a heading or a link of its own."""

from collections.abc import Iterable

from bot.exports.writer import ASKED, Writer, facts, missing, state
from bot.views import people
from bot.views.slack_text import Names, Surface, escaped, link, one_line, render
from bot.views.waived import WAIVED
from bot.views.words import VERDICTS, given, labelled, value
from flows.handover import Record, Unsorted, Verdict
from flows.knowledge.ledger import Document
from flows.playbook import Playbook
from flows.taking_over.brief import Brief, Entry, Section

UNSORTED = "Unsorted"
UNSORTED_IS = "Pasted, and not sorted into the questions yet."
_SURFACE = Surface.MARKDOWN


def brief_markdown(brief: Brief, names: Names, playbook: Playbook) -> str:
    """The whole document."""
    lead = people.lead_line(brief.handover, names, _SURFACE)
    known = facts(brief, names, _SURFACE)
    pieces = [
        f"# Brief: {people.account(brief.handover, names, _SURFACE)}",
        f"{state(brief)}.  \n**{lead}**",
        "\n".join(f"- {label}: {words}" for label, words in known.items()),
        missing(brief),
    ]
    whole = _Whole(brief, names, playbook)
    for part in brief.sections:
        if not part.empty:
            pieces += [f"## {part.title}", *whole.of(part)]
    pieces += [*whole.asked(), *whole.unsorted(), *whole.let_be()]
    return "\n\n".join(piece for piece in pieces if piece) + "\n"


def brief_canvas(brief: Brief, names: Names, playbook: Playbook) -> str:
    """The document as a canvas takes it: its title stands beside it, the rest is one dialect.

    A canvas has three levels of headings, lists, links and emphasis, and the same escapes.
    """
    return brief_markdown(brief, names, playbook).partition("\n\n")[2]


class _Whole(Writer):
    """The sections as the document shows them: pieces with an empty line between them."""

    def of(self, part: Section) -> list[str]:
        pieces = [self.introduced(part, _SURFACE)]
        for entry in part.entries:
            pieces += self._entry(entry, part)
        records, documents = self.loose(part)
        pieces += [self._list(records, documents)]
        by = dict.fromkeys(record.by for record in records)
        pieces += self._said_by(people.listed([self._person(who) for who in by]))
        return [*pieces, *(line for piece in part.pieces for line in self._piece(piece))]

    def asked(self) -> list[str]:
        """What was asked after the pack, with its answers."""
        pieces = [f"## {ASKED}"] if self.brief.asked else []
        for ask in self.brief.asked:
            when = self.day(ask.replied_at or ask.at)
            told = f"Asked by {self._person(ask.by)}, {self.day(ask.at)}; answered by"
            pieces += [f"### {self._shown(ask.text)}", self._paragraphs(ask.reply)]
            pieces.append(f"_{told} {self._person(ask.to)}, {when}._")
        return pieces

    def unsorted(self) -> list[str]:
        """What was pasted and belongs to no question yet."""
        if not self.brief.unsorted:
            return []
        pieces = [f"## {UNSORTED}", UNSORTED_IS]
        return [*pieces, *(line for piece in self.brief.unsorted for line in self._piece(piece))]

    def let_be(self) -> list[str]:
        """What leaders let be, and why."""
        found = self.waived(_SURFACE)
        lines = [f"- {one.what} ({one.by}, {self.day(one.at)}): {one.why}" for one in found]
        return [f"## {WAIVED}", "\n".join(lines)] if lines else []

    def _piece(self, piece: Unsorted) -> list[str]:
        """Something pasted, or a message from Slack with where it came from."""
        names = ", ".join(self._shown(file.name) for file in piece.files)
        lines = [self._paragraphs(piece.text), f"Files: {names}" if names else ""]
        lines.append(f"Note: {self._shown(piece.note)}" if piece.note else "")
        lines += self._said_by(*self.origin(piece, _SURFACE))
        address = piece.quoted.link if piece.quoted else ""
        return [*lines, link(address, _SURFACE) if address else ""]

    def _entry(self, entry: Entry, part: Section) -> list[str]:
        records, documents = self.own(part, entry)
        pieces = [f"### {self._shown(entry.question.text)}"]
        texts = [self._paragraphs(text) for text in self.texts(entry)]
        author, answered = self._person(entry.by), self.answered(entry)
        when = f", {answered}" if answered else ""
        still = "; something is still missing here" if entry.open else ""
        good = self.quality(entry, _SURFACE)
        said_by = self._said_by(f"{author}{when}{good}{still}")
        if entry.verdict is not Verdict.GIVEN:
            pieces.append(" ".join([f"{VERDICTS[entry.verdict]}.", *said_by]))
            said_by = []
            if texts or records or entry.given:
                pieces.append("Said before:")
        pieces += ["\n".join(self._given(entry)), *texts, self._list(records, documents)]
        files = ", ".join(self._shown(name) for name in self.unlisted(entry, documents))
        pieces.append(f"Files: {files}" if files else "")
        return [*pieces, *said_by]

    def _given(self, entry: Entry) -> Iterable[str]:
        for part in entry.question.parts:
            if part.key in entry.given:
                words = given(part, entry.given[part.key], self.names, _SURFACE)
                yield f"- {labelled(self._shown(part.label), words)}"

    def _list(self, records: Iterable[Record], documents: Iterable[Document]) -> str:
        lines = [line for record in records for line in self._record(record)]
        return "\n".join([*lines, *(self._document(document) for document in documents)])

    def _record(self, record: Record) -> list[str]:
        head, *rest = self.details(record, _SURFACE, None) or [("", "")]
        details = [f"  - {labelled(self._shown(label), words)}" for label, words in rest]
        return [f"- **{head[1]}**", *details]

    def _document(self, document: Document) -> str:
        """A document under its title, with what else was noted about it."""
        notes = [value(part, text, self.names, _SURFACE) for part, text in self.notes(document)]
        return f"- {' – '.join([self._title(document), *notes])}"

    def _title(self, document: Document) -> str:
        if not document.link:
            return self._shown(document.title)
        address = link(document.link, _SURFACE)
        if document.link == document.title:
            return address
        if not document.link.startswith(("http://", "https://")):
            return f"{self._shown(document.title)}: {address}"
        title = escaped(one_line(document.title, Surface.PLAIN, self.names))
        target = escaped(document.link).replace("|", "%7C")
        return render(f"<{target}|{title}>", _SURFACE, self.names)

    def _said_by(self, who: str, verb: str = "Said") -> list[str]:
        return [f"_{verb} by {who}._"] if who else []

    def _person(self, user: str) -> str:
        return people.person(user, self.names, _SURFACE)

    def _paragraphs(self, text: str) -> str:
        """A text whose line ends stay line ends."""
        return "  \n".join(render(text, _SURFACE, self.names).split("\n"))

    def _shown(self, text: str) -> str:
        return one_line(text, _SURFACE, self.names)
