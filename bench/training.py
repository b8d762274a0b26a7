"""A training step of ours against what a user would pick: PYTHONPATH=. python bench/training.py --help.

For every size and number of threads, each contender trains the same model from the same first
weights on the same batches of the laptop's recipe, in a process of its own, in turns: our engine with its
data; a plain loop in eager PyTorch and ``transformers.Trainer`` in float32 and bfloat16, their
batches made beforehand. One table and one figure are written, ``training.csv`` and ``training.svg`` (``.png``):
tokens a second and their ratios, model FLOPs as a share of what this machine's matrix products
reach in the same run, peak memory, seconds from the start of the process to the first step, and the loss.
"""

import argparse
import json
import os
import resource
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

from phasemix.cell import Architecture, Cell, Curve, Recipe
from phasemix.files import write_csv, write_json

ARCHITECTURES = {
    **{
        name: Architecture(layers=2, width=width, heads=2, tied=True)
        for name, width in {"23k": 16, "39k": 24, "58k": 32, "106k": 48, "166k": 64, "236k": 80}.items()
    },
    "1M": Architecture(layers=4, width=128, heads=4, tied=True),
    "4M": Architecture(layers=5, width=256, heads=4, tied=True),
}
CONTENDERS = ("engine", "engine, eager", "eager loop", "Trainer, float32", "Trainer, bfloat16")
RECIPE = Recipe(tokens=1_400_000, batch_size=16, context=128, peak_learning_rate=8e-3)
RATIO, PEOPLE = 0.3, 50
MEASURED = ("tokens_per_second", "start_seconds", "peak_megabytes", "loss")
STEPS = 60  # of small sizes; large ones take fewer, at equal time
FEWEST_STEPS = 12
WARM_STEPS = 5  # not timed
PEAK_SIZE = 2048  # of square matrices


def steps_of(size: str) -> int:
    """How many steps are measured: 60 up to width 80, fewer beyond."""
    return max(FEWEST_STEPS, min(STEPS, round(STEPS * (80 / ARCHITECTURES[size].width) ** 2)))


