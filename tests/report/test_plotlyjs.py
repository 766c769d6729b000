"""The packed script is the installed wheel's, byte for byte, and packs to the same text."""

from __future__ import annotations

import base64
import gzip
from importlib.resources import files

import pytest

from claimstats.errors import ClaimstatsError
from claimstats.report import plotlyjs


def test_the_packed_script_unpacks_to_the_wheels() -> None:
    script = files("plotly").joinpath("package_data", "plotly.min.js").read_bytes()
    packed = plotlyjs.load().packed.replace(",", "<")
    assert gzip.decompress(base64.b85decode(packed)) == script


def test_packing_twice_gives_the_same_text() -> None:
    first = plotlyjs.load()
    plotlyjs.load.cache_clear()
    assert plotlyjs.load() == first


def test_style_sheets_that_the_script_would_add_are_found() -> None:
    assert all(len(name) == 64 for name in plotlyjs.load().style_ids)
    assert len(set(plotlyjs.load().style_ids)) == len(plotlyjs.load().style_ids)


def test_a_missing_plotly_is_said_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    plotlyjs.load.cache_clear()
    monkeypatch.setattr(plotlyjs, "find_spec", lambda name: None)
    with pytest.raises(ClaimstatsError, match=r"pip install .*plotly"):
        plotlyjs.load()
