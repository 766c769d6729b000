"""The sample in data/sample is what its generator writes and what its truth.json says."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import pytest

SAMPLE = Path(__file__).parents[1] / "data" / "sample"
TRUTH: dict[str, Any] = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))
DATA_FILES = list(TRUTH["counts"]["files"])
DIRTY = [pytest.param(row, id=row["file"]) for row in TRUTH["dirty_rows"]]

DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
MAX_BYTES = 2_500_000
SELLER_CLAIMS = {"amazon_safet", "amazon_fba_reimbursement"}
LAST_CLAIMS = "claims_2026-08-31.csv"
OUTCOME_OF_STATE = {
    "Approved": {"granted_full"},
    "Partially Approved": {"granted_partial"},
    "Denied": {"denied"},
    "Expired": {"expired"},
    "Closed": {"withdrawn"},
    "Under Investigation": {"pending"},
    "More information requested": {"pending"},
    "Appealed": {"denied"},
}

Record = dict[str, str]


class Table(NamedTuple):
    """A file's header and its lines as fields; the line below the header is line 2."""

    header: list[str]
    lines: dict[int, list[str]]


def unpacked(path: Path) -> bytes:
    if path.suffix == ".gz":
        return gzip.decompress(path.read_bytes())
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as packed:
            return packed.read(packed.namelist()[0])
    return path.read_bytes()


def encoding_of(name: str) -> str:
    if "_jp_" in name:
        return "cp932"
    return "cp1252" if "_de_" in name or "reimbursements" in name else "utf-8"


def read(name: str) -> Table:
    text = unpacked(SAMPLE / name).decode(encoding_of(name))
    if name.endswith(".csv"):
        lines = list(csv.reader(io.StringIO(text)))
    else:
        lines = [line.split("\t") for line in text.splitlines()]
    return Table(lines[0], dict(enumerate(lines[1:], start=2)))


def clean(name: str) -> list[Record]:
    """Read a file without the rows that the truth calls dirty."""
    table = read(name)
    dirty = {row["line"] for row in TRUTH["dirty_rows"] if row["file"] == name}
    return [
        dict(zip(table.header, fields, strict=True))
        for line, fields in table.lines.items()
        if line not in dirty
    ]


def of_kind(prefix: str) -> list[str]:
    return sorted((name for name in DATA_FILES if name.startswith(prefix)), key=pulled_on)


def pulled_on(name: str) -> str:
    return DATE.findall(name)[0]


def newest_orders() -> dict[tuple[str, str], list[Record]]:
    """Give each order's lines, by marketplace and order id, from the newest file that has it."""
    orders: dict[tuple[str, str], list[Record]] = {}
    for name in of_kind("amazon_all_orders"):
        market = name.split("_")[3].upper()
        found: dict[tuple[str, str], list[Record]] = {}
        for row in clean(name):
            found.setdefault((market, row["amazon-order-id"]), []).append(row)
        orders |= found
    return orders


def newest_returns() -> dict[str, Record]:
    names = of_kind("amazon_seller_returns")
    return {row["Amazon RMA ID"]: row for name in names for row in clean(name)}


def claims(name: str = LAST_CLAIMS) -> list[Record]:
    return clean(name)


def claim_keys() -> set[tuple[str, str]]:
    return {(row["program"], row["claim_id"]) for row in claims()}


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=None)


def count(values: Iterable[str]) -> dict[str, int]:
    return dict(Counter(values))


def sums(amounts: Iterable[tuple[str, str]]) -> dict[str, Decimal]:
    total: dict[str, Decimal] = {}
    for currency, amount in amounts:
        total[currency] = total.get(currency, Decimal(0)) + Decimal(amount or "0")
    return {currency: amount for currency, amount in total.items() if currency}


def told_sums(told: dict[str, str]) -> dict[str, Decimal]:
    return {currency: Decimal(amount) for currency, amount in told.items()}


@pytest.fixture(scope="module")
def two_runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folders = tmp_path_factory.mktemp("first"), tmp_path_factory.mktemp("second")
    for folder in folders:
        subprocess.run([sys.executable, SAMPLE / "generate.py", folder], check=True)
    return folders


def test_two_runs_write_the_same_bytes(two_runs: tuple[Path, Path]) -> None:
    first, second = ({path.name: path.read_bytes() for path in run.iterdir()} for run in two_runs)
    assert first == second


