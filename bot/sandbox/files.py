"""Files: announced, uploaded, shared. The bytes are kept, and served only with the bot's token."""

import mimetypes
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from bot.sandbox.records import File, Room
from bot.sandbox.workspace import Workspace

JSON = dict[str, Any]


def file_json(workspace: Workspace, file: File) -> JSON:
    """The file object of Slack's API."""
    suffix = PurePath(file.name).suffix.removeprefix(".")
    url = f"{workspace.public_url}/files-pri/{workspace.team_id}-{file.id}/{quote(file.name)}"
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title,
        "mimetype": mimetypes.guess_type(file.name)[0] or "application/octet-stream",
        "filetype": suffix or "binary",
        "pretty_type": suffix.upper() or "Binary",
        "user": file.owner,
        "user_team": workspace.team_id,
        "size": len(file.content),
        "mode": "hosted",
        "is_external": False,
        "is_public": False,
        "url_private": url,
        "url_private_download": f"{url}?download=1",
        "permalink": f"{workspace.public_url}/files/{file.owner}/{file.id}/{file.name}",
        "channels": [r for r in file.shared_in if r.startswith("C")],
        "groups": [],
        "ims": [r for r in file.shared_in if r.startswith("D")],
        "file_access": "visible",
    }


def add_file(workspace: Workspace, owner: str, name: str, content: bytes, title: str = "") -> File:
    """A file that is there with its bytes, not yet shared with anybody."""
    moment = workspace.ids.ts()
    file = File(
        id=workspace.ids.new("F"),
        name=name,
        title=title or name,
        owner=owner,
        content=content,
        uploaded=bool(content),
        created=int(float(moment)),
    )
    workspace.files[file.id] = file
    return file


def share(workspace: Workspace, file: File, room: Room) -> None:
    """The file becomes visible in a conversation; the bot hears of it if it is there."""
    file.shared_in.append(room.id)
    if workspace.app.bot_user_id in room.members:
        event = {
            "type": "file_shared",
            "file_id": file.id,
            "user_id": file.owner,
            "file": {"id": file.id},
            "channel_id": room.id,
            "event_ts": workspace.ids.ts(),
        }
        workspace.send_event("file_shared", event)


@dataclass(frozen=True)
class Upload:
    """A file as a test looks at it; `visible_to` are the names of those who can open it."""

    name: str
    title: str
    content: bytes
    owner: str
    visible_to: frozenset[str]
    alt: str = ""


def uploads(workspace: Workspace) -> list[Upload]:
    """Every file whose bytes have arrived."""
    return [
        Upload(
            name=file.name,
            title=file.title,
            content=file.content,
            owner=workspace.users[file.owner].name,
            visible_to=frozenset(workspace.users[user].name for user in _readers(workspace, file)),
            alt=file.alt,
        )
        for file in workspace.files.values()
        if file.uploaded
    ]


def _readers(workspace: Workspace, file: File) -> set[str]:
    """Whoever uploaded it, the members of where it is shared, and the app if given to it."""
    readers = {file.owner, *file.readers}
    for room in file.shared_in:
        shared_with_app = room == workspace.app.id
        members = [workspace.app.bot_user_id] if shared_with_app else workspace.rooms[room].members
        readers.update(members)
    return readers


def visible_to_bot(workspace: Workspace, file: File) -> bool:
    """Its own files, and what was shared where it is a member or given to it in a modal."""
    return workspace.app.bot_user_id in _readers(workspace, file)
