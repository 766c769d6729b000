from __future__ import annotations

import pytest

from claimstats import errors


def test_choice_among_the_allowed_comes_back() -> None:
    assert errors.check_choice("show knows no", "reason", ["program", "reason"]) == "reason"


def test_wrong_choice_says_asked_nearest_and_allowed() -> None:
    with pytest.raises(errors.ParameterError) as refused:
        errors.check_choice("approval_rate cannot split by", "carier", ["carrier", "sku"])
    assert str(refused.value) == (
        "approval_rate cannot split by 'carier'. Did you mean 'carrier'? Allowed: carrier, sku."
    )


def test_wrong_choice_far_from_all_only_lists_them() -> None:
    with pytest.raises(errors.ParameterError, match=r"'zzz'\. Allowed: carrier, sku\."):
        errors.check_choice("cannot split by", "zzz", ["carrier", "sku"])


def test_long_list_of_choices_is_cut() -> None:
    with pytest.raises(errors.ParameterError, match=r"c29 \.\.\.\."):
        errors.check_choice("cannot split by", "zzz", [f"c{k}" for k in range(99)])


@pytest.mark.parametrize(
    ("path", "line", "text"),
    [
        (None, None, "no."),
        ("a.csv", None, "a.csv: no."),
        ("a.csv", 7, "a.csv, line 7: no."),
    ],
)
def test_refusal_names_file_and_line(path: str | None, line: int | None, text: str) -> None:
    assert str(errors.FileRefused("no.", path, line)) == text


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.ClaimstatsError, 1),
        (errors.FileRefused, 1),
        (errors.BookError, 1),
        (errors.ParameterError, 2),
        (errors.BookLocked, 4),
    ],
)
def test_errors_carry_their_exit_code(error: type[errors.ClaimstatsError], code: int) -> None:
    assert error.exit_code == code


def test_missing_extra_says_which_install_mends_it() -> None:
    assert "pip install 'claimstats[lab]'" in str(errors.MissingExtra("lab", "jupyterlab", "lab"))