def test_the_generator_writes_the_committed_files(two_runs: tuple[Path, Path]) -> None:
    """Packed files are compared unpacked, because builds of zlib pack the same text differently."""
    written = {path.name: unpacked(path) for path in two_runs[0].iterdir()}
    assert set(written) == {*DATA_FILES, "truth.json"}
    assert {name: unpacked(SAMPLE / name) for name in written} == written


def test_the_folder_holds_no_export_that_the_generator_does_not_write() -> None:
    exports = {".txt", ".tsv", ".csv", ".gz", ".zip"}
    assert {path.name for path in SAMPLE.iterdir() if path.suffix in exports} == set(DATA_FILES)


def test_the_folder_stays_small() -> None:
    assert sum(path.stat().st_size for path in SAMPLE.iterdir() if path.is_file()) < MAX_BYTES


@pytest.mark.parametrize("name", DATA_FILES)
def test_a_file_name_carries_one_date_and_it_is_a_pull(name: str) -> None:
    assert DATE.findall(name) in (["2026-06-30"], ["2026-08-31"])


@pytest.mark.parametrize("name", DATA_FILES)
def test_the_truth_counts_the_lines_of_each_file(name: str) -> None:
    assert len(read(name).lines) == TRUTH["counts"]["files"][name]


@pytest.mark.parametrize("name", [name for name in DATA_FILES if encoding_of(name) != "utf-8"])
def test_files_of_amazon_in_a_local_encoding_are_no_utf_8(name: str) -> None:
    with pytest.raises(UnicodeDecodeError):
        unpacked(SAMPLE / name).decode("utf-8")


def test_the_japanese_files_need_cp932_as_strict_shift_jis_fails() -> None:
    with pytest.raises(UnicodeDecodeError):
        unpacked(SAMPLE / "amazon_all_orders_jp_2026-08-31.zip").decode("shift_jis")


def test_the_truth_counts_orders_lines_and_money_of_the_newest_pull() -> None:
    orders, told = newest_orders(), TRUTH["counts"]["orders"]
    lines = [(market, row) for (market, _), rows in orders.items() for row in rows]
    assert count(market for market, _ in orders) == told["orders"]
    assert count(market for market, _ in lines) == told["lines"]
    assert sums((row["currency"], row["item-price"]) for _, row in lines) == told_sums(
        told["item_price"]
    )


def test_money_is_empty_for_pending_cancelled_and_foreign_orders_only() -> None:
    for name in of_kind("amazon_all_orders"):
        for row in clean(name):
            unpriced = row["order-status"] in {"Pending", "Cancelled"} or (
                row["sales-channel"] == "Non-Amazon"
            )
            assert (row["item-price"] == "") is unpriced
            assert (row["quantity"] == "0") is (row["order-status"] == "Cancelled")


@pytest.mark.parametrize("market", ["us", "de", "jp"])
def test_overlapping_pulls_agree_on_orders_that_were_not_updated(market: str) -> None:
    earlier, later = (
        {row["amazon-order-id"]: row for row in clean(name)}
        for name in of_kind(f"amazon_all_orders_{market}")
    )
    both = earlier.keys() & later.keys()
    changed = {key for key in both if earlier[key] != later[key]}
    assert 10 < len(changed) < len(both) / 4
    assert all(
        earlier[key]["last-updated-date"] < later[key]["last-updated-date"] for key in changed
    )


def test_some_orders_have_identical_lines() -> None:
    twins = [
        market
        for (market, _), rows in newest_orders().items()
        if len(rows) > len({tuple(row.values()) for row in rows})
    ]
    assert len(twins) >= 5
    assert len(set(twins)) >= 2


def test_order_ids_have_amazons_form() -> None:
    assert all(re.fullmatch(r"\d{3}-\d{7}-\d{7}", order_id) for _, order_id in newest_orders())


def test_the_truth_counts_claims_by_program_state_and_marketplace() -> None:
    rows, told = claims(), TRUTH["counts"]["claims"]
    assert count(row["program"] for row in rows) == told["claims"]
    assert count(row["outcome"] or "blank" for row in rows) == told["outcomes"]
    assert count(row["marketplace"] for row in rows) == told["marketplaces"]
    assert count(row["program"] for row in rows if row["outcome"] == "pending") == told["open"]
    assert count(filter(None, (row["appeal_outcome"] for row in rows))) == told["appeal_outcomes"]
    assert len(claims("claims_2026-06-30.csv")) == told["in_first_pull"]
    assert len(claim_keys()) == len(rows)


def test_the_planted_cells_hold_the_claims_they_say() -> None:
    found = Counter((row["program"], row["reason"]) for row in claims())
    assert found == {
        (cell["program"], cell["reason"]): cell["n_claims"] for cell in TRUTH["planted"]["approval"]
    }


