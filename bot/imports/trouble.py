"""Why a file could not be read."""


class UnreadableError(Exception):
    """`code` is one of the words of `bot.views.errors`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
