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
from phasemix.corpora.tokenizer import load_tokenizer
from phasemix.corpora.tokens import heldout_tokens
from phasemix.evaluation.evaluate_cell import accuracies
from phasemix.evaluation.recall_accuracy import recall_table
from phasemix.evaluation.validation_loss import stream_loss
from phasemix.model.gpt_neox import build_model
from phasemix.study.cell import Cell
from phasemix.tasks.synbio.people import SynBio
from phasemix.training.loop import set_up
from phasemix.training.train_cell import Data, make_mixture

WEB_TOKENS = 50_000


def again(run: Path, results: Path, dataset: str) -> dict[str, Any]:
    """Train the cell of a finished run by the reference loop; a row of the table."""
    set_up(1)
    cell = Cell.model_validate(read_json(run / "manifest.json")["cell"])
    done = read_json(results / "evaluations" / run.relative_to(results / "runs") / "summary.json")
    people = results / "corpora" / "people" / dataset / "people.parquet"
    pieces = results / "tokens" / "biographies" / dataset
    data = Data(results / "tokens" / "web", pieces, people, run / "model")
    tokenizer, synbio = load_tokenizer(data.tokenizer), SynBio(pd.read_parquet(people))
    mixture = make_mixture(cell, data, synbio, tokenizer)
    torch.manual_seed(cell.named_seed("model"))
    model = build_model(cell.architecture, len(tokenizer), cell.recipe.context, tokenizer.eos_token_id)
    loop = ReferenceLoop(reference_model(model), cell.recipe)
    for _ in range(cell.recipe.steps):
        loop.step(next(mixture))
    model.load_state_dict(loop.model.state_dict(), strict=False)
    reference = accuracies(recall_table(model, synbio, tokenizer))["accuracy"]
    web_loss = stream_loss(model, heldout_tokens(data.web, WEB_TOKENS), cell.recipe.context)
    return {
        "size": cell.size,
        "ratio": cell.ratio,
        "seed": cell.seed,
        "accuracy": done["accuracy"],
        "reference_accuracy": reference,
        "web_loss": done["web_loss"],
        "reference_web_loss": web_loss,
    }


def main() -> None:
    """Train the cells again, print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--results", type=Path, default=Path("results/laptop"), help="of a finished study")
    parser.add_argument("--experiment", default="transition")
    parser.add_argument("--dataset", default="synbio-50")
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
        table = pd.DataFrame(pool.map(partial(again, results=args.results, dataset=args.dataset), runs))
    write_csv(args.out, table)
    print(table.round(4).to_string(index=False))
    by_ratio = table.groupby("ratio")[["accuracy", "reference_accuracy"]].agg(["mean", "std"])
    print(f"\nover seeds\n{by_ratio.round(4).to_string()}")


if __name__ == "__main__":
    main()
