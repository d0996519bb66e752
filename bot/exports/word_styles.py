"""The look of our Word documents: paper, and one table of styles in place of Word's two hundred."""

import io
from dataclasses import dataclass
from functools import cache

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm

_FONT = "Calibri"
_INK, _NAVY, _GREY = "222B36", "1D3557", "5B6673"
_RULE, _PALE, _WARM, _LINK = "D5DBE1", "EEF2F6", "FFF4DF", "1F5FA8"
_PAPER, _EDGE = (Cm(21.0), Cm(29.7)), Cm(2.2)
_TWIP = 635
WIDTH = (_PAPER[0] - 2 * _EDGE) // _TWIP
"""How wide the text is, in twentieths of a point."""


@dataclass(frozen=True)
class Look:
    """How a paragraph looks: sizes in points, leading in lines, colours in hexadecimal.

    `level` makes it a heading, `rule` draws a line under it, `fill` a colour behind it; `extra` is
    what else Word is to know of the paragraph.
    """

    name: str
    size: float
    colour: str = _INK
    bold: bool = False
    before: float = 0
    after: float = 0
    leading: float = 1.0
    next_too: bool = False
    capitals: bool = False
    level: int = 0
    rule: bool = False
    fill: str = ""
    extra: str = ""

    @property
    def id(self) -> str:
        """What a paragraph calls it by."""
        return self.name.title().replace(" ", "")


_BULLET = '<w:numPr><w:numId w:val="1"/></w:numPr>'
_TO_THE_RIGHT = f'<w:tabs><w:tab w:val="right" w:pos="{WIDTH}"/></w:tabs>'
_LOOKS = (
    Look("Body Text", 10.5, after=5, leading=1.15),
    Look("List Bullet", 10.5, after=2, leading=1.15, extra=_BULLET),
    Look("Overline", 9, _GREY, bold=True, after=2, capitals=True, next_too=True),
    Look("Title", 28, _NAVY, bold=True, after=2, next_too=True),
    Look("Subtitle", 13, after=2, next_too=True),
    Look("Status", 10, _GREY, after=10, next_too=True),
    Look("Callout", 10, before=6, after=12, leading=1.15, fill=_WARM),
    Look("Contents", 10, before=8, after=4, leading=1.35),
    Look("heading 1", 17, _NAVY, bold=True, before=24, after=8, next_too=True, level=1, rule=True),
    Look("heading 2", 11.5, bold=True, before=12, after=3, next_too=True, level=2),
    Look("Said By", 8.5, _GREY, after=6),
    Look("Table Text", 9.5, before=1, after=1, leading=1.05),
    Look("Table Head", 9, _NAVY, bold=True, before=1, after=1, next_too=True),
    Look("After Table", 3),
    Look("header", 8.5, _GREY, extra=_TO_THE_RIGHT),
    Look("footer", 8.5, _GREY, extra=_TO_THE_RIGHT),
)
_HAIRLINE = f'w:val="single" w:sz="4" w:space="0" w:color="{_RULE}"'
_DEFAULTS = f"""
<w:docDefaults>
  <w:rPrDefault><w:rPr>
    <w:rFonts w:ascii="{_FONT}" w:hAnsi="{_FONT}" w:cs="{_FONT}"/>
    <w:color w:val="{_INK}"/><w:sz w:val="21"/><w:szCs w:val="21"/><w:lang w:val="en-GB"/>
  </w:rPr></w:rPrDefault>
  <w:pPrDefault/>
</w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal">
  <w:name w:val="Normal"/><w:qFormat/>
</w:style>
<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">
  <w:name w:val="Default Paragraph Font"/><w:semiHidden/>
</w:style>
<w:style w:type="character" w:styleId="Hyperlink">
  <w:name w:val="Hyperlink"/>
  <w:rPr><w:color w:val="{_LINK}"/><w:u w:val="single" w:color="{_RULE}"/></w:rPr>
</w:style>
<w:style w:type="table" w:default="1" w:styleId="TableNormal">
  <w:name w:val="Normal Table"/><w:semiHidden/>
  <w:tblPr><w:tblInd w:w="0" w:type="dxa"/></w:tblPr>
</w:style>"""
_TABLE = """
<w:style w:type="table" w:customStyle="1" w:styleId="{name}">
  <w:name w:val="{name}"/><w:basedOn w:val="TableNormal"/>
  <w:tblPr>
    <w:tblBorders><w:top {hairline}/><w:bottom {hairline}/><w:insideH {hairline}/></w:tblBorders>
    <w:tblCellMar>
      <w:top w:w="40" w:type="dxa"/><w:left w:w="{left}" w:type="dxa"/>
      <w:bottom w:w="40" w:type="dxa"/><w:right w:w="100" w:type="dxa"/>
    </w:tblCellMar>
  </w:tblPr>
  <w:tblStylePr w:type="firstRow"><w:tcPr>
    <w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>
  </w:tcPr></w:tblStylePr>
</w:style>"""
_COMPAT = """
<w:compat {ns}><w:compatSetting w:name="compatibilityMode" w:val="15"
 w:uri="http://schemas.microsoft.com/office/word"/></w:compat>"""


