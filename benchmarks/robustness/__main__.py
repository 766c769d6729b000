"""Run it: ``python -m benchmarks.robustness`` writes docs/robustness.md."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.robustness.judge import Verdict
from benchmarks.robustness.page import page
from benchmarks.robustness.run import CLAIMSTATS, run

SEED = 20260831
N_CASES = 2_400
PAGE = Path(__file__).parents[2] / "docs" / "robustness.md"
LISTED = {"silent": Verdict.SILENT, "other": Verdict.OTHER, "flagged": Verdict.FLAGGED}


def main() -> int:
    """Judge all cases, write the page, and say whether claimstats took any silently wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--cases", type=int, default=N_CASES, help="at least as many files")
    parser.add_argument("--out", type=Path, default=PAGE)
    parser.add_argument(
        "--list", choices=LISTED, default="silent", help="claimstats' cases to name"
    )
    asked = parser.parse_args()
    judged = run(asked.seed, asked.cases)
    asked.out.write_text(page(judged, asked.seed), encoding="utf-8")
    for case in judged:
        if case.verdicts[CLAIMSTATS] == LISTED[asked.list]:
            print(case.format, case.kind, case.detail, case.said, sep=" | ")
    n_silent = sum(case.verdicts[CLAIMSTATS] == Verdict.SILENT for case in judged)
    print(f"{len(judged):,} files, {n_silent} silently wrong; see {asked.out}", file=sys.stderr)
    return 1 if n_silent else 0


if __name__ == "__main__":
    sys.exit(main())
