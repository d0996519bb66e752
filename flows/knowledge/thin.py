"""Answers that say too little: each gets one follow-up, and is then kept whatever comes (A4, N11).

The rules look at words only. What nobody should be pressed about is never judged: an explicit none
or "I don't know", offered questions, lists, and whatever is sensitive.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from html import unescape

from flows.events import (
    AddingDone,
    AnswerKept,
    ChangeWished,
    Event,
    PutOff,
    SteppedBack,
)
from flows.handover import Answer, Handover, Verdict
from flows.knowledge.interview import is_answered, questions
from flows.knowledge.turns import interview_of, moved
from flows.playbook import Playbook, Question
from flows.privacy import is_sensitive
from flows.terms import FollowUp, Need, RecordKind


class Thin(StrEnum):
    """What an answer lacks."""

    EMPTY = "empty"
    LINK = "link"
    ELSEWHERE = "elsewhere"
    COPY = "copy"
    SHORT = "short"


_LINK = re.compile(
    r"<(?:https?:|#C)[^>]*>|\bhttps?://\S+|\bwww\.\S+|\b[\w-]+\.(?:com|io|net|org|app|dev)/\S+",
    re.IGNORECASE,
)
_MARKUP = re.compile(r":[a-z0-9_+-]+:|[*_~`>]+")
_MENTION = re.compile(r"<(?:@|mailto:)[^>]*>")
_LINKED = "\ufffc"
"""Stands where a link stood."""
_SENTENCE = re.compile(r"[.!?;\n]+")
_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Scripts that put no blanks between words: a sign counts as a word."""
_DEFAULT = 2
_LONG = 6
_ENOUGH = 1000
_POINTS = 12
_OF_TEXT = 4
_OF_HELP = 7
_SYSTEM = (
    r"(?:sales\s?force|sfdc|(?:the )?crm|hub\s?spot|gain\s?sight|notion|confluence|zendesk|jira|"
    r"g(?:oogle )?drive|share\s?point|slack|the (?:notes?|docs?|wiki|ticket|deck|folder|system)s?)"
)
_ELSEWHERE = re.compile(
    r"^(?:just |please |pls |you can |better )*(?:"
    r"(?:ask|call|ping|dm|message|contact) me\b|"
    r"let'?s (?:talk|chat|discuss|call)\b|"
    r"(?:i'?ll|i will|i can|will) (?:tell|explain|show|send|add|do|fill|write)\b.*"
    r"\b(?:you|later|it|this|that|soon)\b|"
    r"(?:see|as|same as|read|look|like)(?: it| them| is| are)? "
    r"(?:above|below|before|previous|prior)|"
    r"(?:ditto|idem|tbd|tba|tbc|todo|to do|to be (?:done|defined|added|confirmed))\b|"
    r"(?:see|check|look|read|find)(?: it| them| up| all)*(?: in| on| at)?"
    rf" (?:our |my )?{_SYSTEM}\b|"
    r"(?:it|it'?s|its|all|everything|most|that'?s|they'?re|info|details?|notes?|documented|already)"
    r"(?: is| are| of it| you need| all| already| documented| written| noted| there| kept)*"
    rf" (?:in|on|at) (?:our |my )?{_SYSTEM}\b|"
    rf"(?:in |on )?(?:our |my )?{_SYSTEM}$)",
    re.IGNORECASE,
)
_NONE = (
    "no|none|nope|nothing|never|n/a|na|unknown|no idea|not sure|not that i know|i don't know|"
    "none that i know of|don't know|dont know|dunno|nobody|no one|nein|keine|keiner|nichts|"
    "keine ahnung|weiß nicht|weiss nicht|non|rien|aucun|aucune|je ne sais pas|nada|ninguno|"
    "ninguna|no sé|no lo sé|não|nenhum|não sei|niente|nessuno|non so|нет|ничего|не знаю|nee|"
    "geen|niets|nej|inga|なし|无|沒有|没有"
)
_NOTHING = frozenset(_NONE.split("|"))
"""Explicit answers of their own, in the languages met most: "'None' is a good answer"."""


def thinness(question: Question, text: str) -> Thin | None:
    """What a text as Slack stored it lacks as an answer to a question; none if it will do."""
    if len(text) > _ENOUGH:
        return None
    plain = _MARKUP.sub(" ", _LINK.sub(f" {_LINKED} ", unescape(text))).strip()
    linked, words = _LINKED in plain, _words(plain)
    if _MENTION.search(plain) or _is_nothing(plain) or (linked and question.link_is_enough):
        return None
    if not words:
        return Thin.LINK if linked else Thin.EMPTY
    if _is_copy(question, words):
        return Thin.COPY
    left = [piece for piece in _SENTENCE.split(plain) if not _points_elsewhere(piece)]
    said = _words(" ".join(left))
    if said and not _is_short(question, said):
        return None
    if said != words:
        return Thin.ELSEWHERE
    return Thin.LINK if linked else Thin.SHORT


