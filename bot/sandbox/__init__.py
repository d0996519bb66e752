"""A strict pocket Slack for the demo and the tests."""

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
