"""Compile the training step of a size before its cells start: python scripts/compile.py --help."""

import argparse
from pathlib import Path

import torch

from phasemix.base.errors import run
from phasemix.base.files import write_json
from phasemix.model.gpt_neox import Dimensions, GPTNeoX
from phasemix.planning.steps import Step
from phasemix.training.engine import gradients, package_path, resolve_precision
from phasemix.training.loop import set_up


def main() -> None:
    """Compile the step, unless it is there; where it cannot be, cells run eagerly, and this job says so."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--step", type=Step.model_validate_json, required=True, help="JSON specification")
    parser.add_argument("--compiled", type=Path, required=True, help="folder of compiled training steps")
    parser.add_argument(
        "--processes", type=int, default=1, help="that train a cell; 0: nothing is compiled, as on GPUs"
    )
    parser.add_argument("--threads", type=int, default=1, help="those of the cells")
    parser.add_argument("--out", type=Path, required=True, help="JSON to write: which package it is")
    args = parser.parse_args()
    if not args.processes:
        write_json(args.out, {"package": None})
        return
    set_up(args.threads)
    step: Step = args.step
    rows = step.rows(args.processes)
    model = GPTNeoX(Dimensions.of(step.architecture, step.vocabulary, step.context))
    precision = resolve_precision(step.precision, torch.device("cpu"))
    gradients(model, rows, precision, args.compiled)
    path = package_path(model, rows, precision, args.compiled)
    write_json(args.out, {"package": path.name if path.exists() else None})


if __name__ == "__main__":
    run(main)
