"""When a report is usable and when its charts are drawn, in the browser that the tests drive.

The sample's page is opened in fresh contexts; times count from the navigation's start. Run it with
``make bench-page``; a quiet machine is wanted.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

import claimstats

PAINTED = (
    "performance.getEntriesByType('paint').find(e => e.name === 'first-contentful-paint').startTime"
)
USABLE = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
DRAWN = """new Promise(resolve => {
    const look = () => document.documentElement.dataset.charts
        ? resolve(performance.now()) : requestAnimationFrame(look);
    look();
})"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "report.html"
        with claimstats.sample_book() as book:
            claimstats.write_report(book, page)
        times = measure(page, runs)
        print(f"{page.stat().st_size:,} bytes, {runs} openings")
    for name, values in times.items():
        print(
            f"{name}: {statistics.median(values):.0f} ms ({min(values):.0f} to {max(values):.0f})"
        )


def measure(page: Path, runs: int) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {"first words": [], "usable": [], "all charts": []}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for _ in range(runs):
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            seen = context.new_page()
            seen.goto(page.as_uri(), wait_until="commit")
            drawn = seen.evaluate(DRAWN)
            for name, value in zip(
                times, (seen.evaluate(PAINTED), seen.evaluate(USABLE), drawn), strict=True
            ):
                times[name].append(value)
            context.close()
        browser.close()
    return times


if __name__ == "__main__":
    main()
