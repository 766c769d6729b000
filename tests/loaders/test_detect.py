from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from claimstats.errors import FileRefused, ParameterError
from claimstats.loaders.detect import Detected, detect
from claimstats.loaders.exports import EXPORTS
from claimstats.loaders.reading import Reading
from claimstats.loaders.sources import Source
from claimstats.loaders.spec import Export, Field, normal_name

exports = pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.name)

tables = pytest.mark.parametrize(
    "export", [e for e in EXPORTS if e.container == "table"], ids=lambda export: export.name
)

BY_NAME = {export.name: export for export in EXPORTS}


@pytest.fixture
def detected(source: Callable[..., Source]) -> Callable[..., Detected]:
    """What a file with this header is taken for."""

    def of(header: Sequence[str], delimiter: str = ",") -> Detected:
        return detect(source((delimiter.join(header) + "\n").encode()))

    return of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("amazon-order-id", "Amazon Order ID"),
        ("A-to-Z Claim", "A-to-z claim"),
        ("claim_id", " Claim  ID "),
        ("claim_id", "\ufeffclaim id\u200b"),
        ("order.id:", "order/id"),
        ("buyer\u2019s note", "buyer's note"),
        ("ｏｒｄｅｒ", "order"),
    ],
)
def test_names_that_differ_in_case_width_and_signs_are_one(one: str, other: str) -> None:
    assert normal_name(one) == normal_name(other)


def test_header_variant_is_recognised(
    detected: Callable[..., Detected], header: Callable[[str], list[str]], variant: str
) -> None:
    found = detected(header(variant), "\t")
    assert found.export.name == variant.partition(".")[0]
    assert len(found.columns) == len(header(variant))


@tables
def test_export_is_told_by_its_signature_alone(
    detected: Callable[..., Detected], export: Export
) -> None:
    needed = [column.header for column in export.fields if column.name in export.signature]
    assert detected(needed).export is export
    for missing in needed:
        with pytest.raises(FileRefused):
            detected([name for name in needed if name != missing])


@exports
def test_no_header_name_means_two_columns(export: Export) -> None:
    names = [name for column in export.fields for name in column.names]
    assert len(names) == len(set(names))


@exports
def test_export_names_its_fields_targets_and_source(export: Export) -> None:
    assert set(export.signature) <= {column.name for column in export.fields}
    assert export.targets and export.title and export.source and export.grain
    assert all(column.example for column in export.fields if column.type == "key")


def test_columns_of_every_tracker_template_are_known() -> None:
    from claimstats.bundled import templates

    for path in (path for path in templates() if path.suffix == ".csv"):
        names = path.read_text(encoding="utf-8").strip().split(",")
        known = BY_NAME[path.stem].by_header
        assert [name for name in names if normal_name(name) not in known] == []


def test_of_two_formats_that_fit_the_one_that_knows_more_columns_is_taken(
    detected: Callable[..., Detected],
) -> None:
    both = ["claim_id", "program", "outcome", "kind"]
    assert detected([*both, "reason", "filed_at"]).export.name == "claims"
    assert detected([*both, "with_filing", "legible"]).export.name == "evidence"


def test_columns_are_mapped_by_name_wherever_they_stand(
    detected: Callable[..., Detected],
) -> None:
    found = detected(["outcome", "my own", "Program", "CLAIM-ID"])
    assert [column and column.name for column in found.columns] == [
        "state_raw", None, "program", "claim_id",
    ]  # fmt: skip
    assert found.unknown == ("my own",)


def test_unknown_columns_of_one_name_are_kept_apart(detected: Callable[..., Detected]) -> None:
    found = detected(["claim_id", "program", "outcome", "tag", "tag", "", ""])
    assert found.unknown == ("tag", "tag (column 5)", "(column 6)", "(column 7)")


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (["claim_id", "program", "outcome", "Claim ID"], "names claim_id more than once"),
        (["claim_id", "program", "result"], "looks like claims, but its header lacks outcome"),
        (["order", "price"], "is no export that claimstats knows; it begins 'order,price'"),
        (['"claim_id', "program", "outcome"], "but its header lacks a quote"),
        (["x" * 500], "it begins 'x{120}\\.\\.\\.'"),
    ],
)
def test_header_that_cannot_be_read_is_refused(
    detected: Callable[..., Detected], header: list[str], reason: str
) -> None:
    with pytest.raises(FileRefused, match=reason):
        detected(header)


@pytest.mark.parametrize(
    ("header", "may_be_own"),
    [
        (["Fall", "Art", "Betrag", "Gebühren & Steuern"], True),
        (["claim_id", "program", "result"], True),
        (["Date", "Type", "Currency", "Fees & Taxes", "Net", "Amount"], False),
    ],
)
def test_sheet_with_few_columns_of_an_export_may_be_ones_own(
    detected: Callable[..., Detected], header: list[str], may_be_own: bool
) -> None:
    with pytest.raises(FileRefused, match="looks like") as refused:
        detected(header)
    assert ("`claimstats map` if it is a sheet of your own" in str(refused.value)) == may_be_own


