"""Amounts of money as people spell them: 250000, 250,000, 250k, €250k, 0.25m."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from flows.folding import Signs

_PLAIN_FROM = 10_000
"""A smaller number by itself is rather a count of something; it takes a currency or a scale."""
_ROUNDED = Decimal("0.02")
_SCALES = {
    "k": 1_000,
    "tsd": 1_000,
    "grand": 1_000,
    "thousand": 1_000,
    "m": 1_000_000,
    "mn": 1_000_000,
    "mio": 1_000_000,
    "mil": 1_000_000,
    "million": 1_000_000,
    "millions": 1_000_000,
}
_CURRENCY = r"[€$£¥]|eur|euros?|usd|dollars?|gbp|pounds?|chf|francs?"
_GROUPED = r"\d{1,3}(?P<mark>[ .,'’])\d{3}(?:(?P=mark)\d{3})*"
_DECIMALS = r"(?:(?!(?P=mark))[.,]\d{1,2})?"
_AMOUNT = re.compile(
    rf"(?<![\w.,])(?P<before>(?:{_CURRENCY})\s?)?"
    rf"(?P<number>(?P<grouped>{_GROUPED}){_DECIMALS}|\d+(?:[.,]\d+)?)"
    rf"(?:\s?(?P<scale>{'|'.join(sorted(_SCALES, key=len, reverse=True))})(?![a-z]))?"
    rf"(?P<after>\s?(?:{_CURRENCY})(?![a-z]))?(?!\w|[.,]\d)"
)


class Amount(NamedTuple):
    """A number that may be one of `values`; `priced` tells that a currency or a scale stands with
    it. It stands from `start` up to `end` in the typed text.
    """

    values: tuple[Decimal, ...]
    priced: bool
    start: int
    end: int

    def means(self, known: Decimal) -> bool:
        """Whether this is a known amount (> 0), exactly or rounded as far as its zeros go."""
        if not self.priced and known < _PLAIN_FROM:
            return False
        return any(
            abs(value - known) <= min(_last_place(value) / 2, known * _ROUNDED)
            for value in self.values
            if value
        )


def amounts(found: Signs) -> Iterator[Amount]:
    """Every number of a text."""
    for match in _AMOUNT.finditer(found.text):
        scale = _SCALES.get(match["scale"] or "", 1)
        values = tuple(value * scale for value in _values(match["number"], match["grouped"]))
        priced = bool(match["before"] or match["scale"] or match["after"])
        yield Amount(values, priced, *found.span(*match.span()))


def _last_place(value: Decimal) -> Decimal:
    """What one more in the last digit that is no zero would be; 10000 in 250000, at least 1."""
    exponent = value.normalize().as_tuple().exponent
    return Decimal(1).scaleb(max(int(exponent), 0))


def _values(number: str, grouped: str | None) -> Iterator[Decimal]:
    """What a number can mean: its marks part thousands, or the last one parts the decimals."""
    if grouped:
        rest = number.removeprefix(grouped)[1:]
        yield Decimal(f"{re.sub(r'[^0-9]', '', grouped)}.{rest or 0}")
    if re.fullmatch(r"\d+(?:[.,]\d+)?", number):
        yield Decimal(number.replace(",", "."))
