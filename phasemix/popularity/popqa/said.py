"""What a model says to many prompts, kept batch by batch, so that a killed job goes on where it was.

Format of a folder of what a model said: the file that its user writes, and ``manifest.json``: ``model`` (what the
model's file says), ``max_new_tokens``, ``batch_size``, ``as_turns`` (whether prompts were put into a chat template),
``precision``, the SHA-256 of all ``prompts``, that of every file of the ``code``, and ``provenance``. Until all is
said, ``unfinished/N.json`` are the lines of batch N (:func:`phasemix.base.files.resumable`).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from phasemix.base.files import UNFINISHED, read_json, resumable, sha256_of, write_json
from phasemix.base.provenance import provenance
from phasemix.base.sources import code_of
from phasemix.popularity.popqa.greedy_model import GreedyModel, precision


@contextmanager
def said_to(
    prompts: Sequence[str],
    model: Path,
    out: Path,
    *,
    key: str,
    max_new_tokens: int,
    batch_size: int,
    as_turns: bool = False,
) -> Iterator[tuple[Path, list[str]]]:
    """Yield a folder that becomes ``out`` when the block succeeds, and the first line that a model says to each prompt.

    Args:
        prompts: all that the model is given.
        model: its file (:mod:`phasemix.popularity.popqa.model_file`).
        out: a folder.
        key: the key of the configuration that names the model, for messages.
        max_new_tokens: that a line may have.
        batch_size: prompts at a time.
        as_turns: whether prompts are a user's turns in a chat, where the model has a template for that.

    Raises:
        PhasemixError: the model cannot be loaded, or its memory or context is too small.
    """
    how = {"max_new_tokens": max_new_tokens, "batch_size": batch_size, "as_turns": as_turns, "precision": precision()}
    stamp = {"model": read_json(model), **how, "prompts": sha256_of(json.dumps(list(prompts)).encode())}
    stamp["code"] = code_of(GreedyModel.__module__)
    with resumable(out, stamp) as folder:
        yield folder, _lines(prompts, folder / UNFINISHED, stamp, key)
        write_json(folder / "manifest.json", {**stamp, "provenance": provenance()})


def _lines(prompts: Sequence[str], parts: Path, stamp: Mapping[str, Any], key: str) -> list[str]:
    """What the model says; what is among the parts is not asked again."""

    @cache
    def loaded() -> GreedyModel:
        return GreedyModel(stamp["model"]["name"], key=key, revision=stamp["model"]["commit"])

    found: list[str] = []
    for number, start in enumerate(range(0, len(prompts), stamp["batch_size"])):
        part = parts / f"{number}.json"
        if not part.exists():
            batch = prompts[start : start + stamp["batch_size"]]
            write_json(part, loaded().lines(batch, stamp["max_new_tokens"], as_turns=stamp["as_turns"]))
        found += read_json(part)
        print(f"{len(found):,} of {len(prompts):,}", flush=True)
    return found
