"""The tables of a test of the popularity estimator, from the answers of models of another experiment.

They are those of :mod:`phasemix.experiments.by_popularity`. Its options are, beside those: ``measured`` as in the
configuration, and ``reads``, the folder of that experiment's tables.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from phasemix.experiments.by_popularity import Tables, write_inferred
from phasemix.experiments.cells_table import Cells
from phasemix.popularity.answers_table import read_answers

__all__ = ["Tables", "write"]


def write(cells: Cells, options: Mapping[str, Any], folder: Path) -> None:  # noqa: ARG001 (it has no cells)
    """Write the tables above into ``folder``."""
    write_inferred(read_answers(Path(options["reads"][options["measured"]]) / "answers.csv"), options, folder)
