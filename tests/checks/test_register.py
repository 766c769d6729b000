from __future__ import annotations

import re
from pathlib import Path

import pytest

from claimstats import checks
from claimstats.checks import REGISTER, Check

ROOMS = Path(checks.__file__).parent

rooms = pytest.mark.parametrize("check", REGISTER, ids=lambda check: check.name)


def test_every_query_is_in_the_register() -> None:
    assert {path.stem for path in ROOMS.glob("*.sql")} == {check.name for check in REGISTER}


@rooms
def test_check_says_what_it_finds_what_that_means_and_what_to_do(check: Check) -> None:
    for text in (check.title, check.meaning, check.to_do):
        assert re.fullmatch(r"[A-Z`].+\.", text)
        assert "--" not in re.sub(r"--[a-z]", "", text)


@rooms
def test_check_has_its_test(check: Check) -> None:
    assert (Path(__file__).parent / f"test_{check.name}.py").is_file()


def test_errors_come_before_warnings_and_notes() -> None:
    severities = [check.severity for check in REGISTER]
    assert severities == sorted(severities, key=["error", "warning", "note"].index)
