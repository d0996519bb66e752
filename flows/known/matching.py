"""Finds in a text written elsewhere what it says to the playbook's questions (A10).

A heading or a line that reads like a question, its id, its section or a usual word for it opens
that question; what follows belongs to it. What belongs to none is handed back as it stood.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from flows.frozen import Frozen
from flows.handover import Given, Known, Listed, Verdict
from flows.known.listing import document_of, field_of, row_of
from flows.known.outline import Outline, Piece, Shape
from flows.known.readings import folded, labelled_part, read_given, read_value
from flows.playbook import Playbook, Question, RecordSpec
from flows.taking_over.brief import SECTIONS
from flows.terms import PartKind, RecordKind

_SAID_BEFORE = "said before"
_FILES = "Files: "
_HEAD = "Brief: "
"""Begins a brief of ours: what stands in its head is told elsewhere."""
_VERDICTS = {
    "none.": Verdict.NONE,
    "i don't know.": Verdict.UNKNOWN,
    "none": Verdict.NONE,
    "i don't know": Verdict.UNKNOWN,
}
SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "SN1": ("top 3", "top three", "top 3 things", "summary", "in short", "key facts", "tl;dr"),
    "SN2": ("health", "account health", "health score", "status"),
    "SN3": ("renewal", "renewal date", "contract", "arr"),
    "BG1": ("industry", "company", "about them", "background", "overview"),
    "BG2": ("use case", "use cases", "main use case", "what they use"),
    "BG3": ("goals", "objectives", "success criteria", "desired outcomes"),
    "BG4": ("org chart", "organisation", "organization"),
    "BG5": ("sales notes", "original sale", "how they bought"),
    "TH1": ("history", "incidents", "escalations", "technical events"),
    "TH2": ("setup", "set-up", "technical setup", "integrations", "configuration"),
    "CH1": ("usage", "adoption"),
    "CH2": ("relationship", "relationships"),
    "CH3": ("renewal plan",),
    "CH4": ("feedback", "nps", "csat"),
    "PF1": ("current projects", "in progress", "projects"),
    "PF2": ("expectations",),
    "PF3": ("priorities", "top priorities"),
    "PF4": ("meetings", "upcoming meetings", "booked meetings"),
    "PF5": ("next steps", "next 30 days", "plan"),
    "DC5": ("meeting notes", "links"),
    "SK1": ("contacts", "key contacts", "people", "key stakeholders", "who is who"),
    "CC1": ("cadence", "communication", "channels"),
    "CC2": ("sensitive", "sensitivities", "never say"),
    "OI1": ("issues", "open items", "open tickets", "action items", "known issues"),
    "CM1": ("promises", "commitments made", "what we promised"),
    "OP1": ("upsell", "expansion", "pipeline", "growth"),
    "RK1": ("risk", "red flags", "what could go wrong"),
    "TR1": ("reason for the change", "reason for the handover"),
}
"""What people call a question in their own notes."""


class Match(Frozen):
    """What was found, by question, and what belongs to none."""

    found: dict[str, Known]
    left: str


def matched(
    outline: Outline,
    playbook: Playbook,
    asked: Iterable[str] = (),
    people: Mapping[str, str] | None = None,
) -> Match:
    """What an outline says to the questions of a playbook.

    `asked` are the questions of this very handover, which are preferred where words fit several;
    `people` are Slack ids by name.
    """
    names = {folded(name): user for name, user in (people or {}).items()}
    reader = _Reader(_Index(playbook, tuple(asked)), names)
    for piece in outline.pieces:
        reader.take(piece)
    return Match(
        found={key: entry.known for key, entry in reader.entries.items() if not entry.empty},
        left="\n".join(reader.left).strip(),
    )


class _Index:
    """Which question, section or kind of record some words mean."""

    def __init__(self, playbook: Playbook, asked: tuple[str, ...]) -> None:
        self.playbook = playbook
        self.kinds = {title: kind for title, kind in SECTIONS if kind}
        open_to_csms = [q for q in playbook.questions if q.confidential is None]
        preferred = [q for q in open_to_csms if q.id in asked]
        self.order = preferred + [q for q in open_to_csms if q.id not in asked]
        self.sections = {folded(title): title for title in playbook.sections}
        self.by_words: dict[str, Question] = {}
        for question in self.order:
            for words in (question.text, question.id, *SYNONYMS.get(question.id, ())):
                self.by_words.setdefault(folded(words), question)

    def question(self, words: str) -> Question | None:
        """The question that some words put: its own, its id before them, or a usual name."""
        told = folded(words)
        return self.by_words.get(told) or self.by_words.get(told.rstrip("?")) or self._by_id(told)

    def _by_id(self, told: str) -> Question | None:
        first, _, rest = told.partition(" ")
        found = self.by_words.get(first.rstrip(".:)"))
        return found if found and rest and found.id.casefold() == first.rstrip(".:)") else None

    def home(self, kind: RecordKind, section: str) -> Question | None:
        """Where records of a kind belong that stand under a section, not under a question."""
        takes = [question for question in self.order if kind in question.records]
        return next((q for q in takes if q.section == section), next(iter(takes), None))

    def first_of(self, section: str) -> Question | None:
        """The question that a text right under a section's title answers."""
        kind = self.kinds.get(section)
        if kind:
            return self.home(kind, section)
        return next((q for q in self.order if q.section == section), None)


