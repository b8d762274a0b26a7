"""Say what a study will cost before it runs: python scripts/plan.py --help."""

import argparse
from pathlib import Path

import pandas as pd

from phasemix.base.errors import run
from phasemix.base.files import write_csv, write_json
from phasemix.planning.plan import check_budget, describe, make_plan
from phasemix.study.config import Config
from phasemix.study.overlays import read_config


def main() -> None:
    """Print the plan, write it beside the results, and say if it is above the budget."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=Path, required=True, help="overlay of scales/")
    parser.add_argument("--experiments", help="names joined by commas, or all; default: those that the scale runs")
    parser.add_argument("--profile", type=Path, help="folder of profiles/ with its own hardware")
    args = parser.parse_args()
    config: Config = read_config(args.scale, args.profile, run=args.experiments, data=False)
    results = Path("results") / config.scale
    plan = make_plan(config, results)
    write_csv(results / "plan.csv", pd.DataFrame(plan.rows))
    write_json(results / "plan.json", plan.totals)
    print(describe(config, plan))
    check_budget(config, plan)


if __name__ == "__main__":
    run(main)
