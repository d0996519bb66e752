"""The script of the demo, read from `script.toml`."""

import tomllib
from importlib import resources

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

    `form` turns to the modal of that title, `submit` sends it and turns back to the message. A
    `date` is a number of days from today.
    """

    command: str | None = None
    reply: str | None = None
    file: str | None = None
    click: str | None = None
    below: str = ""
    tick: str | None = None
    form: str | None = None
    choose: tuple[str, str] | None = None
    fill: tuple[str, str] | None = None
    number: tuple[str, int] | None = None
    date: tuple[str, int] | None = None
    people: tuple[str, str] | None = None
    submit: bool | None = None
    home: bool | None = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> "Act":
        if len(self.model_fields_set - {"file", "below"}) != 1:
            raise ValueError("an act is exactly one thing")
        return self


class Step(_Part):
    """Somebody sees something and acts on it."""

    who: str
    sees: str = ""
    earlier: bool = False
    do: tuple[Act, ...]


class Script(_Part):
    """The whole play."""

    cast: dict[str, Actor]
    steps: tuple[Step, ...]


def read_script() -> Script:
    """The script that comes with the bot."""
    text = resources.files("bot.demo").joinpath("script.toml").read_text(encoding="utf-8")
    return Script.model_validate(tomllib.loads(text))
