"""Settings from the environment, read once; a wrong one is told by its name, never by its value."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsConfigDict

if TYPE_CHECKING:
    from storage.seal import Seal


_UNSET = "is not set"


class SettingsError(Exception):
    """A setting is wrong or missing; the text is one readable line."""


class Settings(BaseSettings):
    """Everything that an operator can set."""

    model_config = SettingsConfigDict(env_file=None, extra="ignore", frozen=True)

    slack_client_id: str | None = Field(default=None, alias="SLACK_CLIENT_ID")
    slack_client_secret: SecretStr | None = Field(default=None, alias="SLACK_CLIENT_SECRET")
    encryption_keys: SecretStr | None = Field(default=None, alias="HANDOVER_ENCRYPTION_KEYS")
    slack_bot_token: SecretStr | None = Field(
        default=None, alias="SLACK_BOT_TOKEN", validate_default=True
    )
    purge_days: int = Field(default=30, alias="HANDOVER_PURGE_DAYS", ge=1, le=3650)
    keep_closed_days: int | None = Field(
        default=None, alias="HANDOVER_KEEP_CLOSED_DAYS", ge=1, le=36500
    )
    slack_signing_secret: SecretStr = Field(alias="SLACK_SIGNING_SECRET", min_length=1)
    slack_app_token: SecretStr | None = Field(default=None, alias="SLACK_APP_TOKEN", min_length=1)
    slack_api_url: str = Field(
        default="https://slack.com/api/",
        alias="SLACK_API_URL",
        pattern=r"^https?://.+/$",
        examples=["https://slack.com/api/"],
    )
    database_url: str = Field(
        default="sqlite:///handover.db",
        alias="DATABASE_URL",
        pattern=r"^(sqlite:///.+|postgresql\+psycopg://.+)$",
        examples=["sqlite:///handover.db", "postgresql+psycopg://USER:PASSWORD@HOST/handover"],
    )
    port: int = Field(default=3000, alias="PORT", ge=0, le=65535)
    tick_seconds: float = Field(default=15, alias="HANDOVER_TICK_SECONDS", gt=0, le=3600)
    playbook: Path | None = Field(default=None, alias="HANDOVER_PLAYBOOK")
    post_margin: float = Field(default=60, alias="HANDOVER_POST_MARGIN", ge=0)
    replica: str = Field(default="", alias="HANDOVER_REPLICA", max_length=60)
    lease_seconds: float = Field(default=20, alias="HANDOVER_LEASE_SECONDS", ge=1, le=300)
    slack_timeout: float = Field(default=10, alias="HANDOVER_SLACK_TIMEOUT", ge=1, le=30)
    post_rate: str = Field(
        default="5/5", alias="HANDOVER_POST_RATE", pattern=r"^(0|\d+/\d+)$", examples=["5/5", "0"]
    )
    quiet: Literal["on", "off"] = Field(default="on", alias="HANDOVER_QUIET")
    poll_seconds: float = Field(default=0.25, alias="HANDOVER_POLL_SECONDS", ge=0.01, le=5)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", alias="HANDOVER_LOG_LEVEL"
    )
    log_format: Literal["console", "json"] = Field(default="console", alias="HANDOVER_LOG_FORMAT")
    otlp_endpoint: str | None = Field(
        default=None,
        alias="OTEL_EXPORTER_OTLP_ENDPOINT",
        pattern=r"^https?://.+$",
        examples=["http://collector:4318"],
    )
    crash_at: str = Field(default="", alias="HANDOVER_CRASH_AT")

    @field_validator("slack_bot_token")
    @classmethod
    def _one_way_in(cls, value: SecretStr | None, known: ValidationInfo) -> SecretStr | None:
        if not (value or known.data.get("slack_client_id") or known.data["slack_client_secret"]):
            raise ValueError(_UNSET)
        return value

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


@dataclass(frozen=True, slots=True)
class ManyWorkspaces:
    """What it takes to be installed by whoever wants to."""

    client_id: str
    client_secret: str = field(repr=False)
    seal: "Seal"


def many_workspaces(settings: Settings) -> ManyWorkspaces | None:
    """How workspaces install the bot; none where it has one workspace's token.

    Raises SettingsError.
    """
    if settings.slack_bot_token:
        return None
    app, secret = settings.slack_client_id, settings.slack_client_secret
    if not app:
        raise SettingsError("SLACK_CLIENT_ID is not set")
    if not secret:
        raise SettingsError("SLACK_CLIENT_SECRET is not set")
    return ManyWorkspaces(app, secret.get_secret_value(), make_seal(settings.encryption_keys))


def make_seal(keys: SecretStr | None) -> "Seal":
    """The keys of HANDOVER_ENCRYPTION_KEYS at work. Raises SettingsError."""
    given = keys.get_secret_value().split(",") if keys else []
    found = [key.strip() for key in given if key.strip()]
    if not found:
        raise SettingsError("HANDOVER_ENCRYPTION_KEYS is not set")
    # Only who has many workspaces pays for it.
    from storage.seal import Seal  # noqa: PLC0415

    try:
        return Seal(found)
    except ValueError:
        raise SettingsError("HANDOVER_ENCRYPTION_KEYS: not Fernet keys between commas") from None


class DatabaseSettings(BaseSettings):
    """What migrating needs, and with the keys, sealing anew."""

    model_config = SettingsConfigDict(env_file=None, extra="ignore", frozen=True)

    encryption_keys: SecretStr | None = Field(default=None, alias="HANDOVER_ENCRYPTION_KEYS")

    database_url: str = Field(
        default="sqlite:///handover.db",
        alias="DATABASE_URL",
        pattern=r"^(sqlite:///.+|postgresql\+psycopg://.+)$",
        examples=["sqlite:///handover.db", "postgresql+psycopg://USER:PASSWORD@HOST/handover"],
    )


def read_settings() -> Settings:
    """The settings of this process. Raises SettingsError naming every setting at fault."""
    found = _read(Settings)
    many_workspaces(found)
    return found


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
            place = str(problem["loc"][0])
            # A default at fault is told by its field.
            asked = kind.model_fields.get(place) or _by_alias(kind, place)
            name = asked.alias
            # Unset and set to nothing are the same to whoever has to put it right.
            missing = problem["type"] in {"missing", "too_short", "string_too_short"}
            said = problem["msg"].removeprefix("Value error, ")
            if problem["type"] == "string_pattern_mismatch":
                said = f"has to look like {' or '.join(asked.examples or ())}"
            unset = missing or said == _UNSET
            faults.append(f"{name} {_UNSET}" if unset else f"{name}: {said}")
        raise SettingsError("; ".join(faults)) from None


def _by_alias(kind: type[BaseSettings], alias: str) -> FieldInfo:
    return next(one for one in kind.model_fields.values() if one.alias == alias)
