"""What a model says to many prompts, kept batch by batch, so that a killed job goes on where it was.

Format of the folder of an unfinished job: ``identity.json``, all that decides what is said by name, and
``part-N.json``, a list of what was said to batch N. Each appears complete or not at all. A folder of another identity
is thrown away, and a warning names the difference.
"""

import json
import shutil
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from phasemix.base.errors import warn
from phasemix.base.files import read_json, sha256_of, write_json
from phasemix.base.provenance import provenance
from phasemix.base.sources import code_of
from phasemix.popularity.popqa.greedy_model import GreedyModel, precision
from phasemix.training.checkpoints import Identity, differences, flat

IDENTITY = "identity.json"


def said_to(
    prompts: Sequence[str],
    model: Path,
    *,
    key: str,
    max_new_tokens: int,
    batch_size: int,
    checkpoints: Path,
    as_turns: bool = False,
) -> list[str]:
    """The first line that a model says to each prompt; what is in ``checkpoints`` is not asked again.

    That folder is left; who has written the lines elsewhere removes it.

    Args:
        prompts: all that the model is given.
        model: its file (:mod:`phasemix.popularity.popqa.model_file`).
        key: the key of the configuration that names it, for messages.
        max_new_tokens: that a line may have.
        batch_size: prompts at a time.
        checkpoints: the folder of this job.
        as_turns: whether prompts are a user's turns in a chat, where the model has a template for that.

    Raises:
        PhasemixError: the model cannot be loaded, or its memory or context is too small.
    """
    about = read_json(model)
    how = {"max_new_tokens": max_new_tokens, "batch_size": batch_size, "as_turns": as_turns, "precision": precision()}
    asked = {"prompts": sha256_of(json.dumps(list(prompts)).encode())}
    _begin(checkpoints, flat({"model": about, **how, **asked, "code": code_of(GreedyModel.__module__)}))

    @cache
    def loaded() -> GreedyModel:
        return GreedyModel(about["name"], key=key, revision=about["commit"])

    found: list[str] = []
    for number, start in enumerate(range(0, len(prompts), batch_size)):
        batch = prompts[start : start + batch_size]
        path = checkpoints / f"part-{number:06d}.json"
        lines = _read(path, len(batch))
        if lines is None:
            lines = loaded().lines(batch, max_new_tokens, as_turns=as_turns)
            write_json(path, lines)
        found += lines
        print(f"{len(found):,} of {len(prompts):,}", flush=True)
    return found


def write_manifest(out: Path, model: Path, how: Mapping[str, Any]) -> None:
    """Write which ``model`` answered, as its file has it, ``how``, in which ``precision``, and ``provenance``."""
    about = {"model": read_json(model), "how": dict(how), "precision": precision()}
    write_json(out, {**about, "provenance": provenance()})


def _begin(folder: Path, identity: Identity) -> None:
    """Make the folder, or find it as this very job has left it."""
    if folder.exists():
        try:
            saved = dict(read_json(folder / IDENTITY))
        except (OSError, ValueError, TypeError):
            saved = {}
        if saved != identity:
            warn(f"{folder}: of another configuration, not used ({differences(saved, identity)})")
            shutil.rmtree(folder)
    write_json(folder / IDENTITY, identity)


def _read(path: Path, count: int) -> list[str] | None:
    """What was said to a batch of so many prompts; None if that is not there, or damaged."""
    try:
        lines = read_json(path)
    except FileNotFoundError:
        return None
    except ValueError:
        lines = None
    if isinstance(lines, list) and len(lines) == count:
        return lines
    warn(f"{path}: damaged, asked again")
    return None
