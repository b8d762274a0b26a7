"""What a study of continual training measured, as numbers that claims are tested by; no verdicts.

``findings.json`` holds ``dense``, the source of facts, ``rise``, at which rise of the web loss training stops, and
``means``, the rows of this table (:mod:`phasemix.experiments.continual.tables`). What is missing is null.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from phasemix.base.json_rows import json_rows
from phasemix.experiments.continual.tables import Tables


def measure(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """The findings above, from the tables in ``folder``."""
    tables = Tables.read(folder, options)
    return {"dense": options["dense"], "rise": tables.rise, "means": json_rows(tables.means)}
