"""The brief as a message: the head of each section; the whole of it is in a file."""

from collections.abc import Iterator

from bot.exports.formats import CANVAS, FOR_THE_CUSTOMER, FOR_US
from bot.exports.writer import ASKED, Writer, missing, state
from bot.ids import Act, Ref
from bot.views import people
from bot.views.blocks import Block, Choice, Message, context, fitted, header, section, select
from bot.views.slack_text import Names, Surface, link, one_line
from bot.views.waived import WAIVED
from bot.views.words import VERDICTS, counted, given, labelled
from flows.handover import Handover, Verdict
from flows.playbook import Playbook
from flows.privacy import may_read_sensitive
from flows.taking_over.brief import Brief, Entry, Section

_SECTION = 780
_LINE = 240
_ENTRY = 400
_DETAILS = 3
_FILE = "The whole brief is in the file."
_GET_IT_AS = "Get it as…"
_CANVAS_IS = (
    "One canvas for all who know of this handover, so answers marked sensitive are not in it. "
    "Order it again to bring it up to date."
)


def brief_message(
    brief: Brief, names: Names, playbook: Playbook, viewer: str, *, canvas: bool = False
) -> Message:
    """The head of each section; short enough for one message, whatever was written.

    `canvas` offers one among the formats.
    """
    account = people.account(brief.handover, names, Surface.PLAIN)
    how_far, lead = state(brief), people.lead_line(brief.handover, names)
    known = [part for part in brief.sections if not part.empty]
    heads = _Heads(brief, names, playbook)
    pasted = _pasted(brief)
    blocks: list[Block] = [
        header(f"Brief: {account}"),
        context(how_far, lead),
        *(section(heads.of(part)) for part in known),
        *([section(heads.asked())] if brief.asked else []),
        *([section(let_be)] if (let_be := heads.let_be()) else []),
    ]
    nothing = missing(brief)
    blocks += [context(pasted, nothing, _FILE), _get_it_as(brief, viewer, canvas=canvas)]
    first = f"Brief: {people.account(brief.handover, names)}. {how_far}. {lead}."
    titles = [*(part.title for part in known), *([ASKED] if brief.asked else [])]
    titles += [WAIVED] if let_be else []
    sections = f"Sections: {', '.join(titles)}."
    said = (first, sections, pasted, nothing, _FILE)
    return Message(" ".join(piece for piece in said if piece), blocks)


def canvas_message(handover: Handover, names: Names, address: str) -> Message:
    """Where the canvas is."""
    account, found = people.account(handover, names), link(address, Surface.MRKDWN)
    words = f"{account}: the brief as a canvas, version {handover.seq}. {found}"
    return Message(words, [section(words), context(_CANVAS_IS)])


def _get_it_as(brief: Brief, viewer: str, *, canvas: bool) -> Block:
    """The menu of formats. Its block is another one each time, or it would show the last choice."""
    handover = brief.handover
    known = FOR_US | ({CANVAS: "Slack canvas"} if canvas else {})
    if may_read_sensitive(handover, viewer):
        known |= FOR_THE_CUSTOMER
    choices = [
        Choice(Ref(h=handover.id, v=wanted).dump(), label) for wanted, label in known.items()
    ]
    menu = select(choices, placeholder=_GET_IT_AS, action=Act.BRIEF_AS)
    block_id = f"{Act.BRIEF_AS}:{brief.made_at.timestamp() * 1e6:.0f}"
    return {"type": "actions", "block_id": block_id, "elements": [menu]}


def _pasted(brief: Brief) -> str:
    count = len(brief.unsorted)
    return f"Pasted and not sorted yet: {counted(count, 'piece')}." if count else ""


class _Heads(Writer):
    """The sections as a message shows them: as many lines as fit."""

    def of(self, part: Section) -> str:
        return f"*{part.title}*\n{fitted(list(self._lines(part)), _SECTION)}"

    def _lines(self, part: Section) -> Iterator[str]:
        if introduced := self.introduced(part, Surface.MRKDWN):
            yield introduced
        for entry in part.entries:
            words = self._entry(entry)
            if words:
                yield f"• {words}"
        for record in part.records:
            found = self.details(record, Surface.MRKDWN, _LINE // _DETAILS)[:_DETAILS]
            yield f"• {' – '.join(words for _label, words in found)}"
        for document in part.documents:
            yield f"• {one_line(document.title, Surface.MRKDWN, self.names, _LINE)}"
        for piece in part.pieces:
            title = piece.note or piece.text or ", ".join(file.name for file in piece.files)
            origin = "From Slack" if piece.quoted else "Added"
            yield f"• {origin}: {one_line(title, Surface.MRKDWN, self.names, _LINE)}"

    def asked(self) -> str:
        """What was asked after the pack, and the answers."""
        lines = [
            f"• {one_line(ask.text, Surface.MRKDWN, self.names, _LINE // 2)}"
            f" – {one_line(ask.reply, Surface.MRKDWN, self.names, _LINE)}"
            for ask in self.brief.asked
        ]
        return f"*{ASKED}*\n{fitted(lines, _SECTION)}"

    def let_be(self) -> str:
        """What leaders let be, and why; empty where that is nothing."""
        lines = [f"• {one.what} ({one.by}): {one.why}" for one in self.waived(Surface.MRKDWN)]
        return f"*{WAIVED}*\n{fitted(lines, _SECTION)}" if lines else ""

    def _entry(self, entry: Entry) -> str:
        """What was answered, in one line."""
        names = self.names
        if entry.verdict is not Verdict.GIVEN:
            question = one_line(entry.question.text, Surface.MRKDWN, names, _LINE // 2)
            return f"{question} _{VERDICTS[entry.verdict]}_{self.quality(entry, Surface.MRKDWN)}"
        parts = [
            labelled(
                one_line(part.label, Surface.MRKDWN, names),
                given(part, entry.given[part.key], names, Surface.MRKDWN),
            )
            for part in entry.question.parts
            if part.key in entry.given
        ]
        texts = self.texts(entry)[:1]
        pieces = [*parts, *(one_line(text, Surface.MRKDWN, names, _LINE) for text in texts)]
        told = fitted([piece for piece in pieces if piece], _ENTRY).replace("\n", "; ")
        return f"{told}{self.quality(entry, Surface.MRKDWN)}" if told else ""