@dataclass
class _Entry:
    """What is gathered for one question."""

    question: Question
    texts: list[str] = field(default_factory=list)
    given: dict[str, Given] = field(default_factory=dict)
    listed: list[Listed] = field(default_factory=list)
    verdict: Verdict = Verdict.GIVEN
    raw: list[str] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        told = self.texts or self.given or self.listed
        return not told and self.verdict is Verdict.GIVEN

    @property
    def known(self) -> Known:
        return Known(
            text="\n".join(self.texts).strip(),
            verdict=self.verdict,
            given=self.given,
            listed=tuple(self.listed),
            raw="\n".join([self.question.text, *self.raw]),
        )


class _Reader:
    """Walks through the pieces; knows which question, section and record they stand under."""

    def __init__(self, index: _Index, people: Mapping[str, str]) -> None:
        self.entries: dict[str, _Entry] = {}
        self.left: list[str] = []
        self._index = index
        self._people = people
        self._section = ""
        self._entry: _Entry | None = None
        self._level = 0
        self._record: RecordSpec | None = None
        self._skipping = False
        self._closing = False
        self._in_head = False

    def take(self, piece: Piece) -> None:
        if piece.shape is Shape.HEADING:
            self._in_head = piece.level == 1 and piece.text.startswith(_HEAD)
        if self._in_head:
            return
        match piece.shape:
            case Shape.HEADING:
                self._heading(piece)
            case Shape.ASIDE:
                self._aside()
            case Shape.TABLE:
                self._table(piece)
            case Shape.ITEM:
                self._item(piece)
            case Shape.TEXT:
                self._text(piece)

    def _heading(self, piece: Piece) -> None:
        words = folded(piece.text)
        question = self._index.question(piece.text)
        section = self._index.sections.get(words)
        exact = question is not None and words == folded(question.text)
        if section and not exact:
            self._section, self._skipping = section, False
            self._close()
        elif question:
            self._open(question, piece.level)
        elif self._entry and piece.level > self._level:
            self._keep(piece)
        elif self._opened_by(piece.text):
            self._level = piece.level
        else:
            self._close()
            self._section, self._skipping = "", True
            self.left.append(piece.text)

    def _open(self, question: Question, level: int = 0) -> None:
        self._section = self._section or question.section
        self._entry = self.entries.setdefault(question.id, _Entry(question))
        self._level, self._record, self._skipping, self._closing = level, None, False, False

    def _close(self) -> None:
        self._entry, self._record, self._level, self._closing = None, None, 0, False

    def _keep(self, piece: Piece) -> None:
        if self._entry is None:
            self.left.append(piece.raw)
            return
        self._entry.texts.append(piece.raw)
        self._entry.raw.append(piece.raw)

    def _aside(self) -> None:
        """Who said it closes an answer, but for one that says what was said before as well."""
        entry = self._entry
        if entry is None:
            return
        if entry.texts and entry.texts[-1].startswith(_FILES):
            entry.texts.pop()
        self._closing = entry.verdict is not Verdict.GIVEN and not entry.texts
        if not self._closing:
            self._close()

    def _text(self, piece: Piece) -> None:
        told = folded(piece.text)
        if self._closing and told != _SAID_BEFORE:
            self._close()
        if told == _SAID_BEFORE and self._entry and self._entry.verdict is not Verdict.GIVEN:
            self._closing = False
            return
        if self._entry and self._entry.empty and told in _VERDICTS:
            self._entry.verdict = _VERDICTS[told]
            return
        for line in self._paragraph(piece.text):
            self._line(line, piece)

    def _paragraph(self, text: str) -> list[str]:
        """A text in one where it stands under a question, else line by line."""
        inside = self._entry is not None and self._level
        lines = text.split("\n")
        return [text] if inside or len(lines) == 1 else lines

    def _line(self, line: str, piece: Piece) -> None:
        if not (self._entry and self._level) and self._opened_by(line):
            return
        if self._entry is None and not self._skipping and self._section:
            first = self._index.first_of(self._section)
            if first:
                self._open(first)
        if not self._part(line):
            self._keep(piece.model_copy(update={"text": line}))

    def _opened_by(self, line: str) -> bool:
        """Whether a line is a question, or a name of one with its answer behind a colon."""
        if not line.strip():
            return False
        question = self._index.question(line)
        if question:
            self._open(question)
            return True
        section = self._index.sections.get(folded(line))
        if section:
            self._section, self._skipping = section, False
            self._close()
            return True
        label, colon, rest = line.partition(":")
        asked, mark, answer = line.partition("?")
        if mark and answer.strip() and (question := self._index.question(asked + mark)):
            label, colon, rest = asked, mark, answer
        named = question or (self._index.question(label) if colon and rest.strip() else None)
        if named is None:
            return False
        self._open(named)
        self._entry_line(rest.strip(" :"))
        return True

    def _entry_line(self, text: str) -> None:
        entry = self._entry
        if entry is None:
            return
        parts = [p for p in entry.question.parts if p.key not in entry.given]
        for part in parts:
            if part.kind is not PartKind.TEXT and (given := read_given(part, text, self._people)):
                entry.given[part.key] = given
                entry.raw.append(text)
                return
        self._keep(Piece(shape=Shape.TEXT, text=text))

    def _part(self, text: str) -> bool:
        """Whether a line is a structured part of the open question under its label."""
        entry = self._entry
        found = labelled_part(text, entry.question.parts) if entry else None
        if entry is None or found is None:
            return False
        part, words = found
        given = read_given(part, words, self._people)
        if given is None or part.key in entry.given:
            return False
        entry.given[part.key] = given
        entry.raw.append(text)
        return True

    def _item(self, piece: Piece) -> None:
        entry = self._entry
        if self._closing:
            self._close()
            entry = None
        if piece.level and self._record and entry and self._detail(piece):
            return
        if entry and piece.level == 0 and self._part(piece.text):
            return
        if entry is None and not self._skipping and self._opened_by(piece.text):
            return
        kind = self._index.kinds.get(self._section)
        if entry is None and kind and not self._skipping:
            home = self._index.home(kind, self._section)
            if home:
                self._open(home)
                entry = self._entry
        kind = self._kind(entry) if entry else None
        if entry and kind and self._records(entry, kind, piece):
            self._level = max(self._level, 0)
            return
        self._line(piece.text, piece)

    def _kind(self, entry: _Entry) -> RecordKind | None:
        """The kind of what is listed here: the section's where the question takes it."""
        takes = entry.question.records
        here = self._index.kinds.get(self._section)
        return here if here in takes else next(iter(takes), None)

    def _records(self, entry: _Entry, kind: RecordKind, piece: Piece) -> bool:
        spec = self._index.playbook.specs[kind]
        if piece.strong:
            details = {spec.fields[0].key: piece.text}
            self._record = spec
        elif kind is RecordKind.DOCUMENT and not piece.level:
            details = document_of(spec, piece.text)
        else:
            return False
        if details:
            entry.listed.append(Listed(kind=kind, details=details))
            entry.raw.append(piece.raw)
        return bool(details)

    def _detail(self, piece: Piece) -> bool:
        """Whether an item says something of the record above it."""
        entry, spec = self._entry, self._record
        found = labelled_part(piece.text, spec.fields[1:]) if spec else None
        if entry is None or found is None or not entry.listed:
            return False
        part, words = found
        value = read_value(part, words)
        if not value:
            return False
        last = entry.listed[-1]
        entry.listed[-1] = last.model_copy(update={"details": last.details | {part.key: value}})
        entry.raw.append(piece.raw)
        return True

    def _table(self, piece: Piece) -> None:
        if self._closing:
            self._close()
        head, *rows = piece.rows or ((),)
        spec = self._spec(head)
        entry = self._entry
        if spec and (entry is None or spec.kind not in entry.question.records):
            home = self._index.home(spec.kind, self._section)
            entry = self.entries.setdefault(home.id, _Entry(home)) if home else None
        if spec is None or entry is None:
            self._keep(piece)
            return
        found = [details for row in rows if (details := row_of(spec, head, row))]
        entry.listed += [Listed(kind=spec.kind, details=details) for details in found]
        entry.raw.append(piece.raw)

    def _spec(self, head: tuple[str, ...]) -> RecordSpec | None:
        """The kind of record whose fields the head of a table names; the section decides a tie."""
        here = self._index.kinds.get(self._section)
        scores = {
            kind: sum(field_of(spec, label) is not None for label in head) + (kind is here) / 2
            for kind, spec in self._index.playbook.specs.items()
        }
        best = max(scores, key=lambda kind: scores[kind])
        enough = 1 if best is here else 2
        return self._index.playbook.specs[best] if scores[best] >= enough else None
