"""Compare a run of one's own with the reference results: python scripts/compare.py --help."""

import argparse
from pathlib import Path

import pandas as pd

from phasemix.base.errors import PhasemixError, run
from phasemix.base.files import write_csv
from phasemix.reference.compare import compare_cells, compare_facts, compare_ledgers, describe
from phasemix.study.layout import Layout
from phasemix.study.overlays import read_config


def main() -> None:
    """Print where cells and verdicts differ, and write the numbers beside the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=Path, required=True, help="overlay of scales/")
    parser.add_argument("--experiments", help="names joined by commas, or all; default: those that the scale runs")
    parser.add_argument("--reference", type=Path, default=Path("docs/results"), help="folder of reference results")
    args = parser.parse_args()
    config = read_config(args.scale, run=args.experiments)
    layout, reference = Layout(config.scale), args.reference / config.scale
    trained = [name for name in config.running if name in config.training]
    if not trained:
        raise PhasemixError("none of these experiments trains cells: there is nothing to compare")
    parts = []
    for name in trained:
        own, kept = Path(layout.tables(name)), reference / name / "tables"
        try:
            compared = compare_cells(own / "cells.csv", kept / "cells.csv")
        except PhasemixError as error:
            if len(trained) == 1:
                raise
            print(f"{name}: not compared ({error})")
            continue
        print(describe(name, compared))
        for line in compare_facts(own / "facts.json", kept / "facts.json"):
            print(f"  {line}")
        parts.append(compared.cells.assign(experiment=name))
    if not parts:
        raise PhasemixError("none of these experiments could be compared")
    write_csv(Path(layout.results) / "comparison.csv", pd.concat(parts, ignore_index=True))
    ledgers = Path(layout.ledger), reference / "ledger.csv"
    if missing := [str(path) for path in ledgers if not path.is_file()]:
        print(f"claims are not compared: {missing[0]} is not there")
        return
    claims = compare_ledgers(*ledgers)
    print(f"{len(claims)} claims have another verdict")
    for claim in claims.to_dict("records"):
        print(f"  {claim['id']}: {claim['own']}, reference {claim['reference']}\n    {claim['measured (own)']}")


if __name__ == "__main__":
    run(main)