@cache
def template() -> bytes:
    """An empty document with our paper and styles; it is made once."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = _PAPER
    section.left_margin = section.right_margin = _EDGE
    section.top_margin, section.bottom_margin = Cm(2.4), Cm(2.1)
    section.header_distance = section.footer_distance = Cm(1.1)
    styles = document.styles.element
    for old in list(styles):
        styles.remove(old)
    for style in parse_xml(f"<w:styles {nsdecls('w')}>{_all_styles()}</w:styles>"):
        styles.append(style)
    settings = document.settings.element
    compat = parse_xml(_COMPAT.format(ns=nsdecls("w")))
    settings.replace(settings.find(qn("w:compat")), compat)
    package = document.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            # The picture of another document.
            del package.rels[key]
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _all_styles() -> str:
    tables = (
        _TABLE.format(name=name, hairline=_HAIRLINE, left=left, fill=fill)
        for name, left, fill in (("Records", 100, _PALE), ("Facts", 0, "auto"))
    )
    return "".join([_DEFAULTS, *(_style(look) for look in _LOOKS), *tables])


def _style(look: Look) -> str:
    own = "" if look.name in _WORDS_OWN else ' w:customStyle="1"'
    return f"""
<w:style w:type="paragraph"{own} w:styleId="{look.id}">
  <w:name w:val="{look.name}"/><w:basedOn w:val="Normal"/><w:qFormat/>
  <w:pPr>
    {"<w:keepNext/><w:keepLines/>" if look.next_too else ""}<w:widowControl/>
    {look.extra if look.extra == _BULLET else ""}{_edges(look)}
    {look.extra if look.extra != _BULLET else ""}
    <w:spacing w:before="{look.before * 20:.0f}" w:after="{look.after * 20:.0f}"
      w:line="{look.leading * 240:.0f}" w:lineRule="auto"/>
    {_indent(look)}
    {f'<w:outlineLvl w:val="{look.level - 1}"/>' if look.level else ""}
  </w:pPr>
  <w:rPr>
    {"<w:b/><w:bCs/>" if look.bold else ""}{"<w:caps/>" if look.capitals else ""}
    <w:color w:val="{look.colour}"/>{'<w:spacing w:val="24"/>' if look.capitals else ""}
    <w:sz w:val="{look.size * 2:.0f}"/><w:szCs w:val="{look.size * 2:.0f}"/>
  </w:rPr>
</w:style>"""


_WORDS_OWN = frozenset(
    {"Body Text", "List Bullet", "Title", "Subtitle", "heading 1", "heading 2", "header", "footer"}
)


def _indent(look: Look) -> str:
    if look.extra == _BULLET:
        return '<w:ind w:left="284" w:hanging="227"/>'
    return '<w:ind w:left="110" w:right="110"/>' if look.fill else ""


def _edges(look: Look) -> str:
    """A rule under a heading, a colour around a callout."""
    if look.rule:
        return f'<w:pBdr><w:bottom w:val="single" w:sz="6" w:space="4" w:color="{_RULE}"/></w:pBdr>'
    if not look.fill:
        return ""
    edge = f'w:val="single" w:sz="4" w:space="5" w:color="{look.fill}"'
    sides = "".join(f"<w:{side} {edge}/>" for side in ("top", "left", "bottom", "right"))
    fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{look.fill}"/>'
    return f"<w:pBdr>{sides}</w:pBdr>{fill}"
