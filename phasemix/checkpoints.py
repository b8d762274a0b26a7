"""Checkpoints of an unfinished run: everything that it needs to go on to the same weights.

A checkpoint is a file ``step-N.pt`` in the cell's own folder, written under another name and
renamed, stamped with the hash of the cell it belongs to. The newest two are kept.
"""

import sys
from pathlib import Path
from typing import Any

import torch

from phasemix.files import atomic

KEPT = 2


def save_checkpoint(folder: Path, cell_hash: str, step: int, state: dict[str, Any]) -> None:
    """Save ``state`` as the checkpoint of ``step`` and drop all but the newest two."""
    with atomic(folder / f"step-{step:09d}.pt") as temporary:
        torch.save({"cell": cell_hash, "state": state}, temporary)
    for old in sorted(folder.glob("step-*.pt"))[:-KEPT]:
        old.unlink()


def load_checkpoint(folder: Path, cell_hash: str) -> dict[str, Any] | None:
    """The newest readable checkpoint of this very cell, or None; says what it passes over."""
    for path in sorted(folder.glob("step-*.pt"), reverse=True):
        try:
            saved = torch.load(path, map_location="cpu", weights_only=True)
        except Exception as error:  # a damaged file fails in many ways, and none of them may stop the run
            print(f"{path}: unreadable checkpoint passed over ({type(error).__name__})", file=sys.stderr)
            continue
        if saved["cell"] == cell_hash:
            return dict(saved["state"])
        print(f"{path}: checkpoint of another configuration passed over", file=sys.stderr)
    return None
