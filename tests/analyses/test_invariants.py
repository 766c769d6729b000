"""What holds of every finding, whatever the book: counts add up, no order of loading matters."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from itertools import permutations
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import claimstats
from claimstats.analyses import REGISTER
from claimstats.analyses._grouping import MOST_CLAIMS, MOST_DAYS, PROPERTIES, properties
from claimstats.errors import ParameterError
from claimstats.selection import held

TINY = Path(__file__).parents[1] / "data" / "tiny"
SPLIT = ("approval_rate", "time_to_resolution")
NAMES = [room.name for room in REGISTER]

rooms = pytest.mark.parametrize("name", NAMES)
splits = pytest.mark.parametrize("name", SPLIT)


def run(name, book, **asked):
    return getattr(claimstats, name)(book, **asked)


def total(finding, name):
    return sum(finding.summary[name])


# Every property


@pytest.mark.parametrize(
    ("decision", "as_of"), [("first", None), ("final", datetime(2026, 2, 10))], ids=str
)
def test_counts_add_up_and_are_the_same_by_every_property(tiny, decision, as_of):
    totals, times = set(), set()
    for by in properties(tiny):
        rates = claimstats.approval_rate(tiny, by=by, decision=decision, as_of=as_of)
        for row in rates.summary.rows():
            assert row["n_claims"] == row["n_decided"] + row["n_open"] + row["n_excluded"]
            assert row["n_partial"] <= row["n_approved"] <= row["n_decided"]
        names = ("n_claims", "n_decided", "n_open", "n_excluded", "n_approved")
        totals.add(tuple(total(rates, name) for name in names))
        durations = claimstats.time_to_resolution(tiny, by=by, decision=decision, as_of=as_of)
        for row in durations.summary.rows():
            assert row["n_claims"] == row["n_resolved"] + row["n_open"] + row["n_excluded"]
        times.add(tuple(total(durations, f"n_{n}") for n in ("claims", "resolved", "open")))
    assert len(totals) == len(times) == 1
    assert totals.pop()[0] == times.pop()[0]


def test_each_named_property_is_a_column_of_v_claims_or_a_name_for_one(tiny):
    columns = set(tiny.column_names("v_claims"))
    assert set(PROPERTIES) - columns == {"month", "claim"}


# Books at the edge


@rooms
def test_empty_book_has_findings_without_rows(empty, name):
    finding = run(name, empty)
    assert len(finding.summary) == 0
    assert finding.as_of is None
    assert finding.caveats == ()
    assert finding.headline.startswith("0 ")
    assert empty.rows(finding.sql) == []
    assert finding.figure.to_html()


@rooms
def test_all_empty_columns_keep_their_types(empty, name):
    finding = run(name, empty)
    expected = {
        "text": pl.String, "count": pl.Int64, "share": pl.Float64, "days": pl.Float64,
        "points": pl.Float64, "amount": pl.Float64, "number": pl.Float64, "p_value": pl.Float64,
        "flag": pl.Boolean, "time": pl.Datetime("us"),
    }  # fmt: skip
    for column in finding.summary.columns:
        assert finding.table.schema[column.name] == expected[column.kind]
    assert isinstance(finding.to_pandas(), pd.DataFrame)


OPEN = {"program": "amazon_safet", "outcome": "pending", "filed_at": "2026-06-01"}


@pytest.fixture
def all_open(tracked):
    events = [
        {"program": "amazon_safet", "claim_id": 1, "type": "closed", "occurred_at": "2026-06-11"}
    ]
    return tracked([OPEN | {"claim_id": number} for number in range(3)], events)


def test_book_of_open_claims_has_no_rate_and_no_median(all_open):
    rates = claimstats.approval_rate(all_open, age_days=5)
    (row,) = rates.summary.rows()
    assert (row["n_claims"], row["n_decided"], row["n_open"]) == (3, 0, 3)
    assert row["rate"] is row["lower"] is row["upper"] is row["seller_win_rate"] is None
    assert row["equal_age_rate"] == 0
    assert rates.headline == (
        "0 of 0 decided seller's claims were approved, too few for a rate (3 open)."
    )
    times = claimstats.time_to_resolution(all_open)
    assert times.summary["median_days"] == (None,)
    assert times.headline == (
        "0 of 3 Amazon SAFE-T claims have ended: the median is not reached, since 3 are still open."
    )
    assert rates.table.schema["rate"] == times.table.schema["median_days"] == pl.Float64
    assert times.figure.to_html()


def test_book_of_one_claim(tracked):
    one = {
        "claim_id": "1", "program": "amazon_atoz", "filed_at": "2026-01-01T10:00:00Z",
        "outcome": "denied", "decided_at": "2026-01-03T12:30:00Z",
    }  # fmt: skip
    book = tracked([one])
    (row,) = claimstats.approval_rate(book).summary.rows()
    assert (row["rate"], row["lower"], row["seller_win_rate"]) == (0, 0, 1)
    (row,) = claimstats.time_to_resolution(book).summary.rows()
    assert row["median_days"] == pytest.approx(50 / 24)
    assert len(claimstats.evidence_quality(book).summary) == 0


# Parameters out of range


@rooms
@pytest.mark.parametrize("level", [0, 1, 95, -0.5, float("nan")])
def test_level_outside_0_and_1_is_refused(tiny, name, level):
    with pytest.raises(ParameterError, match=f"{name}: level is .* between 0 and 1"):
        run(name, tiny, level=level)


WIDEST = {
    "age_days": MOST_DAYS, "older_than_days": MOST_DAYS, "period_days": MOST_DAYS,
    "ages_days": (MOST_DAYS,), "fewest": MOST_CLAIMS, "within_hours": 24 * MOST_DAYS,
}  # fmt: skip
BOUNDED = [
    (room.name, parameter)
    for room in REGISTER
    for parameter in WIDEST
    if parameter in room.parameters
]


@pytest.mark.parametrize(("name", "parameter"), BOUNDED)
def test_numbers_beyond_every_claim_are_refused_and_the_largest_is_not(tiny, name, parameter):
    widest = WIDEST[parameter]
    assert run(name, tiny, **{parameter: widest}).headline
    beyond = (10**12,) if isinstance(widest, tuple) else 10**12
    with pytest.raises(ParameterError, match=f"{name}: {parameter} is .* at most"):
        run(name, tiny, **{parameter: beyond})


# Odd names


ODD_NAMES = ["rate", "n_claims", "lower", "median_days", "a/b~c.d", "größe 😀", "it's", "SELECT"]


@splits
@pytest.mark.parametrize("column", ODD_NAMES)
def test_trackers_own_column_may_have_any_name(tracked, name, column):
    values = ["</script>", "it's 50 %", "😀"]
    book = tracked([OPEN | {"claim_id": n, column: value} for n, value in enumerate(values)])
    finding = run(name, book, by=column)
    group = finding.summary.columns[0]
    assert group.name in (column, f"{column}_group")
    assert len(set(finding.summary.names)) == len(finding.summary.names)
    assert sorted(group.values) == sorted(values)
    assert {row["group_value"] for row in book.rows(finding.sql)} == set(values)
    assert "</script>" not in finding._repr_html_()
    assert finding.table.columns == list(finding.summary.names)


BY = [room.name for room in REGISTER if "by" in room.parameters]
HELPERS = ["panel", "cohort", "stage", "step", "service", "end", "place", "rate", "rate_group"]


@pytest.fixture(scope="module")
def of_columns_names(new_book):
    """Two decided claims, with own columns named as columns that a finding or its chart makes."""
    with new_book() as book:
        for claim, direction in enumerate(("seller_claims", "buyer_claims")):
            book.execute(
                "INSERT INTO claims (program, claim_id, id_is_derived, origins, outcome, direction,"
                " filed_at, decided_at, extra) VALUES ('other', $1, false, ['tracker'], 'denied', "
                "$2, '2026-01-01', '2026-01-05', $3)",
                [str(claim), direction, json.dumps(dict.fromkeys(HELPERS, f"own {claim}"))],
            )
        with held(book) as still:
            yield still


@pytest.mark.parametrize("name", BY)
def test_own_column_is_never_lost_among_the_findings(of_columns_names, name):
    for by in HELPERS:
        finding = run(name, of_columns_names, by=by)
        values = {value for column in finding.summary.columns for value in column.values}
        assert {"own 0", "own 1"} <= values or not len(finding.summary)


def test_funnel_tells_the_sides_apart_whatever_it_is_split_by(of_columns_names):
    plain, own = (
        json.dumps(
            claimstats.approval_ranking(of_columns_names, by=by, fewest=1).chart, default=str
        )
        for by in ("rate", "panel")
    )
    assert plain.replace("each rate", "") == own.replace("each panel", "")


def test_two_own_columns_are_two_in_every_form(of_columns_names):
    finding = claimstats.approval_rate(of_columns_names, by=("rate_group", "rate"))
    assert finding.table.columns[:2] == ["rate_group", "rate_group_group"]


def test_trackers_own_column_may_hold_quotes(empty):
    for quotes in ('a "quoted" name', "back\\slash"):
        empty.execute(
            "INSERT INTO claims (program, claim_id, id_is_derived, origins, outcome, extra) "
            "VALUES ('amazon_safet', $1, false, ['tracker'], 'denied', $2)",
            [quotes, json.dumps({quotes: "here"})],
        )
        assert "here" in claimstats.approval_rate(empty, by=quotes).summary.columns[0].values


def test_direction_of_the_tracker_comes_before_the_programs(tracked):
    claim = {"claim_id": "1", "program": "other", "outcome": "denied", "direction": "buyer_claims"}
    (row,) = claimstats.approval_rate(tracked([claim]), by="direction").summary.rows()
    assert (row["direction"], row["rate"], row["seller_win_rate"]) == ("buyer_claims", 0, 1)


# The same again


@rooms
def test_findings_computed_twice_are_equal(tiny, name):
    assert run(name, tiny) == run(name, tiny)


@pytest.fixture(scope="module")
def in_other_orders(tiny, new_book):
    """The tiny book loaded in three orders; its own is by name."""
    files = sorted(TINY.iterdir())
    orders = [files[::-1], files[3:] + files[:3], [files[i] for i in (6, 2, 5, 3, 0, 4, 1)]]
    books = [new_book() for _ in orders]
    for book, order in zip(books, orders, strict=True):
        book.load(order)
    yield books
    for book in books:
        book.close()


@rooms
def test_order_of_loading_does_not_matter(tiny, in_other_orders, name):
    expected = run(name, tiny)
    assert all(run(name, book) == expected for book in in_other_orders)


def test_order_of_two_pulls_of_a_tracker_does_not_matter(write, make_book):
    """The later pull holds: one claim was decided, one withdrawn, one is new."""
    header = ["claim_id", "program", "outcome", "filed_at", "decided_at"]
    june = [
        {"claim_id": n, "program": "amazon_safet", "outcome": "pending", "filed_at": "2026-06-01"}
        for n in (1, 2)
    ]
    july = [
        june[0] | {"outcome": "denied", "decided_at": "2026-06-20"},
        june[1] | {"outcome": "withdrawn"},
        june[0] | {"claim_id": 3},
    ]
    files = [
        write("claims_2026-06-10.csv", header, june),
        write("claims_2026-07-10.csv", header, july),
    ]
    books = [make_book(*order) for order in permutations(files)]
    for name in NAMES:
        first, second = (run(name, book) for book in books)
        assert first == second
    (row,) = claimstats.approval_rate(books[0]).summary.rows()
    assert (row["n_decided"], row["n_open"], row["n_excluded"]) == (1, 1, 1)


@splits
def test_query_of_a_finding_gives_its_counts(tiny, name):
    finding = run(name, tiny, by="reason", as_of=datetime(2026, 3, 1, 12, 30), decision="final")
    counted = [n for n in finding.summary.names if n.startswith("n_")]
    found = [tuple(row[n] for n in ["reason", *counted]) for row in finding.summary.rows()]
    told = [tuple(row[n] for n in ["group_value", *counted]) for row in tiny.rows(finding.sql)]
    assert sorted(found) == sorted(told)


@rooms
def test_finding_is_ready_for_json(tiny, name):
    json.dumps(run(name, tiny).to_dict(), allow_nan=False)


# Any book


START = datetime(2026, 1, 1)
maybe_days = st.none() | st.integers(-3, 200)
any_claim = st.fixed_dictionaries(
    {
        "program": st.sampled_from(["amazon_safet", "amazon_atoz", "amazon_fba_reimbursement"]),
        "origin": st.sampled_from(["tracker", "amazon_fba_reimbursements"]),
        "outcome": st.sampled_from(
            ["pending", "granted_full", "granted_partial", "replaced", "denied", "expired",
             "reversed", "withdrawn", "settled_by_seller", "unknown"]
        ),
        "filed": maybe_days, "decided": maybe_days,
        "appealed": maybe_days, "appeal_decided": maybe_days,
        "appeal_outcome": st.none()
        | st.sampled_from(["pending", "granted_full", "denied", "withdrawn", "unknown"]),
        "by_day": st.booleans(),
        "sku": st.none() | st.sampled_from(["A", "B", "C"]),
    }
)  # fmt: skip


def fill(book, claims):
    """Put claims straight into the table, in place of those that are there."""
    book.execute("DELETE FROM claims")
    for number, claim in enumerate(claims):
        when = {
            f"{name}_at": None if claim[name] is None else START + timedelta(days=claim[name])
            for name in ("filed", "decided", "appealed", "appeal_decided")
        }
        precision = "day" if claim["by_day"] else "instant"
        row = {
            "program": claim["program"], "claim_id": str(number), "id_is_derived": False,
            "origins": [claim["origin"]], "outcome": claim["outcome"], "sku": claim["sku"],
            "appeal_outcome": claim["appeal_outcome"], "filed_precision": precision, **when,
        }  # fmt: skip
        marks = ", ".join(f"${name}" for name in row)
        book.execute(f"INSERT INTO claims ({', '.join(row)}) VALUES ({marks})", row)


@pytest.fixture(scope="module")
def scratch(new_book):
    with new_book() as book:
        yield book


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    claims=st.lists(any_claim, max_size=12),
    cutoff=st.none() | st.integers(0, 250),
    decision=st.sampled_from(["first", "final"]),
)
def test_no_claim_is_counted_twice_or_dropped(scratch, claims, cutoff, decision):
    fill(scratch, claims)
    as_of = None if cutoff is None else START + timedelta(days=cutoff)
    asked = {"by": "sku", "as_of": as_of, "decision": decision}
    rates = claimstats.approval_rate(scratch, **asked)
    times = claimstats.time_to_resolution(scratch, **asked)
    filed_by_then = sum(
        claim["filed"] is None or cutoff is None or claim["filed"] <= cutoff for claim in claims
    )
    for row in rates.summary.rows():
        assert row["n_claims"] == row["n_decided"] + row["n_open"] + row["n_excluded"]
        for value, lower, upper in (
            ("rate", "lower", "upper"),
            ("seller_win_rate", "seller_lower", "seller_upper"),
        ):
            assert row[value] is None or 0 <= row[lower] <= row[value] <= row[upper] <= 1
    for row in times.summary.rows():
        assert row["n_claims"] == row["n_resolved"] + row["n_open"] + row["n_excluded"]
        assert row["median_days"] is None or row["median_days"] >= 0
        shares = [row[f"{end}_by_age"] for end in ("won", "lost", "ended")]
        assert None in shares or sum(shares) <= 1 + 1e-9
    assert total(rates, "n_claims") == total(times, "n_claims") == filed_by_then


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    claims=st.lists(any_claim, min_size=1, max_size=10),
    cutoff=st.integers(0, 240),
    decision=st.sampled_from(["first", "final"]),
)
def test_nothing_later_than_the_cut_off_changes_a_finding(scratch, claims, cutoff, decision):
    """Decisions after the cut-off come out otherwise, appeals after it are never made."""
    otherwise = [_with_another_future(claim, cutoff) for claim in claims]
    # A last event on day 300 keeps the cut-off in the past of both books.
    last = claims[0] | {"outcome": "denied", "filed": 251, "decided": 300, "origin": "tracker"}
    findings = []
    for book_of in (claims, otherwise):
        fill(scratch, [*book_of, last])
        findings.append(
            claimstats.approval_rate(
                scratch, by="claim", as_of=START + timedelta(days=cutoff), decision=decision
            )
        )
    assert findings[0].summary == findings[1].summary


def _with_another_future(claim, cutoff):
    def is_later(day):
        return day is not None and day > cutoff

    changed = dict(claim)
    if claim["outcome"] not in ("pending", "unknown") and is_later(claim["decided"]):
        changed |= {"outcome": "granted_full", "decided": 249}
    if is_later(claim["appealed"] if claim["appealed"] is not None else claim["appeal_decided"]):
        changed |= {"appealed": None, "appeal_decided": None, "appeal_outcome": None}
    return changed
