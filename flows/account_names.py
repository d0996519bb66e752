"""When two names of accounts are the same one."""

import unicodedata


def account_key(account: str) -> str:
    """An account's name as it is compared: in NFKC, so that neither case and blanks matter, nor
    how its letters were typed (wide, or as a letter and an accent).
    """
    return " ".join(unicodedata.normalize("NFKC", account).casefold().split())[:200]
