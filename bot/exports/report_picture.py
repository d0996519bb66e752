"""A report as a picture: how many days each group needed, and the words that say the same.

Two bars for each group, told apart by their label and place as well as by colour; every number
stands beside its bar.
"""

from io import BytesIO
from typing import TYPE_CHECKING

from bot.exports.gantt import Picture, drawable
from bot.views.blocks import cut
from bot.views.dates import span
from bot.views.reports.report import HEADINGS, group_name, short_days
from bot.views.slack_text import Names, Surface
from bot.views.words import counted
from flows.reports.report import By, Group, Report, Spread

if TYPE_CHECKING:
    from PIL import ImageFont

_WIDTH, _MARGIN, _LABELS, _VALUES = 1200, 36, 330, 300
_TITLE, _TEXT, _SMALL = 30, 19, 16
_HEAD, _ROW, _BAR, _GAP = 100, 76, 22, 6
_INK, _GREY, _PAPER = "#1d1c1d", "#5d5c60", "#ffffff"
_COLOURS = ("#2f6fa8", "#a85a14")
_BARS = ("pack accepted", "leading alone")
_MOST, _ALT = 15, 1000


def report_picture(report: Report, by: By, names: Names) -> Picture:
    """The days of all handovers together, and of the groups of one kind."""
    days = span(report.period.first, report.period.last)
    groups = [Group(key="", figures=report.whole), *report.groups[by][:_MOST]]
    labels = ["All"] + [group_name(g.key, by, names, Surface.PLAIN) for g in groups[1:]]
    rows = list(zip(labels, groups, strict=True))
    told = "; ".join(f"{label} ({_count(group)}): {_values(group)}" for label, group in rows)
    title = f"Days from the start, {HEADINGS[by].lower()}, {days}"
    return Picture(
        name=f"handovers-{report.period.last.isoformat()}-{by.value}.png",
        title=title,
        alt=cut(f"Bar chart. {title}, medians. {told}.", _ALT),
        content=_draw(title, rows),
    )


def _draw(title: str, rows: list[tuple[str, Group]]) -> bytes:
    from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415 - only who draws pays for it

    fonts = {size: ImageFont.load_default(size) for size in (_TITLE, _TEXT, _SMALL)}
    image = Image.new("RGB", (_WIDTH, _HEAD + len(rows) * _ROW + _MARGIN), _PAPER)
    pen = ImageDraw.Draw(image)
    pen.text((_MARGIN, 24), title, fill=_INK, font=fonts[_TITLE])
    note = "Median of the calendar days until the pack was accepted, and until the incoming CSM led"
    pen.text((_MARGIN, 64), note, fill=_GREY, font=fonts[_SMALL])
    known = [spread.median for _label, group in rows for spread in _spreads(group) if spread]
    longest = max(known, default=0) or 1
    left, room = _MARGIN + _LABELS, _WIDTH - 2 * _MARGIN - _LABELS - _VALUES
    for number, (label, group) in enumerate(rows):
        top = _HEAD + number * _ROW
        name = _name(label, number, fonts[_TEXT])
        pen.text((_MARGIN, top + 4), cut(name, 30), fill=_INK, font=fonts[_TEXT])
        pen.text((_MARGIN, top + 30), _count(group), fill=_GREY, font=fonts[_SMALL])
        for place, spread in enumerate(_spreads(group)):
            y = top + place * (_BAR + _GAP)
            end = left + round(spread.median / longest * room) if spread else left
            if end > left:
                pen.rectangle((left, y, end, y + _BAR), fill=_COLOURS[place])
            words = f"{_BARS[place]}: {short_days(spread)}"
            pen.text((end + 10, y + 2), words, fill=_GREY, font=fonts[_SMALL])
    packed = BytesIO()
    image.quantize(colors=32, dither=Image.Dither.NONE).save(packed, "PNG")
    return packed.getvalue()


def _name(label: str, number: int, font: "ImageFont.FreeTypeFont | ImageFont.ImageFont") -> str:
    """A name, or its number in the list where the font has not all of its letters."""
    return label if drawable(label, font) else f"Number {number}"


def _spreads(group: Group) -> tuple[Spread | None, Spread | None]:
    return group.figures.to_pack, group.figures.to_lead


def _values(group: Group) -> str:
    bars = zip(_BARS, _spreads(group), strict=True)
    return ", ".join(f"{name} {short_days(spread)}" for name, spread in bars)


def _count(group: Group) -> str:
    return counted(group.figures.handovers, "handover")
