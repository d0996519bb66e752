"""What the leaders hear when somebody joins them."""

from bot.views.blocks import Message, section
from bot.views.people import person
from bot.views.slack_text import Names


def leader_added(added: str, by: str, reader: str, names: Names) -> Message:
    """Who may lead handovers from now on, and who decided so; nothing opens by itself."""
    if reader == added:
        words = (
            f"{person(by, names)} added you to the leaders: you can be named on new handovers. "
            "Those that exist already stay with the people on them. I write to you when one needs "
            "you."
        )
        return Message(words, [section(words)])
    who = person(added, names)
    words = (
        f"{person(by, names)} added {who} to the leaders. {who} can be named on new handovers, "
        "and sees none of those that exist already."
    )
    return Message(words, [section(words)])
