"""What a page carries packed comes out as it went in."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimstats.report.packing import packed, packed_json


def unpacked(text: str) -> Any:
    return gzip.decompress(base64.b85decode(text.replace(",", "<")))


@given(st.recursive(st.text() | st.integers() | st.none(), lambda x: st.lists(x), max_leaves=5))
def test_packed_json_reads_back_as_it_was(value: object) -> None:
    assert json.loads(unpacked(packed_json(value))) == value


@given(st.binary())
def test_the_same_content_is_packed_to_the_same_letters(content: bytes) -> None:
    assert packed(content) == packed(content)
    assert unpacked(packed(content)) == content
    assert not set("</") & set(packed(content))


def test_a_number_that_json_lacks_is_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        packed_json([float("nan")])
