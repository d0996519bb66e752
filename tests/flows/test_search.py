"""What a question finds, and what it does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.taking_over.search import MOST, Searchable, search, words

TEXTS = {
    "health": ("How healthy is the account?", "Amber. The export bug has cost us trust since May."),
    "who": ("Who are they?", "Private clinics, 40 sites in Málaga &amp; Łódź. Sold by Boris."),
    "tech": ("What was set up?", "Migrated from <https://dentrix.example|Dentrix>, SSO with Okta"),
    "money": ("What is the plan for the renewal?", "Budget is with the CFO, <@U1>; 48k"),
    "promise": ("What was promised?", "Nothing in writing. 契約は三月に更新"),
}


def found(question: str, **texts: tuple[str, str]) -> list[str]:
    known = texts or TEXTS
    asked = [Searchable(key=k, section="", title=t, text=x) for k, (t, x) in known.items()]
    return [one.key for one in search(asked, question, _name, without="Northwind")]


def _name(user: str) -> str:
    return {"U1": "Ana López"}.get(user, "somebody")


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("Who is the CFO?", "money"),
        ("cfo", "money"),
        ("when is the renewal", "money"),
        ("renewing?", "money"),
        ("Exports: any bugs?", "health"),
        ("exp", "health"),
        ("What does Northwind use for SSO?", "tech"),
        ("DENTRIX", "tech"),
        ("malaga", "who"),
        ("lodz office", "who"),
        ("has Ana Lopez a budget", "money"),
        ("更新は", "promise"),
        ("clinic", "who"),
    ],
)
def test_a_question_finds_what_answers_it(question: str, best: str) -> None:
    assert found(question)[0] == best


@pytest.mark.parametrize(
    "question",
    ["", "?", "Northwind", "What is this about?", "Which invoicing language do they speak?", "it"],
)
def test_what_the_texts_do_not_tell_is_not_found(question: str) -> None:
    assert found(question) == []


@pytest.mark.parametrize(
    "question", ['"', "a OR b", "bug NOT export", "renew* AND (", "'; --", "*", ":x", "a & !b", "%"]
)
def test_a_question_is_words_and_never_a_query(question: str) -> None:
    assert found(question) in ([], ["health"], ["money"], ["health", "money"])
    assert "health" in found("export NOT bug")


def test_the_very_word_comes_before_a_similar_one_and_that_before_a_heading() -> None:
    told = {"head": ("Risks?", "All calm"), "like": ("", "A risky plan"), "text": ("", "One risk")}
    assert found("risk", **told) == ["text", "like", "head"]


def test_a_rare_word_weighs_more_than_a_frequent_one() -> None:
    told = {f"n{number}": ("", f"meeting number {number}") for number in range(9)}
    assert found("meeting budget", **told, rare=("", "budget")) == ["rare"]
    assert len(found("meeting", **told)) == MOST


@given(st.text(), st.text(), st.text())
def test_any_text_can_be_searched_with_any_question(title: str, text: str, question: str) -> None:
    searched = [Searchable(key="k", section="", title=title, text=text)]
    assert len(search(searched, question, _name)) <= 1
    assert all(word == word.strip() and word for word in words(text, _name))
