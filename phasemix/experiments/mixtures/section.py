"""What the section of a study of mixtures says."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd


def values(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG001 (the face of sections)
    """What ``section.html`` needs: by size and mixture, proportions read and mean losses over seeds."""
    cells = pd.read_csv(folder / "cells.csv")
    sources = [name.removeprefix("loss.") for name in map(str, cells) if name.startswith("loss.")]
    left = cells[~cells["diverged"]]
    numbers = [*(f"mix.{source}" for source in sources), *(f"loss.{source}" for source in sources)]
    means = left.groupby(["parameters", "size", "mixture", "tokens"], sort=False)[numbers].mean().reset_index()
    proportions, losses = means[numbers[: len(sources)]].to_numpy(float), means[numbers[len(sources) :]].to_numpy(float)
    named = means[["size", "mixture", "tokens"]].to_numpy()
    heads = [[size, mixture, f"{tokens:,}"] for size, mixture, tokens in named]
    return {
        "sources": sources,
        "diverged": int(cells["diverged"].sum()),
        "proportions": [head + [f"{value:.3f}" for value in row] for head, row in zip(heads, proportions, strict=True)],
        "losses": [
            head + [f"{value:.3f}" for value in row] + [f"{row.mean():.3f}"]
            for head, row in zip(heads, losses, strict=True)
        ],
    }
