"""What the section of a study of domains says."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from phasemix.base.number_text import number_text
from phasemix.experiments.domains.mixtures import LABELS, MIXTURES, PROXIES
from phasemix.experiments.domains.published import DOMAINS, SLIMPAJAMA
from phasemix.experiments.domains.tables import Tables, chain_rule_error

DOREMI = "doremi"


def values(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """What ``section.html`` needs, from the tables in ``folder``."""
    tables = Tables.read(folder, options)
    mixtures = tables.by_mixture()
    own = {str(name): column.tolist() for name, column in mixtures.items()}
    return {
        "domains": domain_rows(tables.domains),
        "entropies": entropy_rows(tables.entropies),
        "bias": float(tables.entropies["bias"].abs().max()),
        "mixtures": [
            [name, *(f"{r:.4f}" for r in row)] for name, row in zip(mixtures.index, mixtures.to_numpy(), strict=True)
        ],
        "mixture_names": [LABELS[name] for name in MIXTURES],
        "published": published_rows(),
        "published_names": ["baseline", "DoReMi", *PROXIES.values()],
        "spread": {LABELS[name]: (min(own[name]), max(own[name])) for name in PROXIES},
        "chain_rule": (chain_rule_error(own), chain_rule_error(SLIMPAJAMA)),
        "most_shared": float(np.nanmax(tables.overlap["share"])),
    }


def domain_rows(domains: pd.DataFrame) -> list[list[str]]:
    """Name, megabytes, tokens, bytes per token, documents, duplicates left out, held-out tokens, proportion, hash."""
    return [
        [
            row["domain"],
            f"{row['bytes'] / 1e6:.1f}",
            f"{row['tokens'] / 1e6:.2f}",
            f"{row['bytes_per_token']:.2f}",
            f"{row['documents']:,}",
            _left_out(*(row[name] for name in ("near_duplicates", "near_duplicates_of_relatives", "documents_read"))),
            f"{row['repetitions']:,}",
            f"{row['heldout_tokens'] / 1e6:.2f}",
            f"{row['proportion']:.4f}",
            str(row["sha256"])[:8],
        ]
        for row in domains.to_dict("records")
    ]


def entropy_rows(entropies: pd.DataFrame) -> list[list[str]]:
    """Name, SE, JE, CE with its bias, VNE with its standard error, and how many samples that is of."""
    return [
        [
            row["domain"],
            *(f"{row[proxy]:.4f}" for proxy in ("shannon", "joint", "conditional")),
            number_text(row["conditional_bias"], ".4f"),
            f"{row['von-neumann']:.4f} ± {row['standard_error']:.4f}",
            f"{row['samples']:,}",
        ]
        for row in entropies.to_dict("records")
    ]


def published_rows() -> list[list[str]]:
    """B-Table 5: domain, and its proportion in every mixture."""
    columns = ("baseline", DOREMI, *PROXIES)
    return [[name, *(f"{SLIMPAJAMA[column][i]:.4f}" for column in columns)] for i, name in enumerate(DOMAINS)]


def _left_out(own: float, others: float, read: float) -> str:
    """Near-duplicates of the domain's own documents and of other domains', of all that were read."""
    return "–" if pd.isna(read) else f"{own:,.0f} + {others:,.0f} of {read:,.0f}"
