"""Evidence: what went with a filing, what was added later, and how it was rated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from .chance import Chance
from .plan import ATTACHED, CLARITY_LEVELS, HINDSIGHT_SHARE, LAST_PULL

SECOND_PHOTO = 0.12
UNRATED = 0.12

SHOWS: Mapping[str, tuple[str, ...]] = {
    "photo_item": ("item", "defect", "serial"),
    "photo_packaging": ("packaging", "label", "defect"),
    "photo_label": ("label", "packaging", "order_id"),
    "photo_serial": ("item", "serial"),
    "invoice": ("order_id", "serial"),
}
"""What a piece of each kind can show; the other kinds are papers that can show the order id."""

SIGHTS = ("item", "defect", "packaging", "label", "serial", "order_id")


@dataclass
class Piece:
    """One file of evidence; ``None`` is unknown."""

    kind: str
    submitted_at: datetime
    with_filing: bool
    rating: float | None
    rated_at: datetime | None
    legible: bool | None
    shows: dict[str, bool | None]
    file_name: str = ""


def draw_kinds(chance: Chance, reason: str) -> frozenset[str]:
    """Draw the kinds that go with a filing, each for itself."""
    kinds = {kind for kind, share in ATTACHED[reason].items() if chance.flip(share)}
    return frozenset(kinds or {"order_record"})


def draw_filing_pieces(
    chance: Chance, reason: str, kinds: frozenset[str], clarity: float, sent_at: datetime
) -> list[Piece]:
    """Draw the files that go with a filing: one of a kind, now and then two photos."""
    pieces = []
    for kind in (kind for kind in ATTACHED[reason] if kind in kinds):
        copies = 2 if kind.startswith("photo") and chance.flip(SECOND_PHOTO) else 1
        pieces += [draw_piece(chance, kind, clarity, sent_at, True) for _ in range(copies)]
    return pieces


def draw_later_pieces(chance: Chance, reason: str, number: int, at: datetime) -> list[Piece]:
    """Draw files that follow the filing, in an answer or with an appeal."""
    kinds = tuple(ATTACHED[reason])
    clarity = chance.pick(CLARITY_LEVELS)
    return [draw_piece(chance, chance.pick(kinds), clarity, at, False) for _ in range(number)]


def draw_piece(chance: Chance, kind: str, clarity: float, at: datetime, with_filing: bool) -> Piece:
    """Draw one file that was rated, if at all, shortly before it was sent."""
    rating = clarity + chance.pick((-0.5, 0.0, 0.5))
    rated_at = chance.later(at, -0.3, -0.01)
    unrated = chance.flip(UNRATED)
    return Piece(
        kind=kind,
        submitted_at=at,
        with_filing=with_filing,
        rating=None if unrated else rating,
        rated_at=None if unrated else rated_at,
        legible=None if chance.flip(0.1) else rating >= 2 or chance.flip(0.5),
        shows=_draw_shows(chance, kind),
    )


def _draw_shows(chance: Chance, kind: str) -> dict[str, bool | None]:
    can_show = SHOWS.get(kind, ("order_id",))
    is_photo = kind.startswith("photo")
    shows: dict[str, bool | None] = {}
    for sight in SIGHTS:
        known = not chance.flip(0.08) and (is_photo or sight in can_show)
        seen = chance.flip(0.75) and sight in can_show
        shows[sight] = seen if known else None
    return shows


def rate_in_hindsight(
    chance: Chance, pieces: list[Piece], decided_at: datetime, seller_won: bool
) -> None:
    """Let the decision colour some ratings, as happens when files are rated afterwards."""
    for piece in pieces:
        coloured = chance.flip(HINDSIGHT_SHARE)
        rated_at = chance.later(decided_at, 0.5, 4)
        if coloured and rated_at < LAST_PULL.end:
            piece.rating = chance.pick((4.5, 5.0) if seller_won else (0.5, 1.0, 1.5))
            piece.rated_at = rated_at


def name_files(pieces: list[Piece]) -> None:
    """Name the files of a claim after their kind, numbered from 1."""
    seen: dict[str, int] = {}
    for piece in pieces:
        seen[piece.kind] = seen.get(piece.kind, 0) + 1
        ending = "jpg" if piece.kind.startswith("photo") else "pdf"
        piece.file_name = f"{piece.kind}_{seen[piece.kind]}.{ending}"
