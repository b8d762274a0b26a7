"""Where the time of a study that `make reproduce` has run went: PYTHONPATH=. python bench/waiting.py --help.

Snakemake measured every job. Of training, the part inside the loop is known from the runs; of evaluation, the forward
passes are timed again here, one cell of every size. The rest is starting, loading and writing. What no job used of
the cores was idle, or Snakemake's own. It writes ``waiting.csv``.
"""

import argparse
import re
import time
from datetime import datetime
from pathlib import Path

import pandas as pd
import torch

from phasemix.base.files import read_json, write_csv
from phasemix.evaluation.answers import answer
from phasemix.evaluation.on_the_way import measured_losses
from phasemix.evaluation.questions import make_questions
from phasemix.model.gpt_neox import load_model
from phasemix.study.cell import Cell
from phasemix.study.config import Config
from phasemix.study.layout import Layout
from phasemix.study.overlays import read_config
from phasemix.training.train_cell import Data

FORMAT = "%a %b %d %H:%M:%S %Y"  # of Snakemake's times


def benchmarks(folder: Path) -> pd.Series:
    """The seconds of every job, by rule."""
    found = [(path.relative_to(folder).parts[0], path) for path in sorted(folder.rglob("*.tsv"))]
    seconds = [float(pd.read_csv(path, sep="\t")["s"].iloc[0]) for _, path in found]
    return pd.Series(seconds, index=pd.Index([rule for rule, _ in found], name="rule"))


def wall_seconds(log: Path) -> float:
    """From the first to the last time in Snakemake's log."""
    times = [
        datetime.strptime(found, FORMAT)  # noqa: DTZ007 (both of this machine)
        for found in re.findall(r"^\[(.+)\]$", log.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    return (max(times) - min(times)).total_seconds()


def forward_seconds(config: Config, layout: Layout) -> float:
    """How long the forward passes of all evaluations take, one cell of every size timed."""
    results, total = Path(layout.results), 0.0
    for name, experiment in config.training.items():
        if name not in config.running:
            continue
        data = Data(
            results / "corpora", results / "tokens" / experiment.tokenizer, Path(layout.tokenizer(experiment.tokenizer))
        )
        asked = experiment.evaluated(config).examination
        for size in dict.fromkeys(key.size for key in experiment.cells):
            keys = [key for key in experiment.cells if key.size == size]
            run = Path(layout.of_cell("runs", name, keys[0]))
            cell = Cell.model_validate(read_json(run / "manifest.json")["cell"])
            tasks, model = data.open(cell), load_model(run / "model")
            losses = measured_losses(tasks, asked.loss_tokens, cell.recipe.context)
            questions = [make_questions(task.questions(asked.subjects), task.tokenizer) for task in tasks.values()]
            began = time.monotonic()
            losses(model)
            for each in questions:
                answer(model, each)
            total += len(keys) * (time.monotonic() - began)
    return total


def main() -> None:
    """Print the account and write it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=Path, default=Path("scales/laptop.yaml"))
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--out", type=Path, default=Path("results/bench"))
    args = parser.parse_args()
    torch.set_num_threads(1)
    config = read_config(args.scale)
    layout = Layout(config.scale)
    results = Path(layout.results)
    seconds = benchmarks(results / "benchmarks")
    manifests = [read_json(path) for path in sorted((results / "runs").rglob("manifest.json"))]
    loops = sum(manifest["seconds"] for manifest in manifests)
    inside = {"train": loops, "evaluate": forward_seconds(config, layout)}
    table = seconds.groupby(level="rule").agg(["count", "sum"]).rename(columns={"count": "jobs", "sum": "seconds"})
    table["inside"] = pd.Series(inside)
    table["outside_per_job"] = (table["seconds"] - table["inside"]) / table["jobs"]
    table = table.sort_values("seconds", ascending=False).reset_index()
    wall = wall_seconds(Path(layout.log("snakemake")))
    print(table.round(2).to_string(index=False))
    on_the_way = sum(manifest["evaluation_seconds"] for manifest in manifests)
    print(f"evaluation on the way, inside training: {on_the_way:.0f} s")
    used = seconds.sum() / (args.cores * wall)
    print(f"wall time {wall:.0f} s on {args.cores} cores; jobs that were measured used {used:.0%} of them")
    write_csv(args.out / "waiting.csv", table)


if __name__ == "__main__":
    main()
