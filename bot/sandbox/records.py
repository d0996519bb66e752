"""What a workspace consists of: users, conversations, messages, files, views. Plain data."""

from dataclasses import dataclass, field
from typing import Any, Literal

JSON = dict[str, Any]
Kind = Literal["im", "mpim", "channel", "group"]


@dataclass
class User:
    """A member of the workspace (or a stranger from another one).

    A status ends, and do not disturb begins and ends, at seconds since 1970; 0 is never.
    """

    id: str
    name: str
    tz: str = "Europe/Lisbon"
    admin: bool = False
    owner: bool = False
    deleted: bool = False
    guest: bool = False
    single_channel_guest: bool = False
    bot: bool = False
    stranger: bool = False
    email: str | None = None
    status: str = ""
    status_emoji: str = ""
    status_until: int = 0
    dnd_from: int = 0
    dnd_until: int = 0
    updated: int = 0

    @property
    def handle(self) -> str:
        return self.name.lower().replace(" ", ".")


@dataclass
class Version:
    """What a message said at one time."""

    text: str
    blocks: list[JSON]


@dataclass
class Post:
    """A message in a conversation. `ephemeral_to` is set when only one person ever sees it.

    `choices` is what stands in its menus: (user, block_id, action_id) -> entry of `state.values`.
    """

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[JSON] = field(default_factory=list)
    attachments: list[JSON] = field(default_factory=list)
    thread_ts: str | None = None
    metadata: JSON | None = None
    files: list[str] = field(default_factory=list)
    by_bot: bool = False
    client_msg_id: str | None = None
    edited: JSON | None = None
    deleted: bool = False
    ephemeral_to: str | None = None
    history: list[Version] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    pinned: bool = False
    choices: dict[tuple[str, str, str], JSON] = field(default_factory=dict)

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass
class Room:
    """A conversation of any kind; `members` are user ids, the bot's included.

    `external` ones are shared with another organisation, `invited` ones will be once that accepts;
    `org_shared` ones with other workspaces of the same one.
    """

    id: str
    kind: Kind
    name: str
    members: list[str]
    external: bool = False
    archived: bool = False
    invited: bool = False
    org_shared: bool = False
    posts: list[Post] = field(default_factory=list)

    @property
    def family(self) -> str:
        """The word that scopes and events use for this kind: `im:history`, `message.channels`."""
        return {"im": "im", "mpim": "mpim", "channel": "channels", "group": "groups"}[self.kind]


@dataclass
class File:
    """An uploaded file; `shared_in` are conversation ids, empty until it is shared.

    A canvas is a file too: `readers` are the users whom it was opened to by themselves.
    """

    id: str
    name: str
    title: str
    owner: str
    content: bytes = b""
    shared_in: list[str] = field(default_factory=list)
    uploaded: bool = False
    created: int = 0
    canvas: bool = False
    readers: list[str] = field(default_factory=list)
    alt: str = ""


@dataclass
class View:
    """A modal or a Home tab of one person; `state` is what stands in its fields now.

    `submitted`: what the bot answers to its submission has not been taken yet.
    """

    id: str
    user: str
    payload: JSON
    hash: str
    root: str
    previous: str | None = None
    state: dict[str, dict[str, JSON]] = field(default_factory=dict)
    open: bool = True
    errors: dict[str, str] = field(default_factory=dict)
    submitted: bool = False


@dataclass(frozen=True)
class Sighting:
    """Something that was on a person's screen: `where` says on which part of it."""

    user: str
    where: str
    text: str
