"""Selections of claims, and books held still."""

from __future__ import annotations

from datetime import date, datetime

import pytest

import claimstats
from claimstats.analyses import REGISTER, analysis
from claimstats.errors import ParameterError
from claimstats.publish import Choice, findings
from claimstats.selection import EVERYTHING, Selection, held


def test_nothing_named_is_everything():
    assert not EVERYTHING
    assert EVERYTHING.where == ""
    assert EVERYTHING.named == {}


def test_quotes_in_a_name_stay_in_the_name(sample):
    odd = Selection(program="o'clock'; DROP TABLE claims; --")
    with held(sample, odd) as few:
        assert few.value("SELECT count(*) FROM v_claims") == 0
    assert sample.value("SELECT count(*) FROM v_claims") > 0


@pytest.fixture(scope="module")
def moving(sample_path):
    """The sample's book as it is opened, whose views are joined anew for each query."""
    with claimstats.connect(sample_path, read_only=True) as book:
        yield book


@pytest.mark.parametrize("room", REGISTER, ids=lambda room: room.name)
def test_book_held_still_gives_the_same_findings(sample, moving, room):
    assert room(sample).to_dict() == room(moving).to_dict()


@pytest.mark.parametrize("name", ["approval_rate", "stage_times", "evidence_gaps"])
def test_statement_shown_with_a_query_makes_the_same_selection(moving, name):
    asked = Selection(program="amazon_safet", marketplace="DE")
    with held(moving, asked) as few, moving.own_connection() as own:
        own.execute(asked.sql(moving))
        assert analysis(name)(own).to_dict() == analysis(name)(few).to_dict()


def test_days_of_filing_are_whole_and_both_ends_belong(sample):
    days = Selection(filed_from=date(2026, 3, 2), filed_to=date(2026, 3, 4))
    with held(sample, days) as few:
        found = few.columns("SELECT filed_at FROM v_claims")["filed_at"]
    direct = sample.columns("SELECT filed_at FROM v_claims WHERE filed_at IS NOT NULL")["filed_at"]
    inside = [at for at in direct if datetime(2026, 3, 2) <= at < datetime(2026, 3, 5)]
    assert sorted(found) == sorted(inside) != []


def test_last_day_may_be_the_last_of_the_calendar(sample):
    with held(sample, Selection(filed_from=date.min, filed_to=date.max)) as few:
        n = few.value("SELECT count(*) FROM v_claims")
    assert n == sample.value("SELECT count(filed_at) FROM v_claims")


def test_cut_off_stays_that_of_the_whole_book(sample):
    with held(sample, Selection(filed_to=date(2026, 3, 31))) as few:
        assert few.as_of == sample.as_of


def test_counts_of_the_programs_add_up_to_the_book(sample):
    programs = sample.columns("SELECT DISTINCT program FROM v_claims")["program"]
    n = 0
    for program in programs:
        with held(sample, Selection(program=program)) as few:
            n += sum(claimstats.approval_rate(few).summary["n_claims"])
    assert n == sum(claimstats.approval_rate(sample).summary["n_claims"])


def test_statement_may_be_run_again_and_changed(sample):
    with sample.own_connection() as own:
        for program in ("amazon_safet", "amazon_atoz"):
            own.execute(Selection(program=program).sql(sample))
            assert own.columns("SELECT DISTINCT program FROM v_claims")["program"] == [program]


def test_program_that_no_claim_has_is_refused_with_the_nearest(sample):
    with pytest.raises(ParameterError, match="Did you mean 'amazon_safet'"):
        Selection(program="amazon_saft").check(sample)
    with pytest.raises(ParameterError, match="DE, JP, US"):
        Selection(marketplace="UK").check(sample)


def test_days_in_no_order_are_refused(sample):
    with pytest.raises(ParameterError, match="exchange the two days"):
        Selection(filed_from=date(2026, 4, 1), filed_to=date(2026, 3, 1)).check(sample)


def test_selection_of_a_selection_keeps_both(sample):
    with held(sample, Selection(program="amazon_safet")) as few:
        with held(few, Selection(marketplace="DE")) as fewer:
            both = fewer.value("SELECT count(*) FROM v_claims")
            assert fewer.columns("SELECT DISTINCT program FROM v_claims")["program"] == [
                "amazon_safet"
            ]
        (found,) = findings(few, Choice(only=["rate_definitions"]))
    assert both == sample.value(
        "SELECT count(*) FROM v_claims WHERE program = 'amazon_safet' AND marketplace = 'DE'"
    )
    assert found.sql.startswith("CREATE OR REPLACE TEMP TABLE v_claims")
    assert "program = 'amazon_safet'" in found.sql
    alone = findings(sample, Choice(only=["rate_definitions"], program="amazon_safet"))[0]
    assert found.headline == alone.headline


def test_days_that_end_before_the_last_claim_raise_no_doubt_about_the_source(sample):
    (found,) = findings(sample, Choice(only=["approval_rate"], filed_to=date(2026, 4, 30)))
    assert not [caveat for caveat in found.caveats if "days before the cut-off" in caveat]