def cell_of(size: str) -> Cell:
    """The specification of what all contenders train."""
    return Cell(
        size=size,
        architecture=ARCHITECTURES[size],
        ratio=RATIO,
        seed=0,
        root_seed=0,
        heldout_templates=0,
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


def contend(contender: str, size: str, threads: int, folder: Path) -> dict[str, Any]:
    """Train one contender in this process; what was measured."""
    from phasemix.corpora.synbio import SynBio
    from phasemix.corpora.tokenizer import load_tokenizer
    from phasemix.models import build_model
    from phasemix.runs import Data, make_mixture
    from phasemix.training import set_deterministic

    set_deterministic(threads)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    cell, steps = cell_of(size), steps_of(size) + WARM_STEPS
    data = Data(folder / "tokens", folder / "biographies", folder / "people.parquet", folder / "tokenizer")
    tokenizer = load_tokenizer(data.tokenizer)
    mixture = make_mixture(cell, data, SynBio(pd.read_parquet(data.people)), tokenizer)
    torch.manual_seed(0)
    model = build_model(cell.architecture, len(tokenizer), RECIPE.context, tokenizer.eos_token_id).to(device)
    if contender.startswith("Trainer"):
        ends, losses = trainer_steps(model, mixture, steps, contender.endswith("bfloat16"), folder)
    else:
        step = engine_step(model, mixture, folder, contender) if "engine" in contender else loop_step(model, mixture)
        ends, losses = [], []
        for _ in range(steps):
            losses.append(step())
            ends.append(time.time())
    durations = np.diff(ends)[WARM_STEPS - 1 :]
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if device.type == "cuda":
        used = torch.cuda.max_memory_allocated() / 2**20
    return {
        "parameters": sum(p.numel() for p in model.parameters()),
        "tokens_per_second": RECIPE.batch_tokens / float(np.median(durations)),
        "start_seconds": ends[0] - psutil.Process().create_time(),
        "peak_megabytes": used,
        "loss": float(np.mean(losses[-10:])),
    }


def engine_step(model: Any, mixture: Any, folder: Path, contender: str) -> Callable[[], float]:
    """Our step, data included."""
    from phasemix.devices import Devices
    from phasemix.engine import resolve_precision
    from phasemix.training import Run

    precision = resolve_precision(RECIPE.precision, model.device)
    compiled = None if "eager" in contender else folder / "compiled"
    run = Run(model, mixture, RECIPE, precision=precision, compiled=compiled, devices=Devices(model.device))

    def step() -> float:
        run.step()
        return run.progress.losses[-1]

    return step


def loop_step(model: Any, mixture: Any) -> Callable[[], float]:
    """The plain loop's step, on batches made beforehand."""
    from bench.reference import ReferenceLoop, reference_model

    loop = ReferenceLoop(reference_model(model).to(model.device), RECIPE)
    batches = iter([next(mixture) for _ in range(STEPS + WARM_STEPS)])
    return lambda: loop.step(next(batches))


def trainer_steps(
    model: Any, mixture: Any, steps: int, bfloat16: bool, folder: Path
) -> tuple[list[float], list[float]]:
    """When each step of ``transformers.Trainer`` ended, and its losses, on rows made beforehand."""
    from transformers import Trainer, TrainerCallback, TrainingArguments

    from bench.reference import reference_model

    inputs = np.concatenate([next(mixture)[0] for _ in range(steps)])
    rows = [{"input_ids": row, "labels": row} for row in torch.from_numpy(inputs)]
    ends: list[float] = []

    class Clock(TrainerCallback):  # type: ignore[misc]  # transformers is not typed
        def on_step_end(self, *_: Any, **__: Any) -> None:
            ends.append(time.time())

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
    return ends, [row["loss"] for row in trainer.state.log_history if "loss" in row]


def in_a_process(contender: str, size: str, threads: int, folder: Path) -> dict[str, Any]:
    """:func:`contend` in a process of its own."""
    command = [sys.executable, __file__, "--contend", json.dumps([contender, size, threads, str(folder)])]
    environment = os.environ | {"OMP_NUM_THREADS": str(threads), "RAYON_NUM_THREADS": str(threads)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"error: {contender}, {size}, {threads} threads: {done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def measure(sizes: list[str], threads: list[int], rounds: int, folder: Path) -> Iterator[dict[str, Any]]:
    """A row a contender, size and number of threads: the medians of ``rounds`` turns."""
    for count, size in product(threads, sizes):
        in_a_process("engine", size, count, folder)  # compiles
        turns = [
            {"size": size, "threads": count, "contender": contender, **in_a_process(contender, size, count, folder)}
            for _ in range(rounds)
            for contender in CONTENDERS
        ]
        for contender in CONTENDERS:
            found = pd.DataFrame([turn for turn in turns if turn["contender"] == contender])
            medians = {name: float(found[name].median()) for name in MEASURED}
            yield turns[0] | {"contender": contender} | medians


def finish(rows: list[dict[str, Any]], peaks: dict[str, dict[str, float]]) -> pd.DataFrame:
    """The table: rows with ratios and shares of the peaks."""
    from phasemix.flops import training_flops

    table = pd.DataFrame(rows)
    ours = table[table["contender"] == "engine"].set_index(["size", "threads"])["tokens_per_second"]
    keys = pd.MultiIndex.from_frame(table[["size", "threads"]])
    table["engine_is_faster"] = ours.reindex(keys).to_numpy() / table["tokens_per_second"]
    flops = table["size"].map(lambda size: training_flops(ARCHITECTURES[size], 1024, RECIPE.context))
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
    parser.add_argument("--rounds", type=int, default=3, help="turns that every contender has")
    parser.add_argument("--out", type=Path, default=Path("results/bench"))
    parser.add_argument("--contend", type=json.loads, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.contend:
        contender, size, threads, folder = args.contend
        print(json.dumps(contend(contender, size, threads, Path(folder))))
        return
    from bench.corpora import write_corpora

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
        for row in measure(args.sizes, args.threads, args.rounds, Path(name)):
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
