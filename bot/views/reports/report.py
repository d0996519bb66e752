"""A leader's report in words: all that its picture shows, and everything else that is counted."""

from collections.abc import Mapping, Sequence

from bot.ids import Act, Ref
from bot.views import people
from bot.views.blocks import (
    Block,
    Message,
    actions,
    button,
    context,
    fitted,
    header,
    section,
)
from bot.views.customer.mood import FEELINGS
from bot.views.dates import span
from bot.views.slack_text import Names, Surface, one_line
from bot.views.words import REASONS, SEGMENTS, counted
from flows.customer.moods import Feeling
from flows.playbook import Playbook
from flows.reports.lessons import Lesson, playbook_line
from flows.reports.report import FEWEST, OTHERS, PERIODS, By, Figures, Group, Report, Spread
from flows.terms import Reason, Segment

HEADINGS = {By.SEGMENT: "By segment", By.REASON: "By reason", By.LEADER: "By leader"}
_OTHERS = "Others together"
_QUESTIONS, _GROUPS = 10, 20
_QUESTION, _SECTION, _TEXT = 120, 2900, 3700
_TELLS = (Feeling.BETTER, Feeling.SAME, Feeling.WORSE)
Lines = list[tuple[str, str]]


def report_message(
    report: Report, by: By, lessons: Sequence[Lesson], names: Names, playbook: Playbook
) -> Message:
    """All figures of a period; `by` is what the picture shows, chosen again with the buttons."""
    whole = report.whole
    title = f"Report: {span(report.period.first, report.period.last)}"
    first = f"{counted(whole.handovers, 'handover')} that you lead: {_stages(whole)}."
    lines = [f"*{label}:* {words}" for label, words in whole_lines(whole)]
    parts = {"By question": _questions(report, names, playbook)}
    parts |= {HEADINGS[by]: _group_lines(report.groups[by], by, names) for by in By}
    parts |= {
        "Handing over, by CSM": [handing_line(g, names) for g in report.handing],
        "Taking over, by CSM": [taking_line(g, names) for g in report.taking],
        "What customers had to explain again": [
            _lesson_line(lesson, names, playbook) for lesson in lessons
        ],
    }
    found = {name: lines for name, lines in parts.items() if lines}
    notes = _notes(report)
    blocks: list[Block] = [
        header(title),
        section("\n".join([first, *lines])),
        *(section(f"*{name}*\n{fitted(ls, _SECTION)}") for name, ls in found.items()),
        context(*notes),
        *ways(period_days(report), by),
    ]
    told = [f"{title}. {first}", *lines]
    told += [line for name, ls in found.items() for line in (f"{name}:", *ls)]
    plain = [line.replace("*", "") for line in [*told, *notes]]
    return Message(fitted(plain, _TEXT), blocks)


def nothing_message(days: int, by: By) -> Message:
    """There is nothing to count yet, and that is no fault."""
    words = (
        f"None of the handovers that you lead was under way in the last {days} days, so there is "
        "nothing to count yet. Once one is, the report is here for you: ask for it at any time."
    )
    return Message(words, [section(words), *ways(days, by)])


def own_message(handing: Sequence[Group], taking: Sequence[Group], days: int) -> Message:
    """What a CSM reads of themselves: just what leaders read of them, and nobody else."""
    lines = [f"Handing over: {_handed(group.figures)}" for group in handing]
    lines += [f"Taking over: {_took(group.figures)}" for group in taking]
    if not lines:
        words = f"No handover of yours was under way in the last {days} days: nothing to count yet."
        return Message(words, [section(words)])
    first = f"Your own figures of the last {days} days; your leaders read the same."
    said = "\n".join([first, *lines])
    return Message(said, [section(said), *_periods(days, By.SEGMENT)])


