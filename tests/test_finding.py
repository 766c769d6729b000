"""Findings as a reader meets them: numbers written out, tables typed, text escaped."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from datetime import datetime

import pandas as pd
import polars as pl
import pytest

from claimstats.errors import ParameterError
from claimstats.finding import Column, Finding, Method, Table, quantity, show_value

TABLE = Table(
    (
        Column("reason", "text", "The claims' reason.", ("wrong_item", "</script>", None)),
        Column("n_claims", "count", "Claims.", (1200, 0, None)),
        Column("rate", "share", "Share approved.", (0.4381, None, 1.0)),
        Column("median_days", "days", "Days.", (12.04, None, 0.0), missing="not reached"),
        Column("difference_points", "points", "Points.", (-8.26, 0.0, None)),
        Column("q_value", "p_value", "Adjusted.", (0.0004, 0.04, None)),
        Column("is_small", "flag", "small", (False, True, None)),
        Column("at", "time", "When.", (datetime(2026, 1, 2, 3, 4, 5), None, None)),
    )
)

METHOD = Method("What.", "Of what.", "What not.", "How sure.", ("Someone (1927)",))

FINDING = Finding(
    name="approval_rate",
    question="How many?",
    headline="43.8 % <of> claims & more",
    summary=TABLE,
    chart={"data": [], "layout": {}},
    sql="FROM approval_rate()",
    method=METHOD,
    caveats=("1 claim named '<b>' is excluded.",),
    parameters={"by": "reason"},
    as_of=datetime(2026, 8, 31, 23, 59, 59),
    details={"curves": TABLE},
)


def test_table_with_two_columns_of_one_name_is_refused() -> None:
    """Parquet and polars would keep one of them."""
    with pytest.raises(ValueError, match=r"several columns of one name: \['rate'\]"):
        Table((*TABLE.columns, TABLE.column("rate")))


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        (0.43812, "share", "43.8 %"),
        (0.0, "share", "0.0 %"),
        (1, "share", "100.0 %"),
        (12.04, "days", "12.0"),
        (-8.26, "points", "-8.3"),
        (8.0, "points", "+8.0"),
        (1234567, "count", "1,234,567"),
        (0.0004, "p_value", "< 0.001"),
        (0.0416, "p_value", "0.042"),
        (0.57936, "number", "0.579"),
        (True, "flag", "yes"),
        (False, "flag", "no"),
        (datetime(2026, 1, 2, 3, 4, 59), "time", "2026-01-02 03:04"),
        ("amazon_safet", "text", "amazon_safet"),
    ],
)
def test_value_is_written_for_a_reader(value, kind, shown):
    assert show_value(value, kind) == shown


@pytest.mark.parametrize("nothing", [None, float("nan")])
def test_nothing_is_never_written_as_a_number(nothing):
    assert show_value(nothing, "share") == "–"
    assert show_value(nothing, "days", "not reached") == "not reached"


@pytest.mark.parametrize(
    ("n", "noun", "words"),
    [
        (1, "claim is", "1 claim is"),
        (0, "claim is", "0 claims are"),
        (2, "claim has", "2 claims have"),
        (3, "rating was", "3 ratings were"),
        (4, "piece names", "4 pieces name"),
        (1200, "claim", "1,200 claims"),
    ],
)
def test_quantity_agrees_with_its_noun(n, noun, words):
    assert quantity(n, noun) == words


# Tables


def test_column_shows_its_values_and_what_is_missing():
    assert TABLE.column("median_days").shown() == ("12.0", "not reached", "0.0")
    assert TABLE.column("rate").shown() == ("43.8 %", "–", "100.0 %")
    assert TABLE.column("median_days").label == "median, days"


def test_table_is_read_by_column_and_by_row():
    assert TABLE["n_claims"] == (1200, 0, None)
    assert len(TABLE) == 3
    assert len(Table(())) == 0
    assert next(TABLE.rows())["rate"] == 0.4381
    assert [row["n_claims"] for row in TABLE.where("reason", "</script>").rows()] == [0]
    assert len(TABLE.where("reason", "nowhere")) == 0
    with pytest.raises(KeyError, match="nowhere"):
        TABLE.column("nowhere")


def test_columns_of_unequal_length_are_refused():
    with pytest.raises(ValueError, match=r"unequal length: \[1, 3\]"):
        Table((TABLE.column("rate"), Column("n", "count", "", (1,))))


TYPES = {
    "reason": pl.String, "n_claims": pl.Int64, "rate": pl.Float64, "median_days": pl.Float64,
    "difference_points": pl.Float64, "q_value": pl.Float64, "is_small": pl.Boolean,
    "at": pl.Datetime("us"),
}  # fmt: skip


@pytest.mark.parametrize("kept", [3, 0], ids=["rows", "no rows"])
@pytest.mark.parametrize("emptied", [False, True], ids=["values", "all null"])
def test_polars_table_has_its_types_whatever_is_in_it(kept, emptied):
    values = {c.name: (None,) * kept if emptied else c.values[:kept] for c in TABLE.columns}
    table = Table(tuple(replace(c, values=values[c.name]) for c in TABLE.columns))
    assert table.to_polars().schema == TYPES
    assert table.to_polars().rows() == list(zip(*values.values(), strict=True))


def test_pandas_table_has_the_same_columns():
    frame = FINDING.to_pandas()
    assert isinstance(frame, pd.DataFrame)
    assert list(frame.columns) == list(TABLE.names)
    assert frame["rate"].dtype == float


def test_pandas_column_without_values_stays_a_number():
    empty = Table(tuple(replace(c, values=(None, None)) for c in TABLE.columns))
    frame = replace(FINDING, summary=empty).to_pandas()
    assert frame["rate"].dtype == frame["median_days"].dtype == float


# Findings


def test_finding_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        FINDING.headline = "another"


def test_table_and_detail_are_polars_tables():
    assert FINDING.table.equals(TABLE.to_polars())
    assert FINDING.detail("curves").equals(FINDING.table)


def test_unknown_detail_is_refused_with_the_nearest_name():
    with pytest.raises(ParameterError, match=r"no table 'curve'. Did you mean 'curves'\?"):
        FINDING.detail("curve")


def test_notebook_shows_headline_table_caveats_and_cut_off_with_all_text_escaped():
    shown = FINDING._repr_html_()
    assert "43.8 % &lt;of&gt; claims &amp; more" in shown
    assert "&lt;/script&gt;" in shown
    assert "</script>" not in shown
    assert "&lt;b&gt;" in shown
    assert 'title="The claims&#x27; reason."' in shown
    assert "2026-08-31 23:59" in shown


def test_notebook_shows_the_first_rows_of_a_long_table():
    long = Table((Column("sku", "text", "", tuple(f"SKU-{n}" for n in range(60))),))
    shown = replace(FINDING, summary=long)._repr_html_()
    assert "SKU-49<" in shown
    assert "SKU-50<" not in shown


def test_dictionary_holds_everything_but_the_chart():
    told = FINDING.to_dict()
    assert told["as_of"] == "2026-08-31T23:59:59"
    assert told["table"] == list(TABLE.rows())
    assert set(told["details"]) == {"curves"}
    assert replace(FINDING, as_of=None).to_dict()["as_of"] is None


def test_method_is_read_in_order():
    assert [title for title, _ in METHOD.parts()] == [
        "Definition", "Denominator", "Left out", "Interval",
    ]  # fmt: skip


def test_figure_offers_no_button_that_sends_data_away():
    assert '"showSendToCloud": false' in FINDING.figure.to_html()
    bundle = FINDING.figure._repr_mimebundle_()
    assert '"showSendToCloud": false' in bundle["text/html"]
