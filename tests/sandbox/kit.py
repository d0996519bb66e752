"""Pieces of Block Kit that several tests need."""

from typing import Any

JSON = dict[str, Any]


def plain(text: str) -> JSON:
    return {"type": "plain_text", "text": text}


def option(text: str) -> JSON:
    return {"text": plain(text), "value": text.lower()}
