"""A report in words, as a picture with its words, and as rows for a spreadsheet."""

import csv
import io
from collections.abc import Sequence
from datetime import date

from PIL import Image

from bot.exports.report_picture import report_picture
from bot.exports.report_rows import COLUMNS, PER_PERSON, report_csv
from bot.ids import Act, Ref, act
from bot.views.blocks import Message
from bot.views.reports.report import lesson_message, nothing_message, own_message, report_message
from flows.customer.moods import Feeling
from flows.handover import Party, Stage
from flows.reports.lessons import Lesson
from flows.reports.outcome import Outcome, last_days
from flows.reports.report import By, Report, make_report, own_groups
from flows.terms import Reason, Segment
from tests.make import LENA, OLGA, default_playbook, name_of
from tests.views.limits import check_message, elements, labels, press

TODAY = date(2026, 11, 22)
DAYS_90 = last_days(90, TODAY)
LESSON = Lesson(question="DC7", handovers=3, segments=(Segment.MID_MARKET,))
EVIL = "=cmd|' /C calc'!A0"


def csm(user: str) -> Party:
    return Party(user=user, name=user)


def row(number: int, **change: object) -> Outcome:
    usual: dict[str, object] = {
        "handover": f"H{number}",
        "account": f"Account {number}",
        "segment": Segment.SMB,
        "reason": Reason.PROMOTION,
        "leader": LENA,
        "outgoing": csm(f"UOUT{number}"),
        "incoming": csm(f"UIN{number}"),
        "stage": Stage.IN_FLIGHT,
        "started": date(2026, 9, 1),
        "answered": 10,
        "required": 10,
        "to_pack": 6 + number,
    }
    return Outcome.model_validate(usual | change)


FULL: dict[str, object] = {
    "stage": Stage.COMPLETE,
    "to_lead": 21,
    "more": ("S1",),
    "asked": ("S2", ""),
    "found": 4,
    "feelings": (Feeling.BETTER, Feeling.WORSE, Feeling.SAME, Feeling.CANNOT_TELL),
    "reds": 1,
    "overdue": 2,
    "went_well": (True, False),
    "gaps": ("S1",),
    "waived": 1,
    "rating": 4,
}


def rows() -> list[Outcome]:
    small = [row(n) for n in range(3)]
    return [*small, row(3, segment=Segment.ENTERPRISE, **FULL), *enterprise()]


def enterprise() -> list[Outcome]:
    return [row(n, segment=Segment.ENTERPRISE, stage=Stage.CANCELLED) for n in (4, 5)]


def report(outcomes: Sequence[Outcome], *, per_person: bool = False) -> Report:
    found = make_report(outcomes, DAYS_90, per_person=per_person)
    assert found is not None
    return found


def shown(found: Report, lessons: Sequence[Lesson] = ()) -> Message:
    message = report_message(found, By.SEGMENT, lessons, name_of, default_playbook())
    return check_message(message)


def test_the_words_say_all_that_is_counted() -> None:
    text = shown(report(rows())).text
    for words in (
        "Report: 25 Aug 2026 to 22 Nov 2026. 6 handovers that you lead: 3 under way, 1 complete, 2",
        "From start to pack accepted: 8.5 days (median of 6, 6 to 11)",
        "From start to leading alone: 21 days (1 handover)",
        "Packs with all that is required: 6 of 6",
        "Needed one more detail: 1 answer",
        "Asked about the pack: 6 questions, 2 of them not answered by it",
        "better 1 (33 %), same 1 (33 %), worse 1 (33 %); 1 red round",
        "Overdue now: 2 tasks",
        "Follow-ups: 1 of 2 went well; 1 gap",
        "Waived: 1 point",
        "SMB (3): pack accepted: 7 days, leading alone: none yet",
        "Enterprise (3): pack accepted: 10 days, leading alone: 21 days",
        "S1 “",
        "one more detail 1, explained again 1",
    ):
        assert words in text
    assert not any(user in text for outcome in rows() for user in (outcome.outgoing.name,))


def test_a_rating_is_told_only_together_with_others() -> None:
    rated = [row(n, rating=3 + n, outgoing=csm(OLGA)) for n in range(3)]
    whole = "Rated by the incoming CSM, 1 to 5: 4 (median of 3)"
    assert whole in shown(report(rated)).text
    assert "rated 4 of 5" in own_message(*own_groups(rated, OLGA), 90).text
    assert "Rated" not in shown(report(rated[:2])).text
    assert "rated" not in own_message(*own_groups(rated[:2], OLGA), 90).text


def test_another_period_and_another_picture_are_a_button_away() -> None:
    message = shown(report(rows()))
    wanted = ["Last 30 days", "Last 365 days", "Chart by reason", "Chart by leader"]
    assert labels(message) == wanted
    ids = [one["action_id"] for one in elements(message) if one["type"] == "button"]
    assert len(set(ids)) == len(ids)
    pressed = press(message, "Chart by reason")
    assert act(pressed["action_id"]) == Act.REPORT_SEND
    assert Ref.load(pressed["value"]) == Ref(v="90", k="reason")


