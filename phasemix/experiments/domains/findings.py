"""What a study of domains found, as numbers that claims are tested by; no verdicts.

``findings.json`` holds ``domains``, their names; ``mixtures``, proportions in the order of the domains by mixture;
``entropies``, by domain, with the standard error of the von Neumann entropy; and ``chain_rule``, how far the joint
mixture lies at most from the normalised product of the Shannon and the conditional one.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from phasemix.base.json_rows import json_rows
from phasemix.experiments.domains.tables import Tables, chain_rule_error


def measure(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """The findings above, from the tables in ``folder``."""
    tables = Tables.read(folder, options)
    mixtures = {str(name): column.tolist() for name, column in tables.by_mixture().items()}
    return {
        "domains": tables.domains["domain"].tolist(),
        "mixtures": mixtures,
        "entropies": json_rows(tables.entropies),
        "chain_rule": chain_rule_error(mixtures),
    }
