"""Write the sample exports and the truth planted in them.

Run ``python data/sample/generate.py`` to write them where this file lies, or name another folder.
The same bytes come out every time.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from generator.amazon_files import write_amazon_files
from generator.chance import Chance
from generator.claims import draw_claims
from generator.dirt import add_dirt
from generator.orders import draw_orders
from generator.plan import SEED
from generator.reimbursements import draw_reimbursements
from generator.returns import draw_returns
from generator.trackers import write_trackers
from generator.truth import tell_truth

HERE = Path(__file__).resolve().parent


def main(folder: Path = HERE) -> None:
    """Draw the sample and write its files and ``truth.json`` into a folder."""
    chance = Chance(SEED)
    orders = draw_orders(chance)
    claims = draw_claims(chance, orders)
    returns = draw_returns(chance, orders, claims)
    reimbursements = draw_reimbursements(chance, orders, claims)
    files = write_amazon_files(orders, returns, reimbursements) + write_trackers(chance, claims)
    dirty = add_dirt(files)
    truth = tell_truth(orders, claims, returns, reimbursements, files, dirty)

    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        (folder / file.name).write_bytes(file.content())
    told = json.dumps(truth, indent=1, ensure_ascii=False) + "\n"
    (folder / "truth.json").write_bytes(told.encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
