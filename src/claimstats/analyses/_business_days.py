"""Working days between two days, by the public holidays of a marketplace's country."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from claimstats.errors import MissingExtra, ParameterError

BY_MARKETPLACE = "marketplace"
WEEKENDS = "weekends"

SATURDAY = 5


def business_days(name: str, spans: Sequence[Mapping[str, Any]], calendar: str) -> list[int]:
    """Working days after the first day of each span, up to and with its last.

    Parameters
    ----------
    name
        The analysis that asks, for the message of an error.
    spans
        Rows with ``began_on``, ``over_on``, ``marketplace`` and ``n_steps``.
    calendar
        ``marketplace`` for the holidays of each row's own country, a country's code (ISO 3166) for
        those of one country, or ``weekends`` for Monday to Friday without holidays.

    Raises
    ------
    MissingExtra
        Holidays are needed, and the library ``holidays`` is not installed.
    ParameterError
        The library does not know a country, or a row has none.

    Examples
    --------
    From a Friday to the Monday after it:

    >>> days = {"began_on": date(2026, 6, 5), "over_on": date(2026, 6, 8)}
    >>> business_days("stage_times", [days], "weekends")
    [1]
    """
    if not spans:
        return []
    first = min(span["began_on"] for span in spans)
    last = max(span["over_on"] for span in spans)
    days = [first + timedelta(days=k) for k in range((last - first).days + 1)]
    worked = _worked(name, spans, calendar, days)
    return [
        counts[(span["over_on"] - first).days] - counts[(span["began_on"] - first).days]
        for span in spans
        for counts in (worked[_country(span, calendar)],)
    ]


def _country(span: Mapping[str, Any], calendar: str) -> str | None:
    if calendar == WEEKENDS:
        return None
    return span["marketplace"] if calendar == BY_MARKETPLACE else calendar


def _worked(
    name: str, spans: Sequence[Mapping[str, Any]], calendar: str, days: Sequence[date]
) -> dict[str | None, list[int]]:
    """Per country, how many of `days` were worked up to each."""
    if calendar == WEEKENDS:
        return {None: list(accumulate(day.weekday() < SATURDAY for day in days))}
    try:
        import holidays
    except ImportError as error:
        raise MissingExtra(f"{name} in business days", "holidays", "holidays") from error
    known = set(holidays.list_supported_countries())
    countries = {_country(span, calendar) for span in spans}
    if strange := countries - known:
        raise ParameterError(_refusal(name, spans, calendar, strange))
    return {
        country: list(accumulate(map(holidays.country_holidays(str(country)).is_working_day, days)))
        for country in countries
    }


def _refusal(
    name: str, spans: Sequence[Mapping[str, Any]], calendar: str, strange: set[str | None]
) -> str:
    counted = {
        country: sum(s["n_steps"] for s in spans if _country(s, calendar) == country)
        for country in strange
    }
    found = ", ".join(
        f"{'none' if country is None else repr(country)} ({n:,})"
        for country, n in sorted(counted.items(), key=lambda item: str(item[0]))
    )
    return (
        f"{name} has no public holidays for the marketplace of some steps: {found}. Give one "
        f"country's code for all, such as calendar='US', or calendar={WEEKENDS!r} for Monday to "
        "Friday alone."
    )