def lesson_message(
    lesson: Lesson | None, question: str, names: Names, playbook: Playbook
) -> Message:
    """A proposal to require a question, with what to change; or that there is none any more."""
    if lesson is None:
        words = f"Question {question}: what follow-ups taught about it is noted. Thank you!"
        return Message(words, [section(words)])
    title = _title(lesson.question, names, playbook)
    words = (
        f"In {lesson.handovers} handovers the customer had to explain again what this question "
        f"should have told: “{title}” ({lesson.question}). {_proposal(lesson)}"
    )
    place = f'below `id = "{lesson.question}"` in your playbook file (HANDOVER_PLAYBOOK)'
    if lesson.segments:
        line = playbook_line(lesson, playbook)
        how = (
            f"To do that, put this line {place}, in the place of the one that begins with `need`. "
            f"Handovers that start after that ask it.\n```{line}```"
        )
    else:
        how = f"Its words are `text`, `help` and `more`, {place}; `least` is how many are expected."
    noted = button("Noted", Act.LESSON_NOTED, Ref(q=lesson.question), "primary")
    plain = f"{words} {how}".replace("`", "")
    return Message(plain, [section(words), section(how), *actions([noted])])


def ways(days: int, by: By) -> list[Block]:
    """Another period, or another picture."""
    charts = [
        button(f"Chart {HEADINGS[one].lower()}", *_way(days, one)) for one in By if one is not by
    ]
    return [*_periods(days, by), *actions(charts)]


def whole_lines(figures: Figures) -> Lines:
    """The figures of all handovers together, as label and words."""
    known = figures.asked + figures.found
    lines = [
        ("From start to pack accepted", _days(figures.to_pack)),
        ("From start to leading alone", _days(figures.to_lead)),
        ("Packs with all that is required", f"{figures.packs} of {figures.handovers}"),
        ("Needed one more detail", counted(figures.more, "answer")),
        (
            "Asked about the pack",
            f"{counted(known, 'question')}, {figures.asked} of them not answered by it"
            if known
            else "nothing",
        ),
        ("How customers seem", _feelings(figures)),
        ("Overdue now", counted(figures.overdue, "task")),
        ("Follow-ups", _follow_ups(figures)),
        ("Waived", counted(figures.waived, "point")),
    ]
    if figures.rating:
        rated = f"{figures.rating.median:g} (median of {figures.rating.count})"
        lines.append(("Rated by the incoming CSM, 1 to 5", rated))
    return lines


def group_name(key: str, by: By, names: Names, surface: Surface = Surface.MRKDWN) -> str:
    """What the handovers of a group share."""
    if key == OTHERS:
        return _OTHERS
    match by:
        case By.SEGMENT:
            return SEGMENTS[Segment(key)]
        case By.REASON:
            return REASONS[Reason(key)]
        case By.LEADER:  # pragma: no branch - the last one
            return people.person(key, names, surface)


def handing_line(group: Group, names: Names) -> str:
    """What leaders read of somebody who hands over."""
    return f"• {people.by_key(group.key, names)}: {_handed(group.figures)}"


def taking_line(group: Group, names: Names) -> str:
    """What leaders read of somebody who takes over."""
    return f"• {people.by_key(group.key, names)}: {_took(group.figures)}"


def short_days(spread: Spread | None) -> str:
    """A median as it stands in a line of many: "8 days", or "none yet"."""
    return f"{spread.median:g} {_days_word(spread)}" if spread else "none yet"


def period_days(report: Report) -> int:
    """How many days a report is about."""
    return (report.period.last - report.period.first).days + 1


def _handed(figures: Figures) -> str:
    return (
        f"{counted(figures.handovers, 'handover')}, {figures.packs} with all that is required; "
        f"{counted(figures.more, 'answer')} needed one more detail{_outcome(figures)}"
    )


def _took(figures: Figures) -> str:
    return (
        f"{counted(figures.handovers, 'handover')}; pack accepted: "
        f"{short_days(figures.to_pack)}, leading alone: {short_days(figures.to_lead)}; "
        f"asked {counted(figures.asked, 'question')} that the pack did not answer"
        f"{_outcome(figures)}"
    )


def _outcome(figures: Figures) -> str:
    """How it ended, as the end of a line (A2)."""
    said = [
        f"{figures.complete} complete",
        f"{figures.cancelled} called off" if figures.cancelled else "",
        f"follow-ups {figures.well} of {figures.visits} well" if figures.visits else "",
        f"rated {figures.rating.median:g} of 5" if figures.rating else "",
    ]
    return f"; {', '.join(piece for piece in said if piece)}"


