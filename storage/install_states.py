"""What stands between a person's leave on Slack's page and its end here: used once, for a while.

Only hashes are stored: whoever reads the table can finish nobody's installation.
"""

import hashlib

from sqlalchemy import Connection, bindparam, delete, insert, select

from storage.tables import install_states

_USE = delete(install_states).where(
    install_states.c.state == bindparam("s"),
    install_states.c.browser == bindparam("b"),
    install_states.c.expires_at > bindparam("now"),
)
_FORGET = delete(install_states).where(install_states.c.expires_at <= bindparam("now"))
MOST = 10_000
"""So many may be on Slack's page at once; of more, the oldest have to begin once more."""
_TOO_MANY = delete(install_states).where(
    install_states.c.expires_at
    <= select(install_states.c.expires_at)
    .order_by(install_states.c.expires_at.desc())
    .offset(bindparam("most"))
    .limit(1)
    .scalar_subquery()
)


def begin(
    connection: Connection, state: str, browser: str, expires_at: int, most: int = MOST
) -> None:
    """Note that a browser was sent to Slack with a state; no more than `most` are kept.

    Anybody can ask for the page that begins this, as often as they like.
    """
    row = {"state": _hash(state), "browser": _hash(browser), "expires_at": expires_at}
    connection.execute(insert(install_states).values(row))
    connection.execute(_TOO_MANY, {"most": most})


def use(connection: Connection, state: str, browser: str, now: int) -> bool:
    """Whether this browser was sent with this state, a while ago at most, and comes back first."""
    key = {"s": _hash(state), "b": _hash(browser), "now": now}
    return connection.execute(_USE, key).rowcount == 1


def forget(connection: Connection, now: int) -> int:
    """Delete what nobody came back with in time."""
    return connection.execute(_FORGET, {"now": now}).rowcount


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
