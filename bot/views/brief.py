"""The brief, twice: its heads as a message, and the whole as a Markdown file."""

from collections.abc import Callable, Iterator

from bot.views import people
from bot.views.blocks import Block, Message, context, fitted, header, section
from bot.views.dates import day, moment
from bot.views.slack_text import Names, Surface, link, one_line, render
from bot.views.words import DATE_IS, REASONS, SEGMENTS, VERDICTS, given, value
from flows.brief import Brief, Entry, Section
from flows.handover import Record, Verdict
from flows.ledger import Document
from flows.playbook import Playbook, RecordSpec

_SECTION = 780
_LINE = 240
_ENTRY = 400
_FILE = "The whole brief is in the file."


def brief_message(brief: Brief, names: Names) -> Message:
    """The head of each section; short enough for one message, whatever was written."""
    account = people.account(brief.handover, names, Surface.PLAIN)
    state, lead = _state(brief), people.lead_line(brief.handover, names)
    known = [part for part in brief.sections if not part.empty]
    nothing = [part.title for part in brief.sections if part.empty]
    blocks: list[Block] = [
        header(f"Knowledge pack: {account}"),
        context(state, lead),
        *(section(_head(part, names)) for part in known),
    ]
    missing = f"Nothing yet: {people.listed(nothing)}." if nothing else ""
    blocks.append(context(missing, _FILE))
    first = f"Knowledge pack: {people.account(brief.handover, names)}. {state}. {lead}."
    sections = f"Sections: {', '.join(part.title for part in known)}."
    return Message(" ".join(s for s in (first, sections, missing, _FILE) if s), blocks)


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
    lines = [
        f"# Knowledge pack: {people.account(handover, names, surface)}",
        "",
        f"{_state(brief)}.  ",
        f"**{lead}**",
        "",
        *(f"- {label}: {words}" for label, words in facts.items() if words),
    ]
    for part in brief.sections:
        lines += ["", f"## {part.title}", ""]
        lines += _section_lines(part, names, playbook) or ["Nothing yet."]
    return "\n".join(lines).rstrip() + "\n"


def _state(brief: Brief) -> str:
    counts = f"{brief.answered} of {brief.required} required answered"
    finished = f"unfinished, {counts}" if brief.unfinished else counts
    return f"Version {brief.version}, {moment(brief.made_at, brief.made_at)}, {finished}"


def _head(part: Section, names: Names) -> str:
    """As many lines of a section as fit."""
    return f"*{part.title}*\n{fitted(list(_head_lines(part, names)), _SECTION)}"


def _head_lines(part: Section, names: Names) -> Iterator[str]:
    for entry in part.entries:
        words = _entry_head(entry, names)
        if words:
            yield f"• {words}"
    for record in part.records:
        yield f"• {one_line(_first(record), Surface.MRKDWN, names, _LINE)}"
    for document in part.documents:
        yield f"• {one_line(document.title, Surface.MRKDWN, names, _LINE)}"


def _entry_head(entry: Entry, names: Names) -> str:
    """What was answered, in one line."""
    if entry.verdict is not Verdict.GIVEN:
        question = one_line(entry.question.text, Surface.MRKDWN, names, _LINE // 2)
        return f"{question} {VERDICTS[entry.verdict]}"
    parts = [
        f"{one_line(part.label, Surface.MRKDWN, names)}: "
        f"{given(part, entry.given[part.key], names, Surface.MRKDWN)}"
        for part in entry.question.parts
        if part.key in entry.given
    ]
    pieces = [*parts, *(one_line(text, Surface.MRKDWN, names, _LINE) for text in entry.texts[:1])]
    return fitted([piece for piece in pieces if piece], _ENTRY).replace("\n", "; ")


def _section_lines(part: Section, names: Names, playbook: Playbook) -> list[str]:
    lines: list[str] = []
    for entry in part.entries:
        lines += [*_entry_lines(entry, names), ""]
    for record in part.records:
        lines += _record_lines(record, playbook.specs[record.kind], names)
    lines += [_document_line(document, names) for document in part.documents]
    return lines


def _entry_lines(entry: Entry, names: Names) -> list[str]:
    show = _shower(names)
    lines = [f"### {show(entry.question.text)}", ""]
    if entry.verdict is not Verdict.GIVEN:
        lines.append(f"{VERDICTS[entry.verdict]}.  ")
    for part in entry.question.parts:
        if part.key in entry.given:
            words = given(part, entry.given[part.key], names, Surface.MARKDOWN)
            lines.append(f"- {show(part.label)}: {words}")
    for text in entry.texts:
        lines += ["", _paragraphs(text, names)]
    if entry.files:
        lines += ["", "Files: " + ", ".join(show(file.name) for file in entry.files)]
    author = people.person(entry.by, names, Surface.MARKDOWN)
    still = "; something is still missing here" if entry.open else ""
    return [*lines, "", f"_Said by {author}{still}._"]


def _record_lines(record: Record, spec: RecordSpec, names: Names) -> list[str]:
    fields = {part.key: part for part in spec.fields}
    head, *rest = [
        (fields[key].label, value(fields[key], text, names, Surface.MARKDOWN))
        for key, text in record.details.items()
        if key in fields
    ] or [("", "")]
    show = _shower(names)
    return [f"- **{head[1]}**", *(f"  - {show(label)}: {words}" for label, words in rest)]


def _document_line(document: Document, names: Names) -> str:
    title = one_line(document.title, Surface.MARKDOWN, names)
    if not document.link or document.link == document.title:
        return f"- {link(document.title, Surface.MARKDOWN) if document.link else title}"
    return f"- {title}: {link(document.link, Surface.MARKDOWN)}"


def _paragraphs(text: str, names: Names) -> str:
    """A text whose line ends stay line ends."""
    return "  \n".join(render(text, Surface.MARKDOWN, names).split("\n"))


def _shower(names: Names) -> Callable[[str], str]:
    return lambda text: one_line(text, Surface.MARKDOWN, names)


def _first(record: Record) -> str:
    return next(iter(record.details.values()), "")
