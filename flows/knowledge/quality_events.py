"""What can happen to how good an answer is: how sure, how fresh, and who else is asked for it."""

from datetime import date
from typing import Literal

from pydantic import Field

from flows.frozen import ShortText
from flows.happened import Happened
from flows.terms import How, Sureness


class SurenessGiven(Happened):
    """An author said how sure an answer is (N10)."""

    type: Literal["sureness_given"] = "sureness_given"
    question: str
    sureness: Sureness


class AsOfGiven(Happened):
    """An author said on which day a number was true."""

    type: Literal["as_of_given"] = "as_of_given"
    question: str
    part: str
    day: date


class SomebodyAsked(Happened):
    """Somebody else is asked for an answer: `to` by their Slack id, or `whom` outside Slack.

    `due` is a calendar day.
    """

    type: Literal["somebody_asked"] = "somebody_asked"
    id: str
    question: str
    text: str = Field(min_length=1)
    to: str = ""
    whom: str = Field(default="", max_length=200)
    due: date


class AnswerRecorded(Happened):
    """Whoever asked wrote down what they were told: by whom, on which calendar day, and how."""

    type: Literal["answer_recorded"] = "answer_recorded"
    ask: str
    text: str = Field(min_length=1)
    who: ShortText
    on: date
    how: How
