"""How long Snakemake takes to plan, and in how much memory: PYTHONPATH=. python bench/dag.py --help.

Dry runs of the scale ``paper``, of what it runs by default and of all its experiments, and of synthetic grids of up to
5,000 cells; then the plan and the status of the largest, half of whose cells are done. Nothing is trained.
It writes ``dag.csv``.
"""

import argparse
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import psutil
import yaml

from phasemix.base.files import write_csv, write_json
from phasemix.planning.plan import make_plan
from phasemix.planning.status import standings
from phasemix.study.overlays import read_config

SIZES = ["14M", "31M", "50M", "70M", "95M", "120M", "160M", "256M", "410M", "1B"]
RECIPE = {"tokens": 32_000_000_000, "batch_size": 512, "context": 2048}
STUDY = {"dense": "synbio-320k", "base": "fineweb-edu", "tokenizer": "gpt-neox", "recipe": RECIPE}


def grid(cells: int) -> dict[str, Any]:
    """An overlay of ``paper`` with so many cells: ten sizes, a hundred ratios, and as many seeds as it takes."""
    seeds = list(range(-(-cells // (len(SIZES) * 100))))
    ratios = [round(0.1 + i / 1000, 3) for i in range(cells // (len(SIZES) * len(seeds)))]
    block = {"sizes": SIZES, "ratios": ratios, "seeds": seeds}
    return {"transition": {"kind": "transition", **STUDY, "grid": [block]}}


def dry_run(changes: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Jobs, seconds and peak megabytes of planning ``paper`` with these changes; tables of the user's are made up."""
    overlay = yaml.safe_load(Path("scales/paper.yaml").read_text(encoding="utf-8")) | changes
    for source in overlay["sources"].values():
        if "table" in source:
            source["table"] = str(folder / source["table"])
            Path(source["table"]).touch()
    file = folder / "overlay.yaml"
    file.write_text(yaml.safe_dump(overlay, sort_keys=False), encoding="utf-8")
    line = [sys.executable, "-m", "snakemake", "--configfile", str(file), "--dry-run", "--quiet", "rules"]
    line += ["--workflow-profile", "profiles/slurm"]
    began, peak = time.monotonic(), 0
    with (folder / "log").open("w+", encoding="utf-8") as log:
        process = psutil.Popen(line, stdout=log, stderr=subprocess.STDOUT, env=os.environ | {"PYTHONPATH": "."})
        while process.poll() is None:
            try:
                peak = max(peak, process.memory_info().rss)
            except psutil.Error:
                break
            time.sleep(0.05)
        seconds = time.monotonic() - began
        log.seek(0)
        said = log.read()
    if process.wait():
        sys.exit(f"error: the dry run fails: {said[-2000:]}")
    total = re.search(r"^total +(\d+)", said, re.MULTILINE)
    return {"jobs": int(total[1]) if total else 0, "seconds": seconds, "megabytes": peak / 2**20}


def plan_and_status(cells: int, folder: Path) -> Iterator[dict[str, Any]]:
    """Seconds of planning and of telling the status of a grid, every second cell of which is done."""
    overlay = yaml.safe_load(Path("scales/paper.yaml").read_text(encoding="utf-8"))
    file = folder / "overlay.yaml"
    file.write_text(
        yaml.safe_dump(overlay | {"experiments": grid(cells), "run": ["transition"], "scale": "dag"}), encoding="utf-8"
    )
    config = read_config(file)
    for cell in config.experiments["transition"].cells[::2]:
        write_json(folder / "evaluations/transition" / cell.format() / "summary.json", {"diverged": False})
    for what, do in (("plan", make_plan), ("status", standings)):
        began = time.monotonic()
        do(config, folder)
        yield {"grid": f"{what} of {cells} cells", "jobs": 2 * cells, "seconds": time.monotonic() - began}


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cells", nargs="*", type=int, default=[1000, 5000], help="of synthetic grids")
    parser.add_argument("--out", type=Path, default=Path("results/bench"))
    args = parser.parse_args()
    grids: dict[str, dict[str, Any]] = {"paper": {}, "all of paper": {"run": "all"}}
    grids |= {f"{n} cells": {"experiments": grid(n), "run": ["transition"], "scale": "dag"} for n in args.cells}
    rows = []
    with TemporaryDirectory() as name:
        for what, changes in grids.items():
            rows.append({"grid": what, **dry_run(changes, Path(name))})
            row = rows[-1]
            print(f"{what:<20} {row['jobs']:6,} jobs {row['seconds']:6.1f} s {row['megabytes']:6,.0f} MB", flush=True)
        for row in plan_and_status(max(args.cells, default=100), Path(name)):
            rows.append(row)
            print(f"{row['grid']:<20} {row['seconds']:.2f} s")
    write_csv(args.out / "dag.csv", pd.DataFrame(rows))


if __name__ == "__main__":
    main()
