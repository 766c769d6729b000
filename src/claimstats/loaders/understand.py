"""How a sheet's own words are understood: by the rules a load goes by, else by synonyms."""

from __future__ import annotations

from claimstats.book import Book
from claimstats.loaders.own_columns import Column
from claimstats.loaders.spec import Field
from claimstats.loaders.synonyms import meaning_of
from claimstats.loaders.vocabulary import CURRENCY, RATING, YES_NO, words_of

BY_SIDE = {("granted_full", "denied"): "won", ("denied", "granted_full"): "lost"}
"""What a word means that is one outcome where the seller claims, another where the buyer does."""

_RULES = {
    "program": "SELECT program FROM program_words WHERE word = plain_word($1)",
    "reason": "SELECT reason_of($1)",
    "marketplace": "SELECT marketplace FROM marketplaces WHERE name = lower($1)",
    "kind": "SELECT kind FROM evidence_kinds WHERE kind = plain_word($1)",
    "type": "SELECT type FROM event_types WHERE type = plain_word($1)",
    "currency": (
        "SELECT CASE WHEN count(*) = 1 THEN any_value(currency) END FROM currency_signs "
        "WHERE upper(sign) = upper($1)"
    ),
}


def meanings(book: Book, field: Field, column: Column) -> dict[str, str | None]:
    """For each of a column's words ours; None for one that is not understood, or in two ways."""
    return {word: _meaning(book, field, word) for word in column.words}


def _meaning(book: Book, field: Field, word: str) -> str | None:
    plain = word.strip().lower()
    if field.type == "currency" and CURRENCY.fullmatch(word.upper()):
        return word.upper()
    if field.type == "rating":
        return word if RATING.fullmatch(word) else None
    if field.type == "boolean":
        return plain if plain in YES_NO else meaning_of("yes_no", word)
    if plain in words_of(field):
        return plain
    if field.header in ("outcome", "appeal_outcome"):
        return _outcome(book, word)
    rule = _RULES.get(field.header)
    found = book.value(rule, [word]) if rule else None
    return str(found) if found else meaning_of(field.header, word)


def _outcome(book: Book, word: str) -> str | None:
    if told := meaning_of("outcome", word):
        return told
    row = book.rows(
        "SELECT outcome_of($1, 'seller_claims') AS ours, outcome_of($1, 'buyer_claims') AS theirs",
        [word],
    )[0]
    sides = (row["ours"], row["theirs"])
    return sides[0] if sides[0] == sides[1] else BY_SIDE.get(sides)
