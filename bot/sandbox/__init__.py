"""A strict pocket Slack for the demo and the tests.

    with Sandbox(manifest=…, bot_token=…, app_token=…, signing_secret=…) as slack:
        olga = slack.person("Olga Costa")
        slack.connect_http(url_of_the_bot)  # or let the bot dial in over Socket Mode
        olga.types("/handover start Northwind")
        olga.modal().choose("Segment", "SMB")
        olga.dm().wait("Northwind").click("None")
        slack.assert_clean()

People act by the words on their screens; the bot is checked against Slack's rules on every call.
"""

from bot.sandbox.conversation import Conversation
from bot.sandbox.errors import CannotSubmit, NothingThere, Rejected, SandboxError
from bot.sandbox.home import HomeScreen
from bot.sandbox.interactions import Reply
from bot.sandbox.journal import Call, Delivery, Happening, Violation
from bot.sandbox.message import Message
from bot.sandbox.modal import ModalScreen, SubmitResult
from bot.sandbox.person import Person
from bot.sandbox.sandbox import Sandbox

__all__ = [
    "Call",
    "CannotSubmit",
    "Conversation",
    "Delivery",
    "Happening",
    "HomeScreen",
    "Message",
    "ModalScreen",
    "NothingThere",
    "Person",
    "Rejected",
    "Reply",
    "Sandbox",
    "SandboxError",
    "SubmitResult",
    "Violation",
]
