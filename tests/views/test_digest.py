"""The digest: short, grouped, in pages that Slack takes, and with nothing lost between them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.views.nudges.agenda import Agenda, agenda_message
from bot.views.reports.digest import (
    channel_digest,
    ended_digest,
    more_of_channel,
    own_digest,
    withdrawn_digest,
)
from bot.views.reports.digest_forms import (
    digest_chosen,
    digest_form,
    digest_parts,
    no_digest,
    read_digest,
)
from bot.views.staffing.leader_forms import settings_form
from flows.errors import FlowError
from flows.nudges.rhythm import Rhythm
from flows.reports.digest import Alarm, Line, Phase, Step, Told, Who
from flows.reports.weekly import ChannelDigest
from tests.digests import TODAY, line
from tests.make import IVAN, LENA, NOW, OLGA, name_of
from tests.views.limits import check_message, check_view, labels, words

DAY = timedelta(days=1)
LATE = line(
    id="late",
    account="Late &amp; Co &lt;!here&gt;",
    phase=Phase.TOLD,
    lead=Who(name="Ana &lt;@U1&gt;"),
    until=None,
    until_signed=True,
    renews=Who(user=IVAN),
    steps=(Step(title="Introduction", day=TODAY - DAY),),
    owed={TODAY - DAY: 2, TODAY: 1},
    sponsors=1,
    sponsors_from=TODAY,
)


def chosen(**changes: object) -> ChannelDigest:
    known: dict[str, object] = {
        "channel": "C1",
        "name": "handovers",
        "weekday": 0,
        "hour": 9,
        "zone": "Europe/Berlin",
        "by": LENA,
        "since": NOW,
    }
    return ChannelDigest.model_validate(known | changes)


def told(*lines: Line) -> list[Told]:
    return [Told(one) for one in lines]


def test_a_line_says_stage_lead_dates_and_numbers() -> None:
    later = line(
        account="Calm", phase=Phase.PACK, lead=Who(user=OLGA), until=TODAY + 9 * DAY, owed={}
    )
    steps = (Step(title="Lead switch", day=TODAY + 30 * DAY),)
    later = later.model_copy(update={"steps": steps})
    made = check_message(channel_digest(told(later, LATE), name_of, TODAY, TODAY))
    said = words(made)
    assert "*2* under way · 1 step due this week · 2 overdue · 1 sponsor not introduced" in said
    assert "*Late &amp; Co &lt;!here&gt;* · The customer knows · Lead now: " in said
    assert "(until the renewal is signed); Ivan leads the renewal" in said
    assert "Due: Introduction Sun 22 Nov · 2 overdue · 1 sponsor not introduced" in said
    assert "*Calm* · Knowledge pack under way · Lead now: Olga (until Wed 2 Dec)" in said
    assert "Next: Lead switch Wed 23 Dec" in said
    assert said.index("Due this week*") < said.index("Knowledge pack under way*")
    assert labels(made) == []
    for part in ("Lead now: Olga", "Next: Lead switch", "2 overdue"):
        assert part in made.text


def test_those_after_the_end_and_in_a_pause_have_groups_of_their_own() -> None:
    visit = line(1, account="Visit", phase=Phase.COMPLETE, steps=(), follow_ups=(TODAY + 60 * DAY,))
    soon = line(2, account="Soon", phase=Phase.COMPLETE, steps=(), follow_ups=(TODAY,))
    pause = line(3, account="Rest", phase=Phase.PAUSED, steps=(), paused_until=TODAY + 40 * DAY)
    said = words(channel_digest(told(visit, soon, pause), name_of, TODAY, TODAY))
    assert "*1* under way" in said
    assert "1 follow-up due" in said
    assert "Follow-up: Fri 22 Jan 2027" in said
    assert "Paused until Sat 2 Jan 2027" in said
    assert said.index("*Soon*") < said.index("*Rest*") < said.index("*Visit*")


@pytest.mark.parametrize("count", [1, 20, 60, 200, 1000])
def test_nothing_is_lost_between_the_pages(count: int) -> None:
    lines = told(*(line(number, account=f"{number:04} " + "N" * 60) for number in range(count)))
    first = check_message(channel_digest(lines, name_of, TODAY, TODAY))
    found = {number for number in range(count) if f"{number:04} N" in words(first)}
    if len(found) < count:
        assert f"and {count - len(found)} more: Show more" in words(first)
        assert f"and {count - len(found)} more" in first.text
        assert labels(first) == ["Show more"]
    page = 1
    while len(found) < count:
        made = check_message(more_of_channel(lines, name_of, TODAY, TODAY, page))
        on_it = {number for number in range(count) if f"{number:04} N" in words(made)}
        assert on_it
        assert not on_it & found
        found |= on_it
        page += 1
    last = more_of_channel(lines, name_of, TODAY, TODAY, page + 5)
    assert "Show more" not in labels(last)


def test_own_digests_tell_leaders_what_is_red_first() -> None:
    calm, red = line(1, account="Calm"), line(2, account="Hot", steps=())
    both = [Told(calm), Told(red, Alarm(red=True, planned=TODAY + DAY, risks=2))]
    made = check_message(own_digest(both, name_of, TODAY))
    said = words(made)
    assert said.index("*Hot*") < said.index("*Calm*")
    assert "Mood red, plan until Tue 24 Nov · 2 red risks" in said
    alarmed = [Told(red, Alarm(red=True))]
    assert "Mood red, nothing planned yet" in own_digest(alarmed, name_of, TODAY).text
    assert "No handover involves you" in check_message(own_digest([], name_of, TODAY)).text


@pytest.mark.parametrize("count", [1, 200])
def test_a_leaders_week_fits_above_a_full_agenda(count: int) -> None:
    from tests.views.test_agenda import LONG, item  # noqa: PLC0415 - its own tests run there

    week = [Told(line(n, account=LONG), Alarm(red=True, risks=3)) for n in range(count)]
    own = [item(account=f"{number} {LONG}", id=number) for number in range(40)]
    agenda = Agenda(LENA, NOW.date(), own, own, Rhythm(), week)
    made = check_message(agenda_message(agenda, name_of, NOW))
    assert f"The week of what you lead: *{count}* under way" in words(made)
    assert ("Show all of it" in labels(made)) == (count > 100)
    alone = check_message(
        agenda_message(Agenda(LENA, NOW.date(), [], [], Rhythm(), week), name_of, NOW)
    )
    assert alone.text.startswith("Hello Lena! The week of what you lead")
    assert "All done" not in alone.text


def test_the_modals_say_when_and_where() -> None:
    many = [chosen(channel=f"C{number}", name=f"c{number}") for number in range(15)]
    view = check_view(settings_form((LENA,), 0, digest_parts(many, "Removed."), admin=True))
    assert "Mondays at 09:00 (Europe/Berlin)" in words(view)
    assert "Removed." in words(view)
    assert check_view(settings_form((), 0, digest_parts(()), admin=False))["type"] == "modal"
    form = check_view(digest_form(chosen(zone="Asia/Kathmandu"), "UTC", ["America/Lima"]))
    state = {
        block["block_id"]: {"v": block["element"]} for block in form["blocks"] if "element" in block
    }
    for entry in state.values():
        entry["v"] = {"selected_option": entry["v"].get("initial_option")} | {
            "selected_conversation": entry["v"].get("initial_conversation")
        }
    assert read_digest(state) == ("C1", 0, 9, "Asia/Kathmandu")
    with pytest.raises(FlowError):
        read_digest({})
    first = datetime(2026, 11, 30, 9, tzinfo=UTC)
    assert "for the first time on Mon 30 Nov 2026" in words(
        check_view(digest_chosen(chosen(), first))
    )


def test_what_stands_in_its_place_tells_where_to_look() -> None:
    for made in (ended_digest(), withdrawn_digest()):
        assert "/handover digest" in check_message(made).text
    assert "archived" in check_message(no_digest(chosen(), "archived_channel")).text
    assert date(2026, 11, 23) == TODAY


def of_book(number: int, alarm: Alarm | None = None, **changes: object) -> Told:
    known: dict[str, object] = {
        "phase": Phase.PACK,
        "book": "B1",
        "of": Who(user=OLGA),
        "lead": Who(user=OLGA),
        "steps": (),
        "owed": {TODAY - DAY: 1} if number == 1 else {},
        "accepted": number % 2 == 0,
    }
    return Told(line(number, **(known | changes)), alarm or Alarm())


def test_accounts_of_one_book_that_stand_alike_are_one_line() -> None:
    steps = (Step(title="Introduction", day=TODAY), Step(title="Switch", day=TODAY + 60 * DAY))
    told = [
        *(of_book(number) for number in range(10)),
        of_book(10, steps=steps, phase=Phase.TOLD),
        of_book(11, steps=steps, phase=Phase.TOLD),
        of_book(12, Alarm(red=True)),
        of_book(13, phase=Phase.READY),
        of_book(14, book="B2"),
    ]
    message = check_message(channel_digest(told, name_of, TODAY, TODAY))
    shown = words(message)
    assert "*Olga's book* · Knowledge pack under way · Lead now: Olga" in shown
    assert "10 accounts, 5 accepted, 1 overdue" in shown
    assert "2 accounts, 1 accepted, 2 steps due" in shown
    assert "*Account 0012*" in shown
    assert "*Account 0013*" in shown
    assert "*Account 0014*" in shown
    assert "Account 0003" not in shown
    assert "*15* under way" in shown


def test_five_hundred_accounts_of_a_book_are_a_few_lines() -> None:
    told = [of_book(number, phase=list(Phase)[number % 3]) for number in range(500)]
    message = check_message(channel_digest(told, name_of, TODAY, TODAY))
    assert "more" not in message.text
