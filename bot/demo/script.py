"""The script of the demo, read from `play/*.toml`: who takes part, and what they do, day by day."""

import tomllib
from datetime import datetime, time
from importlib import resources
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, model_validator


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Actor(_Part):
    """One person of the play."""

    name: str
    tz: str
    admin: bool = False


class Act(_Part):
    """One thing that somebody does: exactly one field is set (`file` goes with `reply`, `below`
    with `click`: the button at or below these words).

    Acts are done on what the person has before them: the message that the step sees, until `home`,
    `whisper` (what only they were shown) or `form` (the modal of that title) turns to another.
    `submit` and `close` end the form and turn back. `reads` waits until words stand there. A
    `date` is a number of days from today.
    """

    command: str | None = None
    reply: str | None = None
    file: str | None = None
    click: str | None = None
    below: str = ""
    tick: str | None = None
    form: str | None = None
    whisper: str | None = None
    reads: str | None = None
    choose: tuple[str, str] | None = None
    fill: tuple[str, str] | None = None
    number: tuple[str, int] | None = None
    date: tuple[str, int] | None = None
    at: tuple[str, time] | None = None
    people: tuple[str, str] | None = None
    channel: tuple[str, str] | None = None
    submit: bool | None = None
    close: bool | None = None
    home: bool | None = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> "Act":
        if len(self.model_fields_set - {"file", "below"}) != 1:
            raise ValueError("an act is exactly one thing")
        return self


class Later(_Part):
    """Time that passes: so many days, to an hour where the play plays."""

    days: int
    hour: time


class Step(_Part):
    """Time passes; then somebody sees something, in their DM or a channel, and acts on it.

    `answers` are questions with their replies, of which an audience reads only how many.
    """

    later: Later | None = None
    who: str = ""
    channel: str = ""
    sees: str = ""
    earlier: bool = False
    answers: tuple[tuple[str, str], ...] = ()
    do: tuple[Act, ...] = ()


class Chapter(_Part):
    """Some steps under a title."""

    title: str
    steps: tuple[Step, ...]


class Setting(_Part):
    """What it is about, when and where it plays, and with whom."""

    about: str
    begins: datetime
    zone: str
    channels: tuple[str, ...]
    cast: dict[str, Actor]

    @property
    def first_moment(self) -> datetime:
        """When it begins."""
        return self.begins.replace(tzinfo=ZoneInfo(self.zone))


class Script(_Part):
    """The whole play."""

    setting: Setting
    chapters: tuple[Chapter, ...]


def read_script() -> Script:
    """The script that comes with the bot."""
    folder = resources.files("bot.demo").joinpath("play")
    read = {
        file.name: tomllib.loads(file.read_text(encoding="utf-8"))
        for file in folder.iterdir()
        if file.name.endswith(".toml")
    }
    chapters = [read[name] for name in sorted(read) if name != "setting.toml"]
    return Script.model_validate({"setting": read["setting.toml"], "chapters": chapters})
