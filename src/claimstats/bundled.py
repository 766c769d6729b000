"""Where the sample, the notebooks and the trackers' templates lie, installed or in a checkout."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

_PACKAGE = Path(str(files("claimstats")))
_CHECKOUT = _PACKAGE.parents[1]
EXPORT_SUFFIXES = frozenset({".txt", ".csv", ".gz", ".zip"})


def sample_folder() -> Path:
    """The folder of the synthetic exports."""
    return _found("sample", _CHECKOUT / "data" / "sample")


def sample_files() -> list[Path]:
    """The synthetic exports, in the order of their names.

    Examples
    --------
    >>> from claimstats.bundled import sample_files
    >>> any(path.name.startswith("claims_") for path in sample_files())
    True
    """
    return sorted(p for p in sample_folder().iterdir() if p.suffix in EXPORT_SUFFIXES)


def notebooks() -> list[Path]:
    """The notebooks, in their order."""
    return sorted(_found("notebooks", _CHECKOUT / "notebooks").glob("*.ipynb"))


def templates() -> list[Path]:
    """The empty trackers and the page that explains them."""
    return sorted((_PACKAGE / "templates").iterdir())


def _found(name: str, in_checkout: Path) -> Path:
    """The folder inside the installed package, else the one of the checkout it runs from."""
    installed = _PACKAGE / "bundled" / name
    return installed if installed.is_dir() else in_checkout
