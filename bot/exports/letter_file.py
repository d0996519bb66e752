"""A letter to the customer as a draft in a person's own mail program: a file, or a link.

The bot sends nothing to a customer (G32). Subject and body are what the customer is to read, in
plain text; who writes it down here adds nothing of ours to it.
"""

from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import NamedTuple
from urllib.parse import quote

from bot.exports.files import Export, slug
from flows.customer.coverage import is_email

MOST_LINK = 1800
"""The longest link that every browser and mail program takes whole."""
_IN_ADDRESS = "!$'*-._~"
"""What may stay as it is in the address of a link, beside letters and digits (RFC 6068)."""


class Mailbox(NamedTuple):
    """Somebody who writes or is written to, in plain text; the address may not be known."""

    name: str
    email: str = ""


def letter_file(
    account: str, subject: str, body: str, sender: Mailbox, to: Sequence[Mailbox]
) -> Export:
    """The letter as an .eml file that mail programs open as a draft; always the same bytes.

    Who has no address that every mail program takes is left out: whoever sends it adds them. There
    is no date and no message id: both come with the sending.
    """
    message = EmailMessage(policy=SMTP)
    if is_email(sender.email):
        message["From"] = _address(sender)
    if known := [_address(one) for one in to if is_email(one.email)]:
        message["To"] = known
    message["Subject"] = _line(subject)
    message["X-Unsent"] = "1"
    message.set_content("\n".join(body.splitlines()) + "\n", cte="quoted-printable")
    title = f"{_line(account)}: letter to the customer, to open in your mail program"
    return Export(f"{slug(account)}-letter.eml", title, message.as_bytes())


def mailto(subject: str, body: str, to: Sequence[Mailbox]) -> str:
    """The letter as a mailto: link (RFC 6068); nothing where it is too long for one."""
    known = ",".join(_quoted(one.email) for one in to if is_email(one.email))
    lines = quote("\r\n".join(body.splitlines()), safe="")
    link = f"mailto:{known}?subject={quote(_line(subject), safe='')}&body={lines}"
    return link if len(link) <= MOST_LINK else ""


def _quoted(email: str) -> str:
    local, _, domain = email.rpartition("@")
    return f"{quote(local, safe=_IN_ADDRESS)}@{domain}"


def _address(one: Mailbox) -> Address:
    return Address(display_name=_line(one.name), addr_spec=one.email)


def _line(text: str) -> str:
    """A text on one line, with nothing in it that ends a header."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
