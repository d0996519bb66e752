"""What delivery needs from the rest of the bot, and the words in which Slack's answers are told."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import Connection

from storage.outbox import LIMITED, Job

Json = dict[str, Any]


class Message(Protocol):
    """A message as Slack takes it; `text` says the same as the blocks to whoever hears it."""

    @property
    def text(self) -> str: ...

    @property
    def blocks(self) -> Sequence[Json]: ...


@dataclass(frozen=True, slots=True)
class Row:
    """What a message is about: all that an outbox row or a standing message says of it.

    `channel` is the person's conversation, none if it is not known. What is `joined` stands in one
    message with others.
    """

    team: str
    handover: str
    person: str
    kind: str
    subject: str
    channel: str | None = None
    joined: bool = False


@dataclass(frozen=True, slots=True)
class FileToSend:
    """A file to be shared in the place of a message; `alt` tells what a picture shows."""

    name: str
    content: bytes
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Canvas:
    """A document that everybody who may know shares, and what to say of it.

    Only `readers` may read it at all. `told` makes the message with its address, `instead` what is
    sent where the workspace has no canvases.
    """

    title: str
    markdown: str
    readers: frozenset[str]
    told: Callable[[str], Message]
    instead: "Callable[[], Rendered]"


@dataclass(frozen=True, slots=True)
class FileToBring:
    """A file that Slack has, of `most` bytes, to be shared once more in the place of a message.

    `instead` makes of the error code what is said where it cannot be had.
    """

    id: str
    name: str
    most: int
    instead: Callable[[str], Message]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message made from what is true now.

    `version` is the handover's that was read, as stored; `vault` the vault's, only if the message
    says something of it. `thread` puts a new message into the person's thread, under its root. With
    a `file`, that is shared in the place of the message, and what `bring` names is fetched first;
    with a `canvas`, that is written first and the message is what its address makes. What stands in
    a channel says `withdrawn` in its place once others than colleagues can read it.
    """

    message: Message
    version: int
    thread: bool
    vault: int | None = None
    file: FileToSend | None = None
    canvas: Canvas | None = None
    bring: FileToBring | None = None
    withdrawn: Message | None = None


Render = Callable[[Row], Rendered | None]
"""What to say now; None when there is no longer anything to say. May raise StorageBusyError."""


Join = Callable[[Sequence[Message]], Message]
"""Makes one message of several, at least two."""


def first_of(messages: Sequence[Message]) -> Message:
    """Where nothing is ever joined."""
    return messages[0]


@dataclass(frozen=True, slots=True)
class Landed:
    """Slack has the message."""

    ts: str


@dataclass(frozen=True, slots=True)
class Absent:
    """The message is not in Slack."""


@dataclass(frozen=True, slots=True)
class Told:
    """Slack did it and answered this, under these headers."""

    data: Mapping[str, Any]
    headers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limited:
    """Nothing was done; it may be tried again after so many seconds.

    `why` is LIMITED, or Slack's word for a token that does not work.
    """

    retry_after: float
    why: str = LIMITED


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was done, nor will it be: Slack's error code."""

    code: str


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """It may have been done, or be done yet."""

    reason: str


Trouble = Limited | Refused | Ambiguous


def in_words(trouble: Trouble) -> str:
    """How it is told to whoever runs the bot."""
    match trouble:
        case Limited(why=why):
            return "it is not there, or asks to wait" if why == LIMITED else why
        case Refused(code):
            return code
        case Ambiguous(reason):
            return reason


class Slack(Protocol):
    """What delivery asks of one workspace's Slack."""

    def post(
        self, channel: str, message: Message, thread_ts: str | None, key: str
    ) -> Landed | Trouble: ...

    def update(self, channel: str, ts: str, message: Message) -> Landed | Trouble: ...

    def open_dm(self, user: str) -> Told | Trouble: ...

    def find_by_key(
        self, channel: str, thread_ts: str | None, oldest: float, key: str
    ) -> Landed | Absent | Trouble: ...

    def upload(self, file: FileToSend) -> Told | Trouble: ...

    def share(
        self, channel: str, thread_ts: str | None, file_id: str, title: str
    ) -> Landed | Trouble: ...

    def find_shared(self, file_id: str) -> Landed | Absent | Trouble: ...

    def create_canvas(self, title: str, markdown: str) -> Told | Trouble: ...

    def write_canvas(self, canvas: str, markdown: str) -> Told | Trouble: ...

    def open_canvas(self, canvas: str, user: str) -> Told | Trouble: ...

    def close_canvas(self, canvas: str, user: str) -> Told | Trouble: ...

    def file_address(self, file_id: str) -> Told | Trouble: ...

    def fetch_file(self, file_id: str, most: int) -> Told | Trouble: ...


SlackOf = Callable[[str], Slack | None]
"""The Slack of a workspace (team); None when the bot is not installed there."""


@dataclass(frozen=True, slots=True)
class Loss:
    """A message that can never be delivered; `error` is Slack's word for why, or ours."""

    id: int
    row: Row
    error: str


@dataclass(frozen=True, slots=True)
class Own:
    """A message of its own, now."""


@dataclass(frozen=True, slots=True)
class Joins:
    """Added by an edit to the message that stands under this key."""

    key: str


@dataclass(frozen=True, slots=True)
class Waits:
    """Not now: it is asked for again at a stored moment."""

    until: int


Turn = Own | Joins | Waits


class TurnOf(Protocol):
    """How a quiet message, by its key, comes to its reader; what is not `in_words` cannot join.

    Asked right before the post. May raise StorageBusyError.
    """

    def __call__(self, row: Row, key: str, *, in_words: bool) -> Turn: ...


def at_once(row: Row, key: str, *, in_words: bool) -> Turn:  # noqa: ARG001
    """Nothing is quiet."""
    return Own()


Barred = Callable[[str, str], Trouble | None]
"""Why something may not be said in a channel, by team and id, just now: refused for good, or not
known; none where it may.
"""


def never_barred(_team: str, _channel: str) -> Trouble | None:
    """Where nothing is said in channels."""
    return None


OnLanding = Callable[[Connection, Row, str], Iterable[Job]]
"""Told that a message stands now, and at which ts, in the transaction that notes it."""


def note_nothing(_connection: Connection, _row: Row, _ts: str) -> Iterable[Job]:
    """Nobody needs to know where a message stands."""
    return ()


OnLoss = Callable[[Connection, Loss], Iterable[Job]]
"""Runs in the transaction that gives a message up, so what it writes is written exactly once."""


def say_nothing(_connection: Connection, _loss: Loss) -> Iterable[Job]:
    """Tell nobody of a loss."""
    return ()
