"""What the leak check found, in words: the typist's own, and why a customer is not to read them."""

from collections.abc import Sequence

from bot.ids import Field
from bot.views import people
from bot.views.blocks import Block, context, field, text_input
from bot.views.slack_text import Names, Surface, from_form, one_line, to_form
from bot.views.state import Values, typed
from flows.texts.leaks import Leak, LeakKind

_SHOWN = 3
_QUOTE = 60
_MOST = 1000
_WHY = {
    LeakKind.REASON: "a word on why somebody goes",
    LeakKind.PRIVATE: "told in confidence",
    LeakKind.ACCOUNT: "another account",
    LeakKind.REVENUE: "what they pay us",
    LeakKind.RATING: "how we speak of them among us",
}
LET_STAND = "Or let it stand, because …"


def leak_words(leaks: Sequence[Leak], names: Names, surface: Surface = Surface.PLAIN) -> str:
    """The first few things that were found, each with what is wrong about it."""
    found = dict.fromkeys((leak.words, leak.kind) for leak in leaks)
    told = [
        f"“{one_line(words, surface, names, _QUOTE)}” ({_WHY[kind]})"
        for words, kind in list(found)[:_SHOWN]
    ]
    more = [f"{len(found) - _SHOWN} more"] if len(found) > _SHOWN else []
    return people.listed([*told, *more])


def let_stand(leaks: Sequence[Leak], why: str, names: Names) -> list[Block]:
    """What was found, and the field in which a leader says why it is harmless here."""
    words = leak_words(leaks, names, Surface.MRKDWN)
    return [
        context(f":warning: The customer would read {words}. Please put it differently."),
        field(
            Field.DESPITE,
            LET_STAND,
            text_input(to_form(why, names), multiline=True, most=_MOST),
            hint="Both CSMs read why.",
            optional=True,
        ),
    ]


def read_despite(values: Values) -> str:
    """Why a leader lets a text stand, in its stored form; empty where they were not asked."""
    return from_form(typed(values, Field.DESPITE))
