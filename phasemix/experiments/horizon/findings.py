"""What a study of horizons measured, as numbers that claims are tested by; no verdicts.

``findings.json`` holds ``accuracies``: of every size at every ratio and horizon: ``size``, ``parameters``, ``ratio``,
``tokens`` (trained on), ``seeds`` (how many did not diverge), ``accuracy``, their mean, and the ``lowest`` and
``highest`` of them. Cells of which every seed diverged are left out.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from phasemix.experiments.horizon.tables import Tables


def measure(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """The findings above, from the table in ``folder``."""
    accuracies = Tables.read(folder, options).accuracies
    return {"accuracies": accuracies.dropna(subset="accuracy").to_dict("records")}
