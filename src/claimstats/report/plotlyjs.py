"""plotly.js as the installed plotly wheel carries it, packed so that a page can hold it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from claimstats.errors import ClaimstatsError
from claimstats.report.packing import packed

BUNDLE = Path("package_data", "plotly.min.js")

# A library inside plotly.js adds a style sheet for maps unless an element has the sheet's id.
_STYLE_SHEET = re.compile(r'document\.getElementById\("([0-9a-f]{64})"\)')


@dataclass(frozen=True)
class PlotlyJs:
    """The script, ready for a page.

    Parameters
    ----------
    packed
        The script, packed.
    style_ids
        Ids of style sheets that the script would add and no chart here needs; where an element
        with such an id exists, the script adds none, and a strict content policy has nothing to
        report.
    """

    packed: str
    style_ids: tuple[str, ...]


@cache
def load() -> PlotlyJs:
    """Read and pack the script of the installed plotly package, without importing the package.

    Raises
    ------
    ClaimstatsError
        Where plotly is not installed or lacks its script.
    """
    script = bundle().read_bytes()
    ids = _STYLE_SHEET.findall(script.decode("utf-8"))
    return PlotlyJs(packed(script), tuple(dict.fromkeys(ids)))


def bundle() -> Path:
    """Where the script of the installed plotly package lies.

    Raises
    ------
    ClaimstatsError
        Where plotly is not installed or lacks its script.
    """
    spec = find_spec("plotly")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        if (path := Path(folder) / BUNDLE).is_file():
            return path
    raise ClaimstatsError(
        "charts need plotly's script, which is not installed; "
        "install it with: pip install --force-reinstall plotly"
    )