def test_the_truth_sums_claimed_and_granted_amounts_per_currency() -> None:
    rows, told = claims(), TRUTH["counts"]["claims"]
    for column in ("claimed_amount", "granted_amount"):
        assert sums((row["currency"], row[column]) for row in rows) == told_sums(told[column])


def test_claims_name_orders_of_the_files_with_the_fitting_fulfilment() -> None:
    orders = newest_orders()
    for claim in claims():
        row = orders[claim["marketplace"], claim["order_id"]][0]
        by_amazon = claim["program"] == "amazon_fba_reimbursement"
        assert row["fulfillment-channel"] == ("Amazon" if by_amazon else "Merchant")
        assert row["order-status"] == "Shipped"
        assert row["purchase-date"] < claim["filed_at"]


def test_some_orders_have_two_claims_but_never_two_of_a_program() -> None:
    found = Counter((row["order_id"], row["program"]) for row in claims())
    orders = Counter(order_id for order_id, _ in found)
    assert set(found.values()) == {1}
    assert Counter(orders.values())[2] == 6


def test_claims_are_decided_after_filing_and_nothing_happens_after_the_pull() -> None:
    end = datetime(2026, 9, 1)
    for claim in claims():
        times = [
            instant(claim[column])
            for column in ("filed_at", "decided_at", "appealed_at", "appeal_decided_at")
            if claim[column]
        ]
        assert times == sorted(times)
        assert times[-1] < end


def test_the_first_pull_knows_nothing_of_july() -> None:
    later = {row["claim_id"]: row for row in claims()}
    for claim in claims("claims_2026-06-30.csv"):
        known = {key: value for key, value in claim.items() if value and value != "pending"}
        assert not any(value > "2026-07" for key, value in known.items() if key.endswith("ed_at"))
        decided_in_june = later[claim["claim_id"]]["decided_at"][:7] <= "2026-06"
        if later[claim["claim_id"]]["decided_at"]:
            assert (claim["outcome"] != "pending") is decided_in_june


@pytest.mark.parametrize("name", ["claim_events_2026-08-31.csv", "evidence_2026-08-31.csv"])
def test_events_and_evidence_name_claims_of_the_tracker(name: str) -> None:
    assert {(row["program"], row["claim_id"]) for row in clean(name)} <= claim_keys()


def test_every_claim_has_its_filing_among_the_events() -> None:
    filed = {
        (row["program"], row["claim_id"]): row["occurred_at"]
        for row in clean("claim_events_2026-08-31.csv")
        if row["type"] == "filed"
    }
    assert filed == {(row["program"], row["claim_id"]): row["filed_at"] for row in claims()}


def test_the_truth_counts_evidence_and_ratings_made_in_hindsight() -> None:
    rows, told = clean("evidence_2026-08-31.csv"), TRUTH["counts"]["evidence"]
    decided = {(row["program"], row["claim_id"]): row["decided_at"] for row in claims()}
    filing = [row for row in rows if row["with_filing"] == "true"]
    hindsight = [
        row
        for row in filing
        if row["rated_at"] and decided[row["program"], row["claim_id"]]
        if instant(row["rated_at"]) > instant(decided[row["program"], row["claim_id"]])
    ]
    assert len(rows) == told["rows"]
    assert len(filing) == told["with_filing"]
    assert len(hindsight) == told["rated_after_decision"]
    assert count(row["kind"] for row in rows) == told["kinds"]


def test_the_truth_counts_claims_without_evidence() -> None:
    held = {(row["program"], row["claim_id"]) for row in clean("evidence_2026-08-31.csv")}
    assert len(claim_keys() - held) == TRUTH["counts"]["claims"]["without_evidence"]


def test_evidence_of_the_filing_precedes_the_decision() -> None:
    decided = {(row["program"], row["claim_id"]): row["decided_at"] for row in claims()}
    for row in clean("evidence_2026-08-31.csv"):
        decided_at = decided[row["program"], row["claim_id"]]
        if row["with_filing"] == "true" and decided_at:
            assert instant(row["submitted_at"]) <= instant(decided_at)


