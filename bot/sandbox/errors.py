"""What can go wrong in the pocket Slack: on the bot's side, and on a person's screen."""


class SlackError(Exception):
    """Slack refuses a request of the bot: `code` goes into the answer's `error`.

    `ordinary` marks what the bot could not have known (somebody deleted the message meanwhile);
    anything else is a broken rule and is recorded as a violation under the name `rule`.
    """

    def __init__(
        self, code: str, detail: str = "", *, rule: str = "", ordinary: bool = False
    ) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.rule = rule or code
        self.ordinary = ordinary
        self.extra: dict[str, str] = {}


class SandboxError(Exception):
    """Something a person tried did not work; the text says what was on the screen instead."""


class Rejected(SandboxError):  # noqa: N818 - named for what the person experiences
    """The bot did not answer a command or click with 200 in time.

    `code` is what Slack's client would show the person: `operation_timeout` or
    `dispatch_failed`.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code


class NothingThere(SandboxError):  # noqa: N818 - as above
    """No message, modal, field, button or option with these words is on the person's screen."""


class CannotSubmit(SandboxError):  # noqa: N818 - as above
    """Slack's own client keeps the modal from being sent: a required field is empty or too long."""
