"""files.*: the bot announces an upload, sends the bytes, shares the file; and reads others'."""

from typing import Any

from bot.sandbox import files, messages
from bot.sandbox.errors import SlackError
from bot.sandbox.methods.context import Context
from bot.sandbox.records import File, Post, Room

JSON = dict[str, Any]


def get_upload_url(context: Context, args: JSON) -> JSON:
    workspace = context.workspace
    file = files.add_file(workspace, workspace.app.bot_user_id, str(args["filename"]), b"")
    file.alt = str(args.get("alt_txt") or "")
    context.announced[file.id] = int(float(args["length"]))
    return {
        "upload_url": f"{workspace.public_url}/upload/{workspace.team_id}/{file.id}",
        "file_id": file.id,
    }


def receive(context: Context, file_id: str, content: bytes) -> None:
    """The bytes arrive at the upload URL; their number was announced."""
    with context.workspace.changed:
        file = context.workspace.files.get(file_id)
        if file is None:
            raise SlackError("file_not_found", file_id)
        announced = context.announced.get(file_id)
        if announced != len(content):
            detail = f"{len(content)} bytes, announced were {announced}"
            raise SlackError("upload_length", detail)
        file.content, file.uploaded = content, True


def complete_upload(context: Context, args: JSON) -> JSON:
    workspace = context.workspace
    uploads = [_uploaded(context, entry) for entry in args["files"]]
    for room_id in _rooms(args):
        room = workspace.room(room_id)
        if workspace.app.bot_user_id not in room.members:
            raise SlackError("not_in_channel", room.name, ordinary=True)
        if args.get("thread_ts"):
            workspace.post(room, args["thread_ts"])
        _post_files(context, room, uploads, args)
    return {"files": [files.file_json(workspace, file) for file in uploads]}


def _rooms(args: JSON) -> list[str]:
    listed = [args["channel_id"]] if args.get("channel_id") else []
    return listed + [room for room in str(args.get("channels") or "").split(",") if room]


def _uploaded(context: Context, entry: JSON) -> File:
    file = context.workspace.files.get(entry.get("id", ""))
    if file is None or not file.uploaded:
        raise SlackError("file_not_found", f"not uploaded: {entry.get('id')}")
    file.title = entry.get("title") or file.name
    return file


def _post_files(context: Context, room: Room, uploads: list[File], args: JSON) -> None:
    workspace = context.workspace
    for file in uploads:
        files.share(workspace, file, room)
    post = Post(
        ts=workspace.ids.ts(),
        channel=room.id,
        user=workspace.app.bot_user_id,
        text=str(args.get("initial_comment") or ""),
        thread_ts=args.get("thread_ts") or None,
        files=[file.id for file in uploads],
        by_bot=True,
    )
    messages.publish(workspace, room, post)
    context.show("file", room, post)


def info(context: Context, args: JSON) -> JSON:
    workspace = context.workspace
    file = workspace.files.get(args["file"])
    if file is None or not files.visible_to_bot(workspace, file):
        raise SlackError("file_not_found", args["file"], ordinary=file is not None)
    return {"file": files.file_json(workspace, file), "comments": []}


HANDLERS = {
    "files.getUploadURLExternal": get_upload_url,
    "files.completeUploadExternal": complete_upload,
    "files.info": info,
}
