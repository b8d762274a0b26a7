"""The corpus of slopes: the problems that are held out (:mod:`phasemix.tasks.problems.corpus`)."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from phasemix.tasks.problems.corpus import sample_texts, write_heldout
from phasemix.tasks.slope.slopes import Slopes


def write(
    options: Mapping[str, Any],
    folder: Path,
    seed: int,
    threads: int,  # noqa: ARG001 (others need it)
    relatives: Sequence[Path],  # noqa: ARG001 (the same)
) -> dict[str, Any]:
    """Write what is held out into ``folder``; returns what its checksums say beside."""
    return write_heldout(Slopes(options["numbers"]), options["heldout"], folder, seed)


def sample(options: Mapping[str, Any], corpus: Path | None, megabytes: float, *seed: str | int) -> Iterator[str]:  # noqa: ARG001
    """About ``megabytes`` (10⁶ bytes) of problems."""
    return sample_texts(Slopes(options["numbers"]), megabytes, *seed)
