"""What steers a run, from its specification: the controller, and the text and models that it measures with."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from phasemix.base.errors import PhasemixError, one_line
from phasemix.base.files import read_json, sha256
from phasemix.controllers.controller import Controller, Graph, make_controller
from phasemix.corpora.segments import Segments
from phasemix.evaluation.measured import HeldOut
from phasemix.model.gpt_neox import load_model
from phasemix.study.cell import Cell
from phasemix.study.mixture import Steering
from phasemix.tasks.task import Task


@dataclass(frozen=True)
class Steered:
    """What steers a run's mixture: a controller, asked every ``segments`` segments, and the text it measures on."""

    controller: Controller
    segments: int
    heldout: HeldOut


def steered(cell: Cell, tasks: Mapping[str, Task], device: torch.device) -> Steered | None:
    """What steers a cell that is trained on ``device``, if anything does.

    Raises:
        PhasemixError: the reference or the graph is not there, or does not fit.
    """
    steering = cell.mixture.steering
    if steering is None:
        return None
    segments = max(1, math.ceil(steering.every_tokens / Segments(cell.recipe.batch_tokens).tokens))
    tokens = steering.loss_tokens or cell.curve.loss_tokens
    texts = {name: task.heldout(tokens) for name, task in tasks.items()}
    reference = load_model(_reference(steering)).to(device) if steering.reference else None
    controller = make_controller(steering.controller, steering.options, _graph(steering, list(tasks)))
    return Steered(controller, segments, HeldOut(texts, cell.recipe.context, reference))


def steering_checksums(steering: Steering | None) -> dict[str, str]:
    """The SHA-256 of what a controller reads, by what it is; its proportions depend on nothing else.

    Raises:
        PhasemixError: a file is not there.
    """
    found: dict[str, str] = {}
    if steering and steering.reference:
        found["reference"] = sha256(_reference(steering) / "model.safetensors")
    if steering and steering.graph:
        try:
            found["graph"] = sha256(steering.graph)
        except OSError as error:
            raise PhasemixError(f"{steering.graph}: cannot be read ({one_line(error)})") from error
    return found


def _reference(steering: Steering) -> Path:
    """The folder of the reference model."""
    folder = Path(str(steering.reference)) / "model"
    if not (folder / "model.safetensors").is_file():
        raise PhasemixError(f"steering.reference: {folder} holds no model; train that run first")
    return folder


def _graph(steering: Steering, sources: list[str]) -> Graph | None:
    if steering.graph is None:
        return None
    found: Any = read_json(steering.graph)
    fits = isinstance(found, dict) and found.keys() == set(sources)
    if not fits or any(not isinstance(row, dict) or row.keys() != set(sources) for row in found.values()):
        raise PhasemixError(f"{steering.graph}: must hold a number for every two of {', '.join(sources)}")
    return {source: {other: float(much) for other, much in row.items()} for source, row in found.items()}
