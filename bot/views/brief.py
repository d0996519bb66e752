"""The brief, twice: its heads as a message, and the whole as a Markdown file."""

from collections.abc import Iterable, Iterator

from bot.views import people
from bot.views.blocks import Block, Message, context, fitted, header, section
from bot.views.dates import day, moment
from bot.views.listed import own_records, prose
from bot.views.slack_text import Names, Surface, escaped, link, one_line, render
from bot.views.words import DATE_IS, REASONS, SEGMENTS, VERDICTS, counted, given, labelled, value
from flows.brief import Brief, Entry, Section
from flows.frozen import Moment
from flows.handover import Record, Unsorted, Verdict
from flows.ledger import Document
from flows.playbook import Playbook
from flows.terms import RecordKind

_SECTION = 780
_LINE = 240
_ENTRY = 400
_DETAILS = 3
_FILE = "The whole brief is in the file."
_ASKED = "Asked and answered"
_UNSORTED = "Unsorted"


def brief_message(brief: Brief, names: Names, playbook: Playbook) -> Message:
    """The head of each section; short enough for one message, whatever was written."""
    account = people.account(brief.handover, names, Surface.PLAIN)
    state, lead = _state(brief), people.lead_line(brief.handover, names)
    known = [part for part in brief.sections if not part.empty]
    heads = _Heads(brief, names, playbook)
    pasted = _pasted(brief)
    blocks: list[Block] = [
        header(f"Brief: {account}"),
        context(state, lead),
        *(section(heads.of(part)) for part in known),
        *([section(heads.asked())] if brief.asked else []),
    ]
    missing = _missing(brief)
    blocks.append(context(pasted, missing, _FILE))
    first = f"Brief: {people.account(brief.handover, names)}. {state}. {lead}."
    titles = [*(part.title for part in known), *([_ASKED] if brief.asked else [])]
    sections = f"Sections: {', '.join(titles)}."
    said = (first, sections, pasted, missing, _FILE)
    return Message(" ".join(piece for piece in said if piece), blocks)


def brief_markdown(brief: Brief, names: Names, playbook: Playbook) -> str:
    """The whole document. Nothing that was typed can become a heading or a link of its own."""
    surface = Surface.MARKDOWN
    handover = brief.handover
    lead = people.lead_line(handover, names, surface)
    facts = {
        "From": people.party(handover.outgoing, names, surface),
        "To": people.incoming(handover, names, surface),
        "Segment": SEGMENTS[handover.segment],
        "Reason": REASONS[handover.reason],
        DATE_IS[handover.day_is]: day(handover.day),
        "Renewal": day(handover.renewal) if handover.renewal else "",
        "CRM": link(handover.crm_link, surface) if handover.crm_link else "",
    }
    pieces = [
        f"# Brief: {people.account(handover, names, surface)}",
        f"{_state(brief)}.  \n**{lead}**",
        "\n".join(f"- {label}: {words}" for label, words in facts.items() if words),
        _missing(brief),
    ]
    whole = _Whole(brief, names, playbook)
    for part in brief.sections:
        if not part.empty:
            pieces += [f"## {part.title}", *whole.of(part)]
    pieces += [*whole.asked(), *whole.unsorted()]
    return "\n\n".join(piece for piece in pieces if piece) + "\n"


def _state(brief: Brief) -> str:
    counts = f"{brief.answered} of {brief.required} required answered"
    finished = f"unfinished, {counts}" if brief.unfinished else counts
    return f"Version {brief.version}, {moment(brief.made_at, brief.made_at)}, {finished}"


def _missing(brief: Brief) -> str:
    """The sections of which nothing is known, in one line instead of a heading each."""
    nothing = [part.title for part in brief.sections if part.empty]
    return f"Nothing yet: {people.listed(nothing)}." if nothing else ""


def _pasted(brief: Brief) -> str:
    count = len(brief.unsorted)
    return f"Pasted and not sorted yet: {counted(count, 'piece')}." if count else ""


