"""A training step of ours against what a user would pick: PYTHONPATH=. python bench/training.py --help.

For every size and number of threads, each contender trains the same model from the same first
weights on the same batches of the laptop's recipe, in a process of its own. All are held ready and take
turns, some steps each, so that a machine that is slower for a while is so for all. They are our engine with
its data; a plain loop in eager PyTorch and ``transformers.Trainer`` in float32 and bfloat16, their batches
made beforehand. One table and one figure are written, ``training.csv`` and ``training.svg`` (``.png``):
tokens a second and their ratios, model FLOPs as a share of what this machine's matrix products
reach in the same run, peak memory, seconds from the start of the process to the first step, and the loss.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
import psutil
import torch

from phasemix.base import cuda
from phasemix.base.files import write_csv, write_json
from phasemix.study.cell import Architecture, Cell, Curve, Recipe
from phasemix.study.mixture import mixed_at

ARCHITECTURES = {
    **{
        name: Architecture(layers=2, width=width, heads=2, tied=True)
        for name, width in {"23k": 16, "39k": 24, "58k": 32, "106k": 48, "166k": 64, "236k": 80}.items()
    },
    "1M": Architecture(layers=4, width=128, heads=4, tied=True),
    "4M": Architecture(layers=5, width=256, heads=4, tied=True),
}
CONTENDERS = (
    "engine", "engine, float32", "engine, eager", "eager loop", "Trainer, float32", "Trainer, bfloat16",
)  # fmt: skip
RECIPE = Recipe(tokens=1_400_000, batch_size=16, context=128, peak_learning_rate=8e-3)
RATIO, PEOPLE = 0.3, 50
WARM_STEPS = 5  # not timed
TURN_STEPS = 6  # up to width 80; fewer beyond
PEAK_SIZE = 2048  # of square matrices


def turn_steps(size: str) -> int:
    """How many steps a turn has."""
    return max(1, min(TURN_STEPS, round(TURN_STEPS * (80 / ARCHITECTURES[size].width) ** 2)))


class Turns:
    """A contender's side: it runs its warm-up steps, and then a turn whenever it is told to on stdin.

    After each turn it prints the seconds of its steps as a JSON list.
    """

    def __init__(self, steps: int) -> None:
        self._steps = steps
        self._seconds: list[float] = []
        self._warm = WARM_STEPS
        self.first_ended = 0.0
        self._began = time.perf_counter()

    def step_ended(self) -> None:
        """Count a step; at the end of a turn, report and wait for the next."""
        self._seconds.append(time.perf_counter() - self._began)
        if self._warm == WARM_STEPS:
            self.first_ended = time.time()
        self._warm -= 1
        if self._warm == 0 or (self._warm < 0 and len(self._seconds) == self._steps):
            print(json.dumps(self._seconds), flush=True)
            sys.stdin.readline()
            self._seconds = []
        self._began = time.perf_counter()


def cell_of(size: str) -> Cell:
    """The specification of what all contenders train."""
    return Cell(
        size=size,
        architecture=ARCHITECTURES[size],
        mixture=mixed_at(RATIO, "synbio", "web"),
        sources={  # as phasemix.training.small_corpora has them, which a contender's start-up must not load
            "synbio": {"task": "synbio", "groups": None, "subsampling": 1, "heldout_templates": 0},
            "web": {"task": "text", "repeat": False},
        },
        seed=0,
        root_seed=0,
        recipe=RECIPE,
        curve=Curve(),
    )


def peak_gflops(precision: torch.dtype, device: torch.device) -> float:
    """What square matrix products reach, in 10⁹ operations a second, best of some."""
    a, b = torch.randn((2, PEAK_SIZE, PEAK_SIZE), device=device).to(precision)
    best = float("inf")
    for _ in range(8):
        began = time.perf_counter()
        (a @ b).flatten()[0].item()
        best = min(best, time.perf_counter() - began)
    return 2 * PEAK_SIZE**3 / best / 1e9


def contend(contender: str, size: str, threads: int, turns: int, folder: Path) -> dict[str, Any]:
    """Train one contender in this process; what was measured beside the steps' times."""
    from phasemix.corpora.tokenizer import Tokenizer
    from phasemix.model.gpt_neox import Dimensions, build_model
    from phasemix.training.loop import set_up
    from phasemix.training.train_cell import Data, make_mixture

    if contender.startswith("engine"):
        set_up(threads)
    else:  # as a user runs it
        torch.set_num_threads(threads)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    cell, steps = cell_of(size), WARM_STEPS + turns * turn_steps(size)
    data = Data(folder / "corpora", folder / "tokens", folder / "tokenizer")
    tokenizer = Tokenizer(data.tokenizer)
    mixture = make_mixture(cell, data.open(cell))
    torch.manual_seed(0)
    model = build_model(Dimensions.of(cell.architecture, len(tokenizer), RECIPE.context)).to(device)
    clock = Turns(turn_steps(size))
    if contender.startswith("Trainer"):
        losses = trainer_steps(model, mixture, steps, contender.endswith("bfloat16"), clock, folder)
    else:
        ours = contender.startswith("engine")
        step = engine_step(model, mixture, folder, contender) if ours else loop_step(model, mixture, steps)
        losses = []
        for _ in range(steps):
            losses.append(step())
            clock.step_ended()
    return {
        "parameters": sum(p.numel() for p in model.parameters()),
        "start_seconds": clock.first_ended - psutil.Process().create_time(),
        "peak_megabytes": (cuda.peak_bytes(device) or 0) / 2**20,
        "loss": float(np.mean(losses[-10:])),
    }


