"""A group of claims in words, as a headline, a key number or a chart's label calls it."""

from __future__ import annotations

from claimstats.analyses._grouping import SIDES
from claimstats.language import say
from claimstats.titles import title


def whose(by: str, value: str) -> str:
    """A group in so few words that "claims" can follow: its side, its title, or all claims.

    Examples
    --------
    >>> whose("direction", "seller_claims"), whose("program", "amazon_safet")
    ("seller's", 'Amazon SAFE-T')
    """
    if by == "direction" and value in SIDES:
        return say(SIDES[value])
    return title(by, value)


def claims_of(by: str, value: str) -> str:
    """The claims of a group.

    Examples
    --------
    >>> claims_of("program", "amazon_safet"), claims_of("claim", "all claims")
    ('Amazon SAFE-T claims', 'all claims')
    """
    group = whose(by, value)
    return group if by == "claim" else say("{group} claims", group=group)


def n_claims_of(by: str, value: str, n: int) -> str:
    """So many claims of a group.

    Examples
    --------
    >>> n_claims_of("program", "amazon_safet", 1200), n_claims_of("claim", "all claims", 1200)
    ('1,200 Amazon SAFE-T claims', '1,200 claims')
    """
    if by == "claim":
        return say("{n} claims", n=n)
    return say("{n} {group} claims", n=n, group=whose(by, value))
