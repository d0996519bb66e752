"""The installed app, as its manifest describes it: scopes, commands, events, tabs, tokens."""

from dataclasses import dataclass, field
from typing import Any

from jsonschema import Draft7Validator

from bot.sandbox import rulebook

JSON = dict[str, Any]


@dataclass
class App:
    """Who the bot is in this workspace, and what it may do.

    `installed` ends with an uninstall; `install_codes` can be exchanged for the bot token, once.
    `bot_token` is the newest; `over` are those that work no longer, with Slack's word for why, and
    `spent` the refresh tokens that were used. `org` is the id and name of the organisation that
    installs it for its workspaces, if one does.
    """

    manifest: JSON
    bot_token: str
    app_token: str
    signing_secret: str
    id: str = "A0SANDBOX01"
    client_id: str = "1111111111.2222222222"
    client_secret: str = "sandbox-client-secret"  # noqa: S105 - worth nothing outside the sandbox
    verification_token: str = "sandbox-verification-token"  # noqa: S105 - as above
    bot_user_id: str = "U0SANDBOXBOT"
    bot_id: str = "B0SANDBOXBOT"
    installed: bool = True
    install_codes: dict[str, str] = field(default_factory=dict)
    over: dict[str, str] = field(default_factory=dict)
    refresh_token: str = ""
    org: tuple[str, str] | None = None
    spent: set[str] = field(default_factory=set)
    _older: list[str] = field(default_factory=list)
    _given: int = 0

    def __post_init__(self) -> None:
        """Refuse a manifest that Slack would refuse."""
        problems = [
            f"/{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
            for error in Draft7Validator(rulebook.manifest_schema()).iter_errors(self.manifest)
        ]
        if problems:
            raise ValueError("Slack would refuse this manifest: " + "; ".join(problems))

    @property
    def enterprise(self) -> JSON | None:
        """The organisation as payloads name it."""
        return {"id": self.org[0], "name": self.org[1]} if self.org else None

    @property
    def name(self) -> str:
        bot_user = self._features("bot_user")
        return str(bot_user.get("display_name") or self.manifest["display_information"]["name"])

    @property
    def scopes(self) -> frozenset[str]:
        oauth = self.manifest.get("oauth_config", {})
        return frozenset(oauth.get("scopes", {}).get("bot", ()))

    @property
    def commands(self) -> frozenset[str]:
        commands = self.manifest.get("features", {}).get("slash_commands", ())
        return frozenset(command["command"] for command in commands)

    def shortcut(self, name: str) -> str:
        """The callback id of the message shortcut with this name; empty where there is none."""
        known = self.manifest.get("features", {}).get("shortcuts", ())
        ours = (one for one in known if (one["type"], one["name"]) == ("message", name))
        return str(next((one["callback_id"] for one in ours), ""))

    @property
    def interactive(self) -> bool:
        return bool(self._settings("interactivity").get("is_enabled"))

    @property
    def uses_sockets(self) -> bool:
        return bool(self.manifest.get("settings", {}).get("socket_mode_enabled"))

    @property
    def has_home(self) -> bool:
        return bool(self._features("app_home").get("home_tab_enabled"))

    @property
    def has_messages(self) -> bool:
        """Whether there is a Messages tab, so that the bot can write to people."""
        return bool(self._features("app_home").get("messages_tab_enabled"))

    @property
    def takes_messages(self) -> bool:
        """Whether people can write to the bot."""
        read_only = self._features("app_home").get("messages_tab_read_only_enabled")
        return self.has_messages and not read_only

    @property
    def rotates(self) -> bool:
        """Whether tokens expire, and are exchanged for others."""
        return bool(self.manifest.get("settings", {}).get("token_rotation_enabled"))

    @property
    def redirect_url(self) -> str:
        """Where a browser goes after the consent page; empty where the manifest names nothing."""
        return str(next(iter(self.manifest.get("oauth_config", {}).get("redirect_urls", ())), ""))

    def knows(self, token: str) -> bool:
        """Whether a token of any kind is, or was, this workspace's."""
        ours = (self.bot_token, self.app_token, self.refresh_token, *self._older)
        return bool(token) and (token in ours or token in self.over or token in self.spent)

    def works(self, token: str) -> bool:
        """Whether the bot may be called with a token: of those that expire, with the newest two."""
        return token in (self.bot_token, *self._older) and token not in self.over

    def grant(self) -> JSON:
        """The next tokens, as oauth.v2.access tells them."""
        self._given += 1
        if self._given > 1 or self.rotates:
            base = self.bot_token.rpartition("#")[0] or self.bot_token
            self._supersede()
            self.bot_token = f"{base}#{self._given}"
        found: JSON = {"access_token": self.bot_token, "token_type": "bot"}
        if not self.rotates:
            return found
        if self.refresh_token:
            self.spent.add(self.refresh_token)
        self.refresh_token = f"xoxe-1-{self.bot_token}"
        return found | {"refresh_token": self.refresh_token, "expires_in": 43_200}

    def retire(self, why: str) -> None:
        """No token works any more, in these words."""
        self.over |= dict.fromkeys((self.bot_token, *self._older), why)
        self._older.clear()
        if why != "token_expired" and self.refresh_token:
            self.spent.add(self.refresh_token)
            self.refresh_token = ""

    def _supersede(self) -> None:
        if self._given > 1 and self.rotates and self.bot_token not in self.over:
            self._older.append(self.bot_token)
        for token in self._older[:-1]:
            self.over[token] = "token_revoked"
        del self._older[:-1]

    def hears(self, event: str) -> bool:
        """Whether an event of this name (`message.im`, `user_change`, …) is delivered at all."""
        if event not in self._settings("event_subscriptions").get("bot_events", ()):
            return False
        needed = rulebook.event_scopes().get(event, [])
        return not needed or bool(self.scopes.intersection(needed))

    def _settings(self, part: str) -> JSON:
        found: JSON = self.manifest.get("settings", {}).get(part, {})
        return found

    def _features(self, part: str) -> JSON:
        found: JSON = self.manifest.get("features", {}).get(part, {})
        return found