class _Writer:
    """What both forms of the brief know."""

    def __init__(self, brief: Brief, names: Names, playbook: Playbook) -> None:
        self._brief = brief
        self._names = names
        self._playbook = playbook

    def _texts(self, entry: Entry) -> list[str]:
        """What was said, without the lines that stand in the list of records."""
        own = own_records(self._brief.handover.records, entry.question.id)
        typed = [record for record in own if record.source]
        found = (prose(self._playbook, entry.question, text, typed) for text in entry.texts)
        return [text for text in found if text.strip()]

    def _details(self, record: Record, surface: Surface, limit: int | None) -> list[list[str]]:
        """The fields of a record in the order of the playbook, each as label and words."""
        return [
            [part.label, value(part, record.details[part.key], self._names, surface, limit)]
            for part in self._playbook.specs[record.kind].fields
            if part.key in record.details
        ]


class _Heads(_Writer):
    """The sections as a message shows them: as many lines as fit."""

    def of(self, part: Section) -> str:
        return f"*{part.title}*\n{fitted(list(self._lines(part)), _SECTION)}"

    def _lines(self, part: Section) -> Iterator[str]:
        for entry in part.entries:
            words = self._entry(entry)
            if words:
                yield f"• {words}"
        for record in part.records:
            found = self._details(record, Surface.MRKDWN, _LINE // _DETAILS)[:_DETAILS]
            yield f"• {' – '.join(words for _label, words in found)}"
        for document in part.documents:
            yield f"• {one_line(document.title, Surface.MRKDWN, self._names, _LINE)}"
        for piece in part.pieces:
            title = piece.note or piece.text or ", ".join(file.name for file in piece.files)
            yield f"• From Slack: {one_line(title, Surface.MRKDWN, self._names, _LINE)}"

    def asked(self) -> str:
        """What was asked after the pack, and the answers."""
        lines = [
            f"• {one_line(ask.text, Surface.MRKDWN, self._names, _LINE // 2)}"
            f" – {one_line(ask.reply, Surface.MRKDWN, self._names, _LINE)}"
            for ask in self._brief.asked
        ]
        return f"*{_ASKED}*\n{fitted(lines, _SECTION)}"

    def _entry(self, entry: Entry) -> str:
        """What was answered, in one line."""
        names = self._names
        if entry.verdict is not Verdict.GIVEN:
            question = one_line(entry.question.text, Surface.MRKDWN, names, _LINE // 2)
            return f"{question} _{VERDICTS[entry.verdict]}_"
        parts = [
            labelled(
                one_line(part.label, Surface.MRKDWN, names),
                given(part, entry.given[part.key], names, Surface.MRKDWN),
            )
            for part in entry.question.parts
            if part.key in entry.given
        ]
        texts = self._texts(entry)[:1]
        pieces = [*parts, *(one_line(text, Surface.MRKDWN, names, _LINE) for text in texts)]
        return fitted([piece for piece in pieces if piece], _ENTRY).replace("\n", "; ")


class _Whole(_Writer):
    """The sections as the document shows them: pieces with an empty line between them."""

    def of(self, part: Section) -> list[str]:
        pieces: list[str] = []
        asked = {entry.question.id for entry in part.entries}
        for entry in part.entries:
            pieces += self._entry(entry, part)
        records = [record for record in part.records if record.question not in asked]
        documents = [document for document in part.documents if document.question not in asked]
        pieces += [self._list(records, documents)]
        by = dict.fromkeys(record.by for record in records)
        pieces += self._said_by(people.listed([self._person(who) for who in by]))
        return [*pieces, *(line for piece in part.pieces for line in self._piece(piece))]

    def asked(self) -> list[str]:
        """What was asked after the pack, with its answers."""
        found = self._brief.asked
        pieces = [f"## {_ASKED}"] if found else []
        for ask in found:
            when = self._day(ask.replied_at or ask.at)
            told = f"Asked by {self._person(ask.by)}, {self._day(ask.at)}; answered by"
            pieces += [f"### {self._shown(ask.text)}", self._paragraphs(ask.reply)]
            pieces.append(f"_{told} {self._person(ask.to)}, {when}._")
        return pieces

    def unsorted(self) -> list[str]:
        """What was pasted and belongs to no question yet."""
        pasted = self._brief.unsorted
        if not pasted:
            return []
        pieces = [f"## {_UNSORTED}", "Pasted, and not sorted into the questions yet."]
        return [*pieces, *(line for piece in pasted for line in self._piece(piece))]

    def _piece(self, piece: Unsorted) -> list[str]:
        """Something pasted or a message from Slack, with who brought it and what they say of it."""
        names = ", ".join(self._shown(file.name) for file in piece.files)
        brought, quoted = f"{self._person(piece.by)}, {self._day(piece.at)}", piece.quoted
        lines = [self._paragraphs(piece.text), f"Files: {names}" if names else ""]
        if quoted is None:
            return [*lines, *self._said_by(brought, "Pasted")]
        writer = people.author(quoted.author, self._names, Surface.MARKDOWN)
        lines += self._said_by(f"{writer} on Slack, {self._day(quoted.at)}; added by {brought}")
        lines.append(f"Note: {self._shown(piece.note)}" if piece.note else "")
        return [*lines, link(quoted.link, Surface.MARKDOWN) if quoted.link else ""]

    def _entry(self, entry: Entry, part: Section) -> list[str]:
        key = entry.question.id
        records = own_records(part.records, key)
        documents = [document for document in part.documents if document.question == key]
        pieces = [f"### {self._shown(entry.question.text)}"]
        texts = [self._paragraphs(text) for text in self._texts(entry)]
        answer = self._brief.handover.answers.get(key)
        author = self._person(entry.by)
        when = f", {self._day(answer.at)}" if answer else ""
        still = "; something is still missing here" if entry.open else ""
        said_by = self._said_by(f"{author}{when}{still}")
        if entry.verdict is not Verdict.GIVEN:
            pieces.append(" ".join([f"{VERDICTS[entry.verdict]}.", *said_by]))
            said_by = []
            if texts or records or entry.given:
                pieces.append("Said before:")
        pieces += ["\n".join(self._given(entry)), *texts, self._list(records, documents)]
        listed = {document.file.id for document in documents if document.file}
        files = [self._shown(file.name) for file in entry.files if file.id not in listed]
        pieces.append(f"Files: {', '.join(files)}" if files else "")
        return [*pieces, *said_by]

    def _given(self, entry: Entry) -> Iterable[str]:
        for part in entry.question.parts:
            if part.key in entry.given:
                words = given(part, entry.given[part.key], self._names, Surface.MARKDOWN)
                yield f"- {labelled(self._shown(part.label), words)}"

    def _list(self, records: Iterable[Record], documents: Iterable[Document]) -> str:
        lines = [line for record in records for line in self._record(record)]
        return "\n".join([*lines, *(self._document(document) for document in documents)])

    def _record(self, record: Record) -> list[str]:
        head, *rest = self._details(record, Surface.MARKDOWN, None) or [["", ""]]
        details = [f"  - {labelled(self._shown(label), words)}" for label, words in rest]
        return [f"- **{head[1]}**", *details]

    def _document(self, document: Document) -> str:
        """A document under its title, with what else was noted about it."""
        notes = [
            words
            for record in own_records(self._brief.handover.records, document.question)
            if record.kind is RecordKind.DOCUMENT
            and record.details.get("title") == document.title
            and record.details.get("link", "") == document.link
            for label, words in self._details(record, Surface.MARKDOWN, None)[1:]
            if words != link(document.link, Surface.MARKDOWN)
        ]
        return f"- {' – '.join([self._title(document), *dict.fromkeys(notes)])}"

    def _title(self, document: Document) -> str:
        surface = Surface.MARKDOWN
        if not document.link:
            return one_line(document.title, surface, self._names)
        address = link(document.link, surface)
        if document.link == document.title:
            return address
        if not document.link.startswith(("http://", "https://")):
            return f"{one_line(document.title, surface, self._names)}: {address}"
        title = escaped(one_line(document.title, Surface.PLAIN, self._names))
        target = escaped(document.link).replace("|", "%7C")
        return render(f"<{target}|{title}>", surface, self._names)

    def _said_by(self, who: str, verb: str = "Said") -> list[str]:
        return [f"_{verb} by {who}._"] if who else []

    def _person(self, user: str) -> str:
        return people.person(user, self._names, Surface.MARKDOWN)

    def _day(self, at: Moment) -> str:
        return day(at.astimezone(self._brief.made_at.tzinfo).date())

    def _paragraphs(self, text: str) -> str:
        """A text whose line ends stay line ends."""
        return "  \n".join(render(text, Surface.MARKDOWN, self._names).split("\n"))

    def _shown(self, text: str) -> str:
        return one_line(text, Surface.MARKDOWN, self._names)
