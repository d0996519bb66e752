"""Settings from the environment, read once; a wrong one is told by its name, never by its value."""

from pathlib import Path
from typing import Literal, TypeVar

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class SettingsError(Exception):
    """A setting is wrong or missing; the text is one readable line."""


class Settings(BaseSettings):
    """Everything that an operator can set."""

    model_config = SettingsConfigDict(env_file=None, extra="ignore", frozen=True)

    slack_bot_token: SecretStr = Field(alias="SLACK_BOT_TOKEN", min_length=1)
    slack_signing_secret: SecretStr = Field(alias="SLACK_SIGNING_SECRET", min_length=1)
    slack_app_token: SecretStr | None = Field(default=None, alias="SLACK_APP_TOKEN", min_length=1)
    slack_api_url: str = Field(
        default="https://slack.com/api/", alias="SLACK_API_URL", pattern=r"^https?://.+/$"
    )
    database_url: str = Field(
        default="sqlite:///handover.db",
        alias="DATABASE_URL",
        pattern=r"^(sqlite:///.+|postgresql\+psycopg://.+)$",
    )
    port: int = Field(default=3000, alias="PORT", ge=0, le=65535)
    tick_seconds: float = Field(default=15, alias="HANDOVER_TICK_SECONDS", gt=0, le=3600)
    playbook: Path | None = Field(default=None, alias="HANDOVER_PLAYBOOK")
    post_margin: float = Field(default=60, alias="HANDOVER_POST_MARGIN", ge=0)
    replica: str = Field(default="", alias="HANDOVER_REPLICA", max_length=60)
    slack_timeout: float = Field(default=10, alias="HANDOVER_SLACK_TIMEOUT", ge=1, le=30)
    post_rate: str = Field(default="5/5", alias="HANDOVER_POST_RATE", pattern=r"^(0|\d+/\d+)$")
    quiet: Literal["on", "off"] = Field(default="on", alias="HANDOVER_QUIET")
    poll_seconds: float = Field(default=0.25, alias="HANDOVER_POLL_SECONDS", ge=0.01, le=5)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", alias="HANDOVER_LOG_LEVEL"
    )
    log_format: Literal["console", "json"] = Field(default="console", alias="HANDOVER_LOG_FORMAT")
    crash_at: str = Field(default="", alias="HANDOVER_CRASH_AT")

    @field_validator("log_level", mode="before")
    @classmethod
    def _any_case(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("playbook")
    @classmethod
    def _readable(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_file():
            raise ValueError("is not a file")
        return value


class DatabaseSettings(BaseSettings):
    """The one setting that migrating needs."""

    model_config = SettingsConfigDict(env_file=None, extra="ignore", frozen=True)

    database_url: str = Field(
        default="sqlite:///handover.db",
        alias="DATABASE_URL",
        pattern=r"^(sqlite:///.+|postgresql\+psycopg://.+)$",
    )


def read_settings() -> Settings:
    """The settings of this process. Raises SettingsError naming every setting at fault."""
    return _read(Settings)


def read_database_settings() -> DatabaseSettings:
    """The same for a command that needs the database alone."""
    return _read(DatabaseSettings)


_Kind = TypeVar("_Kind", bound=BaseSettings)


def _read(kind: type[_Kind]) -> _Kind:
    try:
        return kind()
    except ValidationError as error:
        faults = []
        for problem in error.errors(include_input=False):
            name = problem["loc"][0]
            # Unset and set to nothing are the same to whoever has to put it right.
            missing = problem["type"] in {"missing", "too_short", "string_too_short"}
            said = problem["msg"].removeprefix("Value error, ")
            faults.append(f"{name} is not set" if missing else f"{name}: {said}")
        raise SettingsError("; ".join(faults)) from None