def _group_lines(groups: Sequence[Group], by: By, names: Names) -> list[str]:
    lines = []
    for group in groups[:_GROUPS]:
        f = group.figures
        moods = ", ".join(
            f"{FEELINGS[one].lower()} {f.feelings[one]}" for one in _TELLS if f.feelings[one]
        )
        said = [
            f"pack accepted: {short_days(f.to_pack)}",
            f"leading alone: {short_days(f.to_lead)}",
            f"packs complete {f.packs}",
            f"one more detail {f.more}",
            f"asked {f.asked}",
            moods,
            f"red {f.reds}" if f.reds else "",
            f"overdue {f.overdue}",
            f"follow-ups {f.well} of {f.visits} well" if f.visits else "",
            f"gaps {f.gaps}" if f.gaps else "",
            f"waived {f.waived}",
        ]
        name = group_name(group.key, by, names)
        lines.append(f"• {name} ({f.handovers}): {', '.join(piece for piece in said if piece)}")
    return lines


def _questions(report: Report, names: Names, playbook: Playbook) -> list[str]:
    lines = []
    for one in report.questions[:_QUESTIONS]:
        said: Mapping[str, int] = {
            "one more detail": one.more,
            "asked about": one.asked,
            "explained again": one.gaps,
        }
        counts = ", ".join(f"{words} {count}" for words, count in said.items() if count)
        lines.append(f"• {one.question} “{_title(one.question, names, playbook)}”: {counts}")
    return lines


def _lesson_line(lesson: Lesson, names: Names, playbook: Playbook) -> str:
    title = _title(lesson.question, names, playbook)
    return (
        f"• {lesson.question} “{title}” should have told it in {lesson.handovers} handovers. "
        f"{_proposal(lesson)}"
    )


def _proposal(lesson: Lesson) -> str:
    if not lesson.segments:
        return "It is asked already. My proposal: ask it more plainly."
    where = people.listed([SEGMENTS[segment] for segment in lesson.segments])
    return f"My proposal: require it for {where}."


def _title(question: str, names: Names, playbook: Playbook) -> str:
    known = playbook.by_id.get(question)
    return one_line(known.text, Surface.MRKDWN, names, _QUESTION) if known else "not asked any more"


def _notes(report: Report) -> list[str]:
    told = "Days are calendar days; counted is what happened in this period. Medians, not averages."
    if report.handing or report.taking:
        return [told, "Each CSM reads their own figures with /handover report."]
    few = f"What fewer than {FEWEST} handovers or a single CSM stand behind is not shown apart."
    return [told, few, "Slack knows no teams, so a leader stands for the team."]


def _stages(figures: Figures) -> str:
    return (
        f"{figures.under_way} under way, {figures.complete} complete, "
        f"{figures.cancelled} called off"
    )


def _days(spread: Spread | None) -> str:
    if spread is None:
        return "none in this period"
    return f"{short_days(spread)} ({_of(spread)})"


def _days_word(spread: Spread) -> str:
    return "day" if spread.median == 1 else "days"


def _of(spread: Spread) -> str:
    if spread.count == 1:
        return "1 handover"
    return f"median of {spread.count}, {spread.least} to {spread.most}"


def _feelings(figures: Figures) -> str:
    known = sum(figures.feelings[one] for one in _TELLS)
    if not known:
        return "nobody has said yet"
    shares = [
        f"{FEELINGS[one].lower()} {figures.feelings[one]} "
        f"({round(100 * figures.feelings[one] / known)} %)"
        for one in _TELLS
    ]
    return f"{', '.join(shares)}; {counted(figures.reds, 'red round')}"


def _follow_ups(figures: Figures) -> str:
    if not figures.visits:
        return "none in this period"
    return f"{figures.well} of {figures.visits} went well; {counted(figures.gaps, 'gap')}"


def _periods(days: int, by: By) -> list[Block]:
    return actions(
        button(f"Last {other} days", *_way(other, by)) for other in PERIODS if other != days
    )


def _way(days: int, by: By) -> tuple[str, Ref]:
    ref = Ref(v=str(days), k=by.value)
    return Act.REPORT_SEND.of(f"{days}-{by.value}"), ref