def test_alias_beside_the_name_itself_is_refused(
    detected: Callable[..., Detected], header: Callable[[str], list[str]]
) -> None:
    doubled = [*header("amazon_mfn_returns.docs_32"), "Seller RMA ID"]
    with pytest.raises(FileRefused, match="names Merchant RMA ID more than once"):
        detected(doubled, "\t")


def test_rows_above_the_header_are_not_passed_over(source: Callable[..., Source]) -> None:
    """A sheet that was sorted together with its header."""
    content = b"A title,,\nC1,other,denied\nclaim_id,program,outcome\nC2,other,denied\n"
    with pytest.raises(FileRefused, match=r"line 2: looks like a row.*header, which is line 3"):
        detect(source(content))
    assert detect(source(content.replace(b"C1,other", b",other"))).dialect.header_line == 3


CLAIMS = b"claim_id,program,outcome\nC1,other,denied\n"


def test_said_format_is_taken_where_another_knows_more_columns(
    source: Callable[..., Source],
) -> None:
    made = source(b"claim_id,program,outcome,kind,with_filing,legible\n")
    assert detect(made).export.name == "evidence"
    assert detect(made, Reading(format="claims")).export.name == "claims"


def test_said_format_whose_columns_lack_is_refused_with_them(source: Callable[..., Source]) -> None:
    with pytest.raises(FileRefused, match=r"line 1: is no evidence, as was said: .* has kind"):
        detect(source(CLAIMS), Reading(format="evidence"))


def test_mapped_export_alone_is_looked_for(source: Callable[..., Source]) -> None:
    mine = replace(BY_NAME["claims"], name="mine")
    assert detect(source(CLAIMS), Reading(mapped=mine)).export.name == "mine"


@pytest.mark.parametrize(
    ("reading", "reason"),
    [
        (Reading(format="claim"), "the format cannot be 'claim'. Did you mean 'claims'"),
        (Reading(delimiter="/"), "the delimiter cannot be '/'. Allowed: tab, comma, semicolon"),
        (Reading(encoding="utf9"), "the encoding cannot be 'utf9'"),
    ],
)
def test_what_cannot_be_said_is_answered_with_what_can(
    source: Callable[..., Source], reading: Reading, reason: str
) -> None:
    with pytest.raises(ParameterError, match=re.escape(reason)):
        detect(source(CLAIMS), reading)


@pytest.mark.parametrize("said", [",", "comma", "Comma"])
def test_delimiter_is_said_by_its_sign_or_its_name(
    source: Callable[..., Source], said: str
) -> None:
    assert detect(source(CLAIMS), Reading(delimiter=said)).dialect.delimiter == ","


def test_said_delimiter_that_does_not_fit_is_refused_with_the_one_that_does(
    source: Callable[..., Source],
) -> None:
    with pytest.raises(FileRefused, match=r"known with the delimiter ';'; with a comma line 1 is"):
        detect(source(CLAIMS), Reading(delimiter=";"))


@pytest.mark.parametrize(
    ("content", "reading", "assumed"),
    [
        (CLAIMS, Reading(), ()),
        (CLAIMS.replace(b",", b"\t"), Reading(), ()),
        (CLAIMS.replace(b",", b";"), Reading(delimiter=";"), ()),
        (
            CLAIMS.replace(b",", b";"), Reading(),
            ("columns end at a semicolon, as the bytes show; --delimiter overrules.",),
        ),
        (
            CLAIMS + "é,ü,ö\n".encode("cp1252"), Reading(),
            (
                "the encoding is cp1252 (Western European), as the bytes show; --encoding "
                "overrules.",
            ),
        ),
        (
            CLAIMS.replace(b",", b"|") + b"\xe9", Reading(),
            (
                "the encoding is cp1252 (Western European) and columns end at a pipe, as the bytes "
                "show; --encoding and --delimiter overrule.",
            ),
        ),
        (CLAIMS + b"\xe9", Reading(encoding="cp1252"), ()),
    ],
)  # fmt: skip
def test_what_was_assumed_is_said_in_one_sentence_with_the_option_that_overrules_it(
    source: Callable[..., Source], content: bytes, reading: Reading, assumed: tuple[str, ...]
) -> None:
    assert detect(source(content), reading).dialect.assumed == assumed


def test_million_columns_are_refused_before_they_are_compared(
    source: Callable[..., Source],
) -> None:
    with pytest.raises(FileRefused, match=r"line 2: has 1,000,001 columns; no export has more"):
        detect(source(b"x\n" + b"," * 1_000_000))


def test_field_that_is_missing_is_said_by_its_name_in_the_file() -> None:
    assert Field("order_id", "Order ID", "key", required=True).names == {"order id"}
    missing = BY_NAME["claims"].missing_from({"claim id", "outcome"})
    assert missing == ["program"]


def test_header_that_goes_on_into_a_row_is_refused(detected: Callable[..., Detected]) -> None:
    names = ["claim_id", "program", "outcome", "noteC1", "other", "pending", "2026-05-08"]
    with pytest.raises(FileRefused, match="'2026-05-08' among its names"):
        detected(names)
