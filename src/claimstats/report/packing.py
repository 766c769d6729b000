"""Text that travels in a page packed: smaller, and nothing in it can end its element."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any


def packed(content: bytes) -> str:
    """Gzip and base64, the same for the same content; a browser's DecompressionStream undoes it.

    Examples
    --------
    >>> import base64, gzip
    >>> gzip.decompress(base64.b64decode(packed(b"</script>")))
    b'</script>'
    """
    return base64.b64encode(gzip.compress(content, compresslevel=9, mtime=0)).decode("ascii")


def packed_json(value: Any) -> str:
    """`packed` of a value written as JSON."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return packed(text.encode("utf-8"))