def thin(handover: Handover, playbook: Playbook, question: Question) -> Thin | None:
    """What the answer that stands lacks; none also where it is never judged."""
    answer = handover.answers.get(question.id)
    if answer is None or not _is_judged(handover, playbook, question, answer):
        return None
    return thinness(question, "\n".join(said.text for said in answer.said))


def is_followed_up(handover: Handover, question: str) -> bool:
    """Whether one more detail is being asked for."""
    return handover.follow_ups.get(question) is FollowUp.OPEN


def short_answers(handover: Handover, playbook: Playbook) -> tuple[str, ...]:
    """The questions whose answers stayed short after their follow-up."""
    asked = (playbook.by_id[key] for key in handover.follow_ups)
    return tuple(q.id for q in asked if stayed_short(handover, playbook, q))


def stayed_short(handover: Handover, playbook: Playbook, question: Question) -> bool:
    """Whether an answer is thin still, after one more detail was asked for."""
    settled = handover.follow_ups.get(question.id) is FollowUp.DONE
    return settled and thin(handover, playbook, question) is not None


def followed_up(before: Handover, after: Handover, event: Event, playbook: Playbook) -> Handover:
    """Ask once for one more detail where an answer became thin; any act after that settles it.

    Whoever wrote it gets the question again, below what they wrote.
    """
    for key in _concerned(before, after, event):
        state = after.follow_ups.get(key)
        if state is FollowUp.OPEN:
            after = _marked(after, key, FollowUp.DONE)
        elif state is None and _asks_more(after, playbook, playbook.by_id[key]):
            after = _put_below(_marked(after, key, FollowUp.OPEN), event.by, key)
    return after


def _concerned(before: Handover, after: Handover, event: Event) -> Iterator[str]:
    """The questions that an event said something about."""
    keys = [
        key
        for key in after.answers
        if before.answers.get(key) is not after.answers[key]
        and before.answers.get(key) != after.answers[key]
    ]
    keys += [key for key in before.answers if key not in after.answers]
    if isinstance(event, PutOff | SteppedBack | AnswerKept | ChangeWished | AddingDone):
        keys.append(event.question)
    yield from dict.fromkeys(keys)


def _asks_more(handover: Handover, playbook: Playbook, question: Question) -> bool:
    """Whether an answer that would do otherwise is to say a little more."""
    return is_answered(handover, question) and thin(handover, playbook, question) is not None


def _is_judged(handover: Handover, playbook: Playbook, question: Question, answer: Answer) -> bool:
    if answer.verdict is not Verdict.GIVEN or not answer.said or not question.text_needed:
        return False
    if is_sensitive(question, answer) or RecordKind.DOCUMENT in question.records:
        return False
    if any(said.files for said in answer.said) or not question.least:
        return False
    if any(record.question == question.id for record in handover.records):
        return False
    if any(ask.fills and ask.about == question.id for ask in handover.asks):
        return False
    return question in questions(handover, playbook, question.asked_of, Need.REQUIRED)


def _marked(handover: Handover, question: str, state: FollowUp) -> Handover:
    return handover.model_copy(update={"follow_ups": handover.follow_ups | {question: state}})


def _put_below(handover: Handover, user: str, question: str) -> Handover:
    interview = interview_of(handover, user)
    if interview.current != question:
        return handover
    return moved(handover, user, asked=(*interview.asked, question))


def _words(text: str) -> list[str]:
    """The words of a text, folded; a sign of a script without blanks is a word."""
    found = list(map(str.casefold, _WORD.findall(text)))
    if text.isascii():
        return found
    return [piece for word in found for piece in (_UNSPACED.findall(word) or [word])]


def _is_nothing(text: str) -> bool:
    said = text.casefold().replace("\u2019", "'").strip(" .!,-\t\n")
    return said in _NOTHING


def _is_copy(question: Question, words: list[str]) -> bool:
    """Whether the words stand in the question, or most of them in its help, in just this order.

    A few words of the help may well be the truth: it says what a good answer looks like.
    """
    said = f" {' '.join(words)} "
    return any(
        len(words) >= few and said in f" {' '.join(_words(asked))} "
        for asked, few in ((question.text, _OF_TEXT), (question.help, _OF_HELP))
    )


def _points_elsewhere(sentence: str) -> bool:
    words = _words(sentence)
    plain = " ".join(sentence.replace("\u2019", "'").split()).strip(f" ,-:(){_LINKED}")
    if not words or len(words) > _POINTS or any(map(str.isdigit, plain)):
        return False
    return _ELSEWHERE.search(plain) is not None


def _is_short(question: Question, words: list[str]) -> bool:
    if any(map(str.isdigit, "".join(words))):
        return False
    one_long = len(words) == 1 and len(words[0]) >= _LONG and question.least <= _DEFAULT
    return len(words) < question.least and not one_long
