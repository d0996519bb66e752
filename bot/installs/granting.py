"""Slack's side of installing: what people are asked to allow, and the tokens that come of it."""

import ssl
from urllib.parse import urlencode, urljoin

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from bot.delivery.gateway import TIMEOUT_SECONDS, call, make_client
from bot.delivery.outcomes import outcome
from bot.delivery.port import Limited, Refused, Told, Trouble
from bot.manifest import SCOPES
from storage.installations import Installation, Tokens

_SECOND = 1_000_000
DEAD = frozenset({"account_inactive", "invalid_auth", "token_revoked"})
"""Slack's words for a token that no waiting mends."""


class _Named(BaseModel):
    id: str
    name: str | None = None


class _Granted(BaseModel):
    """What oauth.v2.access answers, as far as it is read."""

    model_config = ConfigDict(hide_input_in_errors=True)

    access_token: SecretStr
    token_type: str
    refresh_token: SecretStr | None = None
    expires_in: int | None = None

    def tokens(self, now: int) -> Tokens:
        """The tokens, from a stored moment on."""
        refresh = self.refresh_token.get_secret_value() if self.refresh_token else None
        expires_at = None if self.expires_in is None else now + self.expires_in * _SECOND
        return Tokens(self.access_token.get_secret_value(), refresh, expires_at)


class _Installed(_Granted):
    app_id: str
    bot_user_id: str
    scope: str
    team: _Named | None = None
    enterprise: _Named | None = None
    is_enterprise_install: bool = False
    authed_user: _Named

    @property
    def owner(self) -> _Named:
        found = self.enterprise if self.is_enterprise_install else self.team
        if found is None:
            raise ValueError("installed nowhere")
        return found


class Granting:
    """Asks Slack, in the name of our app; `base_url` is the Web API's."""

    def __init__(
        self,
        base_url: str,
        client_id: str,
        client_secret: str,
        context: ssl.SSLContext,
        timeout: int = TIMEOUT_SECONDS,
    ) -> None:
        self._base_url = base_url
        self._client_id = client_id
        self._secret = client_secret
        self._client = make_client(base_url, context, timeout)

    def address(self, state: str) -> str:
        """Slack's page on which somebody allows the bot into a workspace."""
        asked = {"client_id": self._client_id, "scope": ",".join(sorted(SCOPES)), "state": state}
        return f"{urljoin(self._base_url, '/oauth/v2/authorize')}?{urlencode(asked)}"

    def exchange(self, code: str, now: int) -> Installation | Trouble:
        """What was allowed, for the code that Slack's page sent back."""
        answer = self._access({"code": code})
        if not isinstance(answer, Told):
            return answer
        try:
            found = _Installed.model_validate(answer.data)
            if found.token_type != "bot":  # noqa: S105 - a kind of token
                return Refused("not_a_bot")
            return Installation(
                owner=found.owner.id,
                name=found.owner.name or found.owner.id,
                app=found.app_id,
                bot_user=found.bot_user_id,
                scopes=found.scope,
                installed_by=found.authed_user.id,
                installed_at=now,
                tokens=found.tokens(now),
            )
        except (ValidationError, ValueError):
            return Refused("not_understood")

    def refresh(self, refresh_token: str, now: int) -> Tokens | Trouble:
        """The next tokens for a refresh token, which works once."""
        answer = self._access({"grant_type": "refresh_token", "refresh_token": refresh_token})
        if not isinstance(answer, Told):
            return answer
        try:
            return _Granted.model_validate(answer.data).tokens(now)
        except ValidationError:
            return Refused("not_understood")

    def is_dead(self, token: str) -> bool:
        """Whether Slack says of a token that it is over, not only in one call."""
        answer = call(self._client, "auth.test", token, {})
        return isinstance(answer, Limited) and answer.why in DEAD

    def _access(self, given: dict[str, str]) -> Told | Trouble:
        auth = {"client_id": self._client_id, "client_secret": self._secret}

        def exchange() -> Told:
            answer = self._client.api_call("oauth.v2.access", params=given, auth=auth)
            return Told(answer.data if isinstance(answer.data, dict) else {})

        return outcome(exchange)