def engine_step(model: Any, mixture: Any, folder: Path, contender: str) -> Callable[[], float]:
    """Our step, data included."""
    from phasemix.training.devices import Devices
    from phasemix.training.engine import resolve_precision
    from phasemix.training.loop import Run
    from phasemix.training.whole import Whole

    precision = torch.float32 if "float32" in contender else resolve_precision(RECIPE.precision, model.device)
    compiled = None if "eager" in contender else folder / "compiled"
    held = Whole(model, Devices(model.device))
    run = Run(held, mixture, RECIPE, precision=precision, compiled=compiled)

    def step() -> float:
        run.step()
        return run.progress.losses[-1]

    return step


def loop_step(model: Any, mixture: Any, steps: int) -> Callable[[], float]:
    """The plain loop's step, on batches made beforehand."""
    from bench.reference import ReferenceLoop, reference_model

    loop = ReferenceLoop(reference_model(model).to(model.device), RECIPE)
    batches = iter([next(mixture) for _ in range(steps)])
    return lambda: loop.step(next(batches))


def trainer_steps(  # noqa: PLR0917
    model: Any, mixture: Any, steps: int, bfloat16: bool, clock: Turns, folder: Path
) -> list[float]:
    """Train by ``transformers.Trainer`` on rows made beforehand; its losses."""
    from transformers import Trainer, TrainerCallback, TrainingArguments

    from bench.reference import reference_model

    inputs = np.concatenate([next(mixture)[0] for _ in range(steps)])
    rows = [{"input_ids": row, "labels": row} for row in torch.from_numpy(inputs)]

    class Clock(TrainerCallback):  # type: ignore[misc]  # transformers is not typed
        def on_step_end(self, *_: Any, **__: Any) -> None:
            clock.step_ended()

    arguments = TrainingArguments(
        output_dir=str(folder / "trainer"),
        per_device_train_batch_size=RECIPE.batch_size,
        max_steps=steps,
        learning_rate=RECIPE.peak_learning_rate,
        lr_scheduler_type="constant_with_warmup",
        warmup_steps=RECIPE.warmup_steps,
        weight_decay=RECIPE.weight_decay,
        adam_beta2=0.95,
        max_grad_norm=RECIPE.gradient_clip,
        optim="adamw_torch_fused",
        bf16=bfloat16,
        use_cpu=model.device.type == "cpu",
        train_sampling_strategy="sequential",
        logging_steps=1,
        report_to=[],
        save_strategy="no",
        disable_tqdm=True,
    )
    reference = reference_model(model).to(model.device)
    trainer = Trainer(reference, arguments, train_dataset=rows, callbacks=[Clock()])
    trainer.train()
    return [row["loss"] for row in trainer.state.log_history if "loss" in row]


class Contender:
    """A contender in a process of its own, warm and waiting for its turns."""

    def __init__(self, name: str, size: str, threads: int, turns: int, folder: Path) -> None:
        command = [sys.executable, __file__, "--contend", json.dumps([name, size, threads, turns, str(folder)])]
        environment = os.environ | {"OMP_NUM_THREADS": str(threads), "RAYON_NUM_THREADS": str(threads)}
        self._log = (folder / "log").open("w+", encoding="utf-8")
        self._process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, text=True
        )
        self.seconds: list[float] = []
        self._read()

    def turn(self) -> None:
        """Run one turn."""
        self._tell()
        self.seconds += self._read()

    def end(self) -> dict[str, Any]:
        """Let it finish; what it measured."""
        self._tell()
        found: dict[str, Any] = self._read()
        self._process.communicate()
        return found

    def _tell(self) -> None:
        assert self._process.stdin
        self._process.stdin.write("go\n")
        self._process.stdin.flush()

    def _read(self) -> Any:
        assert self._process.stdout
        for line in self._process.stdout:
            if line.startswith(("[", "{")) and not line.startswith("{'"):  # Trainer prints its own rows
                return json.loads(line)
        self._log.seek(0)
        sys.exit(f"error: a contender ended early: {self._log.read()[-2000:]}")