def test_counted_naively_lost_claims_have_more_evidence_and_at_filing_less() -> None:
    won = {}
    for claim in claims():
        if claim["outcome"] in {"granted_full", "granted_partial", "replaced", "denied", "expired"}:
            approved = claim["outcome"] not in {"denied", "expired"}
            won[claim["claim_id"]] = approved == (claim["program"] in SELLER_CLAIMS)

    def pieces_per_claim(outcome: bool, filing_only: bool) -> float:
        pieces = [
            row
            for row in clean("evidence_2026-08-31.csv")
            if won.get(row["claim_id"]) is outcome
            if row["with_filing"] == "true" or not filing_only
        ]
        return len(pieces) / list(won.values()).count(outcome)

    assert pieces_per_claim(True, filing_only=True) > pieces_per_claim(False, filing_only=True)
    assert pieces_per_claim(True, filing_only=False) < pieces_per_claim(False, filing_only=False)


def test_the_truth_counts_returns() -> None:
    rows, told = newest_returns().values(), TRUTH["counts"]["returns"]
    markets = {"USD": "US", "EUR": "DE"}
    assert count(markets[row["Currency code"]] for row in rows) == told["returns"]
    assert sum(row["SafeT claim id"] != "" for row in rows) == told["with_safet_claim"]
    assert sum(row["A-to-Z Claim"] == "Y" for row in rows) == told["with_atoz_flag"]


def test_returns_and_tracker_hold_the_same_safet_claims() -> None:
    tracked = {row["claim_id"]: row for row in claims() if row["program"] == "amazon_safet"}
    returned = {row["SafeT claim id"]: row for row in newest_returns().values()}
    returned.pop("")
    assert returned.keys() == tracked.keys()
    assert all(re.fullmatch(r"\d+-\d+-\d+", claim_id) for claim_id in returned)
    assert all(row["Order ID"] == tracked[key]["order_id"] for key, row in returned.items())


@pytest.mark.parametrize("pull", ["2026-06-30", "2026-08-31"])
def test_returns_and_tracker_of_a_pull_agree_on_the_state_of_safet_claims(pull: str) -> None:
    tracked = {row["claim_id"]: row for row in claims(f"claims_{pull}.csv")}
    states = {
        row["SafeT claim id"]: row["SafeT claim state"]
        for market in ("us", "de")
        for row in clean(f"amazon_seller_returns_{market}_{pull}.txt")
        if row["SafeT claim id"]
    }
    assert len(states) > 100
    for claim_id, state in states.items():
        claim = tracked[claim_id]
        if state == "Appealed":
            assert claim["appeal_outcome"] == "pending"
        appeal = claim["appeal_outcome"].replace("pending", "")
        assert (appeal or claim["outcome"]) in OUTCOME_OF_STATE[state]


def test_flagged_returns_have_their_atoz_claim_except_five() -> None:
    atoz = {row["order_id"] for row in claims() if row["program"] == "amazon_atoz"}
    flagged = {row["Order ID"] for row in newest_returns().values() if row["A-to-Z Claim"] == "Y"}
    assert len(flagged - atoz) == 5


def test_the_truth_counts_reimbursements() -> None:
    rows = clean("amazon_fba_reimbursements_us_2026-08-31.txt")
    told = TRUTH["counts"]["reimbursements"]
    assert len(rows) == told["lines"]
    assert sum(row["case-id"] != "" for row in rows) == told["with_case"]
    assert sum(row["reason"] == "Reimbursement_Reversal" for row in rows) == told["reversals"]
    assert sums((row["currency-unit"], row["amount-total"]) for row in rows) == told_sums(
        told["net_amount"]
    )


def test_reimbursed_cases_are_the_granted_fba_claims_of_the_us() -> None:
    granted = {
        row["claim_id"]: Decimal(row["granted_amount"])
        for row in claims()
        if row["program"] == "amazon_fba_reimbursement" and row["marketplace"] == "US"
        if row["outcome"] in {"granted_full", "granted_partial", "replaced"}
        or row["appeal_outcome"] == "granted_full"
    }
    paid = {
        row["case-id"]: Decimal(row["amount-total"])
        for row in clean("amazon_fba_reimbursements_us_2026-08-31.txt")
        if row["case-id"]
    }
    assert paid == granted


def test_reversals_take_back_what_an_earlier_line_paid() -> None:
    rows = clean("amazon_fba_reimbursements_us_2026-08-31.txt")
    by_id = {row["reimbursement-id"]: row for row in rows}
    reversals = [row for row in rows if row["reason"] == "Reimbursement_Reversal"]
    for row in reversals:
        original = by_id[row["original-reimbursement-id"]]
        assert Decimal(row["amount-total"]) == -Decimal(original["amount-total"]) < 0
        assert row["original-reimbursement-type"] == original["reason"]
        assert row["approval-date"] > original["approval-date"]


