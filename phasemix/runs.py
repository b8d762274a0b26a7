"""One cell of a grid, from its specification to the files of its finished run."""

import shutil
import time
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from transformers import GPTNeoXForCausalLM, PreTrainedTokenizerFast

from phasemix.cell import Cell
from phasemix.corpora.mixture import Mixture
from phasemix.corpora.synbio import SynBio
from phasemix.corpora.tokenizer import load_tokenizer
from phasemix.corpora.tokens import WebTokens, heldout_tokens
from phasemix.files import atomic, read_json, sha256, write_csv, write_json
from phasemix.losses import stream_loss, validation_biographies
from phasemix.models import build_model
from phasemix.provenance import provenance
from phasemix.recall import answers_correct, make_questions, sample_people
from phasemix.seeds import generator
from phasemix.training import CHECKPOINT_SECONDS, metrics_frame, set_deterministic, train


def run_cell(
    cell: Cell,
    *,
    web: Path,
    people: Path,
    tokenizer: Path,
    run: Path,
    checkpoints: Path,
    threads: int = 1,
    checkpoint_seconds: float = CHECKPOINT_SECONDS,
) -> None:
    """Train a cell and write its run folder (format in :mod:`phasemix.training`).

    Args:
        cell: what to train.
        web: folder of tokenised web text.
        people: Parquet table of people.
        tokenizer: folder of the tokenizer.
        run: the folder to write.
        checkpoints: the folder in which an unfinished run keeps its state; removed at the end.
        threads: CPU threads.
        checkpoint_seconds: least time between checkpoints.

    Raises:
        PhasemixError: the web text does not suffice.
    """
    set_deterministic(threads)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    data = {"web": read_json(web / "checksums.json")["files"], "people": sha256(people)}
    data["tokenizer"] = sha256(tokenizer / "tokenizer.json")
    spoken = load_tokenizer(tokenizer)
    synbio = SynBio(pd.read_parquet(people), cell.heldout_templates)
    mixture = Mixture(
        WebTokens(web, generator(cell.named_seed("web order"))),
        synbio,
        spoken,
        ratio=cell.ratio,
        batches=cell.recipe.steps,
        batch_size=cell.recipe.batch_size,
        context=cell.recipe.context,
        seed=cell.named_seed("mixture"),
    )
    torch.manual_seed(cell.named_seed("model"))
    model = build_model(cell.architecture, len(spoken), cell.recipe.context).to(device)
    clock = EvaluationClock(cell, synbio, spoken, web)
    result = train(
        model,
        mixture,
        cell.recipe,
        clock,
        checkpoints=checkpoints,
        cell_hash=cell.hash(*map(str, data.values())),
        checkpoint_seconds=checkpoint_seconds,
    )
    run.mkdir(parents=True, exist_ok=True)
    with atomic(run / "model") as temporary:
        model.save_pretrained(temporary)
        spoken.save_pretrained(temporary)
    write_csv(run / "metrics.csv", metrics_frame(result["metrics"]))
    steps_done = result["metrics"][-1]["step"]
    manifest = {
        "cell": cell.model_dump(mode="json"),
        "cell_hash": cell.hash(*map(str, data.values())),
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "tokens": steps_done * cell.recipe.batch_tokens,
        "exposures": result["showings"] / len(synbio),
        "diverged_at": result["diverged_at"],
        "resumed_from": result["resumed_from"],
        "seconds": round(result["seconds"], 2),
        "evaluation_seconds": round(clock.seconds, 2),
        "weights_sha256": sha256(run / "model" / "model.safetensors"),
        "data": data,
        **provenance(),
    }
    write_json(run / "manifest.json", manifest)
    shutil.rmtree(checkpoints, ignore_errors=True)


class EvaluationClock:
    """The evaluation points of a run: losses and recall on a sample, and the seconds they took."""

    def __init__(self, cell: Cell, synbio: SynBio, tokenizer: PreTrainedTokenizerFast, web: Path) -> None:
        self._context = cell.recipe.context
        self._web = np.array(heldout_tokens(web)[: cell.curve.tokens + 1])
        self._biographies = validation_biographies(synbio, tokenizer, cell.curve.tokens)
        self._questions = make_questions(synbio.facts(sample_people(len(synbio), cell.curve.people)), tokenizer)
        self.seconds = 0.0

    def __call__(self, model: GPTNeoXForCausalLM) -> dict[str, float]:
        """``web_loss``, ``bio_loss`` and ``accuracy`` of the model as it stands."""
        began = time.monotonic()
        found = {
            "web_loss": stream_loss(model, self._web, self._context),
            "bio_loss": stream_loss(model, self._biographies, self._context),
            "accuracy": float(answers_correct(model, self._questions).mean()),
        }
        self.seconds += time.monotonic() - began
        return found
