"""The evaluation of a finished run: recall of every fact asked, and validation losses.

Format of an evaluation's folder:

- ``recall.parquet``: a row a question, columns of :func:`phasemix.evaluation.recall_accuracy.recall_table`; empty for
  a diverged run;
- ``summary.json``: one row of the study's table, columns of :data:`COLUMNS`, and how long
  evaluating took: ``curve_seconds`` on the way (part of ``seconds``), ``evaluation_seconds`` here.
"""

import math
import time
from pathlib import Path

import pandas as pd
import torch

from phasemix.base.files import read_json, write_json, write_parquet
from phasemix.corpora.tokenizer import load_tokenizer
from phasemix.corpora.tokens import heldout_tokens
from phasemix.evaluation.recall_accuracy import recall_table
from phasemix.evaluation.validation_loss import stream_loss, validation_biographies
from phasemix.model.gpt_neox import load_model
from phasemix.study.examination import Examination, Templates
from phasemix.tasks.synbio.people import ATTRIBUTES, SynBio

COLUMNS = (
    "size",
    "parameters",
    "ratio",
    "seed",
    "tokens",
    "exposures",
    "accuracy",
    *(f"accuracy_{attribute}" for attribute in ATTRIBUTES),
    "bio_loss",
    "web_loss",
    "diverged",
    "seconds",
)


def counted(recall: pd.DataFrame, templates: Templates) -> pd.DataFrame:
    """The questions of a recall table that count as accuracy."""
    return recall if templates == "all" else recall[recall["shown"] == (templates == "shown")]


def accuracies(recall: pd.DataFrame) -> dict[str, float]:
    """Mean over people and templates: ``accuracy`` and ``accuracy_<attribute>``, as fractions."""
    by_attribute = recall.groupby("attribute")["correct"].mean()
    return {"accuracy": float(recall["correct"].mean())} | {
        f"accuracy_{attribute}": float(by_attribute[attribute]) for attribute in ATTRIBUTES
    }


def evaluate_run(
    examination: Examination, *, run: Path, web: Path, people: Path, evaluation: Path, threads: int = 1
) -> None:
    """Evaluate the run in folder ``run`` and write the folder ``evaluation`` (format above).

    Raises:
        PhasemixError: the held-out web text is shorter than asked for.
    """
    began = time.monotonic()
    torch.set_num_threads(threads)
    manifest = read_json(run / "manifest.json")
    cell = manifest["cell"]
    diverged = manifest["diverged_at"] is not None
    found: dict[str, float | None] = dict.fromkeys(COLUMNS[COLUMNS.index("accuracy") : COLUMNS.index("diverged")])
    recall = pd.DataFrame(columns=["person", "attribute", "template", "shown", "correct"])
    if not diverged:
        model = load_model(run / "model")
        model.to("cuda" if torch.cuda.is_available() else "cpu")
        tokenizer = load_tokenizer(run / "model")
        synbio = SynBio(pd.read_parquet(people), examination.heldout_templates)
        context = cell["recipe"]["context"]
        recall = recall_table(model, synbio, tokenizer, examination.people)
        biographies = validation_biographies(synbio, tokenizer, examination.bio_tokens)
        found |= accuracies(counted(recall, examination.templates))
        found["bio_loss"] = stream_loss(model, biographies, context)
        found["web_loss"] = stream_loss(model, heldout_tokens(web, examination.web_tokens), context)
        diverged = not all(math.isfinite(value) for value in found.values() if value is not None)
    if diverged:
        found = dict.fromkeys(found)
        recall = recall.iloc[:0]
    summary = {
        **{key: cell[key] for key in ("size", "ratio", "seed")},
        **{key: manifest[key] for key in ("parameters", "tokens", "exposures", "seconds")},
        **found,
        "diverged": diverged,
    }
    evaluation.mkdir(parents=True, exist_ok=True)
    write_parquet(evaluation / "recall.parquet", recall)
    row = {column: summary[column] for column in COLUMNS}
    row["curve_seconds"] = manifest["evaluation_seconds"]
    row["evaluation_seconds"] = round(time.monotonic() - began, 2)
    write_json(evaluation / "summary.json", row)
