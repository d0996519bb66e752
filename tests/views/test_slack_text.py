"""Whatever people type stays what they typed, and nothing more."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.views.slack_text import Surface, from_form, link, links_in, one_line, render

NAMES = {"U1": "Ana <b>", "W2": "Ben"}
TYPED = st.lists(
    st.one_of(
        st.text(max_size=20),
        st.sampled_from(["<!channel>", "<@U1>", "<#C1|x>", "&lt;!here&gt;", "<!subteam^S1|@all>"]),
        st.sampled_from(
            ["<https://a.b/c|d>", "<", ">", "&", "|", "\u202e", "<<!here>>", "\n", "#"]
        ),
    ),
    max_size=12,
).map("".join)
TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp"]), max_size=60)


def name(user: str) -> str:
    return NAMES.get(user, user)


@given(TYPED)
@example("<<!channel>")
@example("<https://x|<!here>")
@example("&amp;lt;!channel>")
def test_nothing_typed_becomes_a_mention(text: str) -> None:
    shown = render(text, Surface.MRKDWN, name)
    assert not re.search(r"<[@#!]", shown)
    assert all(re.match(r"<(https?://|mailto:|tel:)", m) for m in re.findall(r"<[^>]*>?", shown))


@given(TYPED, st.integers(1, 60), st.sampled_from(Surface))
def test_a_cut_text_never_exceeds_its_limit(text: str, limit: int, surface: Surface) -> None:
    shown = render(text, surface, name, limit)
    assert len(shown) <= limit
    if surface is Surface.MRKDWN:
        assert shown.count("<") == shown.count(">")
        assert not re.search(r"&(?!amp;|lt;|gt;)", shown)


@given(TEXT)
@example("see https://a.b/c?d=1&e=2, or (https://f.g)")
def test_plain_text_comes_back_as_it_was_typed(text: str) -> None:
    assert render(from_form(text), Surface.PLAIN, name) == text
    escaped = render(from_form(text), Surface.MRKDWN, name)
    assert escaped == from_form(text)


@pytest.mark.parametrize(
    ("stored", "mrkdwn", "plain"),
    [
        ("a &amp; b &lt;c&gt;", "a &amp; b &lt;c&gt;", "a & b <c>"),
        ("<@U1> and <@W2|old>", "@Ana &lt;b&gt; and @Ben", "@Ana <b> and @Ben"),
        ("<#C9|general> <#C9>", "#general #C9", "#general #C9"),
        ("<!here> <!channel|channel>", "@\u200bhere @\u200bchannel", "@here @channel"),
        ("<!subteam^S1|@sales>", "@\u200bsales", "@sales"),
        ("<!date^1^{date}|Monday>", "Monday", "Monday"),
        ("<https://a.b/?x=1&amp;y>", "<https://a.b/?x=1&amp;y>", "https://a.b/?x=1&y"),
        ("<https://a.b|bank>", "bank (<https://a.b>)", "bank (https://a.b)"),
        ("<mailto:a@b.c|a@b.c>", "<mailto:a@b.c>", "a@b.c"),
        ("<javascript:x|y>", "&lt;javascript:x|y&gt;", "<javascript:x|y>"),
        ("a\u202eb\x00c\r\nd", "abc\nd", "abc\nd"),
    ],
)
def test_what_slack_sends_is_shown_without_a_ping(stored: str, mrkdwn: str, plain: str) -> None:
    assert render(stored, Surface.MRKDWN, name) == mrkdwn
    assert render(stored, Surface.PLAIN, name) == plain


@pytest.mark.parametrize(
    ("stored", "markdown"),
    [
        ("# head", r"\# head"),
        ("a\n---\n    code", "a\n\\---\ncode"),
        ("1. one\n- two", "1\\. one\n\\- two"),
        ("[x](y) ![i](j)", r"\[x\](y) !\[i\](j)"),
        ("&lt;script&gt; &amp;amp;", r"\<script\> \&amp;"),
        ("https://a.b www.c.d", r"https\://a.b www\.c.d"),
        ("<https://a.b/(c)|l]x>", r"[l\]x](https://a.b/%28c%29)"),
        ("well-known 3.5 a_b", r"well-known 3.5 a\_b"),
    ],
)
def test_markdown_of_ones_own_means_nothing_in_the_file(stored: str, markdown: str) -> None:
    assert render(stored, Surface.MARKDOWN, name) == markdown


def test_a_character_made_of_several_is_not_split() -> None:
    family = "👩\u200d👩\u200d👧"
    assert render(f"ab{family}", Surface.PLAIN, name, 5) == "ab…"
    assert render("ab🇩🇪cd", Surface.PLAIN, name, 4) == "ab…"


def test_a_link_is_cut_whole() -> None:
    assert render("see <https://example.com/page>", Surface.MRKDWN, name, 20) == "see…"


def test_long_texts_are_whole_or_cut_with_a_sign() -> None:
    text = "&lt;" * 10_000
    assert render(text, Surface.MRKDWN, name) == text
    shown = render(text, Surface.MRKDWN, name, 3000)
    assert len(shown) == 3000 - 3  # whole entities only
    assert shown.endswith("&lt;…")


def test_a_title_is_one_line() -> None:
    assert one_line(" a\n\nb\tc ", Surface.MRKDWN, name) == "a b c"


def test_only_web_addresses_are_links() -> None:
    assert link("https://a.b/?x&y", Surface.MRKDWN) == "<https://a.b/?x&amp;y>"
    assert link("javascript:alert(1)", Surface.MRKDWN) == "&lt;javascript:alert(1)&gt;"
    assert links_in("see https://a.b/c, and <https://d.e|x> https://a.b/c.") == (
        "https://a.b/c",
        "https://d.e",
    )


def test_an_address_typed_into_a_form_is_a_link_as_in_a_message() -> None:
    assert from_form("a<b https://a.b/?x&y.") == "a&lt;b <https://a.b/?x&amp;y>."
