"""Does the fast step do the same science? PYTHONPATH=. python bench/science.py --help.

Cells of a finished study are trained again by the reference loop, in float32 over the model of
``transformers``, from the same first weights on the same batches, and asked the same questions. The table
says both accuracies and losses, and how far seeds are apart.
"""

import argparse
import os
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import torch

from bench.reference import ReferenceLoop, reference_model
from phasemix.base.files import read_json, write_csv
from phasemix.corpora.tokenizer import Tokenizer
from phasemix.evaluation.on_the_way import measure
from phasemix.model.gpt_neox import Dimensions, build_model
from phasemix.study.cell import Cell, Curve
from phasemix.training.loop import set_up
from phasemix.training.train_cell import Data, make_mixture

EVERYTHING = Curve(subjects=10**6, loss_tokens=50_000)


def again(run: Path, results: Path, tokenizer: str) -> dict[str, Any]:
    """Train the cell of a finished run by the reference loop; a row of the table."""
    set_up(1)
    cell = Cell.model_validate(read_json(run / "manifest.json")["cell"])
    done = read_json(results / "evaluations" / run.relative_to(results / "runs") / "summary.json")
    data = Data(results / "corpora", results / "tokens" / tokenizer, results / "tokenizers" / tokenizer)
    tasks = data.open(cell)
    mixture = make_mixture(cell, tasks)
    entries = Tokenizer(data.tokenizer)
    torch.manual_seed(cell.named_seed("model"))
    model = build_model(Dimensions.of(cell.architecture, len(entries), cell.recipe.context, entries.end_of_text))
    loop = ReferenceLoop(reference_model(model), cell.recipe)
    for _ in range(cell.recipe.steps):
        loop.step(next(mixture))
    model.load_state_dict(loop.model.state_dict(), strict=False)
    evaluate, _ = measure(tasks, EVERYTHING, cell.recipe.context)
    found = evaluate(model)
    dense, base = cell.mixture.sources
    return {
        "size": cell.size,
        "ratio": cell.mixture.proportions[dense],
        "seed": cell.seed,
        "accuracy": done["accuracy"][dense][""],
        "reference_accuracy": found[f"accuracy.{dense}"],
        "web_loss": done["loss"][base],
        "reference_web_loss": found[f"loss.{base}"],
    }


def main() -> None:
    """Train the cells again, print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--results", type=Path, default=Path("results/laptop"), help="of a finished study")
    parser.add_argument("--experiment", default="transition")
    parser.add_argument("--tokenizer", default="laptop", help="of that experiment")
    parser.add_argument("--size", default="58k")
    parser.add_argument("--ratios", nargs="+", default=["0.2", "0.3", "0.4"], help="around the critical one")
    parser.add_argument("--seeds", nargs="+", default=["0", "1", "2"])
    parser.add_argument("--out", type=Path, default=Path("results/bench/science.csv"))
    args = parser.parse_args()
    root = args.results / "runs" / args.experiment / f"size={args.size}"
    runs = [root / f"ratio={ratio}" / f"seed={seed}" for ratio in args.ratios for seed in args.seeds]
    missing = [run for run in runs if not (run / "manifest.json").exists()]
    if missing:
        parser.error(f"{missing[0]} is not there: make reproduce first, or name cells that are")
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        table = pd.DataFrame(pool.map(partial(again, results=args.results, tokenizer=args.tokenizer), runs))
    write_csv(args.out, table)
    print(table.round(4).to_string(index=False))
    by_ratio = table.groupby("ratio")[["accuracy", "reference_accuracy"]].agg(["mean", "std"])
    print(f"\nover seeds\n{by_ratio.round(4).to_string()}")


if __name__ == "__main__":
    main()
