"""What makes a page safe to open: its content policy."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable

# plotly.js adds an empty <style> element and fills it rule by rule, which a policy allows if it
# allows the empty element.
EMPTY_STYLE = ""


def content_policy(scripts: Iterable[str], styles: Iterable[str]) -> str:
    """Allow exactly these inline scripts and styles, and nothing from anywhere.

    Parameters
    ----------
    scripts, styles
        The text of each inline element.

    Returns
    -------
    str
        The value of a Content-Security-Policy.

    Notes
    -----
    ``blob:`` is for plotly.js, which the page unpacks itself; ``data:`` and ``blob:`` images are
    for saving a chart as a picture.

    References
    ----------
    W3C, Content Security Policy Level 3. https://www.w3.org/TR/CSP3/
    """
    directives = {
        "default-src": "'none'",
        "script-src": " ".join([*map(_source, scripts), "blob:"]),
        "style-src": " ".join(map(_source, [*styles, EMPTY_STYLE])),
        "img-src": "data: blob:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def _source(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