def measure(sizes: list[str], threads: list[int], turns: int, folder: Path) -> Iterator[dict[str, Any]]:
    """One row per contender, size and number of threads."""
    for count, size in product(threads, sizes):
        for compiling in ("engine", "engine, float32"):
            Contender(compiling, size, count, 0, folder).end()
        ready = {name: Contender(name, size, count, turns, folder) for name in CONTENDERS}
        for _ in range(turns):
            for contender in ready.values():
                contender.turn()
        for name, contender in ready.items():
            speed = RECIPE.batch_tokens / float(np.median(contender.seconds))
            row = {"size": size, "threads": count, "contender": name, "tokens_per_second": speed}
            yield row | contender.end()


def finish(rows: list[dict[str, Any]], peaks: dict[str, dict[str, float]]) -> pd.DataFrame:
    """The table: rows with ratios and shares of the peaks."""
    from phasemix.model.flops_per_token import training_flops_per_token

    table = pd.DataFrame(rows)
    ours = table[table["contender"] == "engine"].set_index(["size", "threads"])["tokens_per_second"]
    keys = pd.MultiIndex.from_frame(table[["size", "threads"]])
    table["engine_is_faster"] = ours.reindex(keys).to_numpy() / table["tokens_per_second"]
    flops = table["size"].map(lambda size: training_flops_per_token(ARCHITECTURES[size], 1024, RECIPE.context))
    for precision in ("float32", "bfloat16"):
        peak = table["threads"].map(lambda count, p=precision: peaks[str(count)][p])
        table[f"share_of_{precision}_peak"] = flops * table["tokens_per_second"] / (1e9 * peak)
    return table


def draw(table: pd.DataFrame, path: Path) -> None:
    """Tokens a second of every contender, by size, a panel for each number of threads."""
    import seaborn as sns

    sns.set_theme(style="whitegrid")
    order = [size for size in ARCHITECTURES if size in set(table["size"])]
    grid = sns.catplot(
        table, x="size", y="tokens_per_second", hue="contender", col="threads", kind="bar", order=order, height=4,
        aspect=1.4, palette="colorblind",
    )  # fmt: skip
    grid.set(yscale="log", xlabel="parameters", ylabel="tokens per second")
    for suffix in (".svg", ".png"):
        grid.savefig(path.with_suffix(suffix), dpi=150)


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", choices=ARCHITECTURES, default=list(ARCHITECTURES))
    parser.add_argument("--threads", nargs="+", type=int, default=sorted({1, os.cpu_count() or 1}))
    parser.add_argument("--turns", type=int, default=8, help="turns that every contender has")
    parser.add_argument("--out", type=Path, default=Path("results/bench"))
    parser.add_argument("--contend", type=json.loads, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.contend:
        contender, size, threads, turns, folder = args.contend
        print(json.dumps(contend(contender, size, threads, turns, Path(folder))))
        return
    from phasemix.training.small_corpora import write_corpora

    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    peaks = {}
    for count in args.threads:
        torch.set_num_threads(count)
        kinds = {"float32": torch.float32, "bfloat16": torch.bfloat16}
        peaks[str(count)] = {name: peak_gflops(precision, device) for name, precision in kinds.items()}
    print(f"matrix products reach, in GFLOP/s by threads: {peaks}", flush=True)
    rows = []
    with TemporaryDirectory() as name:
        write_corpora(Path(name), PEOPLE)
        for row in measure(args.sizes, args.threads, args.turns, Path(name)):
            rows.append(row)
            speed, start = f"{row['tokens_per_second']:9,.0f} tokens/s", f"start {row['start_seconds']:4.1f} s"
            cost = f"{row['peak_megabytes']:5,.0f} MB, loss {row['loss']:.3f}"
            print(f"{row['size']:>5} × {row['threads']} {row['contender']:<18} {speed}, {start}, {cost}", flush=True)
    table = finish(rows, peaks)
    write_csv(args.out / "training.csv", table)
    write_json(args.out / "peaks.json", peaks)
    draw(table, args.out / "training")
    wide = table.pivot_table(index=["threads", "size"], columns="contender", values="engine_is_faster", sort=False)
    print(f"\ntimes as fast as\n{wide.round(2).to_string()}")
    own = table[table["contender"] == "engine"].set_index(["threads", "size"])
    print(f"\nmodel FLOPs of the engine\n{own.filter(like='share').round(2).to_string()}")


if __name__ == "__main__":
    main()