def test_a_reimbursement_id_has_two_lines_once_alike_and_once_not() -> None:
    rows = clean("amazon_fba_reimbursements_us_2026-08-31.txt")
    repeated = [key for key, n in Counter(row["reimbursement-id"] for row in rows).items() if n > 1]
    kinds = [
        len({tuple(row.values()) for row in rows if row["reimbursement-id"] == key})
        for key in repeated
    ]
    assert sorted(kinds) == [1, 2]


def test_the_recent_cohort_reads_far_below_the_planted_approval() -> None:
    recent = [row for row in claims() if instant(row["filed_at"]) >= datetime(2026, 8, 2)]
    approved = sum(
        row["outcome"] in {"granted_full", "granted_partial", "replaced"} for row in recent
    )
    denied = sum(row["outcome"] in {"denied", "expired"} for row in recent)
    told = TRUTH["counts"]["claims"]["recent"]
    assert told == {"claims": len(recent), "decided": approved + denied, "approved": approved}
    planted = TRUTH["planted"]["recent_cohort"]
    assert approved / (approved + denied) < planted["approval_of_decided"] - 0.20


def test_the_kind_of_the_simpson_reversal_looks_harmful_in_all_and_is_planted_helpful() -> None:
    planted = TRUTH["planted"]["simpson"]
    holders = {
        row["claim_id"]
        for row in clean("evidence_2026-08-31.csv")
        if row["kind"] == planted["kind"] and row["with_filing"] == "true"
    }
    results: dict[bool, list[bool]] = {True: [], False: []}
    for claim in claims():
        if claim["outcome"] in {"granted_full", "granted_partial", "replaced", "denied", "expired"}:
            approved = claim["outcome"] not in {"denied", "expired"}
            won = approved == (claim["program"] in SELLER_CLAIMS)
            results[claim["claim_id"] in holders].append(won)
    rates = {held: sum(won) / len(won) for held, won in results.items()}
    assert rates[True] - rates[False] <= -0.08
    assert planted["within_reason_points"] > 0 > planted["raw_points"]


@pytest.mark.parametrize("cell", TRUTH["planted"]["approval"], ids=lambda cell: cell["reason"])
def test_no_combination_of_evidence_leads_out_of_the_range_of_chances(cell: dict[str, Any]) -> None:
    """Otherwise a chance would be cut off at 0 or 1 and the planted effects would not add up."""
    evidence = TRUTH["planted"]["evidence"]
    steps = [
        (-effect * share / 100, effect * (1 - share) / 100)
        for kind, share in evidence["attached_share"][cell["reason"]].items()
        for effect in [evidence["effect_on_seller_wins_points"][kind]]
    ]
    stars = (min(evidence["clarity_levels"]), max(evidence["clarity_levels"]))
    slope, middle = evidence["clarity_points_per_star"] / 100, evidence["clarity_middle"]
    steps.append(tuple(slope * (star - middle) for star in stars))
    chances = [cell["seller_wins_of_decided"] + sum(gains) for gains in product(*steps)]
    assert 0 < min(chances) < max(chances) < 1


@pytest.mark.parametrize("row", DIRTY)
def test_a_dirty_row_stands_where_the_truth_says(row: dict[str, Any]) -> None:
    table = read(row["file"])
    fields = table.lines[row["line"]]
    if row["column"]:
        assert len(fields) == len(table.header)
        assert fields[table.header.index(row["column"])] == row["value"]
    else:
        told = re.findall(r"\d+", row["wrong"])
        assert told == [str(len(fields)), str(len(table.header))]


def test_lines_other_than_the_dirty_ones_have_all_columns() -> None:
    for name in DATA_FILES:
        header = read(name).header
        assert all(list(row) == header for row in clean(name))


def test_dates_of_clean_rows_exist() -> None:
    for claim in claims():
        assert date.fromisoformat(claim["filed_at"][:10]) >= date(2026, 1, 28)


def test_the_readme_lists_every_dirty_row_and_every_planted_approval() -> None:
    readme = (SAMPLE / "README.md").read_text(encoding="utf-8")
    for row in TRUTH["dirty_rows"]:
        assert f"| `{row['file']}` | {row['line']} |" in readme
    for cell in TRUTH["planted"]["approval"]:
        shown = (
            f"| {cell['program']} | {cell['reason']} | {cell['n_claims']} "
            f"| {100 * cell['approval_of_decided']:.0f} % |"
        )
        assert shown in readme
    for kind, points in TRUTH["planted"]["evidence"]["effect_on_seller_wins_points"].items():
        assert f"| {kind} | {points:+.0f} |" in readme
