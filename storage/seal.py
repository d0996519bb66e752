"""Secrets at rest: sealed with the newest of the operator's keys, opened with any of them."""

import hashlib
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class SealError(Exception):
    """None of the keys opens what was sealed."""


class Seal:
    """Seals texts of any length. `keys` are Fernet keys, the newest first. Raises ValueError.

    `name` tells which key seals, and nothing about it.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])
        self.name = hashlib.sha256(keys[0].encode()).hexdigest()[:16]

    def close(self, secret: str) -> str:
        """The secret as it may be stored; never twice the same."""
        return self._fernet.encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str:
        """What was sealed. Raises SealError."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken:
            raise SealError from None
