"""A letter as a draft for a mail program: read back, it says what was written and nothing else."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.exports.letter_file import MOST_LINK, Mailbox, letter_file, mailto
from flows.customer.coverage import EMAIL

OLGA = Mailbox('Olga "O" Costa, Dr.', "olga@us.example")
ANA = Mailbox("Ana Sílva", "ana.silva+cs@northwind.example")
BEN = Mailbox("Ben Roth")
BODY = "Hallo Ana,\n\nwir ändern etwas – 你好.\nFrom now on it is Ivan.\n.\nOlga"

texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp")), max_size=300)
addresses = st.from_regex(EMAIL, fullmatch=True).filter(lambda email: len(email) < 100)


def read(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=default)
    assert not message.defects
    assert not any(getattr(value, "defects", ()) for _name, value in message.items())
    return message


def written(subject: str, body: str, *to: Mailbox, sender: Mailbox = OLGA) -> bytes:
    return letter_file("Northwind", subject, body, sender, to).content


def test_it_opens_as_a_draft_to_those_whose_address_is_known() -> None:
    file = letter_file("North & Wind", "Grüße", BODY, OLGA, [ANA, BEN])
    assert file.name == "north-wind-letter.eml"
    message = read(file.content)
    assert message["X-Unsent"] == "1"
    assert message["Subject"] == "Grüße"
    assert [a.display_name for a in message["From"].addresses] == [OLGA.name]
    assert [(a.display_name, a.addr_spec) for a in message["To"].addresses] == [
        (ANA.name, ANA.email)
    ]
    assert message.get_content().replace("\r\n", "\n") == f"{BODY}\n"
    assert message.get_content_type() == "text/plain"
    assert message.get_content_charset() == "utf-8"


def test_there_is_nothing_of_ours_in_it_and_it_is_always_the_same() -> None:
    content = written("Hello", BODY, ANA)
    assert content == written("Hello", BODY, ANA)
    assert set(read(content).keys()) == {
        *("From", "To", "Subject", "X-Unsent"),
        *("MIME-Version", "Content-Type", "Content-Transfer-Encoding"),
    }
    assert content.isascii()
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(len(line) for line in content.split(b"\r\n")) <= 78


def test_without_an_address_it_is_a_draft_all_the_same() -> None:
    message = read(written("Hello", BODY, BEN, sender=Mailbox("Olga")))
    assert message["From"] is None
    assert message["To"] is None
    assert message["Subject"] == "Hello"


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\u2028", "\x85"])
def test_no_line_becomes_a_header(end: str) -> None:
    evil = f"Hello{end}Bcc: all@x.example"
    message = read(written(evil, BODY, Mailbox(f"Ana{end}Bcc: me@x.example", ANA.email)))
    assert message["Bcc"] is None
    assert message["Subject"] == "Hello Bcc: all@x.example"
    assert [a.addr_spec for a in message["To"].addresses] == [ANA.email]
    wrong = ("ana@x.example\nBcc: b@x.example", "ana", "a..b@x.example", "<ana@x.example>", "ä@x.y")
    for email in wrong:
        assert read(written("Hello", BODY, Mailbox("Ana", email)))["To"] is None


@settings(max_examples=40)
@given(texts, st.lists(texts, max_size=6), texts, addresses)
def test_whatever_is_written_is_read_back(
    subject: str, lines: list[str], name: str, email: str
) -> None:
    message = read(written(subject, "\n".join(lines), Mailbox(name, email)))
    assert " ".join(message["Subject"].split()) == " ".join(
        "".join(c if c.isprintable() else " " for c in subject).split()
    )
    read_back = message.get_content().replace("\r\n", "\n")
    assert read_back == "\n".join("\n".join(lines).splitlines()) + "\n"
    assert [a.addr_spec for a in message["To"].addresses] == [email]


@settings(max_examples=40)
@given(texts, st.lists(texts, max_size=6), st.lists(addresses, max_size=3))
def test_a_link_says_the_same(subject: str, lines: list[str], emails: list[str]) -> None:
    body = "\n".join(lines)
    link = mailto(subject, body, [Mailbox("", email) for email in emails])
    if not link:
        return
    assert len(link) <= MOST_LINK
    assert link.isascii()
    parts = urlsplit(link)
    assert parts.scheme == "mailto"
    assert [unquote(one) for one in parts.path.split(",") if one] == emails
    found = parse_qs(parts.query, keep_blank_values=True, strict_parsing=True)
    assert set(found) == {"subject", "body"}
    assert found["body"] == ["\r\n".join(body.splitlines())]
    assert "+" not in link


def test_a_link_is_encoded_as_the_rule_asks() -> None:
    ben = Mailbox("Ben", "ben&co@x.example")
    assert mailto("A & b?", "x=1\n\ny+2 ä", [ANA, BEN, ben]) == (
        "mailto:ana.silva%2Bcs@northwind.example,ben%26co@x.example?subject=A%20%26%20b%3F"
        "&body=x%3D1%0D%0A%0D%0Ay%2B2%20%C3%A4"
    )


def test_what_is_too_long_for_a_link_has_none() -> None:
    room = MOST_LINK - len(mailto("", "", [ANA]))
    assert len(mailto("", "x" * room, [ANA])) == MOST_LINK
    assert mailto("", "x" * (room + 1), [ANA]) == ""
    assert mailto("", "ä" * room, [ANA]) == ""
