"""What a study of domains found, as numbers that claims are tested by; no verdicts.

``findings.json`` holds ``domains``, their names; ``mixtures``, proportions in the order of the domains by mixture;
``entropies``, by domain, with the standard error of the von Neumann entropy; ``chain_rule``, how far the joint
mixture lies at most from the normalised product of the Shannon and the conditional one; and ``published``, paper B's
proportions of SlimPajama's domains by mixture (B-Table 5), to be read beside ours.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from phasemix.base.json_rows import json_rows
from phasemix.experiments.domains.published import DOMAINS, SLIMPAJAMA
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
        "published": {name: dict(zip(DOMAINS, mixture, strict=True)) for name, mixture in SLIMPAJAMA.items()},
    }