def test_figures_per_csm_stand_there_once_they_are_wanted() -> None:
    mine = [row(7, outgoing=csm(OLGA), more=("S1",)), row(8, incoming=csm(OLGA))]
    text = shown(report(mine, per_person=True)).text
    assert "Olga: 1 handover, 1 with all that is required; 1 answer needed one more detail" in text
    assert "Olga: 1 handover; pack accepted: 14 days" in text
    own = check_message(own_message(*own_groups(mine, OLGA), 90)).text
    assert "Handing over: 1 handover, 1 with all that is required; 1 answer needed" in own
    assert "Taking over: 1 handover; pack accepted: 14 days" in own
    assert "UIN7" not in own
    assert "Olga" not in shown(report(mine)).text


def test_names_are_shown_as_text() -> None:
    quoted = [row(n, outgoing=Party(user=None, name=f"A &amp; <!channel> {n}")) for n in range(3)]
    message = shown(report(quoted, per_person=True))
    assert "<!channel>" not in message.text
    assert "A &amp; " in message.text


def test_nothing_to_count_is_said_kindly() -> None:
    message = check_message(nothing_message(30, By.REASON))
    assert "nothing to count yet" in message.text
    assert "Last 90 days" in labels(message)
    assert "nothing to count yet" in check_message(own_message((), (), 90)).text


def test_a_report_of_very_much_fits() -> None:
    segments, reasons = list(Segment), list(Reason)
    many = [
        row(
            n,
            segment=segments[n % 3],
            reason=reasons[n % 6],
            leader=f"ULEAD{n % 30}",
            more=tuple(q.id for q in default_playbook().questions),
            to_lead=n,
        )
        for n in range(400)
    ]
    shown(report(many, per_person=True), [LESSON] * 3)


def test_the_picture_says_in_words_what_it_shows() -> None:
    picture = report_picture(report(rows()), By.SEGMENT, name_of)
    assert "All (6 handovers): pack accepted 8.5 days, leading alone 21 days" in picture.alt
    assert "SMB (3 handovers): pack accepted 7 days, leading alone none yet" in picture.alt
    image = Image.open(io.BytesIO(picture.content))
    assert (image.format, image.width) == ("PNG", 1200)
    drawn = image.convert("RGB")
    colours = {drawn.getpixel((380, 111)), drawn.getpixel((380, 139))}
    assert len(colours) == 2
    text = shown(report(rows())).text
    assert "SMB (3): pack accepted: 7 days" in text


def test_a_name_that_cannot_be_drawn_is_numbered_and_stands_in_the_words() -> None:
    leaders = [row(n, leader="UNAME" if n < 3 else LENA) for n in range(6)]
    names = {LENA: "Lena"}
    picture = report_picture(report(leaders), By.LEADER, lambda user: names.get(user, "田中 花子"))
    assert "田中 花子 (3 handovers)" in picture.alt


def test_rows_name_no_csm_until_that_is_wanted() -> None:
    outcomes = [row(1, account=EVIL), row(2, **FULL)]
    plain = report_csv(outcomes, name_of, per_person=False)
    assert plain.startswith(b"\xef\xbb\xbf")
    table = list(csv.DictReader(io.StringIO(plain.decode("utf-8-sig"))))
    assert tuple(table[0]) == COLUMNS
    assert table[0]["Account"] == f"'{EVIL}"
    assert (table[1]["Leader"], table[1]["Days to leading alone"]) == ("Lena", "21")
    assert (table[0]["Days to leading alone"], table[1]["Gaps by question"]) == ("", "S1")
    named = report_csv(outcomes, name_of, per_person=True).decode("utf-8-sig")
    told = list(csv.DictReader(io.StringIO(named)))
    assert tuple(told[0]) == (*COLUMNS, *PER_PERSON)
    assert (told[1]["Outgoing CSM"], told[1]["One more detail"]) == ("UOUT2", "1")


def test_a_lesson_says_what_to_change_and_can_be_noted() -> None:
    book = default_playbook()
    message = check_message(lesson_message(LESSON, "DC7", name_of, book))
    line = 'need = { smb = "offered", mid_market = "required", enterprise = "required" }'
    assert line in message.text
    assert "In 3 handovers" in message.text
    assert "My proposal: require it for Mid-market." in message.text
    assert Ref.load(press(message, "Noted")["value"]) == Ref(q="DC7")
    plainer = lesson_message(LESSON.model_copy(update={"segments": ()}), "DC7", name_of, book)
    assert "ask it more plainly" in check_message(plainer).text
    noted = check_message(lesson_message(None, "DC7", name_of, book))
    assert "is noted" in noted.text
    assert labels(noted) == []
    assert "My proposal" in shown(report(rows()), [LESSON]).text
