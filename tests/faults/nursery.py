"""A process that has everything imported, forks a load for each line it reads, and kills it.

Each line on stdin is JSON: the book, the files, and the seconds until SIGKILL or null for never.
The answer on stdout is how the load ended and how long it took. To fork costs milliseconds where to
start Python costs a second.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time

import pandas  # duckdb imports these when it first needs them; here it is once for every child
import pytz

import claimstats
from claimstats import loaders, session

assert all((pandas, pytz, loaders, session))


def load(book: str, files: list[str]) -> None:
    with claimstats.connect(book) as into:
        into.load(files)


def serve() -> None:
    for line in sys.stdin:
        asked = json.loads(line)
        began = time.monotonic()
        child = os.fork()
        if not child:
            load(asked["book"], asked["files"])
            os._exit(0)
        if asked["seconds"] is not None:
            time.sleep(asked["seconds"])
            os.kill(child, signal.SIGKILL)  # not waited for yet: the number is still its own
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), time.monotonic() - began, flush=True)


if __name__ == "__main__":
    serve()
