"""Files as they are downloaded: text with a header line, in some encoding, perhaps packed."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from dataclasses import dataclass
from pathlib import PurePath

ZIP_DATE = (2026, 1, 1, 0, 0, 0)
REGULAR_FILE = 0o644 << 16


@dataclass
class SampleFile:
    """One file of the sample. ``rows`` are the lines below the header, each a list of fields."""

    name: str
    encoding: str
    header: list[str]
    rows: list[list[str]]

    def line_of(self, row: int) -> int:
        """Give the line that a row stands on; the header is line 1."""
        return row + 2

    def text(self) -> str:
        """Write the lines: trackers as CSV, Amazon's reports with tabs and no quoting at all."""
        lines = [self.header, *self.rows]
        if not self.name.endswith(".csv"):
            return "".join("\t".join(line) + "\n" for line in lines)
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(lines)
        return out.getvalue()

    def content(self) -> bytes:
        """Give the file's bytes, packed as its name says, without a trace of the clock."""
        plain = self.text().encode(self.encoding)
        match PurePath(self.name).suffix:
            case ".gz":
                return _gzip(plain)
            case ".zip":
                return _zip(PurePath(self.name).stem + ".txt", plain)
            case _:
                return plain


def _gzip(plain: bytes) -> bytes:
    out = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=out, mtime=0) as packed:
        packed.write(plain)
    return out.getvalue()


def _zip(member: str, plain: bytes) -> bytes:
    info = zipfile.ZipInfo(member, ZIP_DATE)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3
    info.external_attr = REGULAR_FILE
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(info, plain)
    return out.getvalue()
