"""One cell of a grid, from its specification to the files of its finished run."""

import fcntl
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import torch
from transformers import GPTNeoXForCausalLM, PreTrainedTokenizerFast

from phasemix.cell import Cell
from phasemix.corpora.mixture import Mixture
from phasemix.corpora.synbio import SynBio
from phasemix.corpora.tokenizer import load_tokenizer
from phasemix.corpora.tokens import WebTokens, heldout_tokens
from phasemix.errors import PhasemixError
from phasemix.files import atomic, read_json, sha256, write_csv, write_json
from phasemix.losses import stream_loss, validation_biographies
from phasemix.models import build_model
from phasemix.provenance import provenance
from phasemix.recall import answers_correct, make_questions, sample_people
from phasemix.seeds import generator
from phasemix.sources import sources
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
        PhasemixError: the web text does not suffice, or another process trains this cell.
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
    model = build_model(cell.architecture, len(spoken), cell.recipe.context, spoken.eos_token_id).to(device)
    code = [sha256(path) for path in sources(__name__)]
    cell_hash = cell.hash(json.dumps(data), *code, torch.__version__)
    with only_one(checkpoints):
        result = train(
            model,
            mixture,
            cell.recipe,
            on_the_way(cell, synbio, spoken, web),
            checkpoints=checkpoints,
            cell_hash=cell_hash,
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
        "cell_hash": cell_hash,
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "tokens": steps_done * cell.recipe.batch_tokens,
        "exposures": result["showings"] / len(synbio),
        "diverged_at": result["diverged_at"],
        "resumed_from": result["resumed_from"],
        "seconds": round(result["seconds"], 2),
        "evaluation_seconds": round(result["evaluation_seconds"], 2),
        "weights_sha256": sha256(run / "model" / "model.safetensors"),
        "data": data,
        **provenance(),
    }
    write_json(run / "manifest.json", manifest)
    shutil.rmtree(checkpoints, ignore_errors=True)


def on_the_way(
    cell: Cell, synbio: SynBio, tokenizer: PreTrainedTokenizerFast, web: Path
) -> Callable[[GPTNeoXForCausalLM], dict[str, float]]:
    """What an evaluation point measures: ``web_loss``, ``bio_loss`` and ``accuracy`` on a sample."""
    context = cell.recipe.context
    text = heldout_tokens(web, cell.curve.tokens)
    biographies = validation_biographies(synbio, tokenizer, cell.curve.tokens)
    questions = make_questions(synbio.facts(sample_people(len(synbio), cell.curve.people)), tokenizer)

    def evaluate(model: GPTNeoXForCausalLM) -> dict[str, float]:
        return {
            "web_loss": stream_loss(model, text, context),
            "bio_loss": stream_loss(model, biographies, context),
            "accuracy": float(answers_correct(model, questions).mean()),
        }

    return evaluate


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold ``folder`` against any other process that trains the same cell, and make it if need be.

    Raises:
        PhasemixError: another process holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise PhasemixError(f"{folder}: another process is training this cell; wait for it, or stop it") from error
        yield
