from __future__ import annotations

import pytest

from claimstats import Choice
from claimstats.errors import ParameterError


def test_skipped_findings_are_left_out_and_the_order_asked_for_is_kept() -> None:
    choice = Choice(only=["open_claims", "approval_rate", "payout_ratio"], skip=["payout_ratio"])
    assert [room.name for room in choice.rooms] == ["open_claims", "approval_rate"]


def test_nothing_left_to_show_is_refused() -> None:
    with pytest.raises(ParameterError, match="none to show"):
        _ = Choice(only=["approval_rate"], skip=["approval_rate"]).rooms
