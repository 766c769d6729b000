"""The text of a rejected record without what may name a person.

A rejected record is kept for its reader to find and mend it. Its line and its reason do that; of
its text, the values of personal columns are masked. Where a record is broken nobody can tell which
value stands in which column: only what is unmistakably no personal data is left.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from claimstats.loaders.detect import Detected
from claimstats.loaders.text import Record

MASK = "***"

CELLS_APART = "\t"
"""Between values of a record that comes from no delimited text."""

CURRENCIES = (
    "AED|AUD|BRL|CAD|CHF|CNY|CZK|DKK|EGP|EUR|GBP|HKD|HUF|IDR|INR|JPY|KRW|MXN|MYR|NOK|NZD|PHP|PLN|"
    "RON|SAR|SEK|SGD|THB|TRY|TWD|USD|VND|ZAR"
)
"""Of the marketplaces; three capitals alone may be a name."""

DAY = r"(?:199[5-9]|20\d\d)-\d\d-\d\d|\d{1,2}-[A-Z][a-z]{2}-(?:199[5-9]|20\d\d)"
TIME = r"[T ]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)? ?(?:Z|UTC|[+-]\d\d:?\d\d)?"
AMOUNT = r"[+-]?\d{1,3}(?:[,. ]?\d{3})*[.,]\d\d"
AMAZON_ORDER, AMAZON_CLAIM = r"\d{3}-\d{7}-\d{7}", r"\d{5}-\d{5}-\d{7}"
"""Their 17 digits are more than a telephone number can have (15, ITU-T E.164)."""
STRIPE_ID = r"(?:dp|du|ch|py|pi|re|txn|evt)_\w{14,}"
TRUTH = r"[Tt]rue|TRUE|[Ff]alse|FALSE|[Yy]es|YES|[Nn]o|NO|Y|N"

HARMLESS = re.compile(
    rf"(?:(?:{DAY})(?:{TIME})?|{AMOUNT}|{AMAZON_ORDER}|{AMAZON_CLAIM}|{STRIPE_ID}|{CURRENCIES}|"
    rf"{TRUTH})?"
)
"""What no person's name, address or number looks like. Whole numbers are not among it, for a house
number, a postal code and a telephone number are such."""


@dataclass(frozen=True)
class Redaction:
    """How records of one file are masked.

    Parameters
    ----------
    delimiter
        The file's column separator.
    places
        The places of the columns whose values are masked; where there is none, nothing is.
    """

    delimiter: str
    places: frozenset[int]

    @classmethod
    def of(cls, detected: Detected, keep_pii: bool) -> Redaction:
        """The redaction for a file; none where personal data is to be kept."""
        places = () if keep_pii else detected.personal_places
        return cls(detected.dialect.delimiter or CELLS_APART, frozenset(places))

    def text_of(self, record: Record) -> str:
        """The record's text with its personal values masked."""
        if not self.places:
            return record.raw
        return self._whole(record) if record.values else self._broken(record.raw)

    def _whole(self, record: Record) -> str:
        fields = self._fields(record)
        if len(fields) != len(record.values):
            fields = [self._quoted(value) for value in record.values]
        masked = (
            MASK if place in self.places and value.strip() else field
            for place, (field, value) in enumerate(zip(fields, record.values, strict=True))
        )
        return self.delimiter.join(masked)

    def _fields(self, record: Record) -> list[str]:
        """The fields as they stand in the file, with their quotes; none where it does not show."""
        plain = record.raw.split(self.delimiter)
        if '"' not in record.raw or plain == record.values:
            return plain
        sign = re.escape(self.delimiter)
        quoted = re.findall(rf'(?:^|(?<={sign}))("(?:[^"]|"")*"|[^{sign}]*)', record.raw)
        return quoted if self.delimiter.join(quoted) == record.raw else []

    def _quoted(self, value: str) -> str:
        is_plain = not re.search(rf'["\r\n{re.escape(self.delimiter)}]', value)
        return value if is_plain else '"' + value.replace('"', '""') + '"'

    def _broken(self, raw: str) -> str:
        parts = re.split(rf"({re.escape(self.delimiter)}|[\r\n]+)", raw)
        masked = [part if k % 2 else _masked_unless_harmless(part) for k, part in enumerate(parts)]
        return "".join(masked)


def _masked_unless_harmless(part: str) -> str:
    return part if HARMLESS.fullmatch(part.strip().strip('"')) else MASK
