"""What a report can be switched to: each variant is the report of its claims alone."""

from __future__ import annotations

from importlib import import_module

import pytest

import claimstats
from claimstats.publish import Choice, findings
from claimstats.publish.variants import variants

ONE = Choice(only=["approval_rate"])


@pytest.fixture(scope="module")
def found(sample):
    return variants(sample, ONE)


def test_every_program_and_marketplace_is_a_variant_with_its_claims(found, sample):
    direct = sample.rows(
        "SELECT 'program=' || program AS key, count(*) AS n FROM v_claims GROUP BY ALL UNION ALL "
        "SELECT 'marketplace=' || marketplace, count(*) FROM v_claims "
        "WHERE marketplace IS NOT NULL GROUP BY ALL"
    )
    assert {v.key: v.n_claims for v in found} == {row["key"]: row["n"] for row in direct}


def test_variant_is_the_report_of_its_claims_alone(found, sample):
    for variant in found:
        (alone,) = findings(sample, Choice(only=ONE.only, **{variant.shared: variant.value}))
        assert variant.findings[0].to_dict() == alone.to_dict()
        assert sum(alone.summary["n_claims"]) == variant.n_claims
        assert variant.notes[0].startswith(f"These numbers are about {variant.n_claims} of")


def test_variant_may_have_no_claim_by_the_cutoff(sample):
    """The report as a whole has; one of its programs begins later."""
    first = sample.rows(
        "SELECT program, min(filed_at) AS first FROM v_claims GROUP BY ALL ORDER BY first"
    )
    cutoff = first[0]["first"]
    found = variants(sample, Choice(only=ONE.only, as_of=cutoff))
    alone = {v.value: sum(v.findings[0].summary["n_claims"]) for v in found}
    assert alone[first[0]["program"]] > alone[first[-1]["program"]]


def test_order_is_the_same_each_time(found, sample):
    assert [v.key for v in variants(sample, ONE)] == [v.key for v in found]


def test_what_is_chosen_already_is_no_variant_and_stays(sample):
    found = variants(sample, Choice(only=ONE.only, program="amazon_atoz"))
    assert {variant.shared for variant in found} == {"marketplace"}
    assert all(set(v.findings[0].summary["program"]) == {"amazon_atoz"} for v in found)


def test_book_of_one_program_and_no_marketplace_has_none(empty):
    assert variants(empty, ONE) == []


def test_of_many_variants_the_largest_are_kept(sample, monkeypatch):
    monkeypatch.setattr(import_module("claimstats.publish.variants"), "MOST", 2)
    kept = variants(sample, ONE)
    assert [v.key for v in kept] == ["program=amazon_safet", "marketplace=US"]


def test_page_of_the_whole_sample_stays_below_its_weight(sample, tmp_path):
    path = claimstats.write_report(sample, tmp_path / "report.html")
    page = path.read_text(encoding="utf-8")
    assert len(page.encode("utf-8")) < 2_500_000
    assert page.count('<option value="program=') == 4
    assert " disabled>" not in page
