"""A file's content matched to the questions: Markdown, plain text, Word, or the bot's own JSON."""

from collections.abc import Iterable, Mapping
from pathlib import PurePath

from pydantic import ValidationError

from bot.imports.markdown import outline_of_markdown
from bot.imports.trouble import UnreadableError
from bot.imports.word import outline_of_word
from flows.known.matching import Match, matched
from flows.known.outline import Outline
from flows.known.reading_back import known_of, left_of
from flows.playbook import Playbook
from flows.taking_over.portable import read_portable

MOST_BYTES = 5_000_000
"""A longer file is kept, and not read."""
_MOST_TEXT = 400_000
_MOST_LEFT = 20_000
_TEXTS = frozenset({".md", ".markdown", ".txt", ".text"})
_WORD, _JSON = ".docx", ".json"


def is_readable(name: str) -> bool:
    """Whether a file's name promises something that can be read."""
    return _suffix(name) in {*_TEXTS, _WORD, _JSON}


def read_content(
    name: str,
    content: bytes,
    playbook: Playbook,
    asked: Iterable[str],
    people: Mapping[str, str],
) -> Match:
    """What a file says to the questions. `people` are Slack ids by name.

    Raises UnreadableError with a code in the words of `bot.views.errors`.
    """
    if _suffix(name) == _JSON and len(content) <= MOST_BYTES and content.strip():
        found = _own(content, playbook)
    else:
        found = matched(outline_of(name, content), playbook, asked, people)
    return found.model_copy(update={"left": found.left[:_MOST_LEFT]})


def outline_of(name: str, content: bytes) -> Outline:
    """A text or a Word document as its pieces. Raises UnreadableError as `read_content` does."""
    if len(content) > MOST_BYTES:
        raise UnreadableError("file_too_large")
    if not content.strip():
        raise UnreadableError("file_empty")
    match _suffix(name):
        case ".docx":
            return outline_of_word(content)
        case suffix if suffix in _TEXTS:
            return _outline(_decoded(content))
        case _:
            raise UnreadableError("file_kind")


def read_text(
    text: str, playbook: Playbook, asked: Iterable[str], people: Mapping[str, str]
) -> Match:
    """What a text says to the questions. Raises UnreadableError where it is far too long."""
    return matched(_outline(text), playbook, asked, people)


def _outline(text: str) -> Outline:
    if len(text) > _MOST_TEXT:
        raise UnreadableError("file_too_large")
    return outline_of_markdown(text)


def _own(content: bytes, playbook: Playbook) -> Match:
    """The bot's own file. Files that it names stay where they are: their ids prove nothing here."""
    try:
        brief = read_portable(_decoded(content))
    except ValidationError as error:
        raise UnreadableError("not_our_json") from error
    found = {
        key: known.model_copy(update={"files": ()})
        for key, known in known_of(brief, playbook).items()
    }
    return Match(found=found, left=left_of(brief))


def _decoded(content: bytes) -> str:
    """The text; with a mark at its beginning also in UTF-16."""
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError("file_encoding") from error
    if "\x00" in text:
        raise UnreadableError("file_encoding")
    return text


def _suffix(name: str) -> str:
    return PurePath(name).suffix.casefold()
