"""The plan as a picture: a Gantt chart in two tracks, and the words that say what it shows.

Bars begin where the last of what a milestone waits for ends. What comes after the handover is
complete stands in a line below, or the weeks before would have no room. Nothing is told by colour
alone: the tracks have headings and other marks, and every day is written beside its mark.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from typing import TYPE_CHECKING

from bot.exports.files import slug
from bot.views import people
from bot.views.blocks import cut
from bot.views.dates import day as full_day
from bot.views.schedule.plan import TRACKS, summary
from bot.views.slack_text import Names, Surface, one_line
from flows.handover import Handover
from flows.playbook import Playbook
from flows.schedule.milestones import Track
from flows.schedule.timeline import Plan, Planned, make_plan

if TYPE_CHECKING:
    from PIL import ImageFont

_WIDTH, _MARGIN, _LABELS, _DATES = 1500, 36, 430, 150
_TITLE, _TEXT, _SMALL = 30, 19, 16
_ROW, _BAR, _HEAD, _AXIS = 34, 14, 96, 40
_INK, _GREY, _LINE, _PAPER = "#1d1c1d", "#5d5c60", "#e3e2e5", "#ffffff"
_COLOURS = {
    Track.INTERNAL: ("#2f6fa8", "#a9c8e4", "#f3f8fc"),
    Track.CUSTOMER: ("#a85a14", "#ecc59c", "#fdf7f0"),
}
"""The mark, the bar and the background of each track."""
_ALT = 1000
_WEEK = 7
_MOST_WEEKS = 14


@dataclass(frozen=True)
class Picture:
    """A PNG with its name, its title and what it shows in words."""

    name: str
    title: str
    alt: str
    content: bytes


def plan_picture(handover: Handover, playbook: Playbook, names: Names, today: date) -> Picture:
    """The plan of a handover that was started, as everybody who may know of it sees it."""
    plan = make_plan(handover, playbook)
    account = people.account(handover, names, Surface.PLAIN)
    waits = {spec.key: spec.waits_for for spec in playbook.plan}
    chart = _Chart(plan, waits, names, today)
    return Picture(
        name=f"{slug(handover.account)}-plan-v{handover.seq}.png",
        title=f"{account}: the plan, version {handover.seq}",
        alt=_in_words(account, plan, names),
        content=chart.draw(account),
    )


def _in_words(account: str, plan: Plan, names: Names) -> str:
    """What the picture shows, as far as an alternative text may go; the list has all of it."""
    first = f"Gantt chart of the plan for {account}. {summary(plan)}."
    rows = (
        f"{one_line(m.title, Surface.PLAIN, names)} {_short(_when(m))}{' (done)' if m.done else ''}"
        for m in _until_complete(plan)
    )
    return cut(f"{first} {'; '.join(rows)}.", _ALT)


def _until_complete(plan: Plan) -> list[Planned]:
    complete = plan.find("complete")
    return [m for m in plan.milestones if complete is None or m.day <= complete.day]


def _when(milestone: Planned) -> date:
    """The day of what is done is the one on which it was."""
    return milestone.done_on or milestone.day


class _Chart:
    """One picture: where each day stands, and the rows from above."""

    def __init__(
        self, plan: Plan, waits: Mapping[str, Sequence[str]], names: Names, today: date
    ) -> None:
        from PIL import ImageFont  # noqa: PLC0415 - only who draws pays for it

        self._plan, self._waits, self._names, self._today = plan, waits, names, today
        self._shown = _until_complete(plan)
        self._days = {milestone.key: _when(milestone) for milestone in plan.milestones}
        self._first = plan.start
        self._span = max(1, (max(self._days[m.key] for m in self._shown) - self._first).days)
        self._fonts = {size: ImageFont.load_default(size) for size in (_TITLE, _TEXT, _SMALL)}

    def draw(self, account: str) -> bytes:
        """The picture as PNG."""
        from PIL import Image, ImageDraw  # noqa: PLC0415

        later = [m for m in self._plan.milestones if m not in self._shown]
        tracks = [(t, [m for m in self._shown if m.track is t]) for t in TRACKS]
        rows = sum(len(found) + 1 for _track, found in tracks)
        height = _HEAD + _AXIS + rows * _ROW + _MARGIN + (_ROW if later else 0)
        image = Image.new("RGB", (_WIDTH, height), _PAPER)
        self._pen = ImageDraw.Draw(image)
        # The message that goes with it names an account that cannot be written here.
        known = drawable(account, self._fonts[_TITLE])
        self._write((_MARGIN, 24), f"Plan: {account}" if known else "Plan", _TITLE)
        self._write((_MARGIN, 64), summary(self._plan), _SMALL, _GREY)
        bottom, top = height - _MARGIN - (_ROW if later else 0), _HEAD + _AXIS
        for track, found in tracks:
            colours = _COLOURS[track]
            box = (0, top, _WIDTH, top + (len(found) + 1) * _ROW)
            self._pen.rectangle(box, fill=colours[2])
            top = box[3]
        self._weeks(bottom)
        top = _HEAD + _AXIS
        for track, found in tracks:
            self._write((_MARGIN, top + 7), TRACKS[track], _TEXT, _COLOURS[track][0])
            for number, milestone in enumerate(found, start=1):
                self._row(milestone, top + number * _ROW)
            top += (len(found) + 1) * _ROW
        if later:
            told = "; ".join(f"{self._title(m)} {_short(m.day)}" for m in later)
            self._write((_MARGIN, bottom + 12), f"Later: {told}", _SMALL, _GREY)
        packed = BytesIO()
        image.save(packed, "PNG")
        return packed.getvalue()

    def _weeks(self, bottom: int) -> None:
        """A line for each week, and one for today."""
        step = timedelta(days=_WEEK * (1 + self._span // (_WEEK * _MOST_WEEKS)))
        monday = self._first - timedelta(days=self._first.weekday())
        while monday <= self._first + timedelta(days=self._span):
            if monday >= self._first:
                x = self._x(monday)
                self._pen.line((x, _HEAD + _AXIS - 8, x, bottom), fill=_LINE, width=2)
                self._write((x, _HEAD + 8), _short(monday, week=False), _SMALL, _GREY)
            monday += step
        if self._first <= self._today <= self._first + timedelta(days=self._span):
            x = self._x(self._today)
            self._pen.line((x, _HEAD + _AXIS - 8, x, bottom), fill=_INK, width=2)
            self._write((x + 6, _HEAD + _AXIS + 8), "today", _SMALL, _INK)

    def _row(self, milestone: Planned, top: int) -> None:
        mark, bar, _ground = _COLOURS[milestone.track]
        middle = top + _ROW // 2
        self._write((_MARGIN + 14, top + 7), self._title(milestone), _TEXT)
        earlier = [self._days[k] for k in self._waits[milestone.key] if k in self._days]
        begin = self._x(max(earlier, default=self._first))
        end = self._x(_when(milestone))
        if end > begin:
            box = (begin, middle - _BAR // 2, end, middle + _BAR // 2)
            self._pen.rounded_rectangle(box, radius=_BAR // 2, fill=bar)
        size = 10
        if milestone.track is Track.CUSTOMER:
            corners = [(end, middle - size), (end + size, middle)]
            corners += [(end, middle + size), (end - size, middle)]
            self._pen.polygon(corners, fill=mark)
        else:
            around = (end - size + 2, middle - size + 2, end + size - 2, middle + size - 2)
            self._pen.ellipse(around, fill=mark)
        words = f"{_short(_when(milestone))}{' · done' if milestone.done else ''}"
        self._write((end + size + 8, top + 8), words, _SMALL, _GREY)

    def _title(self, milestone: Planned) -> str:
        return one_line(milestone.title, Surface.PLAIN, self._names)

    def _x(self, when: date) -> int:
        room = _WIDTH - 2 * _MARGIN - _LABELS - _DATES
        days = max(0, (when - self._first).days)
        return _MARGIN + _LABELS + round(days / self._span * room)

    def _write(self, at: tuple[int, int], words: str, size: int, ink: str = _INK) -> None:
        font = self._fonts[size]
        room = (_LABELS - 20 if size == _TEXT else _WIDTH - at[0] - 8) / size * 1.9
        self._pen.text(at, cut(words, max(3, int(room))), fill=ink, font=font)


def drawable(words: str, font: "ImageFont.FreeTypeFont | ImageFont.ImageFont") -> bool:
    """Whether the font has all letters of a text; it comes with Latin ones only."""
    unknown = bytes(font.getmask("\uffff"))
    letters = {letter for letter in words if not (letter.isspace() or letter.isascii())}
    return all(bytes(font.getmask(letter)) != unknown for letter in letters)


def _short(when: date, *, week: bool = True) -> str:
    """A day without its year: "Tue 8 Dec", or "8 Dec"."""
    words = full_day(when).rsplit(" ", 1)[0]
    return words if week else words.split(" ", 1)[1]
