"""The price of a study before it runs.

Format of a plan: ``plan.csv``, one row per experiment and size (hours and FLOPs unrounded), and ``plan.json``, the
sums, the longest path, and wall times by number of devices. A language model of others that answers, or judges, is a
row as well, and its jobs count as cells.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from phasemix.base.errors import PhasemixError
from phasemix.base.files import checksums_of
from phasemix.planning.cost import ASSUMED, Costs, measured_speeds
from phasemix.planning.jobs import MODEL_STAGES, Job, JobKey, jobs, tails
from phasemix.planning.text_cost import TextCost
from phasemix.planning.timeline import Timed, longest_path, wall_seconds
from phasemix.study.checks import file_problems
from phasemix.study.config import Config


@dataclass(frozen=True)
class Plan:
    """What a study costs: one row per experiment and size, sums over all, bytes of disk by what for, text by source."""

    rows: list[dict[str, Any]]
    totals: dict[str, Any]
    disk: dict[str, float]
    text: dict[str, TextCost]


def make_plan(config: Config, results: Path) -> Plan:
    """Plan the study whose results are in folder ``results``; what is finished there tells the speed."""
    hardware = config.hardware
    costs, found = Costs(config, measured_speeds(config, results)), jobs(config)
    ranks = tails(found)
    timed = {
        key: Timed(costs.seconds(key, job), costs.devices(key), job.after, ranks[key]) for key, job in found.items()
    }
    finished = {key for key in found if is_finished(key, results)}
    left = {key: time for key, time in timed.items() if key not in finished}
    rows = _rows(costs, found, timed, finished)
    tokens = [checksums_of(results / "tokens" / tokenizer / source) for tokenizer, source in costs.tokenised]
    text = {} if all(path.exists() for path in tokens) else costs.text
    corpora = sum(one.seconds for one in text.values())
    disk = costs.disk(devices=max(hardware.counts))
    return Plan(rows, _totals(config, rows, left, found, corpora=corpora, disk=disk), disk, text)


def is_finished(key: JobKey, results: Path) -> bool:
    """Whether a job has left the file that it writes last."""
    cell = f"{key.experiment}/{key.cell.format()}"
    asked = f"asked/{key.experiment}/{key.cell.values.get('model')}"
    last = {
        "trunk": f"trunks/{cell}/manifest.json",
        "train": f"runs/{cell}/manifest.json",
        "evaluate": f"evaluations/{cell}/summary.json",
        "ask": f"downstream/{key.by}/{cell}.json",
        "answer": f"{asked}/answers/manifest.json",
        "judge": f"{asked}/verdicts/manifest.json",
    }
    return (results / last[key.stage]).exists()


def check_budget(config: Config, plan: Plan) -> None:
    """Make sure that a study costs no more than its budget.

    Raises:
        PhasemixError: it costs more; names the key.
    """
    budget, totals = config.hardware.budget, plan.totals
    for name, unit in (("device_hours", "device-hours"), ("money", "in money"), ("gigabytes", "GB of disk")):
        limit, cost = getattr(budget, name), totals[name]
        if limit is not None and cost is None:
            raise PhasemixError(f"hardware.budget.{name}: needs hardware.price, which is not given")
        if limit is not None and cost > limit:
            raise PhasemixError(
                f"hardware.budget.{name} = {limit:g}: this study comes to {cost:,.1f} {unit}; nothing was started."
                " Make its grid smaller, or raise the budget; `make plan` shows where it goes"
            )


def describe(config: Config, plan: Plan) -> str:
    """A plan as text for a terminal."""
    hardware, totals = config.hardware, plan.totals
    device = {"cpu": "core", "gpu": "GPU"}[hardware.device]
    head = ["experiment", "size", "cells", "done", "tokens", "FLOPs", f"{device}s per cell", f"tokens/s per {device}"]
    table: list[Sequence[str]] = [[*head, "speed", "GB per job", "longest job", f"{device}-hours"]]
    table += [
        (
            row["experiment"],
            row["size"],
            str(row["cells"]),
            str(row["done"]),
            _short(row["tokens"]),
            f"{row['flops']:.1e}",
            str(row["devices"]),
            _short(row["tokens_per_second"]),
            row["speed"],
            f"{row['memory_mb'] / 1000:.1f}",
            duration(row["job_hours"]),
            _hours(row["device_hours"]),
        )
        for row in plan.rows
    ]
    lines = [
        f"scale {config.scale}: {totals['cells']:,} cells, {totals['jobs']:,} jobs, {_short(totals['tokens'])} tokens",
        "",
        *columns(table),
        "",
        f"{device}-hours    {_hours(totals['device_hours'])} in all, {_hours(totals['left_device_hours'])} left",
    ]
    priced = {row["experiment"] for row in plan.rows}
    if untrained := [name for name in config.needed if name not in priced]:
        lines.append(f"no cells     {', '.join(untrained)}: need a core alone, and are not counted")
    if totals["money"] is not None:
        lines.append(f"price        {totals['money']:,.2f} in all, at {hardware.price:g} a {device}-hour")
    parts = ", ".join(f"{what} {_short(size)}B" for what, size in plan.disk.items() if size >= 1e6)
    lines.append(f"disk         {totals['gigabytes']:,.1f} GB: {parts}")
    if plan.text:
        lines += _text(config, plan.text)
    lines.append(
        f"longest path {duration(totals['longest_path_hours'])}, {duration(totals['corpora_hours'])} of it text"
    )
    limit = hardware.longest_job
    if limit is not None and (longest := max((row["job_hours"] for row in plan.rows), default=0.0)) > limit:
        lines.append(
            f"retries      at least {math.ceil(longest / limit) - 1}: jobs end after {limit:g} h and go on in the next"
        )
    largest = hardware.largest_memory
    if largest is not None and (at_the_limit := [row for row in plan.rows if row["memory_mb"] >= 1000 * largest]):
        sizes = ", ".join(dict.fromkeys(row["size"] for row in at_the_limit))
        lines.append(f"memory       {sizes}: as much as the largest job may have, {largest:g} GB; it may be too little")
    for count, hours in totals["wall_hours"].items():
        time = "a cell needs more" if hours is None else duration(hours)
        lines.append(f"{f'on {count} {device}s' if count != '1' else f'on 1 {device}':<12} {time}")
    if any(row["speed"] == ASSUMED for row in plan.rows):
        reached = f"a {device} reaches {hardware.utilisation:g} of {hardware.peak_teraflops:g} teraflops"
        lines.append(f"assumed      {reached}; nobody measured that, and times depend on it: plan again after a cell")
    lines += [f"to be given  {'.'.join(map(str, key))}: {problem}" for key, problem in file_problems(config)]
    return "\n".join(lines)


def _text(config: Config, text: Mapping[str, TextCost]) -> list[str]:
    """What the text costs in all, and the source that takes longest."""

    def told(names: Iterable[str]) -> str:
        sources = [config.source(name) for name in names]
        gathered, tokens = sum(one.corpus_bytes for one in sources), sum(one.least_tokens or 0 for one in sources)
        return f"{_short(gathered)}B gathered, {_short(tokens)} tokens made"

    longest = max(text, key=lambda name: text[name].seconds)
    times = [duration(seconds / 3600) for seconds in (text[longest].gathering, text[longest].tokenising)]
    shards = f" in {config.source(longest).shards} shards" if config.source(longest).shards > 1 else ""
    return [
        f"text         {told(text)}, on {config.hardware.text_cores} cores a job",
        f"  longest    {longest}{shards}: {told([longest])} in {' and '.join(times)}",
    ]


def columns(table: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a table for a terminal: the first column begins, all others end under their heads."""
    widths = [max(len(row[i]) for row in table) for i in range(len(table[0]))]
    return [
        "  ".join(
            cell.rjust(width) if i else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in table
    ]


def duration(hours: float) -> str:
    """A time for people: seconds, minutes, hours or days."""
    for unit, size in (("days", 24.0), ("h", 1.0), ("min", 1 / 60)):
        if hours >= 2 * size:
            return f"{hours / size:,.1f} {unit}"
    return f"{hours * 3600:.0f} s"


def _rows(
    costs: Costs,
    found: Mapping[JobKey, Job],
    timed: Mapping[JobKey, Timed],
    finished: set[JobKey],
) -> list[dict[str, Any]]:
    groups: dict[tuple[str, str], list[JobKey]] = {}
    for key in found:
        groups.setdefault((key.owner, key.cell.size), []).append(key)
    rows = []
    for (experiment, size), keys in groups.items():
        speed, flops = costs.speed(size), costs.flops_per_token(keys[0].experiment, size)
        cells = [key for key in keys if key.stage in {"evaluate", "ask", *MODEL_STAGES}]
        hours = {key: costs.device_hours(key, found[key]) for key in keys}
        rows.append(
            {
                "experiment": experiment,
                "size": size,
                "parameters": costs.parameters(size),
                "cells": len(cells),
                "done": sum(key in finished for key in cells),
                "tokens": sum(found[key].tokens for key in keys),
                "flops": float(sum(found[key].flops for key in keys)),
                "devices": max(map(costs.devices, keys)),
                "tokens_per_second": speed.flops_per_second / flops,
                "speed": speed.source,
                "memory_mb": max(costs.memory(key, 1) for key in keys),
                "job_hours": max(timed[key].seconds for key in keys) / 3600,
                "device_hours": sum(hours.values()),
                "left_device_hours": sum(hours[key] for key in keys if key not in finished),
            }
        )
    return rows


def _totals(
    config: Config,
    rows: Sequence[Mapping[str, Any]],
    left: Mapping[JobKey, Timed],
    found: Mapping[JobKey, Job],
    *,
    corpora: float,
    disk: Mapping[str, float],
) -> dict[str, Any]:
    hardware = config.hardware
    sums = {name: sum(row[name] for row in rows) for name in ("tokens", "flops")}
    device_hours = sum(row["device_hours"] for row in rows)
    walls = {devices: wall_seconds(left, devices) for devices in hardware.counts}
    return {
        "scale": config.scale,
        "device": hardware.device,
        "cells": sum(key.stage == "evaluate" for key in found),
        "jobs": len(found),
        **sums,
        "device_hours": device_hours,
        "left_device_hours": sum(row["left_device_hours"] for row in rows),
        "money": None if hardware.price is None else device_hours * hardware.price,
        "gigabytes": sum(disk.values()) / 1e9,
        "corpora_hours": corpora / 3600,
        "longest_path_hours": (corpora + longest_path(left)) / 3600,
        "wall_hours": {str(k): None if wall is None else (corpora + wall) / 3600 for k, wall in walls.items()},
    }


def _short(number: float) -> str:
    """A number with three digits and a letter for its thousands."""
    for letter, size in (("T", 1e12), ("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if number >= size:
            return f"{number / size:.3g}{letter}"
    return f"{number:.3g}"


def _hours(hours: float) -> str:
    return f"{hours:,.1f}" if hours >= 1 else f"{hours:.2g}"
