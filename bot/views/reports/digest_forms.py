"""Choosing a channel's digest: the part of the settings, the modal, and what is said of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.ids import Act, Field, Form, Ref
from bot.views.blocks import (
    Block,
    Choice,
    Message,
    actions,
    button,
    channel_select,
    confirm,
    field,
    modal,
    section,
    select,
)
from bot.views.dates import day
from bot.views.errors import say
from bot.views.slack_text import Surface, escaped, one_line
from bot.views.state import Values, picked_channel, picked_option
from flows.errors import FlowError
from flows.reports.weekly import ChannelDigest

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_USUAL_HOUR = "9"
_ZONES = (
    *("UTC", "Europe/London", "Europe/Lisbon", "Europe/Paris", "Europe/Berlin", "Europe/Madrid"),
    *("Europe/Rome", "Europe/Warsaw", "Europe/Athens", "Europe/Istanbul", "Africa/Lagos"),
    *("Africa/Johannesburg", "Africa/Nairobi", "Asia/Jerusalem", "Asia/Dubai", "Asia/Karachi"),
    *("Asia/Kolkata", "Asia/Bangkok", "Asia/Singapore", "Asia/Shanghai", "Asia/Tokyo"),
    *("Asia/Seoul", "Australia/Perth", "Australia/Sydney", "Pacific/Auckland"),
    *("America/Sao_Paulo", "America/Argentina/Buenos_Aires", "America/Bogota", "America/Halifax"),
    *("America/New_York", "America/Chicago", "America/Mexico_City", "America/Denver"),
    *("America/Phoenix", "America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu"),
)
_NEVER = (
    "Only in channels among colleagues: none that is shared with another company, none with guests."
    " I look again before each post."
)


def digest_parts(chosen: Sequence[ChannelDigest], said: str = "") -> list[Block]:
    """The channels that get a digest, each with what can be done; `said` is what just happened."""
    rows: list[Block] = []
    for one in chosen:
        about = channel_name(one, Surface.PLAIN)
        question = f"{about} gets no digest any more."
        remove = button("Remove", Act.DIGEST_REMOVE, Ref(v=one.channel), "danger", about=about)
        remove["confirm"] = confirm("Remove this digest?", question, "Remove")
        rows += [
            section(f"*{channel_name(one)}*: {when(one)}"),
            *actions(
                [button("Change", Act.DIGEST_CHOOSE, Ref(v=one.channel), about=about), remove]
            ),
        ]
    none = [] if chosen else [section("No channel gets it yet.")]
    return [
        section(f"*Weekly digest in channels*\n{_NEVER}"),
        *([section(said)] if said else []),
        *(rows or none),
        *actions([button("Add a channel", Act.DIGEST_CHOOSE, Ref(v=""))]),
    ]


def digest_form(known: ChannelDigest | None, zone: str, zones: Iterable[str]) -> Block:
    """Which channel gets its digest when; `zone` is preset, `zones` stand first among the rest."""
    every = dict.fromkeys([known.zone if known else zone, *sorted(set(zones)), *_ZONES])
    hours = [Choice(str(hour), f"{hour:02}:00") for hour in range(24)]
    days = [Choice(str(number), name) for number, name in enumerate(_WEEKDAYS)]
    blocks = [
        field(
            Field.CHANNEL,
            "Channel",
            channel_select(known.channel if known else ""),
            hint=f"I must be in it. {_NEVER}",
        ),
        field(Field.WEEKDAY, "Day", select(days, str(known.weekday) if known else "0")),
        field(Field.HOUR, "Hour", select(hours, str(known.hour) if known else _USUAL_HOUR)),
        field(
            Field.ZONE,
            "Time zone",
            select([Choice(one, one.replace("_", " ")) for one in every if one], next(iter(every))),
        ),
    ]
    carried = Ref(v=known.channel) if known else None
    return modal(Form.DIGEST, "Weekly digest", blocks, submit="Save", carried=carried)


def read_digest(values: Values) -> tuple[str, int, int, str]:
    """Channel, day of the week, hour and zone. Raises FlowError `missing`, ValueError."""
    channel = picked_channel(values, Field.CHANNEL)
    if not channel:
        raise FlowError("missing", field=Field.CHANNEL)
    weekday = int(picked_option(values, Field.WEEKDAY))
    return (
        channel,
        weekday,
        int(picked_option(values, Field.HOUR)),
        picked_option(values, Field.ZONE),
    )


def digest_chosen(digest: ChannelDigest, first: datetime) -> Block:
    """What stands in the modal once a digest is chosen."""
    words = (
        f"{channel_name(digest)} gets the digest: {when(digest)}, for the first time on"
        f" {day(first.date())}. I looked: only colleagues are in it."
    )
    return modal(Form.SHOWN, "Weekly digest", [section(words)], close="Done")


def no_digest(digest: ChannelDigest, why: str) -> Message:
    """To whoever chose a channel that got no digest."""
    words = (
        f"There is no digest in {channel_name(digest)} for now. {say(why)} I look again next week;"
        " a leader or an admin can change it with /handover settings."
    )
    return Message(words, [section(words)])


def channel_name(digest: ChannelDigest, surface: Surface = Surface.MRKDWN) -> str:
    """A channel as people call it."""
    return one_line(escaped(f"#{digest.name}"), surface, lambda user: user, 80)


def when(digest: ChannelDigest) -> str:
    """The day and hour of a digest."""
    zone = digest.zone.replace("_", " ")
    return f"{_WEEKDAYS[digest.weekday]}s at {digest.hour:02}:00 ({zone})"
