"""What every form of the brief says in the same words."""

from collections.abc import Mapping

from bot.views import people
from bot.views.customer.coverage import counts
from bot.views.dates import day, moment
from bot.views.knowledge.listed import own_records, prose
from bot.views.slack_text import Names, Surface, link
from bot.views.waived import Let, let_be
from bot.views.words import DATE_IS, REASONS, SEGMENTS, quality, value
from flows.frozen import Moment
from flows.handover import Record, Unsorted
from flows.knowledge.ledger import Document
from flows.playbook import Part, Playbook
from flows.taking_over.brief import Brief, Entry, Section
from flows.terms import RecordKind

ASKED = "Asked and answered"
"""The heading of what was asked after the pack."""


def state(brief: Brief) -> str:
    """Which version it is, made when, and how far the answers are."""
    return ", ".join(marks(brief))


def marks(brief: Brief) -> tuple[str, str, str]:
    """The version, the moment and how far the answers are, each by itself."""
    counts = f"{brief.answered} of {brief.required} required answered"
    finished = f"unfinished, {counts}" if brief.unfinished else counts
    return f"Version {brief.version}", moment(brief.made_at, brief.made_at), finished


def missing(brief: Brief) -> str:
    """The sections of which nothing is known, in one line instead of a heading each."""
    nothing = [part.title for part in brief.sections if part.empty]
    return f"Nothing yet: {people.listed(nothing)}." if nothing else ""


def facts(brief: Brief, names: Names, surface: Surface) -> dict[str, str]:
    """What the start form told, each under its label; without what was left empty."""
    handover = brief.handover
    found = {
        "From": people.party(handover.outgoing, names, surface),
        "To": people.incoming(handover, names, surface),
        "Segment": SEGMENTS[handover.segment],
        "Reason": REASONS[handover.reason],
        DATE_IS[handover.day_is]: day(handover.day),
        "Renewal": day(handover.renewal) if handover.renewal else "",
        "CRM": link(handover.crm_link, surface) if handover.crm_link else "",
    }
    return {label: words for label, words in found.items() if words}


STAKEHOLDERS = "Stakeholders"
"""The section in which the brief tells who has been introduced."""


class Writer:
    """Reads a brief for whoever writes it down."""

    def __init__(self, brief: Brief, names: Names, playbook: Playbook) -> None:
        self.brief = brief
        self.names = names
        self.playbook = playbook

    def introduced(self, part: Section, surface: Surface) -> str:
        """In the section of the stakeholders, how many have been introduced, and who has not."""
        if part.title != STAKEHOLDERS:
            return ""
        return counts(self.brief.handover, self.playbook, self.names, surface)

    def waived(self, surface: Surface) -> list[Let]:
        """What leaders let be, in words."""
        return let_be(self.brief.handover, self.playbook, self.names, surface)

    def texts(self, entry: Entry) -> list[str]:
        """What was said, without the lines that stand in the list of records."""
        own = own_records(self.brief.handover.records, entry.question.id)
        typed = [record for record in own if record.source]
        found = (prose(self.playbook, entry.question, text, typed) for text in entry.texts)
        return [text for text in found if text.strip()]

    def fields(self, kind: RecordKind, details: Mapping[str, str]) -> list[tuple[Part, str]]:
        """The fields of a record in the order of the playbook, as they are stored."""
        fields = self.playbook.specs[kind].fields
        return [(part, details[part.key]) for part in fields if part.key in details]

    def details(self, record: Record, surface: Surface, limit: int | None) -> list[tuple[str, str]]:
        """The fields of a record in the order of the playbook, each as label and words."""
        return [
            (part.label, value(part, text, self.names, surface, limit))
            for part, text in self.fields(record.kind, record.details)
        ]

    def own(self, part: Section, entry: Entry) -> tuple[list[Record], list[Document]]:
        """The records and documents of a section that answer one question."""
        key = entry.question.id
        documents = [document for document in part.documents if document.question == key]
        return own_records(part.records, key), documents

    def loose(self, part: Section) -> tuple[list[Record], list[Document]]:
        """Those of a section that answer no question that is shown in it."""
        asked = {entry.question.id for entry in part.entries}
        records = [record for record in part.records if record.question not in asked]
        return records, [document for document in part.documents if document.question not in asked]

    def unlisted(self, entry: Entry, documents: list[Document]) -> list[str]:
        """The names of the files of an answer that are not in the list of documents."""
        listed = {document.file.id for document in documents if document.file}
        return [file.name for file in entry.files if file.id not in listed]

    def notes(self, document: Document) -> list[tuple[Part, str]]:
        """What else was noted about a document, as it is stored."""
        found = self.fields(RecordKind.DOCUMENT, document.details)
        return [(part, text) for part, text in found[1:] if text != document.link]

    def origin(self, piece: Unsorted, surface: Surface) -> tuple[str, str]:
        """Who a piece came from, and the verb for it."""
        brought = people.person(piece.by, self.names, surface)
        if piece.quoted is None:
            return f"{brought}, {self.day(piece.at)}", "Added" if piece.question else "Pasted"
        writer = people.person(piece.quoted.author, self.names, surface)
        return f"{writer} on Slack, {self.day(piece.quoted.at)}; added by {brought}", "Said"

    def answered(self, entry: Entry) -> str:
        """When a question was answered, in the reader's zone; empty where that is not known."""
        answer = self.brief.handover.answers.get(entry.question.id)
        return self.day(answer.at) if answer else ""

    def quality(self, entry: Entry, surface: Surface) -> str:
        """What a reader should know of how good an answer is, in brackets; mostly nothing."""
        found = quality(entry, self.names, surface)
        return f" ({'; '.join(found)})" if found else ""

    def day(self, at: Moment) -> str:
        """The reader's calendar day of a moment."""
        return day(at.astimezone(self.brief.made_at.tzinfo).date())
