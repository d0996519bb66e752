"""The recorded corpus: one delivery of every sort, as the sandbox made it from what people saw."""

import gzip
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.ids import act

JSON = dict[str, Any]

PATH = Path(__file__).with_name("corpus.jsonl.gz")
_KEPT = ("Content-Type", "User-Agent", "X-Slack-Retry-Num", "X-Slack-Retry-Reason")


@dataclass(frozen=True)
class Sample:
    """One delivery: `kind` as in Socket Mode, the payload and the headers, unsigned."""

    kind: str
    payload: JSON
    headers: dict[str, str]

    @property
    def type(self) -> str:
        """What is delivered: an interaction's type, an event's, or a command."""
        if self.kind == "slash_commands":
            return "command"
        if event := self.payload.get("event"):
            return str(event.get("type"))
        return str(self.payload.get("type"))

    @property
    def name(self) -> str:
        """Which of its type: an action, a modal, a command's word, a message's subtype."""
        payload = self.payload
        match self.type:
            case "command":
                return str(payload.get("text", "")).partition(" ")[0][:20]
            case "block_actions":
                return act(payload["actions"][0]["action_id"])
            case "view_submission" | "view_closed":
                return str(payload["view"]["callback_id"])
            case "message":
                event = payload["event"]
                where = " in a thread" if event.get("thread_ts") else ""
                return f"{event.get('subtype', '')}{where}"
            case _:
                return str(payload.get("callback_id", ""))

    @property
    def sort(self) -> str:
        """Samples of one sort are alike: type, name, where it stands, the kind of element."""
        where = self.payload.get("container") or {}
        element = (self.payload.get("actions") or [{}])[0].get("type", "")
        return " ".join((self.type, self.name, str(where.get("type", "")), element))

    @property
    def line(self) -> str:
        known = {name: self.headers[name] for name in _KEPT if name in self.headers}
        found = {"kind": self.kind, "payload": self.payload, "headers": known}
        return json.dumps(found, sort_keys=True, separators=(",", ":"))


def keep(samples: Iterable[Sample]) -> None:
    """Store the corpus in order, so that what did not change is the same file."""
    lines = sorted(sample.line for sample in samples)
    PATH.write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0))


@cache
def corpus() -> tuple[Sample, ...]:
    lines = gzip.decompress(PATH.read_bytes()).decode().splitlines()
    return tuple(Sample(**json.loads(line)) for line in lines)
